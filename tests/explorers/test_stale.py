"""What is said and drawn belongs to the settings on show, or goes."""

import json

import ipywidgets
import pytest
from frames_page import explorer as frames_explorer
from live_page import RAN, data, put, ready, state, wait_for_state
from planner_page import planner
from test_view_links import copied_link
from view_page import SMALL, explorer

from collapse_lib.explorers.live.settings import LIVE
from collapse_lib.policies import Accumulate

FRAMES = [[1, 0.1], [2, 0.2]]
PREDICT = {"question": "How much?", "unit": "%", "lower": 0, "upper": 100, "t": 20,
           "answer": "median"}  # fmt: skip
OTHERS = {
    "family": "gaussian", "counts": [80, 20], "policy": "accumulate", "n_samples": 13,
    "real_fraction": 0.2, "n_fresh": 3, "sampling_bias": 0.9, "temperature": 0.9, "ddof": 1,
    "n_generations": 19, "seed": 2, "measure": "diversity", "colour": 0,
}  # fmt: skip
SAME = {"t": 3, "runs": 2, "n_replicates": 17, "revealed": True, "guess": 30}
LIVE_STATUS = "p.cl-hidden[role=status]"
COPIED = """() => [...document.querySelectorAll('.cl-copied, input[type=url]')]
  .map((each) => each.textContent + (each.value ?? ''))"""
ROWS = "document.querySelectorAll('.cl-table tbody tr').length"


# --- a run of Python ----------------------------------------------------------------------------


def test_a_run_of_python_is_drawn_beside_its_own_settings_alone(browser, shown):
    assert {*OTHERS} == {*LIVE["of_run"]}
    with shown(browser, explorer(**SMALL).html()) as (page, faults):
        ready(page)
        page.evaluate(RAN, FRAMES)
        began = state(page)
        for key, value in OTHERS.items():
            put(page, {key: value})
            assert data(page)["frames"] == [], key
            put(page, began)
            assert len(data(page)["frames"]) == 2, key
        for key, value in SAME.items():  # the control: these are no settings of a run
            put(page, {key: value})
            assert len(data(page)["frames"]) == 2, key
        assert faults == []


def test_a_link_takes_the_run_off_drawing_legend_and_table_and_back_brings_it(browser, shown):
    links = [f'<a href="#fig=urn&v=2&n_samples={n}">{n} rows</a>' for n in (12, 40)]
    with shown(browser, " ".join(links) + explorer(**SMALL).html()) as (page, faults):
        figure = ready(page)
        page.locator("a").first.click()
        page.evaluate(RAN, FRAMES)
        figure.locator(".cl-data summary").click()

        def says_python():
            shown_now = [data(page)["frames"] != []]
            for part in (".cl-legend", ".cl-table"):
                shown_now.append("Python, on rows" in figure.locator(part).inner_text())
            return shown_now

        assert says_python() == [True, True, True]
        page.locator("a").last.click()
        wait_for_state(page, "n_samples", 40)
        assert says_python() == [False, False, False]
        page.go_back()
        wait_for_state(page, "n_samples", 12)
        assert says_python() == [True, True, True]
        assert faults == []


def test_settings_changed_while_it_plays_reach_python(browser, shown):
    with shown(browser, explorer(**SMALL).html()) as (page, faults):
        figure = ready(page)
        figure.get_by_role("button", name="Play").click()
        put_and_read = """() => {
            const el = document.querySelector('.cl-live');
            const select = el.querySelector('select[data-cl-key=policy]');
            select.value = 'anchored';
            select.dispatchEvent(new Event('change'));
            el.clExplorer.data();
            return [el.querySelector('.cl-player').innerText, el.clModel.get('state').policy];
        }"""
        words, policy = page.evaluate(put_and_read)
        assert "Pause" in words  # it still plays
        assert policy == "anchored"
        assert faults == []


