"""Early and late: what counts as below, what is not known, and the laws of when they come."""

import numpy as np
import pytest
from sentences import refusals
from statcheck import stat_seeds

from collapse_lib import verdicts as stages
from collapse_lib.sources import zipf_shares

per_seed = pytest.mark.parametrize("seed", stat_seeds())
NAN, NEVER = np.nan, stages.NEVER


# --- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "first", "for_good"),
    [
        ([1.0, 0.6, 0.4, 0.3], 3, 3),
        ([1.0, 0.4, 0.6, 0.3], 2, 4),
        ([0.4, 0.4, 0.4, 0.4], 1, 1),
        ([1.0, 0.4, 0.4, 0.6], 2, NEVER),
        ([1.0, 0.9, 0.8, 0.5], NEVER, NEVER),  # at the level is not below it
        ([NAN, NAN, 0.4, 0.3], 3, 3),
        ([1.0, 0.4, NAN, 0.3], 2, 2),
        ([1.0, 0.4, 0.3, NAN], 2, 2),
        ([NAN, NAN, NAN, NAN], NAN, NAN),
        ([1.0, NAN, -np.inf, 0.2], 3, 3),
    ],
)
def test_first_below(path, first, for_good):
    assert stages.first_below(path, 0.5) == pytest.approx(first, nan_ok=True)
    assert stages.first_below(path, 0.5, for_good=True) == pytest.approx(for_good, nan_ok=True)


def test_generations_may_be_thinned():
    paths = np.array([[[1.0, 0.4, 0.3]], [[1.0, 1.0, 1.0]]])
    found = stages.first_below(paths, 0.5, generations=[1, 50, 100])
    assert found.tolist() == [[50.0], [NEVER]]


def test_never_is_told_apart_from_late_and_from_not_measured():
    tail = [[0.9, 0.4, 0.3], [0.9, 0.4, 0.3], [0.9, 0.9, 0.9], [NAN] * 3, [0.9, 0.9, 0.4]]
    spread = [[1.0, 0.5, 0.05], [1.0, 0.8, 0.6], [1.0, 1.0, 1.0], [1.0, 0.5, 0.05], [1, 0.05, 0]]
    found = stages.two_stages(tail, spread)
    assert found.early.tolist()[:3] == [2, 2, NEVER] and np.isnan(found.early[3])
    assert found.late.tolist() == [3, NEVER, NEVER, 3, 2]
    assert found.gap.tolist()[:2] == [1, NEVER]
    assert np.isnan(found.gap[2:4]).all() and found.gap[4] == -1
    assert str(found) == (
        "early (tail recall below 0.5): generation 2 (median), reached in 3 of 4 runs; "
        "late (spread below 0.1): generation 3 (median), reached in 3 of 5 runs"
    )
    none = stages.two_stages([[1.0, 1.0]], [[NAN, NAN]])
    assert str(none) == (
        "early (tail recall below 0.5): in none of 1 runs within 2 generations; "
        "late (spread below 0.1): not measured"
    )
    half = stages.two_stages([[0.4, 0.3]] * 3, [[1.0, 0.01], [1.0, 1.0], [1.0, 1.0]])
    assert str(half).endswith("late (spread below 0.1): after 2 (median), reached in 1 of 3 runs")


def test_the_sentence_names_what_was_measured():
    path = np.array([[1.0, 0.4, 0.05]])
    found = stages.two_stages(path, path, tail_name="minority coverage", spread_name="perplexity")
    assert str(found) == (
        "early (minority coverage below 0.5): generation 2 (median), reached in 1 of 1 runs; "
        "late (perplexity below 0.1): generation 3 (median), reached in 1 of 1 runs"
    )


def test_levels_are_arguments():
    path = np.arange(10, -1, -1)[None] / 10
    assert stages.two_stages(path, path).gap == [4]  # below 0.5 at 7, below 0.1 at 11
    assert stages.two_stages(path, path, tail_level=0.95, spread_level=0.45).gap == [5]


