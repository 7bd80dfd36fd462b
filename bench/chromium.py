"""The browser in which the explorers are timed."""

import contextlib
import shutil
from typing import NamedTuple

__all__ = ["Work", "launched"]

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Work(NamedTuple):
    """Median milliseconds that the page's main thread worked, and that went by on the clock."""

    work: float
    clock: float


@contextlib.contextmanager
def launched(browser=None):
    """Yield the browser that was given, or one of this machine's, closed afterwards."""
    if browser is not None:
        yield browser
        return
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise SystemExit(f"No browser: none of {', '.join(BROWSERS)} is installed.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=OPTIONS)
        yield started
        started.close()
