"""What the chapters store, and that nbval compares every number in it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, reads_json

from tools.environment import ROOT, environment
from tools.notebooks import normalise, refresh

SOURCES = [
    "print('mean', 1.25)",
    "{'rows': 100, 'variance': 0.5}",
    "import sys; print('careful: 7', file=sys.stderr)",
    (
        "class Figure:\n"
        "    def __repr__(self):\n"
        "        return 'Figure with 3 curves'\n"
        "    def _repr_html_(self):\n"
        "        return f'<svg id=\"{id(self)}\"></svg>'\n"
        "Figure()"
    ),
    "import numpy as np\nnp.random.default_rng(1).normal(size=2).round(3)",
]


@pytest.fixture
def chapters(tmp_path, monkeypatch):
    """A folder with the chapters' own conftest.py and one notebook, executed and stored."""
    folder = tmp_path / "chapters"
    folder.mkdir()
    shutil.copy(ROOT / "chapters" / "conftest.py", folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    cells = [new_markdown_cell("# Title"), *map(new_code_cell, SOURCES)]
    path = folder / "one.ipynb"
    path.write_text(nbformat.writes(new_notebook(cells=cells)), encoding="utf-8")
    with monkeypatch.context() as patch:
        for name, value in environment().items():
            patch.setenv(name, value)
        assert refresh([], folder) == 0
    return folder


def nbval(folder: Path) -> subprocess.CompletedProcess:
    options = ["--nbval", "--nbval-current-env", "--nbval-cell-timeout=30", "-q", "--color=no"]
    command = [sys.executable, "-m", "pytest", str(folder), *options, "-p", "no:cacheprovider"]
    return subprocess.run(
        command, cwd=folder.parent, env=environment(), capture_output=True, text=True
    )


def test_stored_chapters_pass_and_a_changed_number_fails(chapters):
    path = chapters / "one.ipynb"
    stored = path.read_text(encoding="utf-8")
    assert "svg" not in "".join(
        json.dumps(cell["outputs"])
        for cell in json.loads(stored)["cells"]
        if cell["cell_type"] == "code"
    )
    sound = nbval(chapters)
    assert sound.returncode == 0, sound.stdout
    assert f"{len(SOURCES)} passed" in sound.stdout

    edits = {
        "mean 1.25": "mean 1.26",
        "'variance': 0.5}": "'variance': 0.4}",
        "careful: 7": "careful: 8",
        "Figure with 3 curves": "Figure with 4 curves",
        "0.346": "0.347",
    }
    document = json.loads(stored)
    for cell in document["cells"]:
        text = json.dumps(cell.get("outputs", []))
        for right, wrong in edits.items():
            text = text.replace(right, wrong)
        if "outputs" in cell:
            assert text != json.dumps(cell["outputs"])
            cell["outputs"] = json.loads(text)
    path.write_text(json.dumps(document), encoding="utf-8")
    broken = nbval(chapters)
    assert broken.returncode == 1, broken.stdout
    assert f"{len(SOURCES)} failed" in broken.stdout


def test_storing_twice_writes_nothing_new(chapters, monkeypatch):
    path = chapters / "one.ipynb"
    before, written = path.read_bytes(), path.stat().st_mtime_ns
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    assert refresh(["one"], chapters) == 0
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == written
    assert refresh(["missing"], chapters) == 1

    with path.open("a") as file:
        file.write(" ")
    path.chmod(0o640)
    assert refresh(["one"], chapters) == 0
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o640


def test_code_that_the_page_folds_is_folded_in_jupyterlab():
    cell = new_code_cell("1", metadata={"tags": ["hide-input"], "jupyter": {"x": 1}})
    (kept,) = normalise(new_notebook(cells=[cell])).cells
    assert kept.metadata == {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}


def test_normalise_keeps_text_and_tags_alone():
    rich = {"text/plain": "Figure()", "text/html": "<svg/>", "image/png": "AAAA"}
    outputs = [
        new_output("stream", name="stdout", text="a"),
        new_output("stream", name="stdout", text="b"),
        new_output("display_data", data=rich, metadata={"width": 3}),
        new_output("display_data", data={"text/html": "<p/>"}),
        new_output("error", ename="ValueError", evalue="x", traceback=["/a/path"]),
    ]
    metadata = {
        "tags": ["remove-stderr"],
        "execution": {"iopub.status.busy": "now"},
        "scrolled": True,
    }
    cell = new_code_cell("1", outputs=outputs, metadata=metadata, execution_count=1)
    notebook = new_notebook(cells=[cell], metadata={"widgets": {"state": {}}, "version": "3.11.7"})
    (kept,) = normalise(notebook).cells
    assert [output.output_type for output in kept.outputs] == ["stream", "display_data", "error"]
    assert kept.outputs[0].text == "ab"
    assert kept.outputs[1].data == {"text/plain": "Figure()"}
    assert kept.outputs[1].metadata == {}
    assert kept.outputs[2].traceback == []
    assert kept.metadata == {"tags": ["remove-stderr"]}
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert "version" not in notebook.metadata.language_info


def test_cells_without_an_id_get_a_lasting_one():
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [code | {"source": "1"}, code | {"source": "1"}, code | {"source": "2", "id": "mine"}]
    document = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    ids = [cell.id for cell in normalise(reads_json(document)).cells]
    assert ids == [cell.id for cell in normalise(reads_json(document)).cells]
    assert len(set(ids)) == 3
    assert ids[2] == "mine"


def test_chapters_run_on_this_python_whatever_kernels_the_user_has(tmp_path, monkeypatch):
    """A user's own `python3` kernel, which would do something else, is passed over."""
    for folder in ("data", "path"):
        kernel = tmp_path / folder / "kernels" / "python3"
        kernel.mkdir(parents=True)
        command = [str(tmp_path / "another-python"), "-m", "nothing", "{connection_file}"]
        spec = {"argv": command, "display_name": "Another", "language": "python"}
        (kernel / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "path"))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    path = tmp_path / "one.ipynb"
    cells = [new_code_cell("import sys; print(sys.executable)")]
    path.write_text(nbformat.writes(new_notebook(cells=cells)), encoding="utf-8")
    code = (
        "from pathlib import Path; from tools.notebooks import execute;"
        f"print(execute(Path({str(path)!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (cell,) = json.loads(done.stdout)["cells"]
    assert "".join(cell["outputs"][0]["text"]).strip() == sys.executable
