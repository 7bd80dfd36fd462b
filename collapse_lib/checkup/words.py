"""Texts as numbers of words."""

import numpy as np
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
    number: dict[str, int] = {}
    found = []
    for text in texts:
        words = [] if text is None else _words(text)
        codes = [number.setdefault(word, len(number)) for word in words]
        found.append(np.array(codes, dtype=np.int64))
    place = np.empty(len(number), dtype=np.int64)
    place[[number[word] for word in sorted(number)]] = np.arange(len(number))
    row = np.repeat(np.arange(len(found)), [len(codes) for codes in found])
    return place[np.concatenate([*found, np.empty(0, np.int64)])], row


def _words(text: str) -> list[str]:
    words = tokenise(text)
    if not UNSPACED.search(text):
        return words
    return [
        letter
        for word in words
        for letter in (LETTERS.findall(word) if UNSPACED.search(word) else [word])
    ]
