"""The lineage of a run: what each training set was made of, and which models its rows came from."""

import numpy as np

from collapse_lib.arguments import (
    check_count,
    check_numbers,
    check_probabilities,
    check_same_shape,
)
from collapse_lib.plotting import palette
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.figure import BookFigure

MOST = 12
BAR, WIDEST, TALL = 16, 5.0, 84
SOURCE, SETS, MODELS = 12, 62, 196  # heights of the source, the training sets and the models


def lineage_drawing(shares, *, name, title, caption, alt):
    """Draw the generations from left to right: the source above, the training sets as bars, the
    models below, and a line from each to each set that holds rows of it, as thick as its share.

    shares: (T, T); row t - 1 is the training set of generation t, column 0 its real rows and column
    k those drawn from model k < t, as `provenance.origin_shares` gives them; T at most 12. Returns
    a BookFigure. Raises ValueError for another shape, or rows that do not sum to 1.
    """
    shares = _checked(shares)
    n = len(shares)
    with drawing():
        rows = canvas.flow(
            [
                Key("real rows", palette.REAL, "box"),
                Key("rows drawn from a model", palette.SYNTHETIC, "box"),
            ]
        )
        top = len(rows) * canvas.LINE + 4
        page = Canvas(top + MODELS + 2 * canvas.LINE + 12)
        page.legend(rows)
        left = canvas.text_width("source") + 12
        step = (canvas.WIDTH - left) / n
        middles = left + (np.arange(n) + 0.5) * step
        page.write(0, top + SOURCE, "source")
        page.write(0, top + SETS + TALL / 2, "training")
        page.write(0, top + MODELS, "model")
        page.paper.plot(
            [left - 6, middles[-1] + BAR / 2],
            [top + SOURCE] * 2,
            color=palette.REAL.drawn,
            lw=WIDEST,
        )
        for t, (middle, row) in enumerate(zip(middles, shares, strict=True)):
            _links(page, top, middles, t, row)
            _bar(page, top, middle, row[0])
            role = palette.REAL if row[0] == 1 else palette.SYNTHETIC
            page.paper.plot(
                [middle] * 2, [top + SETS + TALL, top + MODELS - 5], color=palette.INK, lw=0.8
            )
            canvas.dots(page.paper, [middle], [top + MODELS], role.drawn, size=10)
            page.write(middle, top + MODELS + 18, str(t + 1), align="center")
        page.write(left + n * step / 2, page.height - 8, "generation", align="center", quiet=True)
    table = {"generation": np.arange(1, n + 1), "real rows": shares[:, 0]}
    table |= {f"of model {k}": shares[:, k] for k in range(1, n)}
    return BookFigure(name, title, caption, alt, table, page.figure)


def _checked(shares) -> np.ndarray:
    check_probabilities("lineage_drawing.shares", shares, axes=2)
    shares = np.asarray(shares, dtype=float)
    n = check_count("lineage_drawing: generations", len(shares), most=MOST)
    check_same_shape("lineage_drawing", shares=shares, **{"a square": np.empty((n, n))})
    later = np.triu(shares, 1)  # what generation t would hold of models from t on
    check_numbers("lineage_drawing: shares above the diagonal", later, most=0)
    return shares


def _bar(page, top, middle, real):
    """A training set: real rows from the top down, synthetic rows below them."""
    ends = [middle - BAR / 2, middle + BAR / 2]
    border = top + SETS + TALL * real
    if real > 0:
        page.paper.fill_between(ends, top + SETS, border, color=palette.REAL.drawn, lw=0)
    if real < 1:
        page.paper.fill_between(
            ends, border, top + SETS + TALL, color=palette.SYNTHETIC.drawn, lw=0
        )


def _links(page, top, middles, t, row):
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    def line(points, codes, role, share):
        page.paper.add_patch(
            PathPatch(Path(points, codes), fill=False, ec=role.drawn, lw=WIDEST * share, alpha=0.55)
        )

    if row[0] > 0:
        ends = [(middles[t], top + SOURCE), (middles[t], top + SETS)]
        line(ends, [Path.MOVETO, Path.LINETO], palette.REAL, row[0])
    for k in range(1, t + 1):
        if row[k] > 0:
            start, end = (middles[k - 1] + 3, top + MODELS), (middles[t], top + SETS + TALL)
            half = (start[1] + end[1]) / 2
            bent = [start, (start[0], half), (end[0], half), end]
            line(bent, [Path.MOVETO, *[Path.CURVE4] * 3], palette.SYNTHETIC, row[k])
