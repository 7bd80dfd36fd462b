"""Citations: links in the chapters, which JupyterLab shows; citations in the book."""

import json

import pytest
from book_citations import as_roles, read
from hypothesis import given
from hypothesis import strategies as st

from collapse_lib.chapters.citations import as_links, labels
from tools.environment import ROOT
from tools.notebooks import write_citations

CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
WORKS = {"a1": ("Ewens", "2004"), "b2": ("Dey and Donoho", "2024"), "c-3": ("Xu et al.", "2025")}
KEYS = st.lists(st.sampled_from(sorted(WORKS)), min_size=1, max_size=3)
LINKS = {
    "{cite}`a1`": "[(Ewens, 2004)](references.md#a1)",
    "{cite:t}`b2`": "[Dey and Donoho (2024)](references.md#b2)",
    "{cite}`a1,c-3`": "[(Ewens, 2004)](references.md#a1) [(Xu et al., 2025)](references.md#c-3)",
    "{cite:t}`a1`, {cite:t}`b2`": "[Ewens (2004)](references.md#a1), [Dey and Donoho (2024)]"
    "(references.md#b2)",
}


def works():
    return labels(ROOT / "references.bib")


@pytest.mark.parametrize("role, link", LINKS.items())
def test_a_role_is_a_link_and_a_link_the_role(role, link):
    assert as_links(role, WORKS) == link
    assert as_roles(link) == role
    assert as_links(link, WORKS) == link


@given(st.lists(st.tuples(KEYS, st.booleans()), max_size=4))
def test_roles_come_back_from_links(cited):
    text = " and ".join(
        f"{{cite}}`{','.join(keys)}`" if many else f"{{cite:t}}`{keys[0]}`" for keys, many in cited
    )
    assert as_roles(as_links(text, WORKS)) == text


def test_other_links_and_roles_are_left_alone():
    text = "See [one (2024)](other.md#a1), [this](references.md#a1), {ref}`a1` and (Ewens, 2004)."
    assert as_links(text, WORKS) == text
    assert as_roles(text) == text


def test_a_label_that_is_wrong_is_made_anew_and_a_key_that_is_unknown_refused():
    assert as_links("[(Evans, 1999)](references.md#a1)", WORKS) == LINKS["{cite}`a1`"]
    with pytest.raises(ValueError) as caught:
        as_links("{cite}`z9`", WORKS)
    assert str(caught.value) == "references.bib has no work 'z9'; it has 3 others."


def test_labels_name_the_authors_as_the_book_does():
    found = works()
    assert found["wright1931evolution"] == ("Wright", "1931")
    assert found["kimura1969average"] == ("Kimura and Ohta", "1969")
    assert found["kynkaanniemi2019precision"] == ("Kynkäänniemi et al.", "2019")
    assert found["chakraborty2023possibilities"] == ("Chakraborty et al.", "2023")
    assert found["pew2024disappears"] == ("Pew Research Center", "2024")
    assert found["jolt2025uncontaminated"] == ("JOLT Digest", "2025")
    assert not any(set(author) & set("{}\\~") for author, _ in found.values())


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_cites_by_links_alone(path):
    """`python -m tools citations` puts them in."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            assert "{cite" not in source
            assert as_links(source, works()) == source


def test_the_command_writes_them_once(tmp_path, capsys):
    cell = {
        "id": "a",
        "cell_type": "markdown",
        "metadata": {},
        "source": ["By {cite:t}`wright1931evolution`."],
    }
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = tmp_path / "one.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    assert write_citations(tmp_path) == 0
    assert "[Wright (1931)](references.md#wright1931evolution)." in path.read_text("utf-8")
    assert write_citations(tmp_path) == 0
    assert capsys.readouterr().out == "one.ipynb: written\n"


def test_the_build_reads_links_as_citations():
    content = [json.dumps({"source": ["So [(Ewens, 2004)](references.md#a1).\n"]})]
    read(None, "chapters/one", content)
    assert json.loads(content[0])["source"] == ["So {cite}`a1`.\n"]
