"""The page that every figure is drawn on: 400 units wide, filled from the top, one size of text.

Text is placed as if it were shown at its largest, on a phone, so that nothing overlaps there; on
wider pages the stylesheet sets it smaller.
"""

from dataclasses import dataclass
from functools import cache

from collapse_lib.plotting import palette
from collapse_lib.plotting.drawing.svg import FONT_SIZE
from collapse_lib.plotting.drawing.text import cut

WIDTH = 400
LINE = 16
KEY = 18
GAP = 16
QUIET = 0.75
BAND = 0.2
RUN = 0.35
SHADE = 0.6
DASHES = (0, (5, 3))
SHORT_DASHES = (0, (3, 2))  # two of them fit into a sign of the legend on a phone


@dataclass(frozen=True)
class Key:
    """An entry of the legend: a label and the sign in front of it, drawn by `Canvas.sign`."""

    label: str
    role: palette.Role
    sign: str


@cache
def text_width(text, bold=False):
    """Return the width of text in units, in matplotlib's own wide font."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=FONT_SIZE, weight="bold" if bold else "normal")
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]


def fitted(text, width, bold=False):
    """Return text cut to what fits a width."""
    length = len(text)
    while length > 1 and text_width(cut(text, length), bold) > width:
        length -= 1
    return cut(text, length)


def flow(keys, width=WIDTH):
    """Return the legend as rows of (x, key or None, text): what does not fit goes on below."""
    rows, x = [[]], 0.0
    for key in keys:
        lines = wrapped(key.label, width - KEY)
        needed = KEY + text_width(lines[0])
        if rows[-1] and x + needed > width:
            rows.append([])
            x = 0.0
        rows[-1].append((x, key, lines[0]))
        x += needed + GAP
        for line in lines[1:]:
            rows.append([(0.0, None, line)])
            x = width
    return rows if keys else []


def wrapped(text, width):
    """Return the words of text in lines that fit a width."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return [fitted(line, width) for line in lines]


class Canvas:
    """A matplotlib Figure measured in units from its upper left corner."""

    def __init__(self, height):
        from matplotlib.figure import Figure

        self.height = height
        self.figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        self.figure.patch.set_visible(False)
        self.paper = self.axes(0, 0, WIDTH, height)
        self.paper.set(xlim=(0, WIDTH), ylim=(height, 0))
        self.paper.axis("off")

    def axes(self, left, top, width, height):
        """Return axes at a place given in units, with no frame and no ticks of their own."""
        axes = self.figure.add_axes(
            (left / WIDTH, 1 - (top + height) / self.height, width / WIDTH, height / self.height)
        )
        axes.tick_params(which="both", left=False, bottom=False, length=0, pad=5)
        axes.tick_params(labelsize=FONT_SIZE, labelcolor=(0, 0, 0, QUIET))
        axes.minorticks_off()
        for spine in axes.spines.values():
            spine.set_visible(False)
        return axes

    def foot(self, left, right, label):
        """Write the label of the x axis under the middle of the plots."""
        middle = left + (WIDTH - left - right) / 2
        self.write(middle, self.height - LINE / 2, label, align="center", quiet=True)

    def write(self, x, y, text, *, align="left", bold=False, quiet=False, slant=0):
        """Write text with its middle at the height y; slant: degrees that it falls by."""
        self.paper.text(
            x,
            y,
            text,
            ha=align,
            va="center_baseline",
            fontsize=FONT_SIZE,
            fontweight="bold" if bold else "normal",
            alpha=QUIET if quiet else None,
            rotation=-slant,
            rotation_mode="anchor",
        )

    def legend(self, rows, top=0.0):
        """Draw the rows of `flow`; return the height below them."""
        for number, row in enumerate(rows):
            y = top + (number + 0.5) * LINE
            for x, key, text in row:
                if key is not None:
                    self.sign(x, y, key)
                self.write(x + KEY, y, text)
        return top + len(rows) * LINE

    def sign(self, x, y, key):
        """Draw the sign of a legend entry, 13 units wide."""
        colour, ends = key.role.drawn, ([x, x + 13], [y, y])
        if key.sign == "dashed":
            self.paper.plot(*ends, color=colour, lw=1.5, ls=SHORT_DASHES)
        elif key.sign == "dot":
            dots(self.paper, [x + 6.5], [y], colour, size=5)
        elif key.sign == "mark":
            self.paper.plot([x + 6.5] * 2, [y - 5, y + 5], color=colour, lw=2)
        elif key.sign in ("box", "shade"):
            alpha = SHADE if key.sign == "shade" else None
            self.paper.fill_between(ends[0], y - 4.5, y + 4.5, color=colour, alpha=alpha, lw=0)
        else:
            if key.sign == "band":
                self.paper.fill_between(ends[0], y - 5, y + 5, color=colour, alpha=BAND, lw=0)
            self.paper.plot(*ends, color=colour, lw=2)


def dots(axes, x, y, colour, *, size=2.2, alpha=None, clip=False, square=False):
    """Draw points as lines of no length with round caps, or square ones: a few characters each."""
    import numpy as np
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    points = np.repeat(np.column_stack([x, y]), 2, axis=0)
    path = Path(points, np.tile([Path.MOVETO, Path.LINETO], len(points) // 2))
    path.should_simplify = False
    axes.add_patch(
        PathPatch(
            path,
            fill=False,
            ec=colour,
            lw=size,
            capstyle="projecting" if square else "round",
            alpha=alpha,
            clip_on=clip,
        )
    )
