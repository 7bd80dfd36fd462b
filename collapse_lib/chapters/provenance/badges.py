"""A picture, and badges that say what is known of its credentials after each thing done to it."""

import numpy as np

from collapse_lib.plotting import BookFigure, palette
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.provenance.authority import Authority
from collapse_lib.provenance.credentials import report, sign

__all__ = ["badges", "one_bit_changed", "reports"]

GREEN, PLUM, OLIVE = palette.CATEGORICAL[:3]
SIGNS = {  # how a verdict begins -> its sign and colour
    "Trusted": ("✓", GREEN),
    "Valid": ("?", OLIVE),
    "Invalid": ("\N{MULTIPLICATION SIGN}", PLUM),
}
OTHERWISE = ("\N{EN DASH}", palette.BAND)
SIDE, BADGE = 96, 20


def one_bit_changed(file):
    """The bytes of a PNG file with one bit of its pixels' data the other way."""
    changed = bytearray(file)
    changed[-60] ^= 1
    return bytes(changed)


def reports(picture, files, *, trust):
    """label -> verdict on each of `files`, read by somebody who trusts the authorities `trust`; and
    what comes of signing the picture with a certificate that has run out."""
    said = {label: report(file, trust=trust) for label, file in files.items()}
    try:
        sign(picture, Authority.make("Expired", days=-1))
        said["signed too late"] = "The picture was signed with a certificate that had run out."
    except ValueError as error:
        said["signed too late"] = str(error)
    return said


def badges(pixels, verdicts, *, name, title, caption=""):
    """Draw a grey picture (height, width) of uint8 with a badge for each verdict beside it.

    verdicts: label -> what `credentials.report` says; the badge is a tick where it begins with
    Trusted, a question mark for Valid, a cross for Invalid and else a dash. Returns a BookFigure.
    """
    pixels = np.asarray(pixels)
    left = SIDE + 18 + BADGE
    with drawing():
        texts = {
            label: canvas.wrapped(text, canvas.WIDTH - left) for label, text in verdicts.items()
        }
        tall = [canvas.LINE * (1 + len(lines)) + 12 for lines in texts.values()]
        page = Canvas(max(sum(tall), SIDE + canvas.LINE))
        axes = page.axes(0, 3, SIDE, SIDE)
        axes.axis("off")
        axes.imshow(1 - pixels / 255, cmap="gray", vmin=0.0, vmax=1.0, interpolation="none",
                    aspect="auto", clip_on=False)  # fmt: skip
        top = 0.0
        for (label, lines), height in zip(texts.items(), tall, strict=True):
            sign_, role = _badge(verdicts[label])
            x, y = left - BADGE / 2 - 5, top + canvas.LINE
            page.paper.plot([x], [y], marker="o", ms=BADGE - 3, color=role.drawn, alpha=0.35, mew=0)
            page.write(x, y, sign_, align="center", bold=True)
            page.write(left + 2, top + canvas.LINE / 2, label, bold=True)
            for number, line in enumerate(lines):
                page.write(left + 2, top + (number + 1.5) * canvas.LINE, line)
            top += height
    table = {
        "picture": np.array(list(verdicts)),
        "badge": np.array([_badge(text)[0] for text in verdicts.values()]),
        "verdict": np.array(list(verdicts.values())),
    }
    alt = " ".join(f"{label.capitalize()}: {text}" for label, text in verdicts.items())
    return BookFigure(name, title, caption, alt, table, page.figure)


def _badge(verdict):
    return SIGNS.get(verdict.partition(":")[0], OTHERWISE)
