"""One figure of each kind, and what every figure is asked."""

import re
from html.parser import HTMLParser
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pandas

from collapse_lib.plotting import (
    Axis,
    Bars,
    Cloud,
    Histogram,
    Panel,
    Series,
    Strip,
    Theory,
    areas,
    bars,
    curves,
    heat,
    image_strip,
    mosaic,
    palette,
    scatter_panels,
    small_multiples,
    spans,
    waffle,
)
from collapse_lib.plotting.drawing.canvas import text_width
from collapse_lib.plotting.drawing.svg import drawing

SVG = "{http://www.w3.org/2000/svg}"
T = np.arange(1, 101)
WORDS = {
    "title": "What remains",
    "caption": "Medians of 200 replicates.",
    "alt": "The curve falls from one to nearly nothing within a hundred generations.",
}
EVIL = "<img src=x onerror=alert(1)> & $x^2$ \x00\ud800"


def falling():
    rng = np.random.default_rng(0)
    paths = np.cumprod(rng.chisquare(99, (200, 100)) / 99, axis=1)
    low, median, high = np.quantile(paths, [0.05, 0.5, 0.95], axis=0)
    return curves(
        [
            Series("sample", T, median, low, high, paths[:3], palette.SYNTHETIC),
            Series("reference", T, np.ones(100)),
        ],
        theory=[Theory("closed form", T, np.exp(-T / 100), "a source with a long name, 2023")],
        x=Axis("generation"),
        y=Axis("variance", log=True),
        name="falling",
        **WORDS,
    )


def named_at_their_ends():
    return curves(
        [
            Series(f"policy {k}", T, k + np.log(T), role=palette.CATEGORICAL[k - 1])
            for k in (1, 2, 3)
        ],
        x=Axis("generation", log=True),
        y=Axis("error"),
        name="ends",
        **WORDS,
    )


def words():
    return bars(
        ["the", "a rather long category name", EVIL],
        [
            Bars("real", [0.3, 0.2, 0.1]),
            Bars("copied", [0.4, 0.1, 0.0], [0.3, 0.1, 0], [0.5, 0.2, 0.1], palette.SYNTHETIC),
            Bars("expected", [0.35, 0.15, 0.05], role=palette.THEORY),
        ],
        value=Axis("share of all words"),
        name="words",
        **WORDS,
    )


def densities():
    edges = np.linspace(-3, 3, 25)
    middle = (edges[1:] + edges[:-1]) / 2
    law = np.exp(-(middle**2) / 2) / np.sqrt(2 * np.pi)
    return small_multiples(
        [
            Panel(
                f"generation {t}",
                [
                    Histogram("sample", edges, law * t),
                    Theory("original", middle, law, "standard normal"),
                ],
            )
            for t in (1, 2, 3, 4, 5)
        ],
        x=Axis("value"),
        y=Axis("density"),
        name="densities",
        **WORDS,
    )


def digits():
    rng = np.random.default_rng(1)
    return image_strip(
        [Strip(f"generation {t}", rng.integers(0, 17, (10, 8, 8))) for t in range(5)],
        full_ink=16,
        name="digits",
        **WORDS,
    )


def rings():
    rng = np.random.default_rng(2)
    return scatter_panels(
        [
            Panel(
                f"generation {t}",
                [
                    Cloud("real", rng.normal(size=(2000, 2)), palette.REAL),
                    Cloud("sample", rng.normal(size=(150, 2)) / t),
                ],
            )
            for t in (1, 10, 100)
        ],
        x=Axis("first"),
        y=Axis("second"),
        name="rings",
        **WORDS,
    )


MARKS = {"falls": ("v", palette.CATEGORICAL[0]), "stays": ("=", palette.CATEGORICAL[2])}


def verdicts():
    return mosaic(
        ["one family of models", "another with a name that is far too long to stand there whole"],
        ["replace", "keep everything there ever was"],
        [["falls", "stays"], ["falls", "falls"]],
        marks=MARKS,
        details=[["falls, 62", "stays, 1.1"], ["falls, 3", "falls, 7"]],
        name="verdicts",
        **WORDS,
    )


def confusions():
    counts = np.random.default_rng(4).poisson(np.full((10, 10), 2) + 190 * np.eye(10))
    return heat(
        [*range(9), EVIL],
        [*range(9), "nine"],
        np.where(np.eye(10)[::-1] == 1, np.nan, counts),
        value="images read so, of the first generation and of all that came after it",
        rows_label="written",
        columns_label="read as",
        name="confusions",
        **WORDS,
    )


def kinds():
    shares = np.random.default_rng(5).dirichlet(np.r_[np.ones(8), 9, 9], 12).T
    return areas(
        range(1, 13),
        shares,
        labels=[*range(8), EVIL, "nine"],
        value="share of all rows",
        name="kinds",
        **WORDS,
    )


def flagged():
    return waffle(
        {
            EVIL: {"by a model": 610, "by a human, and flagged nevertheless": 390},
            "a title that is too long for its place": {"by a model": 1000, EVIL: 1},
            "last": {"by a model": 0},
        },
        value="flagged texts",
        each=3,
        name="flagged",
        **WORDS,
    )


def noticed():
    return bars(
        ["variance", "share of rare kinds", EVIL],
        [
            Bars("replace", [2, 30, np.nan], [1, 12, np.nan], [4, 90, np.nan], palette.SYNTHETIC),
            Bars("keep everything", [40, 900, 5000]),
            Bars("expected", [3, 50, 2000], role=palette.THEORY),
        ],
        value=Axis("generation of the first notice", log=True),
        dots=True,
        name="noticed",
        **WORDS,
    )


