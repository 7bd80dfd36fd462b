"""Chance or bias: what honest sampling alone would do, and what it cannot.

Bias pushes one way: shares are tempered, variances shrink. Chance pushes anywhere, and the further
the fewer rows a generation is made of. Against chance the number of real rows counts, against bias
their share.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

from collapse_lib.checkup.columns import Column
from collapse_lib.checkup.tables import SINGLE, directions
from collapse_lib.checkup.tilt import tilt

__all__ = ["Cause", "Push", "cause_of", "effective_rows", "is_steady", "push", "shifts"]

CONFIDENCE = 0.95
LEAST_COUNT = 5  # of a category whose share is followed
WORDS_FOLLOWED = 30
Interval = tuple[float, float, float]


@dataclass(frozen=True)
class Push:
    """From the real rows to a batch: temperature and variance factor, each with its interval or
    None; the column that tells the temperature."""

    temperature: Interval | None
    column: str | None
    variance_factor: Interval | None

    def beyond(self, widening: float = 1.0, log_drained: float = 0.0) -> bool:
        """Whether honest sampling is excluded, where it widens intervals and drains variance."""
        for found, expected in ((self.temperature, 0.0), (self.variance_factor, log_drained)):
            if found:
                middle, low, high = np.log(found)
                low, high = (middle + widening * (end - middle) for end in (low, high))
                if not low <= expected <= high:
                    return True
        return False


@dataclass(frozen=True)
class Cause:
    """kind: "chance", "bias", "both", "none" or "cannot tell". temperature, variance_factor: of the
    newest batch against the real rows; effective_rows: how many rows each generation behaves as if
    it had been drawn with. Each (estimate, low, high), or None."""

    kind: str
    temperature: Interval | None = None
    variance_factor: Interval | None = None
    effective_rows: Interval | None = None
    column: str | None = None


def push(columns: list[Column], is_synthetic: np.ndarray, rng: np.random.Generator) -> Push:
    """The push from the rows that are not synthetic to those that are."""
    tilts = []
    for column in columns:
        if column.kind == "category":
            rows = np.arange(len(column.values))
            codes = np.unique(column.values, return_inverse=True)[1].reshape(-1)
            found = tilt(codes, rows, is_synthetic, rng)
        elif column.kind == "text":
            found = tilt(*column.words, is_synthetic, rng)
        else:
            continue
        if found:
            tilts.append((found.error, column.name, found.temperature))
    _, name, temperature = min(tilts, key=lambda each: each[:2], default=(0, None, None))
    numbers = [column.values for column in columns if column.kind == "number"]
    factor = _variance_factor(np.column_stack(numbers), is_synthetic) if numbers else None
    return Push(temperature, name, factor)


def _variance_factor(values, is_synthetic) -> Interval | None:
    """The columns' ratios of variances as one geometric mean, each weighted by how well it is
    known, with an interval from the influence of each row, so that columns may hang together."""
    logs, influences = [], []
    for side in (is_synthetic, ~is_synthetic):
        rows = values[side]
        n = (~np.isnan(rows)).sum(axis=0)
        if (n < 2).any():
            return None
        variance = np.nanvar(rows, axis=0, ddof=1)
        if (variance <= 0).any():
            return None
        squares = (rows - np.nanmean(rows, axis=0)) ** 2 / variance - 1
        logs.append(np.log(variance))
        influences.append(np.nan_to_num(squares) * len(rows) / n)
    weights = 1 / (np.vstack(influences) ** 2).mean(axis=0)
    weights /= weights.sum()
    error = np.sqrt(sum((rows @ weights).var() / len(rows) for rows in influences))
    half = stats.norm.ppf((1 + CONFIDENCE) / 2) * error
    log_ratio = (logs[0] - logs[1]) @ weights
    return tuple(float(np.exp(log_ratio + sign * half)) for sign in (0, -1, 1))


def shifts(columns: list[Column], batch: np.ndarray) -> np.ndarray:
    """(steps, d) how the means move from each batch to the next, in standard deviations along d
    independent directions. columns: of all batches pooled; batch: (N,) which batch a row is of."""
    last = int(batch.max())
    parts = [part for column in columns for part in _followed(column)]
    table = np.column_stack(parts) if parts else np.empty((len(batch), 0))
    table = table[:, table.std(axis=0) > 0]
    if not table.shape[1]:
        return np.empty((last, 0))
    scaled = directions((table - table.mean(axis=0)) / table.std(axis=0))
    means = np.array([scaled[batch == k].mean(axis=0) for k in range(last + 1)])
    older = [np.cov(scaled[batch == k].T).reshape(scaled.shape[1], -1) for k in range(last)]
    values, vectors = np.linalg.eigh(np.mean(older, axis=0))
    good = values > 1e-3 * values.max()
    return np.diff(means, axis=0) @ vectors[:, good] / np.sqrt(values[good])


def _followed(column: Column):
    if column.kind == "number":
        values = column.values
        yield np.where(np.isnan(values), np.nanmean(values), values)
    elif column.kind == "category":
        counts = np.bincount(column.values - column.values.min())
        for code in np.argsort(-counts)[1:SINGLE]:
            if counts[code] >= LEAST_COUNT:
                yield (column.values == code + column.values.min()).astype(float)
    elif column.kind == "text":
        codes, row = column.words
        for word in np.argsort(-np.bincount(codes))[:WORDS_FOLLOWED] if len(codes) else ():
            weights = (codes == word).astype(float)
            yield np.bincount(row, weights=weights, minlength=len(column.values))


def effective_rows(moves: np.ndarray, *, steadily: bool = False) -> Interval | None:
    """How many rows a generation behaves as if drawn with: the squared moves, summed over d
    directions, are chi-square over that number. steadily: what all steps have in common is bias,
    and is taken away first. None without two steps."""
    n_steps, d = moves.shape
    freedom = d * (n_steps - steadily)
    drift = ((moves - moves.mean(axis=0) * steadily) ** 2).sum()
    if n_steps < 2 or not freedom or drift <= 0:
        return None
    tails = stats.chi2.ppf([(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], freedom)
    return tuple(float(x / drift) for x in (freedom, *tails))


def is_steady(moves: np.ndarray) -> bool:
    """Whether the moves have more in common than independent ones would: their mean is held against
    their scatter about it, by Fisher's F. Chance moves anywhere, step by step anew."""
    n_steps, d = moves.shape
    scatter = ((moves - moves.mean(axis=0)) ** 2).sum() / max(d * (n_steps - 1), 1)
    if n_steps < 2 or not d or scatter <= 0:
        return False
    common = n_steps * (moves.mean(axis=0) ** 2).sum() / d
    return bool(stats.f.sf(common / scatter, d, d * (n_steps - 1)) <= 1 - CONFIDENCE)


def cause_of(verdict: str, found: Push, moves: np.ndarray, n_real: int, n_newest: int) -> Cause:
    """found: the push from the real rows to the newest batch; moves: of the means, step by step.

    With two or more steps, honest sampling of so few rows as the moves suggest widens the
    intervals: what lies beyond even these is bias, and so is what moves the same way in all steps.
    """
    rows, is_biased = effective_rows(moves), found.beyond()
    if rows:
        steps, fewest = len(moves), rows[1]
        widening = np.sqrt(1 + steps / fewest / (1 / n_real + 1 / n_newest))
        is_biased = found.beyond(widening, -steps / rows[0]) or is_steady(moves)
        rows = effective_rows(moves, steadily=True) if is_biased else rows
    if verdict == "cannot tell":
        kind = "cannot tell"
    elif verdict == "kept":
        kind = "none"
    elif is_biased:
        kind = "both" if rows and rows[2] < n_newest else "bias"
    else:
        kind = "chance" if rows else "cannot tell"
    return Cause(kind, found.temperature, found.variance_factor, rows, found.column)
