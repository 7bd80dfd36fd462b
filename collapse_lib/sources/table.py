"""Columns of a file, as lists, to rows of numbers or to categories; each fault is one sentence."""

import numpy as np

from collapse_lib.arguments import shortened
from collapse_lib.sources.categories import FiniteCategories
from collapse_lib.sources.columns import EXACT, as_numbers, rounded, side_by_side, spelling
from collapse_lib.sources.layout import listed

__all__ = ["categories_of", "rows_of"]

MOST_TRIED = 100  # columns in which a message looks for another spelling of numbers


def rows_of(lists: dict, name: str, dropna: bool, decimal=".", thousands=None) -> np.ndarray:
    """Rows (n, k) of columns that are lists of numbers or texts, None for a missing value."""
    n = len(next(iter(lists.values())))
    numbers = {c: as_numbers(_no_booleans(v), decimal, thousands) for c, v in lists.items()}
    for column, found in numbers.items():
        if found is None:
            good = [c for c, values in numbers.items() if values is not None]
            raise ValueError(_text_column(lists, column, good, name, decimal, thousands))
    missing = {column: np.array([v is None for v in values]) for column, values in lists.items()}
    if dropna:
        keep = ~np.any(list(missing.values()), axis=0)
        if not keep.any():
            raise ValueError(
                f"{name} must hold a row without missing values in these columns; all {n} lack "
                "one. Choose fewer columns."
            )
        kept = np.flatnonzero(keep)
        lists = {column: [values[k] for k in kept] for column, values in lists.items()}
        missing = {column: np.zeros(len(kept), bool) for column in lists}
        numbers = {c: as_numbers(_no_booleans(v), decimal, thousands) for c, v in lists.items()}
    for column, values in numbers.items():
        if values.dtype.kind == "f" and (np.abs(values) >= EXACT).any():
            lost = rounded([v for v in lists[column] if v is not None])
            if lost is not None:
                raise ValueError(
                    f"{name} holds the whole number {lost} in column {column!r}, which the floats "
                    "beside it cannot hold; leave the column out, or mend it."
                )
        infinite = np.isinf(values) if values.dtype.kind == "f" else np.zeros(len(values), bool)
        unusable = missing[column] | infinite
        if unusable.any():
            remedy = "." if infinite.any() else ", or leave them out with dropna=True."
            raise ValueError(
                f"{name} must have a finite value in every row of column {column!r}; "
                f"{unusable.sum()} of {len(values)} are missing or infinite, the first in row "
                f"{int(np.argmax(unusable)) + 1} after the header. Drop or fill these rows{remedy}"
            )
    return side_by_side(numbers, name)


def _text_column(lists, column: str, good: list[str], name: str, decimal, thousands) -> str:
    values = lists[column]
    bad = [v for v in values if v is not None and as_numbers([v], decimal, thousands) is None]
    hint = next(filter(None, map(_spelt, list(lists), list(lists.values())[:MOST_TRIED])), "")
    if not hint and good:
        lacking = any(value is None for c in good for value in lists[c])
        drop = ", dropna=True" if lacking else ""
        hint = f"Choose them with columns=({listed(good)}{',' * (len(good) == 1)}){drop}."
    if not hint and isinstance(bad[0], str):
        hint = f"Its texts are categories with columns={column!r}, as_categories=True."
    there = listed(good) if good else "none"
    return (
        f"{name} must hold numbers in column {column!r}; row {values.index(bad[0]) + 1} after the "
        f"header is {shortened(bad[0])}. Columns of numbers are: {there}. {hint}".rstrip()
    )


def _spelt(column: str, values: list) -> str:
    """What may turn a column of texts into numbers, as a sentence, or ""."""
    texts = [value for value in values if isinstance(value, str)]
    all_texts = texts and len(texts) == sum(value is not None for value in values)
    return spelling(texts, f"column {column!r}") if all_texts else ""


def categories_of(values: list, column: str, name: str, dropna: bool) -> FiniteCategories:
    missing = sum(value is None for value in values)
    if missing and not dropna:
        raise ValueError(
            f"{name} must have a label in every row of column {column!r}; {missing} of "
            f"{len(values)} are missing, the first in row {values.index(None) + 1} after the "
            "header. Fill them, or leave them out with dropna=True."
        )
    labels = [value for value in values if value is not None]
    if not labels:
        raise ValueError(f"{name} holds no label in column {column!r}; choose another column.")
    return FiniteCategories.from_labels(labels, name)


def _no_booleans(values: list) -> list:
    """True and False as 1 and 0, as texts too, where a column holds nothing else."""
    truth = {"True": 1, "False": 0, "TRUE": 1, "FALSE": 0, "true": 1, "false": 0}
    texts = {value for value in values if isinstance(value, str)}
    if not texts or not texts <= set(truth):
        return values
    if any(not isinstance(value, (bool, str)) and value is not None for value in values):
        return values
    return [truth.get(value, value) if isinstance(value, str) else value for value in values]
