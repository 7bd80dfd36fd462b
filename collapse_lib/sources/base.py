"""What a source is, and Finite: a source that deals the rows it holds and then runs out."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from collapse_lib.arguments import (
    check_count,
    check_counts,
    check_numbers,
    check_type,
    got,
)
from collapse_lib.containers import plain
from collapse_lib.sources.records import Record

__all__ = ["Dealing", "Finite", "Source", "SourceExhausted"]


class Source(Protocol):
    """Where real rows come from: source(n, rng) -> n fresh rows, first axis = rows.

    Categories and tokens are ints, everything else floats. A source may have `start(rng)`, which
    the loop calls once a run and whose result it then uses in the source's place. A started
    source that has `reference(n_reference)` keeps held-out rows of its own.
    """

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray: ...


class SourceExhausted(ValueError):
    """A finite source was asked for more rows than it has left."""


@dataclass(frozen=True, eq=False, repr=False)
class Finite(Record):
    """A fixed set of real rows, each of which is used once in a run.

    rows: (n, ...) ints or floats, first axis = rows; kept as a read-only copy (bool as int).
    name: what messages call it. columns: what its columns are called, where that is known.

    `start(rng)` shuffles the rows once and gives a `Dealing`. Calling the source itself deals n
    different rows from a new shuffle, so only a started source keeps its promise between calls.

    Raises ValueError or TypeError with one sentence where rows are no numbers, not finite, of
    unequal lengths, or none.
    """

    rows: np.ndarray
    name: str = "your array"
    columns: tuple[str, ...] = field(default=(), kw_only=True)

    def __post_init__(self):
        if not isinstance(self.name, str) or not self.name:
            raise TypeError(
                f"{type(self).__name__}.name must be a string that is not empty; {got(self.name)}."
            )
        self._keep("rows", _checked_rows(self.rows, self.name))

    def __len__(self) -> int:
        return len(self.rows)

    def start(self, rng: np.random.Generator) -> "Dealing":
        """The rows in an order drawn from rng: four fifths to deal, the last fifth held out."""
        return Dealing(self, rng.permutation(len(self)))

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return self.start(rng)(n, rng)


class Dealing:
    """A finite source in one run: it deals its rows in a fixed order and repeats none.

    source: the Finite that holds the rows.
    order: (n,) a permutation of the row numbers. The last floor(n / 5) of them are held out.

    `dealt` and `left` count rows. The held-out rows depend on the order alone, so the rows dealt
    are the same whatever n_reference is.
    """

    def __init__(self, source: Finite, order: np.ndarray):
        self.source = check_type("Dealing.source", source, Finite)
        order = check_counts("Dealing.order", check_numbers("Dealing.order", order, axes=1))
        order = order.astype(np.int64)
        check_numbers("Dealing.order", order, below=len(source))
        self.name = source.name
        self.dealt = 0
        n_held_out = len(order) // 5
        self._to_deal = order[: len(order) - n_held_out]
        self._held_out = order[len(order) - n_held_out :]

    def __len__(self) -> int:
        return len(self.source)

    def __repr__(self) -> str:
        return (
            f"Dealing({self.source!r}, {self.dealt} of {len(self._to_deal)} dealt, "
            f"{len(self._held_out)} held out)"
        )

    @property
    def left(self) -> int:
        """Rows not dealt yet, without those held out."""
        return len(self._to_deal) - self.dealt

    def __call__(self, n: int, rng: np.random.Generator | None = None) -> np.ndarray:
        """The next n rows (a copy). rng is not used: the order was fixed at the start.

        Raises SourceExhausted, and deals nothing, when fewer than n are left.
        """
        n = check_count(f"{self.name}.n", n)
        if n > self.left:
            raise SourceExhausted(
                f"{self.name} has {self.left} rows left to deal of {len(self._to_deal)} and was "
                f"asked for {n}; lower n_samples, n_fresh or n_generations, or give a larger "
                "source."
            )
        dealt = self._to_deal[self.dealt : self.dealt + n]
        self.dealt += n
        return self.source.rows[dealt]

    def reference(self, n_reference: int) -> np.ndarray:
        """The first n_reference held-out rows, or all of them where there are fewer (a copy)."""
        return self.source.rows[
            self._held_out[: check_count(f"{self.name}.n_reference", n_reference)]
        ]


def _checked_rows(rows, name: str) -> np.ndarray:
    if isinstance(rows, np.ma.MaskedArray) and np.ma.is_masked(rows):
        rows = rows.astype(float).filled(np.nan)  # a masked entry is a missing one
    try:
        array = np.asarray(plain(name, rows))
    except ValueError:
        raise ValueError(
            f"{name} must be one rectangular array, first axis = rows; got rows of unequal "
            "lengths. Pad or cut them to one length."
        ) from None
    if array.ndim == 0:
        raise ValueError(
            f"{name} must be an array whose first axis is the rows; got a single "
            f"{type(rows).__name__}. Put the rows in a list or an array."
        )
    if not array.size:
        raise ValueError(f"{name} holds no rows; got shape {array.shape}. Give at least one row.")
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"{name} must hold numbers; got dtype {array.dtype}. Turn it into ints or floats first."
        )
    if array.dtype.kind == "f":
        finite = np.isfinite(array).reshape(len(array), -1).all(axis=1)  # (n,)
        if not finite.all():
            raise ValueError(
                f"{name} must be finite; {np.sum(~finite)} of {len(array)} rows hold NaN or "
                f"infinity, the first is row {np.argmin(finite)} (counted from 0). "
                "Drop or fill them."
            )
        return array
    largest = np.iinfo(np.int64).max
    if array.dtype.kind == "u" and array.max() > largest:
        raise ValueError(f"{name} must hold ints of at most {largest}; got {array.max()}.")
    return array.astype(np.int64)  # unsigned rows would wrap around when a model subtracts them
