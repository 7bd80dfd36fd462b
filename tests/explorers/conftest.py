"""Pages that carry explorers: over http and from the disk, network refused.

def test_it(browser, shown):
    with shown(browser, explorer.html()) as (page, faults):
        page.click("button")
    assert faults == []
"""

import contextlib
from pathlib import Path

import pytest
import traitlets
from engine_page import Engine, engine_source
from webpage import serving, watched

from collapse_lib.explorers import FIGURES
from collapse_lib.explorers.host import StaticWidget
from collapse_lib.explorers.host.page import write_page_files
from collapse_lib.plotting import Axis, Series, curves, palette

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Explorers</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<link rel="icon" href="data:,"><style>{css}</style>{tags}</head>'
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
def served(tmp_path_factory):
    """A folder with the script of all figures, its address, and the tags that load the script."""
    folder = tmp_path_factory.mktemp("explorers")
    tags = write_page_files(folder, [*FIGURES, StandIn])
    with serving(folder) as address:
        yield folder, address, tags


@pytest.fixture
def shown(served):
    """shown(browser, *html, scheme="http", fragment="", **context): a context manager that yields
    a page with these figures on it and the list of its faults, as `watched` does. context: options
    of a browser context, such as java_script_enabled=False, reduced_motion="reduce"."""
    folder, address, tags = served

    @contextlib.contextmanager
    def open_page(browser, *html, scheme="http", fragment="", **context):
        text = PAGE.format(css=palette.css(), tags=tags, body="".join(html))
        (folder / "page.html").write_text(text, encoding="utf-8")
        root = address if scheme == "http" else folder.as_uri()
        with watched(browser, root, **context) as (page, faults):
            page.goto(f"{root}/page.html{fragment}")
            if context.get("java_script_enabled", True):
                page.wait_for_function(MOUNTED)
            yield page, faults

    return open_page


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    """The engine's JavaScript as one module."""
    return engine_source(tmp_path_factory.mktemp("engine"))


@pytest.fixture(scope="session")
def engine(browser, source):
    engine = Engine(browser, source)
    yield engine
    engine.close()
