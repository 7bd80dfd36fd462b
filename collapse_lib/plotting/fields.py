"""What every mark asks of its arrays, its label and its role."""

import numpy as np

from collapse_lib.plotting import palette
from collapse_lib.plotting.text import clean


def column(owner, values, *, like=None, other="x"):
    """Return `values` as a float array (n,), as long as `like` if that is given."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{owner} must be one row of numbers, (n,); got shape {array.shape}.")
    if like is not None and len(array) != len(like):
        raise ValueError(
            f"{owner} must be as long as {other}; got {len(array)} and {len(like)} values."
        )
    return array


def finite_column(owner, values):
    """Return `values` as a float array (n,) without NaN or infinity."""
    array = column(owner, values)
    lost = int((~np.isfinite(array)).sum())
    if lost:
        raise ValueError(f"{owner} must be finite; got {lost} NaN or infinite of {array.size}.")
    return array


def quantiles(owner, lower, upper, like, other="x"):
    """Return lower and upper as arrays as long as `like`, or None and None."""
    if (lower is None) != (upper is None):
        raise ValueError(f"{owner}: lower and upper must come together; got only one of them.")
    if lower is None:
        return None, None
    return (
        column(f"{owner}: lower", lower, like=like, other=other),
        column(f"{owner}: upper", upper, like=like, other=other),
    )


def named(owner, label):
    """Return a label on one line; it must not be empty."""
    text = clean(label)
    if not text:
        raise ValueError(f"{owner}: label must not be empty; got {label!r}.")
    return text


def known_role(owner, role):
    """Let pass a Role of the palette."""
    if not isinstance(role, palette.Role):
        raise TypeError(
            f"{owner}: role must be a Role, such as palette.REAL; got {type(role).__name__}."
        )


def put(record, **values):
    """Set fields of a frozen record while it is made."""
    for name, value in values.items():
        object.__setattr__(record, name, value)
