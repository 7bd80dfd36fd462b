"""Your own data: an array, a CSV file, JSON lines, or a text."""

import io
import json
from pathlib import Path

import numpy as np

from collapse_lib.arguments import (
    FLAG,
    check_several,
    check_type,
    got,
    shortened,
)
from collapse_lib.sources.arrays import plain_array
from collapse_lib.sources.base import Finite
from collapse_lib.sources.categories import FiniteCategories
from collapse_lib.sources.columns import EXACT
from collapse_lib.sources.layout import MOST_COLUMNS, Layout, listed
from collapse_lib.sources.optional import need
from collapse_lib.sources.reading import checked_path, read_text
from collapse_lib.sources.table import categories_of, rows_of
from collapse_lib.sources.words import Words

__all__ = ["from_array", "from_csv", "from_json_lines", "from_text"]


def from_array(rows, name: str = "your array") -> Finite:
    """Rows that you hold already: ints or floats, first axis = rows. They are copied.

    rows: an array, a list, a pandas.DataFrame or Series (of nullable types too), a sparse matrix of
        SciPy, or a tensor of PyTorch. Whole numbers are kept exactly or refused.
    """
    named = getattr(rows, "columns", [getattr(rows, "name", None)])
    columns = () if None in list(named) else tuple(map(str, named))
    return Finite(plain_array(rows, name), name, columns=columns)


def from_text(path: str | Path, encoding: str | None = None) -> Words:
    """The words of a text file, packed (gzip, bzip2, xz, zip) or not.

    encoding: its name; None for UTF-8, or what a mark at the beginning of the file says.
    """
    path = checked_path(path, "from_text")
    return Words.from_text(read_text(path, "from_text", encoding), path.name)


def from_csv(
    path,
    columns: str | tuple[str, ...] | None = None,
    separator: str | None = None,
    *,
    header: bool | str | None = None,
    decimal: str = ".",
    thousands: str | None = None,
    encoding: str | None = None,
    dropna: bool = False,
    as_categories: bool = False,
) -> Finite | FiniteCategories:
    """Columns of numbers from a CSV file, packed (gzip, bzip2, xz, zip) or not; or one column as
    categories.

    columns: a tuple of k names gives rows (n, k), a single name rows (n,), None all columns.
        Rows are ints where all these columns are, else floats; whole numbers are kept exactly.
    separator: what stands between two values; None for a comma or, where the first line has none,
        for the one of ; tab | and space that splits the first lines alike.
    header: True: the first line names the columns; False: it is a row; "skip": it is neither. The
        last two call the columns "0", "1", ... None: names, refused where they look like a row.
    decimal, thousands: how numbers are written, such as "," and "." for 1.234,5.
    encoding: its name; None for UTF-8, or what a mark at the beginning of the file says.
    dropna: leave out the rows that lack a value in one of these columns.
    as_categories: the texts of one column as ints with `names`, the commonest first, for models of
        categories: rows (n,).

    Raises ValueError with one sentence for a file that is empty, has no header, lines of unequal
    length or over 50,000 columns, and for columns that are not there, hold text, or lack values.
    """
    path = checked_path(path, "from_csv")
    _check_flags("from_csv", dropna, as_categories)
    _check_spelling(decimal, thousands)
    text = read_text(path, "from_csv", encoding)
    layout = Layout.of(text, path.name, separator, header)
    chosen = _chosen(columns, layout.columns, path.name, "from_csv")
    table = _Csv(text, layout, path.name, plain=decimal == "." and thousands is None)
    if as_categories:
        column = _only(chosen, "from_csv")
        values = table.texts([column])[column]
        if header is None and column in values:
            raise ValueError(
                f"{path.name} must start with a line of column names; its first line holds "
                f"{column!r}, which is a value of that column too. If it is a row, set "
                "header=False; if it names the columns, header=True."
            )
        return categories_of(values, column, path.name, dropna)
    rows = table.quick(chosen)
    if rows is None:
        rows = rows_of(table.values(chosen), path.name, dropna, decimal, thousands)
    rows = rows[:, 0] if isinstance(columns, str) else rows
    return Finite(rows, path.name, columns=tuple(chosen))


def from_json_lines(
    path,
    columns: str | tuple[str, ...] | None = None,
    *,
    encoding: str | None = None,
    dropna: bool = False,
    as_categories: bool = False,
) -> Finite | FiniteCategories:
    """Columns of numbers from a file of JSON lines, one object a line; or one column as categories.

    The other arguments, the rows and the packed files are those of `from_csv`. A name that a line
    does not have, null and NaN are missing values. Names must stand at the top of each object.

    Raises ValueError with one sentence for a line that is no JSON object, and as `from_csv`.
    """
    path = checked_path(path, "from_json_lines")
    _check_flags("from_json_lines", dropna, as_categories)
    records = _json_records(read_text(path, "from_json_lines", encoding), path.name)
    names = list(dict.fromkeys(name for record in records for name in record))
    if len(names) > MOST_COLUMNS:
        raise ValueError(
            f"{path.name} must have at most {MOST_COLUMNS} columns; it has {len(names)}."
        )
    chosen = _chosen(columns, names, path.name, "from_json_lines")
    lists = {c: [_no_nan(record.get(c)) for record in records] for c in chosen}
    if as_categories:
        column = _only(chosen, "from_json_lines")
        values = [v if v is None or isinstance(v, str) else json.dumps(v) for v in lists[column]]
        return categories_of(values, column, path.name, dropna)
    rows = rows_of(lists, path.name, dropna)
    rows = rows[:, 0] if isinstance(columns, str) else rows
    return Finite(rows, path.name, columns=tuple(chosen))


