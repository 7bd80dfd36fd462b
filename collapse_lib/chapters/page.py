"""The page that lists every claim of the book."""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from collapse_lib.chapters.claims import Claim
from collapse_lib.chapters.prose import Bound

__all__ = ["claims_page"]

HEAD = """\
# Claims

<!-- Written by `python -m collapse_lib.chapters claims write`; do not edit. -->

Every number that the book states as a finding is listed here, under its sentence, with how sure it
is, its source where it has one, and the function of `collapse_lib.chapters` that computes it. A
test computes each number anew and compares; if one drifts, the test names the sentence. The
*tolerance* is how far the computed value may lie from the printed one: half a unit of the last
digit for what is computed exactly, about four standard errors for what is simulated. Numbers that
a code cell prints are compared with the stored output instead, and are not listed.
"""


def claims_page(stated: Iterable[tuple[Bound, Claim]]) -> str:
    """The page as MyST Markdown: each sentence, and below it the numbers that it states."""
    parts = [HEAD]
    for chapter, of_chapter in groupby(stated, key=lambda pair: pair[0].chapter):
        parts.append(f"\n## In [{chapter}]({chapter})\n")
        for sentence, numbers in groupby(of_chapter, key=lambda pair: pair[0].sentence):
            parts.append(f"\n> {sentence}\n\n")
            parts += [_entry(bound, claim) for bound, claim in numbers]
    return "".join(parts)


def _entry(bound: Bound, claim: Claim) -> str:
    facts = [claim.kind.value, f"tolerance {claim.allowed(bound.literal):.2g}"]
    if claim.source:
        printed = "" if claim.published is None else f", which prints {claim.published:g}"
        facts.append(f"{claim.source}{printed}")
    if claim.seeds:
        facts.append(f"seeds {', '.join(map(str, claim.seeds))}")
    return f"- **{bound.literal}**: {'; '.join(facts)}. `{claim.computed_by}`\n"


def page_path(chapters: Path) -> Path:
    return chapters / "claims.md"
