"""Your own data: an array, a CSV file, or a text."""

import csv
import io
from pathlib import Path

import numpy as np

from collapse_lib.sources.base import Finite
from collapse_lib.sources.optional import need
from collapse_lib.sources.words import Words

__all__ = ["from_array", "from_csv", "from_text"]

MOST_LISTED = 12


def from_array(rows, name: str = "your array") -> Finite:
    """Rows that you hold already: ints or floats, first axis = rows. They are copied."""
    return Finite(rows, name)


def from_text(path: str | Path) -> Words:
    """The words of a UTF-8 text file."""
    path = _path(path, "from_text")
    return Words.from_text(_read(path, "from_text"), path.name)


def from_csv(path, columns: str | tuple[str, ...] | None = None, separator: str = ",") -> Finite:
    """Columns of numbers from a UTF-8 CSV file with a header line.

    columns: a tuple of k names gives rows (n, k), a single name rows (n,), None all columns.
        Rows are ints where all these columns are, else floats.
    separator: what stands between two values.

    Raises ValueError with one sentence for a file that is empty, has no header or lines of unequal
    length, and for columns that are not there, hold text, or lack values.
    """
    path = _path(path, "from_csv")
    text = _read(path, "from_csv")
    header = _checked_header(text, path.name, separator)
    chosen = _chosen(columns, header, path.name)
    pandas = need("pandas", "from_csv")
    frame = pandas.read_csv(
        io.StringIO(text),
        sep=separator,
        names=header,
        header=0,
        usecols=chosen,
        index_col=False,
        low_memory=False,  # one dtype a column
    )
    for column in chosen:
        _check_numbers(pandas, frame[column], path.name, number_columns=_numeric(pandas, frame))
    rows = np.column_stack([frame[column].to_numpy() for column in chosen])  # (n, k)
    return Finite(rows[:, 0] if isinstance(columns, str) else rows, path.name)


def _path(path, whose: str) -> Path:
    if not isinstance(path, (str, Path)):
        raise TypeError(f"{whose}.path must be a text or a Path; got {type(path).__name__}.")
    return Path(path)


def _read(path: Path, whose: str) -> str:
    if not path.is_file():
        raise FileNotFoundError(
            f"{whose}.path must name a file; there is none at {str(path)!r}. Check the spelling "
            "and the folder that Python runs in."
        )
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(
            f"{path.name} must be UTF-8 text; line {line} holds the byte {data[error.start]:#04x}, "
            "which is not. Save the file as UTF-8."
        ) from None
    if not text.strip():
        raise ValueError(f"{path.name} is empty; give a file with something in it.")
    return text


def _checked_header(text: str, name: str, separator: str) -> list[str]:
    """The names of the columns, of a file whose lines all have that many values."""
    if not isinstance(separator, str) or len(separator) != 1:
        raise ValueError(f"from_csv.separator must be one character; got {separator!r}.")
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    header, n_rows = [], 0
    try:
        for values in lines:
            if not values or (len(values) == 1 and not values[0].strip()):
                continue  # a blank line
            if not header:
                header = [value.strip() for value in values]
            elif len(values) != len(header):
                raise ValueError(
                    f"{name} must have the same number of values in every line; the header has "
                    f"{len(header)} and line {lines.line_num} has {len(values)}. Mend that line, "
                    "or set separator."
                )
            else:
                n_rows += 1
    except csv.Error as error:
        raise ValueError(
            f"{name} cannot be read as CSV; line {lines.line_num}: {error}. Mend that line."
        ) from None
    if all(_is_number(value) for value in header):
        raise ValueError(
            f"{name} must start with a line of column names; its first line holds only numbers. "
            "Add such a line."
        )
    repeated = [column for column in header if header.count(column) > 1]
    if repeated:
        raise ValueError(f"{name} has two columns called {repeated[0]!r}; rename one of them.")
    if not n_rows:
        raise ValueError(f"{name} has a header and no rows; give at least one row of numbers.")
    return header


def _chosen(columns, header: list[str], name: str) -> list[str]:
    if columns is None:
        columns = header
        if "" in header:
            raise ValueError(
                f"{name} has a column without a name, often a row number; name it, or choose "
                f"columns with columns=(...) from {_listed(c for c in header if c)}."
            )
    columns = [columns] if isinstance(columns, str) else list(columns)
    unknown = [column for column in columns if column not in header]
    if unknown or not columns:
        got = repr(unknown[0]) if unknown else "none"
        raise ValueError(
            f"from_csv.columns must be columns of {name}, which has {_listed(header)}; got {got}."
        )
    return columns


def _check_numbers(pandas, column, name: str, number_columns: list[str]) -> None:
    missing = column.isna()
    if not pandas.api.types.is_numeric_dtype(column):
        text = pandas.to_numeric(column, errors="coerce").isna() & ~missing
        if text.any():
            row = int(np.argmax(text))
            there = _listed(number_columns) if number_columns else "none"
            raise ValueError(
                f"{name} must hold numbers in column {column.name!r}; row {row + 1} after the "
                f"header is {column.iloc[row]!r}. Columns of numbers are: {there}."
            )
    unusable = missing | column.isin([np.inf, -np.inf])
    if unusable.any():
        raise ValueError(
            f"{name} must have a finite value in every row of column {column.name!r}; "
            f"{unusable.sum()} of {len(column)} are missing or infinite, the first in row "
            f"{int(np.argmax(unusable)) + 1} after the header. Drop or fill these rows."
        )


def _numeric(pandas, frame) -> list[str]:
    return [c for c in frame.columns if pandas.api.types.is_numeric_dtype(frame[c])]


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _listed(names) -> str:
    names = list(map(repr, names))
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more
