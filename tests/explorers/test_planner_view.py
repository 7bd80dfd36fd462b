"""The planner in Chromium: every control, links, the table, both themes, and no script at all."""

import re
from importlib.resources import files

import numpy as np
import pytest
from live_page import data, digest, put, ready, state, wait_for_state
from planner_page import SMALL, planner
from test_accessibility import PAPER, violations

from collapse_lib.explorers.planner.settings import PLANNER, WORLDS
from collapse_lib.policies import Accumulate, FreshReal, MixReal

LIMITS = PLANNER["limits"]
HOSTILE = "<img src=x onerror=\"window.stolen = 'x'\"><script>window.stolen = 2</script>"
POLICIES = (FreshReal(0.3), MixReal(0.3), Accumulate())
DETECTOR = {"hit_rate": 0.5, "false_alarm_rate": 0.2}
MARKS = DETECTOR | {"adoption": 0.5}
EXTREME = "#fig=plan&v=2&" + "&".join(f"{name}=%s" for name in LIMITS)
ARRAYS = ("x", "median", "lower", "upper", "mean", "law", "bare")


@pytest.fixture(scope="module")
def axe():
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def per_cent(value):
    """One decimal below ten and from ninety to a hundred, unless it is whole."""
    digits = 1 if value < 9.95 or 90 < value < 100 else 0
    return f"{round(value, digits):g}"


def sentence(figure):
    return figure.locator(".cl-answer").inner_text()


EVERY = [*zip(POLICIES, ("kinds", "diversity", "diversity"), [DETECTOR] * 3, strict=True)]


@pytest.mark.parametrize("policy, measure, detector", [*EVERY, (POLICIES[0], "kinds", MARKS)])
def test_every_control_changes_the_data(browser, shown, policy, measure, detector):
    figure = planner(policy=policy, measure=measure, n_samples=40, **detector)
    with shown(browser, figure.html()) as (page, faults):
        located = ready(page)
        first, seen = state(page), set()
        for i, control in enumerate(located.locator("[data-cl-key]").all()):
            put(page, first)
            before, value = digest(data(page)), control.input_value()
            key = control.get_attribute("data-cl-key")
            if not control.is_visible():
                continue
            kind = control.evaluate("node => node.type")
            ways = {"select-one": ["ArrowDown", "ArrowUp"], "range": ["ArrowRight", "ArrowLeft"]}
            for press in ways.get(kind, ["ArrowUp", "ArrowDown"]):
                control.press(press)
                if control.input_value() != value:
                    break
            assert state(page)[key] != first[key], f"{key} ({kind}, {i}) does not move"
            assert digest(data(page)) != before, f"{key} ({kind}, {i}) changes nothing"
            seen.add(key)
        hidden = (
            {"real_fraction", "hit_rate", "false_alarm_rate"}
            if policy == Accumulate()
            else {"n_fresh"}
        )
        hidden |= set() if detector is MARKS else {"adoption"}
        assert seen == {*LIMITS, "world", "policy", "measure"} - hidden
    assert faults == []


