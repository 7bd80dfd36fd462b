"""Figures of results as people have them: uneven runs, gaps, texts, stored arrays, slips."""

import tracemalloc

import numpy as np
import pandas as pd
import pytest
import torch
import xarray
from sentences import refusals, says

from collapse_lib import run_loop
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.plotting import (
    Axis,
    Series,
    Theory,
    bars,
    curves,
    descent,
    heat,
    mosaic,
    palette,
    small_multiples,
    spans,
    table,
    waffle,
)
from collapse_lib.policies import Replace
from collapse_lib.sources import GaussianSource

RUNS = {"A": 5, "B": 40}
LAW = Theory("law", [1, 3], [1.0, 1.0], "derived here")
WORDS = {"name": "one", "title": "Two words", "caption": "", "alt": "It says so."}


def tidy(**changes):
    rng = np.random.default_rng(0)
    rows = [
        {"policy": policy, "replicate": i, "generation": t, "v": rng.normal(), "w": 1.0, "say": "a"}
        for policy, n in RUNS.items()
        for i in range(n)
        for t in (1, 2, 3)
    ]
    return pd.DataFrame(rows).assign(**changes)


def drawn(frame=None, **more):
    how = {"x": "generation", "y": "v", "by": "policy"} | more
    return curves(tidy() if frame is None else frame, **how)


# --- how many runs --------------------------------------------------------------------------------


