"""Citations as links that every reader of a notebook shows: [(Wright, 1931)](references.md#KEY).

JupyterLab reads no bibliography: a role `{cite}` is a warning with a raw key there. So the role is
what may be typed, the link is what a chapter holds (`python -m tools citations`), and the build of
the book reads the link as the role again (`_ext/book_citations.py`).
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

__all__ = ["as_links", "as_roles", "labels"]

ROLE = re.compile(r"\{cite\}`([\w\s,-]+)`")
LINK = r"\[\([^\[\]]*\)\]\(references\.md#([\w-]+)\)"
LINKS = re.compile(rf"{LINK}(?: {LINK})*")


def as_links(text: str, works: Mapping[str, str]) -> str:
    """The text with a link for each work that a role cites; what links say is made anew.

    works: key -> author and year, as of `labels`. Raises ValueError for a key that is not there.
    """

    def link(key):
        if key not in works:
            raise ValueError(f"references.bib has no work {key!r}; it has {len(works)} others.")
        return f"[({works[key]})](references.md#{key})"

    def put(match: re.Match) -> str:
        return " ".join(link(key.strip()) for key in match[1].split(","))

    return re.sub(LINK, lambda match: link(match[1]), ROLE.sub(put, text))


def as_roles(text: str) -> str:
    """The text with each run of links as one role."""

    def put(match: re.Match) -> str:
        keys = [link[1] for link in re.finditer(LINK, match[0])]
        return f"{{cite}}`{','.join(keys)}`"

    return LINKS.sub(put, text)


@cache
def labels(bibliography: Path) -> dict[str, str]:
    """Each key of a BibTeX file with author and year, as the book shows it."""
    from pybtex.database import parse_file

    entries = parse_file(str(bibliography), bib_format="bibtex").entries
    return {key: f"{_authors(entry)}, {entry.fields['year']}" for key, entry in entries.items()}


def _authors(entry) -> str:
    from pybtex.richtext import Text

    people = [
        " ".join(str(Text.from_latex(name)) for name in (*each.prelast_names, *each.last_names))
        for each in entry.persons.get("author", [])
    ]
    if not people:
        return entry.fields["key"]
    if len(people) > 2 or people[-1] == "others":
        return f"{people[0]} et al."
    return " and ".join(people)
