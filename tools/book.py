"""Build the book, and execute again whatever an edit has made stale.

jupyter-cache keys on the code of the cells alone, and Sphinx on the pages alone. An edit of the
library, of a pinned version or of the build's settings would leave old results in the book. So
two fingerprints lie in _build beside the results they belong to:

- `execution`: what decides a chapter's outputs. When it changes, cache and pages are dropped.
- `pages`: what decides how pages look, and that the last build ended well. When it changes, the
  pages are dropped and built again from the cache, which executes nothing.
"""

import hashlib
import json
import platform
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path

from tools.environment import ROOT, run

EXECUTION = ("collapse_lib", "chapters/data", "requirements.txt", "constraints.txt", "_config.yml")
PAGES = ("_toc.yml", "_ext", "book_assets", "references.bib", "tools/book.py")
JUPYTER_BOOK = "from jupyter_book.cli.main import main; main()"  # it has no __main__
IGNORED_FOLDERS = {"__pycache__", ".ipynb_checkpoints"}


def files_under(root: Path, names: Iterable[str]) -> list[Path]:
    """List the files that `names` (files or folders below `root`) stand for, in a fixed order."""
    found = []
    for name in names:
        path = root / name
        inside = path.rglob("*") if path.is_dir() else [path]
        found += [p for p in inside if p.is_file() and not IGNORED_FOLDERS & set(p.parts)]
    return sorted(found)


def fingerprint(root: Path, names: Iterable[str]) -> str:
    """Hash the names and contents of those files, and the Python that would run them."""
    digest = hashlib.sha256(f"{sys.version} {platform.machine()}".encode())
    for path in files_under(root, names):
        digest.update(f"\n{path.relative_to(root).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def fingerprints(root: Path) -> dict[str, str]:
    return {"execution": fingerprint(root, EXECUTION), "pages": fingerprint(root, PAGES)}


def read_record(record: Path) -> dict[str, str]:
    try:
        found = json.loads(record.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def drop_stale(build: Path, now: dict[str, str]) -> list[str]:
    """Drop what an edit made stale, note the new state; return which fingerprints had changed."""
    record = build / "fingerprints.json"
    before = read_record(record)
    changed = [kind for kind in now if before.get(kind) != now[kind]]
    folders = [".doctrees", "html"] if changed else []
    if "execution" in changed:
        folders.append(".jupyter_cache")
    build.mkdir(parents=True, exist_ok=True)
    for folder in map(build.joinpath, folders):
        if folder.is_dir():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
    # `pages` is written only once the build has ended well: a warning that stopped one build
    # must stop the next one too, although Sphinx would not read the same page again.
    record.write_text(json.dumps({"execution": now["execution"]}), encoding="utf-8")
    return changed


def build_book(root: Path = ROOT) -> int:
    """Execute the chapters that need it and build the static pages; warnings are errors."""
    build = root / "_build"
    now = fingerprints(root)
    changed = drop_stale(build, now)
    if "execution" in changed:
        print("The library, the pins or the settings are new: every chapter is executed.")
    status = run("-c", JUPYTER_BOOK, "build", ".", "-W", "--keep-going", root=root)
    if status == 0:
        record = build / "fingerprints.json"
        record.write_text(json.dumps(now), encoding="utf-8")
    else:
        print(
            "The build did not end well; the reason stands above. Where it is a damaged file in "
            f"{build}, run `make clean` or `python -m tools clean` and build again.",
            file=sys.stderr,
        )
    return status
