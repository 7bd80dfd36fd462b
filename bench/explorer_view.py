"""Time the live figure in a browser: redraws of 200 runs of 200 generations, and the first answer.

    python -m bench.explorer_view

Each redraw changes the seed, so that everything is made anew: the runs, the band, the law, the
facts, the drawing; 30 ms of rest follow, as between the moves of a hand. Script is the time of the
JavaScript; draw is the rest of what the browser's main thread does for a frame: style, layout,
paint (taken over batches of five redraws), with the waiting for a busy processor.
"""

import http.server
import json
import shutil
import statistics
import sys
import tempfile
import threading
from functools import partial
from pathlib import Path

from collapse_lib.explorers import LiveExplorer
from collapse_lib.plotting import palette

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
REDRAWS, BATCHES = 100, 20
PAGE = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Timing</title>'
    '<link rel="icon" href="data:,"><style>{css}</style><body>{body}'
)
REDRAW = """async count => {
    const el = document.querySelector('.cl-live');
    const script = [];
    for (let i = 0; i < count; i++) {
        const began = performance.now();
        el.clModel.set('state', {...el.clModel.get('state'), seed: 100 + i});
        el.clExplorer.data();
        script.push(performance.now() - began);
        await new Promise(done => requestAnimationFrame(() => setTimeout(done, 30)));
    }
    return script;
}"""
FIRST = """async () => {
    const el = document.querySelector('.cl-live');
    const range = el.querySelector('input[type=range][data-cl-key=n]');
    const began = performance.now();
    range.value = Number(range.value) + 1;
    range.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const load = performance.getEntriesByType('navigation')[0].loadEventEnd;
    return { answer: performance.now() - began, sinceLoad: performance.now() - load };
}"""
LIVE = "document.querySelector('.cl-live')?.clExplorer"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


def figure() -> LiveExplorer:
    """The urn that is timed: four colours, 200 runs of 200 generations."""
    return LiveExplorer(
        "timed",
        title="Four colours",
        caption="Timed.",
        alt="The share of a colour.",
        counts={"red": 40, "green": 30, "yellow": 20, "blue": 10},
    )


def busy(session) -> float:
    """Milliseconds that the page's main thread has worked so far."""
    found = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    return 1000 * found["TaskDuration"]


def redraws(page, session) -> tuple[list[float], list[float]]:
    """Script of each redraw, and the main thread's work a redraw in each batch; milliseconds."""
    script, whole, size = [], [], REDRAWS // BATCHES
    for _ in range(BATCHES):
        before = busy(session)
        script += page.evaluate(REDRAW, size)
        whole.append((busy(session) - before) / size)
    return script, whole


def measure(address: str, found: str) -> dict:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/page.html")
        page.wait_for_function(LIVE)
        first = page.evaluate(FIRST)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        page.evaluate(REDRAW, 10)  # warm up
        script, whole = redraws(page, session)
        browser.close()
    return {
        "median script of a redraw, ms": round(statistics.median(script), 2),
        "median script and draw of a redraw, ms": round(statistics.median(whole), 2),
        "first answer, ms": round(first["answer"], 1),
        "first answer after load, ms": round(first["sinceLoad"], 1),
    }


def main() -> int:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        print(f"No browser: none of {', '.join(BROWSERS)} is installed.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        text = PAGE.format(css=palette.css(), body=figure().html())
        Path(folder, "page.html").write_text(text, encoding="utf-8")
        handler = partial(Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            times = measure(f"http://127.0.0.1:{server.server_port}", found)
            server.shutdown()
    print(json.dumps(times, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
