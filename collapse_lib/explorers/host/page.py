"""The script and the stylesheet that all pages with interactive figures load.

        tags = write_page_files("_static", FIGURES)

Both are files of their own and ask for nothing else. The script is a classic one: a page opened
from the disk may load it, and may not import a module.
"""

from collections.abc import Iterable
from pathlib import Path

from collapse_lib.explorers.host.bundle import page_script
from collapse_lib.explorers.host.widget import StaticWidget, light, tight

__all__ = ["SCRIPT", "STYLE", "write_page_files"]

SCRIPT, STYLE = "collapse-figures.js", "collapse-figures.css"
PAGE = Path(__file__).with_name("page.mjs")


def write_page_files(folder: Path, figures: Iterable[type[StaticWidget]]) -> str:
    """Write both files into a folder; return the tags that load them into a page of that folder."""
    figures = list(figures)
    modules = {figure.__name__: figure.module for figure in figures}
    styles = dict.fromkeys(path for figure in figures for path in figure.style)
    Path(folder, SCRIPT).write_text(page_script(modules, wrapper=PAGE), encoding="utf-8")
    Path(folder, STYLE).write_text(light() + "".join(map(tight, styles)), encoding="utf-8")
    return f'<link rel="stylesheet" href="{STYLE}"><script defer src="{SCRIPT}"></script>'
