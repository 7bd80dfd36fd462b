"""Sphinx extension: code and solutions close to one quiet line, and a switch opens all the code.

- Each code cell becomes a native <details>, which opens without JavaScript. Its name says which
  one it is: by the figure that it draws, or by what it defines. A cell that checks an answer stays
  open. The tag `hide-input` makes no difference here: JupyterLab folds by it.
- A page with such a cell gets the switch below its title, and the script that works it.
- Solutions to exercises become <details> too.
"""

import ast
import re
from html import escape, unescape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

FIGURE_TITLE = re.compile(r'<p class="cl-title">(.*?)</p>', re.DOTALL)
TABLE_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
MOST_NAMES, LONGEST_LINE = 3, 60
SWITCH = (
    '<p class="cl-code-switch"><button type="button" aria-pressed="false">Show code</button></p>'
)


def parsed(source: str) -> ast.Module:
    """Parse the cell; one that is not Python alone (a magic) has no statements."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def checks_an_answer(tree: ast.Module) -> bool:
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return "check_answer" in {getattr(func, "id", None) for func in calls}


def defined(tree: ast.Module) -> list[str]:
    """List the names that the statements of a cell give to functions, classes and values."""
    names = []
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.append(statement.name)
        elif isinstance(statement, ast.Assign):
            inside = [node for target in statement.targets for node in ast.walk(target)]
            names += [
                node.id
                for node in inside
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
            ]
    return [name for name in dict.fromkeys(names) if name != "_"]


def joined(words: list[str]) -> str:
    if len(words) > MOST_NAMES:
        return f"{', '.join(words[:MOST_NAMES])} and more"
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def what_it_shows(html: str) -> str:
    """Say which figures, or else which tables, stand in the output of a cell; "" for none."""
    for verb, pattern in (("draws", FIGURE_TITLE), ("makes", TABLE_CAPTION)):
        titles = [f"“{unescape(TAG.sub('', title)).strip()}”" for title in pattern.findall(html)]
        if titles:
            return f"{verb} {joined(titles)}"
    return ""


def what_it_does(source: str) -> str:
    """Say what a cell brings: imports, names, or else its first line."""
    tree = parsed(source)
    imports = any(isinstance(node, ast.Import | ast.ImportFrom) for node in tree.body)
    names = defined(tree)
    parts = ["imports"] * imports + [f"defines {joined(names)}"] * bool(names)
    return ", ".join(parts) or shorten(source.strip().split("\n")[0], LONGEST_LINE)


def shorten(line: str, length: int) -> str:
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def details(kind: str, summary: str, inside: list[nodes.Node]) -> list[nodes.Node]:
    opening = f'<details class="{kind}"><summary>{summary}</summary>'
    return [raw(opening), *inside, raw("</details>")]


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def is_part(name: str):
    return lambda node: isinstance(node, nodes.container) and node.get("nb_element") == name


class FoldCode(SphinxPostTransform):
    """Fold the source of each code cell, unless it checks an answer."""

    default_priority = 198  # the outputs are chosen, and MyST-NB has not folded anything
    formats = ("html",)

    def run(self, **kwargs) -> None:
        number = 0
        for cell in list(self.document.findall(is_part("cell_code"))):
            if cell.get("hide_mode") == "input":
                del cell["hide_mode"]
            code = next(cell.findall(is_part("cell_code_source")), None)
            if code is not None and not checks_an_answer(parsed(code.astext())):
                number += 1
                fold(cell, code, number)
        title = next(self.document.findall(nodes.title), None)
        if number and title:
            title.parent.insert(title.parent.index(title) + 1, raw(SWITCH))


def fold(cell: nodes.container, code: nodes.container, number: int) -> None:
    """Put the code of a cell behind a line with the number of the cell and what it does."""
    shows = what_it_shows("".join(node.astext() for node in cell.findall(nodes.raw)))
    if shows:  # the title stands right below: the line names it for those who hear the page
        does = f'<span class="cl-heard"> {escape(shows)}</span>'
    else:
        does = f": {escape(what_it_does(code.astext()))}"
    at = cell.index(code)
    cell[at : at + 1] = details("cl-code", f"Code {number}{does}", [code])


class FoldSolutions(SphinxPostTransform):
    """Fold what stands below the title of each solution that is a dropdown."""

    default_priority = 198  # the titles are resolved
    formats = ("html",)

    def run(self, **kwargs) -> None:
        for node in self.document.findall(lambda node: node.tagname == "solution_node"):
            if "dropdown" in node["classes"]:
                node["classes"].remove("dropdown")
                title, *rest = node.children
                node.children = []
                node.extend(details("cl-solution", escape(title.astext()), rest))


def prepare(app: Sphinx, pagename: str, template: str, context: dict, doctree) -> None:
    if SWITCH in context.get("body", ""):
        app.add_js_file("code.js", loading_method="defer")


def setup(app: Sphinx) -> dict:
    app.add_post_transform(FoldCode)
    app.add_post_transform(FoldSolutions)
    app.connect("html-page-context", prepare)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
