"""Imports run one way, and `import collapse_lib` stays light."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import collapse_lib

ROOT = Path(collapse_lib.__file__).parent
HEAVY = ("torch", "matplotlib", "pandas", "sklearn", "IPython", "dask", "anywidget", "ipywidgets")

# From the lowest layer to the highest: a room may import what is below it and what is beside it in
# its layer, as long as no two rooms go round in a circle.
LAYERS = (
    {"arguments", "containers", "discovery"},
    {"data"},
    {"sources", "metrics", "theory", "plotting"},
    {"policies", "models", "provenance", "watermarks"},
    {"loop", "exact", "checks", "verdicts"},
    {"explorers", "chapters", "checkup", "__init__"},
)
LAYER_OF = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}


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


def test_imports_point_down():
    upward = [
        f"{file} imports {imported}"
        for room, imported, file in _imports()
        if LAYER_OF[imported] > LAYER_OF[room]
    ]
    assert not upward, upward


def test_no_circles_within_a_layer():
    below = {room: set() for room in LAYER_OF}
    for room, imported, _ in _imports():
        below[room].add(imported)
    TopologicalSorter(below).prepare()  # raises CycleError, which names the circle


def test_every_room_has_its_layer():
    rooms = {path.relative_to(ROOT).with_suffix("").parts[0] for path in ROOT.rglob("*.py")}
    assert rooms == set(LAYER_OF)


def test_rooms_are_not_crowded():
    """Files of a folder that somebody wrote, at one level; stored results are data."""
    folders = [folder for folder in (ROOT, *ROOT.rglob("*/")) if folder.name != "stored"]
    crowded = {
        folder.relative_to(ROOT).as_posix(): n
        for folder in folders
        if (n := sum(path.is_file() for path in folder.iterdir())) > 20
        and folder.name != "__pycache__"
    }
    assert not crowded


def test_the_top_holds_rooms():
    assert {path.name for path in ROOT.glob("*.*")} == {"__init__.py", "arguments.py", "data.py"}


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


def test_rooms_are_there_when_asked_for():
    code = (
        "import collapse_lib\n"
        "for room in ('models', 'policies', 'metrics', 'theory', 'exact', 'plotting'):\n"
        "    assert getattr(collapse_lib, room).__doc__\n"
        "try: collapse_lib.cellar\n"
        "except AttributeError as error: print(error)\n"
        "try: collapse_lib.models.Rooms\n"
        "except AttributeError as error: print(error)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.splitlines() == [
        "module 'collapse_lib' has no attribute 'cellar'",
        "module 'collapse_lib.models' has no attribute 'Rooms'",
    ]


def test_a_model_comes_from_its_own_file_alone():
    code = (
        "import sys\n"
        "from collapse_lib.models import Gaussian, NGram\n"
        "assert Gaussian.__module__ == 'collapse_lib.models.gaussian'\n"
        "assert 'torch' not in sys.modules\n"
        "from collapse_lib import models\n"
        "assert {'Gaussian', 'VAE', 'Transformer', 'KernelDensity'} <= set(dir(models))\n"
        "assert 'torch' not in sys.modules\n"
        "from collapse_lib.models import VAE\n"
        "assert 'torch' in sys.modules and VAE().fit\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
