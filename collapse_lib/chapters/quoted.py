"""Quoted: one number that the book takes from a source, kept as data beside its chapter."""

import json
import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from collapse_lib.arguments import got
from collapse_lib.chapters.claims import number_in

__all__ = ["Quoted", "quoted_of"]


@dataclass(frozen=True)
class Quoted:
    """One number that a source prints; nothing here computes it.

    id: unique in its chapter, lower-case words joined by dashes.
    value: the number, in its unit. unit: what it counts, in words.
    form: format string of the literal, such as "{:.1f} %".
    source: key of references.bib. place: where in the source, such as "Table 2".
    read: the day on which the source was read, as ISO; None, with a note, where it was not kept.
    note: what a reader should know, such as that the number was read second-hand.

    Raises ValueError where one of them is missing or in another form.
    """

    id: str
    value: float
    unit: str
    form: str
    source: str
    place: str
    read: str | None
    note: str = ""

    def __post_init__(self):
        for name in ("unit", "source", "place"):
            if not (said := getattr(self, name)).strip():
                raise ValueError(f"Quoted {self.id}: {name} must say something; {got(said)}.")
        if not math.isclose(number_in(self.literal), self.value):
            raise ValueError(
                f"Quoted {self.id}: form {self.form!r} must print the value {self.value:g}; "
                f"{got(self.literal)}."
            )
        if self.read is None and not self.note:
            raise ValueError(f"Quoted {self.id}: read may be null only where a note says why.")
        if self.read is not None:
            try:
                date.fromisoformat(self.read)
            except ValueError:
                raise ValueError(
                    f"Quoted {self.id}: read must be a day such as 2026-11-28 or null; "
                    f"{got(self.read)}."
                ) from None

    @property
    def literal(self) -> str:
        return self.form.format(self.value)


def quoted_of(chapter: str) -> dict[str, Quoted]:
    """id -> Quoted for the facts that one chapter quotes; none where it has no quoted.json."""
    path = Path(__file__).parent / chapter.replace("-", "_") / "quoted.json"
    if not path.exists():
        return {}
    facts = json.loads(path.read_text(encoding="utf-8"))
    return {id: Quoted(id, **about) for id, about in facts.items()}
