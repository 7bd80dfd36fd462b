"""Pictures as files: PNG and JPEG bytes from arrays and back. Needs Pillow."""

import io

import numpy as np

from collapse_lib.arguments import check_count, check_type

__all__ = ["as_jpeg", "as_png", "media_type", "pixels", "reencoded"]

# How a file begins -> its media type.
BEGINNINGS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def as_png(array) -> bytes:
    """A uint8 array, (height, width) grey or (height, width, 3) colour, as a PNG file."""
    return _written(array, "as_png", format="PNG")


def as_jpeg(array, quality: int = 90) -> bytes:
    """The same as a JPEG file; quality from 1 to 95."""
    return _written(
        array,
        "as_jpeg",
        format="JPEG",
        quality=check_count("as_jpeg.quality", quality, least=1, most=95),
    )


def pixels(picture: bytes) -> np.ndarray:
    """The pixels of a PNG or JPEG file as a uint8 array."""
    from PIL import Image

    media_type(picture, "pixels")
    with Image.open(io.BytesIO(picture)) as image:
        return np.asarray(image)


def reencoded(picture: bytes, quality: int = 90) -> bytes:
    """What a website makes of a picture: its pixels, saved anew as JPEG. Everything else is lost,
    Content Credentials too."""
    array = pixels(picture)
    return _written(
        array,
        "reencoded",
        format="JPEG",
        quality=check_count("reencoded.quality", quality, least=1, most=95),
    )


def media_type(picture: bytes, whose: str) -> str:
    """image/png or image/jpeg, as the first bytes of the file tell. Raises ValueError for any
    other file."""
    check_type(f"{whose}.picture", picture, bytes, "as_png(array) makes them.")
    for beginning, kind in BEGINNINGS.items():
        if picture.startswith(beginning):
            return kind
    raise ValueError(
        f"{whose}: picture must be a PNG or a JPEG file; got {len(picture)} bytes that begin with "
        f"{picture[:4]!r}."
    )


def _written(array, whose: str, **how) -> bytes:
    from PIL import Image

    array = np.asarray(array)
    grey_or_colour = array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)
    if array.dtype != np.uint8 or not grey_or_colour or not array.size:
        raise ValueError(
            f"{whose}: array must be uint8 of shape (height, width) or (height, width, 3); "
            f"got {array.dtype} of shape {array.shape}."
        )
    file = io.BytesIO()
    Image.fromarray(array).save(file, **how)
    return file.getvalue()
