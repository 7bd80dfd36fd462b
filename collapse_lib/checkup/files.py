"""Files as tables: CSV, Parquet, JSON lines, text, .npy, a folder of images.

DuckDB reads tables in pieces and keeps a random sample of what is large, so that memory does not
grow with the file. What cannot be read is one sentence.
"""

import hashlib
import os
from pathlib import Path

import numpy as np
import pandas as pd
import regex

from collapse_lib.checkup.intake import Given
from collapse_lib.sources.optional import need
from collapse_lib.sources.reading import MARKS

__all__ = ["read"]

TABLES = {".csv", ".tsv", ".parquet", ".jsonl", ".ndjson", ".json"}
ENCODINGS = ("utf-8", "utf-16", "latin-1")
PICTURES = {".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp"}
PICTURE_SIDE = 16  # pixels to which pictures are brought, in grey
LONG = 1_000  # characters from which a line is cut at the ends of its sentences
SENTENCE = regex.compile(r"(?<=\p{Sentence_Terminal})\s*+")
MEMORY = "1GB"
LINE = 2**23  # bytes of the longest line of a CSV
OBJECT = 2**27  # and of the longest JSON object


def read(
    path,
    *,
    seed: int = 0,
    most_rows: int,
    delimiter: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
) -> Given:
    """A file, or a folder of pictures, as a table of at most `most_rows` rows.

    delimiter, decimal: of a CSV, where its look does not tell. encoding: "utf-8", "utf-16" or
    "latin-1"; None for UTF-8, or what a mark at the beginning says. Text files give one row a line.

    Raises FileNotFoundError, ModuleNotFoundError or ValueError with one sentence.
    """
    path = Path(path)
    if not path.exists():
        raise FileNotFoundError(f"There is no file {str(path)!r}; check the spelling.")
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise ValueError(f"encoding must be one of {', '.join(ENCODINGS)}; got {encoding!r}.")
    if path.is_dir():
        return _pictures(path, seed, most_rows)
    if path.stat().st_size == 0:
        raise ValueError(f"{path.name} is empty; give a file with something in it.")
    kind = path.suffixes[-2] if path.suffix == ".gz" and len(path.suffixes) > 1 else path.suffix
    kind = kind.lower()
    if kind == ".npy":
        table, n_rows, notes = _array(path, seed, most_rows)
    elif kind in TABLES:
        table, n_rows, notes = _table(path, kind, seed, most_rows, delimiter, encoding, decimal)
    elif kind in {".txt", ".text", ".md", ""}:
        table, n_rows, notes = _lines(path, seed, most_rows, encoding)
    else:
        known = ", ".join(sorted(TABLES | {".txt", ".npy"}))
        raise ValueError(
            f"{path.name} must be one of {known} or a folder of images; rename it, or read it "
            "yourself and give the DataFrame."
        )
    return Given(table, path.name, n_rows, str(path), _digest([path]), tuple(notes))


