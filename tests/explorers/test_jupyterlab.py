"""The chapters, copied, in a real JupyterLab: run from the first cell to the last, and once more
with another seed and other sizes; live under mouse and keys, with Run in Python and Stop; read
before a cell is run."""

import re
import shutil
from functools import cache

import nbformat
import pytest
from figures import MAKERS
from lab_page import WIDGETS, data, opened, running_lab, state
from nbformat.v4 import new_code_cell, new_notebook, new_output

from collapse_lib.chapters.citations import labels
from collapse_lib.explorers import Bars as FrameBars
from collapse_lib.explorers import Curve, Frames, FramesExplorer, LiveExplorer, Planner
from tools.environment import ROOT

OTHERS = ("stages", "shumailov", "language", "autophagy", "provenance", "mitigation")
CHAPTERS = ("index", "recursion", *OTHERS)
OWN_MODEL = '''
class Guess:
    """A model of the reader's own: it remembers one share."""

    def fit(self, rows, *, rng):
        self.share_ = rows.mean()
        return self

    def sample(self, n, *, rng):
        return (rng.random(n) < self.share_).astype(int)


urn.with_python(model=Guess(), measure=lambda g: g.model.share_)
'''

RENDERED = """() => [...document.querySelectorAll('.jp-MarkdownCell')].map((cell) => {
  const copy = cell.cloneNode(true);
  for (const editor of copy.querySelectorAll('.jp-Editor, .cm-editor')) editor.remove();
  return copy.textContent;
})"""
BARE = """(key) => {
  const span = document.createElement("span");
  span.textContent = ` By ${key}.`;
  document.querySelector(".jp-MarkdownCell").append(span);
  return () => span.remove();
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab on a folder with copies of the chapters."""
    home = tmp_path_factory.mktemp("lab")
    folder = home / "chapters"
    folder.mkdir()
    for name in CHAPTERS:
        shutil.copy(ROOT / "chapters" / f"{name}.ipynb", folder)
    shutil.copy(ROOT / "chapters" / "references.md", folder)
    nbformat.write(saved(), folder / "saved.ipynb")
    with running_lab(home, folder) as address:
        yield address


def run_through(notebook):
    """Run all cells of a chapter that holds no outputs, so that what is there is of this run."""
    check_citations(notebook)
    notebook.run("clear-all-cell-outputs")
    assert len(notebook.faults()) > 0
    notebook.run("run-all-cells", seconds=240)
    assert notebook.faults() == []
    notebook.page.wait_for_function(f"({WIDGETS})().every(([_, live]) => live)")


def run_again(notebook, name):
    """Run the cells once more in the same kernel, with another seed, more rows and generations and
    fewer runs: no cell fails, whatever the first run has left behind."""
    prepare = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'tests')!r})\n"
        "import cells\n"
        "clChange = cells.Varied(7, n_samples=1.1, n_generations=1.1, n_replicates=0.3)\n"
        f"clFaults = cells.faults({name!r}, get_ipython().user_ns, clChange)"
    )
    assert notebook.ask("clFaults", after=prepare) == []
    assert notebook.ask("globals().get('SEED', 7)") == 7  # it was another run


def keys_shown(notebook) -> list[str]:
    """Keys of works, and roles, that a reader sees."""
    shown = " ".join(notebook.page.evaluate(RENDERED))
    assert len(shown) > 100
    return [key for key in (*labels(ROOT / "references.bib"), "{cite") if key in shown]


def check_citations(notebook) -> int:
    """Each citation is a link with an author and a year; return how many there are."""
    assert keys_shown(notebook) == []
    links = notebook.page.locator(".jp-MarkdownCell a[href*='references.md']").all_text_contents()
    cited = [text for text in links if text != "References"]  # that one leads to the page
    assert all(re.search(r"[ (]\d{4}\)$", text) for text in cited)
    return len(cited)


