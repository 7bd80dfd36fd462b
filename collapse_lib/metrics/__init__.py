"""Measures of a generation: plain functions of arrays that return a float.

`categorical` takes probabilities or labels, `spread` and `distances` take rows of numbers,
`likelihood` takes a model. `adapters` turn any of them into what `run_loop(metrics=...)` calls.

A new metric is one function in one of these files, or a new file beside them: every public function
found here can be imported from `collapse_lib.metrics`, and the common tests find it too. They build
its arguments from the names of its parameters, so keep to the names that are used here.
"""

import inspect
from importlib import import_module
from pkgutil import iter_modules

__all__ = []
for _file in iter_modules(__path__):
    if _file.name.startswith("_"):
        continue
    _module = import_module(f"{__name__}.{_file.name}")
    for _name, _function in inspect.getmembers(_module, inspect.isfunction):
        if _function.__module__ == _module.__name__ and not _name.startswith("_"):
            globals()[_name] = _function
            __all__ += [_name]
