"""The rows of both sides, as they are, with a part left out, and dealt out again at random.

Everything that a check-up measures is a function of sums over the rows of each side. One matrix of
weights, rows by deals, gives these sums for the data, for a jackknife and for the null at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

__all__ = ["Deals", "Weights"]

MOST_PARTS = 50  # of the jackknife
BLOCK = 2**24  # entries of a matrix of weights at a time


@dataclass(frozen=True)
class Weights:
    """Deals of N rows to two sides: synthetic (N, C) and real (N, C) of zeros and ones; real None
    where it is what synthetic leaves."""

    synthetic: np.ndarray
    real: np.ndarray | None

    def sums(self, matrix) -> tuple[np.ndarray, np.ndarray]:
        """(k, C) sums over the synthetic and over the real rows of a dense or sparse (N, k)."""
        synthetic = np.asarray(matrix.T @ self.synthetic)
        if self.real is not None:
            return synthetic, np.asarray(matrix.T @ self.real)
        totals = np.asarray(matrix.sum(axis=0), dtype=np.float32).reshape(-1, 1)
        return synthetic, totals - synthetic

    def of_rows(self, rows) -> "Weights":
        """The same deals of some of the rows."""
        return Weights(self.synthetic[rows], None if self.real is None else self.real[rows])


@dataclass(frozen=True)
class Deals:
    """is_synthetic: (N,) bools. n_deals: random deals, each with as many synthetic rows as there
    are. The data itself is the first deal, and n_parts more leave one part of each side out."""

    is_synthetic: np.ndarray
    n_deals: int
    seed: np.random.SeedSequence

    @property
    def n_parts(self) -> int:
        n_synthetic = int(self.is_synthetic.sum())
        return min(MOST_PARTS, n_synthetic, len(self.is_synthetic) - n_synthetic)

    def blocks(self) -> Iterator[Weights]:
        """First the data and the jackknife, then the random deals in blocks."""
        rng = np.random.default_rng(self.seed)
        yield self._measured(rng)
        n = len(self.is_synthetic)
        width = max(1, BLOCK // n)
        for start in range(0, self.n_deals, width):
            dealt = _subsets(n, int(self.is_synthetic.sum()), min(width, self.n_deals - start), rng)
            yield Weights(dealt.T.astype(np.float32), None)

    def _measured(self, rng) -> Weights:
        part = np.empty(len(self.is_synthetic), dtype=int)
        for side in (self.is_synthetic, ~self.is_synthetic):
            part[side] = rng.permutation(int(side.sum())) % self.n_parts
        kept = np.column_stack(
            [np.ones(len(part), bool), part[:, None] != np.arange(self.n_parts)]
        )  # (N, 1 + parts)
        here = self.is_synthetic[:, None]
        return Weights((kept & here).astype(np.float32), (kept & ~here).astype(np.float32))


def _subsets(n: int, size: int, n_deals: int, rng) -> np.ndarray:
    """(deals, n) bools: uniformly random subsets of one size. Each starts from independent draws;
    given how many it got, which rows they are is uniform, and so are those added or taken away."""
    dealt = rng.integers(0, 2**16, (n_deals, n), dtype=np.uint16) < round(2**16 * size / n)
    for row, excess in zip(dealt, dealt.sum(axis=1) - size, strict=True):
        if excess:
            there = np.flatnonzero(row == (excess > 0))
            row[rng.choice(there, abs(excess), replace=False)] = excess < 0
    return dealt
