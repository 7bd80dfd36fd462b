"""Words: the word tokens of a text, as a source."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from collapse_lib.sources.categories import FiniteCategories

__all__ = ["Words", "tokenise"]

TYPOGRAPHIC_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
WORD = re.compile(r"[^ ']+(?:'[^ ']+)?")


def tokenise(text: str) -> list[str]:
    """The lower-case words of a text, in order: runs of letters of any alphabet, with at most one
    apostrophe inside (don't). Digits, underscores and all other signs separate words.

    >>> tokenise("Don't panic: it's copy_2 of a copy.")
    ["don't", 'panic', "it's", 'copy', 'of', 'a', 'copy']
    """
    text = unicodedata.normalize("NFC", text).lower().replace(TYPOGRAPHIC_APOSTROPHE, "'")
    signs = {ord(sign): " " for sign in set(text) if not sign.isalpha() and sign != "'"}
    return WORD.findall(text.translate(signs))


@dataclass(frozen=True, eq=False, repr=False)
class Words(FiniteCategories):
    """The word tokens of a text. Rows: (n,) ints that number the words of the vocabulary.

    A started source deals them shuffled, as a bag of words; `tokens` keeps the order of the text.
    sha256: hexadecimal SHA-256 of the text (UTF-8): quote it beside any number that depends on it.
    """

    sha256: str = ""

    @classmethod
    def from_text(cls, text: str, name: str) -> "Words":
        """The words of a text, the commonest first, then in alphabetical order."""
        words = tokenise(text)
        if not words:
            raise ValueError(f"{name} holds no words; give a text with letters in it.")
        digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
        return cls.from_labels(words, name, sha256=digest)

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """K different words, by decreasing count, then alphabetically."""
        return self.names

    @property
    def tokens(self) -> np.ndarray:
        """(n,) the text as numbers of words, in its own order (read-only)."""
        return self.rows
