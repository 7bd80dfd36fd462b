"""Measures of how wide real-valued rows still are, against reference rows."""

import math

import numpy as np

from collapse_lib.arguments import MOST_ROWS, check_number
from collapse_lib.metrics._pairs import ROUNDING, tables, varies


def variance_ratio(rows, reference):
    """Total variance of the rows over that of the reference (1 = kept, 0 = one point).

    rows (n, ...), reference (m, ...): the total variance is the trace of the covariance matrix, the
    sum of the unbiased variances of all values of a row.
    Raises ValueError for NaN, fewer than 2 rows, other widths, or a reference that never varies.
    Source: the variance of the fitted model in Shumailov et al. (2024), theorem 3.1,
    doi:10.1038/s41586-024-07566-y, here as a share of the original.
    """
    rows, reference = tables("variance_ratio", least=2, rows=rows, reference=reference)
    if not varies(reference).any():
        raise ValueError("variance_ratio.reference must vary; got rows that are all equal.")
    scale = np.abs(reference - reference.mean(axis=0)).max()  # or squares would leave the floats
    ours, real = (
        (table[:, varies(table)] / scale).var(axis=0, ddof=1).sum() for table in (rows, reference)
    )
    return float(ours / real)


def tail_mass(rows, reference, quantile=0.05):
    """Share of rows beyond the reference's outer quantiles, over its nominal value.

    rows (n, ...), reference (m, ...): counts the values below the `quantile` and above the
    1 - `quantile` point of the reference, divided by 2 * quantile; several values a row are
    averaged. 1 means that the tails are kept, 0 that they are gone, above 1 that they have grown.
    The quantiles are those of Weibull, (k / (m + 1)), for which a fresh row lies beyond them with
    the nominal chance, at every m, up to the curvature of the density between two rows. Where a
    quantile falls on a value that several rows of the reference share, rows of that value count in
    the part for which that still holds.
    Raises ValueError for NaN, no rows, other widths, quantile outside (0, 0.5), or a reference that
    is too short for the quantile.
    Source: Hyndman and Fan (1996), definition 6, doi:10.1080/00031305.1996.10473566.
    """
    rows, reference = tables("tail_mass", rows=rows, reference=reference)
    check_number("tail_mass.quantile", quantile, above=0, below=0.5)
    needed = math.ceil(min(1.0 / quantile, MOST_ROWS) * (1.0 - 1e-9)) - 1
    if len(reference) < needed:
        raise ValueError(
            f"tail_mass.reference must hold at least {needed} rows for quantile {quantile}; "
            f"got {len(reference)}; widen the quantile."
        )
    parts = [
        _beyond(sign * column, np.sort(sign * real), quantile)
        for column, real in zip(rows.T, reference.T, strict=True)
        for sign in (1, -1)
    ]
    return float(sum(parts) / rows.size / (2.0 * quantile))


def _beyond(rows, reference, quantile):
    """How many of the rows (n,) are below the quantile of a sorted reference (m,), ties in part."""
    m = len(reference)
    place = quantile * (m + 1)  # of Weibull, counted from 1
    k = min(max(math.floor(place), 1), m - 1)
    around = reference[k - 1 : k + 1]
    near = ROUNDING * max(np.abs(around).max(), abs(reference[m // 2]))  # a far row is no measure
    if max((np.abs(reference - value) <= near).sum() for value in around) < 2:
        lower = around[0] + (place - k) * (around[1] - around[0])
        return (rows < lower).sum()
    cut = around[int(place > k)]
    below, at = (reference < cut - near).sum(), (np.abs(reference - cut) <= near).sum()
    weight = min(max((place - below) / (at + 1), 0.0), 1.0)
    return (rows < cut - near).sum() + weight * (np.abs(rows - cut) <= near).sum()
