"""What nobody would give on purpose: values in place of an argument, and the argument spoilt."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["FIXED", "SPOILT", "oddity"]

NAN, INF = float("nan"), float("inf")


def returns_none(*given, **more):
    return None


FIXED: dict[str, Callable[[], Any]] = {
    "None": lambda: None,
    "text": lambda: "text",
    "no text": lambda: "",
    "number as text": lambda: "3",
    "bytes": lambda: b"abc",
    "NaN": lambda: NAN,
    "infinity": lambda: INF,
    "-infinity": lambda: -INF,
    "NumPy's NaN": lambda: np.float32("nan"),
    "-1": lambda: -1,
    "-1.5": lambda: -1.5,
    "0": lambda: 0,
    "2.5": lambda: 2.5,
    "10^30": lambda: 10**30,
    "-10^30": lambda: -(10**30),
    "2^63": lambda: 2**63,
    "10^400": lambda: 10**400,
    "1e308": lambda: 1e308,
    "True": lambda: True,
    "NumPy's True": lambda: np.bool_(True),
    "complex": lambda: 1 + 2j,
    "empty list": lambda: [],
    "empty dict": dict,
    "a set": lambda: {1, 2},
    "ragged lists": lambda: [[1.0], [2.0, 3.0]],
    "list of texts": lambda: ["a", "b"],
    "list of None": lambda: [None, 1.0],
    "empty array": lambda: np.array([]),
    "rows of no width": lambda: np.empty((3, 0)),
    "no rows": lambda: np.empty((0, 2)),
    "four axes": lambda: np.ones((2, 3, 2, 2)),
    "no axes": lambda: np.array(0.5),
    "array of NaN": lambda: np.full(3, NAN),
    "array of infinity": lambda: np.full((3, 2), INF),
    "array of texts": lambda: np.array(["a", "b"]),
    "array of dates": lambda: np.array(["2020-01-01", "2021-01-01"], "datetime64[D]"),
    "array of objects": lambda: np.array([object(), None], dtype=object),
    "array of complex": lambda: np.array([0.5 + 1j, 0.5]),
    "array of bools": lambda: np.array([True, False, True]),
    "structured array": lambda: np.zeros(2, [("a", float), ("b", int)]),
    "an object": object,
    "a class": lambda: int,
    "a function of nothing": lambda: returns_none,
    "missing of pandas": lambda: pd.NA,
    "a frame": lambda: pd.DataFrame({"a": [1.0, 2.0], "b": ["x", None]}),
    "a date": lambda: pd.Timestamp("2020-01-01"),
}


def _first(array, value):
    spoilt = np.array(array, dtype=float)
    spoilt.flat[:1] = value
    return spoilt


def _masked(array):
    mask = np.zeros(array.shape, bool)
    mask.flat[:1] = True
    return np.ma.masked_array(array, mask)


SPOILT: dict[str, Callable[[np.ndarray], Any]] = {
    "one NaN": lambda a: _first(a, NAN),
    "one infinite": lambda a: _first(a, INF),
    "one negative": lambda a: _first(a, -3.0),
    "one huge": lambda a: _first(a, 1e308),
    "all huge": lambda a: np.full(a.shape, 1e308),
    "all tiny": lambda a: np.full(a.shape, 5e-324),
    "all zero": lambda a: np.zeros(a.shape),
    "masked": _masked,
    "as objects": lambda a: a.astype(object),
    "as texts": lambda a: a.astype(str),
    "as complex": lambda a: a + 1j,
    "as bools": lambda a: a > 0,
    "one axis more": lambda a: a[None],
    "transposed": lambda a: a.T,
    "flat": lambda a: a.ravel(),
    "one short": lambda a: a[:-1] if a.ndim else a,
    "one row": lambda a: a[:1] if a.ndim else a,
    "twice as long": lambda a: np.concatenate([a, a]) if a.ndim else a,
    "ragged": lambda a: [*a.tolist(), [1.0, 2.0, [3.0]]] if a.ndim else [[1.0], 2.0],
    "a matrix": lambda a: np.asmatrix(a) if a.ndim < 3 else a,
}


def oddity(rng: np.random.Generator, valid) -> tuple[str, Any]:
    """A name and a value: half the time a fixed one, and half the valid one spoilt where it is
    numbers."""
    if rng.random() < 0.5:
        try:
            array = np.asarray(valid)
        except ValueError:
            array = np.asarray(None)
        if array.dtype.kind in "fiu" and (array.ndim or rng.random() < 0.3):
            name = list(SPOILT)[rng.integers(len(SPOILT))]
            return name, SPOILT[name](array)
    name = list(FIXED)[rng.integers(len(FIXED))]
    return name, FIXED[name]()
