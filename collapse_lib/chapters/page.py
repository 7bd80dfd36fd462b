"""The page that lists every claim and every quoted fact of the book."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from collapse_lib.chapters.claims import Claim, Kind
from collapse_lib.chapters.prose import Bound
from collapse_lib.chapters.quoted import Quoted

__all__ = ["claims_page"]

HEAD = """\
# Claims

<!-- Written by `python -m collapse_lib.chapters claims write`; do not edit. -->

Every number that the book states as a finding is listed here, under its sentence: first those that
are computed, then those that are quoted. Numbers that a code cell prints are compared with the
stored output instead, and are not listed.
"""

COMPUTED = """
## Computed

Each with how sure it is, its source where it has one, and the function of `collapse_lib.chapters`
that computes it. A test computes each number anew and compares; if one drifts, the test names the
sentence. The *tolerance* is how far the computed value may lie from the printed one: half a unit of
the last digit for what is computed exactly, about four standard errors for what is simulated.
"""

QUOTED = """
## Quoted

These numbers are others'. Nothing here computes them: a test can only see that the sentence prints
what was copied from the source. Each with its unit, its source, the place there and the day on
which it was read.
"""

UNDATED = "date of reading not kept"

Pair = tuple[Bound, Claim | Quoted]


def claims_page(stated: Iterable[Pair]) -> str:
    """The page as MyST Markdown: how many numbers there are of each kind, then each sentence, and
    below it the numbers that it states."""
    stated = list(stated)
    quoted = [pair for pair in stated if isinstance(pair[1], Quoted)]
    computed = [pair for pair in stated if isinstance(pair[1], Claim)]
    parts = [HEAD, _counts(stated)]
    for head, pairs, entry in ((COMPUTED, computed, _computed), (QUOTED, quoted, _quoted)):
        parts += [head, *_listed(pairs, entry)] if pairs else []
    return "".join(parts)


def _counts(stated: list[Pair]) -> str:
    """A table with the number of facts of each kind; one that is stated twice counts once."""
    facts = {(bound.chapter, bound.id): fact for bound, fact in stated}.values()
    kinds = Counter(fact.kind for fact in facts if isinstance(fact, Claim))
    rows = [(kind.value, kinds[kind]) for kind in Kind if kinds[kind]]
    quoted = [fact for fact in facts if isinstance(fact, Quoted)]
    rows.append(("quoted from a source", len(quoted)))
    if undated := sum(fact.read is None for fact in quoted):
        rows.append((f"of these: {UNDATED}", undated))
    return "\n| kind | numbers |\n|---|---|\n" + "".join(f"| {k} | {n} |\n" for k, n in rows)


def _listed(pairs: list[Pair], entry: Callable[[Bound, Claim | Quoted], str]) -> Iterable[str]:
    for chapter, of_chapter in groupby(pairs, key=lambda pair: pair[0].chapter):
        yield f"\n### In [{chapter}]({chapter})\n"
        for sentence, numbers in groupby(of_chapter, key=lambda pair: pair[0].sentence):
            yield f"\n> {sentence}\n\n"
            yield from (entry(bound, fact) for bound, fact in numbers)


def _computed(bound: Bound, claim: Claim) -> str:
    facts = [claim.kind.value, f"tolerance {claim.allowed(bound.literal):.2g}"]
    if claim.source:
        printed = "" if claim.published is None else f", which prints {claim.published:g}"
        facts.append(f"{claim.source}{printed}")
    if claim.seeds:
        facts.append(f"seeds {', '.join(map(str, claim.seeds))}")
    return f"- **{bound.literal}**: {'; '.join(facts)}. `{claim.computed_by}`\n"


def _quoted(bound: Bound, fact: Quoted) -> str:
    read = UNDATED if fact.read is None else f"read {fact.read}"
    source = f"{{cite:t}}`{fact.source}`"
    about = f"{source}, {fact.place}; {read}. {fact.note}"
    return f"- **{bound.literal}** (unit: {fact.unit}): {about.rstrip()}\n"


def page_path(chapters: Path) -> Path:
    return chapters / "claims.md"
