"""A Merkle tree, and what of it proves that one row stands in a data set."""

import numpy as np

from collapse_lib.arguments import check_count
from collapse_lib.plotting import BookFigure, palette
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.provenance import check_proof, merkle_root, prove

__all__ = ["merkle_tree"]

MOST, FLOOR, DOT = 16, 44, 9


def merkle_tree(rows, index, *, name, title, caption=""):
    """Draw the tree of fingerprints over 2 to 16 rows (n, ...), and the proof of one of them.

    SYNTHETIC: the row, and what its reader computes on the way up to the root. REAL: the
    fingerprints that the proof hands over. Faint: all that the reader never needs. Returns a
    BookFigure.
    """
    n = check_count("merkle_tree: number of rows", len(rows), least=2, most=MOST)
    proof, root = prove(rows, index), merkle_root(rows)
    holds = check_proof(root, rows[index], proof)
    levels = _levels(n)
    given, way = _roles(levels, index)
    assert len(given) == len(proof.path)
    with drawing():
        keys = [
            Key("computed from the row", palette.SYNTHETIC, "dot"),
            Key("handed over as proof", palette.REAL, "dot"),
            Key("not needed", palette.BAND, "dot"),
        ]
        legend = canvas.flow(keys)
        top = len(legend) * canvas.LINE + 30
        page = Canvas(top + FLOOR * (len(levels) - 1) + 2 * canvas.LINE + 12)
        page.legend(legend)
        step = canvas.WIDTH / n
        heights = [top + FLOOR * (len(levels) - 1 - floor) for floor in range(len(levels))]
        for floor, level in enumerate(levels):
            for place, below in enumerate(level):
                x, y = _middle(levels, floor, place) * step, heights[floor]
                for child in below:
                    page.paper.plot(
                        [x, _middle(levels, floor - 1, child) * step], [y, heights[floor - 1]],
                        color=palette.INK, lw=1.6 if (floor, place) in way else 0.8,
                        alpha=None if (floor, place) in way else 0.4, zorder=0.5,
                    )  # fmt: skip
        for floor, level in enumerate(levels):
            for place in range(len(level)):
                x, y = _middle(levels, floor, place) * step, heights[floor]
                spot = (floor, place)
                role = (
                    palette.SYNTHETIC if spot in way else palette.REAL if spot in given
                    else palette.BAND
                )  # fmt: skip
                alpha = None if spot in way or spot in given else 0.45
                canvas.dots(page.paper, [x], [y], role.drawn, size=DOT, alpha=alpha)
        page.write(canvas.WIDTH / 2, heights[-1] - 17, f"root {root[:8]}...", align="center")
        for place in range(n):
            text = f"row {place}" if n <= 8 else str(place)
            page.write((place + 0.5) * step, heights[0] + 17, text, align="center",
                       bold=place == index)  # fmt: skip
    table = {"step": np.arange(1, len(proof.path) + 1), "fingerprint": np.array(proof.path)}
    told = "and the root comes out" if holds else "but another root comes out"
    alt = (
        f"A tree over {n} rows: row {index} with {len(given)} fingerprints handed over is enough "
        f"to compute the root, {told}; the other {n - 1} rows are not needed."
    )
    return BookFigure(name, title, caption, alt, table, page.figure)


def _levels(n):
    """For each floor from the rows up, the places below that each node stands on."""
    levels = [[()] * n]
    while len(levels[-1]) > 1:
        m = len(levels[-1])
        levels.append([tuple(range(k, min(k + 2, m))) for k in range(0, m, 2)])
    return levels


def _roles(levels, index):
    """The (floor, place) of what the proof hands over, and of what is computed on the way."""
    given, way, at = set(), {(0, index)}, index
    for floor, level in enumerate(levels[:-1]):
        if (at ^ 1) < len(level):
            given.add((floor, at ^ 1))
        at //= 2
        way.add((floor + 1, at))
    return given, way


def _middle(levels, floor, place):
    """How far right a node stands, in steps of a row: over the middle of what it stands on."""
    below = levels[floor][place]
    if not below:
        return place + 0.5
    return float(np.mean([_middle(levels, floor - 1, child) for child in below]))
