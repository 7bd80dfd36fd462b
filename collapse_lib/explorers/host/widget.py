"""StaticWidget: an anywidget that runs in JupyterLab and on a page that has no kernel.

A new figure takes one ES module and one Python file. The module, like live/live.mjs, ends in

    export default { render({ model, el }) { ... } };

and may import others (see `bundle`). The Python file holds a subclass:

    class Coin(StaticWidget):
        module = Path(__file__).with_name("coin.mjs")
        style = (Path(__file__).with_name("coin.css"),)         # or leave it out
        state = traitlets.Dict().tag(sync=True)                 # what render reads

        def still(self):                                        # where no script runs
            return curves(..., name=self.name, alt=self.alt)

and has its place in FIGURES of `collapse_lib.explorers`.

JupyterLab shows the live widget. The static page takes the HTML beside it: the still figure, the
synced traits as JSON and the name of the class. It holds no code: one script for all pages of a
book carries the modules (`host.page`), and where no script runs the still figure stands. The bytes
of a `traitlets.Bytes` trait travel too and reach the module as a DataView, as they do in
JupyterLab.

A kernel cannot know who will read an output, so each output of a figure holds its HTML; the still
figure in it is drawn once and kept until the traits change.
"""

import base64
import json
from functools import cache
from pathlib import Path
from typing import ClassVar

import anywidget

from collapse_lib.explorers.host.bundle import bundle
from collapse_lib.explorers.host.page import page_style
from collapse_lib.plotting.figure import BookFigure, check_name
from collapse_lib.plotting.style import figure_style

__all__ = ["StaticWidget"]

NOTEBOOK = Path(__file__).with_name("notebook.mjs")
PLUMBING = frozenset(anywidget.AnyWidget.class_traits(sync=True))


class StaticWidget(anywidget.AnyWidget):
    """Base of the interactive figures.

    name: lower-case words with dashes, unique in its chapter; the element's id is "fig-<name>".
    alt: a sentence that says what the still figure shows; it is the repr too, so that nbval
        compares it and finds the same text in every run.
    traits: values of the subclass's traits.

    Raises ValueError for a name that is no id.
    """

    module: ClassVar[Path]
    style: ClassVar[tuple[Path, ...]] = ()  # besides that of every figure

    def __init__(self, name: str, *, alt: str, **traits):
        check_name(f"{type(self).__name__}.name", name, "urn-share")
        self.name, self.alt = name, alt
        self._still = None, ""  # the payload that it was drawn for, its HTML
        self._esm, self._css = _for_notebook(type(self))
        super().__init__(**traits)

    def still(self) -> BookFigure:
        """The figure that stands where no script runs."""
        raise NotImplementedError(f"{type(self).__name__} must define still().")

    def html(self) -> str:
        """The figure for a page without a kernel; `host.page` writes the script that it needs."""
        payload = _payload(self._carried())
        if self._still[0] != payload:
            self._still = payload, self.still().inside()
        return (
            '<figure class="cl-figure cl-explorer mathjax_ignore tex2jax_ignore" '
            f'id="fig-{self.name}" data-cl-view="{type(self).__name__}">'
            f'<script type="application/json" class="cl-payload">{payload}</script>'
            f"{self._still[1]}</figure>"
        )

    def __repr__(self):
        return f"Explorer {self.name}: {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = super()._repr_mimebundle_()
        return {**data, "text/plain": repr(self), "text/html": self.html()}, metadata

    def _carried(self) -> dict:
        """The synced traits that are the figure's own, by name."""
        names = sorted(set(self.keys) - PLUMBING)
        return {name: getattr(self, name) for name in names if not name.startswith("_")}


@cache
def _for_notebook(figure: type[StaticWidget]) -> tuple[str, str]:
    """The module and the stylesheet of a figure in JupyterLab."""
    return bundle(figure.module, wrapper=NOTEBOOK), figure_style() + page_style([figure])


def _payload(traits: dict) -> str:
    """The traits as JSON in which nothing can end the script element or open a comment."""
    binary = {k: v for k, v in traits.items() if isinstance(v, (bytes, bytearray, memoryview))}
    held = {
        "traits": {k: v for k, v in traits.items() if k not in binary},
        "bytes": {k: base64.b64encode(v).decode() for k, v in binary.items()},
    }
    text = json.dumps(held, allow_nan=False, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")
