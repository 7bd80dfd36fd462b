"""What each column of two tables holds: numbers, categories, dates or text; or why it is left out.

A column is told by the rows of both sides together, so that the answer is the same whichever rows
are called real.
"""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from collapse_lib.checkup.words import words_of
from collapse_lib.sources.columns import as_numbers

__all__ = ["MOST_NUMBERS", "Column", "shared_columns"]

FEW_VALUES = 12  # numbers with so few different values are categories, unless in a wide array
USUAL = 1e100
MOST_NUMBERS = 30  # columns of numbers up to which each has measures of its own
NAMED_ID = re.compile(r"(.*[ _-])?(id|uuid|guid|index|key|row|unnamed: ?\d+)", re.IGNORECASE)
DATE = re.compile(r"\d{4}-\d\d-\d\d([T ]|$)")
WORDS, CHARACTERS = 4, 25  # of a text, on average
DIFFERENT = 0.5  # share of the rows of a text that differ
ALL_DIFFERENT = 0.95  # share from which short texts are ids
PATTERN = 2_000  # values that are looked at first


@dataclass(frozen=True)
class Column:
    """kind: "number" (dates are days), "category", "text", or "absent" where one side has no value.
    values: (N,) floats with NaN, codes with -1, or texts with None where a value is missing;
    names: (K,) of the categories."""

    name: str
    kind: str
    values: np.ndarray
    names: tuple[str, ...] = ()

    @property
    def missing(self) -> np.ndarray:
        """(N,) bools."""
        if self.kind == "category":
            return self.values < 0
        if self.kind == "text":
            return np.array([value is None for value in self.values])
        return np.isnan(self.values)

    @cached_property
    def words(self) -> tuple[np.ndarray, np.ndarray]:
        """Of a text: (w,) the codes of its words, and (w,) the row that each is in."""
        return words_of(self.values)


def shared_columns(tables, texts=()) -> tuple[list[Column], dict[str, str]]:
    """The columns of all tables, their rows one below the other, and name -> why it is left out.

    tables: pandas.DataFrames with names that are texts, that of the real rows first. texts: columns
    that are texts, whatever they look like.
    """
    real, *others = tables
    is_array = real.shape[1] > MOST_NUMBERS and list(real) == list(map(str, range(real.shape[1])))
    few = 0 if is_array else FEW_VALUES
    left_out = {c: "only in the real rows" for c in real if any(c not in o for o in others)}
    left_out |= {c: "not in the real rows" for other in others for c in other if c not in real}
    found = []
    for name in real.columns:
        if name in left_out:
            continue
        column = _column(name, [_plain(table[name]) for table in tables], name in texts, few)
        if isinstance(column, Column):
            found.append(column)
        else:
            left_out[name] = column
    return found, left_out


def _column(name: str, sides: list[pd.Series], is_text: bool, few: int) -> Column | str:
    absent = [side.isna().all() for side in sides]
    if all(absent):
        return "all values are missing"
    if any(absent):
        there = pd.concat(sides, ignore_index=True).notna().to_numpy()
        return Column(name, "absent", np.where(there, 1.0, np.nan))
    are_texts = [side.dtype == object for side in sides]
    if any(are_texts) and not all(are_texts):
        real, other = ("text", "numbers") if are_texts[0] else ("numbers", "text")
        return f"{real} in the real rows, {other} in synthetic ones"
    pooled = pd.concat(sides, ignore_index=True)
    n_values = pooled.nunique()
    if n_values == 1 and not pooled.isna().any():
        return "the same value in every row"
    if not any(are_texts):
        if all(_is_id(name, side) for side in sides):
            return "an id: whole numbers, each once"
        if n_values > few:
            return Column(name, "number", _of_usual_size(pooled.to_numpy(float)))
        names = pooled.map(lambda v: f"{v:.12g}", na_action="ignore").astype(object)
        return _categories(name, names)
    if is_text or _reads_like_text(pooled, n_values):
        return Column(name, "text", pooled.where(pooled.notna(), None).to_numpy(object))
    if all(side.nunique() > ALL_DIFFERENT * len(side) for side in sides):
        return "an id: another text in every row"
    return _categories(name, pooled)


def _of_usual_size(values: np.ndarray) -> np.ndarray:
    """Numbers whose squares can be held: all that is measured stays the same."""
    largest = np.nanmax(np.abs(values))
    return values if 1 / USUAL < largest < USUAL else values / largest


def _plain(series: pd.Series) -> pd.Series:
    """Floats with NaN for numbers, dates (in days) and texts that are numbers; else texts."""
    if pd.api.types.is_bool_dtype(series):
        return series.astype(object).map(lambda v: str(bool(v)), na_action="ignore").astype(object)
    if pd.api.types.is_datetime64_any_dtype(series):
        days = pd.to_datetime(series, utc=True).astype("int64") / 86_400 / _ticks(series)
        return days.where(series.notna())
    if pd.api.types.is_timedelta64_dtype(series):
        return series.dt.total_seconds()
    if pd.api.types.is_complex_dtype(series):
        series = series.abs()
    if pd.api.types.is_numeric_dtype(series):
        values = series.to_numpy(dtype=float, na_value=np.nan)
        return pd.Series(np.where(np.isfinite(values), values, np.nan))
    missing = series.isna() | (series.astype(str).str.strip() == "")
    texts = series.astype(object).where(~missing, None)
    texts = texts.map(lambda v: v if isinstance(v, str) else str(v), na_action="ignore")
    return _told_by_texts(texts.reset_index(drop=True).astype(object))


def _ticks(series) -> int:
    unit = getattr(pd.to_datetime(series, utc=True).dtype, "unit", "ns")
    return {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit]


def _told_by_texts(texts: pd.Series) -> pd.Series:
    """Numbers, with a decimal point or comma, and dates as ISO 8601 has them, as floats."""
    given = [None if value is None or value != value else value for value in texts]
    some = [value for value in given if value is not None]
    for decimal in (".", ","):
        if some and as_numbers(some[:PATTERN], decimal) is not None:
            numbers = as_numbers(given, decimal)
            if numbers is not None:
                return pd.Series(numbers.astype(float))
    if some and all(map(DATE.match, some)):
        dates = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
        if dates.notna().sum() == len(some):
            return _plain(dates)
    return texts


def _is_id(name: str, values: pd.Series) -> bool:
    """Whole numbers, each once, that are called an id or leave no gaps."""
    values = values.dropna().to_numpy()
    if len(np.unique(values)) < len(values) or (values != np.round(values)).any():
        return False
    return bool(NAMED_ID.fullmatch(name)) or bool(np.ptp(values) < 1.5 * len(values))


def _reads_like_text(pooled: pd.Series, n_values: int) -> bool:
    some = pooled.dropna().iloc[:: max(1, len(pooled) // PATTERN)]
    if n_values < DIFFERENT * pooled.notna().sum():
        return False
    spaces = some.str.count(" ").mean() + 1
    unspaced = some.str.count(r"[^\x00-\u02ff]").mean()
    return bool(spaces >= WORDS or unspaced >= CHARACTERS)


def _categories(name: str, pooled: pd.Series) -> Column:
    codes, names = pd.factorize(pooled, sort=True)
    return Column(name, "category", codes, tuple(map(str, names)))