class _Csv:
    """The values of a CSV text, parsed by pandas: columns of numbers at once, others as text."""

    def __init__(self, text: str, layout: Layout, name: str, plain: bool):
        self.pandas = need("pandas", "from_csv")
        self.text, self.layout, self.name, self.plain = text, layout, name, plain
        self.frame = None

    def _read(self, chosen, **how):
        layout = self.layout
        try:
            return self.pandas.read_csv(
                io.StringIO(self.text),
                sep=layout.separator,
                names=layout.columns,
                header=0 if layout.n_lines_before else None,
                usecols=None if chosen == layout.columns else chosen,
                index_col=False,
                low_memory=False,  # one dtype a column
                **how,
            )
        except self.pandas.errors.ParserError as error:
            raise ValueError(
                f"{self.name} cannot be read as CSV: {str(error).rstrip('.')}. Mend it."
            ) from None

    def quick(self, chosen) -> np.ndarray | None:
        """Rows (n, k) where pandas finds nothing but numbers, none missing and none rounded."""
        if not self.plain:
            return None
        self.frame = self._read(chosen)
        dtypes = set(self.frame.dtypes)
        kinds = {dtype.kind for dtype in dtypes if isinstance(dtype, np.dtype)}
        if not kinds <= set("bif") or not all(isinstance(dtype, np.dtype) for dtype in dtypes):
            return None
        frame = self.frame if chosen == self.layout.columns else self.frame[chosen]
        if "f" not in kinds:
            return frame.to_numpy(np.int64)
        rows = frame.to_numpy(float)
        return rows if (np.abs(rows) < EXACT).all() else None

    def texts(self, columns: list[str]) -> dict[str, list]:
        """The values of columns as they stand, None for a missing one."""
        return _lists(self._read(columns, dtype=str)[columns])

    def values(self, chosen: list[str]) -> dict[str, list]:
        """Numbers, or texts where pandas finds others or may have rounded; None for missing."""
        if self.frame is None:
            return self.texts(chosen)
        kinds = dict(zip(self.frame.columns, self.frame.dtypes, strict=True))
        plain = [c for c in chosen if isinstance(kinds[c], np.dtype) and kinds[c].kind in "bif"]
        numbers = _lists(self.frame[plain])
        large = {c for c in plain if kinds[c].kind == "f" and _may_be_rounded(numbers[c])}
        again = [c for c in chosen if c in large or c not in numbers]
        texts = self.texts(again) if again else {}
        return {column: texts.get(column, numbers.get(column)) for column in chosen}


def _lists(frame) -> dict[str, list]:
    if not frame.shape[1]:
        return {}
    rows = np.array(frame.astype(object))  # (n, k)
    rows[frame.isna().to_numpy()] = None
    return dict(zip(frame.columns, rows.T.tolist(), strict=True))


def _may_be_rounded(values: list) -> bool:
    return any(value is None or abs(value) >= EXACT for value in values)


def _only(chosen: list[str], whose: str) -> str:
    if len(chosen) != 1:
        raise ValueError(
            f"{whose}.as_categories needs one column; got {len(chosen)}. Set columns to its name."
        )
    return chosen[0]


def _check_spelling(decimal, thousands) -> None:
    for whose, value in (("decimal", decimal), ("thousands", thousands)):
        if value is None and whose == "thousands":
            continue
        if not isinstance(value, str) or len(value) != 1 or value.isalnum() or value in "+-":
            raise ValueError(f"from_csv.{whose} must be one sign, such as ','; {got(value)}.")
    if decimal == thousands:
        raise ValueError(f"from_csv.decimal and thousands must differ; {got(decimal)} for both.")


def _check_flags(whose: str, dropna, as_categories) -> None:
    check_type(f"{whose}.dropna", dropna, FLAG)
    check_type(f"{whose}.as_categories", as_categories, FLAG)


def _chosen(columns, header: list[str], name: str, whose: str) -> list[str]:
    if columns is None:
        columns = header
        if "" in header:
            raise ValueError(
                f"{name} has a column without a name, often a row number; name it, or choose "
                f"columns with columns=(...) from {listed(c for c in header if c)}."
            )
    columns = [columns] if isinstance(columns, str) else columns
    columns = list(check_several(f"{whose}.columns", columns, str))
    there = set(header)
    unknown = [column for column in columns if column not in there]
    if unknown or not columns:
        got = repr(unknown[0]) if unknown else "none"
        raise ValueError(
            f"{whose}.columns must be columns of {name}, which has {listed(header)}; got {got}."
        )
    return columns


def _json_records(text: str, name: str) -> list[dict]:
    records = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            fault = "it is nested too deep" if isinstance(error, RecursionError) else str(error)
            raise ValueError(
                f"{name} must hold one JSON object a line; line {number}: {fault}. Mend that line."
            ) from None
        if not isinstance(record, dict):
            raise ValueError(
                f'{name} must hold one JSON object a line, such as {{"a": 1}}; line {number} '
                f"holds {shortened(record)}."
            )
        records.append(record)
    return records


def _no_nan(value):
    return None if isinstance(value, float) and value != value else value
