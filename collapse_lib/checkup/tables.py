"""The features and measures of numbers and categories."""

import numpy as np

from collapse_lib.checkup.columns import MOST_NUMBERS, Column
from collapse_lib.checkup.pool import Pool
from collapse_lib.sources.categories import rarest

__all__ = ["add_categories", "add_crossings", "add_missing", "add_neighbours", "add_numbers"]

TAIL = 0.05  # share of the pooled rows, or of their mass, that is rare
LEAST = 5  # pooled rows below which a category is only counted among the rare ones
SINGLE = 20  # categories up to which each has a measure of its own
MOST_DIRECTIONS = 20
MOST_CROSSED = 8  # columns of categories that are crossed with each other
NEAREST = 5
MOST_NEIGHBOURS = 4_000  # rows among which nearest neighbours are sought


def add_numbers(pool: Pool, columns: list[Column]) -> np.ndarray:
    """Spread and both tails of each column, and the spread in each direction. Returns the
    standardised values (N, d), 0 where missing."""
    scaled = np.empty((pool.n_rows, len(columns)), dtype=np.float32)
    for k, column in enumerate(columns):
        present = ~np.isnan(column.values)
        values = column.values[present]
        centre, scale = values.mean(), values.std()
        scaled[:, k] = np.where(present, (column.values - centre) / (scale or 1.0), 0.0)
        if len(columns) > MOST_NUMBERS:
            continue
        here = pool.feature(present)
        pool.spread("spread", column.name, here, scaled[:, k])
        for name, tail in _tails(column.values, values):
            pool.share(name, column.name, pool.feature(tail), here)
    if len(columns) > 1:
        everywhere = pool.feature(np.ones(pool.n_rows))
        if len(columns) <= MOST_NUMBERS:
            pool.overall_spread()
        for k, direction in enumerate(directions(scaled).T, 1):
            pool.spread("spread in a direction", f"direction {k}", everywhere, direction)
        if len(columns) > MOST_NUMBERS:
            pool.overall_spread()
    return scaled


def _tails(column, values):
    """Rows at or beyond the outer TAIL of the values, where ties leave a tail."""
    for name, sign in (("lower tail", 1), ("upper tail", -1)):
        end = np.quantile(sign * values, TAIL)
        with np.errstate(invalid="ignore"):
            for tail in (sign * column <= end, sign * column < end):
                if LEAST <= tail.sum() <= 2 * TAIL * len(values) + 1:
                    yield name, tail
                    break


def directions(scaled) -> np.ndarray:
    """(N, k) values along the principal directions of the pooled rows, each with variance 1."""
    centred = scaled - scaled.mean(axis=0)
    values, vectors = np.linalg.eigh(centred.T @ centred / len(centred))
    order = np.argsort(values)[::-1][:MOST_DIRECTIONS]
    order = order[values[order] > 1e-4 * max(values.max(), 1e-12)]
    return centred @ vectors[:, order] / np.sqrt(values[order])


def add_categories(pool: Pool, column: Column, *, each: bool = False) -> None:
    """Each category (of many, only with `each`), the rare ones together, how many there are, and
    the mean surprise. A missing value is a category of its own."""
    codes = column.values - column.values.min()
    names = [*(["(missing)"] if column.values.min() < 0 else []), *column.names]
    codes = np.unique(codes, return_inverse=True)[1].reshape(-1)
    counts = np.bincount(codes)
    share = counts / pool.n_rows
    everywhere = pool.feature(np.ones(pool.n_rows))
    if len(counts) <= SINGLE or each:
        for k in np.flatnonzero((counts >= LEAST) & (share < 1 - TAIL / 2)):
            pool.share(
                "group" if each else "category",
                f"{column.name} = {names[k]}",
                pool.feature(codes == k),
                everywhere,
            )
    _add_rare(pool, "rare categories", column.name, codes, counts, everywhere)
    if len(counts) > 2:
        surprise = pool.feature(-np.log(share)[codes])
        pool.share("mean surprise", column.name, surprise, everywhere, counted=False)
    if len(counts) > SINGLE:
        from scipy.sparse import csr_array

        rows = np.arange(pool.n_rows)
        ones = np.ones(pool.n_rows, np.float32)
        occurrences = csr_array((ones, (rows, codes)), shape=(pool.n_rows, len(counts)))
        pool.types("different categories", column.name, occurrences, ones)


