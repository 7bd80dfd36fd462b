"""One text out of several ES modules, each file in a scope of its own.

The files are plain ES modules that any browser runs as they stand. But a page opened from the disk
may not import one file from another, and anywidget takes a single text. So each file becomes a
function that is called once, after those it needs, and returns what it exports; two files may use
one name. `bundle` gives a module for anywidget, `page_script` a script for all pages of a book.

What may stand in such a file: `import { a, b } from "./other.mjs"` with neither `as` nor default
imports; `export` in front of a declaration, or `export { a, b };`; in an entry alone
`export default`, at the start of a line. An export is read once, when its file has run: a variable
that changes later is exported by a function. Comments on lines of their own (a fifth of the weight)
are left out. Names that begin with cl$ are the bundle's own.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

__all__ = ["bundle", "page_script"]

IMPORT = re.compile(
    r"^import\b(?P<what>[^;]*?)\bfrom\s*([\"'])(?P<where>[^\"']+)\2;?[ \t]*\n", re.M
)
BARE_IMPORT = re.compile(r"^import\b.*$", re.M)
NAMES = re.compile(r"\s*\{(?P<names>\s*[\w$]+\s*(?:,\s*[\w$]+\s*)*,?\s*)\}[ \t]*")
EXPORT = re.compile(
    r"^export\s+(?P<kept>(?:(?:async\s+)?function\s*\*?|class|const|let|var)\s*"
    r"(?:\b(?P<name>[\w$]+)|[{\[](?P<names>[^}\]=]*)[}\]]\s*=))",
    re.M,
)
EXPORT_LIST = re.compile(rf"^export\s*{NAMES.pattern};?[ \t]*\n", re.M)
BARE_EXPORT = re.compile(r"^export\b.*$", re.M)
EXPORT_DEFAULT = re.compile(r"^export\s+default\s+", re.M)
COMMENT = re.compile(r"^[ \t]*(?:/\*(?s:.*?)\*/[ \t]*|//.*)\n", re.M)
INERT = re.compile(r"</script|<!--", re.I)


class Module(NamedTuple):
    """A file: what it imports as (file, names), the names that it exports, its other lines."""

    imports: list[tuple[Path, list[str]]]
    exports: list[str]
    body: str


def bundle(entry: Path, *, wrapper: Path | None = None) -> str:
    """Return the text of one ES module that does what the module at `entry` does.

    wrapper: a module that exports `hosted`; the default export is then hosted(that of entry).

    The same files give the same text, wherever they lie. Raises ValueError with one sentence for an
    import that cannot be joined, a missing default export, or a text that would end the <script> it
    is put into.
    """
    text, place = _joined([entry], wrapper)
    default = f"{place[_at(entry)]}.default"
    if wrapper is not None:
        default = f"{place[_at(wrapper)]}.hosted({default})"
    return f"{text}\nexport default {default};\n"


def page_script(entries: Mapping[str, Path], *, wrapper: Path) -> str:
    """Return the text of a classic script, which works over http and from the disk alike.

    It calls `start` of the wrapper with {name: default export} of the entries. Else as `bundle`.
    """
    text, place = _joined(entries.values(), wrapper)
    views = ", ".join(f"{name}: {place[_at(path)]}.default" for name, path in entries.items())
    start = f"{place[_at(wrapper)]}.start({{ {views} }});"
    return f'(() => {{\n"use strict";\n\n{text}\n{start}\n}})();\n'


def _joined(entries, wrapper: Path | None) -> tuple[str, dict[Path, str]]:
    """The text of the files, and file -> the name of the object that holds its exports."""
    entries, modules = [_at(path) for path in entries], {}
    for path in ([] if wrapper is None else [_at(wrapper)]) + entries:
        _collect(path, modules, entries)
    root = os.path.commonpath([path.parent for path in modules])
    place = {path: f"cl${number}" for number, path in enumerate(modules)}
    parts = []
    for path, module in modules.items():
        taken = [f"const {{ {', '.join(n)} }} = {place[needed]};\n" for needed, n in module.imports]
        exports = module.exports + (["default: cl$default"] if path in entries else [])
        parts.append(
            f"// {path.relative_to(root).as_posix()}\nconst {place[path]} = (() => {{\n"
            f"{''.join(taken)}{module.body}return {{ {', '.join(exports)} }};\n}})();\n"
        )
    return "\n".join(parts), place


def _collect(path: Path, found: dict[Path, Module], entries, above: tuple[Path, ...] = ()):
    """Add to `found` the files that `path` needs, each before those that need it, then `path`."""
    if path in above:
        raise ValueError(
            f"{above[-1].name} and {path.name} import each other, directly or by way of others; "
            "move what both need into a third file."
        )
    if path in found:
        return
    module = _read(path, is_entry=path in entries)
    for needed, names in module.imports:
        _collect(needed, found, entries, (*above, path))
        missing = sorted(set(names) - set(found[needed].exports))
        if missing:
            raise ValueError(
                f"{path.name} imports {missing[0]!r} from {needed.name}, which does not export it."
            )
    found[path] = module


def _read(path: Path, *, is_entry: bool) -> Module:
    try:
        text = path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    except FileNotFoundError:
        raise ValueError(f"There is no module {path.name} in {path.parent.name}.") from None
    imports, exports = _imports(path, text), []
    for match in EXPORT.finditer(text):
        names = _split(match["name"] or match["names"])
        exports += [name.split(":")[-1].strip() for name in names]
    exports += [name for match in EXPORT_LIST.finditer(text) for name in _split(match["names"])]
    text = EXPORT.sub(r"\g<kept>", EXPORT_LIST.sub("", IMPORT.sub("", text)))
    text, n_defaults = EXPORT_DEFAULT.subn("const cl$default = ", text)
    if n_defaults != is_entry:
        wanted = "exactly one default export" if is_entry else "no default export"
        raise ValueError(f"{path.name} must have {wanted}; got {n_defaults}.")
    text = COMMENT.sub("", text)
    left = BARE_EXPORT.search(text)
    if left:
        raise ValueError(
            f"{path.name} has an export that cannot be joined: {left[0]!r}; write export in front "
            "of a declaration, or export { name };"
        )
    if INERT.search(text):
        raise ValueError(
            f"{path.name} holds {INERT.search(text)[0]!r}, which would end the script that carries "
            "it in a page; write it in two parts."
        )
    return Module(imports, exports, text.strip() + "\n")


def _imports(path: Path, text: str) -> list[tuple[Path, list[str]]]:
    found = []
    for match in IMPORT.finditer(text):
        named = NAMES.fullmatch(match["what"])
        if not match["where"].startswith(("./", "../")) or named is None:
            raise _not_joinable(path, match[0])
        found.append((_at(path.parent / match["where"]), _split(named["names"])))
    left = BARE_IMPORT.search(IMPORT.sub("", text))
    if left:
        raise _not_joinable(path, left[0])
    return found


def _not_joinable(path: Path, text: str) -> ValueError:
    return ValueError(
        f"{path.name} has an import that cannot be joined: {' '.join(text.split())!r}; write "
        'import { name } from "./file.mjs", with no alias and no default import.'
    )


def _at(path: Path) -> Path:
    return Path(path).resolve()


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
