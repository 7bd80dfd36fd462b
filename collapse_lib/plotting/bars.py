"""Bars or dots for categories, side by side: before and after, real and synthetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib.arguments import check_numbers, check_same_shape, check_type, shortened
from collapse_lib.plotting import palette
from collapse_lib.plotting.curves import distinct
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.scales import scale
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.drawing.text import clean
from collapse_lib.plotting.fields import band_columns, column, named, put, quantiles
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.marks import Axis
from collapse_lib.plotting.results import (
    band_in_words,
    frames_of,
    is_result,
    labelled,
    lines_of,
    over_runs,
    roles_of,
    slug,
)

BAR = 9
BETWEEN = 10
DOT = 7
WIDEST_LABEL = 140  # AccumulateSubsample fits


@dataclass(frozen=True, eq=False)
class Bars:
    """One value a category, with whiskers if lower and upper (k,) are given.

    label; values (k,); role. A theory role is drawn as a mark, not as a bar.
    Raises ValueError for arrays of different lengths.
    """

    label: str
    values: Any
    lower: Any = None
    upper: Any = None
    role: palette.Role = palette.REAL

    def __post_init__(self):
        owner = f"Bars {shortened(self.label)}"
        values = column(f"{owner}: values", self.values)
        lower, upper = quantiles(owner, self.lower, self.upper, values, "values")
        check_type(f"{owner}: role", self.role, palette.Role)
        put(self, label=named(owner, self.label), values=values, lower=lower, upper=upper)

    def columns(self):
        """Column name -> array."""
        return band_columns(self, self.values)


def bars(
    categories, groups=None, *, value, name=None, title=None, caption=None, alt=None,
    dots=False, category=None, by=None, roles=None, level=0.8, runs=None, mean=False,
):  # fmt: skip
    """Draw horizontal bars, one group a category from the top down, one bar for each Bars in it.

    categories: k texts, with groups: Bars of k values; or a result, as for `curves`.
    value: the Axis of the values, linear, from 0 on; of a result the name of a column, or an Axis
        with such a `column`, or with several.
    category, by, roles and the rest: of a result alone. category: the column whose values are the
        categories; by: the column whose values get a bar each in every category, else each column
        of value does; roles, level, runs, mean: as for `curves`.

    dots: draw dots with their whiskers instead of bars. They have no foot, so that the Axis can be
        logarithmic and need not hold 0; NaN is no dot, which the caption counts.

    Bars whose role is palette.THEORY are drawn as a mark across the group. Returns a BookFigure.
    Raises ValueError for other lengths, equal labels, bars on a log axis, values that are not
    finite (NaN dots apart), or dots that a log axis cannot show.
    """
    value = Axis.of(value)
    if is_result(categories):
        taken = [category] if by is None else [category, by]
        frames = frames_of("bars", categories, value.columns, *taken)
        lines, how = lines_of("bars", frames, by), {"level": level, "runs": runs, "mean": mean}
        categories, groups = _bars_of(lines, category, roles, how)
        if caption is None:
            parts = [part.groupby(category, observed=True) for part, _ in lines.values()]
            caption = band_in_words([rows for each in parts for _, rows in each], **how)
    check_type("bars.groups", groups, Iterable, "Give Bars beside the categories.")
    categories, groups = [clean(category) for category in categories], tuple(groups)
    for group in groups:
        check_type("bars.groups: a group", group, Bars)
    distinct("bars.groups", [group.label for group in groups], taken="category")
    for group in groups:
        check_same_shape(f"Bars {group.label!r}", categories=categories, values=group.values)
        held = np.concatenate(list(group.columns().values()))
        held = held[~np.isnan(held)] if dots else held
        above = 0 if value.log and dots else -np.inf
        check_numbers(f"Bars {group.label!r}: values", held, above=above)
    if value.log and not dots:
        raise ValueError("bars.value must be a linear Axis: a bar has no foot on a log axis.")
    drawn = [array for group in groups for array in group.columns().values()]
    along = scale(value, drawn if dots else [*drawn, [0.0]])
    solid = [group for group in groups if group.role is not palette.THEORY]
    thick = max(len(solid), 1) * BAR
    step = max(thick + BETWEEN, canvas.LINE)
    with drawing():
        shown = [canvas.fitted(category, WIDEST_LABEL) for category in categories]
        left = max(canvas.text_width(label) for label in shown) + 8
        right = canvas.text_width(along.labels[-1]) / 2 + 2
        keys = canvas.flow([_key(group, dots) for group in groups]) if len(groups) > 1 else []
        top = len(keys) * canvas.LINE + 5
        page = Canvas(top + step * len(categories) + 2 * canvas.LINE + 8)
        page.legend(keys)
        axes = page.axes(left, top, canvas.WIDTH - left - right, step * len(categories))
        along.apply(axes, "x")
        axes.set(ylim=(step * len(categories), 0), yticks=[])
        middles = (np.arange(len(categories)) + 0.5) * step
        for number, group in enumerate(solid):
            draw = _draw_dots if dots else _draw
            draw(axes, group, middles - thick / 2 + (number + 0.5) * BAR)
        for group in groups:
            if group.role is palette.THEORY:
                axes.vlines(
                    group.values,
                    middles - thick / 2 - 2,
                    middles + thick / 2 + 2,
                    color=palette.THEORY.drawn,
                    lw=2,
                )
        for label, middle in zip(shown, middles, strict=True):
            page.write(left - 8, top + middle, label, align="right")
        page.foot(left, right, value.label)
    table = {"category": np.array(categories)}
    for group in groups:
        table |= group.columns()
    n_missing = sum(int(np.isnan(group.values).sum()) for group in groups)
    if n_missing:
        missing = "1 missing value has" if n_missing == 1 else f"{n_missing:,} missing values have"
        caption = f"{'' if caption is None else caption} {missing} no dot.".strip()
    title = value.label.capitalize() if title is None else title
    if alt is None:
        alt = " ".join(_said(group, categories) for group in groups)
    name = slug(title) if name is None else name
    return BookFigure(name, title, "" if caption is None else caption, alt, table, page.figure)


def _said(group, categories):
    held = np.isfinite(group.values)
    pairs = zip(np.array(categories)[held], group.values[held], strict=True)
    return f"{group.label}: {'; '.join(f'{name} {value:.3g}' for name, value in pairs)}."


def _bars_of(lines, category, roles, how):
    """Categories, and a Bars for each of the lines."""
    roles = roles_of("bars", list(lines), roles)
    parts = [part for part, _ in lines.values()]
    order = list(dict.fromkeys(each for part in parts for each in part[category]))
    groups = []
    for label, (part, measure) in lines.items():
        places, *ends = over_runs("bars", part, category, measure, sort=False, **how)
        missing = [place for place in order if place not in places]
        if missing:
            raise ValueError(
                f"bars: {label} has no row of {category} {missing[0]!r}; give all bars."
            )
        turn = [places.index(place) for place in order]
        ends = [None if each is None else each[turn] for each in ends]
        groups.append(Bars(label, *ends, role=roles[label]))
    return [labelled(category, place) for place in order], groups


def _key(group, dots):
    sign = "dot" if dots else "box"
    return Key(group.label, group.role, "mark" if group.role is palette.THEORY else sign)


def _draw(axes, group, heights):
    axes.barh(heights, group.values, height=BAR - 1, color=group.role.drawn, lw=0)
    if group.lower is not None:
        axes.hlines(heights, group.lower, group.upper, color=palette.INK, lw=1.2)


def _draw_dots(axes, group, heights):
    colour, held = group.role.drawn, ~np.isnan(group.values)
    if group.lower is not None:
        axes.hlines(heights, group.lower, group.upper, color=colour, lw=1.5)
    canvas.dots(axes, group.values[held], heights[held], colour, size=DOT)
