"""Sphinx extension: the pages with interactive figures share one script and one stylesheet.

- Both are written once a build, when the first page asks for them; other pages do not load them.
- MyST-NB adds the state of all widgets to a page, with a copy of its module for each. Nothing reads
  it there: it goes.
"""

from functools import cache
from pathlib import Path

from sphinx.application import Sphinx

WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
FIGURE = 'data-cl-view="'


@cache
def written(app: Sphinx) -> tuple[str, str]:
    """Write the script and the stylesheet; return their names."""
    from collapse_lib.explorers import FIGURES
    from collapse_lib.explorers.host.page import SCRIPT, STYLE, write_page_files

    folder = Path(app.outdir, "_static")
    folder.mkdir(parents=True, exist_ok=True)
    write_page_files(folder, FIGURES)
    return SCRIPT, STYLE


def prepare(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    scripts = context["script_files"]
    scripts[:] = [s for s in scripts if getattr(s, "attributes", {}).get("type") != WIDGET_STATE]
    if FIGURE in context.get("body", ""):
        script, style = written(app)  # Sphinx puts a digest into their addresses
        app.add_js_file(script, priority=900, loading_method="defer")
        app.add_css_file(style, priority=900)


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", prepare, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
