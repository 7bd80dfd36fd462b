"""Sphinx extension: interactive figures weigh on a page once.

- What an earlier figure of the page has brought (a module, a stylesheet: elements with the
  attribute `data-cl-once`) is not repeated by the next; see collapse_lib/explorers/host/widget.py.
- MyST-NB adds the state of all widgets to a page, with a copy of its module for each. Nothing reads
  it there: it goes.
"""

import re

from sphinx.application import Sphinx

REPEATED = re.compile(r'<(style|script)\b[^>]*\bdata-cl-once="(\w+)"[^>]*>.*?</\1>', re.DOTALL)
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


def once_a_page(html: str) -> str:
    """Drop from the HTML of a page the modules and styles that an earlier figure has brought."""
    seen = set()

    def first(match: re.Match) -> str:
        again = match[2] in seen
        seen.add(match[2])
        return "" if again else match[0]

    return REPEATED.sub(first, html)


def lighten(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    if "body" in context:
        context["body"] = once_a_page(context["body"])
    scripts = context["script_files"]
    scripts[:] = [s for s in scripts if getattr(s, "attributes", {}).get("type") != WIDGET_STATE]


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", lighten, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
