"""Imports run one way, and `import collapse_lib` stays light."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import collapse_lib

ROOT = Path(collapse_lib.__file__).parent
HEAVY = ("torch", "matplotlib", "pandas", "sklearn", "IPython", "dask", "anywidget", "ipywidgets")

# What each room may know, besides itself. A room is a module or a package of collapse_lib.
BASE = {"sizes", "streams", "data"}
MAY_IMPORT = {
    "sizes": set(),
    "streams": set(),
    "data": set(),
    "sources": BASE,
    "models": BASE,
    "metrics": set(),
    "summary": set(),
    "theory": set(),
    "plotting": set(),
    "policies": BASE,
    "described": set(),
    "history": BASE,
    "generation": BASE,
    "real": BASE,
    "steps": BASE | {"real"},
    "checkpoint": BASE,
    "loop": BASE | {"checkpoint", "described", "generation", "history", "real", "steps"},
    "exact": BASE | {"models", "policies"},
    "sweep": BASE | {"loop"},
    "checks": BASE,
    "judges": {"metrics", "models", "sizes"},
    "score": set(),
    "definitions": {"score"},
    "error_sources": set(),
    "stages": {"metrics", "theory"},
    "provenance": BASE | {"models"},
}
ON_TOP = {"__init__", "claims", "exercises", "experiments", "explorers"}


def _imports():
    """(room, imported room, file) for every import of one room of the library by another."""
    for path in sorted(ROOT.rglob("*.py")):
        room = path.relative_to(ROOT).with_suffix("").parts[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            for name in names:
                parts = name.split(".")
                if parts[0] == "collapse_lib" and len(parts) > 1 and parts[1] != room:
                    yield room, parts[1], path.relative_to(ROOT)


def test_imports_run_one_way():
    upward = [
        f"{file} imports {imported}"
        for room, imported, file in _imports()
        if room not in ON_TOP and imported not in MAY_IMPORT[room]
    ]
    assert not upward, upward


def test_every_room_has_its_place():
    rooms = {path.relative_to(ROOT).with_suffix("").parts[0] for path in ROOT.rglob("*.py")}
    assert rooms <= set(MAY_IMPORT) | ON_TOP


def test_modules_fit_in_one_sitting():
    long = {p.name: n for p in ROOT.rglob("*.py") if (n := len(p.read_text().splitlines())) > 300}
    assert not long


@pytest.mark.parametrize("module", ["collapse_lib", "collapse_lib.exact", "collapse_lib.theory"])
def test_import_is_light(module):
    code = f"import sys, {module}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert loaded == []


def test_the_light_import_test_can_fail():
    code = f"import sys, pandas; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert loaded == ["pandas"]
