"""Play, step and scrub; what starts by itself; predict, then reveal."""

import pytest
from live_page import data, put, ready, state, wait_for_state
from view_page import SMALL, explorer

from collapse_lib.policies import AccumulateSubsample

PREDICT = {
    "question": "What is the share of blue at generation 20?",
    "unit": "%",
    "lower": 0,
    "upper": 100,
    "t": 20,
    "answer": "median",
}
PLAYING = "document.querySelector('.cl-player button').textContent.trim() === 'Pause'"


def test_play_runs_to_the_last_generation_and_pause_stops(browser, shown):
    with shown(browser, explorer(**SMALL | {"n_generations": 60}).html()) as (page, faults):
        figure = ready(page)
        figure.get_by_role("button", name="Play").press("Enter")
        page.wait_for_function("document.querySelector('.cl-live').clExplorer.state().t === 9")
        figure.get_by_role("button", name="Pause").press("Enter")
        at = data(page)["t"]
        assert 9 <= at < 60
        page.wait_for_timeout(200)
        drawn = data(page)
        assert drawn["t"] == at == len(drawn["median"])
        assert len(drawn["law"]) == 60
        figure.get_by_role("button", name="Step forward").press("Enter")
        assert data(page)["t"] == at + 1
        figure.get_by_role("button", name="Step back").press("Enter")
        figure.get_by_role("button", name="Step back").press("Enter")
        assert data(page)["t"] == at - 1
        figure.get_by_role("button", name="Play").press("Enter")
        page.wait_for_function(f"!({PLAYING})", timeout=8000)
        assert data(page)["t"] == 60
        assert faults == []


def test_autoplay_starts_in_sight_and_not_where_motion_is_reduced(browser, shown):
    html = explorer(autoplay=True, **SMALL).html()
    with shown(browser, html) as (page, _):
        ready(page)
        page.wait_for_function(PLAYING, timeout=1000)
    with shown(browser, '<p style="height: 3000px"></p>' + html) as (page, _):
        figure = ready(page)
        page.wait_for_timeout(300)
        assert not page.evaluate(PLAYING)
        assert data(page)["t"] == 1
        figure.scroll_into_view_if_needed()
        page.mouse.wheel(0, 1000)
        page.wait_for_function(PLAYING, timeout=2000)
    with shown(browser, html, reduced_motion="reduce") as (page, _):
        ready(page)
        page.wait_for_timeout(500)
        assert not page.evaluate(PLAYING)
        assert data(page)["t"] == SMALL["n_generations"]


def test_nothing_is_given_away_before_the_reveal(browser, shown):
    with shown(browser, explorer(predict=PREDICT, runs=2, **SMALL).html()) as (page, faults):
        figure = ready(page)
        drawn = data(page)
        assert len(drawn["median"]) == 1
        assert drawn["law"] is None and drawn["upper"] is None and drawn["runs"] == []
        visible = figure.inner_text()
        assert "closed form" not in visible and "median" not in visible
        assert figure.get_by_role("button", name="Play").count() == 0
        assert faults == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_predict_then_reveal_by_keyboard(browser, shown, motion):
    html = explorer(predict=PREDICT, **SMALL).html()
    with shown(browser, html, reduced_motion=motion) as (page, faults):
        figure = ready(page)
        for _ in range(10):
            page.keyboard.press("Tab")
            if figure.locator("input:focus").count():
                break
        for _ in range(20):
            page.keyboard.press("ArrowLeft")
        assert data(page)["guess"] == {"t": 20, "value": 30}
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_function("document.querySelector('.cl-verdict').textContent", timeout=8000)
        assert figure.locator(".cl-verdict").evaluate("node => node === document.activeElement")
        drawn = data(page)
        assert drawn["answer"]["value"] == drawn["median"][19]
        assert len(drawn["law"]) == 20
        verdict = figure.locator(".cl-verdict").inner_text()
        assert verdict.startswith("You said 30 %; the median at generation 20 is ")
        assert f"That is {30 - drawn['median'][19]:.3g} points too high." in verdict
        assert state(page)["revealed"] is True
        figure.get_by_role("button", name="Step back").press("Enter")
        assert data(page)["answer"] is None
        assert figure.locator(".cl-verdict").inner_text() == verdict
        assert not figure.get_by_role("button", name="Reveal").is_visible()
        assert faults == []


def test_a_link_reveals_and_claims_no_guess(browser, shown):
    with shown(browser, explorer(predict=PREDICT, **SMALL).html()) as (page, faults):
        figure = ready(page)
        page.evaluate("location.hash = '#fig=urn&v=2&n_samples=1000'")
        wait_for_state(page, "n_samples", 1000)
        assert len(data(page)["median"]) == 20
        assert figure.locator(".cl-verdict").inner_text() == ""
        assert not figure.get_by_role("button", name="Reveal").is_visible()
        assert faults == []


def test_the_result_is_read_out_once_it_has_settled(browser, shown):
    with shown(browser, explorer(**SMALL).html()) as (page, _):
        figure = ready(page)
        status = figure.locator("p.cl-hidden[role=status]")
        page.wait_for_timeout(900)
        assert status.inner_text() == ""
        figure.locator("input[type=range][data-cl-key=n_samples]").press("ArrowRight")
        page.wait_for_timeout(900)
        label = figure.locator(".cl-plot").get_attribute("aria-label")
        assert status.inner_text() == label
        assert label.startswith("Replace, n = 20. At generation 20 of 20, the share of blue has")


LONG = {"family": "gaussian", "policy": AccumulateSubsample(), "n_replicates": 150, "runs": 20}
SEEN = """async () => {
  const legend = document.querySelector(".cl-legend");
  const seen = [];
  for (let i = 0; i < 200 && seen.at(-1) !== 150; i++) {
    const runs = Number(/of (\\d+) runs/.exec(legend.textContent)[1]);
    if (runs !== seen.at(-1)) seen.push(runs);
    await new Promise(requestAnimationFrame);
  }
  return seen;
}"""


def test_runs_that_take_long_come_a_part_in_each_frame_and_end_as_one(browser, shown):
    with shown(browser, explorer(**LONG).html()) as (page, faults):
        ready(page)
        at_once = data(page)  # asks for the whole
        put(page, {"seed": 5})
        page.evaluate("new Promise(requestAnimationFrame)")
        seen = page.evaluate(SEEN)
        assert len(seen) >= 4
        assert seen == sorted(seen)
        assert seen[-1] == 150
        bit_by_bit = data(page)
        assert bit_by_bit["median"] != at_once["median"]
        put(page, {"seed": 1})
        assert data(page) == at_once
        put(page, {"seed": 5})
        assert data(page) == bit_by_bit
        assert faults == []
