"""Stacked areas over generations: what a whole is made of, and how that changes."""

from itertools import count

import numpy as np

from collapse_lib.arguments import (
    check_choice,
    check_count,
    check_numbers,
    check_same_shape,
    check_type,
)
from collapse_lib.plotting import palette
from collapse_lib.plotting.curves import APART, PLOT, distinct
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.scales import scale
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.fields import labels_of, spread
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.marks import Axis

WIDEST_LABEL = 0.3 * canvas.WIDTH
SLIT = 0.8  # of paper between two bands, in units


def areas(x, shares, *, labels, name, title, caption, alt, value, along=None, roles=None):
    """Draw the parts of a whole as bands that lie on one another, the first at the bottom.

    x: (n,) generations or other places, increasing, two at least; shares: (k, n) numbers of at
        least 0, one row a label; labels: k texts. Or shares: a tidy pandas.DataFrame, and x, labels
        the names of its columns.
    value: what the shares are, an Axis or its label; of a frame the name of their column. along:
        what x is, an Axis or its label, else "generation" or the name in the frame.
    roles: label -> Role, else palette.CATEGORICAL in its order. A role that comes again is drawn
        pale, so that twelve labels can do without roles.

    A band that is thick enough at its right end is named there, every other in the legend. Returns
    a BookFigure. Raises ValueError for another shape, equal labels, too few colours, a share that
    is negative or missing, or x that does not increase.
    """
    value = value if isinstance(value, Axis) else Axis(value)
    if hasattr(shares, "columns"):
        along = along or x
        labels, x, shares = spread("areas", shares, labels, x, value.label)
        order = np.argsort(x)
        x, shares = np.take(x, order), shares[:, order]
    along = along or "generation"
    along = along if isinstance(along, Axis) else Axis(along)
    labels = labels_of(labels)
    distinct("areas.labels", labels, taken=along.label)
    x, shares = _checked(x, shares, len(labels))
    styles = _styles(labels, roles)
    edges = np.vstack([np.zeros(len(x)), np.cumsum(shares, axis=0)])  # (k + 1, n)
    up = scale(_whole(value, edges[-1].max()), [edges])
    across = scale(along, [x], tight=True)
    with drawing():
        unit = (up.upper - up.lower) / PLOT
        named = [
            thickness >= APART * unit and canvas.text_width(label) <= WIDEST_LABEL
            for label, thickness in zip(labels, shares[:, -1], strict=True)
        ]
        beside = [canvas.text_width(label) for label, at in zip(labels, named, strict=True) if at]
        rows = canvas.flow(
            [
                Key(label, role, "shade" if pale else "box")
                for label, (role, pale), at in zip(labels, styles, named, strict=True)
                if not at
            ]
        )
        last = canvas.text_width(across.labels[-1]) / 2 + 2
        right, left = max([last, *(width + 9 for width in beside)]), up.width() + 8
        top = len(rows) * canvas.LINE + (5 if rows else 0) + canvas.LINE + 4
        page = Canvas(top + PLOT + 2 * canvas.LINE + 3)
        page.legend(rows)
        page.write(0, top - canvas.LINE / 2 - 5, value.label, quiet=True)
        axes = page.axes(left, top, canvas.WIDTH - left - right, PLOT)
        up.apply(axes, "y", grid=False)
        across.apply(axes, "x", grid=False)
        for label, (role, pale), at, low, high in zip(
            labels, styles, named, edges[:-1], edges[1:], strict=True
        ):
            slit = np.minimum(SLIT * unit, (high - low) / 2) / 2
            axes.fill_between(
                x,
                low + slit,
                high - slit,
                color=role.drawn,
                alpha=canvas.SHADE if pale else None,
                lw=0,
                clip_on=bool(edges[-1].max() > up.upper or x[0] < across.lower),
            )
            if at:
                middle = up.place((low[-1] + high[-1]) / 2)
                page.write(canvas.WIDTH - right + 6, top + PLOT * (1 - middle), label)
        page.foot(left, right, along.label)
    table = {along.label: x} | dict(zip(labels, shares, strict=True))
    return BookFigure(name, title, caption, alt, table, page.figure)


def _checked(x, shares, k):
    x = check_numbers("areas.x", x, axes=1)
    check_count("areas.x: number of places", len(x), least=2)
    check_numbers("areas.x: step", np.diff(x), above=0)
    shares = check_numbers("areas.shares", shares, least=0)
    check_same_shape("areas", labels=np.empty((k, len(x))), shares=shares)
    return x, shares


def _styles(labels, roles):
    """A role for each label, and whether it is drawn pale."""
    if roles is None:
        check_count("areas.labels without roles", len(labels), most=2 * len(palette.CATEGORICAL))
        roles = dict(zip(labels, palette.CATEGORICAL * 2, strict=False))
    styles, used = [], {}
    for label in labels:
        check_choice("areas: label of a role", label, roles)
        role = check_type(f"areas.roles {label!r}", roles[label], palette.Role)
        styles.append((role, next(used.setdefault(role, count())) % 2 == 1))
    return styles


def _whole(axis, total):
    """The axis of the shares, from 0 to the largest total."""
    if axis.log or axis.lower not in (None, 0):
        raise ValueError("areas.value must be a linear Axis from 0 on: a band is as high as it is.")
    return Axis(axis.label, lower=0.0, upper=axis.upper or total or 1.0)
