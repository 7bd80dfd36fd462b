"""The text of a file: packed or not, in a named encoding, within a stated size."""

import bz2
import codecs
import gzip
import io
import lzma
import zipfile
import zlib
from pathlib import Path

from collapse_lib.arguments import got

__all__ = ["MOST_BYTES", "checked_path", "read_text"]


MOST_BYTES = 2**30  # of a file once unpacked: a small packed file can hold any number of them

# How a packed file begins -> what unpacks it.
PACKED = {
    b"\x1f\x8b": gzip.GzipFile,
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"PK\x03\x04": zipfile.ZipFile,
}
DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError)
# A mark at the beginning of a file -> its encoding. The mark of UTF-32 begins with that of UTF-16.
MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def checked_path(path, whose: str) -> Path:
    if not isinstance(path, (str, Path)):
        raise TypeError(f"{whose}.path must be a text or a Path; got {type(path).__name__}.")
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(
            f"{whose}.path must name a file; there is none at {str(path)!r}. Check the spelling "
            "and the folder that Python runs in."
        )
    return path


def read_text(path: Path, whose: str, encoding: str | None = None) -> str:
    """The text of a file, unpacked (gzip, bzip2, xz, or a zip of one file), with "\\n" between its
    lines. encoding: its name; None for UTF-8, or what a mark at the beginning says."""
    _check_encoding(encoding, whose)
    data = _unpacked(path)
    if encoding is None:
        marked = [name for mark, name in MARKS.items() if data.startswith(mark)]
        encoding = marked[0] if marked else "utf-8"
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        shown = "UTF-8" if encoding.startswith("utf-8") else encoding
        raise ValueError(
            f"{path.name} must be {shown} text; line {line} holds the byte "
            f"{data[error.start]:#04x}, which is not. {_encoding_remedy(data)}"
        ) from None
    if "\0" in text:
        raise ValueError(
            f"{path.name} must be text without NUL characters; line "
            f"{text.count(chr(10), 0, text.index(chr(0))) + 1} holds one. {_nul_remedy(data)}"
        )
    if not text.strip():
        raise ValueError(f"{path.name} is empty; give a file with something in it.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_encoding(encoding, whose: str) -> None:
    if encoding is None:
        return
    try:
        "".encode(encoding)
    except (LookupError, TypeError, ValueError):
        raise ValueError(
            f"{whose}.encoding must be the name of an encoding of text, such as 'cp1252' or "
            f"'utf-16'; {got(encoding)}."
        ) from None


def _unpacked(path: Path) -> bytes:
    with path.open("rb") as file:
        beginning = file.read(6)
        file.seek(0)
        opener = next((PACKED[mark] for mark in PACKED if beginning.startswith(mark)), None)
        if opener is None:
            return _bounded(file, path)
        try:
            if opener is gzip.GzipFile:
                return _bounded(gzip.GzipFile(fileobj=file), path)
            if opener is zipfile.ZipFile:
                return _only_member(file, path)
            return _bounded(opener(file), path)
        except DAMAGED as error:
            raise ValueError(
                f"{path.name} begins like a packed file and cannot be unpacked: {error}. Pack it "
                "again, or give the file unpacked."
            ) from None


def _only_member(file, path: Path) -> bytes:
    with zipfile.ZipFile(file) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) != 1:
            raise ValueError(
                f"{path.name} must hold one file; this archive holds {len(members)}. Unpack it "
                "and give one of them."
            )
        with archive.open(members[0]) as inside:
            return _bounded(inside, path)


def _bounded(file: io.IOBase, path: Path) -> bytes:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ValueError(
            f"{path.name} must hold at most {MOST_BYTES} bytes; it holds more. Cut it, or read "
            "parts of it with pandas and give them to from_array."
        )
    return data


def _encoding_remedy(data: bytes) -> str:
    if data[1::2].count(0) * 4 > len(data) or data[::2].count(0) * 4 > len(data):
        return _nul_remedy(data)
    return "Save the file as UTF-8, or name its encoding, such as encoding='cp1252'."


def _nul_remedy(data: bytes) -> str:
    """Letters of most alphabets leave every second byte of UTF-16 zero, or nearly so."""
    late, early = data[1::2].count(0), data[::2].count(0)
    if max(late, early) * 8 > len(data) and max(late, early) > 2 * min(late, early):
        name = "utf-16-le" if late >= early else "utf-16-be"
        return f"UTF-16 without a mark looks like this: set encoding='{name}'."
    return "Remove them, or give a file of text."
