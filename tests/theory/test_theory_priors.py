"""Iterated learning: a loop of Bayesian learners, against the exact chain and loops."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory
from collapse_lib.models.dirichlet import DirichletCategorical
from collapse_lib.policies import Replace
from collapse_lib.sources import Categories

INF = float("inf")
seeds = pytest.mark.parametrize("seed", stat_seeds())
T = np.arange(1, 7)


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


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.iterated_learning_mean(1, [1, 2], 5, [1, 1, 1]),
        "iterated_learning_mean needs arrays of one shape; got prior (2,), start (3,).",
    ),
    (
        lambda: theory.iterated_learning_variance(1, -1, 5, [1, 1]),
        "iterated_learning_variance.prior must be finite and at least 0; got -1.",
    ),
)
