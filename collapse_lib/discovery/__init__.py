"""What a package holds, found by looking: nothing that is added needs to be listed elsewhere."""

import ast
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["classes_lazily", "lazily", "modules_of", "public"]


def modules_of(package: str, *, below: bool = False, named: str = "") -> Iterator[ModuleType]:
    """The modules of a package, in the order of their names, without those that begin with an
    underscore; `below` goes into its folders too, and `named` imports those of one name alone."""
    path = import_module(package).__path__
    for found in pkgutil.iter_modules(path):
        if found.name.startswith("_"):
            continue
        name = f"{package}.{found.name}"
        if found.ispkg and below:
            yield from modules_of(name, below=True, named=named)
        if named in ("", found.name):
            yield import_module(name)


def public(
    package: str, wanted: Callable[[Any], bool], *, below: bool = False, named: str = ""
) -> dict[str, Any]:
    """name -> object, for each public object that `wanted` accepts and that a module of the package
    made itself. below, named: as for `modules_of`.

    Raises ValueError when two modules make different objects under one name.
    """
    found: dict[str, Any] = {}
    for module in modules_of(package, below=below, named=named):
        for name, value in vars(module).items():
            made_here = not _tells_its_module(value) or value.__module__ == module.__name__
            if name.startswith("_") or not made_here or not wanted(value):
                continue
            if found.setdefault(name, value) is not value:
                raise ValueError(f"{package} has two things called {name!r}; rename one of them.")
    return found


def _tells_its_module(value) -> bool:
    return inspect.isroutine(value) or inspect.isclass(value)


def lazily(
    package: str, wanted: Callable[[Any], bool] = inspect.isfunction, offered=lambda each: each
):
    """(__getattr__, __dir__) of a package that offers everything public in its modules, and looks
    for it when first asked. offered: what stands there -> what is offered."""
    found = cache(lambda: public(package, wanted, below=True))
    return _offering(package, found, cache(offered))


def classes_lazily(package: str):
    """(__getattr__, __dir__) of a package that offers the classes of its modules, told by their
    `__all__`, which is read and not run: a module is imported when one of its classes is asked for.
    """

    @cache
    def look() -> dict[str, tuple[str, str]]:
        path = import_module(package).__path__
        return {
            name: (f"{package}.{found.name}", name)
            for found in pkgutil.iter_modules(path)
            for name in _all_of(Path(path[0]), found)
            if name[0].isupper()
        }

    return _offering(package, look, lambda told: getattr(import_module(told[0]), told[1]))


def _offering(package: str, look: Callable[[], dict], get: Callable[[Any], Any]):
    """(__getattr__, __dir__) for the names of look(); get: what stands there -> the object."""

    def __dir__() -> list[str]:
        return sorted(look())

    def __getattr__(name: str):
        if name.startswith("_") or name not in look():
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return get(look()[name])

    return __getattr__, __dir__


def _all_of(folder: Path, found) -> list[str]:
    """The names in `__all__` of a module in a folder, without importing it."""
    path = folder / found.name / "__init__.py" if found.ispkg else folder / f"{found.name}.py"
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return ast.literal_eval(node.value)
    return []
