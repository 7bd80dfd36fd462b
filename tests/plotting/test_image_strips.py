"""Rows of images: ink of the page."""

from figures import WORDS, digits

from collapse_lib.plotting import (
    Strip,
    image_strip,
)


def test_images_are_ink_of_the_page():
    figure = digits()
    svg = figure.svg()
    assert svg.count("<image ") == 5
    assert (
        '<rect width="100%" height="100%" fill="currentColor" mask="url(#figure-digits-ink)"' in svg
    )
    rects = 5 * 10 * 64 * len('<rect x="100.1" y="100.1" width="3" height="3" opacity=".50"/>')
    assert len(svg) < rects / 10  # why images, not rects


def test_pixels_outside_are_said():
    strip = Strip("real", [[[0.0, 2.0], [-1.0, 1.0]]])
    figure = image_strip([strip], name="pixels", **WORDS)
    assert figure.caption == (
        "Medians of 200 replicates. 2 of 4 pixels outside 0 to 1 are drawn at the nearer end."
    )
