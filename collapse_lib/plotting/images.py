"""Rows of small grey images over the generations."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib.arguments import check_count, check_number, check_numbers, check_same_shape
from collapse_lib.plotting.curves import distinct
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.plotting.fields import named, put
from collapse_lib.plotting.figure import BookFigure

MOST = 20
WIDEST_LABEL = 110


@dataclass(frozen=True, eq=False)
class Strip:
    """A row of grey images: label; images (n, height, width)."""

    label: str
    images: Any

    def __post_init__(self):
        owner = f"Strip {self.label!r}"
        images = check_numbers(f"{owner}: images", self.images, axes=3, infinite=True)
        put(self, label=named(owner, self.label), images=images)


def image_strip(strips, *, name, title, caption, alt, full_ink=1.0):
    """Draw Strips below one another: 0 is blank paper, `full_ink` is the colour of the text.

    strips: Strip with equally many images of one size, at most 20 a strip; full_ink: a positive
    number. On dark paper the ink is light. Values outside are drawn at the nearer end and counted
    in the caption. Returns a BookFigure. Raises ValueError for other shapes.
    """
    strips = tuple(strips)
    distinct("image_strip.strips", [strip.label for strip in strips])
    check_same_shape("image_strip", **{strip.label: strip.images for strip in strips})
    n_images, height, width = strips[0].images.shape
    check_count("image_strip.strips: number of images", n_images, most=MOST)
    check_number("image_strip.full_ink", full_ink, above=0)
    with drawing():
        shown = [canvas.fitted(strip.label, WIDEST_LABEL) for strip in strips]
        left = max(map(canvas.text_width, shown)) + 10
        # one blank column between two images
        pixel = (canvas.WIDTH - left) / (n_images * (width + 1) - 1)
        pixel = min(pixel, 48 / max(height, width))
        step = max(pixel * (height + 1), canvas.LINE)
        page = Canvas(step * len(strips))
        for number, (strip, label) in enumerate(zip(strips, shown, strict=True)):
            page.write(0, (number + 0.5) * step, label)
            ink = _side_by_side(np.clip(strip.images / full_ink, 0.0, 1.0))
            top = (number + 0.5) * step - pixel * height / 2
            axes = page.axes(left, top, pixel * ink.shape[1], pixel * height)
            axes.axis("off")
            axes.imshow(
                ink,
                cmap="gray",
                vmin=0.0,
                vmax=1.0,
                interpolation="none",
                aspect="auto",
                clip_on=False,
            )
    images = np.concatenate([strip.images for strip in strips])
    outside = int(((images < 0) | (images > full_ink)).sum())
    if outside:
        caption = (
            f"{caption} {outside:,} of {images.size:,} pixels outside 0 to {full_ink:g} are drawn "
            "at the nearer end."
        ).strip()
    return BookFigure(name, title, caption, alt, _columns(strips), page.figure)


def _side_by_side(images):
    """One (height, n (width + 1) - 1) picture of (n, height, width) images."""
    blank = np.zeros((len(images), images.shape[1], 1))
    return (
        np.concatenate([images, blank], axis=2)
        .transpose(1, 0, 2)
        .reshape(images.shape[1], -1)[:, :-1]
    )


def _columns(strips):
    """One column for each image, its pixels row by row from the top left."""
    return {
        f"{strip.label}, image {number}": image.ravel()
        for strip in strips
        for number, image in enumerate(strip.images, start=1)
    }
