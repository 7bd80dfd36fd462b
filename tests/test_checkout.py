"""What belongs to a checkout is found with git and without, whoever owns it, wherever it lies."""

import shutil
import subprocess

import pytest
from checkout import ignored_names, own_files

from tools.environment import ROOT

OWN = {".gitignore", "README.md", "tools/a.py", "chapters/data/b.csv", "venture/c.py", ".ci/run"}
FOREIGN = {
    ".venv/lib/d.py",
    "_build/html/e.html",
    "tools/__pycache__/a.pyc",
    "x.egg-info/PKG-INFO",
    ".hypothesis/f",
    "env/pyvenv.cfg",
    "env/lib/g.py",
    "My Python/conda-meta/history",
    "My Python/lib/h.py",
    "chapters/.ipynb_checkpoints/i.ipynb",
}


def write(root, names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")
    shutil.copy(ROOT / ".gitignore", root)


def found(root):
    return {path.relative_to(root).as_posix() for path in own_files(root)}


def git(root, *arguments):
    subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def needs_git():
    if not shutil.which("git"):
        pytest.skip("git is not installed")


@pytest.fixture
def checkout(tmp_path):
    root = tmp_path / "a%20b [1]"
    write(root, OWN | FOREIGN)
    return root


def test_an_unpacked_archive(checkout):
    assert found(checkout) == OWN


def test_a_clone_with_and_without_files_that_are_not_added(checkout, needs_git):
    git(checkout, "init", "-q")
    assert found(checkout) == OWN
    git(checkout, "add", "README.md", "env/lib/g.py")
    assert found(checkout) == OWN


def test_a_folder_that_a_repository_around_it_leaves_out(checkout, needs_git):
    (checkout.parent / ".gitignore").write_text("*")
    git(checkout.parent, "init", "-q")
    assert found(checkout) == OWN


@pytest.mark.parametrize(
    "script", ["echo 'fatal: detected dubious ownership' >&2; exit 128", "exit 0", None]
)
def test_git_that_does_not_say(checkout, tmp_path, monkeypatch, script):
    """The checkout of another owner; a git that knows nothing; none at all."""
    folder = tmp_path / "bin"
    folder.mkdir()
    if script:
        (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    assert found(checkout) == OWN


def test_links_are_not_followed_out_of_the_checkout(checkout):
    (checkout / "tools" / "round").symlink_to(checkout)
    assert found(checkout) == OWN


def test_the_patterns_of_this_project_are_names():
    assert not [name for name in ignored_names(ROOT) if set("/!#") & set(name)]


def test_both_ways_find_the_same_files_here(monkeypatch, tmp_path):
    with_git = own_files(ROOT)
    monkeypatch.setenv("PATH", str(tmp_path))
    without = own_files(ROOT)
    assert ROOT / "tests" / "test_checkout.py" in with_git
    assert set(with_git) <= set(without)  # a user may have patterns of their own
