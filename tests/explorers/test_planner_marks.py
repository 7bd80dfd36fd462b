"""The planner with adoption in Chromium: marked rows, the share turned round, links."""

import pytest
from live_page import data, digest, put, ready, state, wait_for_state
from planner_page import planner

from collapse_lib.policies import FreshReal

MARKS = {"hit_rate": 0.5, "false_alarm_rate": 0.2, "adoption": 0.5}
OF_MARKS = ("adoption", "hit_rate", "false_alarm_rate")
VISIBLE_OF_MARKS = {
    "all": ({}, OF_MARKS),
    "nothing synthetic": ({"real_fraction": 1}, ("false_alarm_rate",)),
    "nothing real": ({"real_fraction": 0}, ("adoption", "hit_rate")),
    "none marked": ({"adoption": 0}, ("adoption", "false_alarm_rate")),
    "none caught": ({"hit_rate": 0}, ("hit_rate", "false_alarm_rate")),
    "a way back": ({"adoption": 0, "hit_rate": 0}, ("adoption", "false_alarm_rate")),
    "all is kept": ({"policy": "accumulate"}, ()),
}


@pytest.mark.parametrize("change, there", VISIBLE_OF_MARKS.values(), ids=VISIBLE_OF_MARKS.keys())
def test_of_marks_too_only_what_makes_a_difference_is_there(browser, shown, change, there):
    with shown(browser, planner(**MARKS).html()) as (page, faults):
        figure = ready(page)
        put(page, change)
        before = digest(data(page))
        for key in OF_MARKS:
            assert figure.locator(f"[data-cl-key={key}]").first.is_visible() == (key in there)
        for absent in {*OF_MARKS} - {*there}:
            put(page, change | {absent: 0.9})
            assert digest(data(page)) == before
            put(page, change)
    assert faults == []


def test_with_marks_the_share_is_turned_round_and_the_labels_say_of_what(browser, shown):
    with shown(browser, planner(n_samples=1000, policy=FreshReal(0.25), **MARKS).html()) as opened:
        page, faults = opened
        figure = ready(page)
        synthetic = figure.get_by_label("Synthetic share of what is collected (%)", exact=True)
        exact = figure.get_by_label("Synthetic share of what is collected (%), exact")
        assert (synthetic.input_value(), exact.input_value()) == ("75", "75")
        before = digest(data(page))
        synthetic.press("ArrowRight")
        assert state(page)["real_fraction"] == 0.24
        assert digest(data(page)) != before
        for text, share in (("90", 0.1), ("99.9", 0.001), ("100", 0), ("0", 1), ("33.3", 0.667)):
            exact.fill(text)
            data(page)
            assert state(page)["real_fraction"] == share
            assert exact.input_value() == text
        figure.get_by_label("Synthetic rows that carry a mark (%)", exact=True).press("ArrowRight")
        assert state(page)["adoption"] == 0.51
        figure.get_by_label("Marked rows it catches (%)", exact=True).press("ArrowRight")
        assert state(page)["hit_rate"] == 0.51
        assert figure.get_by_label("Real rows in what is collected (%)").count() == 0
        assert figure.get_by_label("Real rows it takes for synthetic (%)", exact=True).count() == 1
    assert faults == []


def test_a_link_restores_adoption_and_older_links_still_work(browser, shown):
    html = planner(**MARKS).html()
    with shown(browser, html) as (page, faults):
        figure = ready(page)
        put(page, {"adoption": 0.15, "hit_rate": 0.9, "real_fraction": 0.05})
        before = digest(data(page))
        figure.get_by_role("button", name="Copy link").press("Enter")
        page.wait_for_function("document.querySelector('#fig-plan input[type=url]').value")
        link = figure.locator("input[type=url]").input_value()
        assert "adoption=0.15" in link
        assert faults == []
    with shown(browser, html, fragment=f"#{link.partition('#')[2]}") as (page, faults):
        ready(page)
        assert digest(data(page)) == before
        page.evaluate("location.hash = '#fig=plan&v=1&share=0.2&hits=0.8'")
        wait_for_state(page, "hit_rate", 0.8)
        assert state(page) == planner(**MARKS).state | {"real_fraction": 0.2, "hit_rate": 0.8}
        assert faults == []


def test_without_adoption_there_is_no_such_control_and_no_link_brings_it(browser, shown):
    fragment = "#fig=plan&v=2&adoption=0.2&hit_rate=0.9"
    with shown(browser, planner().html(), fragment=fragment) as (page, faults):
        figure = ready(page)
        assert state(page) == planner(hit_rate=0.9).state
        assert figure.locator("[data-cl-key=adoption]").count() == 0
        assert figure.get_by_label("Real rows in what is collected (%)", exact=True).is_visible()
        figure.get_by_role("button", name="Copy link").press("Enter")
        page.wait_for_function("document.querySelector('#fig-plan input[type=url]').value")
        assert "adoption" not in figure.locator("input[type=url]").input_value()
    assert faults == []


def test_with_marks_the_page_says_what_is_caught_of_all(browser, shown):
    marks = {"hit_rate": 0.9, "false_alarm_rate": 0.1, "adoption": 0.3}
    figure = planner(policy=FreshReal(0.2), n_samples=1000, **marks)
    with shown(browser, figure.html()) as (page, faults):
        facts = ready(page).locator(".cl-facts")
        assert data(page)["real_share"] == pytest.approx(0.18 / 0.764)  # 0.2 * 0.9, 0.8 * 0.73
        assert data(page)["real_share"] == figure.forecast().remainder.real_share
        assert "24 % is real" in facts.inner_text()
        assert "27 % is caught" in facts.inner_text()
        assert "30 % marked, 90 % of these caught" in facts.inner_text()
        for change in ({"real_fraction": 1}, {"policy": "accumulate"}):
            put(page, change)
            data(page)
            assert "caught" not in facts.inner_text()
    assert faults == []
