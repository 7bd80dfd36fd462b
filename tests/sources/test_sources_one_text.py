"""The prose of the chapters is one text on every Python and system, and another one is told."""

import hashlib
import importlib.util
import itertools
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sentences import refusals, says

from collapse_lib.sources import docstrings, documented
from collapse_lib.sources.documented import _read_file

TEXT = "277ed56eb47b750332b6f38470823d4f9e22f26fc724f8dd89d59a1d122e8e07"
READ_AGAIN = """
import hashlib, runpy, sys
sys.path.append(sys.argv[2])  # the packages of the Python that runs the tests
texts = runpy.run_path(sys.argv[1])["read_docstrings"]("numpy")
print(sys.version_info[:2], hashlib.sha256("\\n".join(texts).encode()).hexdigest())
"""


def other_pythons():
    """One Python of each version from 3.11 that runs here beside this one: on the path, or
    installed beside this one (pyenv, uv and the framework builds of macOS do so)."""
    beside = Path(sys.base_prefix).parent
    for minor in {*range(11, 20)} - {sys.version_info.minor}:
        name = f"python3.{minor}"
        there = filter(None, [shutil.which(name), *sorted(beside.glob(f"*/bin/{name}"))])
        yield from itertools.islice((p for p in there if not call([p, "-c", ""]).returncode), 1)


def call(command):
    return subprocess.run(command, capture_output=True, text=True)


def read_by(python):
    site = Path(np.__file__).parents[1]
    return call([python, "-I", "-c", READ_AGAIN, documented.__file__, site]).stdout.split()[-1]


def test_the_text_of_the_book_is_the_pinned_one():
    assert docstrings("numpy").sha256 == TEXT, "install the pinned NumPy, or make all results anew"


def test_every_python_that_is_here_reads_one_text():
    """No library is needed to read; Pythons that are not here are not tried."""
    pythons = [sys.executable, *other_pythons()]
    assert {python: read_by(python) for python in pythons} == dict.fromkeys(pythons, TEXT)


@cache
def read(path):
    return list(_read_file(path))


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """Read the installed NumPy as another wheel holds it: without some files, or with more."""

    def text(without=(), extra=None):
        files = documented._python_files(importlib.util.find_spec("numpy"))
        kept = {name: path for name, path in files.items() if not name.startswith(tuple(without))}
        if extra:
            (tmp_path / "extra.py").write_text(extra, encoding="utf-8")
            kept["_platform.py"] = tmp_path / "extra.py"
        monkeypatch.setattr(documented, "_python_files", lambda spec: kept)
        return hashlib.sha256("\n".join(documented.read_docstrings("numpy")).encode()).hexdigest()

    monkeypatch.setattr(documented, "_read_file", read)
    return text


@pytest.mark.parametrize(
    "without", [["distutils/"], ["distutils/command/"], ["distutils/__init__.py"], ["nothing/"]]
)
def test_a_wheel_without_distutils_gives_the_same_text(wheel, without):
    assert wheel(without) == TEXT


@pytest.mark.parametrize(("without", "extra"), [(["linalg/"], None), ([], '"""Loads a DLL."""')])
def test_another_wheel_gives_another_text(wheel, without, extra):
    assert wheel(without, extra) != TEXT


def test_another_text_is_refused_where_one_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "made_up_pinned.py").write_text('"""once"""', encoding="utf-8")
    found = docstrings("made_up_pinned").sha256
    for asked in (found, found[:8], found.upper(), ""):
        assert docstrings("made_up_pinned", sha256=asked).sha256 == found
    for asked in (TEXT, TEXT[:12]):
        with says(
            "The docstrings of made_up_pinned are another text than docstrings.sha256 asks for: "
            f"it begins with {found[:12]}, not 277ed56eb47b; install the version that was read "
            "then, or leave sha256 out to go on with this one."
        ):
            docstrings("made_up_pinned", sha256=asked)


def test_another_numpy_is_read_as_it_is(monkeypatch):
    """What is kept belongs to one version."""
    monkeypatch.setattr(documented.metadata, "version", lambda name: "2.5.0")
    assert documented._left_out("numpy") == {}


def test_what_is_kept_is_what_is_installed_where_it_is():
    kept = documented._left_out("numpy")
    assert len(kept) == 40 and all(name.startswith("distutils/") for name in kept)
    files = documented._python_files(importlib.util.find_spec("numpy"))
    there = {name: read(files[name]) for name in kept if name in files}
    assert there == (kept if sys.version_info < (3, 12) else {})


def test_chapters_name_the_text_that_they_read():
    for chapter in (Path(__file__).parents[2] / "chapters").glob("*.ipynb"):
        asked = re.findall(r'docstrings\(\\"numpy\\"(.*?)\)', chapter.read_text(encoding="utf-8"))
        assert set(asked) <= {f', sha256=\\"{TEXT[:12]}\\"'}, chapter.name


test_what_is_no_digest_is_told = refusals(
    (
        lambda: docstrings("numpy", sha256=277),
        TypeError,
        "docstrings.sha256 must be of type str; got 277.",
    ),
)
