"""What the chapter on language marks in its texts, and the temperature's table."""

import numpy as np
import pytest

from collapse_lib import metrics
from collapse_lib.chapters.language.reading import marked, repeated, repeated_percent, tempered


def test_what_stands_twice_is_found_piece_by_piece():
    rows = np.array([[1, 2, 3, 9, 8], [7, 1, 2, 3, 6], [5, 5, 5, 0, 0]])
    found = np.array([[1, 1, 1, 0, 0], [0, 1, 1, 1, 0], [0, 0, 0, 0, 0]], bool)
    assert np.array_equal(repeated(rows, 3), found)
    assert repeated_percent(rows, 3) == 40.0
    assert not repeated(rows, 4).any()
    assert repeated(np.repeat(rows, 2, axis=0), 5).all()


@pytest.mark.parametrize("seed", range(5))
def test_marks_are_those_of_a_count_by_hand(seed):
    rows = np.random.default_rng(seed).integers(0, 3, size=(6, 9))
    seen = [tuple(row[i : i + 4]) for row in rows for i in range(6)]
    expected = np.zeros(rows.shape, bool)
    for r, row in enumerate(rows):
        for i in range(6):
            expected[r, i : i + 4] |= seen.count(tuple(row[i : i + 4])) > 1
    assert np.array_equal(repeated(rows, 4), expected) and expected.any()


@pytest.mark.parametrize("run", [0, 6])
def test_a_run_fits_into_a_block(run):
    with pytest.raises(ValueError, match="run"):
        repeated(np.zeros((2, 5), int), run)


def test_pieces_become_words_again():
    passages = [["Co", "llapse", " is", " slow", "."], ["Not", " he", "re"]]
    flags = [[False, True, False, False, True], [False, False, False]]
    assert marked(passages, flags) == [
        ("Collapse", True), ("is", False), ("slow.", True), ("¶", False),
        ("Not", False), ("here", False),
    ]  # fmt: skip


def test_the_temperature_decides_where_entropy_goes():
    frame = tempered([0.5, 0.3, 0.2], [0.5, 1.0, 2.0], np.arange(4)).set_index("temperature")
    assert np.all(np.diff(frame.entropy[0.5]) < 0) and np.all(np.diff(frame.entropy[2.0]) > 0)
    assert np.allclose(frame.entropy[1.0], metrics.entropy([0.5, 0.3, 0.2]))
