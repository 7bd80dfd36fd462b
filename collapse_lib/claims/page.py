"""The page that lists every claim of the book."""

from collections.abc import Iterable
from pathlib import Path

from collapse_lib.claims.ledger import Claim
from collapse_lib.claims.prose import Bound

__all__ = ["claims_page"]

HEAD = """\
# Claims

<!-- Written by `python -m collapse_lib.claims write`; do not edit. -->

Every number that the book states as a finding is listed here with what computes it. A test
computes each of them anew and compares; if one drifts, the test names its sentence. *Tolerance*
is how far the computed value may lie from the printed one: half a unit of the last digit for what
is computed exactly, about four standard errors for what is simulated.
"""


def claims_page(stated: Iterable[tuple[Bound, Claim]]) -> str:
    """The page as MyST Markdown, one table a chapter."""
    parts, chapter = [HEAD], None
    for bound, claim in stated:
        if bound.chapter != chapter:
            chapter = bound.chapter
            parts.append(
                f"\n## [{chapter}]({chapter}.ipynb)\n\n"
                "| sentence | stated | tolerance | kind | source | seeds | computed by |\n"
                "|---|---|---|---|---|---|---|\n"
            )
        parts.append(_row(bound, claim))
    return "".join(parts)


def _row(bound: Bound, claim: Claim) -> str:
    source = claim.source or "this book"
    if claim.published is not None:
        source += f" (prints {claim.published:g})"
    cells = [
        bound.sentence.replace("|", r"\|"),
        bound.literal,
        f"{claim.allowed(bound.literal):.2g}",
        claim.kind.value,
        source,
        ", ".join(map(str, claim.seeds)) or "none",
        f"`{claim.computed_by}`",
    ]
    return f"| {' | '.join(cells)} |\n"


def page_path(chapters: Path) -> Path:
    return chapters / "claims.md"
