"""What nbval compares in the chapters: plain text, streams and errors, cell by cell.

The stored notebooks hold no figures (`python -m tools notebooks` leaves them out), while running
them yields HTML and SVG too. nbval counts an output of a kind that was not stored as a failure, so
these kinds are left out on both sides. The plain text beside them is still compared.
"""

import pytest

NOT_COMPARED = (
    "text/html",
    "text/latex",
    "text/markdown",
    "image/svg+xml",
    "application/javascript",
    "application/json",
    "application/vnd.jupyter.widget-view+json",
)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    collectors = yield
    for collector in collectors:
        if hasattr(collector, "skip_compare"):
            collector.skip_compare += NOT_COMPARED
    return collectors
