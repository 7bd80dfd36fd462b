"""The three error sources: what is off is off, and what is on does what theory says."""

import numpy as np
import pytest
from scipy import stats
from sklearn.mixture import GaussianMixture
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import error_sources as sources
from collapse_lib.error_sources import GRID, Loop, TwoNormals, error_sources, population_loop

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


def test_distances_are_scipys():
    p = TwoNormals(np.array([0.5, 0.5]), np.array([-1.0, 2.0]), np.array([1.0, 0.5])).on_grid()
    q = sources.TRUTH.on_grid()
    assert sources.grid_kl(p, q) == pytest.approx(stats.entropy(p, q))
    expected = stats.wasserstein_distance(GRID, GRID, p, q)
    assert sources.grid_wasserstein(p, q) == pytest.approx(expected)
    assert sources.grid_kl(p, np.eye(len(GRID))[0]) < 700  # underflow has an end


def test_the_truth_on_the_grid_is_the_density():
    weights, means, stds = sources.TRUTH
    density = stats.norm(means, stds).pdf(GRID[:, None]) @ weights
    assert sources.TRUTH.on_grid() == pytest.approx(density * STEP, rel=1e-6, abs=1e-12)


def test_same_seed_same_paths():
    first = population_loop(Loop(n_samples=50), n_generations=4, n_replicates=3, seed=1)
    again = population_loop(Loop(n_samples=50), n_generations=4, n_replicates=3, seed=1)
    other = population_loop(Loop(n_samples=50), n_generations=4, n_replicates=3, seed=2)
    assert np.array_equal(first, again) and not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: Loop(n_samples=1),
            "Loop.n_samples must be a whole number of 2 or more, or None; got 1.",
        ),
        (
            lambda: Loop(steps=2.5),
            "Loop.steps must be a whole number of 1 or more, or None; got 2.5.",
        ),
        (lambda: Loop(kernel=0.0), "Loop.kernel must be above 0 and finite, or None; got 0.0."),
        (
            lambda: Loop(kernel=0.1, tied=True),
            "Loop.kernel leaves nothing to optimise; leave tied and steps at their defaults.",
        ),
        (
            lambda: population_loop(Loop(), n_generations=0),
            "n_generations must be 1 or more; got 0.",
        ),
    ],
)
def test_refusals_are_sentences(call, sentence):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == sentence