@pytest.mark.parametrize("share, absent", [(0, "false_alarm_rate"), (1, "hit_rate")])
def test_a_control_that_would_change_nothing_is_not_there(browser, shown, share, absent):
    html = planner(policy=FreshReal(share), **DETECTOR).html()
    with shown(browser, html) as (page, _):
        figure = ready(page)
        for key in ("hit_rate", "false_alarm_rate"):
            is_there = figure.locator(f"[data-cl-key={key}]").first.is_visible()
            assert is_there == (key != absent)
        before = digest(data(page))
        put(page, {absent: 0.9})
        assert digest(data(page)) == before


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_copied_link_restores_the_same_data(browser, shown, scheme):
    html = planner().html()
    change = {
        "world": "urn",
        "policy": "mix",
        "real_fraction": 0.25,
        "hit_rate": 0.35,
        "n_samples": 30,
        "seed": 5,
    }
    change |= {
        "n_generations": 9,
        "measure": "kinds",
        "temperature": 0.9,
        "false_alarm_rate": 0.125,
    }
    with shown(browser, html, scheme=scheme) as (page, faults):
        figure = ready(page)
        put(page, change)
        before = digest(data(page))
        figure.get_by_role("button", name="Copy link").press("Enter")
        page.wait_for_function("document.querySelector('#fig-plan input[type=url]').value")
        link = figure.locator("input[type=url]").input_value()
        figure.get_by_role("button", name="Start again").press("Enter")
        assert digest(data(page)) != before
        assert state(page) == planner().state
        assert faults == []
    with shown(browser, html, scheme=scheme, fragment=f"#{link.partition('#')[2]}") as opened:
        page, faults = opened
        ready(page)
        assert digest(data(page)) == before
        page.evaluate("location.hash = '#fig=plan&v=2&n_samples=50'")
        wait_for_state(page, "n_samples", 50)
        assert state(page) == planner(n_samples=50).state
        assert faults == []


OLD = (
    "#fig=plan&v=1&world=urn&policy=mix&share=0.25&n=30&newRows=2&hits=0.35&alarms=0.125"
    "&temperature=0.9&generations=9&replicates=25&seed=5&measure=kinds"
)
NEW = {
    "world": "urn", "policy": "mix", "real_fraction": 0.25, "n_samples": 30, "n_fresh": 2,
    "hit_rate": 0.35, "false_alarm_rate": 0.125, "temperature": 0.9, "n_generations": 9,
    "n_replicates": 25, "seed": 5, "measure": "kinds",
}  # fmt: skip


@pytest.mark.parametrize("version", ["v=1&", ""])
def test_a_whole_link_of_before_opens_with_the_same_data(browser, shown, version):
    html = planner().html()
    with shown(browser, html, fragment=OLD.replace("v=1&", version)) as (page, faults):
        ready(page)
        assert state(page) == planner().state | NEW
        drawn = digest(data(page))
        assert faults == []
    with shown(browser, html) as (page, faults):
        ready(page)
        assert digest(data(page)) != drawn
        put(page, NEW)
        assert digest(data(page)) == drawn
        assert faults == []


@pytest.mark.parametrize("text, side", [("-1e300", 0), ("1e300", 1)])
def test_the_page_has_the_limits_of_python(browser, shown, text, side):
    fragment = EXTREME.replace("%s", text) + "&world=constructor&policy=replace&measure="
    with shown(browser, planner(adoption=0.5).html()) as (page, faults):
        ready(page)
        held = page.evaluate("location.hash")
        page.evaluate("hash => location.hash = hash", fragment)
        assert held == ""
        page.wait_for_function(
            "document.querySelector('.cl-live').clExplorer.state().n_samples !== 20"
        )
        found = state(page)
        assert {name: found[name] for name in LIMITS} == {
            name: limits[side] for name, limits in LIMITS.items()
        }
        assert (found["world"], found["policy"], found["measure"]) == (
            "kinds", "fresh", "diversity",
        )  # fmt: skip
    assert faults == []


def test_what_cannot_be_read_is_left_out(browser, shown):
    fragment = "#fig=plan&v=2&n_samples=many&real_fraction=NaN&hit_rate=Infinity&seed="
    fragment += "&false_alarm_rate=%E0%A4%A"
    with shown(browser, planner().html(), fragment=fragment) as (page, faults):
        ready(page)
        assert state(page) == planner().state
    assert faults == []


