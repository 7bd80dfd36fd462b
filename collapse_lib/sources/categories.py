"""Things that come in kinds: drawn with known probabilities, in fixed shares, or from a list."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from collapse_lib.arguments import (
    as_array,
    check_count,
    check_counts,
    check_number,
    check_numbers,
    check_probabilities,
    check_several,
)
from collapse_lib.sources.base import Finite
from collapse_lib.sources.records import Record

__all__ = ["Categories", "FiniteCategories", "FixedProportions", "rarest", "zipf_shares"]


@dataclass(frozen=True, eq=False, repr=False)
class Categories(Record):
    """Independent draws of one of K kinds. Rows: (n,) ints 0 .. K - 1.

    probabilities: (K,) floats that sum to 1.
    names: K strings; "0", "1", ... where none are given.

    >>> Categories.of(yellow=90, blue=10)
    Categories(probabilities=[0.9, 0.1], names=('yellow', 'blue'))
    """

    probabilities: np.ndarray
    names: tuple[str, ...] | None = None

    def __post_init__(self):
        p = check_probabilities("Categories.probabilities", self.probabilities, axes=1)
        self._keep("probabilities", p)
        object.__setattr__(self, "names", _names(self.names, len(p), "Categories"))

    @classmethod
    def of(cls, **weights: float) -> Self:
        """Named kinds with probabilities in proportion to their weights."""
        values = _weights(weights, "Categories.of")
        return cls(values / values.sum(), tuple(weights))

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        n = check_count("Categories.n", n)
        return rng.choice(len(self.probabilities), size=n, p=self.probabilities)

    def score_samples(self, rows: np.ndarray) -> np.ndarray:
        """(n,) natural log probability of each row; -inf for a kind that cannot occur."""
        return _log_probability(self.probabilities, rows)


@dataclass(frozen=True, eq=False, repr=False)
class FixedProportions(Record):
    """K kinds in exact shares: every draw of n rows holds each kind in the proportion of `counts`,
    in random order. Rows: (n,) ints 0 .. K - 1.

    counts: (K,) ints, not negative. The shares are counts / sum(counts).
    names: K strings; "0", "1", ... where none are given.

    A hundred objects, exactly ninety of them yellow:

    >>> urn = FixedProportions.of(yellow=90, blue=10)
    >>> np.bincount(urn(100, np.random.default_rng(0))).tolist()
    [90, 10]

    Raises ValueError where n rows cannot hold whole numbers of each kind.
    """

    counts: np.ndarray
    names: tuple[str, ...] | None = None

    def __post_init__(self):
        given = check_numbers("FixedProportions.counts", self.counts, axes=1)
        whole = check_counts("FixedProportions.counts", given).astype(np.int64)
        check_count("The sum of FixedProportions.counts", whole.sum(), least=1)
        counts = self._keep("counts", whole)
        object.__setattr__(self, "names", _names(self.names, len(counts), "FixedProportions"))

    @classmethod
    def of(cls, **counts: int) -> Self:
        """Named kinds with these counts."""
        return cls(tuple(counts.values()), tuple(counts))

    @property
    def probabilities(self) -> np.ndarray:
        """(K,) the share of each kind."""
        return self.counts / self.counts.sum()

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        n = check_count("FixedProportions.n", n)
        shares = self.counts // np.gcd.reduce(self.counts)
        repeats, rest = divmod(n, int(shares.sum()))
        if rest:
            raise ValueError(
                f"FixedProportions can only give multiples of {shares.sum()} rows and was asked "
                f"for {n}; change the number, or use Categories, whose shares hold on average."
            )
        return rng.permutation(np.repeat(np.arange(len(shares)), shares * repeats))

    def score_samples(self, rows: np.ndarray) -> np.ndarray:
        """(n,) natural log of the share of each row's kind; -inf for a kind that cannot occur."""
        return _log_probability(self.probabilities, rows)


