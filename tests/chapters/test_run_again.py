"""Cells can be varied: what a figure says, and the law beside it, take sizes from the run.

That every chapter runs again in one kernel with another seed and other sizes is shown in
tests/explorers/test_jupyterlab.py.
"""

import ast
import re

import pytest
from cells import CHAPTERS, Varied, code_cells, run

NAMES = sorted(path.stem for path in CHAPTERS.glob("*.ipynb"))
WORDS = {"ten": 10, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
         "a hundred": 100, "a thousand": 1000}  # fmt: skip
COUNT = r"(\d[\d,]*\d|(?:a )?hundred|a thousand|ten|twenty|thirty|forty|fifty)"
SAID = {
    "n_replicates": re.compile(rf"\b{COUNT} (?:single )?(?:runs|loops|urns)\b", re.IGNORECASE),
    "n_samples": re.compile(
        rf"\b{COUNT} (?:rows|objects|birds|images|squares|texts|samples)\b", re.IGNORECASE
    ),
}
LAW_OF_ITS_OWN = {  # no run stands beside it
    "recursion": {"code-79", "code-80"}, "provenance": {"code-36", "code-36b"},
    "mitigation": {"code-41"}, "autophagy": {"code-34"}, "shumailov": {"code-15"},
}  # fmt: skip


def number(text: str) -> int:
    return WORDS.get(text.lower()) or int(text.replace(",", ""))


def sizes(sources, name: str) -> set[int]:
    """Every number that is written as this size in a chapter."""
    found = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            pairs = [(node.arg, node.value)] if isinstance(node, ast.keyword) else []
            if isinstance(node, ast.Dict):
                keys = [getattr(key, "value", None) for key in node.keys]
                pairs += zip(keys, node.values, strict=True)
            found |= {v.value for k, v in pairs if k == name and isinstance(v, ast.Constant)}
    return found


def said_by_hand(source: str, name: str, known: set[int]) -> list[str]:
    """Sizes that a title, a caption or an alternative text states as a number of its own."""
    words = [
        part.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.keyword) and node.arg in ("title", "caption", "alt")
        for part in ast.walk(node.value)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]
    found = [match for text in words for match in SAID[name].finditer(text)]
    return [match[0] for match in found if number(match[1]) in known]


def laws_by_hand(source: str, known: set[int]) -> list[str]:
    """Laws that are given the size of a run as a number of its own."""
    return [
        ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("theory.")
        for argument in node.args
        if isinstance(argument, ast.Constant) and argument.value in known
    ]


@pytest.mark.parametrize("name", NAMES)
def test_what_a_figure_says_of_its_size_comes_from_the_run(name):
    cells = code_cells(name)
    faults = []
    for kind in SAID:
        known = sizes(cells.values(), kind)
        for cell, source in cells.items():
            if cell not in LAW_OF_ITS_OWN.get(name, ()) and "load(" not in source:
                faults += [f"{cell}: {each}" for each in said_by_hand(source, kind, known)]
    assert faults == []


@pytest.mark.parametrize("name", NAMES)
def test_a_law_beside_a_run_is_one_of_its_size(name):
    cells = code_cells(name)
    known = {size for size in sizes(cells.values(), "n_samples") if type(size) is int}
    faults = [
        f"{cell}: {law}"
        for cell, source in cells.items()
        if cell not in LAW_OF_ITS_OWN.get(name, ())
        for law in laws_by_hand(source, known)
    ]
    assert faults == []


def test_the_checks_find_what_they_look_for():
    """The negative controls."""
    source = "runs = sweep(n_samples=100, n_replicates=2000)"
    caption = 'curves(runs, caption="Mean of 2,000 runs.", alt=f"A hundred objects, {n} rows.")'
    assert sizes([source], "n_replicates") == {2000}
    assert said_by_hand(caption, "n_replicates", {2000}) == ["2,000 runs"]
    assert said_by_hand(caption, "n_samples", {100}) == ["A hundred objects"]
    assert said_by_hand(caption, "n_samples", {50}) == []
    assert laws_by_hand("theory.inbreeding(t, 100)", {100}) == ["theory.inbreeding(t, 100)"]
    assert laws_by_hand("theory.inbreeding(t, n)", {100}) == []


def test_cells_are_varied_and_a_cell_that_fails_is_named():
    change = Varied(7, n_samples=0.5, n_replicates=0.1)
    cells = {
        "one": "SEED, T = 20, 3\nrun = dict(n_samples=100, n_generations=8, seed=SEED)",
        "two": "MANY = {'n_replicates': 2000}\nrun, MANY, T",
    }
    names = {}
    run(cells, names, change)
    assert names["run"] == {"n_samples": 50, "n_generations": 8, "seed": 7}
    assert (names["MANY"], names["T"]) == ({"n_replicates": 200}, 3)
    with pytest.raises(ZeroDivisionError) as caught:
        run({"three": "1 / 0"}, names)
    assert caught.value.__notes__ == ["in cell three"]
