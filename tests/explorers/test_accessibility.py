"""axe finds nothing in the figure, in both themes, wide and narrow; touch targets are large."""

from importlib.resources import files

import pytest
from live_page import put, ready
from view_page import SMALL, explorer

PREDICT = {
    "question": "What comes out?",
    "unit": "%",
    "lower": 0,
    "upper": 100,
    "t": 20,
    "answer": "mean",
}
PAPER = {
    "light": "body { color: #1f2328; background: #ffffff } :root { --cl-quiet: #59616b }",
    "dark": "body { color: #ced6dd; background: #121212 } :root { --cl-quiet: #a9b1bb;"
    " color-scheme: dark }",
}


@pytest.fixture(scope="session")
def axe():
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def violations(page, axe):
    page.evaluate(axe)
    found = page.evaluate("axe.run('main figure')")
    assert found["passes"]
    return [
        f"{broken['id']}: {node['html'][:120]}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser, shown, axe, theme, width):
    figures = (
        explorer(runs=2, try_this="Try this.", **SMALL),
        explorer("bell", family="gaussian", title="A bell curve", **SMALL),
        explorer("guess", predict=PREDICT, title="Guess first", **SMALL),
    )
    context = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    html = [figure.html() for figure in figures]
    with shown(browser, *html, **context) as (page, faults):
        page.add_style_tag(content=PAPER[theme])
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        for name in ("urn", "bell", "guess"):
            ready(page, name)
        assert violations(page, axe) == []
        page.evaluate("for (const node of document.querySelectorAll('details')) node.open = true")
        page.get_by_role("button", name="Reveal").press("Enter")
        put(page, {"policy": "mix", "n_samples": 10**6}, "bell")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page, axe) == []
        assert faults == []


def test_axe_would_find_a_field_without_a_label(browser, shown, axe):
    with shown(browser, explorer(**SMALL).html()) as (page, _):
        ready(page)
        page.evaluate("document.querySelector('#fig-urn label select').closest('label').remove()")
        page.evaluate(
            "document.querySelector('#fig-urn .cl-panel').append(document.createElement('select'))"
        )
        assert any(found.startswith("select-name") for found in violations(page, axe))


def test_touch_targets_on_a_phone_are_44_pixels_high(browser, shown):
    html = explorer(**SMALL).html()
    context = {"viewport": {"width": 400, "height": 900}, "has_touch": True, "is_mobile": True}
    with shown(browser, html, **context) as (page, _):
        figure = ready(page)
        page.evaluate("document.querySelector('#fig-urn .cl-more').open = true")
        targets = figure.locator("button:visible, select:visible, input:visible, summary:visible")
        assert targets.count() > 15
        for target in targets.all():
            box = target.bounding_box()
            assert box["height"] >= 44, target.evaluate("node => node.outerHTML")


def test_the_focus_is_seen(browser, shown):
    with shown(browser, explorer(**SMALL).html()) as (page, _):
        figure = ready(page)
        page.keyboard.press("Tab")
        seen = 0
        while figure.locator(":focus").count():
            style = figure.locator(":focus").evaluate("node => getComputedStyle(node).outline")
            assert "solid 2px" in style
            seen += 1
            page.keyboard.press("Tab")
        assert seen >= 12
