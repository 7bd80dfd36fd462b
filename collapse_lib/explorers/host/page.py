"""The script and the stylesheet that all pages with interactive figures load.

        tags = write_page_files("_static", FIGURES)

Both are files of their own and ask for nothing else. The script is a classic one: a page opened
from the disk may load it, and may not import a module.
"""

from pathlib import Path

from collapse_lib.explorers.host.bundle import page_script
from collapse_lib.plotting import palette
from collapse_lib.plotting.style import tight

__all__ = ["SCRIPT", "STYLE", "page_style", "write_page_files"]

SCRIPT, STYLE = "collapse-figures.js", "collapse-figures.css"
PAGE = Path(__file__).with_name("page.mjs")


def write_page_files(folder: Path, figures) -> str:
    """Write both files into a folder; return the tags that load them into a page of that folder.

    figures: subclasses of StaticWidget.
    """
    script = page_script({figure.__name__: figure.module for figure in figures}, wrapper=PAGE)
    Path(folder, SCRIPT).write_text(script, encoding="utf-8")
    Path(folder, STYLE).write_text(page_style(figures), encoding="utf-8")
    return f'<link rel="stylesheet" href="{STYLE}"><script defer src="{SCRIPT}"></script>'


def page_style(figures) -> str:
    """Their stylesheets, each once, after light colours that are weaker than any rule of a page."""
    paths = dict.fromkeys(path for figure in figures for path in figure.style)
    own = "".join(tight(path.read_text("utf-8")) for path in paths)
    return f":where(:root){{{palette.light_values()}}}{own}"
