"""One check for each kind of argument: check_kind(whose, value, ...) -> the checked value.

`whose` is as the caller wrote it, "MixReal.real_fraction". A fault is one sentence: whose argument,
what is allowed, what was got; TypeError for another kind, ValueError for a value not allowed.
"""

import math
import operator
import os
from collections.abc import Callable, Collection
from numbers import Real
from pathlib import Path

import numpy as np

from collapse_lib.containers import plain

__all__ = [
    "FLAG", "LARGEST", "MOST_ROWS", "MOST_WHOLE", "SUM_TOLERANCE", "as_array", "as_floats",
    "check_callable", "check_choice", "check_columns", "check_count", "check_counts",
    "check_number", "check_numbers", "check_path", "check_probabilities", "check_rows",
    "check_same_shape", "check_several", "check_share", "check_size", "check_type", "got",
    "shortened",
]  # fmt: skip

MOST_ROWS = 2**63 - 1  # what an int64 count holds
MOST_WHOLE = 2**53  # beyond, floats skip whole numbers
LARGEST = 1e150  # of a scale: the square of a larger one leaves the floats
FARTHEST = 1e162  # of a number in a row
SUM_TOLERANCE = 1e-6  # how far from 1 probabilities may sum: the rounding of many float32
INF = math.inf
FLAG = (bool, np.bool_)  # for check_type


def check_count(whose: str, value, *, least: int = 0, most: int = MOST_ROWS, infinite=False) -> int:
    """A whole number in [least, most], as an int; 1e6 is one. `infinite` lets infinity through."""
    if isinstance(value, float) and value == INF and infinite:
        return value
    if isinstance(value, (float, np.floating)) and value.is_integer():
        value = int(value)
    try:
        number = operator.index(None if isinstance(value, bool) else value)
    except TypeError:
        raise TypeError(f"{whose} must be a whole number; {got(value)}.") from None
    if not least <= number <= most:
        limit = f"at least {least}" if number < least else f"at most {most}"
        raise ValueError(f"{whose} must be {limit}; {got(number)}.")
    return number


def check_size(whose: str, size, t: int, *, least: int = 0, most: int = MOST_ROWS) -> int:
    """The size at generation t of a size that is a whole number or a function of t."""
    whose, size = (f"{whose}({t})", size(t)) if callable(size) else (whose, size)
    return check_count(whose, size, least=least, most=most)


def check_number(
    whose: str, value, *, least=-INF, above=-INF, most=INF, below=INF, infinite=False
) -> float:
    """One finite number within its bounds, as a float; `infinite` lets infinity through."""
    if not isinstance(value, Real) or isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{whose} must be a number; {got(value)}.")
    number = _float(value)
    if least <= number <= most and above < number < below:
        return number  # ten times as fast as what tells why not
    return float(_within(whose, np.float64(number), least, above, most, below, infinite=infinite))


def check_share(whose: str, value) -> float:
    """One number in [0, 1]."""
    return check_number(whose, value, least=0, most=1)


def check_numbers(
    whose: str, values, *, axes=None, least=-INF, above=-INF, most=INF, below=INF, infinite=False
) -> np.ndarray:
    """Finite numbers within their bounds, as floats; with `axes`, of so many, and not empty."""
    array = as_floats(whose, values)
    if axes is not None and (array.ndim != axes or not array.size):
        plural = "axis" if axes == 1 else "axes"
        raise ValueError(f"{whose} must have {axes} {plural}; got shape {array.shape}.")
    return _within(whose, array, least, above, most, below, infinite=infinite)


def check_counts(whose: str, values, *, least: int = 0, infinite: bool = False) -> np.ndarray:
    """Whole numbers from `least` to MOST_WHOLE, as floats; `infinite` lets infinity through."""
    array = as_floats(whose, values)
    whole = (array == np.floor(array)) & (infinite | np.isfinite(array))
    if not np.all(whole):
        raise ValueError(f"{whose} must be a whole number; {_which(array, ~whole)}.")
    _within(whose, np.where(np.isinf(array), 0, array), -INF, -INF, MOST_WHOLE, INF, infinite=True)
    return _within(whose, array, least, -INF, INF, INF, infinite=True)


