"""Sphinx extension: a page inside another page works where it has no storage and no forms.

A browser that blocks cookies, and a sandboxed frame, answer `localStorage` with an error; the
theme's first script asks for it, and takes colours and search down with it. `framed.js` stands
before it.
"""

from functools import cache
from pathlib import Path

from sphinx.application import Sphinx


@cache
def script() -> str:
    text = Path(__file__).with_name("framed.js").read_text(encoding="utf-8")
    return f"\n    <script>\n{text}</script>"


def prepare(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    context["metatags"] = script() + context.get("metatags", "")


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", prepare, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
