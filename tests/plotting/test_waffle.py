"""Counts as squares."""

from xml.etree import ElementTree

import numpy as np
import pandas
import pytest
from figures import SVG, WORDS, flagged, overlapping, points_of, texts
from sentences import refusals, says

from collapse_lib.plotting import palette, waffle

RUNS = {"diverged": 11, "held": 29}
ROLES = {"diverged": palette.SYNTHETIC, "held": palette.REAL}
FIELDS = {"before": {"yellow": 90, "blue": 10}, "after": {"yellow": 100}}


def drawn(counts=RUNS, **more):
    return waffle(counts, **({"value": "runs", "name": "one"} | WORDS | more))


def words_of(figure):
    return [text for *_, text in texts(figure.svg())]


def squares(figure, role):
    """Middles of the squares in a colour (n, 2), in their order."""
    paths = [
        path
        for path in ElementTree.fromstring(figure.svg()).iter(f"{SVG}path")
        if role.css in path.get("style", "") and path.get("stroke-linecap") == "square"
    ]
    found = [points_of(path.get("d"))[::2] for path in paths]
    return np.concatenate([np.empty((0, 2)), *found])


def test_one_square_is_one_object_in_reading_order():
    figure = drawn(roles=ROLES)
    first, second = squares(figure, palette.SYNTHETIC), squares(figure, palette.REAL)
    assert len(first) == 11 and len(second) == 29
    everything = np.concatenate([first, second])
    assert len(np.unique(everything.round(), axis=0)) == 40
    assert np.lexsort(everything.T).tolist() == list(range(40))
    assert len(np.unique(everything[:, 1])) == 4  # ten in a row


def test_a_long_title_has_room_for_itself():
    fields = {title: {"yellow": 1} for title in ("one", "two", "AccumulateSubsample")}
    assert "AccumulateSubsample" in words_of(drawn(fields))
    places = squares(drawn(fields), palette.CATEGORICAL[0])
    assert len(np.unique(places[:, 1])) == 2  # two in a row, then one
    short = squares(drawn({title: {"yellow": 1} for title in "abc"}), palette.CATEGORICAL[0])
    assert len(np.unique(short[:, 1])) == 1


def test_the_legend_says_the_counts():
    assert words_of(drawn()) == ["diverged: 11", "held: 29", "One square is one of the runs."]


def test_fields_share_their_measure_and_say_their_counts():
    figure = drawn(FIELDS)
    yellow, blue = (squares(figure, role) for role in palette.CATEGORICAL[:2])
    assert len(yellow) == 190 and len(blue) == 10
    before, after = yellow[:90], yellow[90:]
    assert before[:, 0].max() < after[:, 0].min()
    assert np.diff(before[:2, 0]) == pytest.approx(np.diff(after[:2, 0]), abs=0.11)
    assert words_of(figure)[3:] == ["before", "90", "10", "after", "100", "0"]


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7])
def test_any_number_of_fields_has_its_place(n):
    figure = drawn({f"generation {t}": {"yellow": 90 + t, "blue": 10 - t} for t in range(n)})
    assert overlapping(figure.svg()) == []
    found = np.concatenate([squares(figure, role) for role in palette.CATEGORICAL[:2]])
    assert len(np.unique(found.round(), axis=0)) == 100 * n
    assert found.min() > 0 and found[:, 0].max() < 400


def test_each_square_can_be_many_and_a_few_are_still_seen():
    figure = drawn({"human": 3, "model": 997}, each=10)
    assert [len(squares(figure, role)) for role in palette.CATEGORICAL[:2]] == [1, 100]
    assert words_of(figure)[-1] == "One square is 10 runs, rounded."
    assert words_of(drawn({"a": 20}, each=10))[-1] == "One square is 10 runs."


def test_a_thousand_squares_stay_small():
    assert len(drawn({"human": 40, "model": 960}).svg()) < 13_000
    assert len(squares(flagged(), palette.CATEGORICAL[0])) == 203 + 333


def test_the_table_holds_the_counts():
    table = drawn(FIELDS).table
    assert {name: column.tolist() for name, column in table.items()} == {
        "label": ["yellow", "blue"],
        "before": [90, 10],
        "after": [100, 0],
    }
    assert list(drawn().table) == ["label", "runs"]


def test_a_frame_is_spread():
    frame = pandas.DataFrame(
        [("before", "yellow", 90), ("before", "blue", 10), ("after", "yellow", 100)],
        columns=["when", "colour", "runs"],
    )
    assert drawn(frame, labels="colour", by="when").html() == drawn(FIELDS).html()
    first = frame[frame["when"] == "before"]
    assert drawn(first, labels="colour").html() == drawn(FIELDS["before"]).html()
    with says("waffle: frame must have a column 'hue'; it has 'when', 'colour', 'runs'."):
        drawn(frame, labels="hue", by="when")
    with says("waffle.labels must name the column of the labels in a frame; got None."):
        drawn(frame)


test_refusals_are_sentences = refusals(
    (lambda: drawn({}), "waffle.counts must not be empty; got nothing to draw."),
    (lambda: drawn({"a": 0}), "waffle.counts must count something; got zeros alone."),
    (lambda: drawn({"a": -1}), "waffle: count of 'a' must be at least 0; got -1."),
    (
        lambda: drawn({"a": 1.5}),
        TypeError,
        "waffle: count of 'a' must be a whole number; got 1.5.",
    ),
    (
        lambda: drawn([1, 2]),
        TypeError,
        "waffle.counts must be of type Mapping; got [1, 2].",
    ),
    (
        lambda: drawn({"a": 90_000}),
        "waffle: 90,000 squares in a field are too many to be seen; let one square stand for more "
        "objects with each=.",
    ),
    (lambda: drawn(each=0), "waffle.each must be at least 1; got 0."),
    (
        lambda: drawn(roles={"held": palette.REAL}),
        "waffle: label of a role must be one of 'held'; got 'diverged'.",
    ),
    (
        lambda: drawn({str(k): 1 for k in range(7)}),
        "waffle: labels without roles must be at most 6; got 7.",
    ),
    (
        lambda: drawn(roles=ROLES | {"held": "real"}),
        TypeError,
        "waffle.roles 'held' must be of type Role; got 'real'.",
    ),
    (
        lambda: drawn(by="when"),
        "waffle.labels and waffle.by name columns of a frame; got no frame.",
    ),
)
