"""A table of verdicts: one tile a row and column, coloured by its word and marked with a sign."""

from collections.abc import Mapping

import numpy as np

from collapse_lib.arguments import as_array, check_choice, check_same_shape, check_type, got
from collapse_lib.plotting import palette
from collapse_lib.plotting.curves import distinct
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.drawing.text import clean
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.tiles.grid import TILE, TileGrid


def mosaic(rows, columns, words, *, marks, name, title, caption, alt, details=None):
    """Draw a word for each pair of a row and a column as a tile.

    rows: k texts, drawn from the top down; columns: m texts, which lean where they do not fit over
    their tiles; words: (k, m) texts, each a key of marks; marks: word -> (sign, Role), the sign
    one character that tells the tiles apart without their colours. details: (k, m) texts for the
    data table, else the words. Returns a BookFigure. Raises ValueError for other shapes, equal
    labels, a word without a mark, or a sign of more than one character.
    """
    rows, columns = [clean(row) for row in rows], [clean(column) for column in columns]
    distinct("mosaic.rows", rows)
    distinct("mosaic.columns", columns, taken="row")
    words = _texts("words", words, (len(rows), len(columns)))
    details = words if details is None else _texts("details", details, words.shape)
    _check_marks(marks, words)
    with drawing():
        tiles = TileGrid(rows, columns, slanted=True)
        legend = canvas.flow(
            [Key(f"{sign}  {word}", role, "shade") for word, (sign, role) in marks.items()]
        )
        tiles.top = len(legend) * canvas.LINE + tiles.above + 10
        page = Canvas(tiles.top + tiles.below)
        page.legend(legend)
        tiles.label(page)
        for line in range(len(rows)):
            for number, word in enumerate(words[line]):
                sign, role = marks[word]
                x, y, width = tiles.place(line, number)
                page.paper.fill_between(
                    [x, x + width], y, y + TILE, color=role.drawn, alpha=canvas.SHADE, lw=0
                )
                tiles.write(page, line, number, sign)
    table = {"row": np.array(rows)}
    table |= {column: details[:, number] for number, column in enumerate(columns)}
    return BookFigure(name, title, caption, alt, table, page.figure)


def _texts(which, given, shape):
    found = as_array(f"mosaic.{which}", [[clean(text) for text in line] for line in given])
    check_same_shape("mosaic", labels=np.empty(shape), **{which: found})
    return found


def _check_marks(marks, words):
    for word, mark in check_type("mosaic.marks", marks, Mapping).items():
        check_type(f"mosaic.marks {word!r}", mark, tuple, "It is a sign and a Role.")
    for word in words.ravel().tolist():
        check_choice("mosaic: word with a mark", word, marks)
    signs = [sign for sign, _ in marks.values()]
    for word, (sign, role) in marks.items():
        check_type(f"mosaic.marks {word!r}: role", role, palette.Role)
        if len(clean(sign)) != 1 or signs.count(sign) > 1:
            raise ValueError(
                f"mosaic.marks must have a sign of one character, another for each word; "
                f"{got(sign)} for {word!r}."
            )
