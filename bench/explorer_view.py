"""The live figure in Chromium: redraws of 200 runs of 200 generations, and the first answer.

Each redraw changes the seed, so that everything is made anew: the runs, the band, the law, the
facts, the drawing; 30 ms of rest follow, as between the moves of a hand. What counts is all that
the page's main thread does for it: JavaScript, style, layout, paint; on the thread's own clock,
which stops while other programs have the processor, and beside it on the clock on the wall.
"""

import contextlib
import functools
import http.server
import statistics
import tempfile
import threading
from pathlib import Path

from bench.chromium import Work, launched
from collapse_lib.explorers import LiveExplorer
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
    '<link rel="icon" href="data:,"><style>{css}</style><body>{body}'
)
REDRAW = """async ([first, count]) => {
    const el = document.querySelector('.cl-live');
    for (let i = 0; i < count; i++) {
        el.clModel.set('state', {...el.clModel.get('state'), seed: first + i});
        el.clExplorer.data();
        await new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)));
    }
}"""
FIRST = """async () => {
    const el = document.querySelector('.cl-live');
    const range = el.querySelector('input[type=range][data-cl-key=n]');
    range.value = Number(range.value) + 1;
    range.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const load = performance.getEntriesByType('navigation')[0].loadEventEnd;
    return performance.now() - load;
}"""
LIVE = "document.querySelector('.cl-live')?.clExplorer"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextlib.contextmanager
def _shown(browser, **settings):
    """Yield a page with one figure, as soon as it can be used."""
    figure = LiveExplorer(
        "timed", title="Timed", caption="Timed.", alt="The figure that is timed.", **settings
    )
    with launched(browser) as found, tempfile.TemporaryDirectory() as folder:
        text = PAGE.format(css=palette.css(), body=figure.html())
        Path(folder, "page.html").write_text(text, encoding="utf-8")
        handler = functools.partial(_Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page = found.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"http://127.0.0.1:{server.server_port}/page.html")
            page.wait_for_function(LIVE)
            yield page
            page.close()
            server.shutdown()


def _clock(page, domain: str):
    """A function that gives the milliseconds of the main thread's tasks so far."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": domain})

    def read() -> float:
        found = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
        return 1000 * found["TaskDuration"]

    return read


def _redraw(family: str, policy: str):
    def redraw(redraws=100, replicates=200, generations=200, browser=None):
        sizes = {"replicates": replicates, "generations": generations}
        with _shown(browser, policy=POLICIES[policy], **FAMILIES[family], **sizes) as page:
            clocks = [_clock(page, domain) for domain in ("threadTicks", "timeTicks")]
            page.evaluate(REDRAW, [1000, BATCH])  # warm up
            batches = []
            for first in range(0, redraws, BATCH):
                before = [read() for read in clocks]
                page.evaluate(REDRAW, [2000 + first, BATCH])
                batches.append(
                    [(read() - b) / BATCH for read, b in zip(clocks, before, strict=True)]
                )
        return Work(*(statistics.median(times) for times in zip(*batches, strict=True))), 16

    redraw.__name__ = f"redraw_{family}_{policy}"
    redraw.__doc__ = f"""A redraw of the {family} under {policy}, script and drawing, milliseconds:
        the median of {BATCH} redraws at a time. Aim: under 16."""
    return redraw


def first_interaction(replicates=200, generations=200, browser=None):
    """From the end of a page's load until its figure has answered a slider, milliseconds, the first
    time that this browser sees it. Aim: under 500."""
    with _shown(browser, replicates=replicates, generations=generations, **FAMILIES["urn"]) as page:
        return page.evaluate(FIRST), 500


CASES = [
    *(_redraw(family, policy) for family in FAMILIES for policy in POLICIES),
    first_interaction,
]
