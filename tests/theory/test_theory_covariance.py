"""Covariances that shrink: SciPy's Wishart law, rows, and mixtures given their counts."""

import numpy as np
import pytest
from scipy import stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Replace
from collapse_lib.sources import MultivariateGaussian

per_seed = pytest.mark.parametrize("seed", stat_seeds())


def log_spread(covariance):
    """ln det / (2 d) of (..., d, d)."""
    return np.linalg.slogdet(covariance)[1] / (2 * covariance.shape[-1])


@per_seed
@pytest.mark.parametrize(("d", "n"), [(1, 8), (2, 12), (3, 40)])
def test_one_generation_is_scipys_wishart(d, n, seed):
    draws = stats.wishart(df=n - 1, scale=np.eye(d)).rvs(4000, random_state=seed)
    fitted = log_spread(np.reshape(draws, (4000, d, d)) / n)
    assert_agrees(fitted, theory.log_spread_slope(n, d))
    assert_rejects(fitted, theory.log_spread_slope(n, d, ddof=1))
    variance = theory.log_spread_variance(1, n, d)
    assert_agrees((fitted - theory.log_spread_slope(n, d)) ** 2, variance)
    assert_rejects((fitted - theory.log_spread_slope(n, d)) ** 2, 1.3 * variance)


@per_seed
def test_rows_in_two_dimensions_lose_five_quarters_of_one_over_n(on_rows, seed):
    """The log spread of one Gaussian falls by 1.25 / N a generation: at N = 100 the two forms
    differ by 1.3 %, far less than the standard error."""
    n, n_generations = 100, 150
    covariances = on_rows(
        Gaussian(),
        MultivariateGaussian([0.0, 0.0], [[2.0, 0.5], [0.5, 1.0]]),
        Replace(),
        "covariance_",
        n_runs=100,
        seed=seed,
        n_samples=n,
        n_generations=n_generations,
    )
    start = log_spread(np.array([[2.0, 0.5], [0.5, 1.0]]))
    slopes = (log_spread(covariances)[:, -1] - start) / n_generations
    assert_agrees(slopes, theory.log_spread_slope(n, 2))
    assert_agrees(slopes, theory.log_spread_slope_first_order(n, 2))
    assert_rejects(slopes, theory.log_spread_slope_first_order(n, 1))  # the law of one dimension


def test_the_first_order_is_the_limit_of_many_rows():
    for d in (1, 2, 5):
        n = np.array([1e3, 1e5, 1e7])
        exact, first = theory.log_spread_slope(n, d), theory.log_spread_slope_first_order(n, d)
        assert np.all(np.abs(exact / first - 1) < 6 * d / n)
        assert np.all(exact < first)


def test_one_dimension_is_half_the_log_variance():
    n = np.array([5, 50, 5000])
    for ddof in (0, 1):
        expected = theory.log_variance_mean(1, n, ddof) / 2
        assert theory.log_spread_slope(n, 1, ddof) == pytest.approx(expected)
    assert theory.log_spread_variance(7, n, 1) == pytest.approx(
        theory.log_variance_variance(7, n) / 4
    )


def test_given_counts_is_a_running_sum_of_slopes():
    counts = np.array([[500, 20, 3], [40, 40, 40]])
    steps = np.diff(theory.log_spread_given_counts(counts, 2), axis=-1, prepend=0)
    assert steps == pytest.approx(theory.log_spread_slope(counts, 2), rel=1e-9)
    low, high = theory.log_spread_slope(np.array([30, 31]), 2)
    assert low < theory.log_spread_given_counts([30.5], 2)[0] < high  # a fractional count
    gone = theory.log_spread_given_counts([30, 2, 30], 2)
    assert np.isneginf(gone).tolist() == [False, True, True]


test_refusals_are_sentences = refusals(
    (
        lambda: theory.log_spread_slope(2, 2),
        (
            "log_spread_slope.n_samples must be larger than n_features, or the covariance "
            "is singular; got n_samples = 2 with n_features = 2."
        ),
    ),
    (
        lambda: theory.log_spread_variance(1, 3, 3),
        (
            "log_spread_variance.n_samples must be larger than n_features, or the "
            "covariance is singular; got n_samples = 3 with n_features = 3."
        ),
    ),
    (
        lambda: theory.log_spread_given_counts([-1.0], 2),
        "log_spread_given_counts.counts must be finite and at least 0; got -1.",
    ),
    (
        lambda: theory.log_spread_slope_first_order(0, 2),
        "log_spread_slope_first_order.n_samples must be at least 1; got 0.",
    ),
)
