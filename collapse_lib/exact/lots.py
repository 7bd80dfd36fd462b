"""Lots: rows known by their sufficient statistic alone, with the verbs that policies use.

A batch is n rows of one origin, exchangeable and not drawn yet. It is drawn, for every replicate
at once, when somebody first asks what is in it. Until then "k of its n rows" is simply k rows
drawn from the same law, which needs no knowledge of single rows; afterwards it takes a family
whose statistic can be thinned (counts can, a mean and a variance cannot).
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from collapse_lib.arguments import MOST_ROWS

__all__ = ["Batch", "Family", "Lot", "LotHistory"]


MIXED = -1  # the origin of rows that were summed up, whatever theirs was


class Family(Protocol):
    """The statistic of a family of distributions, over replicates."""

    def merge(self, a, n_a: int, b, n_b: int):
        """The statistic of the rows of both."""

    def thin(self, statistic, n: int, k: int, rng: np.random.Generator):
        """The statistic of k of the n rows, drawn without replacement; raises where the statistic
        does not determine its law."""


class Batch:
    """n rows of one origin. draw(k, rng) gives the statistic of k rows of their law."""

    def __init__(self, family: Family, n: int, origin: int, draw: Callable, rng):
        self.family, self.n, self.origin = family, n, origin
        self._draw, self._rng = draw, rng
        self._statistic, self._split = None, False

    @classmethod
    def known(cls, family: Family, n: int, statistic) -> "Batch":
        """Rows that have been looked at, of any origin."""
        batch = cls(family, n, MIXED, None, None)
        batch._statistic = statistic
        return batch

    def statistic(self):
        if self._split:
            raise ValueError(
                "This policy uses single rows of one sample more than once, so sums are not "
                "enough; run it on rows with run_loop."
            )
        if self._statistic is None:
            self._statistic = self._draw(self.n, self._rng)
        return self._statistic

    def subsample(self, k: int, rng) -> "Batch":
        if k == self.n:
            return self
        if self._statistic is None and not self._split:
            self._split = True
            return Batch(self.family, k, self.origin, self._draw, self._rng)
        return Batch.known(self.family, k, self.family.thin(self.statistic(), self.n, k, rng))


class Lot:
    """What `Dataset` is on rows: some batches together."""

    weights = None  # every row counts the same

    def __init__(self, batches: Sequence[Batch]):
        self.batches = [batch for batch in batches if batch.n]

    @classmethod
    def concat(cls, lots: Sequence["Lot"]) -> "Lot":
        return cls([batch for lot in lots for batch in lot.batches])

    @classmethod
    def from_generation(cls, batch: Batch, t: int) -> "Lot":
        batch.origin = t
        return cls([batch])

    def __len__(self) -> int:
        n = sum(batch.n for batch in self.batches)
        if n > MOST_ROWS:
            raise ValueError(
                f"The pool has grown to {n:.3g} rows, more than a 64-bit count holds; lower "
                "n_samples or n_generations."
            )
        return n

    def of_origin(self, t: int) -> "Lot":
        if any(batch.origin == MIXED for batch in self.batches):
            raise ValueError(
                "The exact engine keeps a pool as sums, which no longer tell which generation a "
                "row came from; run this policy on rows with run_loop."
            )
        return Lot([batch for batch in self.batches if batch.origin == t])

    def subsample(self, k: int, rng: np.random.Generator) -> "Lot":
        if k == 0:
            return Lot([])
        whole = self.batches[0] if len(self.batches) == 1 else self.merged()
        return Lot([whole.subsample(k, rng)])

    def merged(self) -> Batch:
        """All rows as one batch that has been looked at."""
        first, *others = self.batches
        n, statistic = first.n, first.statistic()
        for batch in others:
            statistic = first.family.merge(statistic, n, batch.statistic(), batch.n)
            n += batch.n
        return Batch.known(first.family, n, statistic)

    def __getattr__(self, name):
        raise AttributeError(
            f"The exact engine holds no single rows, so a policy cannot ask for `{name}` there; "
            "run it on rows with run_loop."
        )


class LotHistory:
    """The history that a policy reads: the first entry, the newest, and a pool.

    The pool is a running sum, so that a generation costs the same however long the chain.
    pooled=False: for policies that read history[0] and history[-1] alone.
    """

    def __init__(self, *, pooled: bool):
        self._pooled, self._length = pooled, 0
        self._pool: list[Lot] = []  # a running sum, and what came since it was last asked for

    def append(self, lot: Lot) -> None:
        if self._length == 0:
            self._first = lot
        self._newest = lot
        self._length += 1
        if self._pooled:
            self._pool.append(lot)

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, index: int) -> Lot:
        if index == 0:
            return self._first
        if index in (-1, self._length - 1):
            return self._newest
        raise TypeError(
            "The exact engine keeps the first generation, the newest and the pool, so a policy "
            f"cannot ask for history[{index}] there; run it on rows with run_loop."
        )

    def pool(self) -> Lot:
        """Everything published so far."""
        self._pool = [Lot([Lot.concat(self._pool).merged()])]
        return self._pool[0]
