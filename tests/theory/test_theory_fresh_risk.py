"""What synthetic rows beside fresh ones are worth: loops on rows, the exact engine, limits."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory
from collapse_lib.exact import gaussian_chain
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import FreshReal
from collapse_lib.sources import GaussianSource
from collapse_lib.theory.normal.worth import _second_moments

seeds = pytest.mark.parametrize("seed", stat_seeds())
SETTLED = 40  # generations: 0.9^80 of the way is left


@seeds
@pytest.mark.parametrize("bias", [1.0, 0.5])
@pytest.mark.parametrize(("real", "synthetic"), [(100, 100), (100, 900), (5, 20)])
def test_the_fixed_point_is_where_loops_on_rows_settle(on_rows, real, synthetic, bias, seed):
    n = real + synthetic
    mean, variance = on_rows(
        Gaussian(ddof=1, sampling_bias=bias), GaussianSource(), FreshReal(real / n),
        "mean_", "variance_", n_runs=150, seed=seed, n_samples=n, n_generations=SETTLED,
    )  # fmt: skip
    # a run's value is its average over the generations from which 1/1000 of the way is left
    first = int(np.log(1e-3) / np.log(synthetic / n) / 2)
    found = np.stack([mean[:, first:] ** 2, variance[:, first:]], axis=2).mean(axis=1)
    fixed = theory.fresh_fixed_point(real, synthetic, bias)
    assert_agrees(found, [fixed.mean_drift, fixed.variance])
    assert_rejects(found, [1 / real, 1.0])  # control: the real rows alone
    other = theory.fresh_fixed_point(real, synthetic, 1.5 - bias)
    assert_rejects(found, [other.mean_drift, other.variance])


def settled(real, synthetic, bias, ddof, seed, n_replicates=20_000):
    n = real + synthetic
    paths = gaussian_chain(
        FreshReal(real / n), n_samples=n, n_generations=2 * SETTLED, n_replicates=n_replicates,
        seed=seed, ddof=ddof, sampling_bias=bias,
    )  # fmt: skip
    return paths.mean[:, -1], paths.variance[:, -1]


@seeds
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [1.0, 0.5])
@pytest.mark.parametrize(("real", "synthetic"), [(100, 900), (8, 20)])
def test_second_moments_are_the_exact_engines(real, synthetic, bias, ddof, seed):
    mean, variance = settled(real, synthetic, bias, ddof, seed)
    given = np.broadcast_arrays(*map(float, (real, synthetic, bias, ddof)))
    fixed = theory.fresh_fixed_point(real, synthetic, bias, ddof)
    expected = _second_moments(*given, fixed.mean_drift, fixed.variance)
    found = np.stack([mean**4, mean**2 * variance, variance**2], axis=1)
    assert_agrees(found, expected)
    m, v = fixed.mean_drift, fixed.variance
    assert_rejects(found[:, 2], v**2)  # control: as if the variance did not vary
    if synthetic > 2 * real and bias == 1:
        assert_rejects(found[:, 0], m**2)
        assert not np.isclose(expected[1], m * v, rtol=1e-3)  # the two are not independent


@seeds
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [1.0, 0.5])
@pytest.mark.parametrize(("real", "synthetic"), [(100, 100), (100, 900), (400, 100)])
def test_risk_is_the_exact_engines(real, synthetic, bias, ddof, seed):
    mean, variance = settled(real, synthetic, bias, ddof, seed, 4000)
    distance = mean**2 + (np.sqrt(variance) - 1) ** 2
    assert_agrees(distance, theory.fresh_risk(real, synthetic, bias, ddof))
    assert_rejects(distance, theory.fresh_risk(real, 0, bias, ddof))  # control: no synthetic rows


def test_risk_at_few_rows_is_too_high_by_what_is_said():
    mean, variance = settled(5, 20, 1.0, 1, 0, 200_000)
    distance = (mean**2 + (np.sqrt(variance) - 1) ** 2).mean()
    assert 1.05 < theory.fresh_risk(5, 20) / distance < 1.09


@pytest.mark.parametrize("ddof", [0, 1])
def test_without_synthetic_rows_it_is_the_risk_of_one_fit(ddof):
    n = np.array([2, 3, 10, 1000, 10**7])
    assert_allclose(
        theory.fresh_risk(n, 0, 0.3, ddof), theory.wasserstein_risk(1, n, ddof), rtol=1e-6
    )
    assert_allclose(theory.effective_sample_size(n, 0, 0.3, ddof), n, rtol=1e-6)


@pytest.mark.parametrize("ddof", [0, 1])
def test_effective_rows_have_the_risk_of_real_ones(ddof):
    real, synthetic, bias = 40, np.array([3, 40, 900]), np.array([[0.5], [1.0]])
    rows = theory.effective_sample_size(real, synthetic, bias, ddof)
    risk = theory.fresh_risk(real, synthetic, bias, ddof)
    below, above = (
        theory.wasserstein_risk(1, nearby(rows), ddof) for nearby in (np.floor, np.ceil)
    )
    assert np.all((above <= risk) & (risk <= below))
    assert np.all(rows[1] > 40) and rows[0, 0] > 40 > rows[0, 1] > rows[0, 2]


def test_many_rows_come_to_the_limit_of_the_mean():
    real = 10**7
    for synthetic in (10**6, 10**7, 10**8):
        limit = theory.effective_sample_size_limit(real, synthetic)
        assert_allclose(theory.effective_sample_size(real, synthetic), limit, rtol=1e-5)


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [0.0, 0.3, 0.5, 0.8])
def test_threshold_is_the_one_crossing(bias, ddof):
    synthetic = np.arange(600)
    for real in (5, 30, 400):
        rows = theory.effective_sample_size(real, synthetic, bias, ddof)
        helps = rows >= real * (1 - 1e-9)
        threshold = theory.synthetic_threshold(real, bias, ddof)
        assert np.array_equal(helps, synthetic <= threshold)


def test_threshold_of_many_rows_and_without_bias():
    bias = np.array([0.0, 0.5, 0.8, 0.9])
    limit = (9 - bias - 2 * bias**2) / (1 - bias) ** 2
    found = theory.synthetic_threshold(10**6, bias)
    assert np.all((limit - 2 < found) & (found < limit))
    assert theory.synthetic_threshold(10**6, 1.0) == np.inf
    assert np.all(theory.effective_sample_size(50, 10 ** np.arange(1, 6)) > 50)


test_refusals_are_sentences = refusals(
    (
        lambda: theory.fresh_risk(0, 5),
        "fresh_risk.n_real must be at least 1; got 0.",
    ),
    (
        lambda: theory.fresh_risk(1, 0),
        "fresh_risk.n_real + n_synthetic must be at least 2; got 1.",
    ),
    (
        lambda: theory.effective_sample_size(5, 5, 1.5),
        "effective_sample_size.sampling_bias must be in [0, 1]; got 1.5.",
    ),
    (
        lambda: theory.effective_sample_size(5, 5, 1, 2),
        "effective_sample_size.ddof must be in [0, 1]; got 2.",
    ),
    (
        lambda: theory.synthetic_threshold(1, 0.5),
        "synthetic_threshold.n_real must be at least 2; got 1.",
    ),
)
