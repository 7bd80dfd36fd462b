"""The build executes a chapter when, and only when, something that decides its outputs changed."""

import json
import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.book import build_book, drop_stale, fingerprints
from tools.environment import ROOT

ODD_NAME = "a%20b %s {c} [d] \u00e4" if os.name == "nt" else "a%20b?c=d %s {e} [f] #g '\u00e4"
BUILD_FILES = ("_config.yml", "_ext", "book_assets", "references.bib", "requirements.txt")
WRIGHT = "references.md#wright1931evolution"


def notebook(cell: str) -> str:
    first = f"# Chapter\n\nBy [Wright (1931)]({WRIGHT})."
    cells = [new_markdown_cell(first, id="a"), new_code_cell(cell, id="b")]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": kernel}))


@pytest.fixture
def small_book(tmp_path):
    """A book with this book's settings, a one-line library and two chapters that note each run,
    in a folder whose name says other things in an address, a pattern or a format."""
    tmp_path = tmp_path / ODD_NAME
    tmp_path.mkdir()
    for name in BUILD_FILES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / "collapse_lib" / "plotting").mkdir(parents=True)
    (tmp_path / "collapse_lib" / "__init__.py").write_text("VALUE = 'first'\n")
    (tmp_path / "collapse_lib" / "plotting" / "__init__.py").write_text("")
    for name in ("plotting/palette.json", "plotting/palette.py"):
        shutil.copy(ROOT / "collapse_lib" / name, tmp_path / "collapse_lib" / name)
    (tmp_path / "chapters").mkdir()
    (tmp_path / "chapters" / "index.md").write_text(f"# Front\n\n[(Wright, 1931)]({WRIGHT})\n")
    (tmp_path / "chapters" / "references.md").write_text("# R\n\n```{bibliography}\n```\n")
    for name in ("one", "two"):
        cell = (
            "import collapse_lib\n"
            f"_ = open('../runs', 'a').write('{name} ')\n"
            "print('VALUE is', collapse_lib.VALUE)"
        )
        (tmp_path / "chapters" / f"{name}.ipynb").write_text(notebook(cell))
    files = "".join(f"  - file: chapters/{name}\n" for name in ("one", "two", "references"))
    (tmp_path / "_toc.yml").write_text(f"format: jb-book\nroot: chapters/index\nchapters:\n{files}")
    return tmp_path


def runs(book: Path) -> list[str]:
    """Build; return the chapters that were executed."""
    log = book / "runs"
    log.unlink(missing_ok=True)
    assert build_book(book) == 0
    return sorted(log.read_text().split()) if log.exists() else []


def test_build_executes_what_is_stale_and_nothing_else(small_book, capfd):
    page = small_book / "_build" / "html" / "chapters" / "one.html"
    assert runs(small_book) == ["one", "two"]
    text = page.read_text(encoding="utf-8")
    assert "VALUE is first" in text
    assert re.search(
        r'By <span[^>]*>Wright \[<a [^>]*href="references\.html#[\w-]+"[^>]*>1931</a>\]', text
    )
    assert runs(small_book) == []

    (small_book / "collapse_lib" / "__init__.py").write_text("VALUE = 'second'\n")
    assert runs(small_book) == ["one", "two"]
    assert "VALUE is second" in page.read_text(encoding="utf-8")

    (small_book / "chapters" / "two.ipynb").write_text(
        notebook("_ = open('../runs', 'a').write('two ')")
    )
    assert runs(small_book) == ["two"]

    with (small_book / "book_assets" / "book.css").open("a") as style:
        style.write("\n/* new */\n")
    assert runs(small_book) == []  # drawn again from the cache
    assert "/* new */" in (page.parent.parent / "_static" / "book.css").read_text(encoding="utf-8")

    (small_book / "_build" / ".jupyter_cache" / "global.db").write_bytes(b"no database" * 999)
    (small_book / "_build" / "fingerprints.json").write_text(
        json.dumps({"execution": fingerprints(small_book)["execution"]})
    )
    assert runs(small_book) == ["one", "two"]  # and a damaged cache is no obstacle
    assert "VALUE is second" in page.read_text(encoding="utf-8")


def test_a_warning_stops_the_next_build_too(small_book, capfd):
    (small_book / "_toc.yml").write_text("format: jb-book\nroot: chapters/index\n")
    (small_book / "chapters" / "index.md").write_text("# Front\n\n[nowhere](nowhere.md)\n")
    assert build_book(small_book) != 0
    assert build_book(small_book) != 0
    said = capfd.readouterr().err
    assert said.count("cross-reference target not found: 'nowhere.md'") == 2
    assert said.count("run `make clean` or `python -m tools clean` and build again.") == 2


def edited(root: Path, name: str) -> dict[str, str]:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_bytes() if path.exists() else None
    path.write_bytes((before or b"") + b"\n# edited\n")
    after = fingerprints(root)
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before)
    return after


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("collapse_lib/__init__.py", ["execution"]),
        ("collapse_lib/models/new.py", ["execution"]),
        ("collapse_lib/explorers/new.mjs", ["execution"]),
        ("chapters/data/new.csv", ["execution"]),
        ("requirements.txt", ["execution"]),
        ("constraints.txt", ["execution"]),
        ("_config.yml", ["execution"]),
        ("_toc.yml", ["pages"]),
        ("_ext/book_offline.py", ["pages"]),
        ("book_assets/book.css", ["pages"]),
        ("references.bib", ["pages"]),
        ("chapters/one.ipynb", []),  # jupyter-cache sees these by itself
        ("collapse_lib/__pycache__/x.pyc", []),
        ("README.md", []),
    ],
)
def test_fingerprints_change_with_what_decides_the_result(small_book, name, changed):
    before = fingerprints(small_book)
    after = edited(small_book, name)
    assert [kind for kind in before if before[kind] != after[kind]] == changed
    assert fingerprints(small_book) == before


def test_stale_results_are_dropped_and_the_rest_is_kept(tmp_path):
    build = tmp_path / "_build"
    now = {"execution": "1", "pages": "1"}

    def kept(state: dict[str, str], record: dict[str, str] | None) -> set[str]:
        shutil.rmtree(build, ignore_errors=True)
        for folder in (".jupyter_cache", ".doctrees", "html"):
            (build / folder).mkdir(parents=True)
        if record is not None:
            (build / "fingerprints.json").write_text(json.dumps(record))
        drop_stale(build, state)
        return {p.name for p in build.iterdir() if p.is_dir()}

    everything = {".jupyter_cache", ".doctrees", "html"}
    assert kept(now, now) == everything
    assert kept(now | {"pages": "2"}, now) == {".jupyter_cache"}
    assert kept(now, {"execution": "1"}) == {".jupyter_cache"}  # the last build did not end well
    assert kept(now | {"execution": "2"}, now) == set()
    assert kept(now, None) == set()


@pytest.mark.parametrize("damage", [b"", b"[1]", b"null", b'"execution"', b"{", b"\xff\xfe", b"\0"])
def test_a_damaged_record_is_none(tmp_path, damage):
    (tmp_path / ".jupyter_cache").mkdir()
    (tmp_path / "html").write_text("a file in place of a folder")
    (tmp_path / "fingerprints.json").write_bytes(damage)
    assert drop_stale(tmp_path, {"execution": "1", "pages": "1"}) == ["execution", "pages"]
    assert [path.name for path in tmp_path.iterdir()] == ["fingerprints.json"]
