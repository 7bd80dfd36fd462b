"""Planner in Python: its settings, what it refuses, its size, and JupyterLab."""

import gzip
import json

import nbformat
import numpy as np
import pytest
from lab_page import data, opened, running_lab, state
from nbformat.v4 import new_code_cell, new_notebook
from planner_page import planner
from traitlets import TraitError

from collapse_lib.explorers.planner.settings import PLANNER, plan_of
from collapse_lib.policies import Accumulate, FreshReal, MixReal, Replace

CELL = """
from collapse_lib.explorers import Planner
from collapse_lib.policies import FreshReal
figure = Planner("plan", title="A plan", caption="C.", alt="What is left is drawn.",
                 policy=FreshReal(0.2), n_samples=50, n_generations=10, hit_rate=0.5)
figure
"""


def test_settings_become_a_state_of_plain_json():
    state = plan_of(
        world="words", policy=MixReal(np.float64(0.25)), n_samples=1e6, hit_rate=np.float64(0.9),
        false_alarm_rate=0.05, temperature=0.9, n_generations=30, seed=np.int64(7), measure="kinds",
    )  # fmt: skip
    assert json.loads(json.dumps(state)) == {
        "v": 2, "world": "words", "policy": "mix", "n_samples": 1_000_000, "real_fraction": 0.25,
        "n_fresh": 0, "hit_rate": 0.9, "false_alarm_rate": 0.05, "temperature": 0.9,
        "n_generations": 30, "n_replicates": 200,
        "seed": 7, "measure": "kinds",
    }  # fmt: skip
    assert plan_of(policy=Accumulate(), n_fresh=5)["n_fresh"] == 5
    assert plan_of() == plan_of(policy=FreshReal(0.1))
    assert plan_of(adoption=np.float64(0.3)) == plan_of() | {"adoption": 0.3}


REFUSED = {
    "n_samples": ({"n_samples": 5}, ValueError, "Planner.n_samples must be at least 10; got 5."),
    "hit_rate": ({"hit_rate": 1.5}, ValueError, "Planner.hit_rate must be in [0, 1]; got 1.5."),
    "false_alarm_rate": ({"false_alarm_rate": float("nan")}, ValueError,
                         "Planner.false_alarm_rate must be in [0, 1]; got nan."),
    "adoption": ({"adoption": -0.1}, ValueError, "Planner.adoption must be in [0, 1]; got -0.1."),
    "n_generations": ({"n_generations": 500}, ValueError,
                      "Planner.n_generations must be at most 200; got 500."),
    "world": ({"world": "moon"}, ValueError,
              "Planner.world must be one of 'urn', 'kinds', 'words'; got 'moon'."),
    "measure": ({"measure": "share"}, ValueError,
                "Planner.measure must be one of 'diversity', 'kinds'; got 'share'."),
    "bool": ({"seed": True}, TypeError, "Planner.seed must be a whole number; got True."),
    "n_fresh": ({"n_fresh": -1}, ValueError, "Planner.n_fresh must be at least 0; got -1."),
}  # fmt: skip


