"""The neighbours of model collapse, placed by two questions."""

from typing import NamedTuple

import numpy as np

from collapse_lib.plotting import BookFigure, palette
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas
from collapse_lib.plotting.drawing.svg import drawing

__all__ = ["NEIGHBOURS", "Neighbour", "neighbours"]

SELF = "model collapse"
LEFT, APART = 96, 12
ACROSS = {False: "one training run is enough", True: "it takes generations"}
DOWN = {False: "nobody wants it", True: "somebody chooses"}


class Neighbour(NamedTuple):
    """generations: whether it needs more than one. wanted: whether somebody chooses it."""

    name: str
    generations: bool
    wanted: bool


NEIGHBOURS = (
    Neighbour("mode collapse", False, False),
    Neighbour("forgetting", False, False),
    Neighbour("memorising", False, False),
    Neighbour("omitting and inventing", False, False),
    Neighbour("poisoning", False, True),
    Neighbour("narrowing by selection", False, True),
    Neighbour(SELF, True, False),
    Neighbour("a moving world", True, False),
    Neighbour("genetic drift", True, False),
    Neighbour("iterated learning", True, False),
    Neighbour("photocopies", True, False),
    Neighbour("knowledge collapse", True, False),
    Neighbour("recommenders", True, True),
    Neighbour("amplified bias", True, True),
    Neighbour("reward loops", True, True),
)


def neighbours(*, title, caption="") -> BookFigure:
    """The names in four fields: across, how many generations it takes; down, who wants it."""
    fields = {
        (wanted, generations): [
            each.name for each in NEIGHBOURS if each[1:] == (generations, wanted)
        ]
        for wanted in DOWN
        for generations in ACROSS
    }
    longest = [max(len(fields[wanted, generations]) for generations in ACROSS) for wanted in DOWN]
    wide = (canvas.WIDTH - LEFT - APART) / 2
    with drawing():
        page = Canvas(canvas.LINE + sum((n + 1) * canvas.LINE + APART for n in longest))
        for generations, head in ACROSS.items():
            page.write(_left(generations, wide) + 8, canvas.LINE / 2, head, bold=True)
        top = canvas.LINE + 4.0
        for wanted, head in DOWN.items():
            tall = (longest[wanted] + 1) * canvas.LINE
            for number, line in enumerate(canvas.wrapped(head, LEFT - 8)):
                page.write(0, top + (number + 1) * canvas.LINE, line, bold=True)
            for generations in ACROSS:
                left = _left(generations, wide)
                field = page.axes(left, top, wide, tall)
                field.set(xticks=[], yticks=[], facecolor=(*_rgb(wanted), 0.14))
                for number, name in enumerate(fields[wanted, generations]):
                    y = top + (number + 1) * canvas.LINE
                    page.write(left + 8, y, name, bold=name == SELF)
            top += tall + APART
    table = {
        "neighbour": np.array([each.name for each in NEIGHBOURS]),
        "what it takes": np.array([ACROSS[each.generations] for each in NEIGHBOURS]),
        "who wants it": np.array([DOWN[each.wanted] for each in NEIGHBOURS]),
    }
    alt = " ".join(
        f"{ACROSS[generations].capitalize()} and {DOWN[wanted]}: {', '.join(names)}."
        for (wanted, generations), names in fields.items()
    )
    return BookFigure("neighbours", title, caption, alt, table, page.figure)


def _left(generations: bool, wide: float) -> float:
    return LEFT + generations * (wide + APART)


def _rgb(wanted: bool):
    from matplotlib.colors import to_rgb

    return to_rgb((palette.SYNTHETIC if wanted else palette.REAL).drawn)
