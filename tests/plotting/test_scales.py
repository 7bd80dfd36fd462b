"""Ticks, and words that are cut."""

import numpy as np
import pytest

from collapse_lib.plotting import (
    Axis,
)
from collapse_lib.plotting.drawing.scales import scale
from collapse_lib.plotting.drawing.text import cut, linear, logarithmic


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.0, 0.5, 1.0], ["0.0", "0.5", "1.0"]),
        ([-2.5, 0.0, 2.5], ["\N{MINUS SIGN}2.5", "0.0", "2.5"]),
        ([0.0, 5000.0, 10000.0], ["0", "5,000", "10,000"]),
        ([0.0, 1e7, 2e7], ["0", "1·10⁷", "2·10⁷"]),
        ([0.0, 1e-6], ["0", "1·10⁻⁶"]),
        ([0.125, 0.25], ["0.125", "0.250"]),
        ([3.0], ["3"]),
    ],
)
def test_linear_ticks(values, shown):
    assert linear(values) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.0, "1"), (0.001, "0.001"), (0.05, "0.05"), (1e4, "10,000"), (1e-5, "10⁻⁵"), (3e6, "3·10⁶")],
)
def test_log_ticks(value, shown):
    assert logarithmic(value) == shown


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((127, 733), [200, 300, 500, 700]),  # two ticks could be those of a linear axis
        ((1, 100), [1, 10, 100]),
        ((4, 64), [5, 10, 20, 50]),
        ((1.2, 2.9), [2]),
    ],
)
def test_where_the_ticks_of_a_log_axis_stand(ends, ticks):
    axis = Axis("x", log=True, lower=ends[0], upper=ends[1])
    assert list(scale(axis, [np.array(ends, dtype=float)]).ticks) == ticks


def test_cut_marks_its_end():
    assert cut("category", 20) == "category"
    assert cut("category", 4) == "cat…"