def check_probabilities(whose: str, values, *, axes: int | None = None) -> np.ndarray:
    """Probabilities (..., K) that sum to 1 over the last axis to within SUM_TOLERANCE, divided by
    that sum; of that many axes, or of any number from 1."""
    array = check_numbers(whose, values, axes=axes, least=0)
    if not array.ndim or not array.size:
        raise ValueError(
            f"{whose} must have an axis of at least one category; got shape {array.shape}."
        )
    sums = array.sum(axis=-1, keepdims=True)
    worst = sums.flat[np.argmax(np.abs(sums - 1))]
    if abs(worst - 1) > SUM_TOLERANCE:
        raise ValueError(f"{whose} must sum to 1; got {worst:.9g}. Divide counts by their sum.")
    return array / sums


def check_rows(
    whose: str,
    rows,
    *,
    least: int = 1,
    ndim: Collection[int] | None = None,
    width: int | None = None,
    remedy: str = "drop or repair them",
) -> np.ndarray:
    """Rows of finite numbers, as floats; first axis = rows. ndim: the numbers of axes that are
    allowed. width: the numbers in a row, where that is known. remedy: for NaN and infinity."""
    array = as_array(whose, rows)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{whose} needs rows of numbers; {got(rows)}.")
    if array.ndim == 0 or (ndim is not None and array.ndim not in ndim):
        allowed = " or ".join(_SHAPES[d] for d in sorted(ndim or (1, 2)))
        raise ValueError(f"{whose} needs rows of shape {allowed}; got shape {array.shape}.")
    if len(array) < least:
        raise ValueError(
            f"{whose} needs at least {least} row{'s' * (least > 1)}; got {len(array)}."
        )
    found = math.prod(array.shape[1:])
    if width is not None and found != width:
        raise ValueError(f"{whose} needs rows of width {width}; got rows of width {found}.")
    array = array.astype(float, copy=False)
    finite = np.isfinite(array)
    if not finite.all():
        bad = ~finite.all(axis=tuple(range(1, array.ndim)))
        raise ValueError(
            f"{whose}: {bad.sum()} of {len(array)} rows hold NaN or infinity (the first is row "
            f"{bad.argmax()}); {remedy}."
        )
    if array.size and np.abs(array).max() > FARTHEST:
        raise ValueError(f"{whose} must hold numbers within {FARTHEST:g} of 0; scale them first.")
    return array


_SHAPES = {1: "(n,)", 2: "(n, d)", 3: "(n, h, w)"}


def check_choice(whose: str, value, allowed: Collection):
    """One of the values that are allowed."""
    try:
        known = bool(value in allowed)
    except (TypeError, ValueError):
        known = False
    if not known:
        raise ValueError(f"{whose} must be one of {', '.join(map(repr, allowed))}; {got(value)}.")
    return value


def check_type(whose: str, value, kind: type | tuple[type, ...], remedy: str = ""):
    """An object of a class, or of one of several."""
    if not isinstance(value, kind):
        kinds = kind if isinstance(kind, tuple) else (kind,)
        names = " or ".join(dict.fromkeys(each.__name__ for each in kinds))
        raise TypeError(f"{whose} must be of type {names}; {got(value)}. {remedy}".rstrip())
    return value


def check_several(whose: str, values, kind: type = object) -> tuple:
    """Several things of a kind, as a tuple; a single one and a text are none."""
    if isinstance(values, (str, bytes)) or not np.iterable(values):
        raise TypeError(f"{whose} must hold several; {got(values)}.")
    return tuple(check_type(f"an entry of {whose}", value, kind) for value in values)


def check_callable(whose: str, value, form: str, remedy: str = "") -> Callable:
    """Something to call, in the form such as "source(n, rng)"."""
    if not callable(value) or isinstance(value, type):
        raise TypeError(f"{whose} must be callable as {form}; {got(value)}. {remedy}".rstrip())
    return value


