"""What is measured on the pooled rows: features of rows, and measures as functions of their sums.

A measure says how much of something the synthetic rows have kept: 1 = as much as the real ones.
Its features never look at which side a row is on, so that a random deal of the rows to the two
sides shows exactly what chance does.
"""

from dataclasses import dataclass, field

import numpy as np

from collapse_lib.checkup.deals import Weights

__all__ = ["Measure", "Pool"]

CONTINUITY = 0.5  # added to a count before its logarithm
TINY = 1e-12  # below rounding


@dataclass(frozen=True)
class Measure:
    """name: what is measured; column: of which column, or None for all together.

    is_relative: its value is told in units of what
    chance gives, as it depends on the sizes of the two sides.
    """

    name: str
    column: str | None
    is_relative: bool = False


@dataclass
class Pool:
    """Features of N pooled rows and the measures on them."""

    n_rows: int
    features: list = field(default_factory=list)  # (N,) float32 each
    _shares: list = field(default_factory=list)
    _spreads: list = field(default_factory=list)
    _types: list = field(default_factory=list)
    _neighbours: list = field(default_factory=list)
    _overall: bool = False

    def feature(self, values) -> int:
        """Keep a feature (N,); returns its number."""
        self.features.append(np.asarray(values, dtype=np.float32))
        return len(self.features) - 1

    def share(self, name: str, column, top: int, units: int, *, counted: bool = True) -> None:
        """How much of feature `top` there is a unit of feature `units`."""
        self._shares.append((Measure(name, column), top, units, counted))

    def spread(self, name: str, column, present: int, values) -> None:
        """The standard deviation of values (N,), standardised, 0 where not present."""
        value = self.feature(values)
        square = self.feature(self.features[value] ** 2)
        self._spreads.append((Measure(name, column), present, value, square))

    def overall_spread(self) -> None:
        """The geometric mean over all spreads so far."""
        self._overall = len(self._spreads) > 1

    def types(self, name: str, column, occurrences, units) -> None:
        """How many different types there are a unit. occurrences: sparse (N, T); units: (N,)."""
        unit = self.feature(units)
        self._types.append((Measure(name, column, is_relative=True), occurrences, unit))

    def neighbours(self, name: str, rows, near) -> None:
        """Share of the real among some rows that have a synthetic one near. near: sparse (r, r)."""
        self._neighbours.append((Measure(name, None, is_relative=True), rows, near))

    def measures(self) -> list[Measure]:
        overall = [Measure("spread", None)] if self._overall else []
        kinds = (self._shares, self._spreads, self._types, self._neighbours)
        shares, spreads, types, neighbours = [[each[0] for each in kind] for kind in kinds]
        return [*shares, *spreads, *overall, *types, *neighbours]

    def matrix(self) -> np.ndarray:
        """(N, k) the dense features."""
        return np.column_stack(self.features) if self.features else np.zeros((self.n_rows, 0))

    def share_counts(self, synthetic, real) -> list:
        """For each measure that is a share of counts, (count, units) of both sides, else None.

        synthetic, real: (k,) the sums of the features over the rows of each side.
        """
        told = [
            (synthetic[top], synthetic[units], real[top], real[units]) if counted else None
            for _, top, units, counted in self._shares
        ]
        return told + [None] * (len(self.measures()) - len(told))

    def log_kept(self, weights: Weights, matrix: np.ndarray) -> np.ndarray:
        """(J, C) logarithm of what each measure has kept, for each deal."""
        synthetic, real = weights.sums(matrix)
        parts = []
        if self._shares:
            top, units = (np.array([each[k] for each in self._shares]) for k in (1, 2))
            add = np.where([each[3] for each in self._shares], CONTINUITY, 0.0)[:, None]
            parts.append(
                _log((synthetic[top] + add) / np.maximum(synthetic[units], TINY))
                - _log((real[top] + add) / np.maximum(real[units], TINY))
            )
        if self._spreads:
            indices = np.array([each[1:] for each in self._spreads]).T
            spreads = (_log_variance(synthetic, *indices) - _log_variance(real, *indices)) / 2
            parts.append(spreads)
            if self._overall:
                parts.append(spreads.mean(axis=0, keepdims=True))
        for _, occurrences, unit in self._types:
            here, there = weights.sums(occurrences)
            parts.append(
                _log((here > 0.5).sum(axis=0) / np.maximum(synthetic[unit], TINY))[None]
                - _log((there > 0.5).sum(axis=0) / np.maximum(real[unit], TINY))[None]
            )
        for _, rows, near in self._neighbours:
            some = weights.of_rows(rows)
            is_real = 1 - some.synthetic if some.real is None else some.real
            reached = (near @ some.synthetic) > 0.5
            n_real = np.maximum(is_real.sum(axis=0), 1)
            parts.append(_log(((reached * is_real).sum(axis=0) + CONTINUITY) / n_real)[None])
        return np.concatenate(parts).astype(float)


def _log(values):
    return np.log(np.maximum(values, TINY))


def _log_variance(sums, present, value, square):
    n = np.maximum(sums[present], 2)
    return _log((sums[square] - sums[value] ** 2 / n) / (n - 1))
