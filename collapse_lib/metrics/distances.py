"""Distances between two samples of real-valued rows, and their similarity."""

import numpy as np
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from collapse_lib.arguments import check_number, check_numbers
from collapse_lib.metrics._pairs import ROUNDING, plain, slack, tables

MEDIAN_ROWS = 1000
BLOCK = 2**21


def wasserstein(rows, reference, order=2):
    """Wasserstein distance between two samples of numbers, in their unit.

    rows (n,), reference (m,): the optimal coupling in one dimension joins equal quantiles; it is
    summed over the pieces on which both empirical quantile functions are constant, so it is exact
    for unequal sizes too. `order` is a number >= 1; order 2 is the risk of the Gaussian theory once
    squared.
    Raises ValueError for NaN, no rows, order below 1, or rows of several values.
    Source: Peyré and Cuturi (2019), section 2.6, arXiv:1803.00567.
    """
    rows, reference = tables("wasserstein", rows=rows, reference=reference)
    if rows.shape[1] != 1:
        raise ValueError(
            f"wasserstein.rows must hold one value a row; got {rows.shape[1]}; for rows of several "
            "values use mmd."
        )
    check_number("wasserstein.order", order, least=1)
    n, m = len(rows), len(reference)
    # cuts of [0, 1] in units of 1 / (n m): whole numbers, so that no piece is lost to rounding
    cuts = np.union1d(np.arange(n + 1) * m, np.arange(m + 1) * n)
    left = cuts[:-1]
    gaps = np.abs(np.sort(rows[:, 0])[left // m] - np.sort(reference[:, 0])[left // n])
    scale = gaps.max()
    if scale == 0.0:
        return 0.0
    shares = np.diff(cuts) / (n * m)
    return float(scale * np.sum(shares * (gaps / scale) ** order) ** (1.0 / order))


def gaussian_wasserstein(mean, std, reference_mean, reference_std):
    """Wasserstein distance of order 2 between two normal laws, in the unit of the rows.

    mean, std, reference_mean, reference_std: numbers or arrays that broadcast, such as the paths of
    `exact.gaussian_chain`. The formula is sqrt((difference of means)^2 + (difference of stds)^2).
    Raises ValueError for NaN, negative standard deviations, or shapes that do not match.
    Source: Dowson and Landau (1982), doi:10.1016/0047-259X(82)90077-X.
    """
    owner = "gaussian_wasserstein"
    mean, std = check_numbers(f"{owner}.mean", mean), check_numbers(f"{owner}.std", std, least=0)
    reference_mean = check_numbers(f"{owner}.reference_mean", reference_mean)
    reference_std = check_numbers(f"{owner}.reference_std", reference_std, least=0)
    for name, value in (("std", std), ("reference_std", reference_std)):
        if (value < 0).any():
            raise ValueError(
                f"gaussian_wasserstein.{name} must not be negative; got {value.min():.6g}."
            )
    shapes = [value.shape for value in (mean, std, reference_mean, reference_std)]
    try:
        np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(
            f"gaussian_wasserstein needs shapes that broadcast; got {', '.join(map(str, shapes))}."
        ) from None
    return plain(np.hypot(mean - reference_mean, std - reference_std))


def frechet_distance(rows, reference):
    """Squared Frechet distance of two normal laws with the means and covariances of two tables.

        |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2))

    rows (n, ...), reference (m, ...), in any unit: the distance is in its square.
    Raises ValueError for NaN, fewer than 2 rows, or other widths.
    Source: Dowson and Landau (1982), doi:10.1016/0047-259X(82)90077-X.
    """
    rows, reference = tables("frechet_distance", least=2, rows=rows, reference=reference)
    a, b = (np.atleast_2d(np.cov(table, rowvar=False)) for table in (rows, reference))
    gap = rows.mean(axis=0) - reference.mean(axis=0)
    values, vectors = np.linalg.eigh(a)
    root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T  # (d, d)
    shared = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ b @ root), 0.0)).sum()
    return float(max(gap @ gap + np.trace(a) + np.trace(b) - 2 * shared, 0.0))