def staged():
    frame = pandas.DataFrame(
        {
            "loop": np.repeat(["bell curve", EVIL], 4),
            "early": [2, 3, 4, 90, 1, 1, 2, 30],
            "late": [20, 40, 60, np.inf, np.inf, np.inf, np.inf, np.inf],
            "last": 100,
        }
    )
    return spans(
        frame,
        category="loop",
        start="early",
        end="late",
        last="last",
        value=Axis("generation", log=True),
        name="staged",
        **WORDS,
    )


MAKERS = {
    m.__name__: m
    for m in (
        *(falling, named_at_their_ends, words, densities, digits, rings),
        *(verdicts, confusions, kinds, flagged, noticed, staged),
    )
}


class Page(HTMLParser):
    """The tags of a page, its ids, and the columns of its table."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.heads, self.rows, self.cell = [], [], [], [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.ids += [value for key, value in attrs if key == "id"]
        if tag == "tr":
            self.rows.append([])
        self.cell = tag if tag in ("th", "td") else None
        if tag == "th":
            self.heads.append("")
        if tag == "td":
            self.rows[-1].append("")

    def handle_data(self, data):
        if self.cell == "th":
            self.heads[-1] += data
        if self.cell == "td":
            self.rows[-1][-1] += data

    def handle_endtag(self, tag):
        self.cell = None

    def columns(self):
        body = self.rows[1:]
        return {head: [row[i] for row in body if row[i] != ""] for i, head in enumerate(self.heads)}


def texts(svg):
    """Every text of an SVG as (left, right, middle, text), at the size of a phone."""
    for left, right, y, text, _ in placed_texts(svg):
        yield left, right, y, text


def placed_texts(svg):
    """The same, and the corners (4, 2) of a band 10 high along each text, slanted as it is."""
    for element in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        with drawing():
            width = text_width(element.text, element.get("font-weight") in ("bold", "700"))
        x, y = float(element.get("x")), float(element.get("y"))
        left = x - width * {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor"), 0.0)
        right = left + width
        corners = np.array([[left, y - 5], [right, y - 5], [right, y + 5], [left, y + 5]])
        turned = re.match(r"rotate\((-?[\d.]+)", element.get("transform", ""))
        angle = np.radians(float(turned[1]) if turned else 0.0)
        cos, sin = np.cos(angle), np.sin(angle)
        corners = (corners - (x, y)) @ np.array([[cos, sin], [-sin, cos]]) + (x, y)
        yield left, right, y, element.text, corners


def apart(one, other):
    """Whether a line along a side of one of two convex outlines (n, 2) lies between them."""
    for outline in (one, other):
        sides = np.roll(outline, -1, axis=0) - outline
        for normal in np.stack([sides[:, 1], -sides[:, 0]], axis=1):
            a, b = one @ normal, other @ normal
            if a.max() <= b.min() + 1e-9 or b.max() <= a.min() + 1e-9:
                return True
    return False


def overlapping(svg):
    """Pairs of texts that touch, and texts that leave the page sideways."""
    found = [(text, corners) for *_, text, corners in placed_texts(svg)]
    pairs = [(a[0], b[0]) for a, b in combinations(found, 2) if not apart(a[1], b[1])]
    outside = [text for text, c in found if c[:, 0].min() < -1 or c[:, 0].max() > 401]
    return pairs + outside


def foreign_colours(svg):
    """Colours that are neither none, currentColor nor a palette variable with its fallback."""
    known = {"none", palette.CURRENT, *(role.css for role in palette.ALL)}
    found = []
    for element in ElementTree.fromstring(svg).iter():
        pairs = [part.split(":", 1) for part in element.get("style", "").split(";") if part]
        found += [element.get(key) for key in ("fill", "stroke", "color", "stop-color")]
        found += [value for key, value in pairs if key != "image-rendering"]
    return [value for value in found if value is not None and value not in known]


def outside_references(text):
    """Addresses that a browser would fetch; the names of XML namespaces are none."""
    rest = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    rest = re.sub(r'"data:image/png;base64,[A-Za-z0-9+/=]+"', "", rest)
    return re.findall(r"(?:https?:)?//[^\s\"']+|url\((?!#)[^)]*\)|@import|<link|<script", rest)


def one_line(median, *, log=False, **more):
    x = np.arange(1, len(median) + 1)
    figure = curves(
        [Series("sample", x, median, role=palette.SYNTHETIC)],
        x=Axis("generation"),
        y=Axis("value", log=log),
        name="line",
        **(WORDS | {"caption": "One run."} | more),
    )
    paths = [
        element.get("d")
        for element in ElementTree.fromstring(figure.svg()).iter(f"{SVG}path")
        if palette.SYNTHETIC.css in element.get("style", "")
    ]
    return figure, paths


def points_of(path):
    """The points of compacted lines, in units."""
    found, here = [], (0.0, 0.0)
    for command, numbers in re.findall(r"([MmlqcZz])([^A-Za-z]*)", path):
        values = [float(v) for v in re.findall(r"-?\d*\.?\d+", numbers)]
        for x, y in zip(values[::2], values[1::2], strict=True):
            here = (x, y) if command == "M" else (here[0] + x, here[1] + y)
            found.append(here)
    return found
