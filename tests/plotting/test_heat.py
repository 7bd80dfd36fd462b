"""Matrices of numbers as tiles."""

import re
from xml.etree import ElementTree

import numpy as np
import pandas
import pytest
from figures import MARKS, SVG, WORDS, confusions, overlapping, texts
from sentences import refusals, says
from test_palette import PAPERS, contrast

from collapse_lib.plotting import Axis, heat, mosaic, palette
from collapse_lib.plotting.tiles.heat import STRONGEST

SHARES = [[0.1, 0.2, 0.3], [0.0, 0.25, 0.6]]


def drawn(rows=("a", "b"), columns=("x", "y", "z"), values=SHARES, **more):
    return heat(rows, columns, values, **({"value": "share", "name": "one"} | WORDS | more))


def words_of(figure):
    return [text for *_, text in texts(figure.svg())]


def tiles_of(figure, role=palette.SYNTHETIC):
    """opacity -> how many tiles have it, without the seven swatches of the key."""
    found = {}
    for path in list(ElementTree.fromstring(figure.svg()).iter(f"{SVG}path"))[7:]:
        if role.css in path.get("style", ""):
            opacity = float(path.get("opacity") or path.get("fill-opacity"))
            found[opacity] = found.get(opacity, 0) + path.get("d").count("z")
    return found


def test_a_stronger_colour_is_a_higher_number():
    figure = drawn(value=Axis("share", lower=0, upper=1), values=[[0, 0, 0.5], [0.5, 1, 7]])
    assert tiles_of(figure) == {0.05: 2, 0.23: 2, 0.4: 2}


def test_numbers_stand_in_the_tiles():
    assert words_of(drawn())[-6:] == ["0.10", "0.20", "0.30", "0.00", "0.25", "0.60"]
    assert words_of(drawn(decimals=1))[-1] == "0.6"
    assert words_of(drawn(values=[[1, 2, 3], [4, 5, -1200]]))[-1] == "\u22121,200"
    assert words_of(drawn(values=[[-0.001, 2, 3], [4, 5, 6]]))[-6] == "0.00"


def test_no_number_stands_where_one_does_not_fit():
    wide = np.full((2, 20), 5.0)
    wide[0, 0] = 123456
    figure = drawn(columns=range(20), values=wide)
    assert "5" not in words_of(figure) and words_of(figure).count("123,456") == 1  # in the key
    assert max(tiles_of(figure)) == 0.9
    figure = drawn(columns=range(20), values=np.full((2, 20), 5))
    assert words_of(figure).count("5") == 40 + 2  # and at both ends of the key


def test_the_key_says_its_ends():
    assert {"0.00", "0.60", "share"} < set(words_of(drawn()))
    near = drawn(values=np.add(SHARES, 9))
    assert {"9.00", "9.60"} < set(words_of(near))
    fixed = drawn(value=Axis("share", lower=-2, upper=8))
    assert {"\u22122.00", "8.00"} < set(words_of(fixed))


def test_an_empty_tile_is_not_a_zero():
    figure = drawn(values=[[0, np.nan, 1], [np.nan, 1, 1]])
    assert sum(tiles_of(figure).values()) == 4
    assert words_of(figure)[-4:] == ["0", "1", "1", "1"]
    assert figure.caption.endswith("2 tiles are empty: no number is known there.")
    assert drawn().caption == WORDS["caption"]


def test_labels_that_do_not_fit_are_numbered_and_listed():
    long = ["keep everything there ever was", "replace", "mix in a tenth of real rows"]
    found = words_of(drawn(columns=long))
    listed = [f"{n + 1}  {label}" for n, label in enumerate(long)]
    assert {*listed, "1", "2", "3"} < set(found)
    assert overlapping(drawn(columns=long).svg()) == []


def test_long_names_of_rows_and_columns_leave_each_other_room():
    long = "a name that is far too long to stand beside another one of its kind"
    for rows in ("a", "b"), ("a row with rather a long label", "b"):
        figure = drawn(rows=rows, rows_label=long, columns_label=long)
        assert overlapping(figure.svg()) == []


def test_many_generations_are_labelled_in_steps():
    figure = drawn(columns=range(51), values=np.random.default_rng(0).random((2, 51)))
    assert [word for word in words_of(figure) if word.isdigit()] == [
        str(t) for t in range(0, 51, 5)
    ]
    assert overlapping(figure.svg()) == []


