"""The link check of the built book, and that it finds each kind of broken link."""

import pytest

from tools.links import faults


def test_every_link_of_the_book_leads_somewhere(site):
    assert faults(site) == []


CASES = {
    '<a href="missing.html">x</a>': "missing.html leads nowhere",
    '<a href="other.html#none">x</a>': "names an anchor that its page does not have",
    '<a href="#none">x</a>': "names an anchor that its page does not have",
    '<a href="#fig=none&n=10">x</a>': "sets a figure that its page does not have: none",
    '<a href="/other.html">x</a>': "is an absolute path",
    '<a href="../page.html">x</a>': "leads out of the site",
    '<img src="none.png" alt="">': "none.png leads nowhere",
    '<img srcset="none.png 2x" src="pixel.png" alt="">': "none.png leads nowhere",
    '<script src="https://cdn.example.org/a.js"></script>': "is loaded from another host",
    '<link rel="stylesheet" href="//cdn.example.org/a.css">': "is loaded from another host",
    '<link rel="preconnect" href="https://cdn.example.org">': "is loaded from another host",
    '<iframe src="https://example.org"></iframe>': "is loaded from another host",
    '<style>a { background: url("https://example.org/a.png") }</style>': "another host",
    "<p style=\"background: url('https://example.org/a.png')\">x</p>": "another host",
    '<style>@import "https://example.org/a.css";</style>': "is loaded from another host",
    '<script type="module">import x from "https://esm.example.org/x";</script>': "another host",
    '<script type="module">const x = await import("./none.mjs");</script>': "leads nowhere",
    '<meta http-equiv="refresh" content="0; url=none.html">': "none.html leads nowhere",
    '<svg><use href="https://example.org/a.svg#b"></use></svg>': "is loaded from another host",
}


@pytest.fixture
def small_site(tmp_path):
    site = tmp_path / "site"
    (site / "folder").mkdir(parents=True)
    (site / "other.html").write_text('<h1 id="there">x</h1>', encoding="utf-8")
    (site / "folder" / "index.html").write_text("<p>x</p>", encoding="utf-8")
    (site / "pixel.png").write_bytes(b"")
    return site


@pytest.mark.parametrize("body", CASES)
def test_a_broken_link_is_found(small_site, body):
    (small_site / "page.html").write_text(body, encoding="utf-8")
    (fault,) = faults(small_site)
    assert fault.startswith("page.html: ")
    assert CASES[body] in fault


def test_faults_in_style_sheets_and_modules_are_found(small_site):
    (small_site / "a.css").write_text("@font-face { src: url(none.woff2) }", encoding="utf-8")
    (small_site / "b.mjs").write_text('import "https://example.org/x.js";', encoding="utf-8")
    assert faults(small_site) == [
        "a.css: none.woff2 leads nowhere",
        "b.mjs: https://example.org/x.js is loaded from another host",
    ]


def test_sound_links_pass(small_site):
    body = """<a href="other.html#there">x</a> <a href="folder/">x</a> <a href="#top">x</a>
    <figure id="fig-urn"></figure> <a href="#fig=urn&amp;v=1&amp;n=10">x</a>
    <a href="https://example.org">outward links may be followed</a> <a href="mailto:a@b.c">x</a>
    <img src="pixel.png?v=1" alt=""> <img src="data:image/png;base64," alt="">
    <link rel="canonical" href="https://example.org/page.html">
    <script type="module">import { x } from "bare-name"; import "./b.mjs";</script>"""
    (small_site / "page.html").write_text(body, encoding="utf-8")
    (small_site / "b.mjs").write_text("export const x = 1;", encoding="utf-8")
    assert faults(small_site) == []
