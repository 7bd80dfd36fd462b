"""Curves over generations: medians with bands, theory dashed beneath them."""

from dataclasses import replace

import numpy as np

from collapse_lib.arguments import got
from collapse_lib.plotting import palette
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.scales import scale
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.fields import tuple_of
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.marks import Axis, Histogram, Series, Theory
from collapse_lib.plotting.results import (
    band_in_words,
    course,
    frames_of,
    is_result,
    lines_of,
    roles_of,
    slug,
)

PLOT = 190
APART = 13
NUDGE = 8
DISTINCT = 4


def curves(
    series, *, x, y, name=None, title=None, caption=None, alt=None,
    theory=(), by=None, roles=None, level=0.8, runs=None, mean=False, points=False,
):  # fmt: skip
    """Draw medians with their bands, and beneath the lines theory, dashed in ink.

    series: Series with different labels, or a result: a tidy pandas.DataFrame as `to_frame` and
        `sweep` give it, a run, an exact chain, or an xarray.Dataset as `load` gives it.
    x, y: Axis; of a result the names of columns, or Axis with such a `column`.
    name, title, caption, alt: of the BookFigure; by themselves they say what is drawn and where
        each line begins and ends.
    theory: Theory.
    by, roles, level, runs, mean, points: of a result alone. by: a column whose values get a Series
        each, else the columns of y do; roles: label -> Role, else colours of palette.CATEGORICAL,
        or palette.SYNTHETIC for a single Series; level: the share of the runs inside the band;
        runs: the column that tells runs apart, else `replicate` or `seed`; mean: means with two
        standard errors; points: dots with whiskers in place of lines with bands.

    Two or more series are named at the ends of their lines where that is readable, else in a
    legend; theory always stands in the legend, with its source. Gaps and values that a log axis
    cannot show are counted in the caption, a median and its band as one. Returns a BookFigure.
    Raises ValueError where labels are equal, a column or a place is missing or nothing can be
    shown, TypeError for a measure that is no number.
    """
    x, y = Axis.of(x), Axis.of(y)
    if is_result(series):
        taken = [] if by is None else [by]
        frames = frames_of("curves", series, y.columns, x.one_column("curves"), *taken)
        lines, how = lines_of("curves", frames, by), {"runs": runs, "level": level, "mean": mean}
        roles = roles_of("curves", list(lines), roles)
        series = series_of("curves", lines, x, roles, points=points, **how)
        if caption is None:
            caption = band_in_words([part for part, _ in lines.values()], **how)
    series = tuple_of("curves.series", series, Series)
    theory = tuple_of("curves.theory", theory or (), Theory)
    distinct("curves.series", [mark.label for mark in (*series, *theory)], taken=x.label)
    marks = (*theory, *series)
    across = scale(x, [mark.x for mark in marks], tight=True)
    up = scale(y, [mark.values for mark in marks])
    with drawing():
        direct = _direct_heights(series, across, up)
        keys = [key_of(mark) for mark in series] if direct is None else []
        rows = canvas.flow(keys + [key_of(mark) for mark in theory])
        labels = max((canvas.text_width(mark.label) for mark in series), default=0)
        right = canvas.text_width(across.labels[-1]) / 2 + 2 if direct is None else labels + 9
        left = up.width() + 8
        top = len(rows) * canvas.LINE + (5 if rows else 0) + canvas.LINE + 4
        page = Canvas(top + PLOT + 2 * canvas.LINE + 3)
        page.legend(rows)
        page.write(0, top - canvas.LINE / 2 - 5, y.label, quiet=True)
        axes = page.axes(left, top, canvas.WIDTH - left - right, PLOT)
        up.apply(axes, "y")
        across.apply(axes, "x", grid=False)
        for mark in marks:
            draw(axes, mark, up)
        for mark, height in zip(series, () if direct is None else direct, strict=False):
            page.write(canvas.WIDTH - right + 6, top + PLOT - height, mark.label)
        page.foot(left, right, x.label)
    title = f"{y.label} by {x.label}".capitalize() if title is None else title
    said = [course(mark.label, x.label, y.label, mark.x, mark.median) for mark in series]
    return BookFigure(
        slug(title) if name is None else name,
        title,
        with_notes(caption or "", marks, up),
        " ".join(said) if alt is None else alt,
        shared_columns(x.label, marks),
        page.figure,
    )


def series_of(owner, lines, x, roles, *, points=False, **how):
    """A Series for each of the lines."""
    across = x.one_column(owner)
    series = [
        Series.from_frame(part, across, column, label=label, role=roles[label], **how)
        for label, (part, column) in lines.items()
    ]
    return [replace(each, points=points) for each in series]


def key_of(mark):
    """The legend entry of a Series, Theory or Histogram."""
    if isinstance(mark, Theory):
        return Key(f"{mark.label} ({mark.source})", palette.THEORY, "dashed")
    if isinstance(mark, Histogram):
        return Key(mark.label, mark.role, "shade")
    if mark.points:
        return Key(mark.label, mark.role, "dot")
    return Key(mark.label, mark.role, "line" if mark.lower is None else "band")