@pytest.fixture(scope="module")
def index(browser, lab):
    with opened(browser, lab, "index") as notebook:
        run_through(notebook)
        yield notebook


@pytest.fixture(scope="module")
def recursion(browser, lab):
    with opened(browser, lab, "recursion", reduced_motion="reduce") as notebook:
        run_through(notebook)
        yield notebook


def revealed(notebook, name):
    """A figure past its question, answered with the mouse."""
    figure = notebook.figure(name)
    reveal = figure.get_by_role("button", name="Reveal")
    if reveal.is_visible():
        reveal.click()
        assert state(figure)["revealed"]
    return figure


# --- each chapter, from the first cell to the last ----------------------------------------------


def test_the_first_chapter_runs_and_moves_by_itself(index):
    figure = index.figure("ring")
    assert (
        index.page.locator(".jp-OutputArea figure.cl-explorer").count() == 0
    )  # the still one is not shown
    index.page.wait_for_function("el => el.clExplorer.state().t > 1", arg=figure.element_handle())
    assert figure.get_by_role("link", name="Mix").get_attribute("href") == "recursion.ipynb"


def test_the_recursion_chapter_runs_and_every_figure_is_live(recursion):
    live = recursion.page.evaluate(WIDGETS)
    assert len(live) >= 3
    assert all(found for _, found in live)
    assert recursion.ask("urn.state['n_samples'], urn.state['policy']") == (100, "replace")


def test_a_cell_that_fails_is_named(recursion):
    """The negative control: what `run_through` looks for is found."""
    cell = recursion.add_cell("no_such_name")
    assert recursion.faults() == [f"{cell}: NameError: name 'no_such_name' is not defined"]
    recursion.remove_cell()
    assert recursion.faults() == []


# --- mouse and keys -----------------------------------------------------------------------------


def test_mouse_and_keys_move_the_figure_and_not_the_notebook(recursion):
    notebook = recursion
    figure, cells = revealed(notebook, "bell"), notebook.cells()
    slider = figure.get_by_role("slider", name="Rows per generation, n", exact=True)
    slider.scroll_into_view_if_needed()
    first = data(figure)["mean"], data(figure)["median"]
    box = slider.bounding_box()
    notebook.page.mouse.click(box["x"] + 0.6 * box["width"], box["y"] + box["height"] / 2)
    clicked, selected = data(figure)["median"], notebook.selected()
    assert state(figure)["n_samples"] > 1000
    assert clicked != first[1]
    for key in ("ArrowRight", "ArrowUp", "ArrowRight"):
        notebook.page.keyboard.press(key)
    raised, n = data(figure)["median"], state(figure)["n_samples"]
    assert raised != clicked
    for key in (*6 * ["ArrowDown"], "j", "k", "a", "b", "d", "d", "Escape", "Shift+Enter"):
        notebook.page.keyboard.press(key)
    assert state(figure)["n_samples"] < n
    assert data(figure)["median"] not in (raised, first[1])
    assert notebook.selected() == selected
    assert notebook.cells() == cells
    figure.get_by_role("button", name="Start again").click()
    assert (data(figure)["mean"], data(figure)["median"]) == first


def test_without_the_host_the_same_keys_reach_the_notebook(recursion):
    """The negative control: what the figure keeps to itself is a command of JupyterLab."""
    figure = recursion.figure("bell")
    figure.evaluate(
        """(el) => {
          const loose = document.createElement("button");
          loose.id = "loose";
          el.parentNode.append(loose);
          loose.focus();
        }"""
    )
    cells, selected = recursion.cells(), recursion.selected()
    recursion.page.keyboard.press("ArrowDown")
    assert recursion.selected() == cells[cells.index(selected) + 1]
    recursion.page.evaluate("document.querySelector('#loose').remove()")


