"""Limits and ticks of an axis, chosen before anything is drawn, so that margins are known."""

import math
from dataclasses import dataclass

import numpy as np

from collapse_lib.plotting.drawing.canvas import text_width
from collapse_lib.plotting.drawing.text import linear, logarithmic


@dataclass(frozen=True)
class Scale:
    """The part of an axis that is shown: its ends, its ticks and what stands at them."""

    lower: float
    upper: float
    log: bool
    ticks: tuple
    labels: tuple

    def width(self):
        """Width of the widest tick label, in units."""
        return max((text_width(label) for label in self.labels), default=0.0)

    def place(self, value):
        """Where a value lies between the ends: 0 at the lower, 1 at the upper."""
        if self.log:
            return math.log(value / self.lower) / math.log(self.upper / self.lower)
        return (value - self.lower) / (self.upper - self.lower)

    def apply(self, axes, which, *, labels=True, grid=True):
        """Give limits, ticks and a faint grid to the x or the y axis of matplotlib axes."""
        if self.log:
            axes.set(**{f"{which}scale": "log"})
            axes.minorticks_off()
        axes.set(**{f"{which}lim": (self.lower, self.upper)})
        axis = axes.xaxis if which == "x" else axes.yaxis
        axis.set_ticks(self.ticks, labels=self.labels if labels else [""] * len(self.ticks))
        if grid:
            axes.grid(True, axis=which, color="#000000", alpha=0.12, lw=0.8)
            axes.set_axisbelow(True)


def scale(axis, arrays, *, tight=False, n_ticks=5):
    """Return the Scale of an Axis for the values in arrays.

    tight: end at the data (for x); else leave a little room, and start at 0 where that is near.
    """
    values = np.concatenate([np.ravel(array) for array in arrays])
    values = values[np.isfinite(values) & ((values > 0) | (not axis.log))]
    if not values.size and (axis.lower is None or axis.upper is None):
        kind = "positive and finite, as the axis is logarithmic" if axis.log else "finite"
        raise ValueError(f"Axis {axis.label!r} needs a value to show, {kind}; got none.")
    lower = axis.lower if axis.lower is not None else float(values.min())
    upper = axis.upper if axis.upper is not None else float(values.max())
    if axis.log:
        lower, upper = _log_ends(axis, lower, upper, tight)
        ticks = _log_ticks(lower, upper, n_ticks)
        return Scale(lower, upper, True, ticks, tuple(map(logarithmic, ticks)))
    whole = bool(values.size and (values == np.round(values)).all() and tight)
    lower, upper = _linear_ends(axis, lower, upper, tight)
    ticks = _linear_ticks(lower, upper, n_ticks, whole)
    return Scale(lower, upper, False, ticks, tuple(linear(ticks)))


def _linear_ends(axis, lower, upper, tight):
    if upper <= lower:
        room = abs(lower) * 0.1 or 1.0
        lower = lower if axis.lower is not None else lower - room
        return lower, (upper if axis.upper is not None and upper > lower else lower + 2 * room)
    if tight:
        return lower, upper
    room = 0.06 * (upper - lower)
    if axis.lower is None:
        lower = 0.0 if 0 <= lower < 0.4 * upper else lower - room
    return lower, (upper if axis.upper is not None else upper + room)


def _log_ends(axis, lower, upper, tight):
    if upper <= lower:
        return lower / 3.0, lower * 3.0
    room = 1.0 if tight else (upper / lower) ** 0.05
    return (
        lower if axis.lower is not None else lower / room,
        upper if axis.upper is not None else upper * room,
    )


def _linear_ticks(lower, upper, n_ticks, whole):
    from matplotlib.ticker import MaxNLocator

    chosen = MaxNLocator(nbins=n_ticks, steps=[1, 2, 2.5, 5, 10], integer=whole)
    edge = 1e-9 * (upper - lower)
    ticks = [t for t in chosen.tick_values(lower, upper) if lower - edge <= t <= upper + edge]
    # generations begin at 1: say so where there is room
    if whole and lower == 1 and ticks and ticks[0] - 1 > 0.5 / n_ticks * (upper - 1):
        ticks.insert(0, 1.0)
    return tuple(float(tick) for tick in ticks)


def _log_ticks(lower, upper, n_ticks):
    first, last = math.ceil(math.log10(lower) - 1e-9), math.floor(math.log10(upper) + 1e-9)
    n_powers = last - first + 1
    if n_powers >= 3:
        step = math.ceil(n_powers / (n_ticks + 1))
        return tuple(10.0**k for k in range(last, first - 1, -step))[::-1]
    # at least three, so that their distances show that the axis is logarithmic
    for leads in ((1, 2, 5), (1, 2, 3, 5, 7), range(1, 10)):
        ticks = [lead * 10.0**k for k in range(first - 1, last + 1) for lead in leads]
        ticks = [t for t in ticks if lower * (1 - 1e-9) <= t <= upper * (1 + 1e-9)]
        if len(ticks) >= 3:
            break
    return tuple(ticks)
