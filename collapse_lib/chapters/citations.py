"""Citations as links that every reader of a notebook shows: [(Wright, 1931)](references.md#KEY) for
{cite}`KEY`, and [Wright (1931)](references.md#KEY) for {cite:t}`KEY`.

JupyterLab reads no bibliography: a role is a warning with a raw key there. So the role is what may
be typed, the link is what a chapter holds (`python -m tools citations`), and the build of
the book reads the link as the role again (`_ext/book_citations.py`).
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

__all__ = ["as_links", "labels"]

ROLE = re.compile(r"\{cite(?P<inline>:t)?\}`(?P<keys>[\w\s,-]+)`")
LINK = re.compile(r"\[(?P<bracket>\()?[^\[\]]+\)\]\(references\.md#(?P<key>[\w-]+)\)")


def as_links(text: str, works: Mapping[str, tuple[str, str]]) -> str:
    """The text with a link for each work that a role cites; what links say is made anew.

    works: key -> author and year, as of `labels`. Raises ValueError for a key that is not there.
    """

    def link(key, *, inline):
        if key not in works:
            raise ValueError(f"references.bib has no work {key!r}; it has {len(works)} others.")
        author, year = works[key]
        said = f"{author} ({year})" if inline else f"({author}, {year})"
        return f"[{said}](references.md#{key})"

    def put(match: re.Match) -> str:
        inline = match["inline"] is not None
        links = [link(key.strip(), inline=inline) for key in match["keys"].split(",")]
        return (", " if inline else " ").join(links)

    text = ROLE.sub(put, text)
    return LINK.sub(lambda match: link(match["key"], inline=match["bracket"] is None), text)


@cache
def labels(bibliography: Path) -> dict[str, tuple[str, str]]:
    """Each key of a BibTeX file with its author, as the book calls them, and its year."""
    from pybtex.database import parse_file

    entries = parse_file(str(bibliography), bib_format="bibtex").entries
    return {key: (_authors(entry), entry.fields["year"]) for key, entry in entries.items()}


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
