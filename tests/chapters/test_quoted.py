"""Quoted facts: data with a source, never counted among what is computed."""

import json
import re
from datetime import date
from pathlib import Path

import pytest
from sentences import refusals, says

from collapse_lib.chapters import binding
from collapse_lib.chapters import quoted as ledger
from collapse_lib.chapters.claims import Kind, claim
from collapse_lib.chapters.quoted import Quoted, quoted_of

ROOT = Path(__file__).parents[2]
CHAPTERS = {path.stem for path in (ROOT / "chapters").glob("*.ipynb")}
FACTS = [
    pytest.param(fact, id=f"{chapter}-{fact.id}")
    for chapter in sorted(CHAPTERS)
    for fact in quoted_of(chapter).values()
]
FACT = {
    "value": 38, "unit": "% of pages", "form": "{:.0f} %", "source": "pew2024disappears",
    "place": "subtitle", "read": "2026-11-28",
}  # fmt: skip


def unsupported(fact: Quoted, today: date) -> list[str]:
    """What is wrong with a fact in the light of the bibliography and the calendar."""
    keys = re.findall(r"(?m)^@\w+\{([^,]+),", (ROOT / "references.bib").read_text("utf-8"))
    faults = [] if fact.source in keys else [f"{fact.source} is not in references.bib"]
    if fact.read is not None and date.fromisoformat(fact.read) > today:
        faults.append(f"{fact.read} is still to come")
    return faults


@pytest.mark.parametrize("fact", FACTS)
def test_every_source_is_in_the_bibliography_and_was_read_before_today(fact):
    assert unsupported(fact, date.today()) == []


def test_an_unknown_source_and_a_day_to_come_are_seen():
    fact = Quoted("x", **FACT | {"source": "nobody2024"})
    assert unsupported(fact, date(2026, 11, 27)) == [
        "nobody2024 is not in references.bib", "2026-11-28 is still to come",
    ]  # fmt: skip


def test_every_file_of_quoted_facts_belongs_to_a_chapter():
    found = {path.parent.name for path in (ROOT / "collapse_lib").rglob("quoted.json")}
    assert found and found <= CHAPTERS


def test_no_kind_of_claim_is_quoted():
    assert not [kind for kind in Kind if "quoted" in kind.value]
    assert quoted_of("language")
    assert quoted_of("no-such-chapter") == {}


test_a_fact_that_lacks_something_is_refused = refusals(
    (lambda: Quoted("x", **FACT | {"unit": " "}), "Quoted x: unit must say something; got ' '."),
    (lambda: Quoted("x", **FACT | {"source": ""}), "Quoted x: source must say something; got ''."),
    (lambda: Quoted("x", **FACT | {"place": ""}), "Quoted x: place must say something; got ''."),
    (
        lambda: Quoted("x", **FACT | {"value": 38.4}),
        "Quoted x: form '{:.0f} %' must print the value 38.4; got '38 %'.",
    ),
    (
        lambda: Quoted("x", **FACT | {"read": "November 2026"}),
        "Quoted x: read must be a day such as 2026-11-28 or null; got 'November 2026'.",
    ),
    (
        lambda: Quoted("x", **FACT | {"read": None}),
        "Quoted x: read may be null only where a note says why.",
    ),
)


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A chapter that computes one number and quotes two, one of them undated and stated twice."""

    @claim(Kind.PROVED, "{:.1f}")
    def half():
        return 0.5

    cold = FACT | {"value": 9.85, "form": "{:.2f}", "read": None, "note": "From notes."}
    folder = tmp_path / "kit" / "urn"
    folder.mkdir(parents=True)
    (folder / "quoted.json").write_text(json.dumps({"pages-gone": FACT, "cold": cold}))
    monkeypatch.setattr(ledger, "__file__", str(folder.parent / "quoted.py"))
    monkeypatch.setattr(binding, "claims_of", lambda name: {"half": half} if name == "urn" else {})
    chapters = tmp_path / "chapters"
    chapters.mkdir()
    (chapters / "urn.md").write_text(
        "Of all pages 1 %<!--claim pages-gone--> are gone. A half is 0<!--claim half-->.\n\n"
        "Cold it is 1<!--claim cold-->. Again 1<!--claim cold-->.\n"
    )
    return chapters


def test_write_puts_quoted_literals_in_place_and_lists_them_apart(book):
    assert binding.write(book) == ["urn.md", "claims.md"]
    assert binding.check(book) == []
    text = (book / "urn.md").read_text()
    assert "38 %<!--claim pages-gone-->" in text and text.count("9.85<!--claim cold-->") == 2
    counts, _, page = (book / "claims.md").read_text().partition("## Computed")
    assert counts.endswith(
        "| closed form, proved | 1 |\n| quoted from a source | 2 |\n"
        "| of these: date of reading not kept | 1 |\n\n"
    )
    computed, _, quoted = page.partition("## Quoted")
    assert "**0.5**" in computed and "**38 %**" not in computed and "**0.5**" not in quoted
    source = "{cite:t}`pew2024disappears`, subtitle"
    assert f"- **38 %** (unit: % of pages): {source}; read 2026-11-28.\n" in quoted
    undated = "date of reading not kept. From notes."
    assert f"- **9.85** (unit: % of pages): {source}; {undated}\n" in quoted


@pytest.mark.parametrize("literal", ["39 %", "38.0 %", "38"])
def test_a_literal_that_is_not_the_quoted_one_is_named(book, literal):
    binding.write(book)
    path = book / "urn.md"
    path.write_text(path.read_text().replace("38 %", literal))
    assert binding.check(book)[0] == (
        f"urn.md: «Of all pages {literal} are gone.» states {literal}, but pages-gone is quoted as "
        "38 % from pew2024disappears, subtitle"
    )


def test_a_quoted_fact_that_nothing_states_is_named(book):
    binding.write(book)
    path = book / "urn.md"
    path.write_text(path.read_text().replace("38 %<!--claim pages-gone-->", "Many"))
    assert "urn.md never states pages-gone" in binding.check(book)


def test_one_id_is_either_computed_or_quoted(book, monkeypatch):
    monkeypatch.setattr(binding, "claims_of", lambda name: {"cold": None, "half": None})
    with says("Chapter urn computes and quotes cold; rename one of them."):
        binding.check(book)


def test_a_number_in_a_table_is_listed_under_its_row(book):
    path = book / "urn.md"
    path.write_text(
        path.read_text() + "\n| n | of |\n|---|---|\n| 1<!--claim half--> | *pages* |\n"
    )
    binding.write(book)
    assert "> 0.5 · *pages*\n\n- **0.5**" in (book / "claims.md").read_text()
