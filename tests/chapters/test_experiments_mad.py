"""The three loops of model autophagy disorder as stored: what they show, and what they do not."""

import numpy as np
import pytest
from sentences import says

from collapse_lib.chapters import all_experiments, load
from collapse_lib.chapters.autophagy.mad import BIASES, LOOPS, digit_images, snapshots
from collapse_lib.loop import run_loop
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Latest
from collapse_lib.sources import GaussianSource

NAMES = ("mad-grid", "mad-moons", "mad-digits")
STORED = {name: load(name) for name in NAMES}
per_stored = pytest.mark.parametrize("name", NAMES)


def at(name, measure, loop, bias, generation):
    """(R,) of the largest k."""
    runs = STORED[name][measure].sel(loop=loop, bias=bias).values
    return runs[:, generation, -1] if runs.ndim == 3 else runs[:, generation]


@per_stored
def test_bias_raises_precision_and_lowers_recall_in_every_loop(name):
    for loop in LOOPS:
        for t in (2, -1):
            for measure, sign in (("precision", 1), ("recall", -1), ("variance", -1)):
                if measure == "variance" and name == "mad-moons":
                    continue  # moons keep their length however thin they get
                if (name, loop, measure, t) == ("mad-grid", "synthetic", "recall", -1):
                    continue  # see test_recall_rises_again_where_modes_die
                values = [at(name, measure, loop, bias, t) for bias in BIASES]
                medians = np.median(values, axis=1)
                steps = sign * np.diff(medians)
                assert np.all(steps >= 0) and steps[0] > 0, (loop, t, measure, medians)


@per_stored
def test_fully_synthetic_loops_lose_most_and_real_rows_keep_some(name):
    if name != "mad-grid":
        assert np.median(at(name, "recall", "synthetic", 0.5, -1)) < 0.05
    gone = at(name, "coverage", "synthetic", 0.5, -1)
    for loop in ("augmented", "accumulated", "fresh"):
        assert at(name, "coverage", loop, 0.5, -1).min() > gone.max()


@per_stored
def test_accumulated_recall_goes_on_falling_under_bias_where_fixed_rows_hold_it(name):
    fall = {
        loop: np.median(at(name, "recall", loop, 0.5, 3) - at(name, "recall", loop, 0.5, -1))
        for loop in ("accumulated", "augmented")
    }
    assert fall["accumulated"] > 0.1 > 0.03 > fall["augmented"]


def test_recall_rises_again_where_modes_die():
    """A mode with k samples or fewer has its k-th neighbour in the next mode: its balls reach over
    whole modes that nothing is left of. Coverage, with balls of real rows, is not taken in."""
    early, late = (at("mad-grid", "recall", "synthetic", 0.5, t) for t in (5, 20))
    assert np.median(late) > np.median(early)
    early, late = (at("mad-grid", "coverage", "synthetic", 0.5, t) for t in (5, 20))
    assert np.all(late < early)
    assert np.all(at("mad-grid", "alive", "synthetic", 0.5, 20) < 25)
    assert np.all(at("mad-grid", "alive", "fresh", 0.5, 20) == 25)


@per_stored
def test_recall_falls_at_every_bias_where_all_rows_are_synthetic(name):
    for bias in BIASES:
        first, last = (at(name, "recall", "synthetic", bias, t) for t in (1, -1))
        assert np.all(last < first)
    # control: with new real rows and without bias it stays
    first, last = (at(name, "recall", "fresh", 1.0, t) for t in (1, -1))
    assert abs(np.median(last - first)) < 0.05


@per_stored
def test_generation_0_is_one_for_all_loops(name):
    for measure in ("precision", "recall", "density", "coverage", "variance"):
        start = STORED[name][measure].sel(generation=0).values
        assert np.all(start == start[:1, :1])


@per_stored
def test_a_part_of_other_biases_is_told(name):
    experiment = all_experiments()[name]
    stored = STORED[name]
    part = stored.isel(seed=slice(1))
    experiment.agrees(stored, part)
    swapped = part.assign(recall=(part.recall.dims, part.recall.values[:, ::-1]))
    with pytest.raises(AssertionError, match="of recall lie outside of what the seeds gave"):
        experiment.agrees(stored, swapped)
    others = part.assign(kept_rows=part.kept_rows + np.int16(9))
    with pytest.raises(AssertionError, match="the first real rows are others"):
        experiment.agrees(stored, others)


def test_snapshots_are_samples_in_their_unit():
    generations, rows = snapshots(STORED["mad-moons"], "synthetic", 0.5)
    assert generations[0] == 0 and rows.shape == (len(generations), 250, 2)
    assert np.all(np.abs(rows[0]).max(axis=0) < [2.6, 1.6])  # two moons of the usual size
    _, scores = snapshots(STORED["mad-digits"], "fresh", 1.0)
    assert digit_images(scores[0]).shape == (30, 28, 28)
    with says(
        "snapshots: loop must be one of 'synthetic', 'augmented', 'accumulated', 'fresh'; "
        "got 'mad'."
    ):
        snapshots(STORED["mad-grid"], "mad", 1.0)
    with says("snapshots: bias must be one of 1.0, 0.8, 0.5; got 0.3."):
        snapshots(STORED["mad-grid"], "fresh", 0.3)


def test_digits_from_their_scores_look_like_the_digits():
    from collapse_lib.chapters.autophagy.mad import _principal
    from collapse_lib.sources import mnist

    real = mnist().rows / 255
    again = digit_images(_principal()[-1]).reshape(len(real), -1)
    assert ((real - again) ** 2).sum() < 0.45 * ((real - real.mean(axis=0)) ** 2).sum()


def test_the_fresh_loop_trains_on_as_many_new_rows_as_samples():
    run = run_loop(
        Gaussian(), GaussianSource(), Latest(), n_samples=30, n_fresh=20, n_generations=4,
        seed=1,
    )  # fmt: skip
    for generation in list(run)[1:]:
        origin = generation.train.origin
        assert (origin == 0).sum() == 20 and (origin == generation.index - 1).sum() == 30