def test_a_caption_counts_the_runs_of_a_line():
    assert drawn().caption == "Median and central 80 % of 5 to 40 runs."
    assert drawn(mean=True).caption == "Mean of 5 to 40 runs, and two standard errors either way."
    few = tidy()[lambda f: f.replicate < 5]
    assert drawn(few).caption == "Median and central 80 % of 5 runs."
    by_seed = tidy().assign(seed=lambda f: f.replicate // 10).drop(columns="replicate")
    alone = by_seed.drop_duplicates(["policy", "generation", "seed"])
    assert drawn(alone).caption == "Median and central 80 % of 1 to 4 runs."
    panels = small_multiples(tidy(), x="generation", y="v", split="policy")
    assert panels.caption == "Median and central 80 % of 5 to 40 runs."
    last = tidy()[lambda f: f.generation == 3]
    told = bars(last, category="policy", value="v").caption
    assert told == "Median and central 80 % of 5 to 40 runs."


def test_a_median_and_its_band_are_one_missing_value():
    x, y = Axis("x"), Axis("y", log=True)
    gap, low, far = [1, np.nan, 3], [1, -1, 3], [1, np.inf, 3]
    words = {"name": "one", "title": "Two words", "alt": "It says so."}
    for values, said in (
        (gap, "1 missing value leaves gaps."),
        (low, "1 value at or below zero lies under the log axis."),
        (far, "1 infinite value is not drawn."),
    ):
        banded = Series("a", [1, 2, 3], values, values, values)
        assert curves([banded], x=x, y=y, **words).caption == said
    runs = Series("a", [1, 2, 3], gap, gap, gap, runs=[gap, [1, 2, 3], gap])
    assert "3 missing values leave gaps." in curves([runs], x=x, y=y, **words).caption


# --- panels ---------------------------------------------------------------------------------------


def test_a_line_has_one_colour_in_all_panels_in_whatever_order_they_come():
    frame = tidy(half=lambda f: np.where(f.generation == 2, "even", "odd"))
    turned = pd.concat([frame[frame.half == "odd"], frame[frame.half == "even"].iloc[::-1]])
    figure = small_multiples(turned, x="generation", y="v", split="half", by="policy")
    assert {"odd, A", "even, A", "odd, B", "even, B"} <= set(figure.table)
    roles = {"A": palette.REAL, "B": palette.SYNTHETIC}
    again = small_multiples(turned, x="generation", y="v", split="half", by="policy", roles=roles)
    assert np.array_equal(again.table["even, B"], figure.table["even, B"])
    some = frame[(frame.half == "odd") | (frame.policy == "B")]  # a panel without A
    assert (
        "even, A"
        not in small_multiples(some, x="generation", y="v", split="half", by="policy").table
    )


def test_a_column_may_be_called_by_a_number():
    figure = curves(tidy().rename(columns={"v": 5})[lambda f: f.policy == "A"], x="generation", y=5)
    assert list(figure.table)[:2] == ["generation", "5"] and figure.name == "figure-5-by-generation"
    assert drawn(title="80 % remain").name == "figure-80-remain"
    assert drawn(title="Σ").name == "figure"


def test_several_columns_are_several_lines():
    for y in (["v", "w"], ("v", "w"), Axis("v, w", column=["v", "w"])):
        figure = curves(tidy()[lambda f: f.policy == "A"], x="generation", y=y)
        assert list(figure.table)[:2] == ["generation", "v"] and "w" in figure.table
        assert figure.title == "V, w by generation"
    split = small_multiples(tidy(), x="generation", y=["v", "w"], split="policy")
    assert {"A, v", "A, w", "B, v", "B, w"} <= set(split.table)


# --- stored arrays --------------------------------------------------------------------------------


def test_arrays_of_unlike_axes_are_not_spread_over_one_another():
    """Rows and tokens together would be a frame of seven million rows."""
    rng = np.random.default_rng(1)
    stored = xarray.Dataset(
        {
            "v": (("seed", "generation"), rng.normal(size=(9, 20))),
            "w": (("seed", "generation", "pair"), rng.normal(size=(9, 20, 1))),
            "rows": (("seed", "generation", "row"), np.zeros((9, 20, 200))),
            "tokens": (("seed", "generation", "token"), np.zeros((9, 20, 200))),
        },
        {"generation": range(1, 21)},
    )
    figure = curves(stored, x="generation", y=["v", "w"])
    assert np.allclose(figure.table["v"], np.median(stored.v, axis=0))
    assert np.allclose(figure.table["w"], np.median(stored.w[..., 0], axis=0))
    assert figure.caption == "Median and central 80 % of 9 runs."
    panels = small_multiples(stored, x="generation", y=["v", "w"])
    assert np.allclose(panels.table["w, v, w"], figure.table["w"])
    tracemalloc.start()
    try:
        with pytest.raises(ValueError, match="each seed must have one row at each generation"):
            curves(stored, x="generation", y=["rows", "tokens"])
        assert tracemalloc.get_traced_memory()[1] < 50e6
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "values",
    [
        xarray.DataArray([1.0, np.nan, 3.0]),
        pd.Series([1, pd.NA, 3], dtype="Int64"),
        pd.array([1, pd.NA, 3], dtype="Float64"),
        pd.Series([1, None, 3], dtype=object),
        pd.Index([1, np.nan, 3]),
        [1, None, 3],
        torch.tensor([1.0, np.nan, 3.0], requires_grad=True),
    ],
    ids=lambda values: type(values).__module__,
)
def test_numbers_of_any_library_are_drawn_and_what_is_missing_is_a_gap(values):
    assert np.array_equal(Series("a", [1, 2, 3], values).median, [1, np.nan, 3], equal_nan=True)


def test_a_named_array_is_drawn_and_a_nameless_one_asks_for_its_name():
    array = xarray.DataArray(np.ones((3, 2)), dims=("seed", "generation"), name="v")
    assert curves(array, x="generation", y="v").table["v"].tolist() == [1, 1]
    with says(
        "curves: name of the DataArray must be of type str; got None. Give it one: "
        "array.rename('variance').",
        TypeError,
    ):
        curves(array.rename(None), x="generation", y="v")


# --- tables and words -----------------------------------------------------------------------------


