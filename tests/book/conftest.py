"""The built book and a browser, for the tests of this folder."""

import functools
import http.server
import os
import shutil
import threading
from pathlib import Path

import pytest

from tools.environment import ROOT

SITE = ROOT / "_build" / "html"
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


def skip_or_fail(variable: str, reason: str) -> None:
    """Skip with one line; fail where the environment says that a skip would hide something."""
    if os.environ.get(variable):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def built_pages() -> list[str]:
    """List the pages, without the one that only leads to the first."""
    found = [path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html")]
    return sorted(name for name in found if name != "index.html")


def pytest_generate_tests(metafunc):
    if "page_path" in metafunc.fixturenames:
        metafunc.parametrize("page_path", built_pages() or ["none"])


@pytest.fixture(scope="session")
def site() -> Path:
    if not (SITE / "index.html").is_file():
        skip_or_fail("REQUIRE_BOOK", "There is no built book: first run `make book`.")
    return SITE


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def served(site):
    """The address of the built book, served on this machine only."""
    handler = functools.partial(QuietHandler, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        skip_or_fail("REQUIRE_BROWSER", f"No browser: none of {', '.join(BROWSERS)} is installed.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=BROWSER_OPTIONS)
        yield browser
        browser.close()
