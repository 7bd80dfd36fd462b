"""Whatever holds numbers as an array: frames, sparse matrices, tensors; no digit is lost."""

import numpy as np

from collapse_lib.containers import plain
from collapse_lib.sources.columns import EXACT, as_numbers, side_by_side

__all__ = ["plain_array"]


def plain_array(rows, name: str):
    """What np.asarray can read rightly: sparse matrices written out, tensors off their graph and
    device, the columns of frames put side by side, lists of large whole numbers not rounded."""
    if hasattr(rows, "isna") and hasattr(rows, "dtypes"):
        return _of_frame(rows, name)
    rows = plain(name, rows)
    return _of_list(rows, name) if isinstance(rows, (list, tuple)) else rows


def _of_frame(frame, name: str) -> np.ndarray:
    columns = [frame] if frame.ndim == 1 else [frame.iloc[:, k] for k in range(frame.shape[1])]
    names = [str(column.name) if column.name is not None else "0" for column in columns]
    ordinary = all(isinstance(c.dtype, np.dtype) and c.dtype.kind in "bif" for c in columns)
    if ordinary or not len(frame) or not columns:
        array = np.asarray(frame)
        if array.dtype.kind != "f" or (np.abs(array[np.isfinite(array)]) < EXACT).all():
            return array
    found = {}
    for k, (column, label) in enumerate(zip(columns, names, strict=True)):
        missing = column.isna()
        if missing.any():
            raise ValueError(
                f"{name} must be finite; {missing.sum()} of {len(frame)} rows of column {label!r} "
                f"hold no value, the first is row {int(np.argmax(missing))} (counted from 0). "
                "Drop or fill them."
            )
        values = column.astype(object).tolist()
        texts = any(isinstance(value, str) for value in values)
        numbers = None if texts else as_numbers(values)
        if numbers is None:
            raise TypeError(
                f"{name} must hold numbers; column {label!r} has dtype {column.dtype}. Leave it "
                "out, or turn it into ints or floats first."
            )
        found[label if label not in found else f"{label} ({k})"] = numbers
    rows = side_by_side(found, name)
    return rows[:, 0] if frame.ndim == 1 else rows


def _of_list(rows, name: str):
    """A list as an array; whole numbers that NumPy would round beside floats are told."""
    try:
        array = np.asarray(rows)
        if array.dtype.kind != "f" or not array.size or np.nanmax(np.abs(array)) < EXACT:
            return rows
        entries = np.array(rows, dtype=object).ravel()
    except (ValueError, TypeError, RuntimeError):
        return rows
    rounded = [v for v in entries if isinstance(v, (int, np.integer)) and int(float(v)) != v]
    if rounded:
        raise ValueError(
            f"{name} holds the whole number {rounded[0]}, which the floats beside it cannot hold; "
            "give it as another array, or leave it out."
        )
    return rows
