"""Pictures as files: PNG and JPEG bytes from arrays and back. Needs Pillow."""

import io
import warnings

import numpy as np

from collapse_lib.arguments import as_array, check_count, check_type

__all__ = ["as_jpeg", "as_png", "media_type", "pixels", "reencoded"]

MOST_PIXELS = 64 * 10**6

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
    """The pixels of a PNG or JPEG file as uint8: (height, width) grey or (height, width, 3) colour.

    What is transparent is laid over white, 16 bits become 8, a palette, CMYK and black and white
    become colour or grey, and the picture is turned as its orientation says.
    Raises ValueError for a file that is damaged or has over 64 million pixels.
    """
    return _read(picture, "pixels")


def reencoded(picture: bytes, quality: int = 90) -> bytes:
    """What a website makes of a picture: its pixels, saved anew as JPEG. Everything else is lost,
    Content Credentials too."""
    array = _read(picture, "reencoded")
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


def _read(picture: bytes, whose: str) -> np.ndarray:
    from PIL import Image, ImageOps

    media_type(picture, whose)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about large pictures, which are refused below
            with Image.open(io.BytesIO(picture)) as image:
                n_pixels = image.width * image.height
                if n_pixels <= MOST_PIXELS:
                    return _grey_or_colour(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError:
        n_pixels = f"over {MOST_PIXELS}"
    except Exception as error:  # Pillow raises anything for a damaged file
        raise ValueError(
            f"{whose}: picture cannot be read: {str(error).rstrip('.') or type(error).__name__}. "
            "The file is damaged; save it again."
        ) from None
    raise ValueError(
        f"{whose}: picture must have at most {MOST_PIXELS} pixels; got {n_pixels}. Make it smaller."
    )


def _grey_or_colour(image) -> np.ndarray:
    from PIL import Image

    if image.mode.startswith("I"):  # 16 bits of grey
        wide = np.asarray(image).astype(float)
        if "transparency" in image.info:
            wide[wide == image.info["transparency"]] = 65535
        return np.round(np.clip(wide, 0, 65535) / 257).astype(np.uint8)
    is_grey = image.mode in ("1", "L", "LA", "La")
    if image.mode in ("LA", "La", "PA", "RGBA", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(paper, image)
        colour = np.asarray(image.convert("RGB"))
        return colour[..., 0] if is_grey else colour
    return np.asarray(image.convert("L" if is_grey else "RGB"))


def _written(array, whose: str, **how) -> bytes:
    from PIL import Image

    array = as_array(f"{whose}: array", array)
    grey_or_colour = array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)
    if array.dtype != np.uint8 or not grey_or_colour or not array.size:
        raise ValueError(
            f"{whose}: array must be uint8 of shape (height, width) or (height, width, 3); "
            f"got {array.dtype} of shape {array.shape}."
        )
    file = io.BytesIO()
    Image.fromarray(array).save(file, **how)
    return file.getvalue()
