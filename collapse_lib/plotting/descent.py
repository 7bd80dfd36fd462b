"""Who descends from whom: each object of a generation copied one of the generation before."""

from collections.abc import Mapping

import numpy as np

from collapse_lib.arguments import check_count, check_numbers, check_type
from collapse_lib.plotting import palette
from collapse_lib.plotting.curves import distinct
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.drawing.text import clean
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.results import slug

MOST = 40  # objects a generation, and generations
STEP = 17
FADED = 0.25


def descent(parents, kinds, *, roles, title, caption="", alt=None, name=None):
    """Draw a family tree: a row of dots a generation, the first above, a line from each to the one
    that it was copied from. Lines that end before the last generation are faint.

    parents: (T, n) whole numbers, parents[t, i] the place, from 0, in the row above of what object
        i of row t + 1 copied. kinds: n labels of the first row, inherited. roles: label -> Role.
    Objects of a row are drawn in the order of their ancestors, so that no two lines cross.

    Returns a BookFigure; its words say how many of the first row have descendants in the last.
    Raises ValueError for parents that are not there, another number of kinds, a kind without a
    role, or more than 40 rows or objects.
    """
    parents = np.asarray(parents)
    if parents.ndim != 2 or parents.dtype.kind not in "iu" or not parents.size:
        raise ValueError(
            "descent.parents must be whole numbers (T, n), the place of each one's parent; got "
            f"shape {parents.shape} of {parents.dtype}."
        )
    n_rows, n = parents.shape
    check_count("descent.parents: objects in a generation", n, most=MOST)
    check_count("descent.parents: generations", n_rows, most=MOST)
    check_numbers("descent.parents", parents, least=0, most=n - 1)
    kinds = [clean(kind) for kind in kinds]
    check_count("descent.kinds: number of labels", len(kinds), least=n, most=n)
    check_type("descent.roles", roles, Mapping, "It maps a label to a Role.")
    distinct("descent.roles", list(roles))
    for kind in kinds:
        check_type(f"descent.roles {kind!r}", roles.get(kind), palette.Role)
    parents, founders = _untangled(parents)
    lasting = _with_heirs(parents)
    left = canvas.text_width(str(n_rows + 1)) + 12
    places = left + (np.arange(n) + 0.5) * (canvas.WIDTH - left) / n
    with drawing():
        legend = canvas.flow([Key(kind, role, "dot") for kind, role in roles.items()])
        top = len(legend) * canvas.LINE + canvas.LINE + 6
        page = Canvas(top + n_rows * STEP + canvas.LINE)
        page.legend(legend)
        page.write(0, top - canvas.LINE, "generation", quiet=True)
        heights = top + np.arange(n_rows + 1) * STEP
        for kind, role in roles.items():
            _lines(page, places, heights, parents, lasting, founders, kinds, kind, role)
        for row in range(n_rows + 1):
            if row % 5 == 4 or row in (0, n_rows):
                page.write(0, heights[row], str(row + 1), quiet=True)
    left_over = len(set(founders[-1].tolist()))
    inherited = np.array(kinds)[founders]
    if alt is None:
        last = inherited[-1].tolist()
        told = ", ".join(f"{last.count(kind)} {kind}" for kind in roles)
        alt = (
            f"{n} objects above, {n_rows} generation{'s' * (n_rows > 1)} of copies below: "
            f"{'only ' * (left_over < n)}{left_over} of the first {n} "
            f"{'has' if left_over == 1 else 'have'} descendants in the last row, which holds "
            f"{told}."
        )
    table = {
        f"generation {t + 1}": np.array([kinds[k] for k in row]) for t, row in enumerate(founders)
    }
    name = slug(title) if name is None else name
    return BookFigure(name, title, caption, alt, table, page.figure)


def _untangled(parents):
    """The parents with each row in the order of its parents, and the founder of each object,
    (T + 1, n), as places in the first row."""
    founders, ordered = [np.arange(parents.shape[1])], []
    order = founders[0]  # order[j]: which object of the row above is drawn at place j
    for row in parents:
        place = np.argsort(order)
        at = place[row]
        order = np.argsort(at, kind="stable")
        ordered.append(at[order])
        founders.append(founders[-1][ordered[-1]])
    return np.array(ordered), np.array(founders)


def _with_heirs(parents):
    """(T + 1, n): whether the object has descendants in the last row."""
    kept = [np.ones(parents.shape[1], bool)]
    for row in parents[::-1]:
        above = np.zeros(parents.shape[1], bool)
        above[row[kept[-1]]] = True
        kept.append(above)
    return np.array(kept[::-1])


def _lines(page, places, heights, parents, lasting, founders, kinds, kind, role):
    of_kind = np.array([each == kind for each in kinds])[founders]  # (T + 1, n)
    for heirs, alpha, width in ((False, FADED, 0.8), (True, None, 1.4)):
        x, y = [], []
        for t, row in enumerate(parents):
            chosen = np.flatnonzero(of_kind[t + 1] & (lasting[t + 1] == heirs))
            for i in chosen:
                x += [places[row[i]], places[i], np.nan]
                y += [heights[t], heights[t + 1], np.nan]
        if x:
            page.paper.plot(x, y, color=role.drawn, lw=width, alpha=alpha)
        t, i = np.nonzero(of_kind & (lasting == heirs))
        if len(t):
            canvas.dots(page.paper, places[i], heights[t], role.drawn, size=5, alpha=alpha)
