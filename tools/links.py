"""Check a built site: inner links lead somewhere, and no page loads anything from elsewhere."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from bs4 import BeautifulSoup

# What a browser fetches by itself, as (tag, attribute).
LOADED = {
    ("audio", "src"),
    ("embed", "src"),
    ("iframe", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("img", "src"),
    ("input", "src"),
    ("object", "data"),
    ("script", "src"),
    ("source", "src"),
    ("track", "src"),
    ("use", "href"),
    ("use", "xlink:href"),
    ("video", "poster"),
    ("video", "src"),
}
FOLLOWED = {("a", "href"), ("area", "href"), ("form", "action")}
SOURCE_SETS = {("img", "srcset"), ("source", "srcset")}
UNLOADED_RELATIONS = {"alternate", "author", "canonical", "license", "next", "prev"}
INLINE_SCHEMES = {"about", "blob", "data", "javascript", "mailto"}

CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']""")
JS_IMPORT = re.compile(
    r"""(?:\bimport\s*\(\s*|\bfrom\s*|\bimport\s*|\bimportScripts\s*\(\s*)["']([^"'\s]+)["']"""
)


class Reference(NamedTuple):
    """A link in `file` to `target`; `loaded` where a browser fetches it without being asked."""

    file: Path
    target: str
    loaded: bool


def css_references(file: Path, text: str) -> Iterator[Reference]:
    for match in CSS_URL.finditer(text):
        yield Reference(file, match[1] or match[2], True)


def js_references(file: Path, text: str) -> Iterator[Reference]:
    """Imports by address; a bare name ("x" in `from "x"`) is no address and is left alone."""
    for match in JS_IMPORT.finditer(text):
        if match[1].startswith((".", "/")) or "://" in match[1]:
            yield Reference(file, match[1], True)


@lru_cache(maxsize=512)
def parsed(file: Path) -> BeautifulSoup:
    return BeautifulSoup(file.read_bytes(), "html.parser")


@lru_cache(maxsize=512)
def anchors(file: Path) -> frozenset[str]:
    """Return every name that a fragment may point at in the page `file`."""
    page = parsed(file)
    ids = {tag["id"] for tag in page.find_all(id=True)}
    return frozenset(ids | {tag["name"] for tag in page.find_all("a", attrs={"name": True})})


def html_references(file: Path) -> Iterator[Reference]:
    for tag in parsed(file).find_all(True):
        for attribute, value in tag.attrs.items():
            if (tag.name, attribute) in LOADED:
                yield Reference(file, value, True)
            elif (tag.name, attribute) in FOLLOWED:
                yield Reference(file, value, False)
            elif (tag.name, attribute) in SOURCE_SETS:
                for candidate in value.split(","):
                    yield Reference(file, candidate.split()[0], True)
            elif attribute == "style":
                yield from css_references(file, value)
        if tag.name == "link" and tag.get("href"):
            loaded = not set(tag.get("rel", [])) <= UNLOADED_RELATIONS
            yield Reference(file, tag["href"], loaded)
        elif tag.name == "meta" and tag.get("http-equiv", "").lower() == "refresh":
            yield Reference(file, tag["content"].partition("url=")[2], True)
        elif tag.name == "style":
            yield from css_references(file, tag.get_text())
        elif tag.name == "script" and not tag.get("src"):
            yield from js_references(file, tag.get_text())


def references(site: Path) -> Iterator[Reference]:
    for file in sorted(site.rglob("*")):
        if file.suffix == ".html":
            yield from html_references(file)
        elif file.suffix == ".css":
            yield from css_references(file, file.read_text(encoding="utf-8"))
        elif file.suffix in {".js", ".mjs"}:
            yield from js_references(file, file.read_text(encoding="utf-8"))


def fault(site: Path, reference: Reference) -> str | None:
    """Return what is wrong with `reference`, or None."""
    target = urlsplit(reference.target.strip())
    if target.scheme in INLINE_SCHEMES:
        return None
    if target.scheme or target.netloc:
        return "is loaded from another host" if reference.loaded else None
    if target.path.startswith("/"):
        return "is an absolute path, which breaks below a folder and from file://"
    path = reference.file
    if target.path:
        path = (reference.file.parent / unquote(target.path)).resolve()
    if path.is_dir():
        path = path / "index.html"
    if not path.is_relative_to(site):
        return "leads out of the site"
    if not path.is_file():
        return "leads nowhere"
    if target.fragment and path.suffix == ".html":
        fragment = unquote(target.fragment)
        if fragment.startswith("fig="):  # a link that sets a figure: see collapse_lib/explorers
            figures = parse_qs(fragment)["fig"]
            missing = [name for name in figures if f"fig-{name}" not in anchors(path)]
            return f"sets a figure that its page does not have: {missing[0]}" if missing else None
        if fragment != "top" and fragment not in anchors(path):
            return "names an anchor that its page does not have"
    return None


def faults(site: Path) -> list[str]:
    """Return one sentence for each faulty link of the site in the folder `site`."""
    site = site.resolve()
    found = []
    for reference in references(site):
        wrong = fault(site, reference)
        if wrong:
            file = reference.file.relative_to(site).as_posix()
            found.append(f"{file}: {reference.target} {wrong}")
    return sorted(set(found))
