"""The built book, from the disk and served, for the tests of this folder."""

from pathlib import Path

import pytest
from webpage import serving, skip_or_fail

from tools.environment import ROOT

SITE = ROOT / "_build" / "html"


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


@pytest.fixture(scope="session")
def served(site):
    """The address of the built book, served on this machine only."""
    with serving(site) as address:
        yield address
