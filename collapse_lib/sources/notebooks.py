"""The prose of Jupyter notebooks: whole sentences of their Markdown, such as those of this book."""

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from collapse_lib.arguments import check_count

__all__ = ["markdown_parser", "notebook_prose"]

from collapse_lib.arguments import check_path, check_several

HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"  # stands for a formula, a citation or a picture
MOST = 5000  # the squares of which are still some 80 MB
CITED = "references.md#"  # where the link that stands for a citation leads
SAID = {"text", "code_inline"}
SILENT = {"html_inline", "em_open", "em_close", "strong_open", "strong_close"}
SILENT |= {"link_open", "link_close", "softbreak", "hardbreak"}
SENTENCE_END = re.compile(rf"(?<=[.?!:])\s+(?=[A-Z{HOLE}])")


def notebook_prose(paths: Iterable) -> str:
    """The sentences of the paragraphs and list items of notebooks, one paragraph a line.

    paths: notebook files, read in this order. Headings, tables, directives and code are left out,
    and so is a sentence that holds a formula or a citation, which would read with a gap.

    Raises FileNotFoundError for a missing file and ValueError for one that is no notebook, for a
    paragraph with more than 5,000 of the marks *, _, [ and ], and where there is no sentence at
    all.
    """
    paths = [
        check_path("notebook_prose.paths", path, must_exist=True)
        for path in check_several("notebook_prose.paths", paths)
    ]
    paragraphs = [text for path in paths for text in _paragraphs(path)]
    if not paragraphs:
        raise ValueError(
            f"notebook_prose found no sentence in {len(paths)} notebooks; give the paths of "
            "notebooks with Markdown cells."
        )
    return "\n".join(paragraphs)


@cache
def markdown_parser():
    """A markdown-it parser of what the chapters are written in: tables, formulas, MyST's roles,
    targets and directives."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.colon_fence import colon_fence_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.myst_blocks import myst_block_plugin
    from mdit_py_plugins.myst_role import myst_role_plugin

    parser = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
    parser = parser.use(myst_role_plugin).use(myst_block_plugin).use(colon_fence_plugin)
    parser.core.ruler.before("inline", "bounded", _bounded)
    return parser


def _bounded(state) -> None:
    """The time and memory of a paragraph go by the square of its marks of emphasis and links."""
    for token in state.tokens:
        n_marks = sum(map(token.content.count, "*_[]")) if token.type == "inline" else 0
        check_count("notebook_prose: the marks *, _, [ and ] in a paragraph", n_marks, most=MOST)


def _paragraphs(path: Path) -> list[str]:
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        texts = ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(
            f"notebook_prose: {path.name} is not a Jupyter notebook; give .ipynb files."
        ) from None
    found, inside = [], []
    for token in markdown_parser().parse("\n\n".join(texts)):
        if token.type == "inline" and "paragraph_open" in inside[-1:]:
            found.append(_sentences(token.children))
        elif token.nesting == 1:
            inside.append(token.type)
        elif token.nesting == -1:
            inside.pop()
    return [text for text in found if text]


def _sentences(tokens) -> str:
    """The whole sentences of one paragraph."""
    pieces = []
    for token in tokens:
        if token.type == "link_open" and str(token.attrGet("href")).startswith(CITED):
            pieces.append(HOLE)
        elif token.type in SAID:
            pieces.append(token.content)
        elif token.type not in SILENT:
            pieces.append(HOLE)
        elif token.type.endswith("break"):
            pieces.append(" ")
    sentences = SENTENCE_END.split(" ".join("".join(pieces).split()))
    return " ".join(s for s in sentences if HOLE not in s and s.endswith((".", "?", "!", ":")))
