"""The report as one page: the book's own figure and table, no script, no outside request."""

from importlib.resources import files

import numpy as np
import pandas as pd

from collapse_lib.checkup import sentences
from collapse_lib.plotting import Axis, Bars, bars, palette, table
from collapse_lib.plotting.style import tight
from collapse_lib.sources.optional import need

__all__ = ["figure", "page"]

DRAWN = 24  # measures in the figure
LARGEST = 2.0  # of what is kept, where the axis ends
TITLES = {
    "kept": "Nothing is lost beyond chance",
    "lost": "Something is lost",
    "cannot tell": "It cannot be told",
}


def figure(report):
    """A BookFigure of what is kept, the lost measures first, then the sharpest; None of none."""
    sharp = [f for f in report.findings if not f.lost and f.smallest_visible_loss is not None]
    found = report.lost + sorted(sharp, key=lambda f: f.smallest_visible_loss)
    found = found[:DRAWN]
    if not found:
        return None

    def column(name):
        return np.clip(np.array([getattr(f, name) for f in found], dtype=float), 0, LARGEST)

    chance = Bars(
        "real rows against real rows, middle 95 %",
        np.clip(1.0, column("null_low"), column("null_high")),
        column("null_low"),
        column("null_high"),
        role=palette.REAL,
    )
    kept = Bars(
        "synthetic rows, 95 % interval",
        np.clip(column("value"), column("low"), column("high")),
        column("low"),
        column("high"),
        role=palette.SYNTHETIC,
    )
    n_lost = len(report.lost)
    return bars(
        sentences.labels_of(report, found),
        [chance, kept],
        value=Axis("kept (1 = as much as the real rows have)"),
        dots=True,
        name="checkup-kept",
        title="What the synthetic rows have kept",
        caption=f"{n_lost} of {len(report.findings)} measures are lost; {len(found)} are drawn, "
        "those that are lost first, then those that could have shown the smallest loss.",
    )


def page(report) -> str:
    """The whole report as HTML."""
    jinja2 = need("jinja2", "Report.to_html")
    source = files("collapse_lib.checkup").joinpath("page.html.jinja").read_text("utf-8")
    engine = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    drawn = figure(report)
    told = report.to_dict()
    return engine.from_string(source).render(
        title=TITLES[report.verdict],
        verdict=report.verdict.replace(" ", "-"),
        style=tight(_colours()),
        first=sentences.first_sentence(report),
        cause=sentences.cause_sentence(report),
        figure=drawn.html() if drawn else "",
        table=_table(report).html() if report.findings else "",
        notes=sentences.notes(report),
        told=told,
    )


def _table(report):
    """All measures, the lost ones first."""
    order = sorted(report.findings, key=lambda f: (not f.lost, f.value if f.lost else 0))
    rows = {
        "kept": [f.value for f in order],
        "95 % interval": [f"{f.low:.3g} to {f.high:.3g}" for f in order],
        "by chance": [f"{f.null_low:.3g} to {f.null_high:.3g}" for f in order],
        "lost": ["lost" if f.lost else "no" for f in order],
        "visible loss": [_percent(f.smallest_visible_loss) for f in order],
        "p": [f.p_value for f in order],
    }
    index = pd.Index(sentences.labels_of(report, order), name="measure")
    return table(pd.DataFrame(rows, index=index), caption="All measures")


def _percent(share) -> str:
    return "none" if share is None else f"{share:.1%}"


def _colours() -> str:
    light, dark = palette.light_values(), palette.dark_values()
    return (
        f":root{{color-scheme:light dark;{light}--paper:#ffffff;--ink:#1f2328}}"
        f"@media(prefers-color-scheme:dark){{:root{{{dark}--paper:#121417;--ink:#e6edf3}}}}"
        f"@media print{{:root{{color-scheme:light;{light}--paper:#ffffff;--ink:#000000}}}}"
    )
