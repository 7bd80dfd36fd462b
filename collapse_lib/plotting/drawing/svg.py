"""From a matplotlib Figure to a small, steady SVG whose colours belong to the page.

matplotlib writes fixed colours, ids, metadata and a stylesheet that would leak into the page. Here
the drawing is kept and the rest goes: palette colours become CSS variables, black becomes
currentColor, numbers are rounded to a tenth of a unit, ids carry the name of the figure.
"""

import io
import re
import warnings
from contextlib import contextmanager
from xml.etree import ElementTree

from collapse_lib.plotting import palette
from collapse_lib.plotting.drawing.paths import compact, short

SVG = "http://www.w3.org/2000/svg"
XLINK = "{http://www.w3.org/1999/xlink}href"
FONT_SIZE = 12
DRAWING = {
    "svg.fonttype": "none",
    "svg.hashsalt": "collapse_lib",
    "font.family": ["DejaVu Sans"],
    "font.size": FONT_SIZE,
    "text.parse_math": False,
    "figure.dpi": 72,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "text.color": palette.INK,
    "lines.solid_capstyle": "butt",
    "lines.dash_capstyle": "butt",
}
# what a style may say: positions and fonts are the page's business
KEPT = (
    "fill",
    "fill-opacity",
    "stroke",
    "stroke-opacity",
    "stroke-width",
    "stroke-dasharray",
    "stroke-linecap",
    "opacity",
    "text-anchor",
    "font-weight",
)
DEFINITIONS = ("clipPath", "path", "pattern")
COLOUR = re.compile(r"#[0-9a-f]{6}\b", re.IGNORECASE)
DRAWN = {role.drawn.lower(): role.css for role in palette.ALL} | {palette.INK: palette.CURRENT}
REFERENCE = re.compile(r"url\(#([^)]+)\)")


@contextmanager
def drawing():
    """Make and write figures with the book's settings, whatever the user's are."""
    import matplotlib.style

    with matplotlib.style.context(["default", DRAWING]), warnings.catch_warnings():
        # the page's fonts draw the text: a glyph that matplotlib's own font lacks does not matter
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        yield


def render(figure, *, name, title, alt):
    """Return a matplotlib Figure as the text of one <svg> element.

    name: prefix of every id; title: the <title>; alt: the aria-label. Raises ValueError for a
    colour that palette.json does not hold.
    """
    root = ElementTree.fromstring(_written(figure))
    _, _, width, height = root.get("viewBox").split()
    clean = ElementTree.Element(
        "svg",
        {
            "xmlns": SVG,
            "viewBox": f"0 0 {short(width)} {short(height)}",
            "role": "img",
            "aria-label": alt,
            "font-size": str(FONT_SIZE),
            "font-family": "sans-serif",
            "fill": palette.CURRENT,
            "stroke-linejoin": "round",
        },
    )
    ElementTree.SubElement(clean, "title").text = title
    writer = _Writer(name, clean)
    for child in root:
        writer.copy(child, clean)
    writer.finish()
    return ElementTree.tostring(clean, encoding="unicode")


def _written(figure):
    text = io.StringIO()
    with drawing():
        figure.savefig(text, format="svg", facecolor="none", edgecolor="none")
    return text.getvalue()


class _Writer:
    """Copies the drawn elements, renames what is referred to, gathers images under one mask."""

    def __init__(self, name, root):
        self.name = name
        self.root = root
        self.defined = {}  # matplotlib's id -> ours
        self.used = set()
        self.images = []

    def copy(self, element, parent):
        tag = element.tag.removeprefix(f"{{{SVG}}}")
        if tag in ("metadata", "style"):
            return
        if tag == "image":
            self.images.append(self._image(element))
            return
        attributes = self._attributes(tag, element)
        if tag == "path" and not attributes.get("d"):
            return
        if tag == "g" and not attributes:
            for child in element:
                self.copy(child, parent)
            return
        made = ElementTree.SubElement(parent, tag, attributes)
        made.text = element.text if tag in ("text", "tspan") else None
        for child in element:
            self.copy(child, made)

    def finish(self):
        """Add the images as ink, drop definitions that nothing uses, and empty groups."""
        if self.images:
            mask = ElementTree.SubElement(self.root, "mask", {"id": f"{self.name}-ink"})
            mask.extend(self.images)
            ElementTree.SubElement(
                self.root,
                "rect",
                {
                    "width": "100%",
                    "height": "100%",
                    "fill": palette.CURRENT,
                    "mask": f"url(#{self.name}-ink)",
                },
            )
        _prune(self.root, self.used | {f"{self.name}-ink"})

    def _attributes(self, tag, element):
        kept = {}
        for key, value in element.attrib.items():
            if key == "id":
                if tag in DEFINITIONS:
                    kept["id"] = self._renamed(value)
            elif key == "style":
                kept |= self._style(value)
            elif key == "d":
                kept["d"] = compact(value)
            elif key == XLINK:
                kept["href"] = f"#{self._refer(value.removeprefix('#'))}"
            elif key == "clip-path":
                kept[key] = REFERENCE.sub(self._reference, value)
            elif key == "transform":
                if not value.startswith("rotate(-0 "):
                    kept[key] = value
            elif key in ("x", "y", "width", "height"):
                kept[key] = short(value)
            else:
                kept[key] = value
        return kept

    def _style(self, text):
        pairs = (part.split(":", 1) for part in text.split(";") if part.strip())
        kept = {key.strip(): value.strip() for key, value in pairs if key.strip() in KEPT}
        for key in ("fill", "stroke"):
            if key in kept:
                kept[key] = REFERENCE.sub(self._reference, colour(kept[key]))
        # CSS variables belong into a style; in an attribute some browsers ignore them
        coloured = {key: kept.pop(key) for key in ("fill", "stroke") if "var(" in kept.get(key, "")}
        if coloured:
            kept["style"] = ";".join(f"{key}:{value}" for key, value in coloured.items())
        return kept

    def _image(self, element):
        box = {key: element.get(key) for key in ("width", "height", "transform")}
        box["href"] = "".join(element.get(XLINK).split())
        box["preserveAspectRatio"] = "none"
        box["style"] = "image-rendering:pixelated"
        return ElementTree.Element("image", {key: value for key, value in box.items() if value})

    def _renamed(self, identity):
        return self.defined.setdefault(identity, f"{self.name}-{len(self.defined) + 1}")

    def _reference(self, match):
        return f"url(#{self._refer(match[1])})"

    def _refer(self, identity):
        self.used.add(self._renamed(identity))
        return self._renamed(identity)


def colour(value):
    """Return the CSS value of a drawn colour: a palette variable, currentColor or none."""
    if not COLOUR.fullmatch(value):
        return value
    if value.lower() not in DRAWN:
        raise ValueError(
            f"BookFigure.figure must use the colours of palette.json; got {value}; "
            "draw with Role.drawn of collapse_lib.plotting.palette."
        )
    return DRAWN[value.lower()]


def _prune(element, used):
    """Drop definitions that nothing refers to, and what is empty without them."""
    for child in list(element):
        _prune(child, used)
        unused = child.get("id") is not None and child.get("id") not in used
        if unused or (child.tag in ("g", "defs") and len(child) == 0):
            element.remove(child)
