"""The Gaussian closed forms against SciPy's laws, plain recursions and each other."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory


@pytest.mark.parametrize("n", [2, 3, 5, 40, 80, 81, 82, 100, 500])
def test_c4_is_the_mean_of_a_chi_variable(n):
    assert_allclose(theory.c4(n), stats.chi(n - 1).mean() / np.sqrt(n - 1), rtol=1e-11)


@pytest.mark.parametrize("n", [2, 79, 80, 81, 1e4, 1e8, 1e12])
def test_c4_keeps_its_digits(n):
    # c4(n) c4(n+1) = sqrt((n-1)/n) at every n, by the recurrence of the gamma function
    log_product = np.log(theory.std_mean(1, n, 1) * theory.std_mean(1, n + 1, 1))
    assert_allclose(log_product, np.log1p(-1 / n) / 2, rtol=1e-10, atol=3e-16)


def test_c4_at_web_scale():
    assert_allclose(theory.std_mean(1e12, 1e12, 1), np.exp(-1 / 4), rtol=1e-11)


@pytest.mark.parametrize("n", [2, 5, 30, 100])
@pytest.mark.parametrize("ddof", [0, 1])
def test_log_variance_is_the_mean_log_of_a_chi_square(n, ddof):
    log_chi2 = stats.loggamma((n - 1) / 2)  # ln(chi2_{n-1} / 2)
    step = log_chi2.mean() + np.log(2 / (n - ddof))
    t = np.array([0, 1, 7])
    assert_allclose(theory.log_variance_mean(t, n, ddof), t * step, rtol=1e-10)
    assert_allclose(theory.log_variance_variance(t, n), t * log_chi2.var(), rtol=1e-10)
    biased = theory.log_variance_mean(t, n, ddof, 0.5)
    assert_allclose(biased, t * step + np.array([0, 0, 6]) * np.log(0.5))


def test_log_variance_as_quoted():
    assert_allclose(theory.log_variance_mean(1, [100, 10], 1), [-0.010135, -0.115206], atol=1e-6)
    assert_allclose(theory.log_variance_mean(1, 100, 0), -0.020185, atol=1e-6)
    assert_allclose(np.exp(theory.log_variance_mean(100, 10, 1)), 1e-5, rtol=0.02)
    assert_allclose(theory.log_variance_mean(1, 1e12, [0, 1]), [-2e-12, -1e-12], rtol=1e-9)


@pytest.mark.parametrize("n", [2, 5, 100])
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [0, 0.5, 1, 1.3])
def test_moments_follow_their_recursion(n, ddof, bias):
    variance, drift = 1.0, 0.0
    for t in range(6):
        assert_allclose(theory.variance_mean(t, n, ddof, bias, 2.0), 4 * variance)
        assert_allclose(theory.mean_drift(t, n, ddof, bias, 2.0), 4 * drift, atol=1e-15)
        sampled = variance * (bias if t else 1)
        if t:
            row = theory.sample_variance(t, n, ddof, bias, 2.0)
            assert_allclose(row, 4 * (sampled + drift))
        drift += sampled / n
        variance = sampled * (n - 1) / (n - ddof)


@pytest.mark.parametrize("ddof", [0, 1])
def test_std_mean_is_c4_to_the_power(ddof):
    t, n = np.arange(5), 7
    step = theory.c4(n) * np.sqrt((n - 1) / (n - ddof))
    assert_allclose(theory.std_mean(t, n, ddof, std=3), 3 * step**t)
    lag = np.maximum(t - 1, 0)
    assert_allclose(theory.std_mean(t, n, ddof, 0.49), step**t * 0.7**lag)


def test_ml_estimate_shares_its_moments_with_drift():
    t = np.arange(1, 50)
    assert_allclose(theory.mean_drift(t, 9), theory.inbreeding(t, 9))
    assert_allclose(theory.variance_mean(t, 9), theory.heterozygosity(t, 1, 9))


def test_moments_as_quoted():
    sizes = [100, 500, 1000, 10_000]
    quoted = [4e-5, 0.1351, 0.3677, 0.9048]
    assert_allclose(theory.variance_mean(1000, sizes), quoted, atol=5e-5)
    assert_allclose(theory.mean_drift(1000, sizes), [1.0, 0.865, 0.632, 0.095], atol=5e-4)
    assert_allclose(theory.sample_variance(10, 100, [1, 0]), [1.1, 1.0])
    assert_allclose(theory.c4([100, 10]), [0.997478, 0.97266], atol=5e-6)


def test_wasserstein_risk_as_quoted():
    t = np.array([100, 200])
    assert_allclose(theory.wasserstein_risk(t, 100, 1), [1.4463, 2.793], atol=5e-4)
    assert_allclose(theory.wasserstein_risk(t, 100, 0), [1.0600, 1.5582], atol=5e-5)


def test_wasserstein_risk_is_its_definition():
    t, n = np.arange(6), 5
    for ddof in (0, 1):
        for bias in (0.5, 1):
            terms = (t, n, ddof, bias, 2.0)
            by_parts = theory.mean_drift(*terms) + theory.variance_mean(*terms)
            by_parts += 4 - 4 * theory.std_mean(*terms)
            assert_allclose(theory.wasserstein_risk(*terms), by_parts, atol=1e-14)


def test_wasserstein_risk_diverges_for_one_estimate_only():
    t = np.array([1e3, 1e4, 1e5])
    assert_allclose(theory.wasserstein_risk(t, 100, 1), t / 100 + 2, rtol=0.02)
    assert np.all(theory.wasserstein_risk(t, 100, 0) <= 2)
    first_order = 3 * 1 / (2 * 1e6)
    assert_allclose(theory.wasserstein_risk(1, 1e6, [0, 1]), first_order, rtol=1e-5)


@pytest.mark.parametrize("n", [2, 3, 10, 100])
def test_tail_bound_holds(n):
    threshold = np.linspace(0.05, 3, 60)
    exact = stats.chi2(n - 1).sf((n - 1) * threshold**2)  # P(sigma_1 > threshold), ddof = 1
    assert np.all(exact <= theory.std_tail_bound(threshold, 1, n))
    t = np.arange(1, 40)
    assert np.all(theory.std_mean(t, n, 1) <= theory.std_tail_bound(1, t, n))
    assert theory.std_tail_bound(2, 0, n, std=3) == 1.5


def test_log_det_of_one_dimension_is_the_log_variance():
    for ddof in (0, 1):
        expected = theory.log_variance_mean(3, 20, ddof)
        assert_allclose(theory.log_det_mean(3, 20, 1, ddof), expected, rtol=1e-12)


@pytest.mark.parametrize("seed", stat_seeds())
def test_log_det_in_three_dimensions(seed):
    rows = np.random.default_rng(seed).standard_normal((4000, 8, 3))
    centred = rows - rows.mean(axis=1, keepdims=True)
    covariance = np.einsum("rni,rnj->rij", centred, centred) / 8
    log_det = np.linalg.slogdet(covariance)[1]
    assert_agrees(log_det, theory.log_det_mean(1, 8, 3))
    assert_rejects(log_det, theory.log_det_mean(1, 8, 3, ddof=1))
    assert_rejects(log_det, 3 * theory.log_variance_mean(1, 8))


test_bad_arguments_get_one_sentence = refusals(
    (lambda: theory.c4(1), "c4.n_samples must be at least 2; got 1."),
    (
        lambda: theory.variance_mean(1, 2, ddof=2),
        "variance_mean.ddof must be smaller than n_samples; got ddof = 2 with n_samples = 2.",
    ),
    (
        lambda: theory.mean_drift(-1, 5),
        "mean_drift.t must be at least 0; got -1.",
    ),
    (
        lambda: theory.std_mean(1, 5, sampling_bias=-0.5),
        "std_mean.sampling_bias must be finite and at least 0; got -0.5.",
    ),
    (
        lambda: theory.log_variance_mean(1, 5, sampling_bias=0),
        "log_variance_mean.sampling_bias must be finite and above 0; got 0.",
    ),
    (
        lambda: theory.wasserstein_risk(1, 5, std=0),
        "wasserstein_risk.std must be finite and above 0; got 0.",
    ),
    (
        lambda: theory.wasserstein_risk(np.inf, 5),
        "wasserstein_risk.t must be a whole number; got inf.",
    ),
    (
        lambda: theory.std_tail_bound(0, 1, 5),
        "std_tail_bound.threshold must be finite and above 0; got 0.",
    ),
    (
        lambda: theory.log_det_mean(1, 3, 3),
        (
            "log_det_mean.n_samples must be larger than n_features, or the covariance is "
            "singular; got n_samples = 3 with n_features = 3."
        ),
    ),
)