def draw(axes, mark, up):
    """Draw a Series or a Theory into axes; up: the Scale of the heights."""
    clip = bool((shown(mark.values, up) < up.lower).any()) or bool(
        (shown(mark.values, up) > up.upper).any()
    )
    if isinstance(mark, Theory):
        axes.plot(
            mark.x,
            shown(mark.values, up),
            color=palette.THEORY.drawn,
            lw=1.5,
            ls=canvas.DASHES,
            clip_on=clip,
        )
        return
    colour = mark.role.drawn
    if mark.points:
        if mark.lower is not None:
            floor = np.where(mark.lower <= 0, up.lower, mark.lower) if up.log else mark.lower
            axes.vlines(mark.x, floor, shown(mark.upper, up), color=colour, lw=1.2, clip_on=clip)
        canvas.dots(axes, mark.x, shown(mark.median, up), colour, size=5, clip=clip)
        return
    for run in mark.runs:
        axes.plot(mark.x, shown(run, up), color=colour, lw=0.8, alpha=canvas.RUN, clip_on=clip)
    if mark.lower is not None:
        floor = np.where(mark.lower <= 0, up.lower, mark.lower) if up.log else mark.lower
        axes.fill_between(
            mark.x,
            np.where(np.isfinite(floor), floor, np.nan),
            shown(mark.upper, up),
            color=colour,
            alpha=canvas.BAND,
            lw=0,
            clip_on=clip,
        )
    axes.plot(mark.x, shown(mark.median, up), color=colour, lw=2, clip_on=clip)
    alone = lonely(shown(mark.median, up))
    if alone.any():
        canvas.dots(axes, mark.x[alone], mark.median[alone], colour, size=3, clip=clip)


def shown(values, up):
    """The values with NaN in place of what cannot be drawn."""
    drawable = np.isfinite(values) & ((values > 0) | (not up.log))
    return np.where(drawable, values, np.nan)


def lonely(values):
    """Which values have gaps on both sides, so that no line would show them."""
    held = np.concatenate([[False], np.isfinite(values), [False]])
    return held[1:-1] & ~held[:-2] & ~held[2:]


def with_notes(caption, marks, up):
    """The caption, with a sentence for what the drawing cannot show."""
    n_missing = _places(marks, np.isnan)
    n_infinite = _places(marks, np.isinf)
    n_low = _places(marks, lambda v: np.isfinite(v) & (v <= 0)) if up.log else 0
    notes = []
    if n_missing:
        notes.append(f"{_count(n_missing, 'missing value leaves', 'missing values leave')} gaps.")
    if n_infinite:
        notes.append(f"{_count(n_infinite, 'infinite value is', 'infinite values are')} not drawn.")
    if n_low:
        notes.append(
            f"{_count(n_low, 'value at or below zero lies', 'values at or below zero lie')} "
            "under the log axis."
        )
    return " ".join([caption, *notes]).strip()


def _places(marks, bad):
    """How many values of the marks are bad, a median and the ends of its band as one."""
    n = 0
    for mark in marks:
        rows, n_runs = bad(np.atleast_2d(mark.values)), len(getattr(mark, "runs", ()))
        n += int(rows[: len(rows) - n_runs].any(axis=0).sum() + rows[len(rows) - n_runs :].sum())
    return n


def _count(n, one, several):
    return f"{n:,} {one if n == 1 else several}"


def shared_columns(x_label, marks):
    """The data table: one x column for all marks that share it, else one for each."""
    table, shared = {x_label: marks[0].x}, marks[0].x
    for mark in marks:
        if not np.array_equal(mark.x, shared):
            table[f"{mark.label}: {x_label}"] = mark.x
        table |= mark.columns()
    return table


def distinct(owner, labels, taken=None):
    """Let pass labels that are all different, and at least one; taken: one more column's name."""
    if not labels:
        raise ValueError(f"{owner} must not be empty; got nothing to draw.")
    labels = [*labels, taken]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise ValueError(f"{owner} must have different labels; {got(twice[0])} more than once.")


def _direct_heights(series, across, up):
    """Where to name each line at its end, in units from the foot; None if that is not readable.

    The lines must all end at the right edge; labels move apart a little where ends lie close.
    """
    if not 2 <= len(series) <= 6:
        return None
    if max(canvas.text_width(mark.label) for mark in series) > 0.3 * canvas.WIDTH:
        return None
    ends = np.array([shown(mark.median, up)[-1] for mark in series])
    if not np.isfinite(ends).all() or any(mark.x[-1] != across.upper for mark in series):
        return None
    wanted = np.array([up.place(end) for end in ends]) * PLOT
    order = np.argsort(wanted)
    placed = wanted[order]
    if np.diff(placed).min() < DISTINCT:
        return None
    for _ in range(20):
        crowding = np.maximum(APART - np.diff(placed), 0.0) / 2
        placed[:-1] -= crowding
        placed[1:] += crowding
    heights = np.empty_like(placed)
    heights[order] = placed
    close = np.abs(heights - wanted).max() <= NUDGE and wanted.min() >= 0 and wanted.max() <= PLOT
    return heights if close else None