def mmd(rows, reference, bandwidth=None):
    """Squared maximum mean discrepancy, unbiased, with a Gaussian kernel (no unit).

    rows (n, ...), reference (m, ...): the kernel is exp(-|x - y|^2 / (2 bandwidth^2)). Without a
    bandwidth it is the median distance between reference rows (at most 1000 of them, evenly spaced
    in their order). Unbiased: two samples of one law average 0, so single values fall below 0.
    Kernels are summed in blocks of 16 MB, whatever the number of rows.
    Raises ValueError for NaN, fewer than 2 rows, other widths, a bandwidth that is not positive, or
    reference rows more than half of which are equal when no bandwidth is given.
    Source: Gretton et al. (2012), lemma 6, jmlr.org/papers/v13/gretton12a.html.
    """
    rows, reference = tables("mmd", least=2, rows=rows, reference=reference)
    if bandwidth is None:
        bandwidth = _median_distance(reference)
    check_number("mmd.bandwidth", bandwidth, above=0)
    centre = reference.mean(axis=0)
    # centred and scaled, the expansion of |x - y|^2 below loses no digits
    a, b = (rows - centre) / bandwidth, (reference - centre) / bandwidth
    n, m = len(a), len(b)
    within_a = (_kernel_sum(a, a) - n) / (n * (n - 1))
    within_b = (_kernel_sum(b, b) - m) / (m * (m - 1))
    return float(within_a + within_b - 2.0 * _kernel_sum(a, b) / (n * m))


def sample_similarity(rows_a, rows_b):
    """Nearest-neighbour similarity of two samples, in [0, 1] (1 = cannot be told apart).

    rows_a (n, ...), rows_b (m, ...): the share of pooled rows whose nearest neighbour (Euclidean)
    belongs to the other sample, over the share 2 n m / ((n + m)(n + m - 1)) that two samples of one
    law have in expectation. 0 means fully separated. What exceeds 1 by chance, or because rows of
    one sample copy those of the other, is cut to 1. Ties count by their share. Scale the columns
    first where their units differ.
    Raises ValueError for NaN, no rows, or other widths.
    Source: Schilling (1986), doi:10.1080/01621459.1986.10478337; Henze (1988),
    doi:10.1214/aos/1176350835.
    """
    rows_a, rows_b = tables("sample_similarity", rows_a=rows_a, rows_b=rows_b)
    return float(min(_crossing_ratio(rows_a, rows_b), 1.0))


def _crossing_ratio(rows_a, rows_b):
    """Share of nearest neighbours across the samples, over its expectation; not cut at 1.

    Equal rows are looked at once, as one point with its counts: where a loop has collapsed, each
    row would else have all others for neighbours.
    """
    n, m = len(rows_a), len(rows_b)
    points, point = np.unique(np.concatenate([rows_a, rows_b]) + 0.0, axis=0, return_inverse=True)
    counts = np.stack(
        [np.bincount(each, minlength=len(points)) for each in np.split(point.ravel(), [n])]
    )  # (2, p)
    near = counts.copy()  # of a row with equals, these are the nearest
    alone = np.flatnonzero(counts.sum(axis=0) == 1)
    if len(alone) and len(points) > 1:
        tree = cKDTree(points)
        radius = tree.query(points[alone], k=2)[0][:, 1] * (1 + 1e-9)
        radius += slack(points[alone])  # rounding drops no tie
        found = tree.query_ball_point(points[alone], radius)
        owner = np.repeat(np.arange(len(alone)), [len(each) for each in found])
        flat = np.concatenate(found).astype(int)
        near[:, alone] = [np.bincount(owner, weights=each[flat]) for each in counts]
    own = near - 1  # without the row itself
    across = counts * near[::-1] / np.maximum(own + near[::-1], 1)
    return float(across.sum() * (n + m - 1) / (2 * n * m))


def _median_distance(reference):
    chosen = np.linspace(0, len(reference) - 1, min(len(reference), MEDIAN_ROWS)).astype(int)
    median = float(np.median(pdist(reference[chosen])))
    if median <= ROUNDING * np.median(np.abs(reference[chosen]).max(axis=1)):
        raise ValueError(
            "mmd.bandwidth must be given where the median distance between reference rows is 0; "
            "got None."
        )
    return median


def _kernel_sum(a, b):
    """Sum of exp(-|x - y|^2 / 2) over all pairs of rows of a (n, d) and b (m, d)."""
    squares_a, squares_b = (a**2).sum(axis=1), (b**2).sum(axis=1)
    step = max(1, BLOCK // len(b))
    total = 0.0
    for start in range(0, len(a), step):
        block = a[start : start + step] @ b.T
        block -= 0.5 * squares_a[start : start + step, None]
        block -= 0.5 * squares_b
        np.minimum(block, 0.0, out=block)
        total += np.exp(block, out=block).sum()
    return total
