"""The prose of notebooks: whole sentences, and nothing else."""

import json
import re
from pathlib import Path

import pytest

from collapse_lib.sources import notebook_prose

CHAPTERS = Path(__file__).parents[2] / "chapters"

MARKDOWN = [
    "# A heading with words",
    "One *plain* sentence with `code` and a [link](https://example.org). A second\none, broken.",
    "The variance falls as $1/n$ here. This one has no formula! {cite:t}`someone2024` said so.",
    "- an item that is a sentence.\n- an item that is none",
    "| a | table |\n|---|---|\n| is | no prose. |",
    "```python\nno_prose = 1.\n```",
    "```{exercise}\n:label: x\nLeft out too.\n```",
    ":::{note}\nAnd this.\n:::",
    "A number 12<!--claim x--> stays. <!-- no prose. -->",
]


def notebook(tmp_path, cells, name="one.ipynb"):
    path = tmp_path / name
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}))
    return path


def test_whole_sentences_are_kept(tmp_path):
    cells = [{"cell_type": "markdown", "source": [text]} for text in MARKDOWN]
    cells.append({"cell_type": "code", "source": ["print('No prose.')"]})
    assert notebook_prose([notebook(tmp_path, cells)]).splitlines() == [
        "One plain sentence with code and a link. A second one, broken.",
        "This one has no formula!",
        "an item that is a sentence.",
        "A number 12 stays.",
    ]


def test_the_order_is_that_of_the_paths(tmp_path):
    paths = [
        notebook(tmp_path, [{"cell_type": "markdown", "source": [f"{name} first."]}], name)
        for name in ("b.ipynb", "a.ipynb")
    ]
    assert notebook_prose(paths) == "b.ipynb first.\na.ipynb first."


def test_the_book_is_prose():
    text = notebook_prose(sorted(CHAPTERS.glob("*.ipynb")))
    assert len(text.split()) > 5000
    assert not re.search(r"<!--|```|\$|\{cite|\]\(|^#|^\|", text, re.MULTILINE)


@pytest.mark.parametrize(
    "content",
    ["not JSON", "[1]", '{"cells": [1]}', '{"nbformat": 4}', "[" * 10**5, '{"cells":' * 10**5],
)
def test_a_file_that_is_no_notebook(tmp_path, content):
    path = tmp_path / "odd.ipynb"
    path.write_text(content)
    with pytest.raises(ValueError) as raised:
        notebook_prose([path])
    assert str(raised.value) == (
        "notebook_prose: odd.ipynb is not a Jupyter notebook; give .ipynb files."
    )


@pytest.mark.parametrize("mark", ["*a ", "_a ", "[a](", "> *a "])
def test_a_paragraph_of_marks_alone_is_refused(tmp_path, mark):
    """30,000 of them took 2.4 GB: what a parser of Markdown keeps goes by their square."""
    cells = [{"cell_type": "markdown", "source": mark * 30_000}]
    n_marks = 30_000 * sum(map(mark.count, "*_[]"))
    with pytest.raises(ValueError) as raised:
        notebook_prose([notebook(tmp_path, cells)])
    assert str(raised.value) == (
        "notebook_prose: the marks *, _, [ and ] in a paragraph must be at most 5000; "
        f"got {n_marks}."
    )
    cells = [{"cell_type": "markdown", "source": f"A *b* c.\n\n{mark * 10}\n\nThe end."}] * 300
    assert notebook_prose([notebook(tmp_path, cells)]).count("A b c.") == 300


def test_notebooks_without_prose(tmp_path):
    with pytest.raises(ValueError) as raised:
        notebook_prose([notebook(tmp_path, [])])
    assert str(raised.value) == (
        "notebook_prose found no sentence in 1 notebooks; give the paths of notebooks with "
        "Markdown cells."
    )
    with pytest.raises(FileNotFoundError):
        notebook_prose([tmp_path / "missing.ipynb"])
