"""Samples corrected, or extrapolated away from, in closed form and on loops."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory
from collapse_lib.models.corrected import Corrected, NormalTruth
from collapse_lib.models.extrapolated import Extrapolated
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Replace
from collapse_lib.sources import GaussianSource

INF = float("inf")
seeds = pytest.mark.parametrize("seed", stat_seeds())
T = np.arange(1, 7)


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


@seeds
@pytest.mark.parametrize(("ddof", "strength"), [(0, 0.3), (1, 1.0)])
def test_correction(on_rows, ddof, strength, seed):
    n = 5
    model = Corrected(Gaussian(ddof), NormalTruth(1.0, 2.0), strength)
    inner = on_rows(
        model, GaussianSource(1.0, 2.0), Replace(), "model_",
        n_samples=n, n_generations=6, n_runs=400, seed=seed,
    )  # fmt: skip
    mean = np.vectorize(lambda fitted: fitted.mean_)(inner)
    variance = np.vectorize(lambda fitted: fitted.variance_)(inner)
    assert_agrees(np.sqrt(variance), theory.corrected_std_mean(T, n, strength, ddof, std=2.0))
    assert_rejects(np.sqrt(variance), theory.corrected_std_mean(T, n, 0, ddof, std=2.0))
    right = theory.corrected_moments(6, n, strength, ddof)
    assert_agrees(variance / 4, right.variance)
    assert_agrees((mean - 1) ** 2 / 4, right.mean_drift)
    wrong = theory.corrected_moments(6, n, 0, ddof)
    assert_rejects((mean - 1) ** 2 / 4, wrong.mean_drift)
    settled = theory.corrected_std_mean(float("inf"), n, strength, ddof, std=2.0)
    if strength < 1:  # at 1 it has all but settled in generation 1
        assert_rejects(np.sqrt(variance), settled)


@seeds
@pytest.mark.parametrize("ddof", [0, 1])
def test_extrapolation(on_rows, ddof, seed):
    n, m, t = 12, 40, np.arange(1, 5)
    found = {
        strength: 1 / on_rows(
            Extrapolated(strength, m, ddof), GaussianSource(), Replace(), "variance_",
            n_samples=n, n_generations=4, n_runs=400, seed=seed,
        )
        for strength in (0.0, 0.5)
    }  # fmt: skip
    for strength, precision in found.items():
        right = theory.extrapolated_precision_mean(t, n, strength, m, ddof)
        assert_agrees(precision, right)
        assert_rejects(precision, theory.extrapolated_precision_mean(t + 1, n, strength, m, ddof))
    lifted = found[0.0] - found[0.5]  # the same real rows
    assert_rejects(lifted, 0)


test_bad_arguments_get_one_sentence = refusals(
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
