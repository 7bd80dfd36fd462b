"""The generations at which a run falls below a level, and the two stages made of them.

A generation is a float: nan where nothing was measured, inf (NEVER) where the run ended before.
"""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import (
    FLAG,
    as_floats,
    check_number,
    check_numbers,
    check_same_shape,
    check_type,
)
from collapse_lib.metrics._pairs import ROUNDING

__all__ = [
    "NEVER",
    "SPREAD_LEVEL",
    "TAIL_LEVEL",
    "Stages",
    "first_below",
    "first_noticed",
    "two_stages",
]

NEVER = np.inf
TAIL_LEVEL, SPREAD_LEVEL = 0.5, 0.1  # shares of the real value: a half, and a tenth


def first_below(values, level: float, *, for_good: bool = False, generations=None) -> np.ndarray:
    """The first generation at which a measure lies below a level: (...,) floats.

    values: (..., T), one entry a generation; nan where it was not measured. generations: (T,), the
    generation of each entry; 1, 2, ..., T if not given. NEVER (inf) where it never fell below
    within the run, nan where it was never measured at all.

    for_good: the first from which on it stays below to the end of the run. A noisy measure falls
    below a level by chance long before it does for good; but the newer a fall for good is, the less
    it says, as the run may have ended just then.
    Raises ValueError for a level that is not finite, or generations of another length or that do
    not rise.
    """
    values = as_floats("first_below.values", values)
    if values.ndim < 1 or not values.shape[-1]:
        raise ValueError(
            f"first_below.values must have an axis of generations; got {values.shape}."
        )
    check_number("first_below.level", level)
    count = values.shape[-1]
    at = np.arange(1, count + 1)
    if generations is not None:
        at = check_numbers("first_below.generations", generations, axes=1)
    check_same_shape("first_below", generations=at, entries=np.empty(count))
    if not np.all(np.diff(at) > 0):
        raise ValueError(
            "first_below.generations must rise from entry to entry; sort them, and the values with "
            "them."
        )
    measured = ~np.isnan(values)
    below = measured & (values < level)
    if check_type("first_below.for_good", for_good, FLAG):
        risen = measured & ~below
        later = np.cumsum(risen[..., ::-1], axis=-1)[..., ::-1]  # how often from here on
        below &= later == 0
    found = np.where(below.any(axis=-1), at[below.argmax(axis=-1)], NEVER)
    return np.where(measured.any(axis=-1), found, np.nan)


@dataclass(frozen=True)
class Stages:
    """When each run entered the two stages.

    early, late: (R,) generations; NEVER where the run ended before, nan where nothing was measured.
    last: the last generation of the run. tail_level, spread_level: the levels used. tail_name,
    spread_name: what was measured.
    """

    early: np.ndarray
    late: np.ndarray
    last: int
    tail_level: float
    spread_level: float
    tail_name: str = "tail recall"
    spread_name: str = "spread"

    @property
    def gap(self) -> np.ndarray:
        """(R,) generations from early to late: NEVER where late was not reached within the run (the
        gap is then at least last - early), nan where early was not reached either, or where
        one of them was not measured. Negative where the spread went before the tails."""
        unknown = np.isinf(self.early) | np.isnan(self.early) | np.isnan(self.late)
        return np.where(unknown, np.nan, self.late - np.where(unknown, 0.0, self.early))

    def __str__(self) -> str:
        return (
            f"early ({self.tail_name} below {self.tail_level:g}): {self._when(self.early)}; "
            f"late ({self.spread_name} below {self.spread_level:g}): {self._when(self.late)}"
        )

    def _when(self, at: np.ndarray) -> str:
        measured = at[~np.isnan(at)]
        if not len(measured):
            return "not measured"
        reached = int(np.isfinite(measured).sum())
        share = f"{reached} of {len(measured)} runs"
        if not reached:
            return f"in none of {len(measured)} runs within {self.last} generations"
        middle = float(np.quantile(measured, 0.5, method="lower"))
        where = f"generation {middle:g}" if np.isfinite(middle) else f"after {self.last}"
        return f"{where} (median), reached in {share}"


def two_stages(
    tail,
    spread,
    *,
    tail_level: float = TAIL_LEVEL,
    spread_level: float = SPREAD_LEVEL,
    tail_name: str = "tail recall",
    spread_name: str = "spread",
    for_good: bool = False,
    generations=None,
) -> Stages:
    """When the runs lost their tails (early) and their spread (late); see the top of this file.

    tail, spread: (R, T) or (T,), 1 = as in the real data. tail_name, spread_name: what they are,
    such as "minority coverage" and "perplexity", for the sentence that the result prints as. Other
    arguments, and NEVER (inf), as for `first_below`.
    Raises ValueError for shapes that differ.
    """
    tail = np.atleast_2d(as_floats("two_stages.tail", tail))
    spread = np.atleast_2d(as_floats("two_stages.spread", spread))
    if generations is not None:
        generations = check_numbers("two_stages.generations", generations, axes=1)
    check_same_shape("two_stages", tail=tail, spread=spread)
    how = {"for_good": for_good, "generations": generations}
    last = tail.shape[1] if generations is None else int(np.max(generations))
    return Stages(
        first_below(tail, tail_level, **how),
        first_below(spread, spread_level, **how),
        last,
        tail_level,
        spread_level,
        tail_name,
        spread_name,
    )


def first_noticed(values, width: float = 3.0, *, generations=None) -> np.ndarray:
    """The first generation at which a measure has left the range it had at the first: (R,) floats.

    values: (R, T), R >= 10 runs. It has left where it is further than `width` standard deviations
    from the mean, both over the runs at the first entry: what models of real data show by chance.
    So measures of any unit can be set side by side: small numbers notice early, NEVER is blind
    within the run. Infinite values have left, nan is not measured; the first entry must be finite.
    generations as for `first_below`.
    Raises ValueError for fewer than 10 runs, a first entry that is not finite, or a width that is
    not above 0.
    """
    values = as_floats("first_noticed.values", values)
    if values.ndim != 2 or len(values) < 10:
        raise ValueError(
            f"first_noticed.values must be (R, T) with at least 10 runs, from which it learns how "
            f"the first generation varies; got shape {values.shape}."
        )
    check_number("first_noticed.width", width, above=0)
    first = values[:, 0]
    n_bad = int((~np.isfinite(first)).sum())
    if n_bad:
        raise ValueError(
            f"first_noticed.values must be finite at the first generation, whose range is the "
            f"measure of all others; {n_bad} of {len(first)} runs are not."
        )
    distance, rounding = np.abs(values - first.mean()), ROUNDING * np.abs(first).max()
    return first_below(-distance, -width * first.std(ddof=1) - rounding, generations=generations)
