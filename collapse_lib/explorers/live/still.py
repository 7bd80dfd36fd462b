"""The still figure of a live explorer: what stands where no script runs, and in print."""

import numpy as np

from collapse_lib.explorers.live.measures import ensemble, law
from collapse_lib.loop.bands import band
from collapse_lib.plotting import Axis, Series, Theory, curves, palette
from collapse_lib.plotting.drawing.text import clean, cut

__all__ = ["still_figure"]

PERCENT = ("share", "gone")


def still_figure(state: dict, *, name: str, title: str, caption: str, alt: str):
    """Draw the first state of a live figure as a BookFigure, by the exact engine and theory."""
    factor = 100 if state["measure"] in PERCENT else 1
    values = factor * ensemble(state)  # (runs, generations)
    t = np.arange(1, state["n_generations"] + 1)
    known = law(state)
    if state["measure"] == "gone":  # of one run it is 0 or 1
        shown, what = (values.mean(axis=0),), "Mean"
    else:
        shown, what = band(values), "Median and central 80 %"
    series = Series(
        f"{len(values):,} runs",
        t,
        *shown,
        runs=values[: state["runs"]] if state["runs"] else None,
        role=palette.SYNTHETIC,
    )
    dashed = []
    if known is not None:
        dashed = [Theory("mean in law", t, factor * known.values, known.source)]
    note = f"{what} of {len(values):,} runs; " + (
        "dashed: the mean in law." if dashed else "no closed form is known."
    )
    return curves(
        [series],
        theory=dashed,
        name=name,
        title=title,
        caption=f"{caption} {note}".strip(),
        alt=alt,
        x=Axis("generation"),
        y=_axis(state, np.concatenate([*shown, *(mark.values for mark in dashed)])),
    )


def _axis(state: dict, drawn: np.ndarray) -> Axis:
    """The axis of the measure; a variance over more than two decades is drawn on a log axis, as
    view/scales.mjs does."""
    positive = drawn[drawn > 0]
    wide = positive.size and positive.max() > 100 * positive.min()
    colour = cut(clean(state["names"][state["colour"]]), 28) or "the colour"
    return {
        "share": Axis(f"share of {colour} (%)", lower=0),
        "gone": Axis(f"runs without {colour} (%)", lower=0, upper=100),
        "diversity": Axis("chance that two objects differ", lower=0),
        "variance": Axis("fitted variance", log=True) if wide else Axis("fitted variance", lower=0),
        "mean": Axis("fitted mean"),
        "risk": Axis("squared distance to the truth", lower=0),
    }[state["measure"]]
