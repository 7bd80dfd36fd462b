"""Curves: gaps, theory, and labels that can be read."""

import re
from xml.etree import ElementTree

import pytest
from figures import (
    EVIL,
    SVG,
    WORDS,
    T,
    falling,
    named_at_their_ends,
    one_line,
    overlapping,
    points_of,
    texts,
    words,
)

from collapse_lib.plotting import (
    Axis,
    Series,
    curves,
    palette,
)
from collapse_lib.plotting.drawing.text import clean


def test_gaps_are_gaps_and_said():
    nan, inf = float("nan"), float("inf")
    figure, paths = one_line([1.0, 2.0, nan, 3.0, nan, 2.0, inf, 1.0, 2.0])
    assert figure.caption == (
        "One run. 2 missing values leave gaps. 1 infinite value is not drawn."
    )
    strokes = [s for path in paths for s in re.split("(?=[Mm])", path) if "l" in s]
    # the sign of the legend, two lines with a gap between them, two lone values as dots
    assert len(strokes) == 1 + 2 + 2
    assert sum(stroke.endswith("l0 0") for stroke in strokes) == 2
    assert "nan" not in figure.svg().lower()


def test_nothing_is_said_of_a_whole_series():
    figure, paths = one_line([1.0, 2.0, 3.0])
    assert figure.caption == "One run."
    assert sum(path.lower().count("m") for path in paths) == 2  # the legend and the line


def test_what_a_log_axis_cannot_show_is_said():
    figure, _ = one_line([1.0, 0.1, 0.0], log=True)
    assert figure.caption == "One run. 1 value at or below zero lies under the log axis."


def test_a_line_goes_where_its_values_are():
    figure, paths = one_line([0.0, 10.0])
    line = max(paths, key=lambda path: points_of(path)[-1][1])
    (x0, y0), (x1, y1) = points_of(line)
    grid = [points_of(e.get("d")) for e in ElementTree.fromstring(figure.svg()).iter(f"{SVG}path")]
    levels = sorted({g[0][1] for g in grid if len(g) == 2 and g[0][1] == g[1][1] and g[0][1] > 40})
    ticks = {t: y for _, _, y, t in texts(figure.svg())}
    assert x1 > x0 and y0 > y1
    assert y0 == pytest.approx(levels[-1], abs=0.11)  # 0 lies on the lowest grid line
    assert ticks["0.0"] - ticks["10.0"] == pytest.approx(y0 - y1, abs=0.21)


def test_theory_lies_beneath_the_lines_and_names_its_source():
    svg = falling().svg()
    dashed = [m.start() for m in re.finditer("stroke-dasharray", svg)]
    solid = [m.start() for m in re.finditer(re.escape(f"stroke:{palette.SYNTHETIC.css}"), svg)]
    assert len(dashed) == 2  # once in the legend, once in the plot
    assert dashed[1] < min(place for place in solid if place > dashed[0])
    assert "closed form (a source with a long name, 2023)" in svg


def test_labels_stand_at_the_ends_only_where_they_can_be_read():
    direct = named_at_their_ends().svg()
    ends = {text: left for left, _, _, text in texts(direct)}
    assert all(ends[f"policy {k}"] > 300 for k in (1, 2, 3))
    crowded = curves(
        [Series(f"policy {k}", T, 1 / T, role=palette.CATEGORICAL[k]) for k in (1, 2, 3)],
        x=Axis("generation"),
        y=Axis("error"),
        name="crowded",
        **WORDS,
    )
    heights = {y for _, _, y, text in texts(crowded.svg()) if text.startswith("policy")}
    assert len(heights) == 1  # a legend, side by side
    assert overlapping(crowded.svg()) == []


def test_long_legends_are_wrapped_and_long_categories_cut():
    label = "a label of very many words " * 6
    figure = curves(
        [Series(label, T, 1 / T)], x=Axis("generation"), y=Axis("error"), name="long", **WORDS
    )
    assert overlapping(figure.svg()) == []
    assert clean(label) in figure.table
    assert "…" in words().svg()
    assert clean(EVIL) in list(words().table["category"])


def test_words_in_any_script_draw_without_warning():
    figure, _ = one_line([1.0, 2.0], title="模型崩溃 ☃ 🙂")
    assert "模型崩溃" in figure.html()
