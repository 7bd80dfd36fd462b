"""Words: the word tokens of a text, as a source; Blocks: runs of them in their order."""

import hashlib
import unicodedata
from dataclasses import dataclass

import numpy as np
import regex

from collapse_lib.arguments import as_array, check_count, check_several, check_type
from collapse_lib.sources.base import Finite
from collapse_lib.sources.categories import FiniteCategories

__all__ = ["Blocks", "Words", "tokenise"]

TYPOGRAPHIC_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
LETTER = r"\p{L}[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]*+"
JOINED = rf"(?:{LETTER}(?:[\p{{WB=MidLetter}}--[:\u00B7]](?=\p{{L}}))?+)++"
WORD = regex.compile(rf"{JOINED}(?:'{JOINED})?", regex.V1)
# Scripts without spaces between words -> how many letters a word has at most on average.
UNSPACED = {
    "Chinese or Japanese": (regex.compile(r"[\p{Han}\p{Hiragana}]+", regex.V1), 2.5),
    "Thai, Lao, Khmer or Burmese": (
        regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+", regex.V1),
        8,
    ),
}


def tokenise(text: str) -> list[str]:
    """The lower-case words of a text, in order: runs of letters of any alphabet with the marks and
    joiners that belong to them, with at most one apostrophe inside (don't).

    Marks never split a word (Unicode's word boundaries, UAX 29, rules 4 and 6 to 7). Other than
    there, digits, underscores, full stops, colons and raised dots separate words (copy_2, np.array,
    3.14), and a run of letters of a script without spaces stays one word.

    >>> tokenise("Don't panic: it's copy_2 of a copy.")
    ["don't", 'panic', "it's", 'copy', 'of', 'a', 'copy']
    """
    check_type("tokenise.text", text, str)
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    return WORD.findall(text.replace(TYPOGRAPHIC_APOSTROPHE, "'"))


@dataclass(frozen=True, eq=False, repr=False)
class Words(FiniteCategories):
    """The word tokens of a text. Rows: (n,) ints that number the words of the vocabulary.

    A started source deals them shuffled, as a bag of words; `tokens` keeps the order of the text,
    and `blocks(length)` deals it in pieces.
    sha256: hexadecimal SHA-256 of the text (UTF-8): quote it beside any number that depends on it.
    """

    sha256: str = ""

    @classmethod
    def from_text(cls, text: str, name: str) -> "Words":
        """The words of a text, the commonest first, then in alphabetical order.

        Raises ValueError for a text with NUL characters, and for one that is largely in a script
        without spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) and has none.
        """
        if "\0" in text:
            raise ValueError(f"{name} must hold no NUL characters; remove them.")
        _check_spaced(text, name)
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

    def blocks(self, length: int) -> "Blocks":
        """The text cut into blocks of `length` words; a shorter rest at its end is left out.

        Raises ValueError for a length below 1, and for a text that is shorter than one block.
        """
        length = check_count(f"{self.name}.blocks: length", length)
        if not 1 <= length <= len(self):
            raise ValueError(
                f"{self.name} holds {len(self)} words, so its blocks may be from 1 to {len(self)} "
                f"words long; got {length}."
            )
        rows = self.tokens[: len(self) - len(self) % length].reshape(-1, length)
        return Blocks(rows, f"{self.name} in blocks of {length}", self.vocabulary, self.sha256)

    def encode(self, text: str) -> np.ndarray:
        """(m,) the words of a text as numbers of this vocabulary.

        Raises ValueError with one sentence for a text without words or with unknown ones.
        """
        return _encoded(text, self.vocabulary, self.name)

    def decode(self, tokens) -> str:
        """Numbers of words, of any shape, as one text with spaces between the words."""
        return _decoded(tokens, self.vocabulary, self.name)


@dataclass(frozen=True, eq=False, repr=False)
class Blocks(Finite):
    """Pieces of a text, all of one length. Rows: (n, length) ints that number the words.

    A started source deals the blocks shuffled; the words inside a block keep their order.
    vocabulary: (V,) the words that the ints number; sha256: as for Words.
    """

    vocabulary: tuple[str, ...] = ()
    sha256: str = ""

    def __post_init__(self):
        super().__post_init__()
        names = check_several(f"{self.name}: vocabulary", self.vocabulary, str)
        object.__setattr__(self, "vocabulary", names)
        rows = self.rows
        if rows.ndim != 2 or rows.dtype.kind != "i":
            raise ValueError(
                f"{self.name} must hold one block of ints a row, shape (n, length); got shape "
                f"{rows.shape} with dtype {rows.dtype}."
            )
        _check_known(rows, self.vocabulary, self.name)

    def encode(self, text: str) -> np.ndarray:
        """As `Words.encode`."""
        return _encoded(text, self.vocabulary, self.name)

    def decode(self, tokens) -> str:
        """As `Words.decode`."""
        return _decoded(tokens, self.vocabulary, self.name)


def _check_spaced(text: str, name: str) -> None:
    """Words need spaces: which letters belong together only a dictionary knows in some scripts."""
    n_letters = sum(map(str.isalpha, text))
    for script, (run, longest) in UNSPACED.items():
        lengths = [sum(map(str.isalpha, found)) for found in run.findall(text)]
        if sum(lengths) * 10 > n_letters and sum(lengths) > longest * len(lengths):
            raise ValueError(
                f"{name} holds {script}, which is written without spaces between words; put spaces "
                "between them with a segmenter first, or use BytePairs."
            )


def _encoded(text: str, vocabulary: tuple[str, ...], name: str) -> np.ndarray:
    words = tokenise(text)
    if not words:
        raise ValueError(f"{name}: the text to encode holds no words; give at least one word.")
    number = {word: k for k, word in enumerate(vocabulary)}
    unknown = sorted(set(words) - set(number))
    if unknown:
        raise ValueError(
            f"{name} does not know {len(unknown)} of the words to encode (the first is "
            f"{unknown[0]!r}); use words of its vocabulary."
        )
    return np.array([number[word] for word in words])


def _decoded(tokens, vocabulary: tuple[str, ...], name: str) -> str:
    tokens = as_array(name, tokens)
    _check_known(tokens, vocabulary, name)
    return " ".join(vocabulary[token] for token in tokens.flat)


def _check_known(tokens: np.ndarray, vocabulary: tuple[str, ...], name: str) -> None:
    bad = (tokens < 0) | (tokens >= len(vocabulary))
    if bad.any():
        raise ValueError(
            f"{name} numbers {len(vocabulary)} words from 0 to {len(vocabulary) - 1}; "
            f"{bad.sum()} of {bad.size} tokens lie outside (the first is {tokens[bad][0]})."
        )
