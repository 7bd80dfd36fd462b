"""The project's own promises: what may stand in a tracked file, in a chapter, in the README."""

import contextlib
import itertools
import json
import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest
import yaml
from checkout import own_files

from tools.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
CELL_BYTES, CHAPTER_BYTES, CELL_LINES = 4_000, 60_000, 15


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# Written in parts, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a path of one machine": re.compile(
        "|".join(
            ["/" + "work/", "/" + "root/", "/" + "home/", "/opt/" + "wheels", "C:" + r"\\Users"]
        )
    ),
    "the host of a package registry": re.compile(
        "|".join(
            ["py" + r"pi\.org", "python" + "hosted", "registry" + r"\.npm", "deb" + r"\.debian"]
        )
    ),
    "the memory address of an object": re.compile("at 0" + r"x[0-9a-f]{8,}"),
}


def faults_of(text: str) -> list[str]:
    return [what for what, pattern in FORBIDDEN.items() if pattern.search(text)]


def test_no_tracked_file_names_a_machine_or_a_registry():
    found = {}
    for path in own_files(ROOT):
        try:
            faults = faults_of(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
        if faults:
            found[path.relative_to(ROOT).as_posix()] = faults
    assert found == {}


def test_each_forbidden_thing_is_found():
    assert faults_of("/" + "home/me/book.ipynb") == ["a path of one machine"]
    assert faults_of("https://py" + "pi.org/simple") == ["the host of a package registry"]
    assert faults_of("<Line2D at 0" + "x7f0012345678>") == ["the memory address of an object"]
    assert faults_of("see _build/html and https://doi.org/10.1038/x") == []


# --- chapters ---------------------------------------------------------------------------------


def text_of(output: dict) -> str:
    text = output.get("text", output.get("data", {}).get("text/plain", ""))
    return "".join(text)


def compared(cell: dict) -> bool:
    """Whether nbval compares some text of this cell."""
    tags = cell["metadata"].get("tags", [])
    skipped = {"nbval-ignore-output", "nbval-skip"} & set(tags) or re.search(
        r"^\s*#\s*(NBVAL_IGNORE_OUTPUT|NBVAL_SKIP|PYTEST_VALIDATE_IGNORE_OUTPUT)\s*$",
        "".join(cell["source"]),
        re.MULTILINE,
    )
    return not skipped and any(text_of(output).strip() for output in cell["outputs"])


def chapter_faults(notebook: dict) -> list[str]:
    """Return what is wrong with the stored state of a chapter."""
    faults = []
    total, any_compared = 0, False
    code_cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if "widgets" in notebook["metadata"]:
        faults.append("widget state is stored")
    for number, cell in enumerate(code_cells):
        size = len(json.dumps(cell["outputs"], ensure_ascii=False).encode())
        total += size
        any_compared = any_compared or compared(cell)
        kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
        lines = "".join(cell["source"]).splitlines()
        if "".join(cell["source"]).strip() and cell["execution_count"] is None:
            faults.append(f"cell {number} was not run")
        if kinds - {"text/plain"}:
            faults.append(f"cell {number} stores {', '.join(sorted(kinds - {'text/plain'}))}")
        if size > CELL_BYTES:
            faults.append(f"cell {number} stores {size} bytes of output")
        if len(lines) > CELL_LINES:
            faults.append(f"cell {number} has {len(lines)} lines of code")
    if total > CHAPTER_BYTES:
        faults.append(f"the outputs take {total} bytes")
    if not any_compared:
        faults.append("no cell has a text output that nbval compares")
    return faults


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_is_stored_run_small_and_compared(path):
    assert chapter_faults(json.loads(path.read_text(encoding="utf-8"))) == []


def a_chapter(**changes) -> dict:
    stream = {"output_type": "stream", "name": "stdout", "text": ["0.5\n"]}
    cell = {
        "cell_type": "code",
        "source": ["print(0.5)"],
        "metadata": {},
        "outputs": [stream],
        "execution_count": 1,
    }
    return {"metadata": {}, "cells": [cell | changes]}


RICH = {"output_type": "display_data", "data": {"text/html": "<p>", "text/plain": "x"}}
LONG = {"output_type": "stream", "name": "stdout", "text": ["x" * 5_000]}


@pytest.mark.parametrize(
    ("chapter", "fault"),
    [
        (a_chapter(execution_count=None), "cell 0 was not run"),
        (a_chapter(outputs=[RICH]), "cell 0 stores text/html"),
        (a_chapter(outputs=[]), "no cell has a text output that nbval compares"),
        (
            a_chapter(metadata={"tags": ["nbval-ignore-output"]}),
            "no cell has a text output that nbval compares",
        ),
        (
            a_chapter(source=["# NBVAL_IGNORE_OUTPUT\n", "print(0.5)"]),
            "no cell has a text output that nbval compares",
        ),
        (a_chapter(source=["x = 1\n"] * 16), "cell 0 has 16 lines of code"),
        (a_chapter() | {"metadata": {"widgets": {}}}, "widget state is stored"),
    ],
)
def test_each_fault_of_a_chapter_is_found(chapter, fault):
    assert chapter_faults(chapter) == [fault]


def test_large_outputs_are_found():
    (fault,) = chapter_faults(a_chapter(outputs=[LONG]))
    assert re.fullmatch(r"cell 0 stores 5\d\d\d bytes of output", fault)
    many = {"metadata": {}, "cells": a_chapter(outputs=[LONG])["cells"] * 13}
    assert re.fullmatch(r"the outputs take 6\d{4} bytes", chapter_faults(many)[-1])
    assert chapter_faults(a_chapter()) == []


# --- book, library, documents -----------------------------------------------------------------


def test_every_page_of_the_contents_exists():
    contents = yaml.safe_load(read("_toc.yml"))
    names = [contents["root"], *(entry["file"] for entry in contents["chapters"])]
    missing = [
        name
        for name in names
        if not any((ROOT / f"{name}{end}").is_file() for end in (".md", ".ipynb"))
    ]
    assert missing == []
    unlisted = {f"chapters/{path.stem}" for path in CHAPTERS} - set(names)
    assert unlisted == set()


def pins(name: str) -> dict[str, str]:
    lines = [line for line in read(name).splitlines() if line and line[0] not in "#-"]
    return dict(line.split("==") for line in lines)


def test_every_package_is_pinned_once_and_exactly():
    direct, indirect = pins("requirements.txt"), pins("constraints.txt")
    assert all(re.fullmatch(r"[\w.]+", version) for version in (direct | indirect).values())
    assert not direct.keys() & indirect.keys()
    assert not [name for name in indirect if name.startswith(("nvidia", "cuda", "triton"))]


def test_the_installed_packages_are_the_pinned_ones():
    found = {}
    for name, pinned in (pins("requirements.txt") | pins("constraints.txt")).items():
        with contextlib.suppress(PackageNotFoundError):  # another system may need no such package
            installed = version(name).partition("+")[0]  # "+cpu" names a build of one version
            if installed != pinned:
                found[name] = f"{installed} instead of {pinned}: install requirements.txt again"
    assert found == {}


def test_the_library_asks_for_no_more_than_the_pins_give():
    project = tomllib.loads(read("pyproject.toml"))["project"]
    extras = project["optional-dependencies"].values()
    given = pins("requirements.txt") | pins("requirements-pretrained.txt")
    for line in [*project["dependencies"], *itertools.chain(*extras)]:
        name, lowest = line.split(">=")
        pinned = [int(part) for part in given[name].split(".")]
        assert pinned >= [int(part) for part in lowest.split(".")], line


def test_contributing_is_short_and_names_the_three_files_to_read():
    text = read("CONTRIBUTING.md")
    assert len(text.splitlines()) <= 50
    for name in (
        "collapse_lib/loop/run.py",
        "collapse_lib/policies/mixing.py",
        "collapse_lib/data.py",
    ):
        assert name in text
        assert (ROOT / name).is_file()


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_local_links_of_the_documents_lead_somewhere(name):
    targets = re.findall(r"\]\(([^)#\s]+)", read(name)) + re.findall(r'src="([^"]+)"', read(name))
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (ROOT / target).exists()] == []


