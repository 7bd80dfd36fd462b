"""Pictures of every mode: the right pixels, or one sentence."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from collapse_lib.provenance.pictures import as_png, pixels, reencoded

INPUTS = Path(__file__).parents[1] / "inputs"


def saved(image, kind="PNG", **how):
    file = io.BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("palette.png", [255, 0, 0], [0, 0, 255]),
        ("rgba.png", [255, 0, 0], [0, 0, 255]),
        ("cmyk.jpg", [255, 0, 0], [0, 0, 255]),
        ("la.png", 76, 29),
        ("bilevel.png", 0, 0),
        ("grey16.png", 0, 233),
    ],
)
def test_every_mode_is_read_rightly(name, first, last):
    picture = (INPUTS / name).read_bytes()
    found = pixels(picture)
    assert found.dtype == np.uint8 and found.shape[:2] == (20, 30)
    assert np.abs(found[0, 0].astype(int) - first).max() <= 2
    assert np.abs(found[-1, -1].astype(int) - last).max() <= 2
    assert abs(pixels(reencoded(picture)).mean() - found.mean()) < 2


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_is_laid_over_white(mode):
    clear = Image.new(mode, (4, 4), (0,) * len(mode))
    assert (pixels(saved(clear)) == 255).all()
    half = Image.new(mode, (4, 4), (0,) * (len(mode) - 1) + (128,))
    assert np.abs(pixels(saved(half)).astype(int) - 127).max() <= 1


def test_a_transparent_colour_of_a_palette_and_of_plain_grey():
    image = Image.new("P", (2, 1))
    image.putpalette([9, 9, 9, 200, 0, 0])
    image.putpixel((1, 0), 1)
    assert pixels(saved(image, transparency=0)).tolist() == [[[255] * 3, [200, 0, 0]]]
    grey = Image.fromarray(np.array([[7, 8]], np.uint8))
    assert pixels(saved(grey, transparency=7)).tolist() == [[255, 8]]


def test_sixteen_bits_are_scaled():
    wide = Image.fromarray(np.array([[0, 257, 32896, 65535]], np.uint16))
    assert pixels(saved(wide)).tolist() == [[0, 1, 128, 255]]


@pytest.mark.parametrize(("orientation", "turned"), [(1, [[1, 2]]), (3, [[2, 1]]), (6, [[1], [2]])])
def test_orientation_is_honoured(orientation, turned):
    image = Image.fromarray(np.array([[1, 2]], np.uint8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert pixels(saved(image, exif=exif)).tolist() == turned


def test_a_damaged_picture_is_one_sentence():
    whole = as_png(np.random.default_rng(0).integers(0, 256, (40, 40), np.uint8))
    for damaged in (whole[:60], whole[:20], whole[:8], whole[:30] + b"x" * 300):
        for read in (pixels, reencoded):
            with pytest.raises(ValueError) as error:
                read(damaged)
            message = str(error.value)
            assert message.startswith(f"{read.__name__}: picture cannot be read: ")
            assert message.endswith(" The file is damaged; save it again.")


def test_too_many_pixels_are_refused():
    with pytest.raises(ValueError) as error:
        pixels(saved(Image.new("1", (10_000, 7_000))))
    assert str(error.value) == (
        "pixels: picture must have at most 64000000 pixels; got 70000000. Make it smaller."
    )