def test_what_is_missing_in_a_table_is_an_empty_cell():
    times = pd.Series([pd.Timestamp("2020-01-01"), pd.NaT])
    frame = pd.DataFrame(
        {
            "a": pd.array([10_000, pd.NA], dtype="Int64"), "b": [1.25, np.nan], "c": [None, "nan"],
            "d": times, "e": [np.int64(3), np.float32(0.5)],
        }
    )  # fmt: skip
    assert table(frame, caption="c").rows == (
        ("10,000", "1.25", "", "2020-01-01 00:00:00", "3"),
        ("", "", "nan", "", "0.5"),
    )
    named = pd.Series([1, 2], index=pd.Index(["a", pd.NA], name="k"), name="n")
    assert table(named, caption="c").rows == (("a", "1"), ("", "2"))


def test_a_run_is_drawn_along_any_of_its_columns():
    metrics = {"a": lambda g: g.index / 2, "b": lambda g: g.index}
    run = run_loop(
        Gaussian(), GaussianSource(), Replace(), n_samples=9, n_generations=3, seed=1,
        metrics=metrics, progress=None,
    )  # fmt: skip
    figure = run.plot("b", x="a")
    assert figure.table["a"].tolist() == [0.5, 1, 1.5] and figure.table["b"].tolist() == [1, 2, 3]
    with says("Axis.column: number of columns must be at least 1; got 0."):
        run.plot()


def timeline(start=0.25, end=np.inf, last=0.5):
    return pd.DataFrame({"kind": ["k"] * 3, "start": start, "end": end, "last": last})


def timed(frame, **more):
    columns = {"category": "kind", "start": "start", "end": "end", "last": "last"} | more
    return spans(frame, value="time", **columns)


def test_short_times_are_told_as_they_are():
    assert timed(timeline()).alt == "k: start at 0.25, end not within 0.5."
    assert timed(timeline(1234.5, 2000, 5000)).alt == "k: start at 1,234, end at 2,000."


def test_a_family_of_one_generation_that_loses_nobody():
    figure = descent(
        [[0, 1]], ["a", "b"], roles={"a": palette.REAL, "b": palette.BLUE}, title="A family"
    )
    assert figure.alt == (
        "2 objects above, 1 generation of copies below: 2 of the first 2 have descendants in the "
        "last row, which holds 1 a, 1 b."
    )


def test_pairs_that_a_frame_does_not_hold_count_as_none_in_a_waffle():
    frame = pd.DataFrame({"l": ["a", "b", "a"], "t": ["x", "x", "y"], "n": [3, 1, 2]})
    figure = waffle(frame, labels="l", by="t", value="n", **WORDS)
    assert figure.table["y"].tolist() == [2, 0]


# --- what is refused ------------------------------------------------------------------------------

