"""Precision, recall, density and coverage: how far two samples lie within each other.

Around each row of a sample stands a ball that reaches to its k-th nearest neighbour in that sample;
the union of the balls is taken for the support. A row at the very surface of a ball is outside.
Distances are Euclidean: scale the columns first where their units differ. In few dimensions balls
are searched with k-d trees, in many by blocks of pairs; memory grows with n, never with n^2.

A ball that reaches to an equal row is empty. Where that is so for many real rows, as with whole
numbers, even fresh real rows score low: precision, density and coverage say so in a UserWarning.
"""

import warnings

import numpy as np
from scipy.spatial import cKDTree

from collapse_lib.arguments import (
    got,
)
from collapse_lib.metrics._pairs import ROUNDING, tables

TREE_WIDTH = 8  # values a row up to which a k-d tree is the faster of the two at 10^4 rows
BLOCK = 2**22  # pairs looked at together
EMPTY = 0.01  # share of the real balls from which on a warning is due
LISTED = 2**18  # pairs of a row and a ball that are listed together


def precision(rows, reference, k=5):
    """Share of the rows that lie in the support of the reference, in [0, 1]: quality.

    rows (n, ...), reference (m, ...) real rows, k < m. Two samples of one law stay below 1, by a
    gap that falls with k, with n and m rising together, and differs from law to law: compare values
    of equal n, m and k only, and with that of fresh real rows. One row of the reference far from
    the others has a large ball, in which any row counts as good.
    Raises ValueError for NaN, no rows, other widths, or a k that is no whole number of 1 to m - 1.
    Source: Kynkäänniemi et al. (2019), arXiv:1904.06991.
    """
    rows, reference = _tables("precision", rows, reference)
    return float(_inside(rows, reference, _radii("precision", "reference", reference, k)).mean())


def recall(rows, reference, k=5):
    """Share of the reference that lies in the support of the rows, in [0, 1]: diversity.

    rows (n, ...), reference (m, ...) real rows, k < n. It is precision with the two exchanged, with
    the same traps: rows flung far out, and those of a mode that has k rows or fewer, have balls
    that reach over what no row is near to, so that recall may rise while modes die.
    Raises ValueError for NaN, no rows, other widths, or a k that is no whole number of 1 to n - 1.
    Source: Kynkäänniemi et al. (2019), arXiv:1904.06991.
    """
    rows, reference = _tables("recall", rows, reference)
    return float(_inside(reference, rows, _radii("recall", "rows", rows, k)).mean())


def density(rows, reference, k=5):
    """Mean number of balls of the reference that a row lies in, over k: precision that counts.

    rows (n, ...), reference (m, ...) real rows, k < m. Not bounded by 1: rows that crowd where real
    rows are dense lie in more balls than real rows do. Two samples of one continuous law average
    exactly 1, in any dimension.
    Raises ValueError for NaN, no rows, other widths, or a k that is no whole number of 1 to m - 1.
    Source: Naeem et al. (2020), arXiv:2002.09797.
    """
    rows, reference = _tables("density", rows, reference)
    radii = _radii("density", "reference", reference, k)
    return float(_n_balls(rows, reference, radii) / (int(k) * len(rows)))


def coverage(rows, reference, k=5):
    """Share of the reference in whose ball there is at least one of the rows, in [0, 1].

    rows (n, ...), reference (m, ...) real rows, k < m. The balls are those of the real rows, so
    that rows flung far out cover nothing. Two samples of one continuous law average

        1 - (m-1)...(m-k) / ((n+m-1)...(n+m-k)),   near 1 - 2^-k for n = m,

    in any dimension. Raises ValueError for NaN, no rows, other widths, or a k that is no whole
    number of 1 to m - 1.
    Source: Naeem et al. (2020), arXiv:2002.09797.
    """
    rows, reference = _tables("coverage", rows, reference)
    radii = _radii("coverage", "reference", reference, k)
    nearest = _neighbour(reference, rows, 1)
    tie = ROUNDING * radii**2
    if _wide(rows):  # both squares are differences of squares as large as these
        tie = 2 * ROUNDING * (np.sqrt((reference**2).sum(axis=1)) + nearest) ** 2
    return float((nearest**2 < radii**2 - tie).mean())


def ball_radii(rows, k=5):
    """(n,) radius of the ball around each row: how far its k-th nearest neighbour is.

    rows (n, ...); the balls are those of `precision` and `recall`.
    Raises ValueError for NaN, no rows, or a k that is no whole number of 1 to n - 1.
    Source: Kynkäänniemi et al. (2019), arXiv:1904.06991.
    """
    rows, _ = _tables("ball_radii", rows, rows)
    return _radii("ball_radii", "rows", rows, k)


