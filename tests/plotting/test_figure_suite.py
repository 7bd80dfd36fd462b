"""Every kind of figure is held to the same suite; broken ones must fail it."""

import re
import subprocess
import sys
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
from figures import (
    EVIL,
    MAKERS,
    SVG,
    WORDS,
    Page,
    T,
    falling,
    foreign_colours,
    outside_references,
    overlapping,
)
from sentences import says

import collapse_lib
from collapse_lib.plotting import (
    Axis,
    BookFigure,
    Series,
    Theory,
    curves,
    palette,
)
from collapse_lib.plotting.drawing.svg import drawing

FIGURES = {}


@pytest.fixture(params=MAKERS)
def figure(request):
    if request.param not in FIGURES:
        FIGURES[request.param] = MAKERS[request.param]()
    return FIGURES[request.param]


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
            assert np.array(shown[name], dtype=float) == pytest.approx(
                values, rel=5.1e-4, nan_ok=True
            )


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


def test_standalone_svg_brings_dark_colours():
    svg = falling().svg(standalone=True)
    ElementTree.fromstring(svg)
    assert "prefers-color-scheme:dark" in svg and palette.REAL.dark in svg
    assert outside_references(svg) == []


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
