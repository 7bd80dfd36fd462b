"""How a call ended: fine, or with a sentence, or with one of the faults that are counted."""

import ast
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import collapse_lib

__all__ = ["FAULTS", "KINDS", "Outcome", "judged"]

LIBRARY = str(Path(collapse_lib.__file__).parent)
FAULTS = ("raw", "warning", "hang", "died", "not finite", "out of range", "changed")
KINDS = ("fine", "sentence", *FAULTS)


class Outcome(NamedTuple):
    kind: str  # one of KINDS
    said: str = ""  # the sentence or the raw error
    where: str = ""  # file:line of the error


def judged(call: Callable, arguments: dict, finite: Callable[[Any], str | None]) -> Outcome:
    """Make the call; finite: what is wrong with what it returns, or None."""
    before = _traces(arguments)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = call(arguments)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            return _of_error(error)
    if _traces(arguments) != before:
        return Outcome("changed", "an argument is another after the call")
    fault = finite(result)
    if fault:
        return Outcome(*fault.split(": ", 1))
    loud = [w for w in caught if issubclass(w.category, RuntimeWarning)]
    raw = [w for w in loud if not _is_sentence(w.message)]
    if raw:
        return Outcome("warning", str(raw[0].message), _place(raw[0].filename, raw[0].lineno))
    return Outcome("fine")


def numbers_in(thing, depth: int = 4):
    """Every array or number in what a call returned, a few levels deep."""
    if isinstance(thing, (np.ndarray, np.number, float, int)):
        array = np.asarray(thing)
        if array.dtype.kind in "fc":
            yield array
    elif depth and is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from numbers_in(getattr(thing, field.name, None), depth - 1)
    elif depth and isinstance(thing, Mapping):
        for each in thing.values():
            yield from numbers_in(each, depth - 1)
    elif depth and isinstance(thing, Sequence) and not isinstance(thing, (str, bytes)):
        for each in thing[:100]:
            yield from numbers_in(each, depth - 1)


def _of_error(error: BaseException) -> Outcome:
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if frame.filename.startswith(LIBRARY)]
    last = frames[-1]
    place = _place(own[-1].filename, own[-1].lineno) if own else "outside"
    said = f"{type(error).__name__}: {error}"
    ours = last.filename.startswith(LIBRARY) and last.lineno in _raising(last.filename)
    if ours and _is_sentence(error):
        return Outcome("sentence", said, place)
    return Outcome("raw", said, place)


def _is_sentence(error) -> bool:
    text = str(error.args[0]) if getattr(error, "args", None) else ""
    return text.endswith((".", "?")) and "\n" not in text and " " in text


@cache
def _raising(path: str) -> frozenset[int]:
    """Lines of a file that are part of a raise."""
    tree = ast.parse(Path(path).read_text("utf-8"))
    spans = [range(n.lineno, n.end_lineno + 1) for n in ast.walk(tree) if isinstance(n, ast.Raise)]
    return frozenset(line for span in spans for line in span)


def _place(path: str, line: int) -> str:
    return f"{path.removeprefix(LIBRARY).lstrip('/')}:{line}"


def _traces(arguments: dict) -> dict:
    return {name: _trace(value) for name, value in arguments.items()}


def _trace(value):
    """What must be the same after a call: of arrays, lists, dicts and frames."""
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        return value.shape, value.dtype.str, value.tobytes()
    if isinstance(value, (list, tuple)):
        return [_trace(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _trace(each) for key, each in value.items()}
    if hasattr(value, "to_csv"):
        return value.to_csv()
    if isinstance(value, np.ndarray):
        return repr(value)
    return None
