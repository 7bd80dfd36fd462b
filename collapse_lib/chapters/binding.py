"""The claims and quoted facts of the chapters, written into their prose and checked against it."""

import json
from collections.abc import Iterator
from pathlib import Path

from collapse_lib.chapters.claims import Claim, claims_of
from collapse_lib.chapters.page import claims_page, page_path
from collapse_lib.chapters.prose import Bound, bound_numbers, rewritten, unbound_numbers
from collapse_lib.chapters.quoted import Quoted, quoted_of

__all__ = ["check", "write"]

COMMAND = "python -m collapse_lib.chapters claims write"


def chapter_paths(chapters: Path) -> list[Path]:
    """The chapters that may state claims, in the order of their names."""
    found = [*chapters.glob("*.ipynb"), *chapters.glob("*.md")]
    return sorted(path for path in found if path != page_path(chapters))


def facts_of(chapter: str) -> dict[str, Claim | Quoted]:
    """id -> what a chapter may state: its claims and its quoted facts.

    Raises ValueError where one id names both.
    """
    claims, quoted = claims_of(chapter), quoted_of(chapter)
    if both := sorted(claims.keys() & quoted.keys()):
        raise ValueError(f"Chapter {chapter} computes and quotes {both[0]}; rename one of them.")
    return claims | quoted


def write(chapters: Path) -> list[str]:
    """Write literals and page; returns the names of the files that changed."""
    changed, stated = [], []
    for path in chapter_paths(chapters):
        facts = facts_of(path.stem)
        wanted = {bound.id for bound in bound_numbers(path)} & set(facts)
        if _rewrite(path, {id: _literal(facts[id]) for id in sorted(wanted)}):
            changed.append(path.name)
        stated += [(b, facts[b.id]) for b in bound_numbers(path) if b.id in facts]
    page = page_path(chapters)
    text = claims_page(stated)
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")
        changed.append(page.name)
    return changed


def check(chapters: Path, seeds: tuple[int, ...] | None = None) -> list[str]:
    """One sentence for every fault: a claim that drifted or differs from its source, a quoted fact
    that the prose prints otherwise, one of either that is unknown or stated nowhere, a page that is
    not up to date, a number bound to nothing."""
    faults, stated = [], []
    for path in chapter_paths(chapters):
        facts, values = facts_of(path.stem), {}
        for bound in bound_numbers(path):
            fact = facts.get(bound.id)
            if fact is None:
                faults.append(f"{path.name}: no claim is called {bound.id}: «{bound.sentence}»")
                continue
            stated.append((bound, fact))
            if bound.id not in values:
                values[bound.id] = fact.value if _is_quoted(fact) else fact.compute(seeds)
            wrong = _misquoted if _is_quoted(fact) else _miscomputed
            faults += [f"{path.name}: {fault}" for fault in wrong(bound, fact, values[bound.id])]
        silent = sorted(set(facts) - set(values))
        faults += [f"{path.name} never states {id}" for id in silent]
        faults += [f"{path.name}: bound to nothing: {number}" for number in unbound_numbers(path)]
    page = page_path(chapters)
    if not page.exists() or page.read_text(encoding="utf-8") != claims_page(stated):
        faults.append(f"{page.name} is not up to date; run `{COMMAND}`")
    return faults


def _miscomputed(bound: Bound, claim: Claim, value: float) -> Iterator[str]:
    if not claim.agrees(bound.literal, value):
        yield (
            f"«{bound.sentence}» states {bound.literal}, but {bound.id} is {value:.6g} "
            f"(tolerance {claim.allowed(bound.literal):.2g})"
        )
    if not claim.agrees_with_source(value):
        yield (
            f"{bound.id} is {value:.6g}, but {claim.source} prints {claim.published:g} "
            f"(tolerance {claim.published_tolerance:g})"
        )


def _misquoted(bound: Bound, fact: Quoted, value: float) -> Iterator[str]:
    if bound.literal != fact.literal:
        yield (
            f"«{bound.sentence}» states {bound.literal}, but {bound.id} is quoted as "
            f"{fact.literal} from {fact.source}, {fact.place}"
        )


def _is_quoted(fact: Claim | Quoted) -> bool:
    return isinstance(fact, Quoted)


def _literal(fact: Claim | Quoted) -> str:
    return fact.literal if _is_quoted(fact) else fact.literal(fact.compute())


def _rewrite(path: Path, literals: dict[str, str]) -> bool:
    """Put literals into a Markdown file or into the Markdown cells of a notebook."""
    before = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        after = rewritten(before, literals)
    else:
        notebook = json.loads(before)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown":
                text = rewritten("".join(cell["source"]), literals)
                cell["source"] = text.splitlines(keepends=True)
        after = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    if after == before:
        return False
    path.write_text(after, encoding="utf-8")
    return True
