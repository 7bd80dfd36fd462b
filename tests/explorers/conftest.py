"""A browser, and pages that carry explorers: over http and from the disk, network refused.

def test_it(browser, shown):
    with shown(browser, explorer.html()) as (page, faults):
        page.click("button")
    assert faults == []
"""

import contextlib
import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import pytest
import traitlets
from book_explorers import once_a_page

from collapse_lib.explorers.host import StaticWidget
from collapse_lib.plotting import Axis, Series, curves, palette

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER_OPTIONS = [
    "--no-sandbox",  # Chromium's own sandbox does not run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Explorers</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="icon" href="data:,"><style>{css}</style></head>'
    "<body><main><h1>Explorers</h1>{body}</main></body></html>"
)
MOUNTED = """() => [...document.querySelectorAll(".cl-explorer")]
  .every((figure) => figure.dataset.clHost)"""


class StandIn(StaticWidget):
    """The smallest figure there can be: standin.mjs draws a button and a number."""

    module = Path(__file__).with_name("standin.mjs")
    state = traitlets.Dict().tag(sync=True)
    data = traitlets.Bytes().tag(sync=True)

    def still(self):
        return curves(
            [Series("still", [1, 2], [0.0, 1.0])],
            name=self.name,
            title="A stand-in",
            caption="What stands without a script.",
            alt=self.alt,
            x=Axis("generation"),
            y=Axis("number"),
        )


@pytest.fixture
def stand_in():
    """stand_in(name, names=..., number=..., **state) -> a StandIn."""

    def make(name="one", data=b"", **state):
        state = {"number": 1, "names": ["yellow", "blue"]} | state
        return StandIn(name, alt="A line that rises.", state=state, data=data)

    return make


@pytest.fixture(scope="session")
def browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        reason = f"No browser: none of {', '.join(BROWSERS)} is installed."
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=BROWSER_OPTIONS)
        yield browser
        browser.close()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A folder, and the address at which this machine serves it to itself."""
    folder = tmp_path_factory.mktemp("explorers")
    handler = functools.partial(QuietHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def shown(served):
    """shown(browser, *html, scheme="http", fragment="", **context): a context manager that yields
    a page with these figures on it and the list of its faults: outside requests, page errors,
    console errors, failed answers. context: options of a browser context, such as
    java_script_enabled=False, color_scheme="dark", reduced_motion="reduce"."""
    folder, address = served

    @contextlib.contextmanager
    def open_page(browser, *html, scheme="http", fragment="", **context):
        text = PAGE.format(css=palette.css(), body=once_a_page("".join(html)))
        (folder / "page.html").write_text(text, encoding="utf-8")
        root = address if scheme == "http" else folder.as_uri()
        faults = []
        opened = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | context)

        def decide(route):
            if route.request.url.startswith((root, "data:", "blob:")):
                route.continue_()
            else:
                faults.append(f"asked for {route.request.url}")
                route.abort()

        def listen(message):
            if message.type == "error":
                faults.append(f"console: {message.text}")

        opened.route("**/*", decide)
        page = opened.new_page()
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("console", listen)
        page.on(
            "response",
            lambda answer: (
                faults.append(f"{answer.status} for {answer.url}") if answer.status >= 400 else None
            ),
        )
        try:
            page.goto(f"{root}/page.html{fragment}")
            if context.get("java_script_enabled", True):
                page.wait_for_function(MOUNTED)
            yield page, faults
        finally:
            opened.close()

    return open_page
