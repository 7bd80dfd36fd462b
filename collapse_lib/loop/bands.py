"""Many runs in three lines: the median and a central band."""

from typing import NamedTuple

import numpy as np

__all__ = ["Band", "band"]


class Band(NamedTuple):
    """(n_generations,) each: the median of the runs, and the quantiles that bound the band."""

    median: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def band(runs: np.ndarray, level: float = 0.8) -> Band:
    """Median and central band over the runs, the first axis; `level` is the share of the runs
    inside, so 0.8 goes from the 10 % to the 90 % quantile.

    Medians and quantiles, since ensembles of collapsing loops have heavy tails. Raises ValueError
    for a level outside (0, 1) or no runs.
    """
    runs = np.asarray(runs, dtype=float)
    if not 0 < level < 1:
        raise ValueError(f"band: level must be between 0 and 1; got {level}.")
    if runs.ndim < 1 or not len(runs):
        raise ValueError("band needs at least one run; got none.")
    lower, median, upper = np.quantile(runs, [(1 - level) / 2, 0.5, (1 + level) / 2], axis=0)
    return Band(median, lower, upper)
