"""A table of verdicts: one tile a row and column, coloured by its word and marked with a sign."""

import numpy as np

from collapse_lib.arguments import check_type
from collapse_lib.plotting import canvas, palette
from collapse_lib.plotting.canvas import Canvas, Key
from collapse_lib.plotting.curves import distinct
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.svg import drawing
from collapse_lib.plotting.text import clean

WIDEST_LABEL = 200
TILE = 18
SPACE = 2


def mosaic(rows, columns, words, *, marks, name, title, caption, alt, details=None):
    """Draw a word for each pair of a row and a column as a tile.

    rows: k texts, drawn from the top down; columns: m texts, which are numbered in the drawing and
    listed above it; words: (k, m) texts, each a key of marks; marks: word -> (sign, Role), the sign
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
        shown = [canvas.fitted(row, WIDEST_LABEL) for row in rows]
        left = max(canvas.text_width(label) for label in shown) + 8
        step = (canvas.WIDTH - left) / len(columns)
        numbers = [f"{number + 1}  {column}" for number, column in enumerate(columns)]
        legend = canvas.flow(
            [Key(f"{sign}  {word}", role, "shade") for word, (sign, role) in marks.items()]
        )
        listed = [canvas.fitted(text, canvas.WIDTH) for text in numbers]
        top = (len(legend) + len(listed) + 1) * canvas.LINE + 10
        page = Canvas(top + (TILE + SPACE) * len(rows) + 2)
        below = page.legend(legend) + 5
        for line, text in enumerate(listed):
            page.write(0, below + (line + 0.5) * canvas.LINE, text, quiet=True)
        for number in range(len(columns)):
            middle = left + (number + 0.5) * step
            page.write(middle, top - canvas.LINE / 2 - 1, str(number + 1), align="center")
        for line, label in enumerate(shown):
            y = top + line * (TILE + SPACE)
            page.write(left - 8, y + TILE / 2, label, align="right")
            for number, word in enumerate(words[line]):
                sign, role = marks[word]
                x = left + number * step
                page.paper.fill_between(
                    [x + SPACE / 2, x + step - SPACE / 2],
                    y,
                    y + TILE,
                    color=role.drawn,
                    alpha=canvas.SHADE,
                    lw=0,
                )
                page.write(x + step / 2, y + TILE / 2, sign, align="center")
    table = {"row": np.array(rows)}
    table |= {column: details[:, number] for number, column in enumerate(columns)}
    return BookFigure(name, title, caption, alt, table, page.figure)


def _texts(which, given, shape):
    found = np.array([[clean(text) for text in line] for line in given])
    if found.shape != shape:
        raise ValueError(
            f"mosaic.{which} must have one text for each row and column, {shape}; "
            f"got {found.shape}."
        )
    return found


def _check_marks(marks, words):
    unknown = sorted(set(words.ravel().tolist()) - set(marks))
    if unknown:
        raise ValueError(
            f"mosaic.marks must have a sign and a Role for every word; {unknown[0]!r} has none."
        )
    signs = [sign for sign, _ in marks.values()]
    for word, (sign, role) in marks.items():
        check_type(f"mosaic.marks {word!r}: role", role, palette.Role)
        if len(clean(sign)) != 1 or signs.count(sign) > 1:
            raise ValueError(
                f"mosaic.marks must have a sign of one character, another for each word; "
                f"got {sign!r} for {word!r}."
            )
