"""Pages in a browser: what is started for them, and what is wrong with them."""

import contextlib
import os
import shutil
import threading

import pytest

from tools.serve import server_at

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
NO_BROWSER = (
    f"No browser (none of {', '.join(BROWSERS)} is installed): no page, live figure or JupyterLab "
    "was tested."
)
DESK = {"width": 1280, "height": 900}


def skip_or_fail(variable: str, reason: str) -> None:
    """Skip with one line; fail where the environment says that a skip would hide something."""
    if os.environ.get(variable):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@contextlib.contextmanager
def launched():
    """Yield a browser; only one can be had at a time."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        skip_or_fail("REQUIRE_BROWSER", NO_BROWSER)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=BROWSER_OPTIONS)
        yield browser
        browser.close()


@contextlib.contextmanager
def serving(folder):
    """Yield the address at which this machine serves a folder to itself."""
    with server_at(0, folder) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def watched(browser, allowed: str, **context):
    """Yield a page and the list of its faults: outside requests, page errors, console errors and
    failed answers. Only addresses that begin with `allowed` load. context: options of a browser
    context, such as color_scheme="dark"."""
    faults = []
    opened = browser.new_context(**{"viewport": DESK} | context)

    def decide(route):
        if route.request.url.startswith((allowed, "data:", "blob:")):
            route.continue_()
        else:
            faults.append(f"asked for {route.request.url}")
            route.abort()

    def listen(message):
        if message.type == "error":
            faults.append(f"console: {message.text}")

    def check(answer):
        if answer.status >= 400:
            faults.append(f"{answer.status} for {answer.url}")

    opened.route("**/*", decide)
    page = opened.new_page()
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("console", listen)
    page.on("response", check)
    try:
        yield page, faults
    finally:
        opened.close()
