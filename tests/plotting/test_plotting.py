"""plotting: every kind of figure is held to the same suite; broken ones must fail it."""

import json
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import says

import collapse_lib
from collapse_lib.plotting import (
    Axis,
    Bars,
    BookFigure,
    Cloud,
    Histogram,
    Panel,
    Series,
    Strip,
    Theory,
    bars,
    curves,
    image_strip,
    mosaic,
    palette,
    scatter_panels,
    small_multiples,
)
from collapse_lib.plotting.canvas import text_width
from collapse_lib.plotting.paths import compact, short
from collapse_lib.plotting.scales import scale
from collapse_lib.plotting.svg import drawing
from collapse_lib.plotting.text import clean, cut, linear, logarithmic

SVG = "{http://www.w3.org/2000/svg}"
T = np.arange(1, 101)
WORDS = {
    "title": "What remains",
    "caption": "Medians of 200 replicates.",
    "alt": "The curve falls from one to nearly nothing within a hundred generations.",
}
EVIL = "<img src=x onerror=alert(1)> & $x^2$ \x00\ud800"
quick = settings(deadline=None, max_examples=60, derandomize=True)


# --- one of each kind ----------------------------------------------------------------------------


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


MAKERS = {
    m.__name__: m for m in (falling, named_at_their_ends, words, densities, digits, rings, verdicts)
}
FIGURES = {}


@pytest.fixture(params=MAKERS)
def figure(request):
    if request.param not in FIGURES:
        FIGURES[request.param] = MAKERS[request.param]()
    return FIGURES[request.param]


# --- the suite -----------------------------------------------------------------------------------


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
    for element in ElementTree.fromstring(svg).iter(f"{SVG}text"):
        with drawing():
            width = text_width(element.text, element.get("font-weight") in ("bold", "700"))
        x, y = float(element.get("x")), float(element.get("y"))
        left = x - width * {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor"), 0.0)
        yield left, left + width, y, element.text


def overlapping(svg):
    """Pairs of texts that touch, and texts that leave the page sideways."""
    found = list(texts(svg))
    pairs = [
        (a[3], b[3])
        for a, b in combinations(found, 2)
        if abs(a[2] - b[2]) < 10 and a[0] < b[1] and b[0] < a[1]
    ]
    return pairs + [text for left, right, _, text in found if left < -1 or right > 401]


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


def test_svg_is_well_formed_and_says_what_it_shows(figure):
    root = ElementTree.fromstring(figure.svg())
    assert root.get("role") == "img"
    assert root.get("aria-label") == WORDS["alt"]
    assert root[0].tag == f"{SVG}title" and root[0].text == WORDS["title"]


def test_svg_scales_and_brings_no_style(figure):
    svg = figure.svg()
    root = ElementTree.fromstring(svg)
    assert root.get("width") is None and root.get("height") is None
    assert root.get("viewBox").startswith("0 0 400 ")
    assert "<style" not in svg and "font-size:" not in svg and "metadata" not in svg


def test_two_builds_are_equal(figure):
    again = next(make() for name, make in MAKERS.items() if FIGURES.get(name) is figure)
    assert again.html() == figure.html() == figure.html()


def test_ids_are_the_figures_own_and_references_resolve(figure):
    html = figure.html()
    ids = Page(html).ids
    assert len(set(ids)) == len(ids)
    assert all(i == f"figure-{figure.name}" or i.startswith(f"figure-{figure.name}-") for i in ids)
    assert set(re.findall(r'(?:url\(|href=")#([^)"]+)', html)) <= set(ids)


def test_nothing_is_fetched(figure):
    assert outside_references(figure.html()) == []


def test_colours_come_from_the_palette(figure):
    assert foreign_colours(figure.svg()) == []


def test_texts_do_not_touch(figure):
    assert overlapping(figure.svg()) == []


def test_figures_are_small(figure):
    assert len(figure.svg().encode()) < 40_000
    assert len(figure.html().encode()) < 90_000


def test_table_is_what_was_drawn(figure):
    shown = Page(figure.html()).columns()
    assert list(shown) == list(figure.table)
    for name, values in figure.table.items():
        values = np.asarray(values)
        if values.dtype.kind == "U":
            assert [unescape(cell) for cell in shown[name]] == [str(v) for v in values]
        else:
            assert np.array(shown[name], dtype=float) == pytest.approx(values, rel=5.1e-4)


def test_caller_words_stay_words(figure):
    assert set(Page(figure.html()).tags) <= {
        *("figure", "style", "p", "div", "figcaption", "details", "summary"),
        *("table", "thead", "tbody", "tr", "th", "td"),
        *("svg", "title", "path", "text", "g", "defs", "clippath", "rect", "mask", "image", "use"),
    }


def test_bundle_has_a_stable_plain_text(figure):
    bundle = figure._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/plain"] == repr(figure) == f"Figure {figure.name}: {WORDS['alt']}"
    assert bundle["text/html"].startswith('<figure class="cl-figure ')


def test_parts_of_the_html(figure):
    html = figure.html()
    assert f'id="figure-{figure.name}"' in html
    assert "<details><summary>Data table</summary>" in html
    assert 'tabindex="0" role="region" aria-label="Data table: What remains"' in html
    # an untrusted notebook loses stylesheet and drawing: the words then stand alone
    assert '<div class="cl-drawing" hidden="hidden"><svg ' in html
    assert f'<p class="cl-alt">{WORDS["alt"]}' in html
    for sign in ('[data-jp-theme-light="false"] .cl-figure', ".cl-drawing[hidden]{display:block}"):
        assert sign in html


# --- the suite catches broken figures ------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "broken"),
    [
        (foreign_colours, '<path style="fill:#123456"/>'),
        (foreign_colours, '<path fill="red"/>'),
        (foreign_colours, '<path style="fill:var(--cl-real, #123456)"/>'),
        (outside_references, '<image href="https://example.org/a.png"/>'),
        (outside_references, "<style>@import 'a.css'</style>"),
        (outside_references, '<rect fill="url(https://example.org)"/>'),
    ],
)
def test_the_suite_catches(check, broken):
    assert check(broken)


