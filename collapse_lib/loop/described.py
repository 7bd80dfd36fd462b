"""described: a text that is equal for equal things, in another process too."""

import dis
import functools
import hashlib
import json
import re
import sys
from collections import deque
from dataclasses import is_dataclass
from pathlib import PurePath
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType, ModuleType

import numpy as np

__all__ = ["described"]

ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
PLAIN = (bool, int, float, complex, str, bytes, type(None), type(...), slice, range)
HOLDERS = (list, tuple, set, frozenset, dict, deque)
CALLABLES = (FunctionType, MethodType, functools.partial)
OURS = __name__.partition(".")[0]


def described(thing) -> str:
    """The repr of a thing where that says all; else its name and a digest of what it holds.

    Functions are told by their code, constants, defaults and closure, and by the numbers, texts,
    tuples, arrays, functions and classes that they read by a global name and do not set; not by
    other globals, such as lists and mappings, which a run may write to. Partial functions and bound
    methods are told by what they are made of, objects by their attributes and by the code of their
    class, arrays, tables and tensors by their values.

    Raises TypeError for an object that holds nothing by which it could be told from another.
    """
    if _says_all(thing) and not ADDRESS.search(text := repr(thing)):
        return text
    named = thing if isinstance(thing, FunctionType) else type(thing)
    content = json.dumps(_Content().of(thing), sort_keys=True)
    digest = hashlib.sha256(content.encode()).hexdigest()[:12]
    return f"{named.__module__}.{named.__qualname__} [{digest}]"


def _says_all(thing, depth: int = 8) -> bool:
    """Whether the repr of a thing shows all that it holds, and nothing cut."""
    kind = type(thing)
    if kind in PLAIN or isinstance(thing, np.generic):
        return True
    if isinstance(thing, HOLDERS):
        values = [*thing, *thing.values()] if isinstance(thing, dict) else thing
        whole = kind in HOLDERS or _class_code(kind) is None
        return whole and depth > 0 and all(_says_all(value, depth - 1) for value in values)
    if kind.__repr__ is object.__repr__ or isinstance(thing, CALLABLES) or _is_array(thing):
        return False
    held = getattr(thing, "__dict__", {}).values()
    if kind.__module__.partition(".")[0] == OURS:  # its repr gives what it holds
        return depth > 0 and all(_says_all(value, depth - 1) for value in held)
    return all(isinstance(value, PLAIN) for value in held) and _class_code(kind) is None


def _is_array(value) -> bool:
    return hasattr(value, "__array__") or hasattr(value, "to_numpy")


def _class_code(kind: type):
    """The functions that classes outside of installed packages give to this one, or None."""
    found = {}
    for each in kind.__mro__:
        if each.__module__.partition(".")[0] in (OURS, "builtins") or _is_installed(each):
            continue
        for name, value in vars(each).items():
            function = getattr(value, "__func__", getattr(value, "fget", value))
            made = is_dataclass(each) and name[:2] == "__"  # by the decorator, from the fields
            if isinstance(function, FunctionType) and not made:
                found[f"{each.__qualname__}.{name}"] = function
    return found or None


def _globals_read(function: FunctionType) -> dict:
    """name -> value, for the globals that a function of the user's reads and does not set."""
    if function.__module__.partition(".")[0] == OURS or _is_installed(function):
        return {}
    codes, read, written = [function.__code__], set(), set()
    while codes:
        code = codes.pop()
        codes += [each for each in code.co_consts if isinstance(each, CodeType)]
        for step in dis.get_instructions(code):
            if step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                read.add(step.argval)
            elif step.opname == "STORE_GLOBAL":
                written.add(step.argval)
    kinds = (*PLAIN, tuple, frozenset, FunctionType, type, np.generic)
    held = function.__globals__
    known = {name: held[name] for name in sorted(read - written) if name in held}
    return {name: v for name, v in known.items() if isinstance(v, kinds) or _is_array(v)}


