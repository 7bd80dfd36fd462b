"""BytePairs: any text comes back whole, and what cannot be done is told."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collapse_lib.sources import Finite
from collapse_lib.sources.tokens import BytePairs

TEXT = "the cat and the hat and the rat sat.\nThe end of the chat.\n" * 3
PAIRS = BytePairs.learn(TEXT, n_tokens=270)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text):
    tokens = PAIRS.encode(text)
    assert tokens.dtype == np.int64
    assert PAIRS.decode(tokens) == text


def test_pieces_are_joined_and_bytes_are_kept():
    assert len(PAIRS) == 270
    the = PAIRS.encode(" the")
    assert len(the) == 1
    assert PAIRS.piece(the[0]) == " the"
    assert len(PAIRS.encode("\N{SNOWMAN}")) == 3  # its UTF-8, byte for byte
    assert PAIRS.decode(PAIRS.encode("\N{SNOWMAN}")[:2]) == "\N{REPLACEMENT CHARACTER}"


def test_the_commonest_pair_is_joined_first():
    first = BytePairs.learn("ab ab ab ab ac", n_tokens=257)
    assert first.piece(256) == "ab"


def test_learning_repeats_and_survives_a_copy():
    again = BytePairs.learn(TEXT, n_tokens=270)
    assert again == PAIRS and repr(again) == repr(PAIRS)
    PAIRS.encode("warm")
    copy = pickle.loads(pickle.dumps(PAIRS))
    assert copy == PAIRS and np.array_equal(copy.encode(TEXT), PAIRS.encode(TEXT))
    assert BytePairs.learn(TEXT, n_tokens=269) != PAIRS


def test_blocks_are_the_text_in_order():
    source = PAIRS.blocks(TEXT, 7, "a rhyme")
    assert isinstance(source, Finite)
    tokens = PAIRS.encode(TEXT)
    assert np.array_equal(source.rows.ravel(), tokens[: len(source.rows) * 7])
    assert source.rows.shape == (len(tokens) // 7, 7)
    assert TEXT.startswith(PAIRS.decode(source.rows))


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (
            lambda: PAIRS.blocks("a rat", 64, "a word"),
            f"a word holds {len(PAIRS.encode('a rat'))} tokens, so its blocks may be from 1 to "
            f"{len(PAIRS.encode('a rat'))} tokens long; got 64.",
        ),
        (lambda: PAIRS.blocks("", 4), "your text holds no tokens; give a text that is not empty."),
        (
            lambda: PAIRS.decode([3, 270]),
            "BytePairs.decode knows tokens from 0 to 269; 1 of 2 lie outside (the first is 270).",
        ),
        (
            lambda: BytePairs.learn("", 300),
            "BytePairs.learn needs a text that is not empty; got ''.",
        ),
        (
            lambda: BytePairs.learn(b"bytes", 300),
            "BytePairs.learn needs a text that is not empty; got bytes.",
        ),
        (
            lambda: BytePairs.learn("abc", 100),
            "BytePairs.learn.n_tokens must be at least 256; got 100.",
        ),
        (
            lambda: BytePairs('{"model": 1').encode("a"),
            "BytePairs.settings is no tokenizer that the library tokenizers can read; give the "
            "settings of a BytePairs that was learned.",
        ),
    ],
)
def test_what_cannot_be_done_is_told(action, sentence):
    with pytest.raises(ValueError) as error:
        action()
    assert str(error.value) == sentence
