"""Many runs in three lines: the median and a central band."""

from typing import NamedTuple

import numpy as np

from collapse_lib.arguments import as_floats, check_columns, check_number, check_several

__all__ = ["Band", "band"]


class Band(NamedTuple):
    """(n_generations,) each: the median of the runs, and the quantiles that bound the band."""

    median: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def band(runs, measure: str | None = None, *, by=None, level: float = 0.8):
    """Median and central band over runs; `level` is the share of the runs inside, so 0.8 goes from
    the 10 % to the 90 % quantile.

    runs: an array, first axis = runs, or a tidy frame as `to_frame` and `sweep` give it.
    measure: the column of the frame to look at. The runs are the rows of one generation, and the
        band goes over the generations in their order.
    by: a column of the frame, or a list of them: gives one Band for each value found there (a
        tuple for a list), as a dict in the order of the frame.

    Medians and quantiles, since ensembles of collapsing loops have heavy tails. Raises ValueError
    for a level outside (0, 1), no runs, or a column that the frame has not.
    """
    from collapse_lib.plotting.results import central

    check_number("band: level", level, above=0, below=1)
    if measure is not None:
        columns = (
            [by] if isinstance(by, str) else check_several("band.by", [] if by is None else by)
        )
        check_columns("band: runs", runs, "generation", measure, *columns)
        if by is not None:
            groups = runs.groupby(by, sort=False, observed=True)
            return {value: band(part, measure, level=level) for value, part in groups}
        rows = [part.to_numpy(float) for _, part in runs.groupby("generation")[measure]]
        bands = [band(values, level=level) for values in rows]
        return Band(*np.reshape(bands, (-1, 3)).T)
    runs = as_floats("band.runs", runs)
    if runs.ndim < 1 or not len(runs):
        raise ValueError("band needs at least one run; got none.")
    lower, median, upper = central(runs, level)
    return Band(median, lower, upper)
