"""Bars, and dots in place of bars."""

from xml.etree import ElementTree

import numpy as np
import pytest
from figures import SVG, WORDS, noticed, points_of, texts
from sentences import refusals

from collapse_lib.plotting import Axis, Bars, bars, palette

LOG = Axis("generation", log=True)


def drawn(values, value=LOG, dots=True, lower=None, upper=None, **more):
    group = Bars("a", values, lower, upper, palette.SYNTHETIC)
    categories = [f"category {k}" for k in range(len(values))]
    return bars(categories, [group], value=value, dots=dots, name="one", **WORDS, **more)


def dots_of(figure):
    """Middles of the dots (n, 2)."""
    (path,) = (
        path
        for path in ElementTree.fromstring(figure.svg()).iter(f"{SVG}path")
        if path.get("stroke-linecap") == "round" and palette.SYNTHETIC.css in path.get("style")
    )
    return np.array(points_of(path.get("d"))[::2])


def lines_of(figure):
    """Ends of the whiskers, in units."""
    root = ElementTree.fromstring(figure.svg())
    return [
        [x for x, _ in points_of(path.get("d"))]
        for path in root.iter(f"{SVG}path")
        if path.get("stroke-width") == "1.5"
    ]


def test_equal_factors_are_equal_steps_on_a_log_axis():
    points = dots_of(drawn([1, 10, 100]))
    across, down = np.diff(points, axis=0).T
    assert across[0] == pytest.approx(across[1], abs=0.2) and across[0] > 50
    assert down[0] == pytest.approx(down[1], abs=0.2) and down[0] > 10


def test_a_dot_lies_in_its_whisker():
    figure = drawn([10, 100], lower=[5, 80], upper=[20, 300])
    for (x, _), (left, right) in zip(dots_of(figure), lines_of(figure), strict=True):
        assert left + 3 < x < right - 3


def test_a_linear_axis_of_dots_need_not_hold_zero():
    ticks = {text for *_, text in texts(drawn([101, 102], Axis("value")).svg())}
    assert "0" not in ticks and "101.50" in ticks
    ticks = {text for *_, text in texts(drawn([101, 102], Axis("value"), dots=False).svg())}
    assert "0" in ticks


def test_a_missing_value_has_no_dot():
    figure = drawn([10, np.nan, 30])
    assert len(dots_of(figure)) == 2
    assert figure.caption.endswith("1 missing value has no dot.")
    assert drawn([10, 20]).caption == WORDS["caption"]
    assert np.isnan(figure.table["a"][1])


def test_theory_stays_a_mark():
    svg = noticed().svg()
    assert 'stroke-linecap="round"' in svg
    assert [text for *_, text in texts(svg)][:3] == ["replace", "keep everything", "expected"]


test_refusals_are_sentences = refusals(
    (
        lambda: drawn([1, 0]),
        "Bars 'a': values must be finite and above 0; 1 of 2 are not (the first is 0).",
    ),
    (
        lambda: drawn([1, np.inf]),
        "Bars 'a': values must be finite and above 0; 1 of 2 are not (the first is inf).",
    ),
    (
        lambda: drawn([np.nan]),
        "Axis 'generation' needs a value to show, positive and finite, as the axis is "
        "logarithmic; got none.",
    ),
    (
        lambda: drawn([1], dots=False),
        "bars.value must be a linear Axis: a bar has no foot on a log axis.",
    ),
)