def test_the_page_and_python_hear_of_each_other(recursion):
    figure, page = revealed(recursion, "urn"), recursion.page
    figure.locator("select[data-cl-key=policy]").select_option("accumulate")
    slider = figure.get_by_role("slider", name="Rows per generation, n", exact=True)
    for _ in range(9):  # quick changes wait in the page until Python has answered the one before
        slider.press("ArrowRight")
    page.wait_for_timeout(500)
    moved = state(figure)
    assert moved["n_samples"] > 10_000
    assert recursion.ask("urn.state") == moved
    drawn = data(figure)["median"]
    change(recursion, n_samples=50, policy="replace")
    page.wait_for_function(
        "el => el.clExplorer.state().n_samples === 50", arg=figure.element_handle()
    )
    assert state(figure)["policy"] == "replace"
    assert data(figure)["median"] != drawn


def test_a_link_in_the_prose_moves_the_figure(recursion):
    figure, page = revealed(recursion, "urn"), recursion.page
    link = page.locator("a[href*='#fig=urn&'][href*='&n_samples=']").first
    n = int(re.search(r"&n_samples=(\d+)", link.get_attribute("href"))[1])
    change(recursion, n_samples=20)
    page.wait_for_function(
        "el => el.clExplorer.state().n_samples === 20", arg=figure.element_handle()
    )
    drawn = data(figure)["median"]
    link.click()
    page.wait_for_function(
        "([el, n]) => el.clExplorer.state().n_samples === n", arg=[figure.element_handle(), n]
    )
    assert data(figure)["median"] != drawn
    page.evaluate("history.replaceState(null, '', location.pathname)")


# --- Run in Python ------------------------------------------------------------------------------


def panel_of(notebook, nth=0):
    """The output that holds a panel of the chapter's urn, and the figure in it."""
    page, title = notebook.page, notebook.ask("urn.meta['title']")
    output = page.locator(".jp-OutputArea-output").filter(
        has=page.get_by_role("button", name="Run in Python")
    )
    output = output.filter(has=page.get_by_role("group", name=title)).nth(nth)
    output.scroll_into_view_if_needed()
    return output, output.locator(".cl-explorer")


def change(notebook, **settings):
    """Change the urn's settings in Python, the question answered."""
    notebook.ask(after=f"urn.state = urn.state | {{'revealed': True}} | {settings!r}")


def record(figure):
    """Note in the page how many generations are drawn, each time that Python sends some."""
    figure.evaluate(
        """(el) => {
          window.clSeen = [];
          el.clModel.on("change:frames", () => {
            clSeen.push(el.clExplorer.data().frames.length);
          });
        }"""
    )


def test_run_in_python_streams_generations_and_stops_when_told(recursion):
    output, figure = panel_of(recursion)
    run, page = output.get_by_role("button", name="Run in Python"), recursion.page
    change(recursion, n_samples=100, n_generations=60, t=60)
    record(figure)
    run.click()
    output.get_by_text("Done: 60 generations on rows.", exact=True).wait_for()
    page.wait_for_function("clSeen.at(-1) === 60")
    seen = page.evaluate("clSeen")
    assert len(set(seen)) >= 20  # they came one after the other
    assert seen == sorted(seen)
    assert [t for t, _ in data(figure)["frames"]] == list(range(1, 61))

    change(recursion, n_generations=1000)
    page.evaluate("() => { clSeen = []; }")
    run.click()
    page.wait_for_function("clSeen.at(-1) >= 20")
    output.get_by_role("button", name="Stop").click()
    output.get_by_text(re.compile(r"^Stopped: \d+ generations on rows\.$")).wait_for()
    stopped = recursion.ask("len(urn.frames)")
    assert 20 <= stopped < 1000
    page.wait_for_timeout(300)
    assert len(data(figure)["frames"]) == recursion.ask("len(urn.frames)") == stopped


