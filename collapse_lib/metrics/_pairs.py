"""Pairs of arguments that must fit each other, and what every metric returns."""

import numpy as np

from collapse_lib.arguments import check_probabilities, check_rows
from collapse_lib.metrics._labels import check_labels

ROUNDING = 1e-12  # relative: two values closer than that are one


def tables(owner, *, least=1, **pair):
    """Two sets of rows of one width, each as (n, d) floats; rows of images are flattened."""
    checked = [check_rows(f"{owner}.{name}", rows, least=least) for name, rows in pair.items()]
    return _of_one_width(owner, *(rows.reshape(len(rows), -1) for rows in checked))


def labels(owner, **pair):
    """Two sets of labels of one width and one kind, each as (n, d); a category is a row."""
    a, b = (check_labels(f"{owner}.{name}", rows) for name, rows in pair.items())
    if (a.dtype.kind in "US") != (b.dtype.kind in "US"):
        raise TypeError(f"{owner} needs labels of one kind; got numbers and text.")
    return _of_one_width(owner, *alike(a, b))


def alike(a, b):
    """Two arrays of labels in one type that merges none: numbers of more than 64 bits are replaced
    by their places among all labels."""
    if object not in (a.dtype, b.dtype):
        return a, b
    pooled = np.concatenate([a.astype(object).ravel(), b.astype(object).ravel()])
    places = np.unique(pooled, return_inverse=True)[1].reshape(-1)
    return places[: a.size].reshape(a.shape), places[a.size :].reshape(b.shape)


def distributions(owner, *, single=None, **pair):
    """Two arrays of probabilities (..., K) over the same categories, whose other axes broadcast;
    the one called `single` has the shape (K,)."""
    p, q = (
        check_probabilities(f"{owner}.{name}", values, axes=1 if name == single else None)
        for name, values in pair.items()
    )
    try:
        if p.shape[-1] != q.shape[-1]:
            raise ValueError
        np.broadcast_shapes(p.shape, q.shape)
    except ValueError:
        raise ValueError(
            f"{owner} needs the same categories on the last axis of both arrays; "
            f"got shapes {p.shape} and {q.shape}."
        ) from None
    return p, q


def slack(rows):
    """(n,) by how much distances from rows (n, d) may be off because these are rounded: far from 0,
    rows lie on a coarse grid, and two equal distances come out unequal."""
    return 4 * np.finfo(float).eps * np.sqrt((rows**2).sum(axis=1))


def varies(rows):
    """(d,) bools: the columns of rows (n, d) whose values differ by more than rounding does."""
    return np.ptp(rows, axis=0) > ROUNDING * np.abs(rows).max(axis=0)


def plain(values):
    """A Python float for one value, and the array for several."""
    array = np.asarray(values, dtype=float)
    return float(array) if array.ndim == 0 else array


def _of_one_width(owner, a, b):
    if a.shape[1] != b.shape[1]:
        raise ValueError(
            f"{owner} needs rows of one width; got {a.shape[1]} and {b.shape[1]} values a row."
        )
    return a, b
