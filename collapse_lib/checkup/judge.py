"""Which losses chance cannot explain, under one false-alarm rate for all measures together.

Null: the rows of both sides dealt out again at random. Each measure's loss is put in units of its
own null's upper tail, and the largest of all measures is compared with the largest in each deal, so
that real rows against real rows raise an alarm with a chance of at most `level`, however many
measures there are and however they hang together.
Source: Westfall and Young (1993), Resampling-Based Multiple Testing, single-step max-T.
"""

from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

import numpy as np
from scipy import stats

from collapse_lib.checkup.deals import Deals
from collapse_lib.checkup.pool import Measure, Pool

__all__ = ["Finding", "judged"]

CONFIDENCE = 0.95
POWER = 0.95  # with which the smallest visible loss is seen
UPPER = 0.95  # quantile of its null that is the unit of a measure's loss
FEW = 10  # counts below which the interval of a share is exact
ROUNDING = 1e-5  # of the logarithm of what is kept
TIE = 1e-4  # in units of the null, within which two deals are equal but for rounding
GRID = np.linspace(0.995, 0.0, 200)  # of what is kept


@dataclass(frozen=True)
class Finding:
    """One measure, found: value, its 95 % interval, the middle 95 % of its null, whether it is
    lost, its p-value corrected for all measures, and the smallest loss, as a share of what the real
    rows have, that would have been found 95 times in 100 (None: not even a loss of all)."""

    measure: Measure
    value: float
    low: float
    high: float
    null_low: float
    null_high: float
    lost: bool
    p_value: float
    smallest_visible_loss: float | None


def judged(pool: Pool, deals: Deals, level: float) -> list[Finding]:
    """The findings of all measures of the pool that can differ between deals at all."""
    matrix = pool.matrix()
    log_kept, sums = [], None
    for weights in deals.blocks():
        if sums is None:
            sums = [side[:, 0] for side in weights.sums(matrix)]
        log_kept.append(pool.log_kept(weights, matrix))
    kept = np.concatenate(log_kept, axis=1)  # (J, 1 + parts + deals)
    parts = kept[:, 1 : 1 + deals.n_parts]
    kept = np.delete(kept, np.s_[1 : 1 + deals.n_parts], axis=1)  # the data counts as a deal
    middle = np.median(kept, axis=1, keepdims=True)
    loss = middle - kept
    scale = np.maximum(np.quantile(loss, UPPER, axis=1), loss.std(axis=1))
    varies = scale > ROUNDING
    worst = np.where(varies[:, None], loss / np.where(varies, scale, 1)[:, None], -np.inf)
    largest = worst.max(axis=0)  # (1 + deals,)
    p_values = (largest >= worst[:, :1] - TIE).mean(axis=1)
    critical = np.quantile(largest, 1 - level, method="higher")
    nulls = np.quantile(kept, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=1)
    shares = pool.share_counts(*sums)
    found = []
    for j, measure in enumerate(pool.measures()):
        if not varies[j]:
            continue
        base = middle[j, 0] if measure.is_relative else 0.0
        value, low, high = _interval(kept[j, 0], parts[j], shares[j])
        null_low, null_high = np.exp(nulls[:, j] - base)
        found.append(
            Finding(
                measure,
                *(float(np.exp(x - base)) if x > -np.inf else 0.0 for x in (value, low, high)),
                float(null_low),
                float(null_high),
                bool(p_values[j] <= level and kept[j, 0] < middle[j, 0]),
                float(p_values[j]),
                _visible(critical * scale[j], kept[j].std(), shares[j]),
            )
        )
    return found


def _interval(value: float, parts: np.ndarray, share) -> tuple[float, float, float]:
    """The logarithm of what is kept with its interval: jackknife, or exact for few counts."""
    n = len(parts)
    error = np.sqrt((n - 1) / n * ((parts - parts.mean()) ** 2).sum())
    half = _student(n - 1) * error
    if share is None:
        return value, value - half, value + half
    here, units_here, there, units_there = (float(x) for x in share)
    with np.errstate(divide="ignore"):
        plain = np.log(here / units_here) - np.log(there / units_there) if there else value
        if min(here, there) >= FEW:
            return plain, plain - half, plain + half
        tail, odds = (1 - CONFIDENCE) / 2, np.log(units_there / units_here)
        low = stats.beta.ppf(tail, here, there + 1) if here else 0.0
        high = stats.beta.ppf(1 - tail, here + 1, there) if there else 1.0
        ends = [np.log(p) - np.log1p(-p) + odds if p < 1 else np.inf for p in (low, high)]
    return plain, *ends


@cache
def _student(freedom: int) -> float:
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom))


def _visible(threshold: float, deviation: float, share) -> float | None:
    """The smallest loss found with a chance of POWER at a threshold of the log of what is kept."""
    z = NormalDist().inv_cdf(POWER)
    if share is None:
        return float(-np.expm1(-threshold - z * deviation))
    _, units_here, there, units_there = (float(x) for x in share)
    ratio = units_here / units_there
    kept = GRID
    pooled = kept * there * ratio + there
    null = [pooled * ratio / (1 + ratio), pooled / (1 + ratio)]  # expected counts of the two sides
    now = share[0] + there
    today = 1 / (now * ratio / (1 + ratio) + 0.5) + 1 / (now / (1 + ratio) + 0.5)
    spread = deviation**2 / today  # beyond that of independent counts
    grown = (1 / (null[0] + 0.5) + 1 / (null[1] + 0.5)) / today
    count = kept * there * ratio
    error = np.sqrt(spread * (1 / (count + 0.5) + 1 / (there + 0.5)))
    error = np.where(count < 0.5, np.sqrt(spread / (there + 0.5)), error)
    lost = np.log((there + 0.5) / units_there) - np.log((count + 0.5) / units_here)
    seen = lost >= threshold * np.sqrt(grown) + z * error
    return float(1 - kept[np.argmax(seen)]) if seen.any() else None
