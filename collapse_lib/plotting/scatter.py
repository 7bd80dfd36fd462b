"""Rows in the plane, one panel a generation."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib.arguments import (
    check_count,
    check_numbers,
    check_rows,
    check_same_shape,
    check_type,
)
from collapse_lib.plotting import palette
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Key
from collapse_lib.plotting.drawing.scales import scale
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.fields import named, put
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.marks import Axis
from collapse_lib.plotting.multiples import grid, keys_of, told_apart

DISC = 0.12


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points in the plane: label; rows (n, 2); role; radii (n,) of a disc around each, or none."""

    label: str
    rows: Any
    role: palette.Role = palette.SYNTHETIC
    radii: Any = None

    def __post_init__(self):
        owner = f"Cloud {self.label!r}"
        rows = check_rows(owner, self.rows, ndim=(2,), width=2)
        check_type(f"{owner}: role", self.role, palette.Role)
        put(self, label=named(owner, self.label), rows=rows)
        if self.radii is not None:
            radii = check_numbers(f"{owner}: radii", self.radii, axes=1, least=0)
            check_same_shape(owner, rows=rows[:, 0], radii=radii)
            put(self, radii=radii)


def scatter_panels(panels, *, name, title, caption, alt, x, y, max_points=300):
    """Draw Panels of Clouds on shared axes, with equal units unless an Axis has limits.

    panels: Panel of Cloud; x, y: Axis, linear, or its label; max_points: a longer cloud shows this
    many of its rows, evenly spaced in their order, and the caption says so. Returns a BookFigure.
    """
    x, y = Axis.of(x), Axis.of(y)
    panels = told_apart("scatter_panels.panels", panels, (Cloud,))
    if x.log or y.log:
        raise ValueError("scatter_panels.x and scatter_panels.y must be linear; got a log Axis.")
    max_points = check_count("scatter_panels.max_points", max_points, least=1)
    chosen = {id(mark): _thinned(mark.rows, max_points) for p in panels for mark in p.marks}
    points = np.concatenate(list(chosen.values()))
    fixed = any(end is not None for axis in (x, y) for end in (axis.lower, axis.upper))
    across, up = _square(points, x, y)
    table, longest = {}, max(len(mark.rows) for panel in panels for mark in panel.marks)
    with drawing():
        keys = keys_of(panels, lambda mark: Key(mark.label, mark.role, "dot"))
        page, places = grid(
            panels,
            keys if len(keys) > 1 else [],
            plot=None,
            left=up.width() + 8,
            labels=(x.label, y.label),
        )
        for panel, (axes, first, last) in zip(panels, places, strict=True):
            up.apply(axes, "y", labels=first)
            across.apply(axes, "x", labels=last)
            for mark in panel.marks:
                rows = chosen[id(mark)]
                if mark.radii is not None:
                    _discs(axes, rows, _thinned(mark.radii, max_points), mark.role)
                canvas.dots(axes, *rows.T, mark.role.drawn, alpha=0.7, clip=fixed)
                head = f"{panel.title}, {mark.label}"
                table |= {f"{head}: {x.label}": rows[:, 0], f"{head}: {y.label}": rows[:, 1]}
    if longest > max_points:
        caption = f"{caption} At most {max_points:,} rows of each cloud are drawn.".strip()
    return BookFigure(name, title, caption, alt, table, page.figure)


def _thinned(rows, max_points):
    if len(rows) <= max_points:
        return rows
    return rows[np.linspace(0, len(rows) - 1, max_points).astype(int)]


def _discs(axes, rows, radii, role):
    """Each disc as its outline over one faint fill, so that where they overlap is seen."""
    from matplotlib.patches import Circle

    for centre, radius in zip(rows, radii, strict=True):
        axes.add_patch(Circle(centre, radius, fc=role.drawn, ec="none", alpha=DISC, clip_on=True))


def _square(points, x, y):
    """Scales of one length on both axes, centred on the points."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = 0.54 * (high - low).max() or 1.0
    middle = (low + high) / 2
    return tuple(
        scale(axis, [[centre - half, centre + half]], tight=True, n_ticks=3)
        for axis, centre in zip((x, y), middle, strict=True)
    )
