"""A FramesExplorer in a real JupyterLab: keys, mouse, and a run that streams and stops."""

import re

import nbformat
import pytest
from lab_page import data, opened, running_lab, state
from nbformat.v4 import new_code_cell, new_notebook

SETUP = """
import numpy as np
from collapse_lib.explorers import Curve, Density, Frames, FramesExplorer, Images
rng = np.random.default_rng(0)
frames = Frames([0, 1, 2, 3], [Images("digits", rng.random((4, 40, 28, 28)))],
                [Curve("variance", [1.0, 0.8, 0.6, 0.5])])
figure = FramesExplorer("digits", title="Digits", caption="C.", alt="Digits lose their edge.",
                        conditions={"stored": frames, "other": frames})
def run(settings):
    for t in range(settings["n_generations"] + 1):
        yield t, {"digits": np.full((40, 28, 28), t / 1000), "variance": 1 / (t + 1)}
"""
PANEL = 'figure.with_python(run, {"n_generations": (10, 1000, 1000)})'
WATCH = """(el) => {
  window.clSeen = new Set();
  const look = () => {
    const { condition, generation } = el.clExplorer.state();
    if (condition === "your run") window.clSeen.add(generation);
    requestAnimationFrame(look);
  };
  look();
}"""


@pytest.fixture(scope="module")
def notebook(browser, tmp_path_factory):
    home = tmp_path_factory.mktemp("frames-lab")
    folder = home / "notebooks"
    folder.mkdir()
    cells = [new_code_cell(SETUP, id="setup"), new_code_cell(PANEL, id="panel")]
    cells.append(new_code_cell("figure", id="again"))
    nbformat.write(new_notebook(cells=cells), folder / "frames.ipynb")
    with running_lab(home, folder) as address, opened(browser, address, "frames") as notebook:
        notebook.run("run-all-cells", seconds=60)
        assert notebook.faults() == []
        notebook.page.locator(".jp-OutputArea .cl-explorer").nth(1).wait_for()
        notebook.page.wait_for_function(
            "[...document.querySelectorAll('.jp-OutputArea .cl-explorer')]"
            ".every(each => each.clExplorer)"
        )
        yield notebook


def test_keys_move_the_figure_and_not_the_notebook(notebook):
    figure = notebook.figure("digits")
    cells, selected = notebook.cells(), None
    slider = figure.get_by_role("slider", name="Generation shown")
    slider.click(position={"x": 3, "y": 8})
    selected = notebook.selected()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "j", "k", "a", "b", "d", "d", "Escape"):
        notebook.page.keyboard.press(key)
    assert state(figure)["generation"] == 1
    assert (notebook.cells(), notebook.selected()) == (cells, selected)
    notebook.page.wait_for_timeout(500)
    assert notebook.ask('figure.state["generation"]') == 1
    notebook.ask(after='figure.state = {"condition": "other", "generation": 3}')
    notebook.page.wait_for_timeout(500)
    drawn = data(figure)
    assert (drawn["condition"], drawn["generation"]) == ("other", 3)


def test_a_run_streams_into_the_figure_and_stops_when_told(notebook):
    figure = notebook.figure("digits")
    figure.evaluate(WATCH)
    notebook.page.get_by_role("button", name="Run in Python").click()
    notebook.page.wait_for_function("window.clSeen.size >= 20")  # they came one after the other
    notebook.page.get_by_role("button", name="Stop").click()
    notebook.page.get_by_text(re.compile(r"^Stopped: \d+ frames in the figure\.$")).wait_for()
    notebook.page.wait_for_timeout(500)
    made = notebook.ask("figure.run_generations")
    assert made == list(range(len(made))) and 20 <= len(made) < 1001
    drawn = data(figure)
    assert drawn["generations"] == made
    assert drawn["generation"] == made[-1]
    assert drawn["curves"]["variance"]["middle"] == pytest.approx([1 / (t + 1) for t in made])
    assert drawn["panels"][0]["values"][0] == pytest.approx(made[-1] / 1000)


def test_a_view_that_is_opened_after_the_run_has_its_frames_too(notebook):
    notebook.add_cell("figure")
    late = notebook.page.locator(".jp-OutputArea .cl-explorer").last
    late.scroll_into_view_if_needed()
    notebook.page.wait_for_function(
        "[...document.querySelectorAll('.jp-OutputArea .cl-explorer')].at(-1).clExplorer"
        "?.data().condition === 'your run'"
    )
    assert data(late)["generations"] == notebook.ask("figure.run_generations")
