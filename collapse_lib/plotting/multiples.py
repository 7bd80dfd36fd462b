"""The same small plot for several generations, on shared axes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib.arguments import check_choice, check_type
from collapse_lib.plotting.curves import distinct, draw, key_of, series_of, with_notes
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas
from collapse_lib.plotting.drawing.scales import scale
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.fields import named, put, tuple_of
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.marks import Axis, Histogram, Series, Theory
from collapse_lib.plotting.results import (
    band_in_words,
    course,
    frames_of,
    is_result,
    lines_of,
    parts_of,
    roles_of,
    slug,
)

PLOT = 105
BETWEEN = 20


@dataclass(frozen=True, eq=False)
class Panel:
    """One of several small plots: a title and the marks in it, first at the bottom."""

    title: str
    marks: Sequence[Any]

    def __post_init__(self):
        if not self.marks:
            raise ValueError(f"Panel {self.title!r}: marks must not be empty; got none.")
        put(self, title=named("Panel", self.title), marks=tuple_of("Panel", self.marks, object))


def small_multiples(
    panels, *, x, y, name=None, title=None, caption=None, alt=None,
    split=None, by=None, theory=None, roles=None, points=False, level=0.8, runs=None, mean=False,
):  # fmt: skip
    """Draw Panels of Histogram, Series and Theory on shared axes, three a row at most.

    panels: Panel, the earliest generation first; or a result, as for `curves`.
    x, y: Axis; of a result the names of columns, or Axis with such a `column`. Marks with one label
        in several panels share one legend entry and must share their role.
    split, by, theory, roles and the rest: of a result alone. split: a column whose values get a
        panel each, else each column of y does; by, roles, points, level, runs, mean: as for
        `curves`; theory: title of a panel -> its Theory marks, or the marks of all panels.

    Returns a BookFigure.
    """
    x, y = Axis.of(x), Axis.of(y)
    if is_result(panels):
        taken = [column for column in (split, by) if column is not None]
        frames = frames_of(
            "small_multiples", panels, y.columns, x.one_column("small_multiples"), *taken
        )
        lines, how = _lines_of(frames, y, split, by), {"level": level, "runs": runs, "mean": mean}
        if caption is None:
            parts = [part for each in lines.values() for part, _ in each.values()]
            caption = band_in_words(parts, **how)
        panels = _panels_of(lines, x, theory or (), roles, points=points, **how)
    panels = told_apart("small_multiples.panels", panels, (Histogram, Series, Theory))
    marks = [mark for panel in panels for mark in panel.marks]
    lines = [mark for mark in marks if not isinstance(mark, Histogram)]
    counted = [mark for mark in marks if isinstance(mark, Histogram)]
    feet = [[0.0]] if counted and not y.log else []
    across = scale(x, [_places(mark) for mark in marks], tight=True, n_ticks=3)
    tall = [mark.heights for mark in counted] + [mark.values for mark in lines]
    up = scale(y, tall + feet, n_ticks=4)
    with drawing():
        page, places = grid(
            panels, keys_of(panels), plot=PLOT, left=up.width() + 8, labels=(x.label, y.label),
            ends=(across.labels[0], across.labels[-1]),
        )  # fmt: skip
        for panel, (axes, first, last) in zip(panels, places, strict=True):
            up.apply(axes, "y", labels=first)
            across.apply(axes, "x", labels=last, grid=False)
            for mark in panel.marks:
                _draw(axes, mark, up)
    noted = with_notes(caption or "", lines, up) if lines else caption or ""
    title = f"{y.label} by {x.label}".capitalize() if title is None else title
    if alt is None:
        alt = " ".join(
            f"{panel.title}: {course(mark.label, x.label, y.label, mark.x, mark.median)}"
            for panel in panels
            for mark in panel.marks
            if isinstance(mark, Series)
        )
    name = slug(title) if name is None else name
    return BookFigure(name, title, noted, alt, _columns(panels, x, y), page.figure)


def _lines_of(frames, y, split, by):
    """title of a panel -> label -> (rows, column), a panel for each value of `split` or measure."""
    places = {}
    for measure, frame in frames.items():
        alone = {str(measure).replace("_", " "): frame}
        for title, part in (alone if split is None else parts_of(frame, split)).items():
            places.setdefault(title, {})[measure] = part
    found = {title: lines_of("small_multiples", held, by) for title, held in places.items()}
    if by is None:  # a line alone is called as its axis
        for title, lines in found.items():
            found[title] = lines if len(lines) > 1 else {y.label: next(iter(lines.values()))}
    return found


def _panels_of(lines, x, theory, roles, **how):
    if isinstance(theory, Mapping):
        for title in theory:
            check_choice("small_multiples: panel of theory", title, lines)
    labels = list(dict.fromkeys(label for each in lines.values() for label in each))
    roles = roles_of("small_multiples", labels, roles)  # one for all panels
    panels = []
    for title, each in lines.items():
        laws = theory.get(title, ()) if isinstance(theory, Mapping) else theory
        marks = series_of("small_multiples", each, x, roles, **how)
        laws = tuple_of("small_multiples.theory", laws, Theory)
        panels.append(Panel(title, [*laws, *marks]))
    return panels


def grid(panels, keys, *, plot, left, labels, ends=("", "")):
    """Return a Canvas and, for each panel, its axes, whether it is the first of its row and whether
    it is the last of its column.

    plot: height of a plot in units, or None for squares; labels: of the x and the y axis;
    ends: the first and the last number along the x axis, which need room beside a plot.
    """
    n_columns = 2 if len(panels) in (2, 4) else min(3, len(panels))
    n_rows = -(-len(panels) // n_columns)
    first, last = (canvas.text_width(end) / 2 for end in ends)
    right, between = max(12, last + 2), max(BETWEEN, first + last + 6)
    width = (canvas.WIDTH - left - right - between * (n_columns - 1)) / n_columns
    plot = plot or width
    rows = canvas.flow(keys)
    top = len(rows) * canvas.LINE + (5 if rows else 0) + canvas.LINE + 3
    step = plot + 2 * canvas.LINE
    page = Canvas(top + n_rows * step + canvas.LINE + 9)
    page.legend(rows)
    page.write(0, top - canvas.LINE / 2 - 3, labels[1], quiet=True)
    places = []
    for number, panel in enumerate(panels):
        row, column = divmod(number, n_columns)
        at_left = left + column * (width + between)
        at_top = top + row * step + canvas.LINE + 2
        shown = canvas.fitted(panel.title, width, bold=True)
        page.write(at_left, at_top - canvas.LINE / 2 - 1, shown, bold=True)
        last = number + n_columns >= len(panels)
        places.append((page.axes(at_left, at_top, width, plot), column == 0, last))
    page.foot(left, right, labels[0])
    return page, places


def told_apart(owner, panels, kinds):
    """Panels with different titles, whose marks are of these kinds and labels differ."""
    panels = tuple_of(owner, panels, Panel)
    distinct(owner, [panel.title for panel in panels])
    for panel in panels:
        for mark in panel.marks:
            check_type(f"{owner} {panel.title!r}: mark", mark, kinds)
        distinct(f"Panel {panel.title!r}: marks", [mark.label for mark in panel.marks])
    return panels


def keys_of(panels, key=key_of):
    """One legend entry for each label; raises ValueError for a label with two roles."""
    found = {}
    for panel in panels:
        for mark in panel.marks:
            entry = key(mark)
            if found.setdefault(entry.label, entry).role != entry.role:
                raise ValueError(
                    f"Panel {panel.title!r}: a label must keep its role in every panel; "
                    f"got two roles for {mark.label!r}."
                )
    return list(found.values())


def _places(mark):
    return mark.edges if isinstance(mark, Histogram) else mark.x


def _draw(axes, mark, up):
    if not isinstance(mark, Histogram):
        draw(axes, mark, up)
        return
    edges = np.repeat(mark.edges, 2)  # (2 k + 2,)
    outline = np.concatenate([[0.0], np.repeat(mark.heights, 2), [0.0]])
    axes.fill_between(
        edges,
        up.lower,
        np.maximum(outline, up.lower),
        color=mark.role.drawn,
        alpha=canvas.SHADE,
        lw=0,
    )


def _columns(panels, x, y):
    table = {}
    for panel in panels:
        for mark in panel.marks:
            head = f"{panel.title}, {mark.label}"
            if isinstance(mark, Histogram):
                table |= {f"{head}: edges": mark.edges, f"{head}: heights": mark.heights}
            else:
                table[f"{head}: {x.label}"] = mark.x
                table |= {f"{panel.title}, {key}": value for key, value in mark.columns().items()}
    return table
