"""The family tree: who descends from whom is told rightly, and no two lines cross."""

import numpy as np
import pytest
from sentences import refusals

from collapse_lib.plotting import descent, palette
from collapse_lib.plotting.descent import _untangled, _with_heirs

ROLES = {"yellow": palette.CATEGORICAL[1], "blue": palette.REAL}
KINDS = ["yellow"] * 6 + ["blue"] * 2


def drawn(parents, kinds=KINDS, roles=ROLES, **words):
    return descent(parents, kinds, roles=roles, title="Who copied whom", **words)


def copies(seed, n_rows=12, n=8):
    return np.random.default_rng(seed).integers(0, n, (n_rows, n))


@pytest.mark.parametrize("seed", range(5))
def test_each_object_has_the_kind_of_its_founder(seed):
    parents, kinds = copies(seed), np.array(KINDS)
    table = drawn(parents).table
    for t, row in enumerate(parents, start=2):
        kinds = kinds[row]
        assert sorted(table[f"generation {t}"]) == sorted(kinds)
    assert len(table) == 13


@pytest.mark.parametrize("seed", range(5))
def test_lines_do_not_cross_and_lasting_ones_reach_the_end(seed):
    parents = copies(seed)
    ordered, founders = _untangled(parents)
    assert (np.diff(ordered, axis=1) >= 0).all()
    for ours, theirs in zip(ordered, parents, strict=True):  # families keep their sizes
        assert sorted(np.bincount(ours, minlength=8)) == sorted(np.bincount(theirs, minlength=8))
    heirs = _with_heirs(ordered)
    assert heirs[-1].all()
    assert set(np.flatnonzero(heirs[0])) == set(founders[-1])


def test_its_words_count_what_is_left():
    alone = np.tile([[7, 7, 7, 7, 7, 7, 7, 7]], (3, 1))
    assert drawn(alone).alt == (
        "8 objects above, 3 generations of copies below: only 1 of the first 8 has descendants in "
        "the last row, which holds 0 yellow, 8 blue."
    )
    svg = drawn(copies(0)).svg()
    assert palette.REAL.css in svg and len(svg) < 20_000


test_what_it_refuses = refusals(
    (
        lambda: drawn([[0.5, 1]]),
        "descent.parents must be whole numbers (T, n), the place of each one's parent; got shape "
        "(1, 2) of float64.",
    ),
    (
        lambda: drawn(np.full((2, 8), 8)),
        "descent.parents must be in [0, 7]; 16 of 16 are not (the first is 8).",
    ),
    (
        lambda: drawn(copies(0), KINDS[:-1]),
        "descent.kinds: number of labels must be at least 8; got 7.",
    ),
    (
        lambda: drawn(np.zeros((41, 8), int)),
        "descent.parents: generations must be at most 40; got 41.",
    ),
    (
        lambda: drawn(copies(0), roles={"yellow": palette.REAL}),
        TypeError,
        "descent.roles 'blue' must be of type Role; got None.",
    ),
)
