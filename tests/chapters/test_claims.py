"""The claim ledger: numbers in prose are bound, recomputed and listed."""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from collapse_lib.chapters import binding as command
from collapse_lib.chapters import claims as ledger
from collapse_lib.chapters import claims_of
from collapse_lib.chapters.__main__ import main
from collapse_lib.chapters.claims import Claim, Kind, claim, number_in
from collapse_lib.chapters.prose import bound_numbers, rewritten, unbound_numbers

CHAPTERS = Path(__file__).parents[2] / "chapters"


def seeds():
    """The seeds of COLLAPSE_TEST_SEEDS ("0-99"), or None for those of each claim."""
    first, _, last = os.environ.get("COLLAPSE_TEST_SEEDS", "").partition("-")
    return tuple(range(int(first), int(last or first) + 1)) if first else None


def test_every_number_of_the_book_agrees_with_its_claim():
    assert command.check(CHAPTERS, seeds()) == []


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book of one chapter with two claims, one of them simulated."""

    @claim(Kind.PROVED, "{:.1f} %", source="Wright 1931", published=63.2, published_tolerance=0.05)
    def kept_share():
        return 100 * (1 - np.exp(-1))

    @claim(Kind.SIMULATED, "{:.2f}", tolerance=0.2, seeds=(1, 2))
    def mean_draw(seed):
        return np.random.default_rng(seed).normal(3.0, 0.1, size=100).mean()

    claims = {each.id: each for each in (kept_share, mean_draw)}
    monkeypatch.setattr(command, "claims_of", lambda name: claims if name == "urn" else {})
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Urn\n", "\n", "Hello."]},
        {
            "cell_type": "code", "metadata": {}, "execution_count": 1,
            "source": ["n = 1_000\n", "print(n / 8)"],
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["125.0\n"]}],
        },
        {
            "cell_type": "markdown", "metadata": {},
            "source": [
                "Of 1,000 rows 125 go. Of the rest 1.0 %<!--claim kept-share--> stay in 2024,\n",
                'and the <a href="#fig=urn">mean</a> is 9<!--claim mean-draw-->. '
                "See section 3 and `x[77]` and $e^{-2}$.",
            ],
        },
    ]  # fmt: skip
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "urn.ipynb").write_text(json.dumps(notebook))
    return tmp_path


def markdown(book: Path) -> str:
    return "".join(json.loads((book / "urn.ipynb").read_text())["cells"][2]["source"])


def replace_in(book: Path, old: str, new: str) -> None:
    path = book / "urn.ipynb"
    assert old in path.read_text(encoding="utf-8")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_write_puts_the_literals_and_the_page_in_place(book):
    assert command.write(book) == ["urn.ipynb", "claims.md"]
    assert "63.2 %<!--claim kept-share-->" in markdown(book)
    assert "3.0" in markdown(book)
    assert command.check(book) == []
    assert command.write(book) == []
    page = (book / "claims.md").read_text()
    assert "> Of the rest 63.2 % stay in 2024, and the mean is" in page  # no link to another page
    assert (
        "- **63.2 %**: closed form, proved; tolerance 0.05; Wright 1931, which prints 63.2. "
        "`test_claims.kept_share`\n"
    ) in page
    assert "simulated; tolerance 0.2; seeds 1, 2. `test_claims.mean_draw`" in page


def test_a_number_changed_by_hand_is_named_with_its_sentence(book):
    command.write(book)
    replace_in(book, "63.2 %", "63.4 %")
    fault = command.check(book)[0]
    assert fault == (
        "urn.ipynb: «Of the rest 63.4 % stay in 2024, and the mean is 3.00.» states 63.4 %, but "
        "kept-share is 63.2121 (tolerance 0.05)"
    )


def test_a_formula_that_drifts_is_named(book, monkeypatch):
    command.write(book)
    claims = dict(command.claims_of("urn"))
    wrong = Claim("kept-share", Kind.PROVED, lambda: 63.9, "{:.1f} %")
    monkeypatch.setattr(command, "claims_of", lambda name: claims | {"kept-share": wrong})
    assert any("but kept-share is 63.9" in fault for fault in command.check(book))


def test_a_value_that_differs_from_its_source_is_named(book, monkeypatch):
    command.write(book)
    claims = dict(command.claims_of("urn"))
    other = Claim(
        "kept-share", Kind.PROVED, claims["kept-share"].value, "{:.1f} %",
        source="Wright 1931", published=65.0, published_tolerance=0.05,
    )  # fmt: skip
    monkeypatch.setattr(command, "claims_of", lambda name: claims | {"kept-share": other})
    assert (
        "urn.ipynb: kept-share is 63.2121, but Wright 1931 prints 65 (tolerance 0.05)"
        in command.check(book)
    )


def test_claims_that_are_unknown_or_never_stated_are_named(book):
    command.write(book)
    replace_in(book, "<!--claim mean-draw-->", "<!--claim mean-drow-->")
    faults = command.check(book)
    assert any(fault.startswith("urn.ipynb: no claim is called mean-drow") for fault in faults)
    assert "urn.ipynb never states mean-draw" in faults


def test_a_page_that_is_not_up_to_date_is_named(book):
    command.write(book)
    page = book / "claims.md"
    page.write_text(page.read_text().replace("63.2", "63.3"))
    assert command.check(book) == [
        "claims.md is not up to date; run `python -m collapse_lib.chapters claims write`"
    ]


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("It falls to 0.37 in the end.", "0.37"),
        ("About 12 % remain.", "12"),
        ("After 400 generations", "400"),
        ("We drew 4000 rows.", "4000"),
        ("It held 1700 words.", "1700"),
        ("Beyond 2100 rows", "2100"),
        ("so $x = 0.366$ here", "0.366"),
        ("It takes 1,234 turns.", "1,234"),
        ("From \N{MINUS SIGN}3.5 upwards.", "\N{MINUS SIGN}3.5"),
        ("| 17 | of them |", "17"),
        (":::{note}\nIt is 19 wide.\n:::", "19"),
    ],
)
def test_the_scan_finds_numbers_that_are_bound_to_nothing(book, sentence, number):
    command.write(book)
    notebook = json.loads((book / "urn.ipynb").read_text())
    notebook["cells"][2]["source"] = [sentence]
    (book / "urn.ipynb").write_text(json.dumps(notebook))
    found = unbound_numbers(book / "urn.ipynb")
    assert len(found) == 1 and found[0].startswith(f"{number} in ")


def test_the_scan_lets_pass_what_is_no_finding(book):
    assert unbound_numbers(book / "urn.ipynb") == []


def test_a_number_of_another_section_binds_nothing(book):
    notebook = json.loads((book / "urn.ipynb").read_text())
    notebook["cells"].insert(
        2, {"cell_type": "markdown", "metadata": {}, "source": ["## Elsewhere"]}
    )
    (book / "urn.ipynb").write_text(json.dumps(notebook))
    assert [fault.split(" in ")[0] for fault in unbound_numbers(book / "urn.ipynb")] == [
        "1,000", "125",
    ]  # fmt: skip


def test_a_claim_without_a_number_before_it_is_told(book):
    replace_in(book, "9<!--claim mean-draw-->", "nine<!--claim mean-draw-->")
    with pytest.raises(ValueError) as error:
        list(bound_numbers(book / "urn.ipynb"))
    assert str(error.value) == ("urn.ipynb: no number stands before <!--claim mean-draw-->.")


def test_the_command_says_what_it_found(book, capsys):
    assert main(["claims", "write", "--chapters", str(book)]) == 0
    assert main(["claims", "check", "--chapters", str(book)]) == 0
    replace_in(book, "63.2 %", "1.0 %")
    assert main(["claims", "check", "--chapters", str(book)]) == 1
    assert "states 1.0 %" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("form", "literal", "number", "allowed"),
    [
        ("{:.1f} %", "78.6 %", 78.6, 0.05),
        ("{:,.0f}", "1,234", 1234.0, 0.5),
        ("{:.2f}", "-0.25", -0.25, 0.005),
        ("{:.1e}", "2.7e-05", 2.7e-5, 0.05e-5),
        ("{:.0e}", "3e+04", 3e4, 0.5e4),
    ],
)
def test_numbers_and_their_rounding(form, literal, number, allowed):
    bound = Claim("x", Kind.PROVED, lambda: 0.0, form)
    assert number_in(literal) == number
    assert bound.allowed(literal) == pytest.approx(allowed, rel=1e-5)
    assert bound.agrees(literal, number + 0.9 * allowed)
    assert not bound.agrees(literal, number + 1.1 * allowed)


@pytest.mark.parametrize("literal", ["2e1 %", "1,6.2 %", "16.2", "016.2 %", "16 %", "16.20 %"])
def test_a_literal_in_another_form_does_not_pass(literal):
    bound = Claim("x", Kind.PROVED, lambda: 16.2, "{:.1f} %")
    assert bound.agrees("16.2 %", 16.2)
    assert not bound.agrees(literal, 16.2)


def test_other_seeds_are_used_when_they_are_given():
    simulated = Claim("x", Kind.SIMULATED, float, "{:.0f}", seeds=(1, 3))
    assert simulated.compute() == 2.0
    assert simulated.compute((10, 20, 60)) == 30.0


def test_a_claim_that_is_put_together_wrongly_is_told():
    with pytest.raises(TypeError, match="a function of a seed needs seeds"):
        claim(Kind.SIMULATED, "{:.1f}")(lambda seed: 1.0)
    with pytest.raises(ValueError, match="prints no number"):
        claim(Kind.PROVED, "none")(lambda: 1.0)


def test_a_chapter_without_claims_has_none():
    assert claims_of("no-such-chapter") == {}
    assert ledger.claims_of("recursion")


def test_rewriting_touches_nothing_else():
    text = "a 1 b 2.0 %<!--claim x--> c 3<!-- claim y --> d"
    assert rewritten(text, {"x": "7 %"}) == "a 1 b 7 %<!--claim x--> c 3<!--claim y--> d"