def test_the_suite_catches_touching_texts():
    words = '<text x="10" y="20">one</text><text x="{}" y="{}">two</text>'
    page = f'<svg xmlns="http://www.w3.org/2000/svg">{words}</svg>'
    assert overlapping(page.format(12, 24)) == [("one", "two")]
    assert overlapping(page.format(395, 60)) == ["two"]
    assert overlapping(page.format(60, 20)) == []


def test_foreign_colours_are_refused():
    with drawing():
        from matplotlib.figure import Figure

        page = Figure()
        page.text(0.5, 0.5, "red", color="red")
    figure = BookFigure("red", "Red", "", "A red word stands alone.", {}, page)
    with says(
        "BookFigure.figure must use the colours of palette.json; got #ff0000; "
        "draw with Role.drawn of collapse_lib.plotting.palette."
    ):
        figure.svg()


# --- what is drawn -------------------------------------------------------------------------------


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


def test_gaps_are_gaps_and_said():
    nan, inf = float("nan"), float("inf")
    figure, paths = one_line([1.0, 2.0, nan, 3.0, nan, 2.0, inf, 1.0, 2.0])
    assert figure.caption == (
        "One run. 2 missing values leave gaps. 1 infinite value is not drawn."
    )
    strokes = [s for path in paths for s in re.split("(?=[Mm])", path) if "l" in s]
    # the sign of the legend, two lines with a gap between them, two lone values as dots
    assert len(strokes) == 1 + 2 + 2
    assert sum(stroke.endswith("l0 0") for stroke in strokes) == 2
    assert "nan" not in figure.svg().lower()


def test_nothing_is_said_of_a_whole_series():
    figure, paths = one_line([1.0, 2.0, 3.0])
    assert figure.caption == "One run."
    assert sum(path.lower().count("m") for path in paths) == 2  # the legend and the line