def test_a_model_of_the_readers_own_runs_in_a_cell_of_their_own(recursion):
    change(recursion, n_samples=100, n_generations=30, t=30, seed=5)
    recursion.add_cell(OWN_MODEL)
    assert recursion.faults() == []
    output, figure = panel_of(recursion, nth=1)
    output.get_by_role("button", name="Run in Python").click()
    output.get_by_text("Done: 30 generations on rows.", exact=True).wait_for()
    recursion.page.wait_for_function(
        "el => el.clExplorer.data().frames.length === 30", arg=figure.element_handle()
    )
    expected = recursion.ask(
        "[100 * float(g.model.share_) for g in run_loop(Guess(), world, Replace(), "
        "n_samples=100, n_generations=30, seed=5)]"
    )
    assert [value for _, value in data(figure)["frames"]] == pytest.approx(expected)


@pytest.mark.parametrize("name", OTHERS)
def test_the_other_chapters_run_through_and_again(browser, lab, name):
    with opened(browser, lab, name) as notebook:
        run_through(notebook)
        run_again(notebook, name)


def test_the_first_two_chapters_run_again(index, recursion):
    run_again(index, "index")
    run_again(recursion, "recursion")


# --- read before a cell is run ------------------------------------------------------------------


def shown_of(value):
    """A cell with an output as a kernel would have stored it."""
    bundle = value._repr_mimebundle_()
    data = dict(bundle[0] if isinstance(bundle, tuple) else bundle)
    return new_code_cell("1", outputs=[new_output("display_data", data=data)])


@cache
def figures():
    """One figure of each kind, and one of each kind that is live."""
    texts = {"title": "The title", "caption": "The caption.", "alt": "It falls away."}
    kept = Frames([0, 1], [FrameBars("shares", [[1, 2], [2, 1]], ["cat", "dog"])],
                  [Curve("variance", [1.0, 0.5])])  # fmt: skip
    live = [
        LiveExplorer("bell", n_generations=9, **texts),
        LiveExplorer("urn", n_generations=9, **texts).with_python(),
        Planner("plan", n_generations=9, n_samples=20, **texts),
        FramesExplorer("frames", conditions={"a": kept}, **texts),
    ]
    return [make() for make in MAKERS.values()], live


def saved():
    """A notebook that was saved after a run, on another machine: not trusted."""
    still, live = figures()
    soup = new_output("display_data", data={"text/html": "<svg><text>soup</text></svg>"})
    cells = [shown_of(figure) for figure in (*still, *live)]
    return new_notebook(cells=[*cells, new_code_cell("1", outputs=[soup])])


def visible(notebook, output):
    """What can be read of an output, brought into sight."""
    output.scroll_into_view_if_needed()
    notebook.page.wait_for_function("el => el.innerText.trim()", arg=output.element_handle())
    return output.inner_text()


def test_a_saved_notebook_that_is_not_trusted_reads_well(browser, lab):
    still, live = figures()
    with opened(browser, lab, "saved") as notebook:
        outputs = notebook.page.locator(".jp-OutputArea-output")
        notebook.page.wait_for_function(
            "(n) => document.querySelectorAll('.jp-OutputArea-output').length === n",
            arg=len(still) + len(live) + 1,
        )
        texts = [visible(notebook, outputs.nth(i)) for i in range(outputs.count())]
    assert texts[-1].strip() == "soup"  # the control: what a drawing alone would leave
    said = [(figure.title, figure.alt) for figure in still]
    said += len(live) * [("The title", "It falls away.")]
    for text, (title, alt) in zip(texts, said, strict=False):
        lines = [line for line in text.splitlines() if line.strip()]
        assert lines[:2] == [title, f"{alt} (Run the cell to draw it.)"]
        assert lines[-1] == "Data table"
        assert len(lines) <= 4, lines  # and the caption: nothing of the drawing is left


def test_citations_are_links_with_authors_and_years(recursion):
    assert check_citations(recursion) >= 3
    remove = recursion.page.evaluate_handle(BARE, "wright1931evolution")  # the control
    assert keys_shown(recursion) == ["wright1931evolution"]
    remove.evaluate("(remove) => remove()")
    assert keys_shown(recursion) == []
