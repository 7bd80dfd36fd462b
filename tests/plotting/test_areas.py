"""Stacked areas."""

from xml.etree import ElementTree

import numpy as np
import pandas
import pytest
from figures import SVG, WORDS, overlapping, points_of, texts
from sentences import refusals, says

from collapse_lib.plotting import Axis, areas, palette

X = [1, 2, 4]
SHARES = [[0.5, 0.7, 0.97], [0.3, 0.2, 0.02], [0.2, 0.1, 0.01]]
ROLES = {"a": palette.REAL, "b": palette.SYNTHETIC, "c": palette.BAND}


def drawn(x=X, shares=SHARES, labels="abc", **more):
    return areas(
        x, shares, labels=labels, **({"value": "share of rows", "name": "one"} | WORDS | more)
    )


def places(figure):
    return {text: (left, y) for left, _, y, text in texts(figure.svg())}


def bands(figure, role):
    """(opacity, points) of the bands in the colour of a role, without its sign in the legend."""
    root = ElementTree.fromstring(figure.svg())
    paths = {path.get("id"): path.get("d") for path in root.iter(f"{SVG}path")}
    uses = [use for use in root.iter(f"{SVG}use") if role.css in use.get("style", "")]
    found = [
        (use.get("fill-opacity"), np.array(points_of(paths[use.get("href")[1:]]))) for use in uses
    ]
    return [(opacity, points) for opacity, points in found if np.ptp(points[:, 0]) > 14]


def test_bands_are_as_high_as_their_shares():
    figure = drawn(roles=ROLES)
    ((_, first),) = bands(figure, palette.REAL)
    ((_, second),) = bands(figure, palette.SYNTHETIC)
    left, right = first[:, 0].min(), first[:, 0].max()
    for band, shares in ((first, SHARES[0]), (second, SHARES[1])):
        for x, share in zip(X, shares, strict=True):
            at = left + (right - left) * (x - 1) / 3
            heights = band[np.abs(band[:, 0] - at) < 0.2, 1]
            assert np.ptp(heights) == pytest.approx(190 * share, abs=1.1)  # a slit of 0.8
    assert second[second[:, 0] == left, 1].max() < first[first[:, 0] == left, 1].min()


def test_thick_bands_are_named_at_their_end_and_others_in_the_legend():
    found = places(drawn())
    assert found["a"][0] > 380 and found["b"][1] == found["c"][1] < 20
    even = places(drawn(shares=np.full((3, 3), 1 / 3)))
    assert even["a"][1] > even["b"][1] > even["c"][1] and even["a"][0] == even["c"][0] > 380


def test_a_long_label_stands_in_the_legend():
    long = "a kind of row whose name is far too long for the end"
    figure = drawn(labels=[long, "b", "c"])
    assert places(figure)[long][0] < 20 and overlapping(figure.svg()) == []


def test_a_colour_that_comes_again_is_pale():
    roles = {"a": palette.REAL, "b": palette.REAL, "c": palette.BAND}
    figure = drawn(roles=roles, shares=np.full((3, 3), 1 / 3))
    assert [opacity for opacity, _ in bands(figure, palette.REAL)] == [None, "0.6"]
    assert [opacity for opacity, _ in bands(figure, palette.BAND)] == [None]


def test_twelve_labels_do_without_roles():
    twelve = drawn(shares=np.full((12, 3), 1 / 12), labels=range(12))
    assert overlapping(twelve.svg()) == []
    assert [len(bands(twelve, role)) for role in palette.CATEGORICAL] == [2] * 6
    with says("areas.labels without roles must be at most 12; got 13."):
        drawn(shares=np.full((13, 3), 1 / 13), labels=range(13))


def test_the_axis_ends_at_the_whole():
    assert {"0.0", "1.0"} < set(places(drawn()))
    assert {"0", "100"} < set(places(drawn(shares=np.multiply(SHARES, 100))))
    assert "2.0" in places(drawn(value=Axis("share", upper=2.0)))
    zero = drawn(shares=np.zeros((3, 3)))
    assert {"a", "b", "c"} < set(places(zero))


def test_the_table_holds_the_shares():
    table = drawn().table
    assert list(table) == ["generation", "a", "b", "c"]
    assert table["generation"].tolist() == X and table["b"].tolist() == SHARES[1]


def test_a_frame_is_spread_in_the_order_of_x():
    frame = pandas.DataFrame(
        [
            {"age": x, "kind": kind, "share of rows": SHARES[k][n]}
            for n, x in reversed(list(enumerate(X)))
            for k, kind in enumerate("abc")
        ]
    )
    assert drawn("age", frame, "kind").html() == drawn(along=Axis("age")).html()
    with says("areas.shares must be finite and at least 0; 1 of 9 are not (the first is nan)."):
        drawn("age", frame.iloc[:-1], "kind")
    with says("areas: frame must have a column 'sort'; it has 'age', 'kind', 'share of rows'."):
        drawn("age", frame, "sort")


test_refusals_are_sentences = refusals(
    (
        lambda: drawn(shares=SHARES[:2]),
        "areas needs arrays of one shape; got labels (3, 3), shares (2, 3).",
    ),
    (
        lambda: drawn(shares=np.negative(SHARES)),
        "areas.shares must be finite and at least 0; 9 of 9 are not (the first is -0.5).",
    ),
    (
        lambda: drawn(x=[1, 1, 2]),
        "areas.x: step must be finite and above 0; 1 of 2 are not (the first is 0).",
    ),
    (lambda: drawn(x=[1]), "areas.x: number of places must be at least 2; got 1."),
    (
        lambda: drawn(labels="aba"),
        "areas.labels must have different labels; got 'a' more than once.",
    ),
    (
        lambda: drawn(roles={"a": palette.REAL}),
        "areas: label of a role must be one of 'a'; got 'b'.",
    ),
    (
        lambda: drawn(roles=ROLES | {"b": "real"}),
        TypeError,
        "areas.roles 'b' must be of type Role; got 'real'.",
    ),
    (
        lambda: drawn(value=Axis("share", log=True)),
        "areas.value must be a linear Axis from 0 on: a band is as high as it is.",
    ),
)
