"""The mixture experiments: EM against scikit-learn, and the stored runs against closed forms."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from sklearn.mixture import GaussianMixture as Theirs
from statcheck import assert_agrees, assert_rejects

from collapse_lib import theory
from collapse_lib.chapters import load
from collapse_lib.chapters.shumailov import em as _em
from collapse_lib.chapters.shumailov.mixture import EXPERIMENTS, density_grids
from collapse_lib.sources import GaussianMixtureSource

SOURCE = GaussianMixtureSource(
    [0.6, 0.4], [[-1.0, 0.0], [1.5, 1.0]], [[[1.0, 0.3], [0.3, 0.5]], [[0.4, -0.1], [-0.1, 0.8]]]
)


def two_replicates(seed=0):
    rngs = np.random.default_rng(seed).spawn(2)
    truth = _em.Mixtures.of_source(SOURCE, 2)
    return truth, _em.sample(truth, 400, rngs)


def matrices(covariances):
    """(K, 3) as (K, 2, 2)."""
    return covariances[:, [0, 1, 1, 2]].reshape(-1, 2, 2)


def test_em_is_scikit_learns():
    truth, rows = two_replicates()
    fitted = _em.fit(rows, truth, tol=1e-5, max_iter=500, reg_covar=1e-4)
    for r in range(2):
        theirs = Theirs(
            2,
            tol=1e-5,
            max_iter=500,
            reg_covar=1e-4,
            weights_init=SOURCE.weights,
            means_init=SOURCE.means,
            precisions_init=np.linalg.inv(SOURCE.covariances),
        ).fit(rows[r].T)
        assert fitted.weights[r] == pytest.approx(theirs.weights_, abs=1e-9)
        assert fitted.means[r] == pytest.approx(theirs.means_, abs=1e-9)
        assert matrices(fitted.covariances[r]) == pytest.approx(theirs.covariances_, abs=1e-9)
        scores = _em.log_density(rows, fitted)[r]
        assert scores == pytest.approx(theirs.score_samples(rows[r].T))
        spread = np.linalg.slogdet(theirs.covariances_)[1] / 4
        assert fitted.log_spread[r] == pytest.approx(spread)


def test_samples_are_those_of_the_source():
    truth, _ = two_replicates()
    rows = _em.sample(truth, 20_000, np.random.default_rng(1).spawn(2))
    for each in rows:
        assert_agrees(each.T, SOURCE.mean)
        centred = each.T - SOURCE.mean
        assert_agrees(centred[:, :, None] * centred[:, None], SOURCE.covariance)
        assert_rejects(centred[:, :, None] * centred[:, None], SOURCE.covariances[0])


def test_a_replicate_does_not_depend_on_those_beside_it():
    truth, rows = two_replicates()
    both = _em.fit(rows, truth, tol=1e-5, max_iter=500, reg_covar=1e-6)
    alone = _em.fit(rows[:1], truth.take([0]), tol=1e-5, max_iter=500, reg_covar=1e-6)
    assert both.means[:1] == pytest.approx(alone.means, abs=1e-12)


def test_the_spread_of_two_blobs_falls_as_their_counts_say():
    """40 runs of up to 2,000 generations, each component by its own rows."""
    stored = load("mixture-two-blobs")
    followed, expected = (stored[name].values[:, -1] for name in ("followed", "expected"))
    assert expected.mean() < -3
    assert_agrees(followed - expected, 0.0)
    assert_rejects(followed - 0.8 * expected, 0.0)  # the law of one dimension: 1 / M for 1.25 / M


def test_overlapping_components_do_not_obey_the_law_of_separate_ones():
    stored = load("mixture-one-blob")
    followed, expected = (stored[name].values[:, -1] for name in ("followed", "expected"))
    assert_rejects(followed - expected, 0.0)


def test_two_blobs_lose_one_as_often_as_two_types_do():
    lost = load("mixture-two-blobs").alive.values[:, -1] < 2
    expected = 1 - theory.uncollapsed_probability(2000, 0.5, 1000)
    assert_agrees(lost, expected)
    assert_rejects(lost, expected - 0.4)


def test_lost_modes_lie_inside_the_band_of_the_formula():
    alive = load("mixture-25-modes").alive.values.astype(float)
    n_generations = alive.shape[1]
    t = np.arange(1, n_generations + 1)
    exact = 25 * (1 - theory.absent_probability(t, 1 / 25, 1000))
    seen = (exact > 4) & (exact < 24.9)  # where the runs differ enough for a standard error
    assert seen.sum() > 300
    assert_agrees(alive[:, seen], exact[seen])
    coupon = theory.expected_survivors(np.ones(25), 1000, t)
    assert np.all(np.abs(coupon - exact)[exact > 10] < 0.5)
    assert_rejects(alive[:, seen], theory.expected_survivors(np.ones(25), 800, t)[seen])
    assert np.all(np.diff(alive, axis=1) <= 0)  # a lost mode never comes back


def test_density_grids_hold_all_the_mass_of_every_snapshot():
    stored = load("mixture-two-blobs")
    grids = density_grids(stored, 3, half_width=9.0, side=120)
    assert grids.shape == (8, 120, 120)
    assert stored.snapshot.values.tolist() == [0, 1, 50, 100, 150, 200, 350, 2000]
    assert grids.sum(axis=(1, 2)) * 0.15**2 == pytest.approx(1.0, abs=0.02)
    truth = [stats.multivariate_normal([x, 0], (1 + 0.075**2) * np.eye(2)) for x in (-3, 3)]
    ticks = -9 + 0.15 * (np.arange(120) + 0.5)
    points = np.stack(np.meshgrid(ticks, ticks), axis=-1)
    expected = sum(each.pdf(points) for each in truth) / 2
    assert grids[0] == pytest.approx(expected, abs=1e-6)


BY_NAME = {each.name: each for each in EXPERIMENTS}
TWO, MODES = "mixture-two-blobs", "mixture-25-modes"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (TWO, {"seed": 1}),
        (TWO, {"tol": 1e-2}),
        (TWO, {"max_iter": 1}),
        (TWO, {"reg_covar": 1e-3}),
        (TWO, {"centres": [[-2.9, 0.0], [2.9, 0.0]]}),
        (TWO, {"centres": [[-3.0, 5.0], [3.0, 5.0]]}),
        (TWO, {"every": 10}),
        (MODES, {"seed": 1}),
        (MODES, {"n_samples": 900}),
    ],
)
def test_a_wrong_part_is_refused(name, change):
    experiment = BY_NAME[name]
    short = {"n_generations": 40} if name == MODES else {"n_generations": 20, "snapshots": [1]}
    settings = {**experiment.settings, **experiment.part, **short, "n_replicates": 2}
    stored = load(name)
    experiment.agrees(stored, replace(experiment, part=settings).make_part())
    other = r"not what is stored|not all values found"
    with pytest.raises((AssertionError, KeyError), match=other):
        experiment.agrees(stored, replace(experiment, part=settings | change).make_part())


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_every_stored_array_is_compared(name):
    """The start of what is stored agrees; with any array zeroed, or moved by a hundredth, it
    does not."""
    experiment, stored = BY_NAME[name], load(name)
    few = ("replicate", "generation", "snapshot")
    part = stored.isel({dim: slice(3) for dim in few if dim in stored.dims})
    experiment.agrees(stored, part)
    for key, array in stored.items():
        moved = array + 1 if array.dtype.kind == "u" else 1.01 * array
        for wrong in (0 * array, moved.astype(array.dtype)):
            with pytest.raises(AssertionError, match=key):
                experiment.agrees(stored.assign({key: wrong}), part)
        with pytest.raises(AssertionError, match="stored are"):
            experiment.agrees(stored.drop_vars(key), part)