@pytest.mark.parametrize("policy", POLICIES, ids=repr)
def test_the_table_is_what_is_drawn_and_the_sentence_says_it(browser, shown, policy):
    html = planner(policy=policy, **DETECTOR).html()
    with shown(browser, html) as (page, faults):
        figure = ready(page)
        figure.locator("summary", has_text="Data table").press("Enter")
        drawn = data(page)
        rows = figure.locator(".cl-data tbody tr")
        rows.last.wait_for()
        cells = [[float(cell) for cell in row.split("\t")] for row in rows.all_inner_texts()]
        columns = np.array(cells).T
        assert len(columns) == len(ARRAYS)
        for name, column in zip(ARRAYS, columns, strict=True):
            assert column == pytest.approx(drawn[name], rel=1e-3), name
        assert f"After {SMALL['n_generations']} generations the median model keeps" in sentence(
            figure
        )
        for name in ("median", "lower", "upper", "bare"):
            assert per_cent(drawn[name][-1]) in re.findall(r"\d+\.?\d*", sentence(figure))
        assert figure.locator(".cl-plot").get_attribute("aria-label") == sentence(figure)
    assert faults == []


def test_the_share_that_really_trains_is_shown(browser, shown):
    figure = planner(policy=FreshReal(0.2), n_samples=1000, hit_rate=0.5, false_alarm_rate=0.1)
    with shown(browser, figure.html()) as (page, faults):
        facts = ready(page).locator(".cl-facts").inner_text()
        found = data(page)
        assert found["real_share"] == pytest.approx(0.18 / 0.58)
        assert found["collected"] == pytest.approx(1000 / 0.58)
        assert "31 % is real" in facts and "310 of 1,000 rows trained on" in facts
        assert "1,724" in facts and "throws out 42 %" in facts
        put(page, {"policy": "accumulate", "n_fresh": 500})
        data(page)
        facts = page.locator(".cl-facts").inner_text()
        assert "37 % is real" in facts and "17,500" in facts  # 1,000 + 11 * 500 of them
    assert faults == []


