"""An explorer in a notebook: what is stored, what nbval compares, what the built page carries."""

import json
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
import yaml
from book_explorers import WIDGET_STATE, prepare
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from collapse_lib.explorers.host.page import SCRIPT, STYLE
from tools.book import build_book
from tools.environment import ROOT, environment
from tools.notebooks import refresh

CELLS = [
    new_markdown_cell("# Chapter", id="title"),
    new_code_cell(
        "from collapse_lib.explorers import LiveExplorer\n"
        'TEXTS = {"title": "T", "caption": "C.", "alt": "The share falls.", "n_generations": 20}\n'
        'urn = LiveExplorer("urn", counts={"yellow": 90, "blue": 10}, **TEXTS)',
        id="urn",
    ),
    new_code_cell('LiveExplorer("bell", family="gaussian", **TEXTS)', id="bell"),
    new_code_cell("urn.with_python()", id="python"),
]
STORED = {
    "bell": "Explorer bell: The share falls.",
    "python": "Explorer urn: The share falls. With Run in Python.",
}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of one chapter, run and stored as `python -m tools notebooks` does it."""
    root = tmp_path_factory.mktemp("book")
    for name in ("_config.yml", "_ext", "book_assets", "references.bib", "pyproject.toml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, root / name)
    (root / "collapse_lib").symlink_to(ROOT / "collapse_lib")
    (root / "chapters").mkdir()
    (root / "_toc.yml").write_text(
        "format: jb-book\nroot: chapters/one\nchapters:\n  - file: chapters/two\n"
    )
    shutil.copy(ROOT / "chapters" / "conftest.py", root / "chapters")
    (root / "chapters" / "two.md").write_text("# A page without a figure\n")
    path = root / "chapters" / "one.ipynb"
    nbformat.write(new_notebook(cells=CELLS), path)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment().items():
            patch.setenv(name, value)
        assert refresh([], path.parent) == 0
    return root


def test_only_text_is_stored(book):
    notebook = json.loads((book / "chapters" / "one.ipynb").read_text(encoding="utf-8"))
    assert "widgets" not in notebook["metadata"]
    stored = {cell["id"]: cell["outputs"] for cell in notebook["cells"] if "outputs" in cell}
    for name, text in STORED.items():
        (output,) = stored[name]
        assert set(output["data"]) == {"text/plain"}
        assert "".join(output["data"]["text/plain"]) == text
        assert output["metadata"] == {}


def test_nbval_compares_the_text_and_not_the_widget(book):
    command = [sys.executable, "-m", "pytest", "chapters", "--nbval", "--nbval-current-env"]
    command += ["--nbval-cell-timeout=60", "-q", "--color=no", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=book, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_the_built_page_is_live_and_loads_one_script(book, browser, capfd):
    assert build_book(book) == 0
    page_file = book / "_build" / "html" / "chapters" / "one.html"
    text = page_file.read_text(encoding="utf-8")
    for name in (SCRIPT, STYLE):
        assert (book / "_build" / "html" / "_static" / name).stat().st_size > 1000
        assert len(re.findall(rf'="\.\./_static/{re.escape(name)}\?v=\w+"', text)) == 1
    assert "createElement" not in text.partition("<article")[2].partition("</article>")[0]
    assert "collapse-figures" not in page_file.with_name("two.html").read_text(encoding="utf-8")
    assert WIDGET_STATE not in text
    assert text.count('id="fig-urn"') == 1  # in place of the panel, which needs a kernel
    faults = []
    page = browser.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.goto(page_file.as_uri())
    page.wait_for_function("document.querySelectorAll('.cl-live').length === 2")
    page.wait_for_function(
        "[...document.querySelectorAll('.cl-explorer')].every(f => f.dataset.clHost === 'live')"
    )
    page.close()
    assert faults == []


def test_the_state_of_widgets_is_taken_off_a_page_and_nothing_else():
    kept = [SimpleNamespace(filename="a.js", attributes={}), "b.js"]
    state = SimpleNamespace(filename=None, attributes={"type": WIDGET_STATE, "body": "{}"})
    context = {"script_files": [kept[0], state, kept[1]]}
    prepare(None, "page", "page.html", context, None)
    assert context == {"script_files": kept}


def test_the_book_loads_no_widget_manager():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert config["sphinx"]["config"]["nb_ipywidgets_js"] == {}
