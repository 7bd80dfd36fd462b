"""A link is an experiment: it restores what was drawn, and nothing that it says can do harm."""

import pytest
from live_page import data, digest, put, ready, state, wait_for_state
from view_page import SMALL, explorer

from collapse_lib.policies import FreshReal


def copied_link(page, name="urn"):
    figure = page.locator(f"#fig-{name}")
    figure.get_by_role("button", name="Copy link").press("Enter")
    page.wait_for_function(f"document.querySelector('#fig-{name} input[type=url]').value")
    return figure.locator("input[type=url]").input_value()


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_copied_link_restores_the_same_data(browser, shown, scheme):
    html = explorer(**SMALL).html() + explorer("bell", family="gaussian", **SMALL).html()
    change = {
        "policy": "fresh",
        "real_fraction": 0.25,
        "n_samples": 40,
        "seed": 5,
        "runs": 2,
        "t": 11,
    }
    with shown(browser, html, scheme=scheme) as (page, faults):
        for name in ("urn", "bell"):
            ready(page, name)
            put(page, change, name)
        link = copied_link(page)
        page.evaluate("link => location.hash = link.split('#')[1]", link)
        link = copied_link(page, "bell")
        before = [digest(data(page, name)) for name in ("urn", "bell")]
        assert faults == []
    assert link.count("fig=") == 2
    with shown(browser, html, scheme=scheme, fragment=f"#{link.partition('#')[2]}") as opened:
        page, faults = opened
        for name, drawn in zip(("urn", "bell"), before, strict=True):
            ready(page, name)
            assert digest(data(page, name)) == drawn
        assert faults == []


def test_a_link_holds_only_what_differs(browser, shown):
    with shown(browser, explorer(seed=3, policy=FreshReal(0.2)).html()) as (page, _):
        ready(page)
        assert copied_link(page).endswith("#fig=urn&v=2&real_fraction=0.2&seed=3&policy=fresh")
        put(page, {"seed": 1, "n_samples": 1000})
        link = "#fig=urn&v=2&n_samples=1000&real_fraction=0.2&seed=1&policy=fresh"
        assert copied_link(page).endswith(link)


def test_presets_of_the_prose_apply_again_and_again(browser, shown):
    preset = '<a id="preset" href="#fig=urn&v=2&n_samples=1000">set n to 1000</a>'
    prose = f'<p>{preset} <a href="#far">far</a></p>'
    html = prose + explorer(**SMALL).html() + '<h2 id="far" style="margin-top:3000px">Far</h2>'
    with shown(browser, html) as (page, faults):
        figure = ready(page)
        first = digest(data(page))
        page.locator("#preset").press("Enter")
        page.wait_for_function("location.hash.includes('n_samples=1000')")
        preset = digest(data(page))
        assert preset != first
        assert state(page)["n_samples"] == 1000
        figure.locator("select[data-cl-key=policy]").select_option("accumulate")
        assert digest(data(page)) != preset
        page.locator("#preset").press("Enter")
        assert digest(data(page)) == preset
        page.locator("a", has_text="far").click()
        page.wait_for_function("scrollY > 1000")
        assert digest(data(page)) == preset
        page.evaluate("location.hash = '#fig=urn&v=2&n_samples=20'")
        page.wait_for_function("scrollY < 1000")
        wait_for_state(page, "n_samples", 20)
        assert faults == []


def test_a_link_below_a_long_figure_brings_its_drawing_into_sight(browser, shown):
    preset = '<a id="preset" href="#fig=urn&v=2&n_samples=40">40 rows</a>'
    below = f'<p style="margin-bottom:3000px">{preset}</p>'
    context = {"viewport": {"width": 400, "height": 600}, "reduced_motion": "reduce"}
    with shown(browser, explorer(**SMALL).html() + below, **context) as (page, faults):
        plot = ready(page).locator("svg.cl-plot").first
        link = page.locator("#preset")
        link.focus()
        assert plot.bounding_box()["y"] + plot.bounding_box()["height"] < 0
        link.press("Enter")
        page.wait_for_function("document.querySelector('.cl-plot').getBoundingClientRect().top > 0")
        assert plot.bounding_box()["y"] < 600
        stays = page.evaluate("scrollY")
        page.evaluate("location.hash = '#fig=urn&v=2&n_samples=20'")
        wait_for_state(page, "n_samples", 20)
        assert page.evaluate("scrollY") == stays
        assert faults == []