@dataclass(frozen=True, eq=False, repr=False)
class FiniteCategories(Finite):
    """A finite list of things of K kinds, dealt like any Finite. Rows: (n,) ints 0 .. K - 1.

    names: K strings, one for each int.
    """

    names: tuple[str, ...] = ()

    def __post_init__(self):
        super().__post_init__()
        if self.rows.ndim != 1 or self.rows.dtype.kind != "i" or self.rows.min() < 0:
            raise ValueError(
                f"{self.name} must hold one int a row, 0 or more; got shape {self.rows.shape} "
                f"with dtype {self.rows.dtype} and least entry {self.rows.min()}."
            )
        names = check_several(f"{type(self).__name__}.names", self.names, str)
        names = _names(names, len(names), type(self).__name__)
        if self.rows.max() >= len(names):
            raise ValueError(
                f"{self.name} holds the kind {self.rows.max()} and names only {len(names)} kinds."
            )
        object.__setattr__(self, "names", names)

    @classmethod
    def from_labels(cls, labels: Iterable[str], name: str, **more) -> Self:
        """One row a label; kinds numbered by decreasing count, then alphabetically.

        Raises ValueError for missing labels and TypeError for labels that are no strings.
        """
        labels = list(labels)
        missing = sum(label is None or _is_missing(label) for label in labels)
        if missing:
            raise ValueError(
                f"{name} needs a label in every row; {missing} of {len(labels)} are missing; drop "
                "or fill them first."
            )
        other = next((label for label in labels if not isinstance(label, str)), None)
        if other is not None:
            raise TypeError(
                f"{name} needs strings as labels; got {other!r} of type {type(other).__name__}. "
                "Turn them into strings with map(str, labels)."
            )
        ordered = sorted(Counter(labels).items(), key=lambda kind: (-kind[1], kind[0]))
        number = {label: k for k, (label, _) in enumerate(ordered)}
        rows = np.fromiter((number[label] for label in labels), np.int64, len(labels))
        return cls(rows, name, tuple(number), **more)

    @property
    def counts(self) -> np.ndarray:
        """(K,) how many rows are of each kind."""
        return np.bincount(self.rows, minlength=len(self.names))

    @property
    def probabilities(self) -> np.ndarray:
        """(K,) the share of each kind."""
        return self.counts / len(self)


def _is_missing(label) -> bool:
    """NaN, NaT and pandas.NA, each of which is not equal to itself or cannot tell."""
    try:
        return bool(label != label)
    except (TypeError, ValueError):
        return type(label).__name__ == "NAType"


def _weights(weights: dict[str, float], whose: str) -> np.ndarray:
    values = check_numbers(f"{whose} weights", tuple(weights.values()), axes=1, least=0)
    check_number(f"The sum of {whose} weights", values.sum(), above=0)
    return values


def _names(names, n_kinds: int, whose: str) -> tuple[str, ...]:
    if names is None:
        return tuple(map(str, range(n_kinds)))
    names = check_several(f"{whose}.names", names, str)
    if len(names) != n_kinds or len(set(names)) != n_kinds:
        raise ValueError(
            f"{whose}.names must be {n_kinds} different strings, one for each kind; "
            f"got {len(names)}, {len(set(names))} of them different."
        )
    return names


def _log_probability(p: np.ndarray, rows) -> np.ndarray:
    rows = as_array("score_samples", rows)
    if rows.dtype.kind not in "iu" or rows.ndim != 1:
        raise ValueError(
            f"score_samples needs rows of shape (n,) with int dtype; got {rows.shape} with "
            f"dtype {rows.dtype}."
        )
    known = (rows >= 0) & (rows < len(p))
    with np.errstate(divide="ignore"):
        return np.where(known, np.log(p[np.where(known, rows, 0)]), -np.inf)


def zipf_shares(n_categories: int, exponent: float = 1.0) -> np.ndarray:
    """(K,) probabilities in proportion to rank^-exponent: the shares of words, roughly."""
    n_categories = check_count("zipf_shares.n_categories", n_categories, least=1)
    exponent = check_number("zipf_shares.exponent", exponent)
    weights = np.exp(-exponent * np.log(np.arange(1.0, n_categories + 1)))
    return weights / weights.sum()


def rarest(p: np.ndarray, tail_mass: float) -> np.ndarray:
    """(K,) bools: the smallest set of rarest categories that together hold `tail_mass` of p, and
    those as rare as its most frequent one, so that the order of the categories never matters."""
    p = check_numbers("rarest.p", p, axes=1, least=0)
    tail_mass = check_number("rarest.tail_mass", tail_mass, above=0, most=1)
    ascending = np.sort(p)
    # five categories of 0.01 add up to 0.05 only up to rounding
    reached = np.cumsum(ascending) >= tail_mass * (1.0 - 1e-9)
    return p <= ascending[np.argmax(reached)]