HAS = "it has 'policy', 'replicate', 'generation', 'v', 'w', 'say'."
test_slips_are_told_in_a_sentence = refusals(
    (lambda: drawn(runs="seed"), f"Series.from_frame: frame must have a column 'seed'; {HAS}"),
    (
        lambda: drawn(tidy().drop(columns="replicate")),
        "Series.from_frame: frame must have a column 'replicate'; "
        + HAS.replace("'replicate', ", ""),
    ),
    (
        lambda: drawn(y="say"),
        TypeError,
        "Series.from_frame: say must be numbers; got an array of object of shape (15,).",
    ),
    (
        lambda: drawn(tidy(generation=[np.nan, 2, 3] * 45)),
        "Series.from_frame: number of rows without generation must be at most 0; got 5.",
    ),
    (
        lambda: bars(tidy(policy=None), category="policy", value="v"),
        "bars: number of rows without policy must be at most 0; got 135.",
    ),
    (lambda: drawn(tidy()[:0]), "curves: number of rows must be at least 1; got 0."),
    (lambda: drawn(y=[]), "Axis.column: number of columns must be at least 1; got 0."),
    (lambda: drawn(x=["v", "w"]), "curves: columns along v, w must be at most 1; got 2."),
    (
        lambda: drawn(y=["v", "w"]),
        "curves: columns of the measure where `by` is given must be at most 1; got 2.",
    ),
    (
        lambda: drawn(roles=[palette.REAL, palette.BLUE]),
        TypeError,
        "curves.roles must be of type Mapping; got "
        f"{repr([palette.REAL, palette.BLUE])[:57]}.... It maps a label to a Role.",
    ),
    (
        lambda: small_multiples(tidy(), x="generation", y="v", split="policy", theory={"a": [LAW]}),
        "small_multiples: panel of theory must be one of 'A', 'B'; got 'a'.",
    ),
    (lambda: bars(tidy(), value="v"), f"bars: frame must have a column None; {HAS}"),
    (
        lambda: bars(["a"], value="v"),
        TypeError,
        "bars.groups must be of type Iterable; got None. Give Bars beside the categories.",
    ),
    (
        lambda: timed(timeline(), end="start"),
        "spans: start and end must have different labels; got 'start' more than once.",
    ),
    (
        lambda: timed(timeline(start="soon")),
        TypeError,
        "spans: times of 'k' must be numbers; got an array of object of shape (3, 3).",
    ),
    (
        lambda: waffle(pd.DataFrame({"l": ["a", "b"], "n": [3, np.nan]}), labels="l", value="n",
                       **WORDS),
        "waffle: n must be a whole number; 1 of 2 are not (the first is nan).",
    ),
    (
        lambda: heat(["a"], ["b"], [["c"]], value="v", **WORDS),
        TypeError,
        "heat.values must be numbers; got an array of object of shape (1, 1).",
    ),
    (
        lambda: Series("a", [1, 2], ["b", "c"]),
        TypeError,
        "Series 'a': median must be numbers; got an array of object of shape (2,).",
    ),
    (
        lambda: drawn(by=["policy", "say"]),
        TypeError,
        "curves: name of a column must be of type Hashable; got ['policy', 'say'].",
    ),
    (
        lambda: curves(None, x="x", y="y"),
        TypeError,
        "curves.series must be of type Iterable; got None. Give a list.",
    ),
    (
        lambda: curves([3], x="x", y="y"),
        TypeError,
        "curves.series: one of them must be of type Series; got 3.",
    ),
    (
        lambda: drawn(theory=[3]),
        TypeError,
        "curves.theory: one of them must be of type Theory; got 3.",
    ),
    (
        lambda: small_multiples([3], x="x", y="y"),
        TypeError,
        "small_multiples.panels: one of them must be of type Panel; got 3.",
    ),
    (lambda: Axis("v", lower="0"), TypeError, "Axis.lower must be a number; got '0'."),
    (lambda: Axis("v", upper=np.nan), "Axis.upper must be finite; got nan."),
    (lambda: Axis("v", lower=5, upper=1), "Axis 'v': upper must be finite and at least 5; got 1."),
    (
        lambda: descent([[0, 1]], ["a", "b"], roles=["a", "b"], title="A family"),
        TypeError,
        "descent.roles must be of type Mapping; got ['a', 'b']. It maps a label to a Role.",
    ),
    (
        lambda: mosaic(["a"], ["b"], [["w"]], marks={"w": 3}, **WORDS),
        TypeError,
        "mosaic.marks 'w' must be of type tuple; got 3. It is a sign and a Role.",
    ),
    (
        lambda: mosaic(["a"], ["b"], [["w"], ["w", "w"]], marks={}, **WORDS),
        "mosaic.words must be rectangular; got rows of unequal lengths.",
    ),
    (
        lambda: curves([Series("a", [1, 2], [1, 2])], x="x", y="y", name=3),
        TypeError,
        "BookFigure.name must be of type str; got 3.",
    ),
    (
        lambda: table(tidy()[["v"]], caption="c", formats=3),
        TypeError,
        "table.formats must be of type str or dict; got 3.",
    ),
    *(
        (
            lambda form=form: table(tidy()[["v"]], caption="c", formats=form),
            f"table.formats must write one number, such as '{{:.2f}}'; got {form!r}.",
        )
        for form in ("{:d}", "{x}", "{} {}", "{:.2f", "{.no}")
    ),
)  # fmt: skip