def check_path(whose: str, value, *, is_folder: bool = False, must_exist: bool = False) -> Path:
    """The path of a file, or of a folder; FileNotFoundError where it must exist and does not."""
    kind = "folder" if is_folder else "file"
    if not isinstance(value, (str, os.PathLike)) or not os.fspath(value):
        raise TypeError(f"{whose} must be the path of a {kind}; {got(value)}.")
    path = Path(value)
    if path.exists() and path.is_dir() != is_folder:
        raise ValueError(f"{whose} must be the path of a {kind}; {path} is none.")
    if must_exist and not path.exists():
        raise FileNotFoundError(f"{whose}: there is no {kind} {path}.")
    return path


def check_columns(whose: str, frame, *columns: str):
    """A pandas.DataFrame with at least these columns."""
    found = getattr(frame, "columns", None)
    if found is None:
        raise TypeError(f"{whose} must be a pandas.DataFrame; {got(frame)}.")
    for column in set(columns).difference(found):
        has = ", ".join(map(repr, found))
        raise ValueError(f"{whose} must have a column {column!r}; it has {has}.")
    return frame


def check_same_shape(whose: str, **arrays: np.ndarray) -> None:
    """Arrays of one shape, each under the name that the caller gave it."""
    if len(set(map(np.shape, arrays.values()))) > 1:
        got = ", ".join(f"{name} {np.shape(array)}" for name, array in arrays.items())
        raise ValueError(f"{whose} needs arrays of one shape; got {got}.")


def as_array(whose: str, values) -> np.ndarray:
    """What NumPy makes of values, whoever made their container (`plain`). ValueError for masked
    values, which NumPy would count, and for rows of unequal lengths."""
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise ValueError(f"{whose} has masked values; drop them or fill them first.")
    values = plain(whose, values)
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(f"{whose} must be rectangular; got rows of unequal lengths.") from None


def got(value) -> str:
    """The end of a sentence that tells what was got, cut where that is long."""
    return f"got {shortened(value)}"


def as_floats(whose: str, values) -> np.ndarray:
    """An array of numbers, NaN and infinity among them, as floats."""
    array = as_array(whose, values)
    try:
        if array.dtype.kind not in "biufO":
            raise TypeError
        if array.dtype.hasobject and array.size:  # whole numbers beyond 64 bits come so
            return np.vectorize(_float, [float])(array)
        return array.astype(float, copy=False)
    except (TypeError, ValueError):
        raise TypeError(
            f"{whose} must be a number or an array of numbers; {got(values)}."
        ) from None


def _float(value) -> float:
    """A number as a float; infinite where floats end."""
    try:
        return float(value)
    except OverflowError:
        return INF if value > 0 else -INF


def _within(whose, array, least, above, most, below, *, infinite):
    """Let pass an array within its bounds; one sentence names the first entry that is not."""
    good = (array >= least) & (array <= most)
    if above > -INF:
        good &= array > above
    if below < INF:
        good &= array < below
    if not infinite:
        good &= np.isfinite(array)
    if not np.all(good):
        allowed = _range(least, above, most, below, infinite)
        raise ValueError(f"{whose} must be {allowed}; {_which(array, ~good)}.")
    return array


def _which(array, bad) -> str:
    first = shortened(np.atleast_1d(array)[np.atleast_1d(bad)][0])
    many = f"{np.sum(bad)} of {np.size(array)} are not (the first is {first})"
    return f"got {first}" if np.size(array) == 1 else many


def _range(least, above, most, below, infinite) -> str:
    """The numbers within the bounds, in words."""
    low, high = max(least, above), min(most, below)
    if low > -INF and high < INF:
        left, right = "(" if above >= least else "[", ")" if below <= most else "]"
        return f"in {left}{low:g}, {high:g}{right}"
    if low > -INF:
        bound = f"above {low:g}" if above >= least else f"at least {low:g}"
    elif high < INF:
        bound = f"below {high:g}" if below <= most else f"at most {high:g}"
    else:
        return "a number" if infinite else "finite"
    return bound if infinite else f"finite and {bound}"


def shortened(value) -> str:
    """A value as a sentence shows it."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} of shape {value.shape}"
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."
