"""What every mark asks of its arrays, its label and its role."""

from collections.abc import Iterable

import numpy as np

from collapse_lib.arguments import as_array, check_columns, check_same_shape, check_type, got
from collapse_lib.plotting.drawing.text import clean


def column(owner, values, *, like=None, other="x"):
    """Return `values` as a float array (n,), NaN and infinity too, as long as `like` if given."""
    array = numbers(owner, values)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{owner} must be one row of numbers, (n,); got shape {array.shape}.")
    if like is not None:
        whose, _, name = owner.rpartition(": ")
        check_same_shape(whose, **{other: like, name: array})
    return array


def numbers(owner, values):
    """Values as an array of floats, NaN where one is missing. Raises TypeError for texts."""
    is_pandas = type(values).__module__.startswith("pandas.")
    array = values if is_pandas else as_array(owner, values)
    try:
        if is_pandas:  # whose NA no other way of reading takes
            return values.to_numpy(dtype=float, na_value=np.nan)
        return array.astype(float, copy=False)
    except (TypeError, ValueError):
        raise TypeError(f"{owner} must be numbers; {got(np.asarray(values, object))}.") from None


def tuple_of(owner, things, kind):
    """Several objects of one kind, or of one of several, as a tuple."""
    things = tuple(check_type(owner, things, Iterable, "Give a list."))
    for each in things:
        check_type(f"{owner}: one of them", each, kind)
    return things


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


def band_columns(mark, values):
    """Column name -> array: the values of a mark, and the ends of its band if it has one."""
    found = {mark.label: values}
    if mark.lower is not None:
        found |= {f"{mark.label}, lower": mark.lower, f"{mark.label}, upper": mark.upper}
    return found


def named(owner, label):
    """Return a label on one line; it must not be empty."""
    text = clean(label)
    if not text:
        raise ValueError(f"{owner}: label must not be empty; {got(label)}.")
    return text


def put(record, **values):
    """Set fields of a frozen record while it is made."""
    for name, value in values.items():
        object.__setattr__(record, name, value)


def spread(whose, frame, row, column, value):
    """The rows of a tidy pandas.DataFrame as a matrix: labels of its rows (k,), of its columns
    (m,), in the order in which they first stand there, and numbers (k, m), NaN where none is.

    row, column, value: names of columns of the frame.
    """
    check_columns(f"{whose}: frame", frame, row, column, value)
    if frame.duplicated([row, column]).any():
        raise ValueError(
            f"{whose}: frame must have one row for each {row} and {column}; got several. "
            "Choose the rows of one setting, or take their median first."
        )
    wide = frame.set_index([row, column])[value].unstack()
    wide = wide.reindex(index=frame[row].unique(), columns=frame[column].unique())
    return list(wide.index), list(wide.columns), numbers(f"{whose}: {value}", wide)


def labels_of(values):
    """Labels as texts on one line, numbers without needless zeros."""
    return [f"{value:g}" if isinstance(value, float) else clean(value) for value in values]
