"""How a CSV file is laid out: its separator, its lines, its header; each fault is one sentence."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from collapse_lib.arguments import got

__all__ = ["MOST_COLUMNS", "Layout", "is_number", "listed"]

MOST_COLUMNS = 50_000  # pandas takes time in proportion to the square of more
MOST_LISTED = 12
SEPARATORS = (",", ";", "\t", "|", " ")
QUOTED = r'"[^"]*+(?:""[^"]*+)*+"'
NEWLINE_INSIDE = "\0"  # texts hold none: they are refused when read
NUMBER = re.compile(r"[+-]?(\d[\d.,' \u00a0\u202f]*|\.\d+)([eE][+-]?\d+)?")


@dataclass
class Layout:
    """What the lines of a text say before any value is parsed.

    separator: what stands between two values. columns: the names. n_lines_before: records before
    the first row, not counting blank lines.
    """

    separator: str
    columns: list[str]
    n_lines_before: int

    @classmethod
    def of(cls, text: str, name: str, separator: str | None, header) -> "Layout":
        if separator is not None and (
            not isinstance(separator, str) or len(separator) != 1 or separator in '"\n\r\0'
        ):
            raise ValueError(
                f"from_csv.separator must be one character, or None for the one that all lines "
                f"share; {got(separator)}."
            )
        is_skip = isinstance(header, str) and header == "skip"
        if not (header is None or isinstance(header, bool) or is_skip):
            raise ValueError(
                "from_csv.header must be True (the first line names the columns), False (it is a "
                f"row), 'skip' (it is neither) or None (names, unless it looks like a row); got "
                f"{header!r}."
            )
        if text.lstrip().startswith("{"):
            raise ValueError(
                f"{name} holds JSON, one object a line, and no CSV; read it with "
                "collapse_lib.sources.from_json_lines."
            )
        separator = _separator(text) if separator is None else separator
        bare = _without_quoted(text, separator)
        lines = [k for k, line in enumerate(bare) if line.strip(" \t\0")]  # blank ones go
        counts = [bare[k].count(separator) + 1 for k in lines]
        _check_quotes(bare, separator, name)
        n_columns = counts[1] if header == "skip" and len(counts) > 1 else counts[0]
        _check_even(counts, lines, bare, n_columns, name, header)
        if n_columns > MOST_COLUMNS:
            raise ValueError(
                f"{name} must have at most {MOST_COLUMNS} columns; it has {n_columns}. Turn the "
                "table, or read it with pandas and give parts of it to from_array."
            )
        first, second = _records(text, separator, 2)
        if header is None:
            _check_names(first, second, name)
        if header in (None, True):
            columns, n_before = [value.strip() for value in first], 1
            repeated = [column for column, n in Counter(columns).items() if n > 1]
            if repeated:
                raise ValueError(
                    f"{name} has two columns called {repeated[0]!r}; rename one of them."
                )
        else:
            columns, n_before = [str(k) for k in range(n_columns)], int(header == "skip")
        if len(lines) <= n_before:
            raise ValueError(f"{name} has a header and no rows; give at least one row of numbers.")
        return cls(separator, columns, n_before)


def listed(names) -> str:
    names = list(names)
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(map(repr, names[:MOST_LISTED])) + more


def is_number(value: str) -> bool:
    return NUMBER.fullmatch(value.strip()) is not None


def _separator(text: str) -> str:
    """A comma where the first line has one; else what splits all of the first lines alike."""
    head = [line for line in text[:100_000].split("\n") if line.strip()][:20]
    for separator in SEPARATORS:
        counts = {line.count(separator) for line in _without_quoted("\n".join(head), separator)}
        if separator == "," and 0 not in {head[0].count(",")}:
            return separator
        numbers = len(head) > 1 and all(map(is_number, head[1].split(separator)))
        if counts != {0} and len(counts) == 1 and (separator != " " or numbers):
            return separator
    return ","


def _without_quoted(text: str, separator: str) -> list[str]:
    """The lines of a text whose quoted values are one letter each."""
    if '"' in text:
        opening = rf"(?:(?<=\A)|(?<=[\n{re.escape(separator)}]))"
        text = re.sub(
            opening + QUOTED, lambda found: "q" + NEWLINE_INSIDE * found[0].count("\n"), text
        )
    return text.split("\n")


def _check_quotes(bare: list[str], separator: str, name: str) -> None:
    for k, line in enumerate(bare):
        if '"' in line and (line.startswith('"') or f'{separator}"' in line):
            raise ValueError(
                f"{name} cannot be read as CSV; line {_number(bare, k)}: a quotation mark is "
                "opened and never closed. Mend that line."
            )


def _check_even(counts, lines, bare, n_columns: int, name: str, header) -> None:
    odd = [j for j, count in enumerate(counts) if count != n_columns]
    if header == "skip":
        odd = [j for j in odd if j]
    if not odd:
        return
    if (
        header is None
        and len(counts) > 1
        and len(odd) == len(counts) - 1 == counts.count(counts[1])
    ):
        raise ValueError(
            f"{name} must have the same number of values in every line; the first line has "
            f"{counts[0]} and all {len(odd)} others have {counts[1]}. If it describes the file, "
            "set header='skip'; else mend it, or set separator."
            if len(odd) > 1
            else _odd_line(name, n_columns, _number(bare, lines[odd[0]]), counts[odd[0]])
        )
    raise ValueError(_odd_line(name, n_columns, _number(bare, lines[odd[0]]), counts[odd[0]]))


def _odd_line(name: str, expected: int, line: int, got: int) -> str:
    return (
        f"{name} must have the same number of values in every line; the header has {expected} and "
        f"line {line} has {got}. Mend that line, or set separator."
    )


def _number(bare: Sequence[str], k: int) -> int:
    """The number, from 1, of the line of the file on which record k ends."""
    return k + 1 + sum(line.count(NEWLINE_INSIDE) for line in bare[: k + 1])


def _records(text: str, separator: str, n: int) -> list[list[str]]:
    """The values of the first n lines that are not blank; [] for each that is not there."""
    value = re.compile(
        rf"({QUOTED}[^\n{re.escape(separator)}]*|[^\n{re.escape(separator)}]*)(\n|$|.)"
    )
    records, values, at = [], [], 0
    while at < len(text) and len(records) < n:
        found = value.match(text, at)
        values.append(_unquoted(found[1]))
        at = found.end()
        if found[2] != separator:
            if len(values) > 1 or values[0].strip():
                records.append(values)
            values = []
    if values:
        records.append([*values, ""])  # the text ends in a separator
    return records + [[]] * (n - len(records))


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    end = value.rindex('"')
    return value[1:end].replace('""', '"') + value[end + 1 :]


def _check_names(first: list[str], second: list[str], name: str) -> None:
    """A first line that looks like a row must not be taken for names without a word."""
    numbers = [value for value in first if is_number(value)]
    if not numbers:
        return
    if len(numbers) == len(first):
        raise ValueError(
            f"{name} must start with a line of column names; its first line holds only numbers. "
            "Add such a line, or set header=False and the columns are called '0', '1', ..."
        )
    text_above_numbers = any(
        is_number(below) and not is_number(value)
        for value, below in zip(first, second, strict=False)
    )
    if text_above_numbers:
        remedy = "If it describes the file, set header='skip'; if it names the columns, header=True"
    else:
        remedy = "If it is a row, set header=False; if it names the columns, header=True"
    raise ValueError(
        f"{name} must start with a line of column names; its first line holds the number "
        f"{numbers[0].strip()!r}. {remedy}."
    )
