"""Sources with a known density: moments and densities against closed forms and scipy."""

import pickle

import numpy as np
import pytest
from scipy import stats
from sklearn.datasets import make_moons
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib.sources import (
    GaussianMixtureSource,
    GaussianSource,
    LinearRows,
    MultivariateGaussian,
    TwoMoons,
    grid_mixture,
)

MEAN, COVARIANCE = [1.0, -2.0], [[2.0, 0.6], [0.6, 0.5]]
WEIGHTS, MEANS = [0.7, 0.3], [[0.0, 0.0], [3.0, -1.0]]
COVARIANCES = [[[1.0, 0.5], [0.5, 1.0]], [[0.2, 0.0], [0.0, 0.4]]]
MIXTURE = GaussianMixtureSource(WEIGHTS, MEANS, COVARIANCES)
DESIGN = np.random.default_rng(7).standard_normal((30, 2))

EVERY = [
    GaussianSource(),
    MultivariateGaussian(MEAN, COVARIANCE),
    MIXTURE,
    grid_mixture(),
    TwoMoons(),
    LinearRows([1.0, -2.0]),
    LinearRows([1.0, -2.0], design=DESIGN),
]


def rng(seed=0):
    return np.random.default_rng(seed)


def moments(rows, mean):
    """(n, d + d^2): each row, and the products of its deviations from the mean."""
    apart = rows - np.asarray(mean)
    return np.hstack([rows, np.einsum("ni,nj->nij", apart, apart).reshape(len(rows), -1)])


def expected(mean, covariance):
    return np.concatenate([np.ravel(mean), np.ravel(covariance)])


seeded = pytest.mark.parametrize("seed", stat_seeds())


@seeded
def test_gaussian(seed):
    source = GaussianSource(3.0, 2.0)
    rows = source(20_000, rng(seed))
    assert rows.shape == (20_000,)
    assert_agrees(moments(rows[:, None], 3.0), [3.0, 4.0])
    assert_rejects(moments(rows[:, None], 3.0), [3.0, 4.5])
    assert np.allclose(source.score_samples(rows), stats.norm(3, 2).logpdf(rows), rtol=1e-12)


@seeded
def test_multivariate_gaussian(seed):
    source = MultivariateGaussian(MEAN, COVARIANCE)
    rows = source(20_000, rng(seed))
    assert rows.shape == (20_000, 2)
    assert_agrees(moments(rows, MEAN), expected(MEAN, COVARIANCE))
    assert_rejects(moments(rows, MEAN), expected(MEAN, [[2.0, 0.5], [0.5, 0.5]]))
    oracle = stats.multivariate_normal(MEAN, COVARIANCE).logpdf(rows)
    assert np.allclose(source.score_samples(rows), oracle, rtol=1e-9)


@seeded
def test_mixture_has_its_moments(seed):
    rows = MIXTURE(20_000, rng(seed))
    assert_agrees(moments(rows, MIXTURE.mean), expected(MIXTURE.mean, MIXTURE.covariance))
    other = GaussianMixtureSource([0.65, 0.35], MEANS, COVARIANCES)
    assert_rejects(moments(rows, other.mean), expected(other.mean, other.covariance))


def test_mixture_density():
    rows = MIXTURE(200, rng(4))
    oracle = sum(
        weight * stats.multivariate_normal(mean, covariance).pdf(rows)
        for weight, mean, covariance in zip(WEIGHTS, MEANS, COVARIANCES, strict=True)
    )
    assert np.allclose(MIXTURE.score_samples(rows), np.log(oracle), rtol=1e-11)
    alone = GaussianMixtureSource([1.0, 0.0], MEANS, COVARIANCES)
    expected = stats.multivariate_normal(MEANS[0], COVARIANCES[0]).logpdf(rows)
    assert np.allclose(alone.score_samples(rows), expected, rtol=1e-11)


@seeded
def test_mixture_rows_come_in_no_order(seed):
    """Rows sorted by component would make the head of a sample a biased part of it."""
    draws = np.array([MIXTURE(50, rng((seed, k))) for k in range(300)])  # (draws, 50, 2)
    assert_agrees(draws[:, :5].mean(axis=1), MIXTURE.mean)
    nearest = np.linalg.norm(draws[:, :, None] - MIXTURE.means, axis=3).argmin(axis=2)
    by_component = np.take_along_axis(draws, np.argsort(nearest)[:, :, None], axis=1)
    assert_rejects(by_component[:, :5].mean(axis=1), MIXTURE.mean)


@seeded
def test_grid_mixture(seed):
    source = grid_mixture()
    ticks = {-4.0, -2.0, 0.0, 2.0, 4.0}
    assert {tuple(mean) for mean in source.means} == {(x, y) for x in ticks for y in ticks}
    assert np.allclose(source.covariances, 0.05**2 * np.eye(2))
    assert np.allclose(grid_mixture(2, 1.0, 0.1).means.mean(axis=0), 0)
    rows = source(10_000, rng(seed))
    nearest = np.abs(rows[:, None] - source.means).sum(axis=2).argmin(axis=1)
    assert_agrees(nearest[:, None] == np.arange(25), np.full(25, 1 / 25))
    squared = (rows - source.means[nearest]) ** 2
    assert_agrees(squared, [0.05**2] * 2)
    assert_rejects(squared, [0.055**2] * 2)


