"""StaticWidget: an anywidget that runs in JupyterLab and on a page that has no kernel.

A new figure takes one ES module and one Python file. The module, like view/explorer.mjs, ends in

    export default { render({ model, el }) { ... } };

and may import others (see `bundle`). The Python file holds a subclass:

    class Coin(StaticWidget):
        module = Path(__file__).with_name("coin.mjs")
        style = Path(__file__).with_name("coin.css")            # or leave it out
        state = traitlets.Dict().tag(sync=True)                 # what render reads

        def still(self):                                        # where no script runs
            return curves(..., name=self.name, alt=self.alt)

JupyterLab shows the live widget. The static page takes the HTML beside it: the still figure, the
synced traits as JSON, and a script that hands both to the same module (host.mjs). The HTML needs no
network and no other file, so it works over http and from the disk alike. What a second figure on
the same page would repeat is marked with data-cl-once; the book's build takes it out there
(_ext/book_explorers.py).

The bytes of a `traitlets.Bytes` trait travel too and reach the module as a DataView, as they do in
JupyterLab.
"""

import base64
import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import ClassVar

import anywidget

from collapse_lib.explorers.host.bundle import bundle
from collapse_lib.plotting import palette
from collapse_lib.plotting.figure import NAME, BookFigure

__all__ = ["StaticWidget"]

HOST = Path(__file__).with_name("host.mjs")
PLUMBING = frozenset(anywidget.AnyWidget.class_traits(sync=True))

# One import for all figures that share a module, so that they share its text and its memory.
START = """\
const modules = (globalThis.clModules ??= new Map());
if (!modules.has("%(key)s")) {
  const text = document.querySelector('script[data-cl-once="%(key)s"]').textContent;
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  modules.set("%(key)s", import(address));
}
const { default: hosted, mount } = await modules.get("%(key)s");
await mount(document.getElementById("%(id)s"), hosted.view);
"""


class StaticWidget(anywidget.AnyWidget):
    """Base of the interactive figures.

    name: lower-case words with dashes, unique in its chapter; the element's id is "fig-<name>".
    alt: a sentence that says what the still figure shows; it is the repr too, so that nbval
        compares it and finds the same text in every run.
    traits: values of the subclass's traits.

    Raises ValueError for a name that is no id.
    """

    module: ClassVar[Path]
    style: ClassVar[Path | tuple[Path, ...] | None] = None  # several are joined

    def __init__(self, name: str, *, alt: str, **traits):
        if not NAME.fullmatch(name):
            raise ValueError(
                f"{type(self).__name__}.name must be lower-case words joined by dashes; "
                f"got {name!r}; try 'urn-share'."
            )
        self.name, self.alt = name, alt
        self._esm = bundle(self.module, wrapper=HOST)
        self._css = _figure_style() + self._own_style()
        super().__init__(**traits)

    def still(self) -> BookFigure:
        """The figure that stands where no script runs."""
        raise NotImplementedError(f"{type(self).__name__} must define still().")

    def html(self) -> str:
        """The figure for a page without a kernel."""
        still = self.still().html().partition(">")[2].removesuffix("</figure>")
        identity, module = f"fig-{self.name}", str(self._esm)
        start = START % {"key": _key(module), "id": identity}
        payload = _payload(self._carried())
        return (
            f'<figure class="cl-figure cl-explorer mathjax_ignore tex2jax_ignore" id="{identity}">'
            f"{_once('style', _light() + self._own_style())}"
            f'<script type="application/json" class="cl-payload">{payload}</script>'
            f"{_once('script', module)}"
            f'<script type="module">{start}</script>'
            f"{still}</figure>"
        )

    def __repr__(self):
        return f"Explorer {self.name}: {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data, metadata = super()._repr_mimebundle_()
        return {**data, "text/plain": repr(self), "text/html": self.html()}, metadata

    def _own_style(self) -> str:
        paths = self.style if isinstance(self.style, tuple) else (self.style,)
        return "".join(_tight(path.read_text("utf-8")) for path in paths if path is not None)

    def _carried(self) -> dict:
        """The synced traits that are the figure's own, by name."""
        names = sorted(set(self.keys) - PLUMBING)
        return {name: getattr(self, name) for name in names if not name.startswith("_")}


def _once(tag: str, text: str) -> str:
    """An element that a page needs once; a script of this type is text until START imports it."""
    kind = ' type="text/plain"' if tag == "script" else ""
    return f'<{tag}{kind} data-cl-once="{_key(text)}">{text}</{tag}>'


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _payload(traits: dict) -> str:
    """The traits as JSON in which nothing can end the script element or open a comment."""
    binary = {k: v for k, v in traits.items() if isinstance(v, (bytes, bytearray, memoryview))}
    held = {
        "traits": {k: v for k, v in traits.items() if k not in binary},
        "bytes": {k: base64.b64encode(v).decode() for k, v in binary.items()},
    }
    text = json.dumps(held, allow_nan=False, separators=(",", ":"))
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("&", r"\u0026")


def _tight(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", css)).strip()


def _light() -> str:
    """The light colours, weaker than any rule of the page's own stylesheet."""
    values = "".join(f"{role.variable}:{role.light};" for role in palette.ALL)
    return f":where(:root){{{values}}}"


def _figure_style() -> str:
    """What the page's stylesheet and the still figure bring to the book, for JupyterLab."""
    css = files("collapse_lib.plotting").joinpath("figure.css").read_text("utf-8")
    dark = f'[data-jp-theme-light="false"] .cl-figure{{{palette.dark_values()}}}'
    return _light() + _tight(css) + dark