def _digest(paths) -> str:
    """SHA-256 of the bytes of files, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with open(path, "rb") as file:
            while piece := file.read(2**20):
                digest.update(piece)
    return digest.hexdigest()


def _encoding(path: Path, encoding: str | None) -> str:
    with path.open("rb") as file:
        beginning = file.read(4)
    found = [name for mark, name in MARKS.items() if beginning.startswith(mark)]
    if found and found[0] == "utf-32":
        raise ValueError(f"{path.name} is UTF-32; save it as UTF-8.")
    return found[0].removesuffix("-sig") if found else (encoding or "utf-8").lower()


def _table(path, kind, seed, most_rows, delimiter, encoding, decimal):
    duckdb = need("duckdb", "Reading a table from a file", "duckdb")
    notes, options = [], ""
    name = str(path).replace("'", "''")
    if kind == ".parquet":
        scan = f"read_parquet('{name}')"
    elif kind in {".jsonl", ".ndjson", ".json"}:
        scan = f"read_json('{name}', maximum_object_size={OBJECT})"
    else:
        encoding = _encoding(path, encoding) if path.suffix != ".gz" else (encoding or "utf-8")
        options += f", encoding='{encoding}'"
        if encoding != "utf-8":
            notes.append(f"read as {encoding.upper()}")
        if delimiter is not None or kind == ".tsv":
            options += ", delim='{}'".format((delimiter or "\t").replace("'", "''"))
        if decimal is not None:
            options += ", decimal_separator='{}'".format(decimal.replace("'", "''"))
        scan = f"read_csv('{name}', sample_size=100000, max_line_size={LINE}{options})"
    try:
        with duckdb.connect() as engine:
            engine.execute(f"SET memory_limit='{MEMORY}'")
            (n_rows,) = engine.execute(f"SELECT count(*) FROM {scan}").fetchone()
            sample = ""
            if n_rows > most_rows:
                engine.execute("SET threads=1")  # the same rows every time
                sample = f" USING SAMPLE reservoir({most_rows} ROWS) REPEATABLE ({seed % 2**31})"
            table = engine.execute(f"SELECT * FROM {scan}{sample}").df()
    except duckdb.Error as error:
        raise ValueError(_fault(path, error, encoding)) from None
    table.columns = [str(column) for column in table.columns]
    return table, n_rows, notes


def _fault(path: Path, error, encoding) -> str:
    told = " ".join(str(error).split("\n")[0].split())
    if any(word in str(error).lower() for word in ("not utf-8", "unicode", "not utf-16")):
        return (
            f"{path.name} is not {(encoding or 'utf-8').upper()} text; say which it is, such as "
            "encoding latin-1 or utf-16."
        )
    return f"{path.name} cannot be read as a table: {told.rstrip('.')}."


def _lines(path: Path, seed: int, most_rows: int, encoding):
    """One row a line, long ones cut into sentences: all, or a random sample of fixed size."""
    encoding = _encoding(path, encoding)
    rng, kept, n = np.random.default_rng([seed, 1]), [], 0
    try:
        with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding) as file:
            for line in file:
                for row in _cut(line.strip()):
                    n += 1
                    if len(kept) < most_rows:
                        kept.append(row)
                    elif (place := int(rng.integers(n))) < most_rows:
                        kept[place] = row
    except UnicodeError:
        raise ValueError(
            f"{path.name} is not {encoding.upper()} text; say which it is, such as encoding "
            "latin-1 or utf-16."
        ) from None
    if not kept:
        raise ValueError(f"{path.name} holds no text; give a file with something in it.")
    notes = [] if encoding == "utf-8" else [f"read as {encoding.upper()}"]
    return pd.DataFrame({"text": kept}), n, notes


def _cut(line: str) -> list[str]:
    if len(line) <= LONG:
        return [line] if line else []
    pieces, row = [], ""
    for sentence in SENTENCE.split(line):
        if row and len(row) + len(sentence) > LONG // 4:
            pieces.append(row)
            row = ""
        row = f"{row} {sentence}".strip()
    pieces.append(row)
    return [piece[k : k + LONG] for piece in pieces for k in range(0, len(piece), LONG)]


def _array(path: Path, seed: int, most_rows: int):
    try:
        rows = np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError):
        raise ValueError(
            f"{path.name} must be an array of numbers as numpy.save writes it; it is not."
        ) from None
    if rows.ndim == 0 or rows.dtype.kind not in "biufU":
        raise ValueError(
            f"{path.name} must hold rows of numbers or texts; it holds {rows.dtype} of shape "
            f"{rows.shape}."
        )
    n_rows = len(rows)
    if n_rows > most_rows:
        chosen = np.random.default_rng([seed, 2]).permutation(n_rows)[:most_rows]
        rows = rows[np.sort(chosen)]
    table = pd.DataFrame(np.array(rows).reshape(len(rows), -1))
    table.columns = [str(column) for column in table.columns]
    return table, n_rows, []


def _pictures(folder: Path, seed: int, most_rows: int) -> Given:
    image = need("PIL.Image", "Reading a folder of images", "pillow")
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES)
    if not paths:
        raise ValueError(f"{folder.name} holds no pictures ({', '.join(sorted(PICTURES))}).")
    n_rows = len(paths)
    if n_rows > most_rows:
        chosen = np.random.default_rng([seed, 3]).permutation(n_rows)[:most_rows]
        paths = [paths[k] for k in np.sort(chosen)]
    rows = np.empty((len(paths), PICTURE_SIDE**2), dtype=np.float32)
    for k, path in enumerate(paths):
        try:
            with image.open(path) as picture:
                small = picture.convert("L").resize((PICTURE_SIDE, PICTURE_SIDE))
                rows[k] = np.asarray(small, dtype=np.float32).ravel()
        except OSError:
            raise ValueError(f"{path.name} in {folder.name} is no picture; remove it.") from None
    notes = (f"pictures in grey, {PICTURE_SIDE} by {PICTURE_SIDE} pixels",)
    table = pd.DataFrame(rows, columns=[str(k) for k in range(rows.shape[1])])
    return Given(
        table, folder.name or os.fspath(folder), n_rows, str(folder), _digest(paths), notes
    )
