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

NAMES = r"\{(?P<names>\s*[\w$]+\s*(?:,\s*[\w$]+\s*)*,?\s*)\}"
IMPORT = re.compile(
    rf"^import\s*{NAMES}\s*from\s*([\"'])(?P<where>\.\.?/[^\"']+)\2;?[ \t]*\n", re.M
)
EXPORT = re.compile(
    r"^export\s+(?P<kept>(?:(?:async\s+)?function\s*\*?|class|const|let|var)\s*"
    r"(?:\b(?P<name>[\w$]+)|[{\[](?P<names>[^}\]=]*)[}\]]\s*=))",
    re.M,
)
EXPORT_LIST = re.compile(rf"^export\s*{NAMES};?[ \t]*\n", re.M)
EXPORT_DEFAULT = re.compile(r"^export\s+default\s+", re.M)
COMMENT = re.compile(r"^[ \t]*(?:/\*(?s:.*?)\*/[ \t]*|//.*)\n", re.M)
LEFT = re.compile(r"^(import|export)\b(?:[^;{\n]*\{[^}]*\})?.*", re.M)
ALLOWED = {
    "import": 'import { name } from "./file.mjs", with no alias and no default import',
    "export": "export in front of a declaration, or export { name };, with no alias",
}
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
    text, names = _joined([entry], wrapper)
    default = names[0] if wrapper is None else f"{names[1]}.hosted({names[0]})"
    return f"{text}\nexport default {default};\n"


def page_script(entries: Mapping[str, Path], *, wrapper: Path) -> str:
    """Return the text of a classic script, which works over http and from the disk alike.

    It calls `start` of the wrapper with {name: default export} of the entries. Else as `bundle`.
    """
    text, (*views, host) = _joined(list(entries.values()), wrapper)
    held = ", ".join(map("{}: {}".format, entries, views))
    return f'(() => {{\n"use strict";\n\n{text}\n{host}.start({{ {held} }});\n}})();\n'


def _joined(entries: list[Path], wrapper: Path | None) -> tuple[str, list[str]]:
    """The text of the files, and what gives each entry's default and the wrapper's exports."""
    entries, modules = [Path(path).resolve() for path in entries], {}
    wrappers = [Path(wrapper).resolve()] if wrapper else []
    for path in wrappers + entries:
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
    defaults = [f"{place[path]}.default" for path in entries]
    return "\n".join(parts), defaults + [place[path] for path in wrappers]


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
    imports = [
        ((path.parent / match["where"]).resolve(), _split(match["names"]))
        for match in IMPORT.finditer(text)
    ]
    exports = [
        name.split(":")[-1].strip()  # { of: name } = ... declares name
        for match in (*EXPORT.finditer(text), *EXPORT_LIST.finditer(text))
        for name in _split(match.groupdict().get("name") or match["names"])
    ]
    text = EXPORT.sub(r"\g<kept>", EXPORT_LIST.sub("", IMPORT.sub("", text)))
    text, n_defaults = EXPORT_DEFAULT.subn("const cl$default = ", text)
    if n_defaults != is_entry:
        wanted = "exactly one default export" if is_entry else "no default export"
        raise ValueError(f"{path.name} must have {wanted}; got {n_defaults}.")
    text = COMMENT.sub("", text)
    if left := LEFT.search(text):
        raise ValueError(
            f"{path.name} has an {left[1]} that cannot be joined: {' '.join(left[0].split())!r}; "
            f"write {ALLOWED[left[1]]}."
        )
    if ends := INERT.search(text):
        raise ValueError(
            f"{path.name} holds {ends[0]!r}, which would end the script that carries "
            "it in a page; write it in two parts."
        )
    return Module(imports, exports, text.strip() + "\n")


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
