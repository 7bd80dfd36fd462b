"""Priors, other estimators, regression and correction: closed forms against run_loop on rows."""

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import run_loop, theory
from collapse_lib.models.corrected import Corrected, NormalTruth
from collapse_lib.models.dirichlet import DirichletCategorical
from collapse_lib.models.extrapolated import Extrapolated
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.kde import KernelDensity
from collapse_lib.models.linear import LinearRegression
from collapse_lib.models.uniform import Uniform
from collapse_lib.policies import Accumulate, Replace
from collapse_lib.sources import Categories, GaussianSource, LinearRows

seeds = pytest.mark.parametrize("seed", stat_seeds())
T = np.arange(1, 7)


def uniform_rows(n, rng):
    return rng.uniform(0, 3, size=n)


@seeds
@pytest.mark.parametrize("policy", [Replace(), Accumulate()])
def test_the_largest_row(on_rows, policy, seed):
    """CF38."""
    accumulate = isinstance(policy, Accumulate)
    found = on_rows(
        Uniform(), uniform_rows, policy, "theta_",
        n_samples=8, n_generations=6, n_runs=300, seed=seed,
    )  # fmt: skip
    assert_agrees(found, theory.uniform_maximum(T, 8, accumulate, end=3))
    assert_rejects(found, theory.uniform_maximum(T, 8, not accumulate, end=3))
    assert_rejects(found, theory.uniform_maximum(T, 12, accumulate, end=3))
    if accumulate:
        assert np.all(found == found[:, :1])


@seeds
@pytest.mark.parametrize("posterior", [True, False])
@pytest.mark.parametrize("prior", [(2.0, 1.0, 0.5), 0.0])
def test_iterated_learning(on_rows, prior, posterior, seed):
    """CF41, and its limit without a prior."""
    p, n = np.array([0.1, 0.3, 0.6]), 10
    found = on_rows(
        DirichletCategorical(prior, posterior, 3), Categories(p), Replace(), "probabilities_",
        n_samples=n, n_generations=6, n_runs=400, seed=seed,
    )  # fmt: skip
    mean = theory.iterated_learning_mean(T, prior, n, p)
    assert_agrees(found, mean)
    assert_rejects(found, theory.iterated_learning_mean(T, (6.0, 2.0, 1.0), n, p))
    squares = (found - mean) ** 2
    assert_agrees(squares, theory.iterated_learning_variance(T, prior, n, p, posterior))
    assert_rejects(squares, theory.iterated_learning_variance(T, prior, n, p, not posterior))


@seeds
def test_the_loop_of_posterior_draws_settles_on_the_prior(on_rows, seed):
    found = on_rows(
        DirichletCategorical((2.0, 6.0)), Categories([0.9, 0.1]), Replace(), "probabilities_",
        n_samples=10, n_generations=15, n_runs=300, seed=seed,
    )[:, -1, 0]  # fmt: skip
    assert stats.kstest(found, stats.beta(2, 6).cdf).pvalue > 1e-4
    assert stats.kstest(found, stats.beta(6, 18).cdf).pvalue < 1e-4


def variance_of_training_rows(generation):
    return generation.train.rows.var()


@seeds
@pytest.mark.parametrize("bandwidth", [0.5, None])
def test_kernel_densities(bandwidth, seed):
    """CF39: a fixed bandwidth settles, Silverman's explodes."""
    n = 10
    found = [
        run_loop(
            KernelDensity(bandwidth), GaussianSource(), Replace(), n_samples=n, n_generations=6,
            metrics={"variance": variance_of_training_rows}, n_reference=1, seed=child,
        ).column("variance")
        for child in np.random.SeedSequence(seed).spawn(150)
    ]  # fmt: skip
    exploding = (1 - 1 / n) * theory.silverman_variance_factor(n) ** (T - 1)
    settling = theory.kde_variance(T, n, 0.5)
    right, wrong = (settling, exploding) if bandwidth else (exploding, settling)
    assert_agrees(found, right)
    assert_rejects(found, wrong)
    assert_rejects(found, theory.kde_variance(T, n, 0.0))


@seeds
def test_regression_downstream(on_rows, seed):
    """CF25: three generators of 12 rows, then one model on 30 of the last one's labels."""
    weights = np.array([1.0, -2.0])
    fitted = on_rows(
        LinearRegression(), LinearRows(weights), Replace(), "weights_",
        n_samples=lambda t: 30 if t == 3 else 12, n_generations=4, n_runs=400, seed=seed,
    )  # fmt: skip
    risk = ((fitted[:, -1] - weights) ** 2).sum(axis=-1)
    assert_agrees(risk, theory.regression_risk_downstream(3, 2, 30, 12))
    assert_rejects(risk, theory.regression_risk_downstream(3, 2, 12, 30))
    assert_rejects(risk, theory.regression_risk_downstream(2, 2, 30, 12))


@dataclass
class LeastNorm:
    """Least squares of least norm, without noise. LinearRegression needs as many rows as inputs."""

    def fit(self, rows, *, rng):
        self.weights_ = np.linalg.lstsq(rows[:, :-1], rows[:, -1])[0]
        return self

    def sample(self, n, *, rng):
        inputs = rng.standard_normal((n, len(self.weights_)))
        return np.column_stack([inputs, inputs @ self.weights_])


@seeds
def test_regression_with_fewer_rows_than_inputs(on_rows, seed):
    """CF26."""
    weights = np.array([1.0, -2.0, 0.5, 0.0, 1.0])
    fitted = on_rows(
        LeastNorm(), LinearRows(weights, noise=0.0), Replace(), "weights_",
        n_samples=3, n_generations=4, n_runs=400, seed=seed,
    )  # fmt: skip
    risk, norm = ((fitted - weights) ** 2).sum(axis=-1), np.linalg.norm(weights)
    assert_agrees(risk, theory.regression_risk_overparametrised(T[:4], 5, 3, norm))
    assert_rejects(risk, theory.regression_risk_overparametrised(T[:4], 5, 2, norm))
    assert_rejects(risk, theory.regression_risk_overparametrised(T[:4] + 1, 5, 3, norm))


@seeds
def test_strong_collapse(on_rows, seed):
    """CF27: of 20 rows 6 are labelled by weights at the distance 2. One fit, which is the claim."""
    weights = np.array([1.0, -2.0, 0.0])
    real, shifted = LinearRows(weights), LinearRows(weights + np.array([0, 0, 2]))

    def mixed(n, rng):
        n_shifted = round(0.3 * n)
        return np.concatenate([real(n - n_shifted, rng), shifted(n_shifted, rng)])

    fitted = on_rows(
        LinearRegression(), mixed, Replace(), "weights_",
        n_samples=20, n_generations=1, n_runs=600, seed=seed,
    )  # fmt: skip
    risk = ((fitted - weights) ** 2).sum(axis=-1)
    assert_agrees(risk, theory.strong_collapse_risk(3, 20, 0.3, 2))
    assert_rejects(risk, theory.strong_collapse_risk(3, 20, 0.2, 2))
    first_order = theory.regression_risk_replace(1, 3, 20) + 0.3**2 * 2**2
    assert_rejects(risk, first_order)


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
