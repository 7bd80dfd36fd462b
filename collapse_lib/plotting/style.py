"""The stylesheet that each figure and table brings along."""

import re
from functools import cache
from importlib.resources import files

from collapse_lib.plotting import palette

JUPYTERLAB_DARK = '[data-jp-theme-light="false"] .cl-figure'


@cache
def figure_style():
    """The stylesheet of a figure on one line, with JupyterLab's own sign of a dark theme."""
    text = tight(files("collapse_lib.plotting").joinpath("figure.css").read_text("utf-8"))
    return f"{text}{JUPYTERLAB_DARK}{{{palette.dark_values()}}}"


def tight(css):
    """Return a stylesheet on one line."""
    css = re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    css = re.sub(r"\s*([{};,])\s*|(:) ", r"\1\2", css)
    return css.strip().replace(";}", "}")