CAUTIONS = {
    "rounded": (
        {"policy": "fresh", "real_fraction": 0.01},
        "Of what is left 1 % is real, which of 20 rows is no more than half a row: rounded, no "
        "real row is trained on.",
    ),
    "all real out": (
        {"policy": "mix", "real_fraction": 0.5, "false_alarm_rate": 1},
        "The detector throws out every real row, so no real row is trained on.",
    ),
    "too few originals": (
        {"policy": "mix", "real_fraction": 0.9, "false_alarm_rate": 0.5},
        "It takes 33 real rows to be collected, and there are 20 original ones: some would be "
        "collected twice, which the forecast leaves out.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("change, said", CAUTIONS.values(), ids=CAUTIONS.keys())
def test_what_a_plan_runs_into_is_said(browser, shown, change, said):
    with shown(browser, planner().html()) as (page, faults):
        figure = ready(page)
        assert not figure.locator(".cl-caution").is_visible()
        put(page, change)
        drawn = data(page)
        assert figure.locator(".cl-caution").inner_text().startswith(said)
        if "no real row" in said:
            assert drawn["median"] == drawn["bare"]
    assert faults == []


@pytest.mark.parametrize("share, hits, alarms", [(0, 1, 0), (1, 0.2, 1), (0.3, 1, 1)])
def test_nothing_left_is_a_sentence_and_the_way_back_is_open(browser, shown, share, hits, alarms):
    with shown(browser, planner().html()) as (page, faults):
        figure = ready(page)
        put(page, {"real_fraction": share, "hit_rate": hits, "false_alarm_rate": alarms})
        assert data(page)["median"] is None
        assert figure.locator(".cl-problem").inner_text().startswith("The detector throws out")
        assert not figure.locator(".cl-plot, .cl-answer").first.is_visible()
        assert "NaN" not in figure.inner_text()
        keys = {"hit_rate": hits == 1 and share < 1, "false_alarm_rate": alarms == 1 and share > 0}
        for key in (key for key, is_there in keys.items() if is_there):
            figure.locator(f"input[type=range][data-cl-key={key}]").press("ArrowLeft")
        assert len(data(page)["median"]) == SMALL["n_generations"]
        assert not figure.locator(".cl-problem").is_visible()
        assert "NaN" not in figure.inner_text()
    assert faults == []


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser, shown, axe, theme, width):
    html = [planner(try_this="Try this.", **DETECTOR).html(), planner("marks", **MARKS).html()]
    context = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    with shown(browser, *html, reduced_motion="reduce", **context) as (page, faults):
        page.add_style_tag(content=PAPER[theme])
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        figure = ready(page)
        figure.locator("summary", has_text="Data table").press("Enter")
        for change in (
            {"policy": "mix", "real_fraction": 0.01},
            {"real_fraction": 0, "hit_rate": 1},
        ):
            put(page, change)
            data(page)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert violations(page, axe) == []
    assert faults == []


def test_the_answer_is_read_out_once_it_has_settled(browser, shown):
    with shown(browser, planner().html()) as (page, _):
        figure = ready(page)
        figure.locator("input[type=range][data-cl-key=real_fraction]").press("ArrowRight")
        page.wait_for_timeout(900)
        assert figure.locator("p.cl-hidden[role=status]").inner_text() == sentence(figure)


def test_texts_are_inert_and_the_seed_is_shown(browser, shown):
    texts = {"title": HOSTILE, "caption": HOSTILE, "try_this": HOSTILE}
    with shown(browser, planner(seed=7, **texts).html()) as (page, faults):
        figure = ready(page)
        assert figure.inner_text().count("<img src=x") == 3
        assert page.locator("main img").count() == 0
        assert page.evaluate("window.stolen") is None
        assert figure.locator("input[data-cl-key=seed]").input_value() == "7"
        before = digest(data(page))
        figure.get_by_role("button", name="New seed").press("Enter")
        assert digest(data(page)) != before
        assert state(page)["seed"] == 8
        assert figure.locator("select[data-cl-key=world] option").count() == len(WORLDS)
    assert faults == []


def test_without_javascript_the_plan_stands_still_with_its_numbers(browser, shown):
    figure = planner(**DETECTOR)
    kept, bare = figure.forecast().bands()
    with shown(browser, figure.html(), java_script_enabled=False) as (page, faults):
        assert page.locator("#fig-plan svg").bounding_box()["height"] > 100
        caption = page.locator("#fig-plan figcaption p").text_content()
        assert caption.startswith("A caption. Median and central 80 % of 40 runs. After 12 gen")
        assert f"keeps {100 * kept.median[-1]:.3g} % of the diversity; four runs in five" in caption
        assert page.locator("#fig-plan tbody tr").count() == SMALL["n_generations"]
    assert faults == []
    table = figure.still().table
    assert np.allclose(table["with the remedy"], 100 * kept.median)
    assert np.allclose(table["no remedy"], 100 * bare.median)
    assert len(table["mean in law"]) == SMALL["n_generations"]


GROWTH = """async change => {
    const el = document.querySelector('.cl-live');
    el.clModel.set('state', {...el.clModel.get('state'), ...change});
    const seen = [];
    while (seen.at(-1) !== change.n_replicates) {
        await new Promise(requestAnimationFrame);
        const found = el.querySelector('.cl-legend').textContent.match(/of (\\d+) runs/);
        if (Number(found[1]) !== seen.at(-1)) seen.push(Number(found[1]));
    }
    return seen;
}"""


def test_many_runs_come_in_parts_and_are_the_same_as_at_once(browser, shown):
    change = {
        "world": "words",
        "n_samples": 1000,
        "n_generations": 20,
        "n_replicates": 500,
        "seed": 3,
    }
    with shown(browser, planner().html()) as (page, faults):
        ready(page)
        seen = page.evaluate(GROWTH, change)
        parts = [count for count in seen if count != SMALL["n_replicates"]]
        assert len(parts) > 3 and parts == sorted(parts)
        in_parts = digest(data(page))
        put(page, {"seed": 4})
        assert digest(data(page)) != in_parts
        put(page, {"seed": 3})
        assert digest(data(page)) == in_parts
    assert faults == []
