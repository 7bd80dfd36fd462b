"""The three error sources: what is off is off, and what is on does what theory says."""

import numpy as np
import pytest
from scipy import stats
from sentences import refusals
from sklearn.mixture import GaussianMixture
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib.chapters.shumailov import error_sources as sources
from collapse_lib.chapters.shumailov.error_sources import (
    GRID,
    Loop,
    TwoNormals,
    error_sources,
    population_loop,
)

per_seed = pytest.mark.parametrize("seed", stat_seeds())
STEP = GRID[1] - GRID[0]


@pytest.fixture(scope="module")
def paths():
    return error_sources(n_generations=25, seed=4)


def moments(shares):
    mean = shares @ GRID
    return mean, shares @ GRID**2 - mean**2


def test_the_control_stays_at_the_truth(paths):
    assert paths["none"].shape == (1, 26)
    assert paths["none"].max() < 1e-6
    for name, path in paths.items():
        assert path[:, 0] == pytest.approx(0.0, abs=1e-15)
        assert name == "none" or np.median(path[:, -1]) > 1e-2


def test_a_small_family_pays_once_and_a_kernel_every_generation(paths):
    family, kernel = paths["expressivity"][0], paths["expressivity, kernel"][0]
    assert family[1] > 0.01
    assert family[1:] == pytest.approx(family[1], rel=1e-3)
    assert np.all(np.diff(kernel) > 0)


def test_noise_and_an_early_stop_grow(paths):
    assert np.all(np.diff(paths["approximation"][0]) > 0)
    median = np.median(paths["statistical"], axis=0)
    assert np.all(np.diff(median[::5]) > 0)


def test_a_kernel_adds_its_own_variance_every_generation():
    path = population_loop(Loop(kernel=0.2), n_generations=10)[0]
    mean, variance = moments(path)
    assert variance == pytest.approx(variance[0] + 0.2**2 * np.arange(11), rel=1e-6)
    assert mean == pytest.approx(mean[0], abs=1e-9)


def test_em_keeps_mean_and_variance_however_early_it_stops():
    """A mixture fitted by EM has the moments of its data after every step: what an early stop
    forgets is the shape."""
    path = population_loop(Loop(steps=3), n_generations=10)[0]
    mean, variance = moments(path)
    assert variance == pytest.approx(variance[0], rel=1e-6)
    assert mean == pytest.approx(mean[0], abs=1e-6)
    assert np.all(np.diff(sources.grid_kl(path[0], path)[1:]) > 0)


def test_the_fit_is_scikit_learns_on_rows():
    rng = np.random.default_rng(0)
    shares = rng.multinomial(4000, sources.TRUTH.on_grid())
    rows = np.repeat(GRID, shares)[:, None]
    theirs = GaussianMixture(2, tol=1e-9, max_iter=5000, random_state=0).fit(rows)
    order = np.argsort(theirs.means_[:, 0])
    ours = sources._fit(shares[None] / 4000, Loop())
    assert ours.means[0] == pytest.approx(theirs.means_[order, 0], abs=2e-3)
    assert ours.weights[0] == pytest.approx(theirs.weights_[order], abs=1e-3)
    assert ours.stds[0] == pytest.approx(np.sqrt(theirs.covariances_[order, 0, 0]), abs=2e-3)
    tied = GaussianMixture(2, covariance_type="tied", tol=1e-9, max_iter=5000, random_state=0)
    tied.fit(rows)
    ours = sources._fit(shares[None] / 4000, Loop(tied=True))
    assert ours.stds[0] == pytest.approx(np.sqrt(tied.covariances_[0, 0]), abs=2e-3)


@per_seed
def test_noise_alone_starts_at_k_over_two_n(seed):
    """CF28: five parameters, so E KL = 5 / (2 N) after one fit."""
    path = population_loop(Loop(n_samples=2000), n_generations=1, n_replicates=200, seed=seed)
    risk = sources.grid_kl(path[:, 0], path[:, 1])
    assert_agrees(risk, 5 / (2 * 2000))
    assert_rejects(risk, 4 / (2 * 2000))  # as many as with one width between them