def test_what_a_log_axis_cannot_show_is_said():
    figure, _ = one_line([1.0, 0.1, 0.0], log=True)
    assert figure.caption == "One run. 1 value at or below zero lies under the log axis."


def test_a_line_goes_where_its_values_are():
    figure, paths = one_line([0.0, 10.0])
    line = max(paths, key=lambda path: _points(path)[-1][1])
    (x0, y0), (x1, y1) = _points(line)
    grid = [_points(e.get("d")) for e in ElementTree.fromstring(figure.svg()).iter(f"{SVG}path")]
    levels = sorted({g[0][1] for g in grid if len(g) == 2 and g[0][1] == g[1][1] and g[0][1] > 40})
    ticks = {t: y for _, _, y, t in texts(figure.svg())}
    assert x1 > x0 and y0 > y1
    assert y0 == pytest.approx(levels[-1], abs=0.11)  # 0 lies on the lowest grid line
    assert ticks["0.0"] - ticks["10.0"] == pytest.approx(y0 - y1, abs=0.21)


def test_theory_lies_beneath_the_lines_and_names_its_source():
    svg = falling().svg()
    dashed = [m.start() for m in re.finditer("stroke-dasharray", svg)]
    solid = [m.start() for m in re.finditer(re.escape(f"stroke:{palette.SYNTHETIC.css}"), svg)]
    assert len(dashed) == 2  # once in the legend, once in the plot
    assert dashed[1] < min(place for place in solid if place > dashed[0])
    assert "closed form (a source with a long name, 2023)" in svg


def test_labels_stand_at_the_ends_only_where_they_can_be_read():
    direct = named_at_their_ends().svg()
    ends = {text: left for left, _, _, text in texts(direct)}
    assert all(ends[f"policy {k}"] > 300 for k in (1, 2, 3))
    crowded = curves(
        [Series(f"policy {k}", T, 1 / T, role=palette.CATEGORICAL[k]) for k in (1, 2, 3)],
        x=Axis("generation"),
        y=Axis("error"),
        name="crowded",
        **WORDS,
    )
    heights = {y for _, _, y, text in texts(crowded.svg()) if text.startswith("policy")}
    assert len(heights) == 1  # a legend, side by side
    assert overlapping(crowded.svg()) == []


def test_long_legends_are_wrapped_and_long_categories_cut():
    label = "a label of very many words " * 6
    figure = curves(
        [Series(label, T, 1 / T)], x=Axis("generation"), y=Axis("error"), name="long", **WORDS
    )
    assert overlapping(figure.svg()) == []
    assert clean(label) in figure.table
    assert "…" in words().svg()
    assert clean(EVIL) in list(words().table["category"])


def test_images_are_ink_of_the_page():
    figure = digits()
    svg = figure.svg()
    assert svg.count("<image ") == 5
    assert (
        '<rect width="100%" height="100%" fill="currentColor" mask="url(#figure-digits-ink)"' in svg
    )
    rects = 5 * 10 * 64 * len('<rect x="100.1" y="100.1" width="3" height="3" opacity=".50"/>')
    assert len(svg) < rects / 10  # why images, not rects


def test_pixels_outside_are_said():
    strip = Strip("real", [[[0.0, 2.0], [-1.0, 1.0]]])
    figure = image_strip([strip], name="pixels", **WORDS)
    assert figure.caption == (
        "Medians of 200 replicates. 2 of 4 pixels outside 0 to 1 are drawn at the nearer end."
    )


def test_a_thinned_cloud_says_so():
    assert rings().caption == (
        "Medians of 200 replicates. At most 300 rows of each cloud are drawn."
    )
    assert len(rings().table["generation 1, real: first"]) == 300


def test_every_words_slot_is_escaped():
    figure = curves(
        [Series(f"{EVIL} a", T, 1 / T), Series(f"{EVIL} b", T, 2 / T)],
        theory=[Theory(f"{EVIL} c", T, 1 / T, EVIL)],
        x=Axis(f"{EVIL} x"),
        y=Axis(f"{EVIL} y"),
        name="evil",
        title=EVIL,
        caption=EVIL,
        alt=f"{EVIL} stands here.",
    )
    html = figure.html()
    ElementTree.fromstring(figure.svg())
    assert "img" not in Page(html).tags
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    assert "$x^2$" in html and "\x00" not in html and "\ud800" not in html