def _is_installed(thing) -> bool:
    file = getattr(sys.modules.get(thing.__module__), "__file__", None) or ""
    return "site-packages" in file or file.startswith(sys.base_prefix)


class _Content:
    """What things hold, as JSON; one that is met again is named by its number."""

    def __init__(self):
        self.met: dict[int, tuple] = {}

    def of(self, thing):
        if isinstance(thing, PLAIN):
            return [type(thing).__name__, repr(thing)]
        if id(thing) in self.met:
            return ["met", self.met[id(thing)][0]]
        self.met[id(thing)] = len(self.met), thing  # held, so that no other thing gets its id
        if isinstance(thing, (ModuleType, BuiltinFunctionType, np.ufunc, np.dtype, type)):
            return self.named(thing)
        for kinds, parts in self.kinds.items():
            if isinstance(thing, kinds):
                return [type(thing).__qualname__, self.all(parts(thing))]
        if _is_array(thing):
            return [type(thing).__qualname__, *self.table(thing)]
        return self.object(thing)

    def all(self, things):
        return [self.of(each) for each in things]

    def named(self, thing):
        module = getattr(thing, "__module__", "")
        code = _class_code(thing) if isinstance(thing, type) else None
        name = getattr(thing, "__qualname__", None) or getattr(thing, "__name__", str(thing))
        return [str(module), name, code and self.of(code)]

    kinds = {  # noqa: RUF012
        (list, tuple, deque): list,
        PurePath: lambda path: [str(path)],
        (set, frozenset): lambda s: sorted(s, key=repr),
        dict: lambda d: [each for pair in d.items() for each in pair],
        CodeType: lambda c: [c.co_code, c.co_names, c.co_consts],
        FunctionType: lambda f: [
            f.__code__,
            [_in_cell(cell) for cell in f.__closure__ or ()],
            f.__defaults__,
            f.__kwdefaults__,
            _globals_read(f),
        ],
        functools.partial: lambda p: [p.func, p.args, p.keywords],
        MethodType: lambda m: [m.__func__, m.__self__],
        np.random.Generator: lambda g: [g.bit_generator.state],
        np.random.SeedSequence: lambda s: [s.state],
    }

    def table(self, thing):
        """An array, a table or a tensor."""
        if hasattr(thing, "detach"):  # torch
            thing = thing.detach().cpu()
            return [str(thing.dtype), *self.table(thing.double().numpy())]
        array = thing.to_numpy() if hasattr(thing, "to_numpy") else np.asarray(thing)
        labels = [list(getattr(thing, name, ())) for name in ("columns", "index")]
        if array.dtype.hasobject:
            values = self.all(array.ravel().tolist())
        else:
            values = hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
        return [str(array.dtype), list(array.shape), values, self.all(labels)]

    def object(self, thing):
        kind = type(thing)
        slots = [name for each in kind.__mro__ for name in _slots(each) if hasattr(thing, name)]
        held = {name: getattr(thing, name) for name in slots} | getattr(thing, "__dict__", {})
        text = repr(thing)
        if not held and ADDRESS.search(text) and not _class_code(kind) and not _is_empty(kind):
            raise TypeError(
                f"A checkpoint cannot tell {ADDRESS.sub('', text)} from another of its kind: it "
                "shows no attributes; give its class a __repr__ that says what it does."
            )
        said = [] if ADDRESS.search(text) else [text]
        return [*self.named(kind), said if not held else [], self.of(held)]


def _in_cell(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not filled yet
        return None


def _slots(kind: type):
    slots = kind.__dict__.get("__slots__", ())
    return [name for name in ([slots] if isinstance(slots, str) else slots) if name[:2] != "__"]


def _is_empty(kind: type) -> bool:
    """Whether objects of a Python class that hold nothing are all alike."""
    return bool(kind.__flags__ & (1 << 9)) and hasattr(kind, "__dict__")  # made by `class`
