"""Closed forms at the ends of their ranges: the right value, or one sentence, and no warning."""

import numpy as np
import pytest
from sentences import refusals

from collapse_lib import theory

LARGE = 2**53


@pytest.mark.parametrize("n", [2, 3, 7, 100, 569, 10**6])
def test_all_but_one_row_new(n):
    """The one old row is a copy of another with the chance 0 of meeting itself: F = 1/N."""
    assert theory.fresh_inbreeding_fixed_share(n, n - 1) == pytest.approx(1 / n, rel=1e-12)


@pytest.mark.parametrize("ddof", [0, 1])
def test_corrected_loops_of_many_rows_stay(ddof):
    assert theory.corrected_std_mean(3, LARGE, 0.0, ddof) == pytest.approx(1)
    assert theory.corrected_std_mean(np.inf, LARGE, 0.0, ddof) == 0.0  # without correction it ends
    assert theory.corrected_std_mean(np.inf, LARGE, 0.5, ddof) == pytest.approx(1)
    moments = theory.corrected_moments(4, LARGE, 0.0, ddof)
    assert np.allclose(moments.variance, 1) and np.allclose(moments.mean_drift, 0)


def test_a_point_within_a_ball_is_a_point():
    for std in (1e-200, 1e-130):
        path = theory.verified_normal([1, 2, 9], centre=0.0, radius=1.0, mean=0.5, std=std)
        assert np.allclose(path.mean, 0.5) and (path.variance[1:] <= 1e-250).all()
    outside = theory.verified_normal([2, 5], centre=0.0, radius=1.0, mean=3.0, std=1e-200)
    assert outside.mean.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(("n", "h", "std"), [(3, 1e6, 1e-3), (2, 1e9, 1e-9), (10**6, 1.0, 1e-8)])
def test_a_wide_kernel_on_narrow_rows(n, h, std):
    """The first fit knows of real rows only: (1 - 1/n) sigma0^2."""
    assert theory.kde_variance(1, n, h, std) == pytest.approx((1 - 1 / n) * std**2, rel=1e-12)
    second = (1 - 1 / n) * ((1 - 1 / n) * std**2 + h**2)
    assert theory.kde_variance(2, n, h, std) == pytest.approx(second, rel=1e-9)
    assert theory.kde_variance(1, 1, h, std) == 0.0


def test_before_any_fit_there_is_no_loss():
    assert theory.kl_accumulate(0, 100, 2) == 0.0
    assert theory.regression_risk_accumulate(0, 5, 100) == 0.0
    assert theory.kl_accumulate([0, 1], 100, 2) == pytest.approx([0.0, 0.01])


@pytest.mark.parametrize("delta", [1e-15, 1e-12, 1e-8, 1e-4])
def test_a_faint_mark_is_faint(delta):
    """To first order gamma + delta (E G - E G^2), and E G^2 = gamma^2 + gamma (1 - gamma) / V."""
    expected = 0.25 + delta * (0.25 - 0.0625 - 0.1875 / 4)
    found = theory.marked_green_share([1] * 4, 0.25, delta)
    assert found == pytest.approx(expected, abs=delta**2 + 1e-15)


def test_weights_near_the_largest_float():
    for factor in (1e308, 1.0, 1e-300):
        found = theory.tempered_fixed_point(np.full(4, factor), 0.9, 0.1)
        assert found == pytest.approx([0.25] * 4)


def test_what_grows_beyond_floats_is_infinite():
    for law in (theory.variance_mean, theory.std_mean, theory.mean_drift, theory.wasserstein_risk,
                theory.sample_variance):  # fmt: skip
        assert law(10**9, 100, 1, 10.0) == np.inf
        assert np.isfinite(law(10**9, 2, 0, 1.0))


test_what_is_out_of_reach_is_said = refusals(
    (
        lambda: theory.fresh_risk(1, 1),
        "fresh_risk: n_real and n_synthetic must be enough rows for the fitted variance to have a "
        "finite variance; take more real rows; got n_real = 1 with n_synthetic = 1 with "
        "sampling_bias = 1.",
    ),
    (
        lambda: theory.uncollapsed_probability(10**6, 0.5, 1000),
        "uncollapsed_probability.t must be at most 5000 for that many rows, since it takes a "
        "product with a matrix a generation; beyond, uncollapsed_bounds lie close together; got "
        "t = 1000000 with n_samples = 1000.",
    ),
    (
        lambda: theory.stratified_heterozygosity(5, 0.5, 10**5, 10**6),
        "stratified_heterozygosity.n_samples must be at most 10000; got 1000000.",
    ),
    (
        lambda: theory.green_list_power(0.5, 10**18),
        "green_list_power.n_scored must be at most 9.0072e+15; got 1e+18.",
    ),
)
