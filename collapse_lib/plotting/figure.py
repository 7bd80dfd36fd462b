"""A figure of the book: a drawing, what it says in words, and the numbers behind it."""

import re
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np

from collapse_lib.arguments import check_count, check_type, got
from collapse_lib.plotting import palette
from collapse_lib.plotting.drawing import svg
from collapse_lib.plotting.drawing.text import clean
from collapse_lib.plotting.style import figure_style
from collapse_lib.plotting.table import html_table

NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@dataclass(frozen=True, eq=False)
class BookFigure:
    """A matplotlib Figure that reads well in JupyterLab, on the static page and in print.

    name: lower-case words with dashes, unique in its chapter; the element's id is "figure-<name>".
    title, caption: shown above and below. alt: one sentence or more that says what is to be seen,
    for those who do not see it. table: column name -> array (n,), the drawn numbers.
    figure: a matplotlib Figure drawn in colours of the palette (Role.drawn).

    It asks for no kernel, no script and no network. Raises ValueError for an empty title or alt, an
    alt that is no sentence, or a name that is no id.
    """

    name: str
    title: str
    caption: str
    alt: str
    table: dict[str, Any] = field(repr=False)
    figure: Any = field(repr=False)

    def __post_init__(self):
        check_name("BookFigure.name", self.name, "variance-by-generation")
        for part in ("title", "caption", "alt"):
            object.__setattr__(self, part, clean(getattr(self, part)))
        if not self.title:
            raise ValueError(f"BookFigure.title must not be empty; got none for {self.name!r}.")
        if not re.search(r"\w.*\s.*[.!?]$", self.alt):
            raise ValueError(
                "BookFigure.alt must be a sentence that says what the figure shows; "
                f"{got(self.alt)} for {self.name!r}; end it with a full stop."
            )
        for column, values in self.table.items():
            check_count(f"BookFigure.table: axes of {column!r}", np.ndim(values), least=1, most=1)

    def svg(self, *, standalone=False):
        """Return the drawing as SVG text; standalone, it brings its own colours for dark paper."""
        text = svg.render(self.figure, name=f"figure-{self.name}", title=self.title, alt=self.alt)
        if not standalone:
            return text
        style = (
            "<style>svg{color:#1f2328}@media(prefers-color-scheme:dark)"
            f"{{svg{{color:#e6edf3;{palette.dark_values()}}}}}</style>"
        )
        head, end, rest = text.partition("</title>")
        return head + end + style + rest

    def html(self):
        """Return the whole figure as HTML: title, drawing, caption, data table."""
        kind = "cl-figure mathjax_ignore tex2jax_ignore"
        return f'<figure class="{kind}" id="figure-{self.name}">{self.inside()}</figure>'

    def inside(self):
        """Return what stands inside the element of the figure, for a figure that takes it over."""
        caption = f"<p>{escape(self.caption)}</p>" if self.caption else ""
        return (
            f"<style>{figure_style()}</style>"
            f'<p class="cl-title">{escape(self.title)}</p>'
            f'<p class="cl-alt">{escape(self.alt)} (Run the cell to draw it.)</p>'
            f'<div class="cl-drawing" hidden="hidden">{self.svg()}</div>'
            f"<figcaption>{caption}{html_table(self.table, self.title)}</figcaption>"
        )

    def __repr__(self):
        return f"Figure {self.name}: {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html(), "text/plain": repr(self)}


def check_name(whose, name, example):
    """Let pass a name that can be an id."""
    if not NAME.fullmatch(check_type(whose, name, str)):
        raise ValueError(
            f"{whose} must be lower-case words joined by dashes; {got(name)}; try {example!r}."
        )
