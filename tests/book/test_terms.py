"""Terms of the glossary: each carries its sentence where it first stands on a page."""

import re

import pytest
from book_terms import GLOSSARY, marked, pattern_of, without_pointer
from docutils import nodes
from webpage import watched

from tools.environment import ROOT

SOURCE = (ROOT / f"{GLOSSARY}.md").read_text(encoding="utf-8")
ENTRIES = re.search(r"```\{glossary\}\n(.*?)```", SOURCE, re.DOTALL)[1].split("\n\n")
NAMES = [line for entry in ENTRIES for line in entry.splitlines() if line and line[0] != " "]
TERMS = {"nats": ("term-nats", "A unit."), "EM": ("term-EM", "Turns."), "bigram": ("term-b", "B.")}

# The text of a page where terms are marked, without the marks and what is left alone.
UNMARKED = """(() => {
  const article = document.querySelector(".bd-article").cloneNode(true);
  const alone = ".cl-tip, a, code, pre, h1, h2, h3, h4, figure, figcaption, .cl-figure,"
    + ".cl-explorer, details, nav, table, .math, .cell_output, .cl-code-switch,"
    + ".admonition-title, style, script";
  const marks = [...article.querySelectorAll(".cl-term > a")].map(a => a.textContent);
  for (const each of article.querySelectorAll(alone)) each.remove();
  return [marks, [...article.querySelectorAll("p")].map(p => p.textContent).join("\\n")];
})()"""


def test_the_first_of_each_term_is_marked_and_no_second():
    pattern, seen = pattern_of(TERMS), set()
    pieces = marked("Two nats, more nats, EM and them.", TERMS, pattern, seen, "glossary.html")
    html = "".join(node.astext() for node in pieces)
    assert html.count('class="cl-term"') == 2 and html.count("A unit.") == 1
    assert html.endswith(" and them.") and ", more nats, " in html
    assert marked("Nats again; em is no term.", TERMS, pattern, seen, "x") is None
    assert marked("Some Bigrams.", TERMS, pattern, seen, "x") is not None


def test_what_a_term_says_is_inert():
    terms = {"nats": ("term-nats", '<script>"x"</script>')}
    pieces = marked("A nats.", terms, pattern_of(terms), set(), "g.html")
    (html,) = [node.astext() for node in pieces if isinstance(node, nodes.raw)]
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_the_pointer_is_left_out_of_the_sentence():
    assert without_pointer("A chance. Drawn in provenance.") == "A chance."
    assert without_pointer("See how it goes: a chance.") == "See how it goes: a chance."


def test_the_glossary_is_in_order_and_names_nothing_twice():
    first = [entry.strip().splitlines()[0] for entry in ENTRIES if entry.strip()]
    assert first == sorted(first, key=str.lower) and len(first) >= 50
    assert len({name.lower() for name in NAMES}) == len(NAMES)


def test_no_term_stands_on_a_chapter_without_its_sentence(browser, site, served, page_path):
    if not (ROOT / page_path).with_suffix(".ipynb").is_file():
        pytest.skip("only chapters carry terms")
    with watched(browser, served) as (page, faults):
        page.goto(f"{served}/{page_path}")
        marks, text = page.evaluate(UNMARKED)
    text, marks = plain(text), [plain(mark) for mark in marks]
    pattern = pattern_of(NAMES)
    known = {pattern_key(mark) for mark in marks}
    left = {match[0] for match in pattern.finditer(text) if pattern_key(match[0]) not in known}
    aliases = {
        name.lower() for entry in ENTRIES for name in names_of(entry) if known & forms(entry)
    }
    assert {word for word in left if pattern_key(word) not in aliases} == set()
    assert faults == []


def test_a_sentence_shows_on_focus_and_stays_in_the_window(browser, served):
    for width in (1280, 400):
        with watched(browser, served) as (page, faults):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(f"{served}/chapters/related.html")
            term = page.locator(".cl-term").first
            tip = term.locator(".cl-tip")
            assert not tip.is_visible()
            term.locator("a").focus()
            assert tip.is_visible()
            box = tip.bounding_box()
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            assert term.locator("a").get_attribute("aria-describedby") == tip.get_attribute("id")
        assert faults == []


def plain(text):
    return text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def names_of(entry):
    return [line for line in entry.splitlines() if line and line[0] != " "]


def forms(entry):
    return {name.lower() for name in names_of(entry)}


def pattern_key(word):
    """The term, in small letters, that a word on the page is a form of."""
    known = {name.lower() for name in NAMES}
    word = word.lower()
    return next(form for form in (word, word[:-1], word[:-2]) if form in known)
