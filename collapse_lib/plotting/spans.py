"""A timeline: from one event to a later one, with an arrow where a run ended before."""

import numpy as np

from collapse_lib.arguments import check_columns, check_numbers
from collapse_lib.plotting import palette
from collapse_lib.plotting.curves import distinct
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.scales import scale
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.drawing.text import clean
from collapse_lib.plotting.fields import numbers
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.marks import Axis
from collapse_lib.plotting.results import parts_of, slug

STEP = 30
BAR = 7
DOT = 8
APART = 4
ARROW = 5
WIDEST_LABEL = 130
SHARES = (0.1, 0.5, 0.9)
ROLES = (palette.CATEGORICAL[0], palette.CATEGORICAL[1])


def spans(
    frame, *, category, start, end, last, value, name=None, title=None, caption=None, alt=None
):
    """Draw a line for each category: dots at the medians of two events, joined by a bar, and thin
    lines over the central 80 % of the runs. What was not reached by the last generation is an
    arrow there, and beside the line stands how many runs came to the end.

    frame: a tidy pandas.DataFrame, one row a run. category: the column that names the lines, drawn
    from the top down; start, end: columns of times, inf where the run ended before; last: the
    column of the times at which runs ended, one for all runs of a category. value: the Axis of the
    times. name, title, caption, alt: of the BookFigure; by themselves they say what is drawn.

    Returns a BookFigure. Raises ValueError for a column that is missing, a time that is NaN, or not
    above 0 on a log axis.
    """
    check_columns("spans: frame", frame, category, start, end, last)
    distinct("spans: start and end", [start, end])
    value = Axis.of(value)
    parts = {clean(label): part for label, part in parts_of(frame, category).items()}
    distinct("spans.categories", list(parts), taken="category")
    least = 0 if value.log else -np.inf
    for label, part in parts.items():
        times = numbers(f"spans: times of {label!r}", part[[start, end, last]])
        check_numbers(f"spans: times of {label!r}", times, above=least, infinite=True)
    ends = np.array([part[last].max() for part in parts.values()], dtype=float)
    events = {
        event: np.array([_quantiles(part[event]) for part in parts.values()])
        for event in (start, end)
    }  # (k, 3)
    reached = [f"{int(np.isfinite(part[end]).sum())} of {len(part)}" for part in parts.values()]
    along = scale(value, [*events.values(), ends])
    head = f"runs that came to {end}"
    with drawing():
        shown = [canvas.fitted(label, WIDEST_LABEL) for label in parts]
        left = max(map(canvas.text_width, shown)) + 8
        right = max(map(canvas.text_width, reached)) + 18
        keys = [Key(event, role, "dot") for event, role in zip(events, ROLES, strict=True)]
        keys.append(Key("a run ends here", palette.BAND, "mark"))
        legend = canvas.flow(keys)
        top = len(legend) * canvas.LINE + canvas.LINE + 8
        page = Canvas(top + STEP * len(parts) + 2 * canvas.LINE + 8)
        page.legend(legend)
        page.write(canvas.WIDTH, top - canvas.LINE / 2 - 3, head, align="right", quiet=True)
        width = canvas.WIDTH - left - right
        axes = page.axes(left, top, width, STEP * len(parts))
        along.apply(axes, "x")
        axes.set(ylim=(STEP * len(parts), 0), yticks=[])

        def place(time):
            return left + width * along.place(time)

        for k, label in enumerate(shown):
            y = top + (k + 0.5) * STEP
            page.write(left - 8, y, label, align="right")
            page.write(canvas.WIDTH, y, reached[k], align="right")
            stop = place(ends[k])
            page.paper.plot([stop, stop], [y - 8, y + 8], color=palette.BAND.drawn, lw=2)
            edges = [place(min(events[event][k, 1], ends[k])) for event in (start, end)]
            page.paper.fill_between(
                edges, y - BAR / 2, y + BAR / 2, color=palette.BAND.drawn, alpha=canvas.BAND, lw=0
            )
            for event, role, off in zip((start, end), ROLES, (-APART, APART), strict=True):
                _draw_event(page, events[event][k], ends[k], y, off, role.drawn, place)
        page.foot(left, right, value.label)
    table = {"category": np.array(list(parts))}
    for event, found in events.items():
        lower, middle, upper = found.T
        table |= {event: middle, f"{event}, lower": lower, f"{event}, upper": upper}
    table |= {"end of the runs": ends, head: np.array(reached)}
    title = f"{start} and {end}".capitalize() if title is None else title
    if caption is None:
        caption = (
            "Dots: medians of the runs. Thin lines: their central 80 %. "
            "An arrow goes on beyond the end of the runs."
        )
    said = [
        f"{label}: {start} {_time(events[start][k, 1], ends[k])}, "
        f"{end} {_time(events[end][k, 1], ends[k])}."
        for k, label in enumerate(parts)
    ]
    name = slug(title) if name is None else name
    return BookFigure(
        name, title, caption, " ".join(said) if alt is None else alt, table, page.figure
    )


def _quantiles(times):
    """Of times that may be infinite: the lower of the two runs around each share."""
    return np.quantile(times, SHARES, method="lower")


def _time(time, last):
    return f"at {_plain(time)}" if np.isfinite(time) else f"not within {_plain(last)}"


def _plain(time):
    return f"{time:,.0f}" if time == np.round(time) or abs(time) >= 100 else f"{time:.3g}"


def _draw_event(page, times, last, y, off, colour, place):
    lower, middle, upper = (place(min(time, last)) for time in times)
    if np.isfinite(times[0]):
        page.paper.plot([lower, upper], [y + off, y + off], color=colour, lw=1.5)
    if np.isfinite(times[1]):
        canvas.dots(page.paper, [middle], [y], colour, size=DOT)
    if not np.isfinite(times).all():
        height = y if not np.isfinite(times[1]) else y + off
        tip = place(last) + ARROW + 4
        page.paper.plot(
            [tip - ARROW, tip, tip - ARROW],
            [height - ARROW, height, height + ARROW],
            color=colour,
            lw=2,
        )
        page.paper.plot([place(last), tip], [height, height], color=colour, lw=1.5)
