"""The code cells of a chapter, run in this process as a kernel would, also with other sizes."""

import ast
import json
import re
from pathlib import Path

CHAPTERS = Path(__file__).parent.parent / "chapters"
SIZES = ("n_samples", "n_generations", "n_replicates")
SAID = re.compile(
    r'<p class="cl-(?:title|alt)">(.*?)</p>|<figcaption><p>(.*?)</p>|<caption[^>]*>(.*?)</caption>',
    re.DOTALL,
)


def code_cells(chapter: str) -> dict[str, str]:
    """Name -> source."""
    cells = json.loads((CHAPTERS / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    return {c["id"]: "".join(c["source"]) for c in cells if c["cell_type"] == "code"}


def run(sources: dict[str, str], names: dict, change=None) -> dict[str, str]:
    """Run cells on `names`; name of each -> its output as HTML, or as text.

    change: an ast.NodeTransformer for what is run. Raises AssertionError that names the cell.
    """
    outputs = {}
    for cell, source in sources.items():
        tree = ast.parse(source)
        if change is not None:
            tree = ast.fix_missing_locations(change.visit(tree))
        ends = tree.body and isinstance(tree.body[-1], ast.Expr)
        last = ast.Expression(tree.body.pop().value) if ends else None
        try:
            exec(compile(tree, cell, "exec"), names)
            shown = eval(compile(last, cell, "eval"), names) if last else None
            outputs[cell] = _as_text(shown)
        except Exception as error:
            error.add_note(f"in cell {cell}")
            raise
    return outputs


def faults(chapter: str, names: dict, change=None) -> list[str]:
    """What goes wrong when the cells of a chapter run (again) on `names`; each with its cell."""
    found = []
    for cell, source in code_cells(chapter).items():
        try:
            run({cell: source}, names, change)
        except Exception as error:
            found.append(f"{cell}: {type(error).__name__}: {error}")
    return found


def said(html: str) -> str:
    """Titles, alternatives and captions of an output."""
    return " ".join("".join(parts) for parts in SAID.findall(html))


class Varied(ast.NodeTransformer):
    """Another seed, and other sizes wherever a size is written as a number above 1.

    factors: n_samples, n_generations, n_replicates -> what they are multiplied by.
    """

    def __init__(self, seed: int, **factors: float):
        self.seed, self.factors = seed, factors

    def visit_keyword(self, node):
        return self._resized(node, node.arg, "value")

    def visit_Dict(self, node):
        self.generic_visit(node)
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant):
                self._resize(value, key.value)
        return node

    def visit_Assign(self, node):
        self.generic_visit(node)
        target, value = node.targets[0], node.value
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            target, value = target.elts[0], value.elts[0]
        if isinstance(target, ast.Name) and target.id == "SEED":
            value.value = self.seed
        return node

    def _resized(self, node, name, field):
        self.generic_visit(node)
        self._resize(getattr(node, field), name)
        return node

    def _resize(self, value, name):
        is_size = isinstance(value, ast.Constant) and type(value.value) is int and value.value > 1
        if name in self.factors and is_size:
            value.value = max(2, round(value.value * self.factors[name]))


def _as_text(shown) -> str:
    if shown is None:
        return ""
    if not hasattr(shown, "_repr_mimebundle_"):
        return repr(shown)
    bundle = shown._repr_mimebundle_()
    bundle = bundle[0] if isinstance(bundle, tuple) else bundle
    return bundle.get("text/html", bundle["text/plain"])
