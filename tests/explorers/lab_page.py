"""A real JupyterLab, and one notebook in it, driven as a reader does."""

import ast
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from webpage import watched

from tools.environment import environment

SETTINGS = [
    "--no-browser",
    "--allow-root",
    "--IdentityProvider.token=",
    "--ServerApp.port_retries=0",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--expose-app-in-browser",
]
OWN_FOLDERS = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}
# JupyterLab 4.6 throws this by itself when it measures a cell that is not drawn yet.
NOT_OURS = "_cellToolbarOverlapsContents"

PANEL = "jupyterapp.shell.currentWidget"
OPEN = f"(path) => window.jupyterapp && {PANEL}?.content?.widgets && {PANEL}.context.path === path"
IDLE = f"() => {PANEL}.sessionContext.session?.kernel?.status === 'idle'"
RUN = """(command) => {
  window.clRan = null;
  jupyterapp.commands.execute(command).then((ok) => { window.clRan = ok; });
}"""
# What came of each cell that has code: its name, whether it was run, its first error.
OUTCOMES = f"""() => {PANEL}.content.widgets
  .filter(({{ model }}) => model.type === "code" && model.sharedModel.source.trim())
  .map(({{ model }}) => {{
    const {{ ename, evalue }} =
      model.outputs.toJSON().find((output) => output.output_type === "error") ?? {{}};
    return [model.id, model.executionCount !== null, ename && `${{ename}}: ${{evalue}}`];
  }})"""
# Code cells whose output is a widget, and whether a live figure stands in it.
WIDGETS = f"""() => {PANEL}.content.widgets
  .filter(({{ model }}) => model.type === "code" && model.outputs.toJSON()
    .some((output) => output.data?.["application/vnd.jupyter.widget-view+json"]))
  .map(({{ model, node }}) => [
    model.id, [...node.querySelectorAll(".cl-explorer")].some((figure) => figure.clExplorer),
  ])"""
ASK = f"""async ([code, expression]) => {{
  const {{ kernel }} = {PANEL}.sessionContext.session;
  const asked = {{ code, store_history: false, user_expressions: {{ expression }} }};
  const {{ content }} = await kernel.requestExecute(asked).done;
  const said = content.user_expressions?.expression ?? content;
  return said.data ? [said.data["text/plain"], null] : [null, `${{said.ename}}: ${{said.evalue}}`];
}}"""
ADD = f"""async (source) => {{
  const {{ content }} = {PANEL};
  content.activeCellIndex = content.widgets.length - 1;
  await jupyterapp.commands.execute("notebook:insert-cell-below");
  content.activeCell.model.sharedModel.setSource(source);
  return content.activeCell.model.id;
}}"""
SELECTED = f"() => {PANEL}.content.activeCell.model.id"
CELLS = f"() => {PANEL}.content.widgets.map(({{ model }}) => model.id)"
NAMES = """(figures) => figures.map((figure) => figure.clModel.get("meta").name)"""


class Notebook:
    """One notebook that is open in a page."""

    def __init__(self, page):
        self.page = page

    def run(self, command, seconds=30):
        """Carry out one of the notebook's commands, such as "run-all-cells", to its end."""
        self.page.evaluate(RUN, f"notebook:{command}")
        self.page.wait_for_function("window.clRan !== null", timeout=1000 * seconds)

    def faults(self) -> list[str]:
        """What is wrong, each with the name of its cell: code not run, or an error."""
        return [
            f"{cell}: {error or 'was not run'}"
            for cell, was_run, error in self.page.evaluate(OUTCOMES)
            if error or not was_run
        ]

    def ask(self, expression="None", *, after=""):
        """The value, a Python literal, of an expression in the kernel, code run before it."""
        value, error = self.page.evaluate(ASK, [after, expression])
        assert error is None, error
        return ast.literal_eval(value)

    def add_cell(self, source: str) -> str:
        """Add a cell of code at the end and run it; return its name."""
        name = self.page.evaluate(ADD, source)
        self.run("run-cell")
        return name

    def remove_cell(self):
        """Remove the cell that is selected."""
        self.run("delete-cell")

    def selected(self) -> str:
        return self.page.evaluate(SELECTED)

    def cells(self) -> list[str]:
        return self.page.evaluate(CELLS)

    def figure(self, name):
        """The locator of the first live figure of that name."""
        figures = self.page.locator(".jp-OutputArea .cl-explorer")
        names = figures.evaluate_all(NAMES)
        found = figures.nth(names.index(name))
        found.scroll_into_view_if_needed()
        return found


def data(figure):
    """The arrays as drawn."""
    return figure.evaluate("el => el.clExplorer.data()")


def state(figure):
    return figure.evaluate("el => el.clExplorer.state()")


@contextlib.contextmanager
def running_lab(home, folder):
    """Yield the address of a JupyterLab on `folder`, as a newcomer finds it; `home` is for what it
    keeps."""
    env = environment(**{name: str(home / part) for name, part in OWN_FOLDERS.items()})
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", str(folder), f"--port={port}", *SETTINGS]
    address = f"http://127.0.0.1:{port}"
    with (home / "log").open("w+") as log:
        server = subprocess.Popen(
            command, env=env, stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
        try:
            if not answers(f"{address}/api", server, seconds=60):
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


@contextlib.contextmanager
def opened(browser, lab, name, **context):
    """Yield a Notebook, opened as on a first visit, its kernel idle; at the end nothing but this
    JupyterLab may have been asked for anything, and no figure may have thrown."""
    size, expected = {"width": 1280, "height": 1000}, []
    with watched(browser, lab, viewport=size, **context) as (page, faults):
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: expect(error, expected))
        page.goto(f"{lab}/lab/workspaces/{name}/tree/{name}.ipynb")
        page.wait_for_function(OPEN, arg=f"{name}.ipynb")
        asked = page.locator(".jp-Dialog button.jp-mod-accept")
        kernel = page.locator(".jp-Toolbar-kernelName", has_text="Python 3")
        asked.or_(kernel).first.wait_for()
        if asked.count():
            asked.click()
        page.wait_for_function(IDLE)
        yield Notebook(page)
    unexpected = [fault for fault in faults if fault not in expected]
    assert not unexpected, unexpected


def expect(error, expected: list[str]):
    if NOT_OURS in (error.stack or ""):
        expected.append(f"error: {error}")
