"""The code of a page: each cell closes to one line that says which it is, one switch opens all."""

import html
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from book_code import checks_an_answer, parsed, what_it_does, what_it_shows
from nbformat.v4 import reads_json
from webpage import watched

from tools.environment import ROOT

FIGURE = '<figure><p class="cl-title">{}</p><table><caption>Numbers</caption></table></figure>'


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import numpy as np\nfrom x import y", "imports"),
        ("import numpy as np\n\nSEED = 20", "imports, defines SEED"),
        ("for k in (1, 2):\n    n = k\na, (b, *c) = 1, (2, 3)\na = 2", "defines a, b and c"),
        ("def f():\n    inner = 1\nclass G: pass\n_ = f()", "defines f and G"),
        ("a = b = c = d = [e for e in 'xy']", "defines a, b, c and more"),
        ("book['a'] = 1", "book['a'] = 1"),
        ("\nshow(1)\nshow(2)", "show(1)"),
        ("x" * 80, f"{'x' * 59}…"),
        ("%time f()\nx = 1", "%time f()"),
    ],
)
def test_a_cell_without_a_picture_is_named_by_what_it_brings(source, said):
    assert what_it_does(source) == said


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (FIGURE.format("Bread &amp; butter"), "draws “Bread & butter”"),
        (FIGURE.format("One") + FIGURE.format("Two"), "draws “One” and “Two”"),
        ("<table><caption>What <i>each</i> keeps</caption></table>", "makes “What each keeps”"),
        ("<p>0.5</p>", ""),
    ],
)
def test_a_cell_with_a_picture_is_named_by_its_title(output, said):
    assert what_it_shows(output) == said


def test_a_call_and_no_import_of_the_check_makes_an_exercise():
    assert checks_an_answer(parsed('answer = 5\ncheck_answer("urn", answer)'))
    assert not checks_an_answer(parsed("from collapse_lib.chapters import check_answer"))


# --- the built pages ---------------------------------------------------------------------------


def chapters() -> list[str]:
    return sorted(f"chapters/{path.stem}.html" for path in (ROOT / "chapters").glob("*.ipynb"))


def sources(page_path: str) -> list[str]:
    """The code cells of the notebook behind a page, without those that check an answer or are not
    shown."""
    path = (ROOT / page_path).with_suffix(".ipynb")
    if not path.is_file():
        return []
    cells = reads_json(path.read_text(encoding="utf-8")).cells
    code = [
        cell.source
        for cell in cells
        if cell.cell_type == "code" and "remove-input" not in cell.metadata.get("tags", ())
    ]
    return [source for source in code if not re.search(r"^check_answer\(", source, re.MULTILINE)]


def test_no_cell_is_called_like_another(site, page_path):
    text = (site / page_path).read_text(encoding="utf-8")
    names = re.findall(r'<details class="cl-code"><summary>(.*?)</summary>', text)
    assert len(names) == len(sources(page_path))
    heard = [html.unescape(re.sub("<[^>]+>", "", name)) for name in names]
    assert all(re.fullmatch(r"Code \d+(:| draws| makes) \S.+", name) for name in heard)
    assert len(set(heard)) == len(heard)
    assert "Toggle hidden content" not in text
    assert "Show code cell" not in text
    assert ("code.js" in text) == ("Show code" in text) == bool(names)


CELLS = """() => [...document.querySelectorAll("div.cell:has(.cell_input)")].map(cell => ({
  code: cell.querySelector(".cell_input pre").textContent.trim(),
  exercise: /^check_answer\\(/m.test(cell.querySelector(".cell_input pre").textContent),
  seen: cell.querySelector(".cell_input").checkVisibility(),
  output: cell.querySelector(".cell_output")?.checkVisibility() ?? true,
}))"""
OPEN = "() => [...document.querySelectorAll('.cl-code')].map(fold => fold.open)"