def test_the_distance_is_scipys():
    p = TwoNormals(np.array([0.5, 0.5]), np.array([-1.0, 2.0]), np.array([1.0, 0.5])).on_grid()
    q = sources.TRUTH.on_grid()
    assert sources.grid_kl(p, q) == pytest.approx(stats.entropy(p, q))
    assert sources.grid_kl(p, np.eye(len(GRID))[0]) < 700  # underflow has an end


def test_the_truth_on_the_grid_is_the_density():
    weights, means, stds = sources.TRUTH
    density = stats.norm(means, stds).pdf(GRID[:, None]) @ weights
    assert sources.TRUTH.on_grid() == pytest.approx(density * STEP, rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("n_samples", [2, 3, 5])
@pytest.mark.parametrize("more", [{}, {"tied": True}, {"steps": 3}, {"kernel": 0.1}])
def test_a_handful_of_rows_is_enough(n_samples, more):
    """Rows may all fall on one point of the grid, and then have no spread of their own."""
    loop = Loop(n_samples=n_samples, **more)
    paths = population_loop(loop, n_generations=10, n_replicates=40, seed=n_samples)
    assert paths.sum(axis=-1) == pytest.approx(1.0)
    assert paths.min() >= 0
    _, variance = moments(paths[:, -1])
    assert np.median(variance) < 0.2 or "kernel" in more


def test_a_kernel_may_be_wide_and_adds_its_variance():
    path = population_loop(Loop(kernel=2.0), n_generations=1)[0]
    _, variance = moments(path)
    assert variance[1] - variance[0] == pytest.approx(4.0, rel=1e-4)


def test_all_together_is_not_any_single_error(paths):
    """Its rows, its family and its early stop, and not the kernel."""
    together = Loop(n_samples=300, tied=True, steps=5)
    again = population_loop(together, n_generations=25, n_replicates=150, seed=4)
    assert np.array_equal(paths["all together"], sources.grid_kl(again[:, :1], again))
    assert paths["statistical"].shape == paths["all together"].shape == (150, 26)


def test_same_seed_same_paths():
    first = population_loop(Loop(n_samples=50), n_generations=4, n_replicates=3, seed=1)
    again = population_loop(Loop(n_samples=50), n_generations=4, n_replicates=3, seed=1)
    other = population_loop(Loop(n_samples=50), n_generations=4, n_replicates=3, seed=2)
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def two(weights=(0.5, 0.5), means=(-1.0, 1.0), stds=(1.0, 1.0)):
    return TwoNormals(np.array(weights), np.array(means), np.array(stds))


test_refusals_are_sentences = refusals(
    (
        lambda: Loop(n_samples=1),
        "Loop.n_samples must be at least 2; got 1.",
    ),
    (
        lambda: Loop(steps=2.5),
        TypeError,
        "Loop.steps must be a whole number; got 2.5.",
    ),
    (
        lambda: Loop(kernel=0.05),
        "Loop.kernel must be finite and at least 0.06; got 0.05.",
    ),
    (
        lambda: population_loop(Loop(kernel=2.0), n_generations=20),
        "Loop.kernel 2 widens the model to a standard deviation of 9.08 by generation 20, too "
        "wide for the grid from -12 to 12; use a narrower kernel or fewer generations.",
    ),
    (
        lambda: population_loop(Loop(), n_generations=1, truth=two(means=[100.0, 102.0])),
        "population_loop.truth must fit on the grid: standard deviations of 0.06 or more, and "
        "means at least four of them inside -12 to 12; got means [100.0, 102.0] and stds "
        "[1.0, 1.0].",
    ),
    (
        lambda: population_loop(Loop(), n_generations=1, truth=two(weights=[0.5, 0.6])),
        "population_loop.truth.weights must sum to 1; got 1.1. Divide counts by their sum.",
    ),
    (
        lambda: population_loop(Loop(), n_generations=1, truth=two(stds=[1.0])),
        "population_loop.truth must be two normals, each part of the shape (2,); got (2,), "
        "(2,) and (1,).",
    ),
    (
        lambda: Loop(kernel=0.1, tied=True),
        "Loop.kernel leaves nothing to optimise; leave tied and steps at their defaults.",
    ),
    (
        lambda: population_loop(Loop(), n_generations=0),
        "population_loop.n_generations must be at least 1; got 0.",
    ),
)
