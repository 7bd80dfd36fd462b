"""Pairs of files: arrays in an .npz, and beside it a JSON about them, with their digest.

Nothing is pickled. Each file is written under another name and then moved into place, the JSON
last: a pair is there when its JSON is. Arrays are stored as they are, so that a file is as large as
they are: one that states more is refused before any of it is read.
"""

import hashlib
import io
import json
import math
import os
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from collapse_lib.arguments import check_count

__all__ = [
    "BROKEN",
    "Spans",
    "damaged",
    "digest_of",
    "read_arrays",
    "read_json",
    "read_pair",
    "spanned",
    "write_json",
    "write_pair",
]

HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
BROKEN = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, RuntimeError)


def write_pair(path: Path, arrays: Mapping[str, np.ndarray], about: Mapping) -> None:
    """Write path.npz and path.json; a kill at any moment leaves no half of a new pair.

    about: JSON values; its order is kept.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    np.savez(packed, **arrays)
    content = packed.getvalue()
    write_bytes(path.with_suffix(".npz"), content)
    digest = digest_of(content + _bytes(about))
    write_json(path.with_suffix(".json"), {"digest": digest, **about})


def read_pair(path: Path, remedy: str) -> tuple[dict[str, np.ndarray], dict]:
    """The arrays of path.npz, and what path.json says about them. Raises ValueError, with the
    remedy, where a file is missing or is not as it was written."""
    about = read_json(path.with_suffix(".json"), remedy)
    path = path.with_suffix(".npz")
    try:
        content = path.read_bytes()
        if about.pop("digest") != digest_of(content + _bytes(about)):
            raise ValueError("its digest differs")
        return read_arrays(content, most=len(content)), about
    except BROKEN as error:
        raise damaged(path, remedy) from error


def read_arrays(content: bytes, *, most: int) -> dict[str, np.ndarray]:
    """The arrays of an .npz file, of at most so many bytes together. Their headers are looked at
    before any is read, since a small file can hold zeros for all the memory that there is."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        n_bytes = sum(_stated_bytes(file, member) for member in file.infolist())
        check_count("The bytes of arrays in the file", n_bytes, most=most)
        arrays = {}
        for member in file.infolist():
            with file.open(member) as stream:
                array = np.lib.format.read_array(stream, allow_pickle=False)
            arrays[member.filename.removesuffix(".npy")] = array
    return arrays


def _stated_bytes(file: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    with file.open(member) as stream:
        shape, _, dtype = HEADERS[np.lib.format.read_magic(stream)](stream)
    return math.prod(shape) * max(dtype.itemsize, 1)


def write_json(path: Path, content: Mapping) -> None:
    write_bytes(path, _bytes(content))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file at once, under a name of its own until it is whole: two runs that write do not
    meet in it, and a link that waits there is not followed."""
    handle, part = tempfile.mkstemp(suffix=".part", prefix=f"{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(part, 0o666 & ~_umask())
        os.replace(part, path)
    except BaseException:
        os.unlink(part)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def read_json(path: Path, remedy: str) -> dict:
    """The mapping in a JSON file. Raises ValueError, with the remedy, where there is none."""
    try:
        return dict(json.loads(path.read_text()))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise damaged(path, remedy) from error


class Spans:
    """Arrays to write, of which those that are rows of one larger array are written once."""

    def __init__(self):
        self._found: dict[int, list] = {}  # id of a whole array -> [its name, it, rows needed]

    def add(self, array: np.ndarray | None) -> list | None:
        """Where the array will be found, [name, first row, number of rows]; None for None."""
        if array is None:
            return None
        whole = array
        while isinstance(whole.base, np.ndarray):
            whole = whole.base
        start = _first_row(array, whole)
        if start is None:
            whole, start = array, 0
        found = self._found.setdefault(id(whole), [f"rows-{len(self._found)}", whole, 0])
        found[2] = max(found[2], start + len(array) if whole.strides[0] else 1)
        return [found[0], start, len(array)]

    def arrays(self) -> dict[str, np.ndarray]:
        return {name: whole[:n_rows] for name, whole, n_rows in self._found.values()}


def spanned(arrays: Mapping[str, np.ndarray], span: list | None) -> np.ndarray | None:
    """The array of a span, as a read-only view; one row stands for as many as there were."""
    if span is None:
        return None
    name, start, n = span
    whole = arrays[name]
    array = whole[start : start + n]
    array = array if len(array) == n else np.broadcast_to(whole, (n, *whole.shape[1:]))
    array.flags.writeable = False
    return array


def _first_row(array: np.ndarray, whole: np.ndarray) -> int | None:
    """The row at which an array begins in another, or None where it is no run of its rows."""
    ours, theirs = ((a.dtype, a.shape[1:], a.strides) for a in (array, whole))
    if ours != theirs:
        return None
    step = whole.strides[0]
    return (array.ctypes.data - whole.ctypes.data) // step if step else 0


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _bytes(content: Mapping) -> bytes:
    return json.dumps(content).encode()


def damaged(path: Path, remedy: str) -> ValueError:
    """The error of a file that is not as it was written."""
    return ValueError(f"The file {path} is damaged or missing. {remedy}")
