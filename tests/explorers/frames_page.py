"""Helpers of the tests of the frames figure: two conditions with every kind of panel."""

import numpy as np

from collapse_lib.explorers import (
    Bars,
    Curve,
    Density,
    Frames,
    FramesExplorer,
    Images,
    Points,
    Text,
)
from collapse_lib.plotting import Axis, palette

HOSTILE = "<img src=x onerror=\"window.stolen = 'x'\">"
TEXTS = {"title": "A title", "caption": "A caption.", "alt": "The digits lose their edge."}
GENERATIONS = {"replace": [0, 1, 2, 5, 10], "keep": [0, 1, 2]}
SPREAD = Axis("spread", lower=0)


def every_panel(generations, *, seed=1, name="cat"):
    """Frames with one panel of each kind and three curves, made of random numbers."""
    rng = np.random.default_rng(seed)
    count = len(generations)
    middle = rng.random(count)
    panels = [
        Images(
            "digits",
            rng.random((count, 12, 6, 5)),
            tags=[[f"{name} {t}, {k}" for k in range(12)] for t in generations],
        ),
        Density("density", rng.random((count, 9, 8)), x=(-2, 2), y=(-2, 3)),
        Points("rows", rng.normal(size=(count, 30, 2)), groups=15 * ["real"] + 15 * [name]),
        Bars("shares", rng.random((count, 3)), [name, "dog", "hen"]),
        Bars("ranks", rng.random((count, 40)), [f"{name} {k}" for k in range(40)]),
        Text("said", [[(name, False), (f"word {t}", True)] for t in generations]),
    ]
    curves = [
        Curve("variance", middle, middle - 0.1, middle + 0.1, axis=SPREAD),
        Curve("law", 0.9 ** np.array(generations), axis=SPREAD, role=palette.THEORY, source="Us"),
        Curve("entropy", np.where(np.arange(count) == 1, np.nan, rng.random(count))),
    ]
    return Frames(generations, panels, curves)


def conditions(**replaced):
    made = {n: every_panel(g, seed=len(n)) for n, g in GENERATIONS.items()}
    return made | replaced


def explorer(name="digits", **given):
    return FramesExplorer(name, **({"conditions": conditions()} | TEXTS | given))