def _add_rare(pool, name, label, codes, counts, everywhere) -> None:
    rare = rarest(counts / counts.sum(), TAIL)
    rare &= counts <= 2 * TAIL * counts.sum()
    if rare.sum() > 1 and counts[rare].sum() >= LEAST:
        pool.share(name, label, pool.feature(rare[codes]), everywhere)


def add_crossings(pool: Pool, columns: list[Column], groups: list[Column]) -> None:
    """Every crossing of all groups where they are named, else the rare cells of all pairs."""
    if len(groups) > 1:
        add_categories(pool, _crossed(groups), each=True)
        return
    few = [column for column in columns if 2 <= len(column.names) <= SINGLE][:MOST_CROSSED]
    everywhere = pool.feature(np.ones(pool.n_rows)) if len(few) > 1 else 0
    for k, first in enumerate(few):
        for second in few[k + 1 :]:
            cell = _crossed([first, second])
            counts = np.bincount(cell.values)
            _add_rare(pool, "rare crossings", cell.name, cell.values, counts, everywhere)


def _crossed(columns: list[Column]) -> Column:
    codes = np.column_stack([column.values for column in columns])
    cells, codes = np.unique(codes, axis=0, return_inverse=True)
    names = [
        ", ".join(
            "(missing)" if code < 0 else column.names[code]
            for column, code in zip(columns, cell, strict=True)
        )
        for cell in cells
    ]
    label = " x ".join(column.name for column in columns)
    return Column(label, "category", codes.reshape(-1), tuple(names))


def add_missing(pool: Pool, columns: list[Column]) -> None:
    """Missing values, values that are there, and which columns lack one together."""
    everywhere, patterns = None, []
    for column in columns:
        missing = column.missing
        if not missing.any():
            continue
        patterns.append(missing)
        everywhere = pool.feature(np.ones(pool.n_rows)) if everywhere is None else everywhere
        there = pool.feature(~missing)
        pool.share("values that are there", column.name, there, everywhere)
        if column.kind != "category" and missing.sum() >= LEAST:
            pool.share("missing values", column.name, pool.feature(missing), everywhere)
    if len(patterns) > 1:
        codes = np.unique(np.column_stack(patterns), axis=0, return_inverse=True)[1].reshape(-1)
        counts = np.bincount(codes)
        if len(counts) > 2:
            surprise = -np.log(counts / pool.n_rows)[codes]
            pool.share(
                "pattern of missing values", None, pool.feature(surprise), everywhere, counted=False
            )


def add_neighbours(pool: Pool, scaled: np.ndarray, rng: np.random.Generator) -> None:
    """Coverage: the share of real rows with a synthetic one among their nearest pooled rows."""
    from scipy.sparse import csr_array
    from sklearn.neighbors import NearestNeighbors

    rows = np.sort(rng.permutation(pool.n_rows)[:MOST_NEIGHBOURS])
    points = directions(scaled)[rows]
    points = points + 1e-6 * rng.standard_normal(points.shape)  # equal rows in random order
    near = NearestNeighbors(n_neighbors=NEAREST + 1).fit(points).kneighbors(return_distance=False)
    near = near[:, :NEAREST]
    n = len(rows)
    graph = csr_array(
        (np.ones(near.size, np.float32), near.ravel(), np.arange(0, near.size + 1, NEAREST)),
        shape=(n, n),
    )
    pool.neighbours("coverage", rows, graph)
