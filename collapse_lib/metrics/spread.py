"""Measures of how wide real-valued rows still are, against reference rows."""

import math

import numpy as np

from collapse_lib.arguments import check_number
from collapse_lib.metrics._pairs import tables


def variance_ratio(rows, reference):
    """Total variance of the rows over that of the reference (1 = kept, 0 = one point).

    rows (n, ...), reference (m, ...): the total variance is the trace of the covariance matrix, the
    sum of the unbiased variances of all values of a row.
    Raises ValueError for NaN, fewer than 2 rows, other widths, or a reference that never varies.
    Source: the variance of the fitted model in Shumailov et al. (2024), theorem 3.1,
    doi:10.1038/s41586-024-07566-y, here as a share of the original.
    """
    rows, reference = tables("variance_ratio", least=2, rows=rows, reference=reference)
    total = reference.var(axis=0, ddof=1).sum()
    if not total > 0:
        raise ValueError("variance_ratio.reference must vary; got rows that are all equal.")
    return float(rows.var(axis=0, ddof=1).sum() / total)


def tail_mass(rows, reference, quantile=0.05):
    """Share of rows beyond the reference's outer quantiles, over its nominal value.

    rows (n, ...), reference (m, ...): counts the values below the `quantile` and above the
    1 - `quantile` point of the reference, divided by 2 * quantile; several values a row are
    averaged. 1 means that the tails are kept, 0 that they are gone, above 1 that they have grown.
    The quantiles are those of Weibull, (k / (m + 1)), for which a fresh row lies beyond them with
    the nominal chance, at every m, up to the curvature of the density between two rows.
    Raises ValueError for NaN, no rows, other widths, quantile outside (0, 0.5), or a reference that
    is too short for the quantile.
    Source: Hyndman and Fan (1996), definition 6, doi:10.1080/00031305.1996.10473566.
    """
    rows, reference = tables("tail_mass", rows=rows, reference=reference)
    check_number("tail_mass.quantile", quantile, above=0, below=0.5)
    needed = math.ceil(1.0 / quantile * (1.0 - 1e-9)) - 1
    if len(reference) < needed:
        raise ValueError(
            f"tail_mass.reference must hold at least {needed} rows for quantile {quantile}; "
            f"got {len(reference)}; widen the quantile."
        )
    lower, upper = np.quantile(reference, [quantile, 1 - quantile], axis=0, method="weibull")
    beyond = (rows < lower) | (rows > upper)  # (n, d)
    return float(beyond.mean() / (2.0 * quantile))