def switch(page):
    return page.get_by_role("button", name="Show code", exact=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_code_is_folded_exercises_and_outputs_are_not(browser, site, served, page_path, scripts):
    with watched(browser, served, java_script_enabled=scripts) as (page, faults):
        page.goto(f"{served}/{page_path}")
        cells = page.evaluate(CELLS)
        assert [cell["code"] for cell in cells if not cell["seen"]] == [
            source.strip() for source in sources(page_path)
        ]
        assert all(cell["output"] for cell in cells)
        assert all(cell["seen"] == cell["exercise"] for cell in cells)
        assert switch(page).is_visible() == (scripts and bool(sources(page_path)))
    assert faults == []


def test_the_names_are_those_that_a_screen_reader_gets(browser, served):
    with watched(browser, served) as (page, faults):
        page.goto(f"{served}/chapters/recursion.html")
        tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        named = {
            node["name"]["value"]: node
            for node in tree
            if node.get("role", {}).get("value") == "DisclosureTriangle"
        }
        assert "Code 4 draws “The share of blue over the generations”" in named
        assert "Solution to Exercise 1" in named
        assert len([name for name in named if name.startswith("Code ")]) == len(
            sources("chapters/recursion.html")
        )
    assert faults == []


def test_a_name_takes_one_line_on_a_phone(browser, served):
    with watched(browser, served, viewport={"width": 400, "height": 800}) as (page, faults):
        for path in chapters():
            page.goto(f"{served}/{path}")
            heights = page.locator(".cl-code > summary").evaluate_all(
                "lines => lines.map(line => line.offsetHeight)"
            )
            assert 24 <= min(heights) <= max(heights) < 30, path
    assert faults == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_the_switch_opens_all_and_is_remembered(browser, site, served, scheme):
    root = served if scheme == "http" else site.as_uri()
    with watched(browser, root) as (page, faults):
        page.goto(f"{root}/chapters/recursion.html")
        assert switch(page).get_attribute("aria-pressed") == "false"
        switch(page).click()
        for path in ["chapters/recursion.html", *chapters()]:
            page.goto(f"{root}/{path}")
            assert switch(page).get_attribute("aria-pressed") == "true"
            assert set(page.evaluate(OPEN)) == {True}
        switch(page).click()
        assert switch(page).get_attribute("aria-pressed") == "false"
        assert set(page.evaluate(OPEN)) == {False}
        page.goto(f"{root}/chapters/recursion.html")
        assert set(page.evaluate(OPEN)) == {False}
    assert faults == []


def test_a_page_that_comes_back_follows_the_switch_of_the_page_between(browser, served):
    with watched(browser, served) as (page, faults):
        page.goto(f"{served}/chapters/recursion.html")
        switch(page).click()
        page.evaluate("""() => {
          localStorage.setItem("model-collapse-loop-code", "folded");
          dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
        }""")
        assert switch(page).get_attribute("aria-pressed") == "false"
        assert set(page.evaluate(OPEN)) == {False}
    assert faults == []


def test_a_page_inside_another_works_without_storage(browser, served, tmp_path):
    address = f"{served}/chapters/recursion.html"
    errors = []
    with watched(browser, served) as (page, _):
        page.on("pageerror", lambda error: errors.append(error.stack))
        page.goto(f"{served}/chapters/references.html")
        page.set_content(
            f'<iframe src="{address}" sandbox="allow-scripts" width="900" height="700"></iframe>'
        )
        frame = page.frame_locator("iframe")
        pressed = frame.locator(".cl-code-switch [aria-pressed=true]")
        for count in (1, 0, 1):
            switch(frame).click()
            assert pressed.count() == count
            assert (frame.locator(".cl-code[open]").count() > 0) == bool(count)
        kept = page.frames[1].evaluate("localStorage.constructor.name")
    assert kept == "Object"  # what _ext/framed.js puts in its place
    assert errors == []


def test_a_line_opens_by_keyboard_and_without_a_script(browser, served):
    for scripts in (True, False):
        with watched(browser, served, java_script_enabled=scripts) as (page, faults):
            page.goto(f"{served}/chapters/mitigation.html")
            fold = page.locator(".cl-code").nth(2)
            for key, opened in (("Enter", 1), ("Space", 0), ("Space", 1), ("Enter", 0)):
                fold.locator("summary").press(key)
                assert fold.and_(page.locator("[open]")).count() == opened
            page.keyboard.press("Shift+Tab")  # the line before, not the code between
            assert page.evaluate("document.activeElement.textContent").startswith("Code 2: ")
        assert faults == []


def test_an_address_inside_folded_code_opens_it(browser, served):
    with watched(browser, served) as (page, faults):
        page.goto(f"{served}/chapters/recursion.html")
        pre = page.locator(".cl-code pre[id]").nth(2)
        pre.wait_for(state="attached")
        page.evaluate(f"location.hash = '#{pre.get_attribute('id')}'")
        pre.wait_for(state="visible")
        assert page.evaluate(OPEN).count(True) == 1
    assert faults == []


def test_opened_code_can_be_copied(browser, served):
    permissions = ["clipboard-read", "clipboard-write"]
    with watched(browser, served, permissions=permissions) as (page, faults):
        page.goto(f"{served}/chapters/recursion.html")
        fold = page.locator(".cl-code").nth(2)
        fold.locator("summary").click()
        fold.hover()
        fold.locator("button.copybtn").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == sources("chapters/recursion.html")[2].strip()
    assert faults == []


IN_PRINT = """() => {
  const seen = (selector) => [...document.querySelectorAll(selector)]
    .filter(e => e.getClientRects().length > 0);
  return {
    lines: seen(".cl-code > summary, .cl-code-switch").length,
    folded: seen(".cl-code:not([open])").length,
    opened: seen(".cl-code[open] pre").length,
    empty: seen("div.cell").filter(e => e.innerText.trim() === "" && !e.querySelector("figure"))
      .length,
    solutions: seen(".cl-solution").filter(e => e.offsetHeight > 60).length,
  };
}"""


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_paper_has_no_line_to_open_and_no_gap(browser, served, scripts):
    with watched(browser, served, java_script_enabled=scripts) as (page, faults):
        for path in chapters():
            page.goto(f"{served}/{path}")
            page.locator(".cl-code > summary").first.click()
            page.emulate_media(media="print")
            solutions = page.locator(".cl-solution").count()
            nothing = {"lines": 0, "folded": 0, "empty": 0}
            assert page.evaluate(IN_PRINT) == nothing | {"opened": 1, "solutions": solutions}, path
            page.emulate_media(media="screen")
            assert page.evaluate(IN_PRINT)["lines"] > 0
    assert faults == []


RULES = [
    "aria-allowed-attr", "aria-toggle-field-name", "aria-valid-attr-value", "button-name",
    "color-contrast", "label-content-name-mismatch", "nested-interactive", "summary-name",
    "target-size",
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("shown", [False, True], ids=["folded", "shown"])
def test_axe_finds_nothing_in_lines_and_switch(browser, served, scheme, shown):
    with watched(browser, served, color_scheme=scheme) as (page, faults):
        page.goto(f"{served}/chapters/mitigation.html")
        if shown:
            switch(page).click()
        rules = {"runOnly": {"type": "rule", "values": RULES}}
        context = {"include": [[".cl-code-switch"], [".cl-code"], [".cl-solution"]]}
        found = Axe().run(page, context, rules).response
        assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
        assert {"button-name", "color-contrast", "summary-name"} <= {
            rule["id"] for rule in found["passes"]
        }
    assert faults == []
