"""The live figure in Chromium: redraws of 200 runs of 200 generations, and the first answer.

Each redraw changes the seed, so that everything is made anew: the runs, the band, the law, the
facts, the drawing. What counts is all that the page's main thread does for it: JavaScript, style,
layout, paint; on the thread's own clock, which stops while other programs have the processor, and
beside it on the clock on the wall.

A figure whose runs take longer than a frame shows the first of them at once and more in each frame
that follows. For those, `redraw` is the frame that answers, and `whole` is all until every run is
there; for the others the two are the same.
"""

import contextlib
import statistics
import tempfile
from pathlib import Path

from bench.chromium import Work, launched
from collapse_lib.explorers import FIGURES, LiveExplorer
from collapse_lib.explorers.host.page import write_page_files
from collapse_lib.plotting import palette
from collapse_lib.policies import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    MixReal,
    Replace,
)

__all__ = ["CASES"]

POLICIES = {
    "replace": Replace(),
    "accumulate": Accumulate(),
    "subsample": AccumulateSubsample(),
    "mix": MixReal(0.1),
    "fresh": FreshReal(0.1),
    "anchored": Anchored(),
}
FAMILIES = {
    "urn": {"counts": {"red": 40, "green": 30, "yellow": 20, "blue": 10}},
    "gaussian": {"family": "gaussian"},
}
BATCH = 5
PAGE = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Timing</title>'
    '<link rel="icon" href="data:,"><style>{css}</style>{tags}<body>{body}'
)
REDRAW = """async ([first, count, whole]) => {
    const el = document.querySelector('.cl-live');
    for (let i = 0; i < count; i++) {
        el.clModel.set('state', {...el.clModel.get('state'), seed: first + i});
        if (whole) el.clExplorer.data();
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    }
}"""
FIRST = """async () => {
    const el = document.querySelector('.cl-live');
    const range = el.querySelector('input[type=range][data-cl-key=n_samples]');
    range.value = Number(range.value) + 1;
    range.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const load = performance.getEntriesByType('navigation')[0].loadEventEnd;
    return performance.now() - load;
}"""
LIVE = "document.querySelector('.cl-live')?.clExplorer"


@contextlib.contextmanager
def _shown(browser, **settings):
    """Yield a page with one figure, as soon as it can be used."""
    figure = LiveExplorer(
        "timed", title="Timed", caption="Timed.", alt="The figure that is timed.", **settings
    )
    with launched(browser) as found, tempfile.TemporaryDirectory() as folder:
        tags = write_page_files(folder, FIGURES)
        text = PAGE.format(css=palette.css(), tags=tags, body=figure.html())
        Path(folder, "page.html").write_text(text, encoding="utf-8")
        page = found.new_page(viewport={"width": 1280, "height": 900})
        page.goto(Path(folder, "page.html").as_uri())
        page.wait_for_function(LIVE)
        yield page
        page.close()


def _clock(page, domain: str):
    """A function that gives the milliseconds of the main thread's tasks so far."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": domain})

    def read() -> float:
        found = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
        return 1000 * found["TaskDuration"]

    return read


def _redraw(family: str, policy: str, *, whole: bool = False, aim: float = 16):
    def redraw(redraws=100, n_replicates=200, n_generations=200, browser=None):
        sizes = {"n_replicates": n_replicates, "n_generations": n_generations}
        with _shown(browser, policy=POLICIES[policy], **FAMILIES[family], **sizes) as page:
            clocks = [_clock(page, domain) for domain in ("threadTicks", "timeTicks")]
            page.evaluate(REDRAW, [1000, BATCH, whole])  # warm up
            batches = []
            for first in range(0, redraws, BATCH):
                before = [read() for read in clocks]
                page.evaluate(REDRAW, [2000 + first, BATCH, whole])
                batches.append(
                    [(read() - b) / BATCH for read, b in zip(clocks, before, strict=True)]
                )
        return Work(*(statistics.median(times) for times in zip(*batches, strict=True))), aim

    redraw.__name__ = f"{'whole' if whole else 'redraw'}_{family}_{policy}"
    part = "until every run is there" if whole else "the frame that answers"
    redraw.__doc__ = f"""A redraw of the {family} under {policy}, {part}, script and drawing,
        milliseconds: the median of {BATCH} redraws at a time. Aim: under {aim:g}."""
    return redraw


def first_interaction(n_replicates=200, n_generations=200, browser=None):
    """From the end of a page's load until its figure has answered a slider, milliseconds, the first
    time that this browser sees it. Aim: under 500."""
    sizes = {"n_replicates": n_replicates, "n_generations": n_generations}
    with _shown(browser, **FAMILIES["urn"], **sizes) as page:
        return page.evaluate(FIRST), 500


CASES = [
    *(_redraw(family, policy) for family in FAMILIES for policy in POLICIES),
    _redraw("urn", "subsample", whole=True, aim=32),
    _redraw("gaussian", "subsample", whole=True, aim=250),
    first_interaction,
]