def test_two_moons_lie_on_the_half_circles_of_scikit_learn():
    rows = TwoMoons(noise=0)(500, rng(6))
    curve, _ = make_moons(20_000, shuffle=False)
    distance = np.sqrt(((rows[:, None] - curve[::4]) ** 2).sum(axis=2)).min(axis=1)
    assert distance.max() < 1e-3
    shifted = np.sqrt(((rows[:, None] + 0.05 - curve[::4]) ** 2).sum(axis=2)).min(axis=1)
    assert shifted.max() > 1e-2  # negative control


@seeded
def test_two_moons_have_their_moments(seed):
    source, other = TwoMoons(0.1), TwoMoons(0.2)
    rows = source(20_000, rng(seed))
    assert_agrees(moments(rows, source.mean), expected(source.mean, source.covariance))
    assert_rejects(moments(rows, other.mean), expected(other.mean, other.covariance))


def test_two_moons_have_the_moments_of_scikit_learn():
    evenly_spaced, _ = make_moons(200_000)
    assert np.allclose(TwoMoons(0).covariance, np.cov(evenly_spaced.T), atol=1e-4)
    assert np.allclose(TwoMoons(0).mean, evenly_spaced.mean(axis=0), atol=1e-4)


@seeded
def test_two_moons_are_independent_rows(seed):
    """The mean of n independent rows has variance var / n; evenly spaced angles have less."""
    n, source = 50, TwoMoons(0.1)

    def squared_deviations(draw):
        means = np.array([draw(k).mean(axis=0) for k in range(500)])
        return n * (means - source.mean) ** 2

    variance = np.diag(source.covariance)
    assert_agrees(squared_deviations(lambda k: source(n, rng((seed, k)))), variance)
    evenly_spaced = squared_deviations(lambda k: make_moons(n, noise=0.1, random_state=k)[0])
    assert_rejects(evenly_spaced, variance)


@seeded
def test_linear_rows(seed):
    weights = np.array([1.0, -2.0, 0.5])
    rows = LinearRows(weights, noise=0.5)(20_000, rng(seed))
    inputs, target = rows[:, :3], rows[:, 3]
    assert_agrees(moments(inputs, np.zeros(3)), expected(np.zeros(3), np.eye(3)))
    residual = target - inputs @ weights
    assert_agrees(inputs * residual[:, None], np.zeros(3))
    assert_agrees(residual**2, 0.25)
    assert_rejects(residual**2, 0.28)
    wrong = target - inputs @ [1.0, -2.0, 0.55]
    assert_rejects(inputs * wrong[:, None], np.zeros(3))


def test_linear_rows_density():
    source = LinearRows([1.0, -2.0], noise=0.5)
    rows = source(100, rng(9))
    # The rows are jointly Gaussian: (x, y) with covariance [[I, w], [w, w.w + noise^2]].
    covariance = [[1.0, 0.0, 1.0], [0.0, 1.0, -2.0], [1.0, -2.0, 5.25]]
    oracle = stats.multivariate_normal(np.zeros(3), covariance).logpdf(rows)
    assert np.allclose(source.score_samples(rows), oracle, rtol=1e-9)
    fixed = LinearRows([1.0, -2.0], 0.5, design=rows[:, :2])
    given_inputs = stats.norm(rows[:, :2] @ [1.0, -2.0], 0.5).logpdf(rows[:, 2])
    assert np.allclose(fixed.score_samples(rows), given_inputs, rtol=1e-9)


def test_linear_rows_with_a_design_use_its_inputs_in_order():
    source = LinearRows([1.0, -2.0], design=DESIGN)
    first, second = source(30, rng(1)), source(30, rng(2))
    assert np.array_equal(first[:, :2], DESIGN) and np.array_equal(second[:, :2], DESIGN)
    assert not np.array_equal(first[:, 2], second[:, 2])
    noiseless = LinearRows([1.0, -2.0], noise=0, design=DESIGN)(30, rng())
    assert np.allclose(noiseless[:, 2], DESIGN @ [1.0, -2.0])


def test_linear_rows_with_a_design_hold_out_rows_of_their_own():
    source = LinearRows([1.0, -2.0], design=DESIGN)
    started, again = source.start(rng(1)), source.start(rng(1))
    held_out = started.reference(1000)
    assert held_out.shape == (30, 3) and np.array_equal(held_out[:, :2], DESIGN)
    assert np.array_equal(started.reference(4), again.reference(1000)[:4])
    assert not np.array_equal(started(30, rng(2))[:, 2], held_out[:, 2])
    free = LinearRows([1.0, -2.0])
    assert free.start(rng()) is free and not hasattr(free, "reference")


