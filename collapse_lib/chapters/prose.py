"""The numbers in a chapter's Markdown: those bound to a claim, and those that are not."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Bound", "bound_numbers", "chapter_cells", "rewritten", "unbound_numbers"]

NUMBER = r"[-\N{MINUS SIGN}]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:e[+-]?\d+)?"
BOUND = re.compile(
    rf"(?P<literal>{NUMBER}(?:\s?%)?)\s?<!--\s*claim\s+(?P<id>[a-z0-9-]+)\s*-->", re.IGNORECASE
)
CLAIM_COMMENT = re.compile(r"<!--\s*claim\b.*?-->", re.DOTALL)

# What is no prose, or no quantity: taken out before looking for numbers.
NOT_PROSE = [
    r"```.*?```|~~~.*?~~~",  # fenced code; directives are opened up first
    r"`[^`\n]*`",
    r"<!--.*?-->",
    r"<[^>\n]+>",
    r"\]\([^)\n]*\)",  # link targets
    r"(?m)^\(?[\w-]+\)?=\s*$",  # labels
    r"\{[\w:-]+\}",  # names of roles
    r"(?m)^:[\w-]+:.*$",  # options of directives
    r"(?m)^\s*\d+\.\s",  # numbers of a list
    r"(?:arXiv:|doi:)\S+",
    r"\b(?:1[89]|20)\d\d\b",  # years
    r"(?i)\b(?:sections?|chapters?|figures?|theorems?|lemmas?|exercises?|equations?|part)\s\d+",
    r"(?i)\bgeneration 1\b",  # the name of the first one
    r"\b[A-Za-z]+-?\d+\b|\b\d+-?[A-Za-z]+\b",  # names: W2, two-dimensional 2-D, 8x8
]
MATH = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
MEASURED_IN_MATH = re.compile(r"\d+\.\d+|\d{3,}")  # small whole numbers belong to formulas
DIRECTIVE = re.compile(r"(?m)^(`{3,}|~{3,}|:{3,})\{(?!code|math)[^}]+\}.*$|^(?:`{3,}|:{3,})\s*$")


@dataclass(frozen=True)
class Bound:
    """One number that a sentence binds to a claim."""

    chapter: str
    id: str
    literal: str
    sentence: str


def chapter_cells(path: Path) -> list[dict]:
    """The cells of a chapter; a Markdown file is one cell."""
    if path.suffix == ".md":
        return [{"cell_type": "markdown", "source": path.read_text(encoding="utf-8")}]
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def bound_numbers(path: Path) -> Iterator[Bound]:
    """Every number of a chapter that is bound to a claim, in order.

    Raises ValueError for a claim comment with no number before it.
    """
    for cell in chapter_cells(path):
        if cell["cell_type"] != "markdown":
            continue
        text = _joined(cell["source"])
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

    A number is also bound when the same number stands in the code of its section, as a setting, or
    in the text that a code cell of its section printed, which nbval compares.
    """
    loose, texts, known = [], [], set()
    for cell in [*chapter_cells(path), None]:
        starts = cell is None or (
            cell["cell_type"] == "markdown" and re.match(r"\s*#+ ", _joined(cell["source"]))
        )
        if starts:
            loose += [found for text in texts for found in _loose(text, known)]
            texts, known = [], set()
        if cell is None:
            break
        if cell["cell_type"] == "markdown":
            texts.append(_joined(cell["source"]))
        elif cell["cell_type"] == "code":
            known |= _numbers(_joined(cell["source"])) | _numbers(_printed(cell))
    return loose


def _loose(text: str, known: set[str]) -> Iterator[str]:
    text = BOUND.sub(" ", text)
    text = DIRECTIVE.sub(" ", text)
    for pattern in NOT_PROSE[:2]:
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    for formula in MATH.findall(text):
        for found in MEASURED_IN_MATH.findall(formula):
            if _plain(found) not in known:
                yield f"{found} in {formula}"
    text = MATH.sub(" ", text)
    for pattern in NOT_PROSE[2:]:
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    for match in re.finditer(rf"(?<![\w.]){NUMBER}", text):
        if _plain(match[0]) not in known:
            around = text[max(0, match.start() - 40) : match.end() + 20]
            yield f"{match[0]} in '...{' '.join(around.split())}...'"


def _numbers(text: str) -> set[str]:
    found = re.findall(r"(?<![\w.])\d(?:[\d_,]*\d)?(?:\.\d+)?(?:e[+-]?\d+)?", text)
    return {_plain(number) for number in found}


def _plain(number: str) -> str:
    number = number.replace(",", "").replace("_", "").lstrip("-\N{MINUS SIGN}")
    return repr(float(number))


def _printed(cell: dict) -> str:
    texts = []
    for output in cell.get("outputs", []):
        texts.append(_joined(output.get("text", "")))
        texts.append(_joined(output.get("data", {}).get("text/plain", "")))
    return "\n".join(texts)


def _sentence(text: str, match: re.Match) -> str:
    """The sentence around a match, on one line, without comments and HTML: a link to a figure of
    its own page would lead nowhere elsewhere."""
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


def _joined(source) -> str:
    return source if isinstance(source, str) else "".join(source)
