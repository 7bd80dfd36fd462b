"""Columns of a table as rows of numbers, each digit kept; each fault is one sentence."""

import re
from collections.abc import Mapping
from functools import cache

import numpy as np

__all__ = ["EXACT", "as_numbers", "rounded", "side_by_side", "spelling"]

EXACT = 2**53  # whole numbers up to here are floats without rounding
LARGEST = np.iinfo(np.int64).max
WHOLE = re.compile(r"[+-]?\d+")
SIMPLE = re.compile(r"[+-]?\d+(\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
POINT, COMMA = (
    re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?"),
    re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"),
)
OTHER_GROUPS = re.compile(r"[+-]?\d{1,3}([' \u2019\u00a0\u202f])\d{3}(\1\d{3})*([.,]\d+)?")


def side_by_side(columns: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """Columns of numbers as rows (n, k): ints where all are, else floats. A whole number is never
    rounded in silence: one that its place cannot hold is refused, by the name of its column."""
    floats = any(values.dtype.kind == "f" for values in columns.values())
    if floats:
        for column, values in columns.items():
            if values.dtype.kind != "f" and _largest(values) > EXACT:
                raise ValueError(
                    f"{name} holds whole numbers above 2^53 in column {column!r}, which the floats "
                    "of the other columns cannot hold; choose this column alone, or leave it out."
                )
        dtype = float
    else:
        for column, values in columns.items():
            if _largest(values) > LARGEST:
                raise ValueError(
                    f"{name} holds whole numbers above {LARGEST} in column {column!r}, often ids; "
                    f"read them as categories with columns={column!r}, as_categories=True, or "
                    "leave the column out."
                )
        dtype = np.int64
    return np.column_stack([values.astype(dtype) for values in columns.values()])  # (n, k)


def as_numbers(values: list, decimal: str = ".", thousands: str | None = None) -> np.ndarray | None:
    """Texts, whole numbers and floats as exact ints (of dtype object beyond 64 bits) or as floats,
    None as NaN; None where one of them is no number."""
    given = [value for value in values if value is not None]
    texts = [value.strip() for value in given if isinstance(value, str)]
    if texts:
        texts = _plain(texts, decimal, thousands)
        if texts is None:
            return None
        fill = iter(texts)
        values = [next(fill) if isinstance(value, str) else value for value in values]
    try:
        if len(given) == len(values) and all(_is_whole(value) for value in values):
            found = np.array([int(value) for value in values], dtype=object)
            return found.astype(np.int64) if _largest(found) <= LARGEST else found
        return np.array([np.nan if value is None else float(value) for value in values])
    except (TypeError, ValueError, OverflowError):
        return None


def rounded(values: list) -> int | None:
    """The first whole number that a float beside it in its column cannot hold, or None."""
    for value in values:
        if value is not None and _is_whole(value):
            whole = int(value)
            if abs(whole) > EXACT and int(float(whole)) != whole:
                return whole
    return None


def spelling(texts: list[str], whose: str) -> str:
    """What may turn texts that are no numbers into numbers, as the end of a sentence, or ""."""
    texts, look = [text.strip() for text in texts], f"The values of {whose} look like "
    if all(map(SIMPLE.fullmatch, texts)):
        return ""
    other = OTHER_GROUPS.fullmatch(next((t for t in texts if not WHOLE.fullmatch(t)), ""))
    plain = re.compile(r"[+-]?\d+([.,]\d+)?")

    def all_match(*patterns):
        return all(any(p.fullmatch(text) for p in patterns) for text in texts)

    if all_match(COMMA, re.compile(r"[+-]?\d{1,3}(\.\d+)?")):
        return (
            look + "groups of thousands: set thousands=','; or, if they are decimal "
            "commas, decimal=','."
            if all_match(DECIMAL_COMMA, WHOLE)
            else look + "groups of thousands: set thousands=','."
        )
    if all_match(DECIMAL_COMMA, WHOLE):
        return look + "decimal commas: set decimal=','."
    if all_match(POINT, re.compile(r"[+-]?\d{1,3}(,\d+)?")):
        if any("," in text for text in texts):
            return look + "decimal commas and groups of thousands: set decimal=',', thousands='.'."
        return look + "groups of thousands: set thousands='.'."
    if other and all_match(OTHER_GROUPS, plain):
        comma = ", decimal=','" if any("," in text for text in texts) else ""
        return look + f"groups of thousands: set thousands={other[1]!r}{comma}."
    return ""


def _plain(texts: list[str], decimal: str, thousands: str | None) -> list[str] | None:
    """Numbers as Python writes them; None where one is spelt in another way. A group of thousands
    has three digits, so that 1,5 never becomes 15."""
    number = _pattern(decimal, thousands)
    if not all(map(number.fullmatch, texts)):
        return None
    if thousands is not None:
        texts = [text.replace(thousands, "") for text in texts]
    return [text.replace(decimal, ".") for text in texts]


@cache
def _pattern(decimal: str, thousands: str | None) -> re.Pattern:
    whole = r"\d+" if thousands is None else rf"(?:\d+|\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+)"
    point = re.escape(decimal)
    return re.compile(
        rf"[+-]?(?:{whole}(?:{point}\d*)?|{point}\d+)(?:[eE][+-]?\d+)?|[+-]?(?:inf|infinity)",
        re.IGNORECASE,
    )


def _is_whole(value) -> bool:
    if isinstance(value, str):
        return WHOLE.fullmatch(value) is not None
    return isinstance(value, (int, np.integer, bool, np.bool_))


def _largest(values: np.ndarray) -> int:
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0
