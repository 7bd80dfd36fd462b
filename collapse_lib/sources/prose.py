"""Real English prose that every reader has: the documentation on their own machine."""

import ast
import importlib.util
import platform
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from collapse_lib.sources.words import Words

__all__ = ["docstrings", "python_topics", "read_docstrings"]

SKIPPED_FOLDERS = {"test", "tests"}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@cache
def python_topics() -> Words:
    """The words of CPython's own help topics (`pydoc_data.topics`), in the order of their names.

    The text changes with the version of Python: `.sha256` tells which one it is.
    """
    try:
        from pydoc_data.topics import topics
    except ImportError as error:
        raise ModuleNotFoundError(
            "python_topics needs pydoc_data.topics of the standard library, which this Python "
            f"{platform.python_version()} lacks; install the whole standard library, or use "
            "docstrings().",
            name="pydoc_data.topics",
        ) from error
    return Words.from_text("\n".join(topics[key] for key in sorted(topics)), "python_topics")


def docstrings(packages: str | tuple[str, ...] = ("numpy",)) -> Words:
    """The words of the docstrings of installed packages, read from their files and never run.

    packages: names of top-level packages, in the order in which they are read.

    Files go in the order of their paths, and docstrings in the order of their lines. Folders named
    test or tests are left out, and so is a file that this Python cannot parse.
    """
    packages = (packages,) if isinstance(packages, str) else tuple(packages)
    if not packages or any("." in name or not name for name in packages):
        raise ValueError(
            f"docstrings.packages must be names of top-level packages, such as numpy; "
            f"got {packages}."
        )
    return _docstrings(packages)


@cache
def _docstrings(packages: tuple[str, ...]) -> Words:
    text = "\n".join(docstring for name in packages for docstring in read_docstrings(name))
    return Words.from_text(text, f"docstrings of {', '.join(packages)}")


def read_docstrings(name: str) -> Iterator[str]:
    """The docstrings of one installed package as they stand, in the order of `docstrings`."""
    spec = importlib.util.find_spec(name)  # finds a top-level package without importing it
    if spec is None:
        raise ModuleNotFoundError(
            f"docstrings.packages names {name!r}, which is not installed; install it, or leave "
            "it out.",
            name=name,
        )
    for path in _python_files(spec):
        yield from _read_file(path)


def _python_files(spec) -> list[Path]:
    if spec.submodule_search_locations is None:  # a single file, or compiled into Python
        return [Path(spec.origin)] if str(spec.origin).endswith(".py") else []
    files = []
    for root in map(Path, spec.submodule_search_locations):
        for path in root.rglob("*.py"):
            inside = path.relative_to(root)
            if not SKIPPED_FOLDERS.intersection(inside.parts[:-1]):
                files.append((inside.as_posix(), path))
    return [path for _, path in sorted(files)]


def _read_file(path: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the style of other people's strings
        try:
            tree = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):  # a template, or written for another Python
            return
    for node in sorted(_documented(tree), key=lambda node: getattr(node, "lineno", 0)):
        docstring = ast.get_docstring(node)
        if docstring:
            yield docstring


def _documented(node: ast.AST) -> Iterator[ast.AST]:
    """Modules, classes and functions. Walks statements only: expressions hold no docstrings."""
    if isinstance(node, DOCUMENTED):
        yield node
    for field in ("body", "orelse", "handlers", "finalbody", "cases"):
        inner = getattr(node, field, None)
        if isinstance(inner, list):
            for child in inner:
                yield from _documented(child)
