"""Closed forms of priors, other estimators, regression and correction: limits and arguments."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, stats
from sentences import refusals

from collapse_lib import theory

INF = float("inf")


def beta_law(t, a, n, p0, posterior):
    """(t,) means and variances of p for two types, by carrying the exact law of the counts."""
    counts = np.arange(n + 1)
    law = stats.binom.pmf(counts, n, p0)
    means, variances = [], []
    for _ in range(t):
        alpha, beta = a[0] + counts, a[1] + n - counts
        centre = alpha / (alpha + beta)
        spread = centre * (1 - centre) / (alpha + beta + 1) if posterior else 0 * centre
        means.append(law @ centre)
        variances.append(law @ (spread + centre**2) - means[-1] ** 2)
        if posterior:
            step = [stats.betabinom.pmf(counts, n, x, y) for x, y in zip(alpha, beta, strict=True)]
        else:
            step = [stats.binom.pmf(counts, n, p) for p in centre]
        law = law @ np.array(step)
    return np.array(means), np.array(variances)


@pytest.mark.parametrize("posterior", [True, False])
@pytest.mark.parametrize(("a", "n", "p0"), [((2, 6), 10, 0.9), ((0.3, 0.1), 4, 0.2)])
def test_iterated_learning_against_the_exact_chain(a, n, p0, posterior):
    means, variances = beta_law(6, a, n, p0, posterior)
    t, start = np.arange(1, 7), [p0, 1 - p0]
    assert_allclose(theory.iterated_learning_mean(t, a, n, start)[:, 0], means)
    found = theory.iterated_learning_variance(t, a, n, start, posterior)
    assert_allclose(found[:, 0], variances)
    other = theory.iterated_learning_variance(t, a, n, start, not posterior)
    assert np.abs(other[:, 0] - variances).max() > 1e-3


def test_iterated_learning_ends_in_the_prior():
    prior = np.array([2.0, 6.0, 0.5])
    law = stats.dirichlet(prior)
    for n in (1, 50):
        start = [0.9, 0.1, 0.0]
        assert_allclose(theory.iterated_learning_mean(INF, prior, n, start), law.mean())
        assert_allclose(theory.iterated_learning_variance(INF, prior, n, start), law.var())
        means = theory.iterated_learning_variance(INF, prior, n, start, posterior=False)
        r, mu = n / (prior.sum() + n), law.mean()
        assert_allclose(means, r**2 * mu * (1 - mu) / (n * (1 - r**2 * (1 - 1 / n))))


def test_a_learner_without_prior_ends_in_single_types():
    p, n, t = np.array([0.5, 0.3, 0.2]), 8, np.arange(0, 7)
    assert_allclose(theory.iterated_learning_mean(t, 0, n, p), np.tile(p, (7, 1)))
    kept = 1 - theory.iterated_learning_variance(t, 0, n, p) / (p * (1 - p))
    assert_allclose(kept, np.tile(((n - 1) / (n + 1)) ** t, (3, 1)).T, atol=1e-12)
    kept = theory.iterated_learning_variance(t, 0, n, p, posterior=False) / (p * (1 - p))
    assert_allclose(kept, np.tile(theory.inbreeding(t, n), (3, 1)).T, atol=1e-12)
    assert_allclose(theory.iterated_learning_variance(INF, 0, n, p), p * (1 - p))
    nearly = theory.iterated_learning_variance(INF, 1e-9, n, p)
    assert_allclose(nearly, 1 / 3 * 2 / 3, rtol=1e-6)  # the mean has gone to the prior's


def test_iterated_learning_as_quoted():
    found = theory.iterated_learning_mean([1, 5, 20], [2, 6], 10, [0.9, 0.1])[:, 0]
    assert_allclose(found, [0.6111, 0.2844, 0.25], atol=5e-5)


def test_the_largest_of_uniform_rows():
    n = 7
    mean, _ = integrate.quad(lambda x: 1 - x**n, 0, 1)
    assert_allclose(theory.uniform_maximum(1, n), mean)
    assert_allclose(theory.uniform_maximum([0, 1, 4], n, end=3), 3 * mean ** np.array([0, 1, 4]))
    assert_allclose(theory.uniform_maximum([0, 1, 4], n, True), [1, mean, mean])
    assert_allclose(theory.uniform_maximum(100, 100), 0.3697, atol=5e-5)


def test_kernel_densities_as_recursions():
    n, h, v = 6, 0.4, 5 / 6 * 4.0
    growing = theory.silverman_variance_factor(n)
    for t in range(1, 6):
        assert_allclose(theory.kde_variance(t, n, h, std=2.0), v)
        v = (1 - 1 / n) * (v + h**2)
    assert_allclose(theory.kde_variance(INF, n, h), (n - 1) * h**2)
    assert_allclose(theory.kde_variance([1, 5], n, 0), theory.variance_mean([1, 5], n))
    assert_allclose(growing, (1 - 1 / n) * (1 + (4 / 3) ** 0.4 * n**-0.4 * n / (n - 1)))
    assert np.all(theory.silverman_variance_factor([2, 50, 10**6]) > 1)


def test_downstream_and_overparametrised_regression():
    assert_allclose(theory.regression_risk_downstream(5, 10, 50, 111), 0.7564, atol=5e-5)
    each = theory.regression_risk_replace(3, 4, 20, 2.0)
    assert_allclose(theory.regression_risk_downstream(3, 4, 9, 20, 0, 2.0), each)
    first = theory.regression_risk_replace(1, 4, 9)
    assert_allclose(
        theory.regression_risk_downstream([0, 3], 4, 9, 20), first + np.array([0, each / 4])
    )
    found = theory.regression_risk_overparametrised(np.arange(1, 6), 60, 30)
    assert_allclose(found, [0.5, 0.75, 0.875, 0.9375, 0.96875])
    assert_allclose(theory.regression_risk_overparametrised([0, 1, INF], 8, 2, 3), [0, 6.75, 9])
    assert_allclose(theory.regression_risk_overparametrised(5, 3, 3), 0)


def test_strong_collapse_has_a_floor():
    assert_allclose(theory.strong_collapse_risk(50, INF, [0, 0.1, 1], 2), [0, 0.04, 4])
    one_fit = theory.regression_risk_replace(1, 5, 20, 3)
    assert_allclose(theory.strong_collapse_risk(5, 20, [0, 1], 2, 3), one_fit + np.array([0, 4]))
    gap = theory.strong_collapse_risk(50, [10**4, 10**6], 0.1, 1, 0) - 0.01
    assert_allclose(gap * [10**4, 10**6], 0.09 * 51, rtol=0.05)  # p2 (1 - p2) (d + 1)/n
    quoted = theory.strong_collapse_risk(50, [5000, 50_000], 0.1)
    assert_allclose(quoted, [0.0214, 0.0117], rtol=0.06)  # one simulation each
    # one column: B is a beta variable
    law = stats.beta(3 / 2, 5 / 2)
    assert_allclose(theory.strong_collapse_risk(1, 8, 3 / 8, 1, 0), law.var() + law.mean() ** 2)


def test_correction_of_none_and_of_all():
    t = np.arange(0, 8)
    for ddof in (0, 1):
        plain = theory.std_mean(t, 5, ddof, std=2.0)
        assert_allclose(theory.corrected_std_mean(t, 5, 0, ddof, 2.0), plain)
        moments = theory.corrected_moments(7, 5, 0, ddof)
        assert_allclose(moments.variance, theory.variance_mean(t[1:], 5, ddof))
        assert_allclose(moments.mean_drift, theory.mean_drift(t[1:], 5, ddof))
        one_fit = theory.std_mean(1, 5, ddof)
        assert_allclose(theory.corrected_std_mean(t[1:], 5, 1e12, ddof), one_fit)
        assert_allclose(theory.corrected_moments(7, 5, 1e9, ddof).mean_drift, 1 / 5)


def test_correction_settles():
    settled = theory.corrected_std_mean(INF, 10, 0.2)
    c = theory.std_mean(1, 10)
    assert_allclose(settled, c * (settled + 0.2) / 1.2)
    assert_allclose(theory.corrected_std_mean(400, 10, 0.2), settled)


def test_extrapolation_recovers_the_truth():
    q = 1 - 1 / np.array([5, 100, 1000])
    assert_allclose(theory.extrapolated_variance(q, q), 1)
    assert_allclose(theory.extrapolated_variance(q, 0), q)
    assert np.all(np.diff(theory.extrapolated_variance(0.9, [0, 0.5, 0.9, 2])) > 0)
    for ddof in (0, 1):
        w = theory.extrapolation_strength(40, 60, ddof)
        found = theory.extrapolated_precision_mean([0, 3, 9], 40, w, 60, ddof, std=2.0)
        assert_allclose(found, 0.25)
        chi_square = stats.invgamma(39 / 2, scale=(40 - ddof) / 2)
        found = theory.extrapolated_precision_mean(1, 40, 0, ddof=ddof)
        assert_allclose(found, chi_square.mean())


@pytest.mark.parametrize(("n", "m"), [(2000, 2000), (4000, 1000)])
def test_extrapolation_at_its_best_strength_drifts_upwards(n, m):
    """What the docstring of extrapolation_strength says of the logarithm of the variance."""
    w = theory.extrapolation_strength(n, m)
    law = stats.chi2(m - 1, scale=1 / m)  # fitted over sampled variance, auxiliary rows
    nodes, weights = np.polynomial.legendre.leggauss(200)
    low, high = law.ppf([1e-12, 1 - 1e-12])
    u = low + (high - low) * (nodes + 1) / 2
    p = law.pdf(u) * weights * (high - low) / 2
    assert_allclose(p.sum(), 1)
    log = np.log(1 + w - w / u)
    drift = theory.log_variance_mean(1, n) - p @ log
    assert_allclose(drift, (1 + m / n) / n, rtol=0.02)
    spread = theory.log_variance_variance(1, n) + p @ log**2 - (p @ log) ** 2
    assert_allclose(spread, 2 / n + 2 * m / n**2, rtol=0.02)
    assert theory.log_variance_mean(1, n) < -1.9 / n


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.iterated_learning_mean(1, [1, 2], 5, [1, 1, 1]),
        "iterated_learning_mean needs arrays of one shape; got prior (2,), start (3,).",
    ),
    (
        lambda: theory.iterated_learning_variance(1, -1, 5, [1, 1]),
        "iterated_learning_variance.prior must be finite and at least 0; got -1.",
    ),
    (
        lambda: theory.uniform_maximum(1, 0),
        "uniform_maximum.n_samples must be at least 1; got 0.",
    ),
    (
        lambda: theory.kde_variance(0, 5, 1),
        "kde_variance.t must be at least 1; got 0.",
    ),
    (
        lambda: theory.silverman_variance_factor(1),
        "silverman_variance_factor.n_samples must be at least 2; got 1.",
    ),
    (
        lambda: theory.regression_risk_downstream(1, 10, 50, 11),
        "regression_risk_downstream.n_samples_generator must be at least n_features + 2, or "
        "the risk is infinite; got n_samples_generator = 11 with n_features = 10.",
    ),
    (
        lambda: theory.regression_risk_overparametrised(1, 3, 4),
        (
            "regression_risk_overparametrised.n_samples must be at most n_features (for "
            "more rows use regression_risk_replace); got n_samples = 4 with n_features = 3."
        ),
    ),
    (
        lambda: theory.strong_collapse_risk(3, 10, 1.5),
        "strong_collapse_risk.synthetic_fraction must be in [0, 1]; got 1.5.",
    ),
    (
        lambda: theory.corrected_std_mean(1, 5, -1),
        "corrected_std_mean.strength must be finite and at least 0; got -1.",
    ),
    (
        lambda: theory.extrapolated_variance(0.5, 1),
        (
            "extrapolated_variance.strength must be below q/(1 - q), or the precision is "
            "not positive; got strength = 1 with shrinkage = 0.5."
        ),
    ),
    (
        lambda: theory.extrapolation_strength(10, ddof=2),
        "extrapolation_strength.ddof must be in [0, 1]; got 2.",
    ),
)