@pytest.mark.parametrize("source", EVERY, ids=lambda source: type(source).__name__)
def test_every_drawn_source(source):
    rows = source(30, rng(1))
    assert len(rows) == 30 and rows.dtype == np.float64
    assert np.array_equal(rows, source(30, rng(1)))
    assert not np.array_equal(rows, source(30, rng(2)))
    back = pickle.loads(pickle.dumps(source))
    assert back == source and hash(back) == hash(source) and repr(back) == repr(source)
    assert np.array_equal(back(30, rng(1)), rows)


def test_repr():
    assert repr(GaussianSource(0, 2)) == "GaussianSource(mean=0.0, std=2.0)"
    assert repr(TwoMoons()) == "TwoMoons(noise=0.1)"
    assert repr(LinearRows([1, 2])) == "LinearRows(weights=[1.0, 2.0], noise=1.0, design=None)"
    assert eval(repr(MIXTURE)) == MIXTURE
    assert repr(grid_mixture()).startswith("GaussianMixtureSource(weights=<float64 (25,) ")


def test_arrays_are_read_only_copies():
    mean = np.array(MEAN)
    source = MultivariateGaussian(mean, COVARIANCE)
    mean[:] = 99
    assert source.mean.tolist() == MEAN
    with pytest.raises(ValueError, match="read-only"):
        source.mean[0] = 0


def test_equality():
    source = MultivariateGaussian(MEAN, COVARIANCE)
    assert source == MultivariateGaussian(np.array(MEAN), np.array(COVARIANCE))
    assert source != MultivariateGaussian([0.0, 0.0], COVARIANCE)
    assert source != MIXTURE
    assert LinearRows([1.0, -2.0]) != LinearRows([1.0, -2.0], design=DESIGN)


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: GaussianSource(std=0),
            ValueError,
            "GaussianSource.std must be finite and above 0; got 0.",
        ),
        (
            lambda: GaussianSource(mean=float("nan")),
            ValueError,
            "GaussianSource.mean must be finite; got nan.",
        ),
        (
            lambda: GaussianSource(mean="zero"),
            TypeError,
            "GaussianSource.mean must be a number; got 'zero'.",
        ),
        (
            lambda: GaussianSource()(1.5, rng()),
            TypeError,
            "GaussianSource.n must be a whole number; got 1.5.",
        ),
        (
            lambda: TwoMoons(-0.1),
            ValueError,
            "TwoMoons.noise must be finite and at least 0; got -0.1.",
        ),
        (
            lambda: MultivariateGaussian(0.0, [[1.0]]),
            ValueError,
            "MultivariateGaussian.mean must have 1 axis; got shape ().",
        ),
        (
            lambda: MultivariateGaussian([0.0, 0.0], [[1.0]]),
            ValueError,
            "MultivariateGaussian.covariance must have shape (2, 2) like the mean of 2; "
            "got (1, 1).",
        ),
        (
            lambda: MultivariateGaussian([0.0, 0.0], [[1.0, 0.5], [0.0, 1.0]]),
            ValueError,
            "MultivariateGaussian.covariance must be symmetric; average it with its transpose.",
        ),
        (
            lambda: MultivariateGaussian([0.0, 0.0], [[1.0, 2.0], [2.0, 1.0]]),
            ValueError,
            "MultivariateGaussian.covariance must be positive definite; its smallest eigenvalue "
            "is -1. Add a little to the diagonal.",
        ),
        (
            lambda: MultivariateGaussian(MEAN, COVARIANCE).score_samples([1.0, 2.0, 3.0]),
            ValueError,
            "MultivariateGaussian.score_samples needs rows of shape (n, d); got shape (3,).",
        ),
        (
            lambda: GaussianMixtureSource([0.5, 0.5], [[0.0]], [[[1.0]]]),
            ValueError,
            "GaussianMixtureSource.means must have one entry for each of the 2 weights; got 1.",
        ),
        (
            lambda: GaussianMixtureSource([1.0], [[0.0]], [[[-1.0]]]),
            ValueError,
            "GaussianMixtureSource.covariances[0] must be positive definite; its smallest "
            "eigenvalue is -1. Add a little to the diagonal.",
        ),
        (
            lambda: grid_mixture(side=0),
            ValueError,
            "grid_mixture.side must be at least 1; got 0.",
        ),
        (
            lambda: LinearRows([1.0], design=DESIGN),
            ValueError,
            "LinearRows.design must have one column for each of the 1 weights; got shape (30, 2).",
        ),
        (
            lambda: LinearRows([1.0, 2.0], design=DESIGN)(29, rng()),
            ValueError,
            "LinearRows has a design of 30 inputs and was asked for 29 rows; set n_samples to 30 "
            "and n_fresh to that or 0, or leave design out.",
        ),
        (
            lambda: LinearRows([1.0], noise=0).score_samples([[1.0, 1.0]]),
            ValueError,
            "LinearRows.score_samples needs noise above 0; got 0.",
        ),
    ],
)
def test_sentences(make, kind, message):
    with pytest.raises(kind) as error:
        make()
    assert str(error.value) == message
