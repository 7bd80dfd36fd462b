"""What the pictures of the chapter autophagy are drawn from."""

import numpy as np
import pytest

from collapse_lib import theory
from collapse_lib.chapters import load
from collapse_lib.chapters.autophagy.dial_pictures import (
    MARKS,
    ORDER,
    counts_figure,
    dial_figure,
    verdicts,
)
from collapse_lib.chapters.autophagy.pictures import (
    balls,
    cloud_conditions,
    digit_conditions,
    moon_conditions,
    picture_conditions,
)
from collapse_lib.chapters.autophagy.shares import by_measure, ends, with_kinds
from collapse_lib.chapters.autophagy.worth import (
    SIZES,
    harmless,
    number_or_share,
    peaks,
    settled,
    worth_curves,
)

MOONS = load("mad-moons")


def test_shares_are_those_that_are_stored():
    frame = by_measure(MOONS.sel(k=5), [1.0, 0.5])
    assert frame.panel.unique().tolist() == [
        f"{measure} \u03bb {bias}"
        for bias in ("1", "0.5")
        for measure in ("precision", "recall", "coverage")
    ]
    at = "panel == 'recall \u03bb 0.5' and policy == 'Accumulate' and generation == 10"
    stored = MOONS.recall.sel(k=5, loop="accumulated", bias=0.5, generation=10)
    assert np.array_equal(frame.query(at).share, stored)
    assert f"Accumulate {float(stored.median()):.2f}, FreshReal" in ends(frame)
    assert not np.array_equal(frame.query(at.replace("Accumulate", "Anchored")).share, stored)


def test_kinds_are_the_share_of_classes_that_are_equally_frequent():
    stored = load("diffusion-digits")
    assert np.allclose(np.log(10 * with_kinds(stored).kinds), stored.class_entropy)
    assert with_kinds(stored.assign(class_entropy=np.log(10.0))).kinds == pytest.approx(1.0)


@pytest.mark.parametrize("bias", [1.0, 0.8])
def test_the_loop_settles_where_theory_puts_it(bias):
    counts = [1, 10, 30]
    run = settled(counts, bias, seed=3)
    error = (run.upper - run.median) / 2
    law, other = (
        theory.fresh_fixed_point(np.array(counts), 100 - np.array(counts), b, ddof=0).variance
        for b in (bias, 0.9)
    )
    assert np.abs((run.median - law) / error).max() < 4
    assert np.abs((run.median - other) / error).max() > 4


def test_chance_needs_a_number_and_bias_a_share():
    figure = number_or_share([1, 10], 0.8, seed=3, title="A title", caption="")
    columns = {head: np.asarray(values) for head, values in figure.table.items()}
    biased = next(head for head in columns if head.startswith("bias") and "rows, run" not in head)
    panel = biased.split(", ")[0]

    def at(panel, size, count):
        x = columns[f"{panel}, {size:,} rows: new real rows in each generation"]
        return np.interp(count, x, columns[f"{panel}, {size:,} rows"])

    small, _, large = SIZES
    assert at("chance alone", small, 10) == pytest.approx(at("chance alone", large, 10), abs=0.01)
    assert at(panel, large, 10) < 0.1 * at(panel, small, 10)  # the number does not tell
    share = at(panel, large, 10 * large // small)
    assert share == pytest.approx(at(panel, small, 10), abs=0.02)


def test_peaks_are_of_the_lines_that_fall_again():
    beside = np.array([1, 10, 100, 1000])
    lines = worth_curves(100, beside, (1.0, 0.9, 0.5))
    tops = peaks(lines)
    assert tops.x.tolist() == [100, 10] and tops.median.min() > 100
    assert lines[0].median[-1] == max(lines[0].median)
    assert harmless(beside + 9, (0.5,)).iloc[:, 0].between(1, 32).all()


def test_the_words_of_the_dial_are_counted():
    stored = load("dial")
    words = verdicts(stored)
    assert words.shape == (17, 7) and set(words.to_numpy().ravel()) == set(MARKS)
    stay = (words == "stays").sum()
    assert stay["Replace"] == 0 and stay["Anchored"] == stay["Accumulate, growing"] == 17
    assert (stay.diff().dropna() >= 0).all()  # the policies stand in their order
    table = counts_figure(stored, title="Counts").table
    assert sum(table[word] for word in MARKS).tolist() == [17] * 7
    assert list(table["category"]) == list(ORDER)
    figure = dial_figure(stored, title="Dial", caption="")
    assert "; Anchored: stays 17; " in figure.alt
    assert figure.table["Replace"][0].startswith("collapses at 200: error times 116")


def test_balls_show_that_samples_are_precise_and_few():
    biased, honest = (
        balls(MOONS, loop="synthetic", bias=bias, generation=3).alt for bias in (0.5, 1.0)
    )
    assert biased.startswith("100 % of these 60 samples")
    recall = [int(alt.split(" and ")[1].split(" %")[0]) for alt in (biased, honest)]
    assert recall[0] < 50 < recall[1]


def test_explorers_have_a_condition_for_each_loop_and_bias():
    loops, biases = ("synthetic", "fresh"), (1.0, 0.5)
    digits, clouds = load("mad-digits"), load("diffusion-loops")
    named = ["Replace, honest", "FreshReal, honest"]
    for made in (
        moon_conditions(MOONS, loops=loops, biases=biases, k=5),
        digit_conditions(digits, loops=loops, biases=biases, k=5),
        cloud_conditions(clouds),
    ):
        assert set(named) <= set(made)
    assert len(cloud_conditions(clouds)) == 6
    assert next(iter(picture_conditions(load("diffusion-digits")))) == "honest"