@pytest.mark.parametrize(
    "fragment, expected",
    [
        (
            "v=2&n_samples=1e99&sampling_bias=-4&n_replicates=100000&t=-3",
            {"n_samples": 1e12, "n_replicates": 1000, "t": 1},
        ),
        (
            "n=1e99&bias=-4&replicates=100000&t=-3",
            {"n_samples": 1e12, "n_replicates": 1000, "t": 1},
        ),
        ("n=many&policy=constructor&measure=variance&counts=1,x&runs=", {}),
        ("n=%E0%A4%A&names=a,b&family=gaussian&autoplay=true", {}),
        ("v=2&n=50", {}),
        ("v=3&n_samples=50", {}),
        ("constructor=5&__proto__=6&v=1", {}),
        ("counts=50,30,20&colour=9", {"counts": [50, 30, 20], "colour": 2}),
        ("v=2&n_generations=50", {"n_generations": 50, "t": 50}),
        ("generations=50", {"n_generations": 50, "t": 50}),
        ("generations=1000000&temperature=Infinity", {"n_generations": 1000, "t": 1000}),
    ],
)
def test_what_cannot_be_read_is_left_out_or_clamped(browser, shown, fragment, expected):
    with shown(browser, explorer(**SMALL).html()) as (page, _):
        ready(page)
        usual = state(page)
    with shown(browser, explorer(**SMALL).html(), fragment=f"#fig=urn&{fragment}") as opened:
        page, faults = opened
        ready(page)
        found = state(page)
        if "counts" in expected:
            assert found.pop("names") == ["yellow", "blue", "colour 3"]
            usual.pop("names")
        if "bias" in fragment:
            assert found.pop("sampling_bias") == usual.pop("sampling_bias") / 2
        assert found == usual | expected
        assert len(data(page)["mean"]) == found["t"]
        assert faults == []


FROM_BEFORE = {
    "n": ("n_samples", 40),
    "share": ("real_fraction", 0.25),
    "newRows": ("n_fresh", 7),
    "bias": ("sampling_bias", 0.75),
    "generations": ("n_generations", 9),
    "replicates": ("n_replicates", 11),
}


@pytest.mark.parametrize("version", ["v=1&", ""])
def test_every_name_of_older_links_is_understood(browser, shown, version):
    html = explorer(**SMALL).html()
    for old, (name, value) in FROM_BEFORE.items():
        with shown(browser, html, fragment=f"#fig=urn&{version}{old}={value}") as (page, faults):
            ready(page)
            assert state(page)[name] == value
            assert old not in state(page)
            assert faults == []


OLD_URN = (
    "fig=urn&v=1&n=40&share=0.25&newRows=3&temperature=0.9&generations=15&replicates=12&seed=5"
    "&colour=0&runs=2&t=11&counts=50,30,20&policy=fresh&measure=share"
)
NEW_URN = {
    "n_samples": 40, "real_fraction": 0.25, "n_fresh": 3, "temperature": 0.9, "n_generations": 15,
    "n_replicates": 12, "seed": 5, "colour": 0, "runs": 2, "t": 11, "counts": [50, 30, 20],
    "policy": "fresh", "measure": "share",
}  # fmt: skip
OLD_BELL = "fig=bell&v=1&bias=0.75&ddof=1&n=40&policy=accumulate&newRows=3&measure=risk&seed=5"
NEW_BELL = {
    "sampling_bias": 0.75, "ddof": 1, "n_samples": 40, "policy": "accumulate", "n_fresh": 3,
    "measure": "risk", "seed": 5,
}  # fmt: skip


def test_whole_links_of_before_open_with_the_same_data(browser, shown):
    html = explorer(**SMALL).html() + explorer("bell", family="gaussian", **SMALL).html()
    wanted = {"urn": NEW_URN, "bell": NEW_BELL}
    with shown(browser, html, fragment=f"#{OLD_URN}&{OLD_BELL}") as (page, faults):
        for name in wanted:
            ready(page, name)
        found = {name: (state(page, name), digest(data(page, name))) for name in wanted}
        again = copied_link(page)
        assert "fig=urn&v=2&n_samples=40&" in again
        assert faults == []
    with shown(browser, html) as (page, faults):
        for name, change in wanted.items():
            ready(page, name)
            before = digest(data(page, name))
            put(page, change, name)
            drawn = digest(data(page, name))
            assert drawn != before
            assert found[name] == (state(page, name), drawn)
        assert faults == []


def test_other_anchors_and_other_figures_are_left_alone(browser, shown):
    for fragment in (
        "#section",
        "#fig=other&n=50",
        "#fig=other&v=2&n_samples=50",
        "#n=50",
        "#fig-urn",
        "#%E0%A4%A",
    ):
        with shown(browser, explorer(**SMALL).html(), fragment=fragment) as (page, faults):
            ready(page)
            assert state(page)["n_samples"] == SMALL["n_samples"]
            assert faults == []