def test_the_table_holds_every_number():
    figure = drawn(rows_label="generation", rows=[0, 1.5])
    assert list(figure.table) == ["generation", "x", "y", "z"]
    assert figure.table["generation"].tolist() == ["0", "1.5"]
    assert figure.table["z"].tolist() == [0.3, 0.6]


def test_a_frame_is_spread():
    frame = pandas.DataFrame(
        [
            {"generation": t, "digit": d, "share": SHARES[t][n]}
            for t in (0, 1)
            for n, d in enumerate("xyz")
        ]
    )
    by_hand = drawn(rows=[0, 1], rows_label="generation", columns_label="digit")
    assert drawn("generation", "digit", frame).html() == by_hand.html()
    assert "1 tile is empty" in drawn("generation", "digit", frame.iloc[:-1]).caption
    with says(
        "heat: frame must have one row for each generation and digit; got several. "
        "Choose the rows of one setting, or take their median first."
    ):
        drawn("generation", "digit", pandas.concat([frame, frame]))


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("role", [palette.REAL, palette.SYNTHETIC], ids=lambda role: role.name)
def test_numbers_are_read_on_the_strongest_tile(role, paper):
    inks = {"light": ["#1f2328", "#222832"], "dark": ["#e6edf3", "#ced6dd"]}[paper]
    for ground in PAPERS[paper]:
        parts = [[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in (getattr(role, paper), ground)]
        mixed = np.round(STRONGEST * np.array(parts[0]) + (1 - STRONGEST) * np.array(parts[1]))
        tile = "#" + "".join(f"{int(c):02x}" for c in mixed)
        assert min(contrast(tile, ink) for ink in inks) >= 4.5


def test_words_are_escaped():
    svg = confusions().svg()
    assert "<img" not in svg and re.search(r"&lt;img", svg)


def test_the_columns_of_a_mosaic_lean_where_they_do_not_fit():
    columns = ["a policy of many words", "another one of many words"] * 4
    columns = [f"{column} {n}" for n, column in enumerate(columns)]
    row = [["falls", "stays"] * 4]
    leaning = mosaic(["a row of tiles"], columns, row, marks=MARKS, name="many", **WORDS).svg()
    assert leaning.count("rotate(") == len(columns) and overlapping(leaning) == []
    figure = mosaic(["a"], ["b", "c"], [["falls", "stays"]], marks=MARKS, name="one", **WORDS)
    assert {"b", "c", "v", "="} < set(words_of(figure)) and "rotate(" not in figure.svg()


def test_slanted_texts_that_touch_are_found():
    slanted = '<text x="{}" y="90" text-anchor="end" transform="rotate(40 {} 90)">a policy</text>'
    page = f'<svg xmlns="http://www.w3.org/2000/svg">{slanted.format(90, 90)}{slanted}</svg>'
    close, wide = (page.format(x, x) for x in (100, 120))
    assert overlapping(close) and not overlapping(wide)


test_refusals_are_sentences = refusals(
    (
        lambda: drawn(values=[[1, 2, 3]]),
        "heat needs arrays of one shape; got labels (2, 3), values (1, 3).",
    ),
    (
        lambda: drawn(values=np.full((2, 3), np.nan)),
        "heat.values must hold a number to show; got NaN alone.",
    ),
    (
        lambda: drawn(values=[[1, 2, np.inf], [np.nan, 1, 1]]),
        "heat.values must be finite; 1 of 5 are not (the first is inf).",
    ),
    (
        lambda: drawn(rows=["a", "a"]),
        "heat.rows must have different labels; got 'a' more than once.",
    ),
    (
        lambda: drawn(columns=["x", "row", "z"]),
        "heat.columns must have different labels; got 'row' more than once.",
    ),
    (
        lambda: drawn(columns=range(61), values=np.ones((2, 61))),
        "heat.columns: number of columns must be at most 60; got 61.",
    ),
    (
        lambda: drawn(value=Axis("share", log=True)),
        "heat.value must be a linear Axis; give the logarithms as values instead.",
    ),
    (
        lambda: drawn(value=Axis("share", lower=1, upper=1)),
        "heat.value: upper limit must be finite and above 1; got 1.",
    ),
    (lambda: drawn(role="real"), TypeError, "heat.role must be of type Role; got 'real'."),
    (lambda: drawn(decimals=0.5), TypeError, "heat.decimals must be a whole number; got 0.5."),
)
