"""The claims of the chapters, written into their prose and checked against it."""

import json
from pathlib import Path

from collapse_lib.chapters.claims import claims_of
from collapse_lib.chapters.page import claims_page, page_path
from collapse_lib.chapters.prose import bound_numbers, rewritten, unbound_numbers

__all__ = ["check", "write"]

COMMAND = "python -m collapse_lib.chapters claims write"


def chapter_paths(chapters: Path) -> list[Path]:
    """The chapters that may state claims, in the order of their names."""
    found = [*chapters.glob("*.ipynb"), *chapters.glob("*.md")]
    return sorted(path for path in found if path != page_path(chapters))


def write(chapters: Path) -> list[str]:
    """Write literals and page; returns the names of the files that changed."""
    changed, stated = [], []
    for path in chapter_paths(chapters):
        claims = claims_of(path.stem)
        wanted = {bound.id for bound in bound_numbers(path)} & set(claims)
        literals = {id: claims[id].literal(claims[id].compute()) for id in sorted(wanted)}
        if _rewrite(path, literals):
            changed.append(path.name)
        stated += [(b, claims[b.id]) for b in bound_numbers(path) if b.id in claims]
    page = page_path(chapters)
    text = claims_page(stated)
    if not page.exists() or page.read_text(encoding="utf-8") != text:
        page.write_text(text, encoding="utf-8")
        changed.append(page.name)
    return changed


def check(chapters: Path, seeds: tuple[int, ...] | None = None) -> list[str]:
    """One sentence for every fault: a claim that drifted, is unknown or stated nowhere, differs
    from its source, a page that is not up to date, a number bound to nothing."""
    faults, stated = [], []
    for path in chapter_paths(chapters):
        claims = claims_of(path.stem)
        values = {}
        for bound in bound_numbers(path):
            claim = claims.get(bound.id)
            if claim is None:
                faults.append(f"{path.name}: no claim is called {bound.id}: «{bound.sentence}»")
                continue
            stated.append((bound, claim))
            value = values.setdefault(bound.id, claim.compute(seeds))
            if not claim.agrees(bound.literal, value):
                faults.append(
                    f"{path.name}: «{bound.sentence}» states {bound.literal}, but {bound.id} is "
                    f"{value:.6g} (tolerance {claim.allowed(bound.literal):.2g})"
                )
            if not claim.agrees_with_source(value):
                faults.append(
                    f"{path.name}: {bound.id} is {value:.6g}, but {claim.source} prints "
                    f"{claim.published:g} (tolerance {claim.published_tolerance:g})"
                )
        silent = sorted(set(claims) - set(values))
        faults += [f"{path.name} never states the claim {id}" for id in silent]
        faults += [f"{path.name}: bound to nothing: {number}" for number in unbound_numbers(path)]
    page = page_path(chapters)
    if not page.exists() or page.read_text(encoding="utf-8") != claims_page(stated):
        faults.append(f"{page.name} is not up to date; run `{COMMAND}`")
    return faults


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