# --- a guess ------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"n_samples": 40}, {"seed": 7}, {"n_replicates": 30}], ids=str)
def test_the_verdict_on_a_guess_is_about_the_settings_asked_about(browser, shown, change):
    html = explorer(predict=PREDICT, **SMALL).html()
    with shown(browser, html, reduced_motion="reduce") as (page, faults):
        figure = ready(page)
        figure.get_by_role("button", name="Reveal").click()
        verdict = figure.locator(".cl-verdict")
        first, drawn = verdict.inner_text(), data(page)
        assert first.startswith("You said 50 %; ")
        assert drawn["guess"] and drawn["answer"]
        put(page, change)
        drawn = data(page)
        assert verdict.inner_text().startswith("Your guess was about the settings that the figure")
        assert drawn["guess"] is drawn["answer"] is None
        figure.get_by_role("button", name="Start again").click()
        assert data(page)["answer"]
        assert verdict.inner_text() == first
        put(page, {"guess": 20, "t": 3})  # another guess, and its answer not on show
        assert data(page)["answer"] is None
        assert verdict.inner_text() == ""
        assert faults == []


# --- links, tables, what is heard ---------------------------------------------------------------


FIGURES = {
    "live": (lambda: explorer("one", **SMALL), "ArrowLeft", {"n_samples": 40}),
    "planner": (lambda: planner("one"), "ArrowRight", {"n_samples": 40}),
    "frames": (lambda: frames_explorer("one"), "ArrowRight", {"generation": 2}),
}


@pytest.mark.parametrize("make, key, change", FIGURES.values(), ids=FIGURES.keys())
def test_a_copied_link_and_what_was_said_go_with_the_settings(browser, shown, make, key, change):
    with shown(browser, make().html()) as (page, faults):
        figure = ready(page)
        assert "#fig=one" in copied_link(page, "one")
        assert "#fig=one" in "".join(page.evaluate(COPIED))
        figure.locator("input[type=range]:visible").first.press(key)
        page.wait_for_function(f"document.querySelector('{LIVE_STATUS}').textContent")
        assert "".join(page.evaluate(COPIED)) == ""
        copied_link(page, "one")
        said = page.locator(LIVE_STATUS).inner_text()
        put(page, change)
        data(page)
        assert page.locator(LIVE_STATUS).text_content() in ("", None)
        assert "".join(page.evaluate(COPIED)) == ""
        page.wait_for_function(f"document.querySelector('{LIVE_STATUS}').textContent")
        assert page.locator(LIVE_STATUS).text_content() != said
        assert faults == []


@pytest.mark.parametrize("make", [FIGURES["live"][0], FIGURES["frames"][0]], ids=["live", "frames"])
def test_the_table_is_empty_while_the_drawing_moves_on_without_it(browser, shown, make):
    with shown(browser, make().html()) as (page, faults):
        figure = ready(page)
        figure.locator(".cl-data summary").click()
        page.wait_for_function(f"{ROWS} > 1")
        figure.get_by_role("button", name="Play").click()
        page.wait_for_function(f"{ROWS} === 0")
        assert "Pause" in figure.locator(".cl-player").inner_text()
        figure.get_by_role("button", name="Pause").click()
        page.wait_for_function(f"{ROWS} > 0")
        assert faults == []


def test_a_table_of_many_runs_waits_for_them(browser, shown):
    long = {"family": "gaussian", "n_replicates": 2, "n_generations": 200}
    with shown(browser, explorer(**long).html()) as (page, faults):
        figure = ready(page)
        figure.locator(".cl-data summary").click()
        page.wait_for_function(f"{ROWS} === 200")
        page.evaluate(
            """() => {
                const el = document.querySelector('.cl-live');
                window.seen = [];
                const table = el.querySelector('.cl-table');
                new MutationObserver(() => {
                    const rows = table.querySelectorAll('tbody tr').length;
                    const legend = el.querySelector('.cl-legend').innerText;
                    window.seen.push([rows, Number(/of ([0-9]+) runs/.exec(legend)[1])]);
                }).observe(table, { childList: true, subtree: true });
            }"""
        )
        put(page, {"policy": "subsample", "n_samples": 100, "n_replicates": 150})
        page.wait_for_function("window.seen.at(-1)?.[0] === 200", timeout=60_000)
        seen = page.evaluate("window.seen")
        assert 0 in [rows for rows, _ in seen]
        assert all(rows == 0 or runs == 150 for rows, runs in seen), json.dumps(seen)
        assert faults == []