@pytest.mark.parametrize("settings, error, sentence", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_shown_is_refused_in_a_sentence(settings, error, sentence):
    with pytest.raises(error) as caught:
        planner(**settings)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("name, value, error, sentence", [
    ("n_samples", 1, ValueError, "Planner.state.n_samples must be at least 10; got 1."),
    ("hit_rate", 1.5, ValueError, "Planner.state.hit_rate must be in [0, 1]; got 1.5."),
    ("seed", None, TypeError, "Planner.state.seed must be a whole number; got None."),
    ("v", 1, ValueError, "Planner.state.v must be one of 2; got 1."),
])  # fmt: skip
def test_a_state_that_cannot_be_shown_is_refused_by_its_key(name, value, error, sentence):
    figure = planner()
    with pytest.raises(error) as caught:
        figure.state = figure.state | {name: value}
    assert str(caught.value) == sentence


def test_python_and_the_page_read_limits_and_defaults_from_one_file():
    assert json.loads(json.dumps(planner().meta["settings"])) == PLANNER
    usual = plan_of()
    assert usual == PLANNER["defaults"]
    figure = planner(adoption=0.5)
    for name, (least, most, _) in PLANNER["limits"].items():
        for value in (least, most):
            figure.state = figure.state | {name: value}
            assert figure.state[name] == value
        with pytest.raises(ValueError):
            figure.state = figure.state | {name: most + 1}


def test_a_policy_that_is_no_remedy_is_refused():
    with pytest.raises(TypeError) as caught:
        planner(policy=Replace())
    assert str(caught.value) == (
        "Planner.policy must be FreshReal(a), MixReal(a) or Accumulate(); got Replace(). "
        "Replace() is drawn beside each of them."
    )


def test_the_state_may_be_set_and_the_forecast_follows():
    figure = planner(policy=FreshReal(0.2), seed=3)
    first = figure.forecast().remedy
    assert np.array_equal(first, figure.forecast().remedy)
    figure.state = figure.state | {"n_samples": 1000}
    assert figure.forecast().remedy.std() < first.std()
    with pytest.raises((TraitError, ValueError)):
        figure.state = figure.state | {"n_samples": 1}
    assert figure.state["n_samples"] == 1000
    assert figure.html() == figure.html()
    assert repr(figure) == "Explorer plan: What is left is drawn."


def test_adoption_is_there_from_the_start_or_never():
    marked, plain = planner(hit_rate=0.9, adoption=0.3), planner(hit_rate=0.9)
    for figure, other in ((marked, plain.state), (plain, marked.state)):
        with pytest.raises(ValueError) as caught:
            figure.state = other
        assert str(caught.value) == (
            "Planner.state must have adoption if the figure was made with it, and else not; got "
            f"adoption {other.get('adoption')}; make another Planner."
        )
    marked.state = marked.state | {"adoption": 1}
    assert np.array_equal(marked.forecast().remedy, plain.forecast().remedy)
    with pytest.raises(TypeError):
        marked.state = marked.state | {"adoption": None}
    assert marked.state["adoption"] == 1


def test_the_still_figure_knows_adoption():
    with_marks, with_less = planner(hit_rate=0.9, adoption=0.3), planner(hit_rate=0.27)
    every_row = planner(hit_rate=0.9).still().table
    column = "with the remedy"
    assert np.array_equal(with_marks.still().table[column], with_less.still().table[column])
    assert not np.array_equal(with_marks.still().table[column], every_row[column])


def test_host_and_planner_weigh_less_than_40_kb():
    figure = planner()
    text = figure._esm + figure._css
    assert len(gzip.compress(text.encode(), 9)) < 40_000


def test_in_jupyterlab_keys_move_the_plan_and_python_hears_of_it(browser, tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    cells = [new_code_cell(CELL, id="plan")]
    nbformat.write(new_notebook(cells=cells), folder / "plan.ipynb")
    with running_lab(tmp_path, folder) as address, opened(browser, address, "plan") as notebook:
        notebook.run("run-all-cells", seconds=60)
        assert notebook.faults() == []
        notebook.page.wait_for_function(
            "document.querySelector('.jp-OutputArea .cl-explorer')?.clExplorer"
        )
        figure, cells = notebook.figure("plan"), notebook.cells()
        before = data(figure)["median"]
        figure.locator("input[type=range][data-cl-key=real_fraction]").focus()
        for key in ("ArrowRight", "ArrowUp", "d", "d", "b"):
            notebook.page.keyboard.press(key)
        assert data(figure)["median"] != before
        assert state(figure)["real_fraction"] == 0.22
        assert notebook.cells() == cells
        notebook.page.wait_for_timeout(500)
        assert notebook.ask("figure.state['real_fraction']") == 0.22
        notebook.ask(after='figure.state = figure.state | {"hit_rate": 0.9, "n_samples": 1000}')
        notebook.page.wait_for_timeout(500)
        found = data(figure)
        assert found["real_share"] == pytest.approx(0.22 / (0.22 + 0.078))
        share = notebook.ask("figure.forecast().remainder.real_share")
        assert share == pytest.approx(found["real_share"], rel=1e-12)
