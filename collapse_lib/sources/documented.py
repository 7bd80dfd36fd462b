"""The docstrings of installed packages, with nothing but the standard library."""

import ast
import gzip
import importlib.util
import json
import warnings
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

__all__ = ["read_docstrings"]

# <package>-<version>.json.gz: the docstrings of the files that this version has for one Python and
# not for another. The wheels of NumPy 2.4.6 hold numpy.distutils below Python 3.12 only.
STORED = Path(__file__).parent / "stored"
SKIPPED_FOLDERS = {"test", "tests"}
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def read_docstrings(name: str) -> Iterator[str]:
    """The docstrings of one installed package as they stand, in the order of `docstrings`."""
    spec = importlib.util.find_spec(name)  # finds a top-level package without importing it
    if spec is None:
        raise ModuleNotFoundError(
            f"docstrings.packages names {name!r}, which is not installed; install it, or leave "
            "it out.",
            name=name,
        )
    files, left_out = _python_files(spec), _left_out(name)
    for inside in sorted({*files, *left_out}):
        yield from _read_file(files[inside]) if inside in files else left_out[inside]


def _left_out(name: str) -> dict[str, list[str]]:
    """Path inside the package -> docstrings of each file that not every wheel of it holds."""
    try:
        path = STORED / f"{name}-{metadata.version(name)}.json.gz"
    except metadata.PackageNotFoundError:  # on the path, and not installed
        return {}
    return json.loads(gzip.decompress(path.read_bytes()))["docstrings"] if path.is_file() else {}


def _python_files(spec) -> dict[str, Path]:
    """Path inside the package -> file."""
    if spec.submodule_search_locations is None:  # a single file, or compiled into Python
        return {"": Path(spec.origin)} if str(spec.origin).endswith(".py") else {}
    return {
        inside.as_posix(): root / inside
        for root in reversed([*map(Path, spec.submodule_search_locations)])  # the first one counts
        for inside in (path.relative_to(root) for path in root.rglob("*.py"))
        if not SKIPPED_FOLDERS.intersection(inside.parts[:-1])
    }


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