# --- the words of a panel -----------------------------------------------------------------------

MOVED = "The settings have changed since this run: run again, or go back to them."
DONE = "Done: 6 generations on rows."
FIRST = "The loop on rows, in this kernel."


def ran(panel):
    panel.start()
    assert panel.wait(20)
    return panel.said.value


def test_the_words_under_a_run_are_those_of_its_settings():
    figure = explorer(n_samples=50, n_generations=6)
    panel, began = figure.with_python(), figure.state
    assert ran(panel) == DONE
    assert figure.ran == began
    for key in ("n_samples", "seed", "policy", "measure"):
        figure.state = began | {key: OTHERS[key]}
        assert panel.said.value == MOVED, key
        figure.state = began
        assert panel.said.value == DONE, key
    figure.state = began | SAME | {"t": 2}
    assert panel.said.value == DONE
    assert ran(panel) == DONE
    figure.state = figure.state | {"n_samples": 60}
    assert ran(panel) == DONE  # a run of the new ones


def test_a_run_ends_when_its_settings_go():
    figure = explorer(n_samples=50, n_generations=1000)
    panel = figure.with_python()

    def change(event):
        if len(event["new"]) == 3:
            figure.state = figure.state | {"seed": 9}

    figure.observe(change, names="frames")
    assert ran(panel) == MOVED
    assert len(figure.frames) == 3
    figure.state = figure.state | {"seed": 1}
    assert panel.said.value == "Stopped: 3 generations on rows."


def test_a_fault_goes_with_the_settings_that_it_is_about():
    figure = explorer(n_samples=10**9, policy=Accumulate())
    panel = figure.with_python()
    assert ran(panel).startswith("ValueError: Python would have to hold")
    figure.state = figure.state | {"n_samples": 20, "n_generations": 6, "t": 6}
    assert panel.said.value == MOVED
    assert ran(panel) == DONE


def test_a_second_panel_takes_the_figure_over():
    figure = explorer(n_samples=50, n_generations=6)
    one, two = figure.with_python(), figure.with_python(measure=lambda generation: 0.5)
    assert ran(one) == DONE
    assert ran(two) == DONE
    assert one.said.value == FIRST
    assert [value for _, value in figure.frames] == 6 * [0.5]
    assert ran(one) == DONE
    assert two.said.value == FIRST


def test_words_of_the_learners_own_run_name_the_settings_that_it_had():
    figure = frames_explorer()

    def run(settings):
        for t in range(3):
            yield t, {"entropy": settings["heat"] * t}

    panel = figure.with_python(run, {"heat": (0.0, 1.0, 0.5), "n_generations": (1, 9, 2)})
    assert ran(panel) == "Done: 3 frames in the figure."
    panel.controls["heat"].value = 0.7
    assert panel.said.value == (
        "Done: 3 frames in the figure. It was run with heat 0.5, n generations 2; the settings "
        "have changed since."
    )
    panel.controls["heat"].value = 0.5
    assert panel.said.value == "Done: 3 frames in the figure."
    panel.controls["heat"].value = 1.0
    assert ran(panel) == "Done: 3 frames in the figure."


def test_settings_that_were_wrong_are_forgotten_once_they_are_changed():
    wrong = ipywidgets.Text("many")
    panel = frames_explorer().with_python(lambda settings: iter(()), {"n_generations": wrong})
    assert ran(panel).startswith("ValueError: with_python: n_generations must be a whole number")
    wrong.value = "3"
    assert panel.said.value == "Your own run, in this kernel."
