"""Whatever a user has, as a table: a DataFrame with texts for names."""

import os
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from collapse_lib.arguments import as_array
from collapse_lib.data import Dataset

__all__ = ["LEAST_ROWS", "Given", "as_given"]

LEAST_ROWS = 20  # of each side
MOST_ROWS = 100_000  # of each side that are measured; of more, a random sample
MOST_CHARACTERS = 20_000_000  # of all that is no number, likewise


@dataclass(frozen=True)
class Given:
    """table: a DataFrame; label: what the report calls it; path, sha256: of a file, else None;
    n_rows: of which the table may be a sample. notes: how it was read, where that is not plain."""

    table: pd.DataFrame
    label: str
    n_rows: int
    path: str | None = None
    sha256: str | None = None
    notes: tuple[str, ...] = field(default=())


def as_given(whose: str, data, seed: int, **reading) -> Given:
    """A DataFrame, Series, array, dict of columns, list of texts, Dataset or path as a table.

    Arrays of more than two axes, such as images, are rows of as many numbers as there are. reading:
    for a path, as for `files.read`. Of what is larger than `_bounded` allows, a seed-fixed sample
    is kept.
    """
    if isinstance(data, Given):
        return data
    if isinstance(data, (str, os.PathLike)):
        from collapse_lib.checkup.files import read

        given = read(data, seed=seed, most_rows=MOST_ROWS, **reading)
        return replace(given, table=_bounded(given.table, seed))
    table = _table(whose, data)
    table.columns = [str(column) for column in table.columns]
    twice = table.columns[table.columns.duplicated()]
    if len(twice):
        raise ValueError(f"{whose} must have columns of different names; {twice[0]!r} is twice.")
    return Given(_bounded(table, seed), whose, len(table))


def _bounded(table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """All rows, or a seed-fixed sample of as many as MOST_ROWS and MOST_CHARACTERS allow."""
    some = table.iloc[:: max(1, len(table) // 1000)].select_dtypes(exclude=["number", "bool"])
    lengths = [some[name].map(lambda value: len(str(value))).mean() for name in some]
    characters = sum(lengths) if len(some) else 0
    most = min(MOST_ROWS, max(LEAST_ROWS, int(MOST_CHARACTERS / max(characters, 1))))
    if len(table) > most:
        rows = np.random.default_rng([seed, len(table)]).permutation(len(table))[:most]
        table = table.iloc[np.sort(rows)]
    return table.reset_index(drop=True)


def _table(whose: str, data) -> pd.DataFrame:
    if hasattr(data, "to_pandas"):
        data = data.to_pandas()
    if isinstance(data, pd.DataFrame):
        return data.copy(deep=False)
    if isinstance(data, pd.Series):
        return data.to_frame("value" if data.name is None else data.name)
    if isinstance(data, dict):
        return pd.DataFrame(data)
    if isinstance(data, Dataset):
        data = data.rows
    if isinstance(data, (list, tuple)) and data and all(isinstance(row, str) for row in data):
        return pd.DataFrame({"text": list(data)})
    rows = as_array(whose, data)
    if rows.ndim == 0 or rows.dtype.kind not in "biufUO":
        raise TypeError(
            f"{whose} must be a DataFrame, an array, a list of texts or the path of a file; got "
            f"{type(data).__name__}."
        )
    if rows.ndim == 1:
        return pd.DataFrame({"value": rows})
    return pd.DataFrame(rows.reshape(len(rows), -1))
