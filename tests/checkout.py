"""The files of a checkout, with git or without: neither what was built nor an environment."""

import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

MARKS_OF_ENVIRONMENTS = ("pyvenv.cfg", "conda-meta")
ALWAYS_THERE = "README.md"


def own_files(root: Path) -> list[Path]:
    """List what git tracks or would track; where it does not say, whatever .gitignore allows.

    Git does not say in an unpacked archive, in the checkout of another owner, and in a folder that
    a repository around it leaves out.
    """
    listed = [path for path in git_files(root) if path.is_file() and not in_environment(path, root)]
    return listed if root / ALWAYS_THERE in listed else sorted(walked(root, ignored_names(root)))


def git_files(root: Path) -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True)
    except OSError:  # there is no git
        return []
    return [root / name for name in listed.stdout.split("\0") if name]


@cache
def is_environment(folder: Path) -> bool:
    return any((folder / mark).exists() for mark in MARKS_OF_ENVIRONMENTS)


def in_environment(path: Path, root: Path) -> bool:
    """Whether a folder between the file and the checkout is one."""
    return any(is_environment(root / inside) for inside in path.relative_to(root).parents[:-1])


def ignored_names(root: Path) -> list[str]:
    """The patterns of .gitignore, which name files and folders and no paths."""
    text = (root / ".gitignore").read_text(encoding="utf-8")
    return [".git", *(line.strip("/") for line in text.split())]


def walked(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for path in folder.iterdir():
        if any(fnmatch(path.name, pattern) for pattern in ignored):
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not path.is_symlink() and not is_environment(path):
            yield from walked(path, ignored)
