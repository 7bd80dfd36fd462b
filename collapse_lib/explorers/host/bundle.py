"""One ES module out of several: what a figure sends to JupyterLab and to the static page.

The files are plain ES modules that any browser runs as they stand. A page opened from the disk may
not import one file from another, and anywidget takes a single text, so they are joined here: every
file once, those it needs before it. `import` lines, `export` keywords and comments on lines of
their own (a fifth of the weight) are taken out. One module has one scope, so no two files may use
the same top-level name; that is checked.

What may stand in such a file: `import { a, b } from "./other.mjs"` with neither `as` nor default
imports; `export` in front of a declaration, or `export { a, b };`; in the entry alone
`export default`, at the start of a line.
"""

import re
from pathlib import Path

__all__ = ["bundle"]

ENTRY = "clEntry"
IMPORT = re.compile(
    r"^import\b(?P<what>[^;]*?)\bfrom\s*([\"'])(?P<where>[^\"']+)\2;?[ \t]*\n", re.M
)
BARE_IMPORT = re.compile(r"^import\b.*$", re.M)
NAMES = re.compile(r"\s*\{(?P<names>\s*[\w$]+\s*(,\s*[\w$]+\s*)*,?\s*)\}\s*")
EXPORT_LIST = re.compile(r"^export\s*\{(?P<names>[^}]*)\};?[ \t]*\n", re.M)
EXPORT_DEFAULT = re.compile(r"^export\s+default\s+", re.M)
EXPORT = re.compile(r"^export\s+(?=(async\s+function|function|class|const|let|var)\b)", re.M)
DECLARED = re.compile(
    r"^(?P<export>export\s+)?(?:(?:async\s+)?function\s*\*?|class|const|let|var)\s+"
    r"(?:(?P<name>[\w$]+)|[{\[](?P<names>[^}\]=]*)[}\]]\s*=)",
    re.M,
)
COMMENT = re.compile(r"^[ \t]*(?:/\*(?s:.*?)\*/[ \t]*|//.*)\n", re.M)
INERT = re.compile(r"</script|<!--", re.I)


def bundle(entry: Path, *, wrapper: Path | None = None) -> str:
    """Return the text of one module that does what the module at `entry` does.

    wrapper: a module that exports `hosted`; the default export is then hosted(that of entry), and
        the wrapper's other exports are exports of the whole.

    The same files give the same text, wherever they lie. Raises ValueError with one sentence for an
    import that cannot be joined, a name declared twice, a missing default export, or a text that
    would end the <script> it is put into.
    """
    entry = Path(entry).resolve()
    order = _ordered(entry)
    if wrapper is not None:
        order = [*_ordered(Path(wrapper).resolve()), *order]
        order = list(dict.fromkeys(order))
    root = Path(*_shared_parts(order))
    declared: dict[str, Path] = {}
    parts = []
    for path in order:
        for name in _declared(path):
            if name in declared:
                raise ValueError(
                    f"{path.name} and {declared[name].name} both declare {name!r} at the top; "
                    "joined into one module they clash: rename one of them."
                )
            declared[name] = path
        parts.append(
            f"// {path.relative_to(root).as_posix()}\n{_body(path, is_entry=path == entry)}"
        )
    if wrapper is None:
        tail = f"export default {ENTRY};\n"
    else:
        others = [name for name in _exported(Path(wrapper).resolve()) if name != "hosted"]
        tail = f"export default hosted({ENTRY});\n" + (
            f"export {{ {', '.join(others)} }};\n" if others else ""
        )
    return "\n".join([*parts, tail])


def _ordered(path: Path, above: tuple[Path, ...] = ()) -> list[Path]:
    """The files that `path` needs, each before those that need it, and `path` itself last."""
    if path in above:
        raise ValueError(
            f"{above[-1].name} and {path.name} import each other, directly or by way of others; "
            "move what both need into a third file."
        )
    found: list[Path] = []
    for needed, names in _imports(path):
        found += _ordered(needed, (*above, path))
        missing = sorted(set(names) - set(_exported(needed)))
        if missing:
            raise ValueError(
                f"{path.name} imports {missing[0]!r} from {needed.name}, which does not export it."
            )
    return list(dict.fromkeys([*found, path]))


def _imports(path: Path) -> list[tuple[Path, list[str]]]:
    """(file, names) for each import of the file at `path`."""
    text, found = _read(path), []
    for match in IMPORT.finditer(text):
        named = NAMES.fullmatch(match["what"])
        if not match["where"].startswith(("./", "../")) or named is None:
            raise _not_joinable(path, match[0])
        found.append(((path.parent / match["where"]).resolve(), _split(named["names"])))
    left = BARE_IMPORT.search(IMPORT.sub("", text))
    if left:
        raise _not_joinable(path, left[0])
    return found


def _not_joinable(path: Path, text: str) -> ValueError:
    return ValueError(
        f"{path.name} has an import that cannot be joined: {' '.join(text.split())!r}; write "
        'import { name } from "./file.mjs", with no alias and no default import.'
    )


def _exported(path: Path) -> list[str]:
    text = _read(path)
    names = [name for match in DECLARED.finditer(text) if match["export"] for name in _named(match)]
    return names + [n for match in EXPORT_LIST.finditer(text) for n in _split(match["names"])]


def _declared(path: Path) -> list[str]:
    return [name for match in DECLARED.finditer(_read(path)) for name in _named(match)]


def _named(match: re.Match) -> list[str]:
    if match["name"]:
        return [match["name"]]
    return [name.split(":")[-1].strip() for name in match["names"].split(",") if name.strip()]


def _body(path: Path, *, is_entry: bool) -> str:
    """The text of a file without imports and exports; the entry's default becomes ENTRY."""
    text = EXPORT_LIST.sub("", IMPORT.sub("", _read(path)))
    text, n_defaults = EXPORT_DEFAULT.subn(f"const {ENTRY} = ", text)
    if n_defaults != is_entry:
        wanted = "exactly one default export" if is_entry else "no default export"
        raise ValueError(f"{path.name} must have {wanted}; got {n_defaults}.")
    text = COMMENT.sub("", EXPORT.sub("", text))
    if INERT.search(text):
        raise ValueError(
            f"{path.name} holds {INERT.search(text)[0]!r}, which would end the script that carries "
            "it in a page; write it in two parts."
        )
    return text.strip() + "\n"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").rstrip("\n") + "\n"
    except FileNotFoundError:
        raise ValueError(f"There is no module {path.name} in {path.parent.name}.") from None


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _shared_parts(paths: list[Path]) -> list[str]:
    """The parts of the path of the folder that holds all of `paths`."""
    shared = list(paths[0].parent.parts)
    for path in paths[1:]:
        while tuple(shared) != path.parts[: len(shared)]:
            shared.pop()
    return shared
