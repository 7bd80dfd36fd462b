"""Regression on its own labels, in closed form, against inverse Wishart means and loops."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory
from collapse_lib.models.linear import LinearRegression
from collapse_lib.policies import Replace
from collapse_lib.sources import LinearRows, MultivariateGaussian

INF = float("inf")
INPUTS = MultivariateGaussian([0.0, 0.0], np.eye(2))
seeds = pytest.mark.parametrize("seed", stat_seeds())
T = np.arange(1, 7)


def test_one_fit_is_the_mean_of_an_inverse_wishart():
    for d, rows in [(1, 3), (3, 9), (10, 111)]:
        expected = np.trace(np.atleast_2d(stats.invwishart(rows, np.eye(d)).mean()))
        assert_allclose(theory.regression_risk_replace(1, d, rows), expected)
        assert_allclose(theory.regression_risk_accumulate(1, d, rows, 3), 9 * expected)


def risk_given_inputs(inputs, accumulate):
    """E |w_t - w|^2 for unit noise given the inputs of every generation, (t, T, d), exactly.

    The fitted weights are linear in the noise: carry the matrix of coefficients.
    """
    t, rows, d = inputs.shape
    weights, stacked, labels, risks = np.zeros((d, 0)), [], [], []
    for g in range(t):
        noise = np.zeros((rows, t * rows))
        noise[:, g * rows : (g + 1) * rows] = np.eye(rows)
        before = inputs[g] @ weights if g else 0
        stacked, labels = [*stacked, inputs[g]], [*labels, before + noise]
        x, y = (np.vstack(a if accumulate else a[-1:]) for a in (stacked, labels))
        weights = np.linalg.lstsq(x, y)[0]
        risks.append((weights**2).sum())
    return np.array(risks)


def test_relabelling_the_same_inputs_is_exact():
    design = np.random.default_rng(1).standard_normal((7, 2))
    same = np.broadcast_to(design, (5, 7, 2))
    one_fit = np.trace(np.linalg.inv(design.T @ design))
    t = np.arange(1, 6)
    shape = theory.regression_risk_accumulate(t, 2, 7) / theory.regression_risk_accumulate(1, 2, 7)
    assert_allclose(risk_given_inputs(same, accumulate=True), one_fit * shape)
    shape = theory.regression_risk_replace(t, 2, 7) / theory.regression_risk_replace(1, 2, 7)
    assert_allclose(risk_given_inputs(same, accumulate=False), one_fit * shape)


def test_new_inputs_stay_below_the_accumulate_formula():
    rng = np.random.default_rng(2)
    risks = [risk_given_inputs(rng.standard_normal((4, 8, 2)), True) for _ in range(400)]
    assert np.all(np.mean(risks, axis=0)[1:] < theory.regression_risk_accumulate([2, 3, 4], 2, 8))


def test_regression_as_quoted():
    assert_allclose(theory.regression_risk_replace([10, 50], 10, 111), [1, 5])
    quoted = theory.regression_risk_accumulate([10, 50], 10, 111)
    assert_allclose(quoted, [0.155, 0.1625], atol=5e-5)
    assert_allclose(theory.regression_risk_accumulate(np.inf, 10, 111), np.pi**2 / 60)


def test_inverse_squares_in_the_regression_risk():
    t = np.arange(200)
    sums = np.concatenate([[0.0], np.cumsum(1 / t[1:] ** 2)])
    # the sum is a difference of numbers near pi^2/6
    assert_allclose(theory.regression_risk_accumulate(t, 1, 3), sums, atol=1e-15)


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


@seeds
def test_regression_downstream(on_rows, seed):
    """CF25: three generators of 12 rows, then one model on 30 of the last one's labels."""
    weights = np.array([1.0, -2.0])
    fitted = on_rows(
        LinearRegression(1.0, INPUTS), LinearRows(weights), Replace(), "weights_",
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
        LinearRegression(1.0), mixed, Replace(), "weights_",
        n_samples=20, n_generations=1, n_runs=600, seed=seed,
    )  # fmt: skip
    risk = ((fitted - weights) ** 2).sum(axis=-1)
    assert_agrees(risk, theory.strong_collapse_risk(3, 20, 0.3, 2))
    assert_rejects(risk, theory.strong_collapse_risk(3, 20, 0.2, 2))
    first_order = theory.regression_risk_replace(1, 3, 20) + 0.3**2 * 2**2
    assert_rejects(risk, first_order)


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.regression_risk_replace(1, 10, 11),
        ValueError,
        "regression_risk_replace.n_samples must be at least n_features + 2, or the risk is "
        "infinite; got n_samples = 11 with n_features = 10.",
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
)
