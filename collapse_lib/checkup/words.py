"""Texts as numbers of words."""

import numpy as np
import pandas as pd
import regex

from collapse_lib.sources.words import tokenise

__all__ = ["words_of"]

# Scripts without spaces between words are read letter by letter.
UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
LETTERS = regex.compile(r"\X")


def words_of(texts) -> tuple[np.ndarray, np.ndarray]:
    """(words,) codes of the words of all texts in order, and (words,) the text that each is in.

    The words are numbered in alphabetical order, which does not depend on the order of the texts.
    """
    found = [[] if text is None else _words(text) for text in texts]
    lengths = np.array([len(words) for words in found])
    flat = [word for words in found for word in words]
    codes = pd.factorize(np.array(flat, dtype=object), sort=True)[0] if flat else np.empty(0, int)
    return codes.astype(np.int64), np.repeat(np.arange(len(found)), lengths)


def _words(text: str) -> list[str]:
    words = tokenise(text)
    if not UNSPACED.search(text):
        return words
    return [
        letter
        for word in words
        for letter in (LETTERS.findall(word) if UNSPACED.search(word) else [word])
    ]
