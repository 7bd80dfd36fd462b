"""The theory package as a reader meets it: names, docstrings, examples, imports."""

import ast
import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from collapse_lib import theory
from collapse_lib.discovery import modules_of

MODULES = list(modules_of(theory.__name__, below=True))
FUNCTIONS = [name for name in dir(theory) if inspect.isfunction(getattr(theory, name))]
LISTED = [*range(1, 29), *range(35, 42)]  # the closed forms the package promises


def test_every_public_function_is_exported():
    own = {
        node.name
        for module in MODULES
        for node in ast.parse(inspect.getsource(module)).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    }
    assert own == set(dir(theory))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstring_names_its_source_and_what_it_raises(name):
    text = inspect.getdoc(getattr(theory, name))
    assert "Source:" in text
    assert re.search(r"Raises\s+ValueError", text)
    if "t" in inspect.signature(getattr(theory, name)).parameters:
        assert re.search(r"counts\s+(fits|copies|temperings)", text)


def test_every_listed_closed_form_is_there():
    text = "\n".join(inspect.getdoc(getattr(theory, name)) for name in FUNCTIONS)
    found = {int(number) for number in re.findall(r"CF(\d+)", text)}
    assert set(LISTED) <= found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def test_theory_imports_nothing_heavy():
    code = (
        "import sys, collapse_lib.theory;"
        "bad = {'torch', 'matplotlib', 'pandas', 'sklearn'} & set(sys.modules);"
        "assert not bad, bad"
    )
    root = Path(theory.__file__).parents[2]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root)
