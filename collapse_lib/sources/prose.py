"""Real English prose that every reader has: the documentation on their own machine."""

import platform
from functools import cache

from collapse_lib.arguments import check_type
from collapse_lib.sources.documented import read_docstrings
from collapse_lib.sources.words import Words

__all__ = ["docstrings", "python_topics", "read_docstrings"]


@cache
def python_topics() -> Words:
    """The words of CPython's own help topics (`pydoc_data.topics`), in the order of their names.

    The text changes with the version of Python: `.sha256` tells which one it is.
    """
    try:
        from pydoc_data.topics import topics
    except ImportError as error:
        raise ModuleNotFoundError(
            "python_topics needs pydoc_data.topics of the standard library, which this Python "
            f"{platform.python_version()} lacks; install the whole standard library, or use "
            "docstrings().",
            name="pydoc_data.topics",
        ) from error
    return Words.from_text("\n".join(topics[key] for key in sorted(topics)), "python_topics")


def docstrings(packages: str | tuple[str, ...] = ("numpy",), *, sha256: str = "") -> Words:
    """The words of the docstrings of installed packages, read from their files and never run.

    packages: names of top-level packages, in the order in which they are read.
    sha256: the SHA-256 that the text must have, or how it begins (`docstrings("numpy").sha256`
    says it); none takes the text as it is installed.

    Files go in the order of their paths, and docstrings in the order of their lines. Folders named
    test or tests are left out, and so is a file that this Python cannot parse. NumPy 2.4.6 gives
    one text on every Python and system: what some of its wheels leave out is kept here.

    Raises ValueError for a text with another SHA-256, ModuleNotFoundError for a package that is
    not installed.
    """
    packages = (packages,) if isinstance(packages, str) else tuple(packages)
    if not packages or any("." in name or not name for name in packages):
        raise ValueError(
            f"docstrings.packages must be names of top-level packages, such as numpy; "
            f"got {packages}."
        )
    words = _docstrings(packages)
    if not words.sha256.startswith(check_type("docstrings.sha256", sha256, str).lower()):
        raise ValueError(
            f"The {words.name} are another text than docstrings.sha256 asks for: it begins with "
            f"{words.sha256[:12]}, not {sha256[:12]}; install the version that was read then, or "
            "leave sha256 out to go on with this one."
        )
    return words


@cache
def _docstrings(packages: tuple[str, ...]) -> Words:
    text = "\n".join(docstring for name in packages for docstring in read_docstrings(name))
    return Words.from_text(text, f"docstrings of {', '.join(packages)}")
