"""Labels as they are checked: whole numbers, every digit kept, or text."""

import numpy as np

from collapse_lib.arguments import MOST_ROWS, as_array, as_floats, check_rows


def check_labels(whose: str, rows) -> np.ndarray:
    """Rows of whole numbers or text, as an (n, d) array; a category is a distinct row. Whole
    numbers keep every digit: they come as int64, or as Python's ints where they need more bits."""
    array = as_array(whose, rows)
    if array.dtype.kind == "f" and array.size and not hasattr(rows, "dtype"):
        array = np.array(rows, dtype=object)  # a list, in which NumPy rounds ints beside others
    if array.dtype == object:
        array = _labels(whose, array)
    if array.dtype.kind == "u" and array.size and array.max() > MOST_ROWS:
        array = array.astype(object)
    if array.dtype.kind in "iu":
        array = array.astype(np.int64)
    elif array.dtype.kind not in "USbO":
        array = check_rows(whose, array)
        if (array != np.round(array)).any():
            raise ValueError(f"{whose} needs labels, whole numbers or text; got fractions.")
        array = _exact(array)
    if not array.ndim or not array.size:
        raise ValueError(f"{whose} needs at least one label; got shape {array.shape}.")
    return array.reshape(len(array), -1)


def _exact(array: np.ndarray) -> np.ndarray:
    """Whole floats as ints."""
    if not array.size or np.abs(array).max() < 2.0**63:
        return array.astype(np.int64)
    return np.array([int(value) for value in array.flat], dtype=object).reshape(array.shape)


def _is_missing(value) -> bool:
    try:
        return value is None or bool(value != value)
    except (TypeError, ValueError):
        return type(value).__name__ == "NAType"  # pandas.NA


def _labels(whose: str, array: np.ndarray) -> np.ndarray:
    others = [value for value in array.flat if not isinstance(value, str)]
    if not others:
        return array.astype(str)
    missing = sum(map(_is_missing, others))
    if missing:
        raise ValueError(
            f"{whose} needs a label in every row; {missing} of {array.size} are missing; drop or "
            "fill them first."
        )
    if len(others) < array.size:
        raise TypeError(f"{whose} needs labels of one kind; got numbers and text.")
    if all(isinstance(value, (int, np.integer, np.bool_)) for value in others):
        whole = np.array([int(value) for value in others], dtype=object).reshape(array.shape)
        large = max(map(abs, whole.flat)) > MOST_ROWS
        return whole if large else whole.astype(np.int64)
    return as_floats(whose, array)
