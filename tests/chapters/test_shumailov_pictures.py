"""The frames of the chapter `shumailov` say what is stored."""

import numpy as np

from collapse_lib.chapters import load
from collapse_lib.chapters.shumailov import pictures

BLOBS = {"two": load("mixture-two-blobs"), "one": load("mixture-one-blob")}


def test_widths_are_of_the_widest_component():
    ends = pictures.widths(BLOBS)
    assert len(ends) == 80 and (ends.groupby("experiment").width.diff().dropna() >= 0).all()
    spread = BLOBS["two"].log_spread.sel(generation=2000).values
    assert np.allclose(
        np.sort(np.exp(np.nanmax(spread, axis=1))), ends.query("experiment == 'two'").width
    )
    counts = pictures.states(ends).set_index(["experiment", "state"]).runs
    assert counts["two", "both components alive"] == (BLOBS["two"].alive.values[:, -1] == 2).sum()
    assert counts.groupby("experiment").sum().tolist() == [40, 40]


def test_narrowing_is_on_its_law():
    found = pictures.narrowing(BLOBS["two"])
    assert (found["gap in errors"].abs() < 4).all()
    gap = (BLOBS["two"].followed - BLOBS["two"].expected).mean("component").sel(generation=2000)
    error = gap.values.std(ddof=1) / np.sqrt(40)
    assert np.isclose(found.loc[2000, "error of the gap"], error)


def test_distances_keep_every_value():
    found = {"a": np.arange(6.0).reshape(2, 3), "b": np.array([[0.0, 7.0, 8.0]])}
    tidy = pictures.distances({"few": found})
    assert tidy.rows.unique().tolist() == ["few"]
    assert tidy.query("source == 'a' and replicate == 1").distance.tolist() == [4.0, 5.0]
    assert tidy.query("source == 'b'").generation.tolist() == [1, 2]


def test_directions_are_sorted_and_die_as_the_law_says():
    class Sampled:
        sample = np.random.default_rng(0).normal(size=(9000, 3)) * [1.0, 3.0, 2.0]

    found = [metric(Sampled) for metric in pictures.directions(3).values()]
    assert np.allclose(found, [9, 4, 1], rtol=0.1)
    law = pictures.lost_in_law([5.0, 0.4], 0.5, 3)
    assert [mark.values.tolist() for mark in law] == [[4.5, 4.0, 3.5], [0.0, 0.0, 0.0]]
