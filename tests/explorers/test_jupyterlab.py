"""A LiveExplorer in a real JupyterLab: live, keyboard and mouse, Run in Python and Stop."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.environment import environment

CELLS = [
    new_markdown_cell("# An explorer"),
    new_code_cell(
        "from collapse_lib.explorers import LiveExplorer\n"
        'explorer = LiveExplorer("urn", title="Ninety yellow, ten blue", try_this="Move n.",\n'
        '    caption="An urn.", alt="The share of blue falls.", replicates=50,\n'
        '    counts={"yellow": 90, "blue": 10}, generations=1000)\n'
        "explorer.with_python()"
    ),
    new_code_cell('explorer.state["n"], explorer.state["policy"]'),
    new_code_cell('explorer.state = explorer.state | {"n": 5000, "policy": "accumulate"}'),
    new_code_cell("len(explorer.frames), explorer.frames[-1][0]"),
]
OPTIONS = [
    "--no-browser",
    "--allow-root",
    "--IdentityProvider.token=",
    "--ServerApp.port_retries=0",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--expose-app-in-browser",
]
STATE = "() => document.querySelector('.cl-explorer').clExplorer.state()"
FRAMES = "() => document.querySelector('.cl-explorer').clModel.get('frames').length"
ACTIVE = "() => jupyterapp.shell.currentWidget.content.activeCellIndex"
CELLS_LEFT = "() => jupyterapp.shell.currentWidget.content.widgets.length"
RUN_CELL = """async (index) => {
  const panel = jupyterapp.shell.currentWidget;
  panel.content.activeCellIndex = index;
  await jupyterapp.commands.execute("notebook:run-cell");
  return panel.content.widgets[index].model.outputs.toJSON()
    .map((output) => output.data?.["text/plain"] ?? output.text ?? output.evalue).join("\\n");
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab on a folder with one notebook, as a newcomer finds it."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "notebooks"
    folder.mkdir()
    nbformat.write(new_notebook(cells=CELLS), folder / "explorer.ipynb")
    own = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    env = environment(**{name: str(home / part) for name, part in own.items()})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", str(folder), f"--port={port}", *OPTIONS]
    address = f"http://127.0.0.1:{port}"
    with (home / "log").open("w+") as log:
        server = subprocess.Popen(
            command, env=env, stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
        try:
            if not answers(f"{address}/api", server, seconds=40):
                log.seek(0)
                pytest.fail(f"JupyterLab did not start:\n{log.read()[-3000:]}", pytrace=False)
            yield address
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)


def answers(address: str, server: subprocess.Popen, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=2):
            return True
        time.sleep(0.2)
    return False


@pytest.fixture(scope="module")
def notebook(browser, lab):
    """The notebook, opened as on a first visit; only this machine's JupyterLab answers."""
    context = browser.new_context(viewport={"width": 1280, "height": 1000})
    local = re.compile(rf"^(({lab})|(data:)|(blob:)|(ws://127))")
    outside, errors = [], []

    def refuse(route):
        if not local.match(route.request.url):
            outside.append(route.request.url)
            return route.abort()
        return route.continue_()

    context.route("**/*", refuse)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{lab}/lab/tree/explorer.ipynb")
    page.wait_for_function("window.jupyterapp?.shell.currentWidget?.content?.widgets?.length > 1")
    asked = page.locator(".jp-Dialog button.jp-mod-accept")
    kernel = page.locator(".jp-Toolbar-kernelName", has_text="Python 3")
    asked.or_(kernel).first.wait_for()
    if asked.count():
        asked.click()
    page.wait_for_function(
        "window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status === 'idle'"
    )
    page.evaluate(RUN_CELL, 1)
    page.wait_for_function("document.querySelector('.jp-OutputArea .cl-explorer')?.clExplorer")
    yield page
    context.close()
    assert outside == []
    assert errors == []


def test_the_widget_is_live_and_python_knows_its_state(notebook):
    assert notebook.locator(".jp-OutputArea .cl-explorer").count() == 1
    assert notebook.locator(".jp-OutputArea figure").count() == 0
    assert notebook.evaluate(RUN_CELL, 2) == "(100, 'replace')"


def test_mouse_and_keys_move_the_figure_and_not_the_notebook(notebook):
    slider = notebook.locator(".cl-explorer").get_by_role("slider", name="Rows per generation, n")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    notebook.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    notebook.wait_for_function(f"({STATE})().n > 1000")
    active, clicked = notebook.evaluate(ACTIVE), notebook.evaluate(STATE)["n"]
    for key in ("ArrowRight", "ArrowUp", "ArrowRight"):
        notebook.keyboard.press(key)
    notebook.wait_for_function(f"(clicked) => ({STATE})().n > clicked", arg=clicked)
    raised = notebook.evaluate(STATE)["n"]
    for key in (*4 * ["ArrowDown"], "j", "k", "a", "b", "d", "d", "Escape", "Shift+Enter"):
        notebook.keyboard.press(key)
    notebook.wait_for_function(f"(raised) => ({STATE})().n < raised", arg=raised)
    assert notebook.evaluate(ACTIVE) == active
    assert notebook.evaluate(CELLS_LEFT) == len(CELLS)
    # Changes that come quickly wait in the page until Python has answered the one before.
    notebook.wait_for_timeout(500)
    moved = notebook.evaluate(STATE)["n"]
    assert notebook.evaluate(RUN_CELL, 2) == f"({moved}, 'replace')"


def test_without_the_host_the_same_keys_reach_the_notebook(notebook):
    """The negative control: what the figure keeps to itself is a command of JupyterLab."""
    notebook.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 1; }")
    notebook.evaluate(
        """() => {
          const loose = document.createElement("button");
          loose.id = "loose";
          document.querySelector(".cl-explorer").parentNode.append(loose);
          loose.focus();
        }"""
    )
    notebook.keyboard.press("ArrowDown")
    notebook.wait_for_function(f"({ACTIVE})() === 2")
    notebook.evaluate("document.querySelector('#loose').remove()")


def test_the_figure_hears_of_a_state_set_in_python(notebook):
    notebook.evaluate(RUN_CELL, 3)
    notebook.wait_for_function(f"({STATE})().n === 5000 && ({STATE})().policy === 'accumulate'")


def test_run_in_python_streams_generations_and_stops_when_told(notebook):
    notebook.get_by_role("button", name="Run in Python").click()
    seen = set()
    end = time.monotonic() + 20
    while time.monotonic() < end and max(seen, default=0) < 25:
        seen.add(notebook.evaluate(FRAMES))
        time.sleep(0.02)
    assert max(seen) >= 25
    assert len(seen) >= 10  # they came one after the other
    notebook.get_by_role("button", name="Stop").click()
    notebook.get_by_text(re.compile(r"^Stopped: \d+ generations on rows\.$")).wait_for()
    stopped = notebook.evaluate(FRAMES)
    assert 25 <= stopped < 1000
    drawn = notebook.evaluate(
        "() => document.querySelector('.cl-explorer').clExplorer.data().frames"
    )
    assert [frame[0] for frame in drawn] == list(range(1, stopped + 1))
    assert notebook.evaluate(RUN_CELL, 4) == f"({stopped}, {stopped})"
    time.sleep(0.3)
    assert notebook.evaluate(FRAMES) == stopped
