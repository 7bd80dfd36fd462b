"""described: a text that is equal for equal things, in another process too."""

import hashlib
import json
import re
from types import CodeType, FunctionType

import numpy as np

__all__ = ["described"]

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def described(thing) -> str:
    """The repr of a thing where that says all; else its name and a digest of what it holds.

    Functions are told by their code, constants, defaults and closure, objects by their class and
    attributes, arrays by their bytes.
    """
    kind = type(thing)
    text = repr(thing)
    own_repr = kind.__repr__ is not object.__repr__ and not isinstance(thing, FunctionType)
    holds_arrays = any(isinstance(v, np.ndarray) for v in getattr(thing, "__dict__", {}).values())
    if own_repr and not holds_arrays and not ADDRESS.search(text):
        return text
    named = thing if isinstance(thing, FunctionType) else kind
    content = json.dumps(_content(thing, depth=0), sort_keys=True, default=str)
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    return f"{named.__module__}.{named.__qualname__} [{digest}]"


def _content(thing, depth: int):
    """What a thing holds, as JSON."""
    if depth > 6 or thing is None or isinstance(thing, (bool, int, float, str)):
        return repr(thing) if depth <= 6 else "..."
    below = depth + 1
    if isinstance(thing, np.ndarray):
        return [str(thing.dtype), thing.shape, hashlib.sha256(thing.tobytes()).hexdigest()]
    if isinstance(thing, dict):
        return {repr(key): _content(value, below) for key, value in thing.items()}
    if isinstance(thing, (list, tuple, set, frozenset)):
        return [_content(value, below) for value in thing]
    if isinstance(thing, CodeType):
        constants = [_content(value, below) for value in thing.co_consts]
        return [thing.co_code.hex(), list(thing.co_names), constants]
    if isinstance(thing, FunctionType):
        cells = [_content(cell.cell_contents, below) for cell in thing.__closure__ or ()]
        defaults = _content([thing.__defaults__, thing.__kwdefaults__], below)
        return [_content(thing.__code__, below), cells, defaults]
    name = f"{type(thing).__module__}.{type(thing).__qualname__}"
    if hasattr(thing, "__dict__"):
        return [name, _content(vars(thing), below)]
    return [name, ADDRESS.sub("", repr(thing))]