def test_commands_of_the_documents_exist():
    text = read("README.md") + read("CONTRIBUTING.md")
    targets = set(re.findall(r"^([a-z][a-z ]*):", read("Makefile"), re.MULTILINE))
    targets = set(" ".join(targets).split())
    named = set(re.findall(r"\bmake ([a-z]+)\b", text))
    assert {"book", "test", "lab", "serve", "bench"} <= named
    assert named <= targets
    assert set(re.findall(r"python -m tools ([a-z]+)", text)) <= set(COMMANDS)


def test_make_makes_nothing_that_the_tools_do_not():
    """Windows has no make: each of its targets is a command of the tools as well."""
    rule = re.search(r"^([a-z ]+): \$\(READY\)$", read("Makefile"), re.MULTILINE)
    assert set(rule[1].split()) <= set(COMMANDS)


def test_another_python_is_tested_as_the_readme_says():
    """The variables that it names are those that make reads, and its environments are ignored."""
    command = re.search(r"`(make test PYTHON=(\S+) VENV=(\S+))`", read("README.md"))
    if not shutil.which("make"):
        pytest.skip("make is not installed")
    told = subprocess.run(
        [*command[1].split(), "-n", "-B", "--no-print-directory"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert f"{command[2]} -m venv {command[3]}\n" in told.stdout
    assert told.stdout.endswith(f"{command[3]}/bin/python -m tools test\n")
    assert any(fnmatch(command[3], pattern.strip("/")) for pattern in read(".gitignore").split())


def test_the_picture_in_the_readme_is_the_one_the_library_draws():
    from tools.readme import PATH, readme_figure

    assert PATH.read_text(encoding="utf-8") == readme_figure(), "run `python -m tools readme`"
