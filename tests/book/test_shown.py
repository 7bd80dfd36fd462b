"""The chapters show: no columns of print, short cells, and a picture for each finding."""

import ast
import re
from pathlib import Path

import nbformat
import pytest

CHAPTERS = Path(__file__).parents[2] / "chapters"
NAMES = sorted(path.stem for path in CHAPTERS.glob("*.ipynb") if path.stem != "index")
MOST_LINES, MOST_PRINTED, WIDEST = 8, 3, 88
MOST_WORDS, MOST_CODE, FEWEST_EXERCISES = 2500, 110, 4
per_chapter = pytest.mark.parametrize("name", NAMES)


def cells_of(name):
    return nbformat.read(CHAPTERS / f"{name}.ipynb", as_version=4).cells


def printed(cell):
    return "".join(out.text for out in cell.get("outputs", ()) if out.output_type == "stream")


def is_column(text):
    lines = [line for line in text.splitlines() if re.search(r"\S {2,}\S|\s\|\s", line)]
    return len(lines) > 1


def shows(cell):
    plain = [out.data.get("text/plain", "") for out in cell.get("outputs", ()) if "data" in out]
    return any(text.startswith(("Figure ", "Explorer ", "Table: ")) for text in plain)


def is_open(cell):
    """Whether a learner sees the code of a cell at once in JupyterLab."""
    return cell.cell_type == "code" and "hide-input" not in cell.metadata.get("tags", ())


def open_code(name):
    """The open cells, without the imports and the fields of exercises."""
    return [
        cell.source
        for cell in cells_of(name)
        if is_open(cell) and "check_answer(" not in cell.source and not imports(cell.source)
    ]


def imports(source):
    return source.lstrip().startswith(("import ", "from "))


def formats(source):
    """Whether code tells how a number is written: {x:.2f}, or a call of format."""
    found = ast.walk(ast.parse(source))
    return any(
        (isinstance(node, ast.FormattedValue) and node.format_spec is not None)
        or (isinstance(node, ast.Attribute) and node.attr == "format")
        for node in found
    )


def n_lines(source):
    return sum(bool(line.strip()) for line in source.splitlines())


def unseen(cells):
    """The first words of each finding without a figure or a table since the heading above it."""
    shown, found = False, []
    for cell in cells:
        if cell.cell_type == "code":
            shown = shown or shows(cell)
            continue
        for part in re.split(r"(?m)^(?=#{2,3} |\*\*Finding)", cell.source):
            if re.match("#{2,3} ", part):
                shown = False
            elif part.startswith("**Finding") and not shown:
                found.append(part[:80])
    return found


@per_chapter
def test_nothing_is_printed_in_columns(name):
    for cell in cells_of(name):
        if cell.cell_type == "code":
            text = printed(cell)
            assert len(text.splitlines()) <= MOST_PRINTED, text
            assert max(map(len, text.splitlines()), default=0) <= WIDEST, text
            assert not is_column(text), text


@per_chapter
def test_an_open_cell_is_settings_run_draw(name):
    for source in open_code(name):
        assert n_lines(source) <= MOST_LINES, source
        assert not formats(source), source
    assert sum(map(n_lines, open_code(name))) <= MOST_CODE


@per_chapter
def test_each_finding_has_a_picture(name):
    assert not unseen(cells_of(name))


@per_chapter
def test_a_chapter_is_no_longer_than_one_reads(name):
    text = " ".join(cell.source for cell in cells_of(name) if cell.cell_type == "markdown")
    words = re.sub(r"<!--.*?-->|<[^>]+>", "", text, flags=re.S)  # a comment is no word
    words = re.sub(r"\[[^]]*\]\(references\.md#[^)]*\)", "", words)  # nor is a citation
    prose = re.sub(r"```+\{[^`]*```+|\$[^$]*\$", " ", words, flags=re.S)
    assert len(prose.split()) <= MOST_WORDS
    assert text.count("```{exercise}") >= FEWEST_EXERCISES


def test_the_checks_catch_what_they_are_for():
    assert is_column("a     1\nb     2\n") and is_column("x | y\n1 | 2\n")
    assert not is_column("one sentence, which is all\nand another\n")
    for source in ('f"{x:.2f}"', 'f"{name:>10}"', '"{:.1f} %".format(x)'):
        assert formats(source), source
    assert not formats('{"a": 1, "b": f"{x}"}')
    heading, finding = map(nbformat.v4.new_markdown_cell, ("## A", "**Finding.** So."))
    figure = nbformat.v4.new_code_cell(
        outputs=[nbformat.v4.new_output("execute_result", {"text/plain": "Figure a: it falls."})]
    )
    assert unseen([heading, finding]) and not unseen([heading, figure, finding])
    assert unseen([heading, figure, heading, finding])
