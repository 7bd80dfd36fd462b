"""The numbers in a chapter's Markdown: those bound to a claim, and those that are not."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from collapse_lib.sources.notebooks import markdown_parser

__all__ = ["Bound", "bound_numbers", "chapter_cells", "rewritten", "unbound_numbers"]

NUMBER = r"[-\N{MINUS SIGN}]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:e[+-]?\d+)?"
BOUND = re.compile(
    rf"(?P<literal>{NUMBER}(?:\s?%)?)\s?<!--\s*claim\s+(?P<id>[a-z0-9-]+)\s*-->", re.IGNORECASE
)
CLAIM_COMMENT = re.compile(r"<!--\s*claim\b.*?-->", re.DOTALL)
MARKUP = re.compile(r"<!--.*?-->|<[^>]+>", re.DOTALL)

# Words of prose that hold a number and state no quantity.
NAMES = re.compile(
    r"(?:arXiv:|doi:)\S+"
    r"|\b(?:1[89]|20)\d\d\b"  # years
    r"|\b(?:articles?|sections?|chapters?|figures?|theorems?|lemmas?|exercises?|equations?|part)\s\d+"
    r"|\bgeneration 1\b"  # the name of the first one
    r"|\b[A-Za-z]+-?\d+\b|\b\d+-?[A-Za-z]+\b",  # W2, 2-D, 8x8
    re.IGNORECASE,
)
MEASURED_IN_MATH = re.compile(r"\d+\.\d+|\d{3,}")  # small whole numbers belong to formulas
DIRECTIVE = re.compile(r"\{(?P<name>[^}]+)\}(?P<title>.*)")
OPTION = re.compile(r"(?m)^:[\w-]+:.*$")


@dataclass(frozen=True)
class Bound:
    """One number that a sentence binds to a claim."""

    chapter: str
    id: str
    literal: str
    sentence: str


def chapter_cells(path: Path) -> list[dict]:
    """The cells of a chapter, each with its source as one text; a Markdown file is one cell."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return [{"cell_type": "markdown", "source": text}]
    return [{**cell, "source": "".join(cell["source"])} for cell in json.loads(text)["cells"]]


def bound_numbers(path: Path) -> Iterator[Bound]:
    """Every number of a chapter that is bound to a claim, in order.

    Raises ValueError for a claim comment with no number before it.
    """
    texts = [cell["source"] for cell in chapter_cells(path) if cell["cell_type"] == "markdown"]
    for text in texts:
        found = list(BOUND.finditer(text))
        for comment in CLAIM_COMMENT.finditer(text):
            if not any(match.start() < comment.start() < match.end() for match in found):
                raise ValueError(f"{path.name}: no number stands before {comment[0]}.")
        for match in found:
            yield Bound(path.stem, match["id"], match["literal"], _sentence(text, match))


def rewritten(text: str, literals: dict[str, str]) -> str:
    """The text with the literal of every claim in `literals` put in place of what stood there."""

    def put(match: re.Match) -> str:
        literal = literals.get(match["id"], match["literal"])
        return f"{literal}<!--claim {match['id']}-->"

    return BOUND.sub(put, text)


def unbound_numbers(path: Path) -> list[str]:
    """Numbers in the prose that belong to no claim and to no cell of their section, each with the
    words around it.

    A number is also bound when the same number stands in the code of its section, as a setting (a
    solution's code counts, which a test runs), or in the text that a code cell of its section
    printed, which nbval compares.
    """
    sections: list[tuple[list[str], set[str]]] = [([], set())]  # prose, numbers of the code
    for cell in chapter_cells(path):
        if cell["cell_type"] == "markdown":
            if re.match(r"\s*#+ ", cell["source"]):
                sections.append(([], set()))
            sections[-1][0].append(cell["source"])
            code = [said for kind, said in _said(cell["source"]) if kind == "code"]
            sections[-1][1].update(*map(_numbers, code))
        elif cell["cell_type"] == "code":
            sections[-1][1].update(_numbers(cell["source"]), _numbers(_printed(cell)))
    return [found for texts, known in sections for text in texts for found in _loose(text, known)]


def _loose(text: str, known: set[str]) -> Iterator[str]:
    for kind, said in _said(text):
        if kind == "math":
            for number in MEASURED_IN_MATH.findall(said):
                if _plain(number) not in known:
                    yield f"{number} in ${said.strip()}$"
        if kind != "prose":
            continue
        plain = NAMES.sub(" ", MARKUP.sub(" ", BOUND.sub(" ", said)))
        for match in re.finditer(rf"(?<![\w.]){NUMBER}", plain):
            if _plain(match[0]) not in known:
                around = plain[max(0, match.start() - 40) : match.end() + 20]
                yield f"{match[0]} in '...{' '.join(around.split())}...'"


def _said(text: str) -> Iterator[tuple[str, str]]:
    """("prose", "math" or "code", text) for all that stands on the page."""
    for token in markdown_parser().parse(text):
        if token.type == "inline":
            prose = [
                child.content if child.type in ("text", "html_inline") else " "
                for child in token.children
            ]
            yield "prose", "".join(prose)
            yield from (("math", c.content) for c in token.children if c.type == "math_inline")
        elif token.type.startswith("math_block"):
            yield "math", token.content
        elif token.type == "html_block":
            yield "prose", token.content
        elif token.type in ("fence", "colon_fence"):
            directive = DIRECTIVE.match(token.info)
            if directive is None or directive["name"].startswith("code"):
                yield "code", token.content
            elif directive["name"] == "math":
                yield "math", token.content
            else:
                yield from _said(f"{directive['title']}\n\n{OPTION.sub('', token.content)}")


def _numbers(text: str) -> set[str]:
    found = re.findall(r"(?<![\w.])\d(?:[\d_,]*\d)?(?:\.\d+)?(?:e[+-]?\d+)?", text)
    return {_plain(number) for number in found}


def _plain(number: str) -> str:
    number = number.replace(",", "").replace("_", "").lstrip("-\N{MINUS SIGN}")
    return repr(float(number))


def _printed(cell: dict) -> str:
    outputs = cell.get("outputs", [])
    texts = [[o.get("text", ""), o.get("data", {}).get("text/plain", "")] for o in outputs]
    return "\n".join("".join(text) for pair in texts for text in pair)


def _sentence(text: str, match: re.Match) -> str:
    """The sentence around a match, or its row of a table, on one line, without comments and HTML: a
    link to a figure of its own page would lead nowhere elsewhere."""
    row = text[text.rfind("\n", 0, match.start()) + 1 :].partition("\n")[0]
    if row.startswith("|"):
        return " · ".join(cell.strip() for cell in MARKUP.sub("", row).strip("| ").split("|"))
    start = max(text.rfind("\n\n", 0, match.start()), 0)
    end = text.find("\n\n", match.end())
    paragraph = text[start : end if end >= 0 else len(text)]
    offset = match.start() - start
    breaks = [m.end() for m in re.finditer(r"(?<=[.?!:|])\s+(?=[A-Z*_])", paragraph)]
    first = max((b for b in breaks if b <= offset), default=0)
    last = min((b for b in breaks if b > offset), default=len(paragraph))
    sentence = re.sub(r"<!--.*?-->|</?[a-z][^>]*>", "", paragraph[first:last], flags=re.DOTALL)
    sentence = re.sub(r"^\s*(?:[-*] )?(?:\*\*[^*]+[.:]\*\*)?", "", sentence)  # a run-in heading
    return " ".join(sentence.split())
