"""Exercises check themselves, and every hidden solution is right."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from collapse_lib.chapters import check_answer
from collapse_lib.chapters.exercises import all_exercises

CHAPTERS = Path(__file__).parents[2] / "chapters"
SOLUTION = re.compile(r"`{4}\{solution\} (?P<id>[\w-]+)\n.*?```python\n(?P<code>.*?)```", re.DOTALL)


def chapters():
    for path in sorted(CHAPTERS.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
        code = ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
        yield path.stem, text, code


def solutions():
    for name, text, code in chapters():
        for match in SOLUTION.finditer(text):
            yield pytest.param(code[0], match["code"], match["id"], id=f"{name}:{match['id']}")


@pytest.mark.parametrize(("imports", "code", "id"), list(solutions()))
def test_a_solution_passes_its_own_check(imports, code, id, capsys):
    scope = {}
    exec(imports, scope)
    exec(code, scope)
    check_answer(id, scope["answer"])
    assert capsys.readouterr().out == "Right.\n"


def test_every_exercise_is_asked_checked_and_solved():
    asked, checked, solved = set(), set(), set()
    for _, text, code in chapters():
        asked |= set(re.findall(r"\{exercise\}\n:label: ([\w-]+)", text))
        checked |= set(re.findall(r'check_answer\("([\w-]+)"', "\n".join(code)))
        solved |= {match["id"] for match in SOLUTION.finditer(text)}
    assert asked == checked == solved == set(all_exercises()) and asked


@pytest.mark.parametrize("id", sorted(all_exercises()))
def test_a_wrong_answer_gets_a_hint_and_no_answer_is_no_fault(id, capsys):
    asked = all_exercises()[id]
    check_answer(id, asked.value() + 2 * asked.tolerance + 1e-6)
    check_answer(id, ...)
    check_answer(id, "a third")
    check_answer(id, np.float64(asked.value()))
    assert capsys.readouterr().out.splitlines() == [
        f"Not yet. {asked.hint}",
        "No answer yet: put a number in place of the dots.",
        "An answer is one number; got 'a third'.",
        "Right.",
    ]


def test_an_exercise_that_does_not_exist_is_told():
    with pytest.raises(KeyError, match=r"No exercise is called 'x'; there are \["):
        check_answer("x", 1.0)
