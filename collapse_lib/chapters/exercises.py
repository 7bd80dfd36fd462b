"""check_answer: compare a reader's number with one that is computed on the spot."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from collapse_lib.arguments import got
from collapse_lib.discovery import public

__all__ = ["Exercise", "all_exercises", "check_answer", "exercise"]


@dataclass(frozen=True)
class Exercise:
    """One question with a number for an answer.

    id: the name that a chapter calls it by. value: computes the answer. tolerance: how far a right
    answer may lie from it. hint: one sentence, shown for a wrong answer.
    """

    id: str
    value: Callable[[], float]
    tolerance: float
    hint: str


def exercise(tolerance: float, hint: str) -> Callable[[Callable[[], float]], Exercise]:
    """Turn a function into an Exercise whose id is its name with dashes."""

    def bind(function: Callable[[], float]) -> Exercise:
        return Exercise(function.__name__.replace("_", "-"), function, tolerance, hint)

    return bind


def all_exercises() -> dict[str, Exercise]:
    """id -> Exercise, from every chapter."""
    found = public(
        "collapse_lib.chapters",
        lambda each: isinstance(each, Exercise),
        below=True,
        named="exercises",
    )
    return {each.id: each for each in found.values()}


def check_answer(id: str, answer) -> None:
    """Print whether a number answers an exercise; `...` counts as no answer yet.

    Raises KeyError for an exercise that does not exist.
    """
    known = all_exercises()
    if id not in known:
        raise KeyError(f"No exercise is called {id!r}; there are {sorted(known)}.")
    asked = known[id]
    if answer is ...:
        print("No answer yet: put a number in place of the dots.")
    elif (number := _number(answer)) is None:
        print(f"An answer is one number; {got(answer)}.")
    elif abs(number - asked.value()) <= asked.tolerance:
        print("Right.")
    else:
        print(f"Not yet. {asked.hint}")


def _number(answer) -> float | None:
    """The answer as a finite float, or None."""
    try:
        number = float(answer) if not isinstance(answer, str) else math.nan
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
