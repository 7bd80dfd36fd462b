"""The steps: what cannot be written is one sentence, and every step of a suite is run."""

import errno
import os
import sys

import pytest
from checkout import own_files

from tools import __main__ as steps
from tools import environment, suite


@pytest.fixture
def call(monkeypatch, tmp_path):
    """Run a step in a folder of its own; return its status."""
    monkeypatch.setattr(steps, "ROOT", tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["tools", *arguments])
        return steps.main()

    return run


UNWRITABLE = [errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.ENOTDIR, errno.EEXIST]


@pytest.mark.parametrize("number", UNWRITABLE, ids=errno.errorcode.get)
@pytest.mark.parametrize("command", ["book", "test", "notebooks", "lab", "bench", "readme", "lock"])
def test_what_cannot_be_written_is_one_sentence(
    call, monkeypatch, capsys, tmp_path, number, command
):
    path = tmp_path / "_build" / ".ipython"

    def step(arguments):
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setitem(steps.COMMANDS, command, step)
    assert call(command) == 1
    assert capsys.readouterr().err == (
        f"{path} cannot be written ({os.strerror(number)}). Work in a copy of the project in a "
        f"folder of your own; for what another build left in {tmp_path / '_build'}, run `make "
        "clean` or `python -m tools clean`.\n"
    )


@pytest.mark.parametrize("name", ["x", None])
def test_a_name_without_its_folder_is_of_what_was_built(call, monkeypatch, capsys, tmp_path, name):
    def step(arguments):
        raise PermissionError(errno.EACCES, "Permission denied", name)

    monkeypatch.setitem(steps.COMMANDS, "book", step)
    assert call("book") == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{tmp_path / '_build' / (name or '')} cannot be written (Permission")


def test_another_error_is_not_hidden(call, monkeypatch):
    def step(arguments):
        raise FileNotFoundError(errno.ENOENT, "No such file", "x")

    monkeypatch.setitem(steps.COMMANDS, "book", step)
    with pytest.raises(FileNotFoundError):
        call("book")


def test_a_file_in_place_of_the_build_folder_is_told_and_cleaned(
    call, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(
        suite, "STEPS", {"a step": lambda: environment.run("-c", "", root=tmp_path)}
    )
    (tmp_path / "_build").write_text("")
    assert call("test") == 1
    assert "run `make clean`" in capsys.readouterr().err
    assert call("clean") == 0
    assert call("test") == 0
    assert call("clean") == call("clean") == 0
    assert list(tmp_path.iterdir()) == []


def test_clean_says_what_it_could_not_remove(call, monkeypatch, capsys, tmp_path):
    (tmp_path / "_build").mkdir()

    def refuse(*arguments, **more):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "_build"))

    monkeypatch.setattr(os, "rmdir", refuse)
    assert call("clean") == 1
    assert "cannot be written (Permission denied)" in capsys.readouterr().err


def test_a_link_in_place_of_the_build_folder_goes_alone(call, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "kept").write_text("")
    (tmp_path / "_build").symlink_to(tmp_path / "elsewhere")
    assert call("clean") == 0
    assert [path.name for path in tmp_path.rglob("*")] == ["elsewhere", "kept"]


def test_own_code_is_all_the_python_there_is():
    here = {path.relative_to(environment.ROOT) for path in own_files(environment.ROOT)}
    assert {path.parts[0] for path in here if path.suffix in (".py", ".ipynb")} == set(
        suite.OWN_CODE
    )
