"""Every built page in a real browser, over http and from the disk, with the network refused."""

import pytest
from webpage import DESK, serving, watched

PHONE = {"width": 400, "height": 800}

# Elements that stick out of the page, outermost first; what scrolls inside its own box is fine.
STICKING_OUT = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return [];
  return [...document.body.querySelectorAll("*")]
    .filter(e => e.getBoundingClientRect().right > root.clientWidth + 1)
    .slice(0, 5)
    .map(e => e.tagName.toLowerCase() + "." + e.className)
    .concat(["page " + root.scrollWidth + " > " + root.clientWidth]);
}"""

UNSEEN = """() => [...document.querySelectorAll(".cl-figure")]
  .filter(figure => {
    const shown = figure.matches(".cl-result") ? "table" : "svg, canvas, img";
    const drawings = [...figure.querySelectorAll(shown)];
    return !drawings.some(drawing => drawing.getBoundingClientRect().height > 40);
  })
  .map(figure => "figure " + figure.id + " shows nothing")"""

# Outputs, tables, formulas and opened code that cannot be read whole: on a wide page what is wider
# than its box, on a phone what its box hides, as what scrolls inside it is fine.
CUT = """wide => {
  document.querySelectorAll("details:is(.cl-code, .cl-solution)").forEach(each => each.open = true);
  return [...document.querySelectorAll("pre, table, div.math, .cell_output .output")]
    .filter(e => e.getClientRects().length && !e.closest("details:not([open])"))
    .filter(e => {
      let box = e;
      const overflow = () => getComputedStyle(box).overflowX;
      while (box !== document.body && overflow() === "visible") box = box.parentElement;
      const formula = e.querySelector("mjx-math")?.getBoundingClientRect().width;
      const left = e.getBoundingClientRect().left - box.getBoundingClientRect().left;
      const inside = left + (e.matches("div.math") && formula || e.scrollWidth);
      const scrolls = ["auto", "scroll"].includes(overflow());
      return inside > box.clientWidth + 1 && (wide || !scrolls);
    })
    .map(e => "cut: " + e.tagName.toLowerCase() + " " + e.textContent.trim().slice(0, 40));
}"""

# Fonts loaded, mathematics typeset, and a moment for anything that loads late.
SETTLED = """async () => {
  await document.fonts.ready;
  if (window.MathJax?.startup?.promise) await window.MathJax.startup.promise;
  await new Promise(done => setTimeout(done, 150));
}"""


def visit(browser, address: str, allowed: str) -> list[str]:
    """Open a page at each width; return its faults."""
    with watched(browser, allowed) as (page, faults):
        page.goto(address)
        for size in (DESK, PHONE):
            page.set_viewport_size(size)
            page.evaluate(SETTLED)
            seen = page.evaluate(STICKING_OUT) + page.evaluate(UNSEEN)
            seen += page.evaluate(CUT, size is DESK)
            faults += [f"at {size['width']} px: {what}" for what in seen]
    return faults


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_page_is_sound(browser, site, served, page_path, scheme):
    root = served if scheme == "http" else site.as_uri()
    assert visit(browser, f"{root}/{page_path}", root) == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_interactive_figures_start_and_pages_without_one_load_no_script(
    browser, site, served, page_path, scheme
):
    root = served if scheme == "http" else site.as_uri()
    asked = []
    with watched(browser, root) as (page, faults):
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{root}/{page_path}")
        hosts = page.locator("[data-cl-view]").evaluate_all(
            "figures => figures.map(figure => figure.dataset.clHost)"
        )
    assert set(hosts) <= {"live"}
    assert sum("/collapse-figures.js?v=" in url for url in asked) == bool(hosts)
    assert sum("/collapse-figures.css?v=" in url for url in asked) == bool(hosts)
    assert faults == []


def test_the_front_door_leads_to_the_first_page(browser, site, served):
    with watched(browser, served) as (page, faults):
        page.goto(f"{served}/")
        page.wait_for_url("**/chapters/index.html")
        assert page.title().startswith("The Model Collapse Loop")
    assert faults == []


def test_chapter_follows_the_dark_mode(browser, site):
    context = browser.new_context(color_scheme="dark", viewport=DESK)
    page = context.new_page()
    page.goto(f"{site.as_uri()}/chapters/index.html")
    real = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--cl-real')")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    context.close()
    assert real.strip().lower() == "#56b4e9"
    assert max(int(part) for part in ground[4:-1].split(",")[:3]) < 60


BROKEN = {
    "an outside script": '<script src="https://example.org/a.js"></script>',
    "an outside request made later": (
        "<script>setTimeout(() => fetch('https://example.org/x').catch(() => 0), 50)</script>"
    ),
    "an uncaught error": "<script>throw new Error('broken')</script>",
    "a console error": "<script>console.error('broken')</script>",
    "a missing picture": '<img src="none.png" alt="">',
    "a figure that shows nothing": (
        '<figure class="cl-figure"><div hidden><svg height="99"></svg></div></figure>'
    ),
    "a page too wide for a phone": '<div style="width: 700px">wide</div>',
    "a table that its box hides": (
        '<div style="overflow: hidden; width: 300px"><table><tr><td>'
        '<div style="width: 380px">wide</div></td></tr></table></div>'
    ),
    "code that scrolls on a wide page": f'<pre style="overflow: auto">{"wide " * 300}</pre>',
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_page_is_found(browser, tmp_path, body):
    page = f'<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><body>{body}</body>'
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    with serving(tmp_path) as root:
        faults = visit(browser, f"{root}/page.html", root)
    assert faults
