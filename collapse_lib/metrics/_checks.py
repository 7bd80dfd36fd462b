"""What every metric asks of its arguments, with the sentence that it answers with."""

import numpy as np

SUM_TOLERANCE = 1e-6


def finite(owner, values):
    """Return `values` as a non-empty float array without NaN or infinity."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(
            f"{owner} must hold numbers; got {_described(values)}; "
            "for labels use support_coverage or category_similarity."
        ) from None
    if array.size == 0:
        raise ValueError(f"{owner} must not be empty; got shape {array.shape}.")
    n_nan = int(np.isnan(array).sum())
    n_infinite = int(np.isinf(array).sum())
    if n_nan or n_infinite:
        raise ValueError(
            f"{owner} must be finite; got {n_nan} NaN and {n_infinite} infinite "
            f"among {array.size} values; drop or fill them first."
        )
    return array


def probabilities(owner, values):
    """Return `values` as probabilities (..., K): none negative, the last axis sums to one."""
    array = finite(owner, values)
    if array.ndim == 0:
        raise ValueError(f"{owner} must have at least one axis, the categories; got one number.")
    if (array < 0).any():
        raise ValueError(f"{owner} must not be negative; got {array.min():.6g} as its smallest.")
    sums = array.sum(axis=-1)
    worst = sums.flat[np.argmax(np.abs(sums - 1.0))]
    if abs(worst - 1.0) > SUM_TOLERANCE:
        raise ValueError(
            f"{owner} must sum to 1 over its last axis; got {worst:.6g}; "
            "divide counts by their sum."
        )
    return array


def same_categories(owner, p, q):
    """Let pass two arrays of probabilities whose last axes match and whose others broadcast."""
    try:
        if p.shape[-1] != q.shape[-1]:
            raise ValueError
        np.broadcast_shapes(p.shape, q.shape)
    except ValueError:
        raise ValueError(
            f"{owner} needs the same categories on the last axis of both arrays; "
            f"got shapes {p.shape} and {q.shape}."
        ) from None


def table(owner, rows, *, at_least=1):
    """Return rows of numbers as an (n, d) float array; rows of images are flattened."""
    array = finite(owner, rows)
    if array.ndim == 0:
        raise ValueError(f"{owner} must be rows, (n,) or (n, ...); got one number.")
    if len(array) < at_least:
        raise ValueError(f"{owner} must hold at least {at_least} rows; got {len(array)}.")
    return array.reshape(len(array), -1)


def same_width(owner, rows, reference):
    """Let pass two (n, d) tables whose rows have the same number of values."""
    if rows.shape[1] != reference.shape[1]:
        raise ValueError(
            f"{owner} needs rows of one width; got {rows.shape[1]} and {reference.shape[1]} "
            "values a row."
        )


def labels(owner, rows):
    """Return rows of whole numbers or text as an (n, d) array; a category is a distinct row."""
    array = np.asarray(rows)
    if array.dtype == object:
        array = _text(owner, array)
    if array.dtype.kind not in "USb":
        array = finite(owner, array)
        if (array != np.round(array)).any():
            raise ValueError(
                f"{owner} must hold categories, whole numbers or text; got fractions; "
                "for real-valued rows use sample_similarity or tail_mass."
            )
    if array.size == 0:
        raise ValueError(f"{owner} must not be empty; got shape {array.shape}.")
    if array.ndim == 0:
        raise ValueError(f"{owner} must be rows, (n,) or (n, ...); got one value.")
    return array.reshape(len(array), -1)


def same_labels(owner, labels_a, labels_b):
    """Let pass two tables of labels of one width and one kind, numbers or text."""
    same_width(owner, labels_a, labels_b)
    if (labels_a.dtype.kind in "US") != (labels_b.dtype.kind in "US"):
        raise TypeError(f"{owner} needs labels of one kind; got numbers and text.")


def plain(values):
    """Return a Python float for one value, and the array for several."""
    array = np.asarray(values, dtype=float)
    return float(array) if array.ndim == 0 else array


def _text(owner, array):
    others = [value for value in array.flat if not isinstance(value, str)]
    if not others:
        return array.astype(str)
    missing = sum(value is None or value != value for value in others)
    if missing:
        raise ValueError(
            f"{owner} must hold a label in every row; got {missing} missing among {array.size}; "
            "drop or fill them first."
        )
    if len(others) < array.size:
        raise TypeError(f"{owner} needs labels of one kind; got numbers and text.")
    return array.astype(float)


def _described(values):
    return f"text such as {str(np.asarray(values).flat[0])!r}" if np.size(values) else "nothing"
