"""Sphinx extension: the built pages ask no other host for anything and carry little dead weight.

- MathJax comes from the package sphinx-mathjax-offline. That package copies all of it (24 MB);
  here only the parts that a page can ask for are copied (about 2 MB).
- Font Awesome's script holds every icon there is (1.5 MB); only the icons in use are kept.
- The colours of the figures and of the page are the same: palette.css is written from the library.
- `index.html` at the top leads to the book's first page.
- Templates of the theme that Sphinx copies with its static files are removed.
"""

import hashlib
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

MATHJAX_PARTS = ("tex-chtml.js", "output/chtml/fonts", "input/tex/extensions")

# One icon in the script: name:[width,height,[aliases],"code point","path"]
ICON = re.compile(
    r'(?:"(?P<quoted>[\w-]+)"|(?P<bare>\w+)):\[\d+,\d+,\[(?P<aliases>[^\]]*)\],"[0-9a-f]+","[^"]*"\],?'
)
ICON_IN_USE = re.compile(r"\bfa-([a-z0-9]+(?:-[a-z0-9]+)*)")

REDIRECT = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="0; url={page}">
<link rel="icon" href="data:,">
<title>{title}</title>
</head>
<body><p><a href="{page}">{title}</a></p></body>
</html>
"""


def copy_mathjax(static: Path) -> None:
    """Copy the parts of MathJax 3 that typeset TeX into HTML with its own fonts."""
    spec = find_spec("sphinx-mathjax-offline")
    if spec is None:
        raise ExtensionError("The package sphinx-mathjax-offline is not installed.")
    source = Path(spec.origin).parent / "static" / "mathjax"
    for part in MATHJAX_PARTS:
        target = static / "mathjax" / part
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if (source / part).is_dir():
            shutil.copytree(source / part, target)
        else:
            shutil.copy(source / part, target)


def keep_icons(script: str, used: set[str]) -> str:
    """Return Font Awesome's script with only those icons whose name or alias is in `used`."""

    def kept(match: re.Match) -> str:
        names = {match["quoted"] or match["bare"], *re.findall(r'"([\w-]+)"', match["aliases"])}
        return match[0] if names & used else ""

    return ICON.sub(kept, script)


def cut_icons(site: Path) -> None:
    """Cut unused icons, and give the script a new address so that no browser keeps an old one."""
    script = site / "_static" / "scripts" / "fontawesome.js"
    pages = list(site.rglob("*.html"))
    used = set()
    for file in [*pages, *site.rglob("*.js")]:
        if file != script:
            used |= set(ICON_IN_USE.findall(file.read_text(encoding="utf-8")))
    text = keep_icons(script.read_text(encoding="utf-8"), used)
    text = re.sub(r"\n//# sourceMappingURL=.*", "", text)
    script.write_text(text, encoding="utf-8")
    script.with_name("fontawesome.js.map").unlink(missing_ok=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:20]
    for page in pages:
        old = page.read_text(encoding="utf-8")
        new = re.sub(r"(fontawesome\.js\?digest=)\w+", rf"\g<1>{digest}", old)
        if new != old:
            page.write_text(new, encoding="utf-8")


def write_palette(static: Path) -> None:
    """Write the custom properties of the library's palette. (New colours drop the old pages.)"""
    path = static / "palette.css"
    if not path.exists():
        from collapse_lib.plotting import palette

        path.write_text(palette.css(), encoding="utf-8")


def drop_unused_mathjax(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    """Take MathJax off a page without mathematics; Sphinx loads it for the sake of its chapters."""
    if not app.env.get_domain("math").data["has_equations"].get(pagename):
        scripts = context["script_files"]
        scripts[:] = [script for script in scripts if "mathjax/" not in str(script.filename or "")]


def finish(app: Sphinx, exception: Exception | None) -> None:
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for template in (site / "_static").glob("*-macros.html"):
        template.unlink()  # the theme's own, copied by mistake
    copy_mathjax(site / "_static")
    write_palette(site / "_static")
    cut_icons(site)
    page = app.builder.get_target_uri(app.config.root_doc)
    redirect = REDIRECT.format(page=page, title=app.config.html_title)
    (site / "index.html").write_text(redirect, encoding="utf-8")


def configure(app: Sphinx, config) -> None:
    config.mathjax_path = "mathjax/tex-chtml.js"


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", configure)
    app.connect("html-page-context", drop_unused_mathjax, priority=900)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
