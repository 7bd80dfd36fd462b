"""Sphinx extension: the links that stand for citations in a chapter are citations in the book.

What the links say is made by `collapse_lib.chapters.citations`; here their keys alone count.
"""

import re

from sphinx.application import Sphinx

LINK = re.compile(r"\[(?P<bracket>\()?[^\[\]]+\)\]\(references\.md#(?P<key>[\w-]+)\)")
BESIDE = re.compile(r"\{cite\}`[^`]+`(?: \{cite\}`[^`]+`)+")


def as_roles(text: str) -> str:
    """The text with each link as a role, and one role for those that stand beside each other."""

    def put(match: re.Match) -> str:
        return f"{{cite{'' if match['bracket'] else ':t'}}}`{match['key']}`"

    return BESIDE.sub(lambda match: match[0].replace("` {cite}`", ","), LINK.sub(put, text))


def read(app: Sphinx, docname: str, content: list[str]) -> None:
    content[0] = as_roles(content[0])


def setup(app: Sphinx) -> dict:
    app.connect("source-read", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
