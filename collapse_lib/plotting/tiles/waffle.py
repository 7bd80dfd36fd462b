"""Counts as fields of small squares, one square an object: 11 of 40 runs are 11 of 40 squares."""

from collections.abc import Mapping

import numpy as np

from collapse_lib.arguments import (
    check_choice,
    check_columns,
    check_count,
    check_counts,
    check_type,
)
from collapse_lib.plotting import palette
from collapse_lib.plotting.curves import distinct
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.fields import labels_of, spread
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.multiples import BETWEEN

TALLEST = 190
LARGEST, SMALLEST = 18, 4  # from one square to the next, in units
IN_A_ROW = (10, 20, 25, 40, 50, 100)


def waffle(counts, *, name, title, caption, alt, value, labels=None, by=None, roles=None, each=1):
    """Draw counts as squares in reading order, one label after the other.

    counts: label -> whole number; or title -> such a mapping, for a field of squares each, such as
        before and after: up to three stand in a row, two where a title is long. Or a tidy
        pandas.DataFrame with the names of columns: labels, value for the numbers, and by for the
        titles if there are several fields.
    value: what is counted, such as "runs". each: objects a square; a count is rounded to whole
        squares, but to one at least if it is not zero, and the legend says so.
    roles: label -> Role, else palette.CATEGORICAL in its order.

    The counts themselves stand in the legend. Returns a BookFigure. Raises ValueError for a count
    that is no whole number, equal labels, too few colours, nothing to count, or more squares than
    can be seen.
    """
    each = check_count("waffle.each", each, least=1)
    titles, labels, numbers = _fields(counts, labels, by, value)
    roles = _roles(labels, roles)
    squares = np.where(numbers > 0, np.maximum(np.rint(numbers / each), 1), 0).astype(int)
    across = 2 if len(titles) in (2, 4) else min(3, len(titles))
    width = (canvas.WIDTH - BETWEEN * (across - 1)) / across
    if across == 3 and any(canvas.fitted(field, width, bold=True) != field for field in titles):
        across, width = 2, (canvas.WIDTH - BETWEEN) / 2
    in_a_row, step = _measure(squares.sum(axis=1).max(), width)
    with drawing():
        alone = titles == [None]
        named = [f"{label}: {n:,}" for label, n in zip(labels, numbers[0], strict=True)]
        shown = named if alone else labels
        legend = canvas.flow(
            [Key(text, role, "box") for text, role in zip(shown, roles, strict=True)]
        )
        top = (len(legend) + 1) * canvas.LINE + 6
        keys = [[] if alone else _counted(line, roles, width) for line in numbers]
        head = 0 if alone else (1 + max(map(len, keys))) * canvas.LINE + 4
        tall = [head + step * -(-int(n) // in_a_row) + 8 for n in squares.sum(axis=1)]
        lines = [max(tall[i : i + across]) for i in range(0, len(tall), across)]
        page = Canvas(top + sum(lines))
        note = canvas.fitted(_note(value, each, numbers), canvas.WIDTH)
        page.write(0, page.legend(legend) + canvas.LINE / 2, note, quiet=True)
        for number, field in enumerate(titles):
            line, place = divmod(number, across)
            x, y = place * (width + BETWEEN), top + sum(lines[:line])
            if not alone:
                _head(page, x, y, canvas.fitted(field, width, bold=True), keys[number])
            _squares(page, x, y + head, squares[number], roles, in_a_row, step)
    table = {"label": np.array(labels)}
    table |= {value if alone else field: line for field, line in zip(titles, numbers, strict=True)}
    return BookFigure(name, title, caption, alt, table, page.figure)


def _fields(counts, labels, by, value):
    """Titles (or None alone), labels, and whole numbers (n_titles, n_labels)."""
    if hasattr(counts, "columns"):
        counts = _mappings(counts, labels, by, value)
    elif labels is not None or by is not None:
        raise ValueError("waffle.labels and waffle.by name columns of a frame; got no frame.")
    check_type("waffle.counts", counts, Mapping)
    several = all(isinstance(each, Mapping) for each in counts.values())
    fields = counts if several else {None: counts}
    titles = labels_of(fields) if several else [None]
    distinct("waffle.counts", titles, taken="label")
    for field in fields.values():
        distinct("waffle: labels", labels_of(field))
    fields = [dict(zip(labels_of(field), field.values(), strict=True)) for field in fields.values()]
    labels = list(dict.fromkeys(label for field in fields for label in field))
    numbers = [
        [check_count(f"waffle: count of {k!r}", f.get(k, 0)) for k in labels] for f in fields
    ]
    if not np.any(numbers):
        raise ValueError("waffle.counts must count something; got zeros alone.")
    return titles, labels, np.array(numbers)


def _mappings(frame, labels, by, value):
    if labels is None:
        raise ValueError("waffle.labels must name the column of the labels in a frame; got None.")
    check_columns("waffle: frame", frame, labels, value)
    check_counts(f"waffle: {value}", frame[value])
    if by is None:
        frame, by = frame.assign(**{"": ""}), ""
    rows, columns, numbers = spread("waffle", frame, labels, by, value)
    fields = {
        title: {row: n for row, n in zip(rows, line, strict=True) if n == n}
        for title, line in zip(columns, numbers.T, strict=True)
    }
    return fields[""] if by == "" else fields


def _roles(labels, roles):
    if roles is None:
        check_count("waffle: labels without roles", len(labels), most=len(palette.CATEGORICAL))
        return palette.CATEGORICAL[: len(labels)]
    for label in labels:
        check_choice("waffle: label of a role", label, roles)
    return [check_type(f"waffle.roles {k!r}", roles[k], palette.Role) for k in labels]


def _measure(n, width):
    """How many squares stand in a row, and the step from one to the next, as large as they fit."""
    steps = [min(LARGEST, width / many, TALLEST / -(-int(n) // many)) for many in IN_A_ROW]
    step = max(steps)
    if step < SMALLEST:
        raise ValueError(
            f"waffle: {n:,} squares in a field are too many to be seen; let one square stand for "
            "more objects with each=."
        )
    return IN_A_ROW[steps.index(step)], step


def _note(value, each, numbers):
    """What one square is."""
    if each == 1:
        return f"One square is one of the {value}."
    rounded = ", rounded" if (numbers % each).any() else ""
    return f"One square is {each:,} {value}{rounded}."


def _counted(numbers, roles, width):
    """The counts of a field as rows of a legend without labels."""
    keys = [Key(f"{n:,}", role, "box") for n, role in zip(numbers, roles, strict=True)]
    return canvas.flow(keys, width)


def _head(page, x, y, title, rows):
    page.write(x, y + canvas.LINE / 2, title, bold=True)
    for number, row in enumerate(rows):
        middle = y + (number + 1.5) * canvas.LINE
        for at, key, text in row:
            page.sign(x + at, middle, key)
            page.write(x + at + canvas.KEY, middle, text)


def _squares(page, x, y, squares, roles, in_a_row, step):
    side = step - max(1.0, step / 8)
    first = 0
    for n, role in zip(squares, roles, strict=True):
        line, place = np.divmod(np.arange(first, first + n), in_a_row)
        first += n
        if n:
            left, top = x + place * step + side / 2, y + line * step + side / 2
            canvas.dots(page.paper, left, top, role.drawn, size=side, square=True)
