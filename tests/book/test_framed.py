"""A page inside another, without storage and forms: colours and search work, nothing fails."""

import json
import re

import pytest
from webpage import watched

from tools.environment import ROOT

SCRIPT = (ROOT / "_ext" / "framed.js").read_text(encoding="utf-8")
OURS = re.compile(r"<script>\n/\* What a page inside another.*?</script>", re.DOTALL)
BLANK = '<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><body></body>'
FRAME = """<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><body>
<iframe src="{}" sandbox="allow-scripts" width="1200" height="800"></iframe></body>"""
MODE = "() => document.documentElement.dataset.mode"
STORED = "name => { try { return window[name].constructor.name } catch { return 'throws' } }"


def told(faults):
    """Faults without the fonts: a server decides whether a page of another origin may have them."""
    return [f for f in faults if "Access to font" not in f and "net::ERR_FAILED" not in f]


def framed(page, address):
    """Show a page of the book inside another; return the frame, and what finds things in it."""
    outer = f"{address.split('/chapters')[0]}/outer.html"
    page.route(outer, lambda route: route.fulfill(body=FRAME.format(address)))
    page.goto(outer)
    return page.frames[1], page.frame_locator("iframe")


def test_colours_and_search_work_in_a_sandboxed_frame(browser, served):
    with watched(browser, served) as (page, faults):
        frame, inside = framed(page, f"{served}/chapters/recursion.html")
        switch = inside.locator("button.theme-switch-button").first
        modes = [frame.evaluate(MODE)]
        for _ in range(3):
            switch.click()
            modes.append(frame.evaluate(MODE))
        assert modes == ["auto", "dark", "light", "auto"]
        inside.locator(".search-button__button:visible").first.click()
        box = inside.locator("input[type=search]:visible").first
        box.fill("variance & mean")
        box.press("Enter")
        inside.locator("#search-results li a").first.wait_for()
        assert page.frames[1].url == f"{served}/search.html?q=variance+%26+mean"
        inside.locator("#search-results li a").first.click()
        inside.locator("article.bd-article h1").first.wait_for()
        assert "/chapters/" in page.frames[1].url
    assert told(faults) == []


@pytest.mark.parametrize("name", ["index", "autophagy", "claims", "provenance"])
def test_pages_and_their_figures_start_in_a_sandboxed_frame(browser, site, served, name):
    with watched(browser, served) as (page, faults):
        frame, inside = framed(page, f"{served}/chapters/{name}.html")
        frame.wait_for_load_state("load")
        figures = inside.locator("[data-cl-view]")
        hosts = figures.evaluate_all("figures => figures.map(f => f.dataset.clHost)")
        assert set(hosts) <= {"live"}
        assert frame.evaluate(STORED, "localStorage") == "Object"
    assert told(faults) == []


def test_without_the_script_the_theme_fails_there(browser, site, served):
    """The test above can fail."""
    path = site / "chapters" / "recursion.html"
    bare, found = OURS.subn("", path.read_text(encoding="utf-8"))
    assert found == 1
    with watched(browser, served) as (page, faults):
        address = f"{served}/chapters/recursion.html"
        page.route(address, lambda route: route.fulfill(body=bare, content_type="text/html"))
        frame, _ = framed(page, address)
        frame.wait_for_load_state("load")
    assert any("localStorage" in fault for fault in told(faults))


BROKEN = {
    "cookies are blocked": "get() { throw new DOMException('denied', 'SecurityError'); }",
    "there is none": "value: null",
    "nothing fits in": "value: { setItem() { throw new DOMException('full'); } }",
    "it is undefined": "value: undefined",
}
USED = """() => ["localStorage", "sessionStorage"].map(name => {
  const kept = window[name], seen = [kept.getItem("a"), kept.length];
  kept.setItem("a", 1); kept.setItem("b", "2");
  seen.push(kept.getItem("a"), kept.length, kept.key(1), kept.key(2));
  kept.removeItem("a"); seen.push(kept.getItem("a"), kept.length);
  kept.clear(); seen.push(kept.length);
  return seen;
})"""


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("name", ["localStorage", "sessionStorage"])
def test_storage_of_every_broken_kind_is_replaced(browser, tmp_path, how, name):
    page_with_it = BLANK.replace("<body>", f"<body><script>{SCRIPT}</script>")
    (tmp_path / "page.html").write_text(page_with_it, encoding="utf-8")
    with watched(browser, tmp_path.as_uri()) as (page, faults):
        page.add_init_script(
            f"Object.defineProperty(window, {json.dumps(name)}, "
            f"{{ configurable: true, {BROKEN[how]} }})"
        )
        page.goto(f"{tmp_path.as_uri()}/page.html")
        kinds = {kind: page.evaluate(STORED, kind) for kind in ("localStorage", "sessionStorage")}
        assert kinds == {"localStorage": "Storage", "sessionStorage": "Storage"} | {name: "Object"}
        assert page.evaluate(USED) == [[None, 0, "1", 2, "b", None, None, 1, 0]] * 2
    assert faults == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_search_finds_pages_outside_a_frame_too(browser, site, served, scheme):
    root = served if scheme == "http" else site.as_uri()
    with watched(browser, root) as (page, faults):
        page.goto(f"{root}/chapters/index.html")
        page.keyboard.press("Control+k")
        box = page.locator("input[type=search]:visible").first
        box.fill("variance")
        box.press("Enter")
        page.locator("#search-results li a").first.wait_for()
        page.get_by_text("Search finished").wait_for()
        assert page.url == f"{root}/search.html?q=variance"
        excerpts = page.locator("#search-results p.context")
        if scheme == "http":
            excerpts.first.wait_for()
        page.wait_for_timeout(200)
        assert bool(excerpts.count()) == (scheme == "http")  # a disk lets no page read another
    assert faults == []