def _tables(owner, rows, reference):
    """Both as (n, d) floats about the reference's median: far from 0, squares would lose digits,
    and a few far rows must not move the centre away from the rest."""
    rows, reference = tables(owner, rows=rows, reference=reference)
    centre = np.median(reference, axis=0)
    return rows - centre, reference - centre


def _wide(rows):
    return rows.shape[1] > TREE_WIDTH


def _radii(owner, name, rows, k):
    """(n,) distance of each row to its k-th nearest neighbour among the others."""
    n = len(rows)
    whole = isinstance(k, (int, np.integer)) and not isinstance(k, bool)
    if not whole or not 1 <= k < n:
        raise ValueError(
            f"{owner}.k must be a whole number of at least 1 and below len({name}) = {n}; {got(k)}."
        )
    radii = _neighbour(rows, rows, int(k) + 1)  # the first is the row itself
    if name == "reference" and (n_empty := int((radii == 0).sum())) > EMPTY * n:
        warnings.warn(
            f"{owner}.reference: {n_empty} of {n} rows equal {k} others or more, and their balls "
            "are empty, so that even fresh real rows score low; add noise of half a unit to both, "
            "or compare categories.",
            stacklevel=3,
        )
    return radii


def _neighbour(rows, others, k):
    """(n,) distance of each row to the k-th nearest of the others."""
    if not _wide(rows):
        if _mostly_equal(others):
            return _neighbour_of_points(rows, others, k)
        return cKDTree(others).query(rows, k=[k])[0][:, 0]
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(others)
    return search.kneighbors(rows)[0][:, -1]


def _mostly_equal(rows):
    """Whether rows, by their first values, are so often equal that a tree has no branches."""
    return len(np.unique(rows[:, 0])) < len(rows) / 2


def _neighbour_of_points(rows, others, k):
    """The same, with equal rows of the others as one point with their number."""
    points, counts = np.unique(others + 0.0, axis=0, return_counts=True)
    distance, near = cKDTree(points).query(rows, k=range(1, min(k, len(points)) + 1))
    reached = np.argmax(counts[near].cumsum(axis=1) >= k, axis=1)
    return distance[np.arange(len(rows)), reached]


def _n_balls(rows, centres, radii):
    """Number of pairs of a row and a ball that it lies in."""
    if _wide(rows):
        return sum(int((block < 0).sum()) for _, block in _squares(rows, centres, radii))
    real = radii > 0
    within = radii[real] * (1 - ROUNDING)
    return int(cKDTree(rows).query_ball_point(centres[real], within, return_length=True).sum())


def _inside(rows, centres, radii):
    """(n,) bools: the rows that lie in at least one ball."""
    if _wide(rows):
        inside = np.empty(len(rows), bool)
        for part, block in _squares(rows, centres, radii):
            inside[part] = block.min(axis=1) < 0
        return inside
    radii = radii * (1 - ROUNDING)
    if _mostly_equal(centres):  # of equal ones, the largest ball holds the others
        centres, point = np.unique(centres + 0.0, axis=0, return_inverse=True)
        largest = np.zeros(len(centres))
        np.maximum.at(largest, point.ravel(), radii)
        radii = largest
    distance, nearest = cKDTree(centres).query(rows)
    inside = distance < radii[nearest]
    # The rest lie in few balls, if in any, so that the lists of who lies where stay short.
    left, balls = np.flatnonzero(~inside), np.flatnonzero(radii > 0)
    if len(left) and len(balls):
        tree = cKDTree(rows[left])
        counts = tree.query_ball_point(centres[balls], radii[balls], return_length=True)
        balls, counts = balls[counts > 0], counts[counts > 0]
        for part in np.split(balls, _cuts(counts)):
            found = tree.query_ball_point(centres[part], radii[part])
            inside[left[np.concatenate([*found, []]).astype(int)]] = True
    return inside


def _cuts(counts):
    """Where to split so that the counts of a part sum to about LISTED."""
    return np.flatnonzero(np.diff(np.cumsum(counts) // LISTED)) + 1


def _squares(rows, centres, radii):
    """(slice of rows, |x - c|^2 - r^2 of those rows and all centres), block by block; each a little
    raised, by what |x|^2 and |c|^2 may lose, so that below 0 is inside beyond rounding.

    It is one matrix product of (x, |x|^2, 1) and (-2c, 1, |c|^2 - r^2).
    """
    raised = 1 + ROUNDING
    left = np.column_stack([rows, raised * (rows**2).sum(axis=1), np.ones(len(rows))])
    beyond = raised * (centres**2).sum(axis=1) - radii**2
    right = np.vstack([-2 * centres.T, np.ones(len(centres)), beyond])
    step = max(1, BLOCK // len(centres))
    for start in range(0, len(rows), step):
        part = slice(start, start + step)
        yield part, left[part] @ right
