"""Sphinx extension: the links that stand for citations in a chapter are citations in the book."""

from sphinx.application import Sphinx

from collapse_lib.chapters.citations import as_roles


def read(app: Sphinx, docname: str, content: list[str]) -> None:
    content[0] = as_roles(content[0])


def setup(app: Sphinx) -> dict:
    app.connect("source-read", read)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