def test_words_in_any_script_draw_without_warning():
    figure, _ = one_line([1.0, 2.0], title="模型崩溃 ☃ 🙂")
    assert "模型崩溃" in figure.html()


def test_standalone_svg_brings_dark_colours():
    svg = falling().svg(standalone=True)
    ElementTree.fromstring(svg)
    assert "prefers-color-scheme:dark" in svg and palette.REAL.dark in svg
    assert outside_references(svg) == []


# --- the outside world ---------------------------------------------------------------------------


def test_the_users_settings_change_nothing_and_stay():
    plain = falling().html()
    with matplotlib.rc_context({"lines.linewidth": 9, "font.size": 30, "axes.grid": True}):
        assert falling().html() == plain
        assert matplotlib.rcParams["lines.linewidth"] == 9


def test_import_is_light_and_pyplot_stays_out():
    code = (
        "import sys, collapse_lib.plotting as p; light = 'matplotlib' in sys.modules;"
        "p.curves([p.Series('a', [1, 2], [1, 2])], x=p.Axis('x'), y=p.Axis('y'), name='n',"
        "title='t', caption='', alt='A line rises.').html();"
        "print(light, 'matplotlib.pyplot' in sys.modules)"
    )
    root = Path(collapse_lib.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout.split() == ["False", "False"]


# --- numbers and paths ---------------------------------------------------------------------------


def _points(path):
    """The points of compacted lines, in units."""
    found, here = [], (0.0, 0.0)
    for command, numbers in re.findall(r"([MmlqcZz])([^A-Za-z]*)", path):
        values = [float(v) for v in re.findall(r"-?\d*\.?\d+", numbers)]
        for x, y in zip(values[::2], values[1::2], strict=True):
            here = (x, y) if command == "M" else (here[0] + x, here[1] + y)
            found.append(here)
    return found


places = st.lists(
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=2, max_size=20, unique=True
)


@quick
@given(places)
def test_compact_paths_keep_every_point(points):
    data = "M {} {} ".format(*points[0]) + " ".join("L {} {}".format(*p) for p in points[1:])
    written = _points(compact(data))
    rounded = [(round(x * 10) / 10, round(y * 10) / 10) for x, y in points]
    kept = [p for i, p in enumerate(rounded) if i < 2 or p != rounded[i - 1]]
    assert written == [pytest.approx(p, abs=1e-6) for p in kept]
    assert len(compact(data)) <= len(data)


def test_compact_keeps_dots_and_closes():
    assert compact("M 1 2 L 1 2 M 3 4 L 3 4") == "M1 2l0 0m2 2l0 0"
    assert compact("M 0 0 L 10 0 L 10 5.04 z M 1 1 L 2 -2") == "M0 0l10 0 0 5zm1 1l1-3"
    assert compact("M 0 0 C 1 1 2 2 3 3 Q 4 4 5 5") == "M0 0c1 1 2 2 3 3q1 1 2 2"


@pytest.mark.parametrize(
    ("number", "text"), [(12.0, "12"), (-0.3, "-.3"), (0.04, "0"), (-0.04, "0"), (1.26, "1.3")]
)
def test_short_numbers(number, text):
    assert short(number) == text


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([0.0, 0.5, 1.0], ["0.0", "0.5", "1.0"]),
        ([-2.5, 0.0, 2.5], ["\N{MINUS SIGN}2.5", "0.0", "2.5"]),
        ([0.0, 5000.0, 10000.0], ["0", "5,000", "10,000"]),
        ([0.0, 1e7, 2e7], ["0", "1·10⁷", "2·10⁷"]),
        ([0.0, 1e-6], ["0", "1·10⁻⁶"]),
        ([0.125, 0.25], ["0.125", "0.250"]),
        ([3.0], ["3"]),
    ],
)
def test_linear_ticks(values, shown):
    assert linear(values) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(1.0, "1"), (0.001, "0.001"), (0.05, "0.05"), (1e4, "10,000"), (1e-5, "10⁻⁵"), (3e6, "3·10⁶")],
)
def test_log_ticks(value, shown):
    assert logarithmic(value) == shown