def test_first_noticed_is_a_departure_from_what_healthy_models_show():
    healthy = np.random.default_rng(0).normal(5, 1, size=(400, 1))
    moving = np.concatenate([healthy, healthy * 0 + 5 - 2.5, healthy * 0 + 5 + 4], axis=1)
    found = stages.first_noticed(moving)
    assert np.median(found) == 3  # 2.5 standard deviations are no alarm, 4 are, to either side
    assert np.median(stages.first_noticed(moving, width=2)) == 2
    blind = np.repeat(np.clip(healthy, 3, 7), 5, axis=1)
    assert np.isinf(stages.first_noticed(blind)).all()
    assert stages.first_noticed(np.c_[np.ones(10), np.full(10, -np.inf)]).tolist() == [2.0] * 10


@pytest.mark.parametrize("unit", [1e-18, 1e-9, 1e9])
def test_what_is_noticed_has_no_unit(unit):
    values = np.random.default_rng(0).normal(5, 1, size=(40, 1)) + np.array([0.0, 0.1, 9.0])
    assert np.array_equal(stages.first_noticed(unit * values), stages.first_noticed(values))
    tied = np.repeat(0.1 + 0.2, 10)[:, None] * np.array([1.0, 1 + 1e-15])
    assert np.isinf(stages.first_noticed(unit * tied)).all()


test_refusals_are_sentences = refusals(
    (
        lambda: stages.first_below(0.5, 0.5),
        "first_below.values must have an axis of generations; got ().",
    ),
    (
        lambda: stages.first_below([0.5], NAN),
        "first_below.level must be finite; got nan.",
    ),
    (
        lambda: stages.first_below([0.5, 0.4], 0.5, generations=[1]),
        "first_below needs arrays of one shape; got generations (1,), entries (2,).",
    ),
    (
        lambda: stages.two_stages([[1.0, 1.0]], [[1.0]]),
        "two_stages needs arrays of one shape; got tail (1, 2), spread (1, 1).",
    ),
    (
        lambda: stages.first_noticed([[1.0, 2.0]]),
        "first_noticed.values must be (R, T) with at least 10 runs, from which it learns how "
        "the first generation varies; got shape (1, 2).",
    ),
    (
        lambda: stages.first_noticed(np.ones((10, 2)), 0),
        "first_noticed.width must be finite and above 0; got 0.",
    ),
    (
        lambda: stages.two_stages([[1.0, 0.4]], [[1.0, 0.1]], generations=[20, 10]),
        "first_below.generations must rise from entry to entry; sort them, and the values with "
        "them.",
    ),
    (
        lambda: stages.first_noticed(np.c_[np.r_[np.ones(9), -np.inf], np.ones(10)]),
        "first_noticed.values must be finite at the first generation, whose range is the "
        "measure of all others; 1 of 10 runs are not.",
    ),
    (
        lambda: stages.gaussian_late_time(1000, 1.5),
        "gaussian_late_time.quantile must be in [1e-09, 1]; got 1.5.",
    ),
    (
        lambda: stages.gaussian_late_time([100, 0]),
        (
            "gaussian_late_time.n_samples must be finite and above 0; 1 of 2 are not (the first"
            " is 0)."
        ),
    ),
    (
        lambda: stages.tail_loss_time([0.5, 0.5], 0),
        "tail_loss_time.n_samples must be finite and above 0; got 0.",
    ),
    (
        lambda: stages.tail_loss_time([0.5, 0.6], 100),
        "tail_loss_time.p must sum to 1; got 1.1. Divide counts by their sum.",
    ),
    (
        lambda: stages.tail_loss_time([[0.5, 0.5]], 100),
        "tail_loss_time.p must have 1 axis; got shape (1, 2).",
    ),
    (
        lambda: zipf_shares(0),
        "zipf_shares.n_categories must be at least 1; got 0.",
    ),
    (
        lambda: stages.gaussian_late_time(100, spread_level=1.0),
        "gaussian_late_time.spread_level must be in (0, 1); got 1.",
    ),
    (
        lambda: stages.tail_loss_time([0.5, 0.5], 100, level=0.0),
        "tail_loss_time.level must be in [1e-12, 1); got 0.",
    ),
)
