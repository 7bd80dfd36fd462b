"""A matrix of numbers: one tile a row and column, the stronger its colour the higher the number."""

import numpy as np

from collapse_lib.arguments import (
    check_count,
    check_number,
    check_numbers,
    check_same_shape,
    check_type,
)
from collapse_lib.plotting import palette
from collapse_lib.plotting.curves import distinct
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.drawing.text import MINUS, clean
from collapse_lib.plotting.fields import labels_of, numbers, spread
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.marks import Axis
from collapse_lib.plotting.tiles.grid import TILE, TileGrid

MOST = 60
PALEST = 0.05
STRONGEST = 0.4  # numbers in ink are read on it, on light paper and on dark
STRONGEST_ALONE = 0.9  # where no numbers stand in the tiles
RAMP, SWATCH = 7, 14


def heat(
    rows,
    columns,
    values,
    *,
    name,
    title,
    caption,
    alt,
    value,
    decimals=None,
    rows_label=None,
    columns_label=None,
    role=palette.SYNTHETIC,
):
    """Draw a matrix of numbers as tiles of one colour, with the numbers in them if all fit.

    rows: k labels, drawn from the top down; columns: m labels, from the left; values: (k, m)
        numbers, NaN for an empty tile. Or values: a tidy pandas.DataFrame, and rows, columns the
        names of its columns that hold the labels.
    value: what the numbers are, an Axis or its label; of a frame the name of their column. The
        colour runs from its lower to its upper limit, else over the values, from 0 on where that
        is near; a value beyond a limit has the colour of the limit.
    decimals: of the numbers in the tiles, else 0 for whole numbers and 2 for others. rows_label,
        columns_label: what the labels are. role: a Role whose colour carries ink; those of real
        and of synthetic rows do.

    Column labels stand above the tiles; where they do not fit they are numbered and listed. Returns
    a BookFigure. Raises ValueError for another shape, equal labels, more than 60 rows or columns,
    infinity, or no number at all.
    """
    value = value if isinstance(value, Axis) else Axis(value)
    if hasattr(values, "columns"):
        rows_label, columns_label = rows_label or rows, columns_label or columns
        rows, columns, values = spread("heat", values, rows, columns, value.label)
    rows, columns = labels_of(rows), labels_of(columns)
    head = clean(rows_label or "row")
    distinct("heat.rows", rows)
    distinct("heat.columns", columns, taken=head)
    check_count("heat.rows: number of rows", len(rows), most=MOST)
    check_count("heat.columns: number of columns", len(columns), most=MOST)
    check_type("heat.role", role, palette.Role)
    values = _checked(values, (len(rows), len(columns)))
    held = ~np.isnan(values)
    if decimals is None:
        decimals = 0 if (values[held] == np.round(values[held])).all() else 2
    decimals = check_count("heat.decimals", decimals, most=6)
    lower, upper = _ends(value, values[held])
    with drawing():
        tiles = TileGrid(rows, columns)
        texts = {
            spot: _number(values[spot], decimals) for spot in zip(*held.nonzero(), strict=True)
        }
        room = tiles.step - 6
        written = all(canvas.text_width(text) <= room for text in texts.values())
        strongest = STRONGEST if written else STRONGEST_ALONE
        ends = [_number(end, decimals) for end in (lower, upper)]
        beside = sum(map(canvas.text_width, ends)) + RAMP * SWATCH + 10 + canvas.GAP
        own_line = beside + canvas.text_width(value.label) > canvas.WIDTH
        named = rows_label is not None or columns_label is not None
        lines = 1 + own_line + named
        tiles.top = lines * canvas.LINE + tiles.above + 6
        page = Canvas(tiles.top + tiles.below)
        x, y = (0, 0.5) if own_line else (beside, 0.5)
        label = canvas.fitted(value.label, canvas.WIDTH)
        page.write(x, y * canvas.LINE, label, quiet=True)
        _ramp(page, (0.5 + own_line) * canvas.LINE, ends, role, strongest)
        if named:
            _names(page, (lines - 0.5) * canvas.LINE + 5, tiles.left, rows_label, columns_label)
        tiles.label(page)
        shares = np.clip((values - lower) / ((upper - lower) or 1.0), 0, 1)
        _fill(page, tiles, PALEST + (strongest - PALEST) * shares, role)
        for (line, number), text in texts.items() if written else ():
            tiles.write(page, line, number, text)
    table = {head: np.array(rows)}
    table |= {column: values[:, number] for number, column in enumerate(columns)}
    return BookFigure(name, title, _with_note(caption, ~held), alt, table, page.figure)


def _checked(values, shape):
    values = numbers("heat.values", values)
    check_same_shape("heat", labels=np.empty(shape), values=values)
    if np.isnan(values).all():
        raise ValueError("heat.values must hold a number to show; got NaN alone.")
    check_numbers("heat.values", values[~np.isnan(values)])
    return values


def _ends(axis, values):
    """The numbers at the pale and at the strong end of the colour."""
    if axis.log:
        raise ValueError("heat.value must be a linear Axis; give the logarithms as values instead.")
    lower, upper = values.min(), values.max()
    lower = 0.0 if 0 <= lower < 0.4 * upper else lower
    lower = lower if axis.lower is None else axis.lower
    if axis.upper is None:
        return lower, max(lower, upper)
    return lower, check_number("heat.value: upper limit", axis.upper, above=lower)


def _number(value, decimals):
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", MINUS)


def _names(page, y, left, rows_label, columns_label):
    """What the rows and the columns are, on one line above their labels."""
    x, labels = 0.0, ((rows_label, "\u2193", 0.0), (columns_label, "\u2192", left))
    for text, arrow, least in labels:
        if text is not None:
            x = max(x, least)
            shown = canvas.fitted(f"{clean(text)} {arrow}", (canvas.WIDTH - canvas.GAP) / 2)
            page.write(x, y, shown, quiet=True)
            x += canvas.text_width(shown) + canvas.GAP


def _ramp(page, y, ends, role, strongest):
    """The colours from the lowest number to the highest, with both at their ends."""
    page.write(0, y, ends[0])
    x = canvas.text_width(ends[0]) + 5
    for number, alpha in enumerate(np.linspace(PALEST, strongest, RAMP)):
        at = x + number * SWATCH
        page.paper.fill_between(
            [at, at + SWATCH], y - 6, y + 6, color=role.drawn, alpha=round(alpha, 2), lw=0
        )
    page.write(x + RAMP * SWATCH + 5, y, ends[1])


def _fill(page, tiles, alphas, role):
    """Draw the tiles that have a number, those of one strength as one path."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    alphas = np.round(alphas, 2)
    for alpha in np.unique(alphas[~np.isnan(alphas)]):
        corners = []
        for line, number in zip(*(alphas == alpha).nonzero(), strict=True):
            x, y, width = tiles.place(line, number)
            corners += [(x, y), (x + width, y), (x + width, y + TILE), (x, y + TILE), (x, y)]
        codes = [Path.MOVETO, *[Path.LINETO] * 3, Path.CLOSEPOLY] * (len(corners) // 5)
        page.paper.add_patch(PathPatch(Path(corners, codes), fc=role.drawn, alpha=alpha, lw=0))


def _with_note(caption, empty):
    n = int(empty.sum())
    if n:
        tiles = "1 tile is empty" if n == 1 else f"{n:,} tiles are empty"
        caption = f"{caption} {tiles}: no number is known there."
    return caption.strip()