@pytest.mark.parametrize(
    ("ends", "ticks"),
    [
        ((127, 733), [200, 300, 500, 700]),  # two ticks could be those of a linear axis
        ((1, 100), [1, 10, 100]),
        ((4, 64), [5, 10, 20, 50]),
        ((1.2, 2.9), [2]),
    ],
)
def test_where_the_ticks_of_a_log_axis_stand(ends, ticks):
    axis = Axis("x", log=True, lower=ends[0], upper=ends[1])
    assert list(scale(axis, [np.array(ends, dtype=float)]).ticks) == ticks


def test_cut_marks_its_end():
    assert cut("category", 20) == "category"
    assert cut("category", 4) == "cat…"


# --- the palette ---------------------------------------------------------------------------------

PAPERS = {"light": ["#FFFFFF"], "dark": ["#111111", "#14181E", "#222832"]}
# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1
VISION = {
    "full": np.eye(3),
    "no red cones": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green cones": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def linear_light(colour):
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    """The ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted(linear_light(c) @ [0.2126, 0.7152, 0.0722] for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    """CIE L*a*b* under D65 of linear sRGB."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    t = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(a, b, vision):
    return np.linalg.norm(
        lab(VISION[vision] @ linear_light(a)) - lab(VISION[vision] @ linear_light(b))
    )


COLOURED = [role for role in palette.ALL if role.light != palette.CURRENT]
TOLD_APART = [palette.REAL, palette.SYNTHETIC, *palette.CATEGORICAL]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("role", COLOURED, ids=lambda role: role.name)
def test_colours_stand_out_from_paper(role, paper):
    assert min(contrast(getattr(role, paper), ground) for ground in PAPERS[paper]) >= 3.0


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("paper", PAPERS)
def test_colours_are_told_apart_by_all_eyes(paper, vision):
    values = [getattr(role, paper) for role in TOLD_APART]
    assert min(difference(a, b, vision) for a, b in combinations(values, 2)) > 12


def test_the_colour_tests_can_fail():
    assert contrast("#F0E442", "#FFFFFF") < 3.0  # yellow on white
    assert difference("#2E8B2E", "#A06A00", "no red cones") < 12  # green and brown
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_palette_is_the_json_file():
    file = Path(collapse_lib.__file__).with_name("plotting") / "palette.json"
    stored = json.loads(file.read_text())
    assert palette.REAL.light == stored["roles"]["real"]["light"] == "#0072B2"
    assert palette.SYNTHETIC.dark == stored["roles"]["synthetic"]["dark"]
    assert [r.light for r in palette.CATEGORICAL] == [c["light"] for c in stored["categorical"]]
    assert len({role.light for role in palette.ALL}) == len(palette.ALL)


def test_no_other_file_holds_a_data_colour():
    root = Path(collapse_lib.__file__).parent
    values = {value.lower() for role in COLOURED for value in (role.light, role.dark)}
    holders = [
        path.name
        for path in root.rglob("*")
        if path.suffix in (".py", ".css", ".js", ".json") and path.name != "palette.json"
        if any(value in path.read_text().lower() for value in values)
    ]
    assert holders == []


def test_css_has_light_dark_and_print():
    css = palette.css()
    assert css.startswith(":root{--cl-real:#0072B2;--cl-synthetic:#D55E00;")
    assert 'html[data-theme="dark"]{--cl-real:#56B4E9;--cl-synthetic:#FF8A3D;' in css
    assert "@media print{:root," in css and css.count("{") == css.count("}")
    assert "--cl-category-6:" in css and "--cl-theory:currentColor" in css


# --- sentences -----------------------------------------------------------------------------------


def figure_of(**changes):
    parts = {"name": "one", "caption": "", "table": {}, "figure": None} | WORDS | changes
    return BookFigure(**parts)


PLAIN = {"x": Axis("x"), "y": Axis("y"), "name": "one", **WORDS}
NAN = float("nan")
REFUSED = [
    (
        lambda: figure_of(name="Bad name"),
        "BookFigure.name must be lower-case words joined by dashes; got 'Bad name'; "
        "try 'variance-by-generation'.",
    ),
    (lambda: figure_of(title=" "), "BookFigure.title must not be empty; got none for 'one'."),
    (
        lambda: figure_of(alt=""),
        "BookFigure.alt must be a sentence that says what the figure shows; got '' for 'one'; "
        "end it with a full stop.",
    ),
    (
        lambda: figure_of(alt="a plot"),
        "BookFigure.alt must be a sentence that says what the figure shows; got 'a plot' for "
        "'one'; end it with a full stop.",
    ),
    (
        lambda: figure_of(table={"a": [[1, 2]]}),
        "BookFigure.table must hold columns (n,); got shape (1, 2) for 'a'.",
    ),
    (
        lambda: Series("a", [1, 2, 3], [1, 2]),
        "Series 'a' needs arrays of one shape; got x (3,), median (2,).",
    ),
    (
        lambda: Series("a", [1, 2], [1, 2], [0, 0]),
        "Series 'a': lower and upper must come together; got only one of them.",
    ),
    (
        lambda: Series("a", [1, 2], [1, 2], runs=np.ones((3, 4))),
        "Series 'a': runs must have the shape (n_runs, 2), as x is long; got (3, 4).",
    ),
    (
        lambda: Series("a", [1, NAN], [1, 2]),
        "Series 'a': x must be finite; got nan.",
    ),
    (
        lambda: Series("a", [], []),
        "Series 'a': x must have 1 axis; got shape (0,).",
    ),
    (lambda: Series(" ", [1], [1]), "Series ' ': label must not be empty; got ' '."),
    (
        lambda: Theory("a", [1], [1], " "),
        "Theory 'a': source must name where the formula stands; got nothing.",
    ),
    (
        lambda: Histogram("a", [0, 1], [1, 2]),
        "Histogram 'a': edges must be one longer than heights; got 2 and 2.",
    ),
    (
        lambda: Histogram("a", [0, 0, 1], [1, 2]),
        "Histogram 'a': width of a bin must be finite and above 0; got 0.",
    ),
    (
        lambda: Bars("a", [1, 2], [1], [2, 3]),
        "Bars 'a' needs arrays of one shape; got values (2,), lower (1,).",
    ),
    (
        lambda: Cloud("a", [1, 2]),
        "Cloud 'a' needs rows of shape (n, d); got shape (2,).",
    ),
    (
        lambda: Cloud("a", [[1, NAN], [1, 2]]),
        "Cloud 'a': 1 of 2 rows hold NaN or infinity (the first is row 0); drop or repair them.",
    ),
    (
        lambda: Strip("a", [[1.0]]),
        "Strip 'a': images must have 3 axes; got shape (1, 1).",
    ),
    (
        lambda: Strip("a", [[[1.0, NAN]]]),
        "Strip 'a': images must be a number; got nan.",
    ),
    (lambda: Panel("a", []), "Panel 'a': marks must not be empty; got none."),
    (
        lambda: Axis("a", log=True, lower=0.0),
        "Axis.lower of a log axis must be finite and above 0; got 0.",
    ),
    (lambda: curves([], **PLAIN), "curves.series must not be empty; got nothing to draw."),
    (
        lambda: curves([Series("a", [1], [1]), Series("a", [1], [2])], **PLAIN),
        "curves.series must have different labels; got 'a' more than once.",
    ),
    (
        lambda: curves([Series("x", [1], [1])], **PLAIN),
        "curves.series must have different labels; got 'x' more than once.",
    ),
    (
        lambda: curves([Series("a", [1], [NAN])], **PLAIN),
        "Axis 'y' needs a value to show, finite; got none.",
    ),
    (
        lambda: curves([Series("a", [1], [-1])], **(PLAIN | {"y": Axis("y", log=True)})),
        "Axis 'y' needs a value to show, positive and finite, as the axis is logarithmic; "
        "got none.",
    ),
    (
        lambda: bars(["a"], [Bars("b", [1, 2])], value=Axis("v"), name="one", **WORDS),
        "Bars 'b' needs arrays of one shape; got categories (1,), values (2,).",
    ),
    (
        lambda: bars(["a"], [Bars("b", [NAN])], value=Axis("v"), name="one", **WORDS),
        "Bars 'b': values must be finite; got nan.",
    ),
    (
        lambda: bars(["a"], [Bars("b", [1])], value=Axis("v", log=True), name="one", **WORDS),
        "bars.value must be a linear Axis: a bar has no foot on a log axis.",
    ),
    (
        lambda: image_strip(
            [Strip("a", np.ones((1, 2, 2))), Strip("b", np.ones((2, 2, 2)))], name="one", **WORDS
        ),
        "image_strip.strips must all have one shape; got [(1, 2, 2), (2, 2, 2)].",
    ),
    (
        lambda: image_strip([Strip("a", np.ones((21, 2, 2)))], name="one", **WORDS),
        "image_strip.strips: number of images must be at most 20; got 21.",
    ),
    (
        lambda: image_strip([Strip("a", np.ones((1, 2, 2)))], full_ink=0, name="one", **WORDS),
        "image_strip.full_ink must be finite and above 0; got 0.",
    ),
    (
        lambda: scatter_panels([Panel("p", [Cloud("a", [[1, 2]])])], max_points=0, **PLAIN),
        "scatter_panels.max_points must be at least 1; got 0.",
    ),
    (
        lambda: small_multiples(
            [
                Panel("p", [Series("a", [1, 2], [1, 2])]),
                Panel("q", [Series("a", [1, 2], [1, 2], role=palette.SYNTHETIC)]),
            ],
            **PLAIN,
        ),
        "Panel 'q': a label must keep its role in every panel; got two roles for 'a'.",
    ),
]


def one_tile(**changes):
    parts = {"rows": ["a"], "columns": ["b"], "words": [["falls"]], "marks": MARKS} | changes
    return mosaic(**parts, name="one", **WORDS)


REFUSED += [
    (
        lambda: one_tile(words=[["falls", "stays"]]),
        "mosaic.words must have one text for each row and column, (1, 1); got (1, 2).",
    ),
    (
        lambda: one_tile(details=[["a"], ["b"]]),
        "mosaic.details must have one text for each row and column, (1, 1); got (2, 1).",
    ),
    (
        lambda: one_tile(words=[["rises"]]),
        "mosaic.marks must have a sign and a Role for every word; 'rises' has none.",
    ),
    (
        lambda: one_tile(marks=MARKS | {"rises": ("=", palette.REAL)}),
        "mosaic.marks must have a sign of one character, another for each word; "
        "got '=' for 'stays'.",
    ),
    (
        lambda: one_tile(columns=["b", "b"], words=[["falls"] * 2]),
        "mosaic.columns must have different labels; got 'b' more than once.",
    ),
]
REFUSED_TYPES = [
    (
        lambda: Series("a", [1], [1], role="real"),
        "Series 'a': role must be of type Role; got 'real'.",
    ),
    (
        lambda: scatter_panels([Panel("p", [Series("a", [1], [1])])], **PLAIN),
        "scatter_panels.panels 'p': mark must be of type Cloud; got Series(label='a', "
        "x=array([1.]), median=array([1.]), lowe....",
    ),
]


@pytest.mark.parametrize(("call", "sentence"), REFUSED)
def test_refusals_are_sentences(call, sentence):
    with says(sentence):
        call()


@pytest.mark.parametrize(("call", "sentence"), REFUSED_TYPES)
def test_wrong_types_are_sentences(call, sentence):
    with says(sentence, TypeError):
        call()
