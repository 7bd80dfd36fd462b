"""checkup: tables in, a Report out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from collapse_lib.arguments import check_choice, check_count, check_number
from collapse_lib.checkup.cause import Cause, cause_of, push, shifts
from collapse_lib.checkup.columns import Column, shared_columns
from collapse_lib.checkup.deals import Deals
from collapse_lib.checkup.intake import LEAST_ROWS, Given, as_given
from collapse_lib.checkup.judge import judged
from collapse_lib.checkup.pool import Pool
from collapse_lib.checkup.report import Batch, Report
from collapse_lib.checkup.tables import (
    add_categories,
    add_crossings,
    add_missing,
    add_neighbours,
    add_numbers,
)
from collapse_lib.checkup.texts import add_texts

__all__ = ["checkup"]

WORTH_SEEING = 0.5  # a check-up that could not have seen a loss of a half says "cannot tell"


def checkup(
    real,
    *synthetic,
    groups: str | Sequence[str] | None = None,
    text: str | Sequence[str] | None = None,
    source: str | None = None,
    generation: str | None = None,
    seed: int = 0,
    level: float = 0.05,
    n_deals: int = 999,
    delimiter: str | None = None,
    encoding: str | None = None,
    decimal: str | None = None,
) -> Report:
    """What synthetic rows have lost of the real ones, and whether chance or bias took it.

    real, synthetic: tables with the same columns: DataFrames, arrays (n, ...), dicts of columns,
        lists of texts, or paths of files (CSV, Parquet, JSON lines, text, .npy, a folder of
        images). Several synthetic ones are batches or generations, the oldest first. real=None:
        there are no real rows, and the report says that it cannot tell.
    groups: columns whose groups, and all their crossings, are measured one by one.
    text: columns that are texts, where their look does not tell.
    source, generation: of one table, the column that says who wrote each row ("real" or "human"
        are real), or of which generation it is (0 is real).
    level: the chance of an alarm where the synthetic rows are real ones, for all measures and
        batches together. n_deals: random deals that the null is taken from.
    delimiter, encoding, decimal: of files, as in `files.read`.

    Rows are taken as exchangeable, as rows of independent people or documents are. Columns that are
    ids or constant are left out, and the report says so.

    Raises ValueError or TypeError with one sentence for fewer than 20 rows, no shared column, or
    columns none of which can be measured.
    """
    seed = check_count("checkup.seed", seed)
    check_number("checkup.level", level, above=0, below=0.5)
    reading = {"delimiter": delimiter, "encoding": encoding, "decimal": decimal}
    given = [None if real is None else as_given("real", real, seed, **reading)]
    if source is not None or generation is not None:
        if synthetic or real is None:
            raise ValueError("checkup takes one table where a column tells its rows apart.")
        given = _split(given[0], source, generation)
    else:
        numbers = [""] if len(synthetic) == 1 else range(1, len(synthetic) + 1)
        given += [
            as_given(f"synthetic {k}".strip(), data, seed, **reading)
            for k, data in zip(numbers, synthetic, strict=True)
        ]
    if len(given) < 2:
        raise ValueError("checkup needs at least one synthetic table; got none.")
    for one in given:
        if one is not None and len(one.table) < LEAST_ROWS:
            rows = "1 row" if len(one.table) == 1 else f"{len(one.table)} rows"
            raise ValueError(
                f"checkup needs at least {LEAST_ROWS} rows on each side; {one.label} has {rows}."
            )
    level_of_each = level / (len(given) - 1)
    check_count("checkup.n_deals", n_deals, least=int(np.ceil(1 / level_of_each)))
    groups, texts = _names(groups), _names(text)
    reference = given[1] if given[0] is None else given[0]
    batches = [
        _batch(reference, one, (seed, k), groups, texts, level_of_each, n_deals)
        for k, one in enumerate(given[1:], 1)
        if one is not reference
    ]
    visible = [f.smallest_visible_loss for batch in batches for f in batch.findings]
    verdict = "cannot tell"
    if any(v is not None and v <= WORTH_SEEING for v in visible):
        verdict = "kept"
    if any(finding.lost for batch in batches for finding in batch.findings):
        verdict = "lost"
    if given[0] is None:
        return Report("cannot tell", Cause("cannot tell"), batches, given, seed, level)
    found = push(batches[-1].columns, _is_newest(given), np.random.default_rng([seed, 0, 2]))
    moves = _moves(given, texts) if len(given) > 2 else np.empty((1, 0))
    cause = cause_of(verdict, found, moves, len(given[0].table), len(given[-1].table))
    return Report(verdict, cause, batches, given, seed, level)


def _names(names) -> list[str]:
    return [names] if isinstance(names, str) else list(names or ())


def _batch(real, synthetic, seed, groups, texts, level, n_deals) -> Batch:
    """The findings on one synthetic table."""
    columns, left_out = shared_columns([real.table, synthetic.table], texts)
    for name in (*groups, *texts):
        whose = "groups" if name in groups else "text"
        check_choice(f"a column in checkup.{whose}", name, [column.name for column in columns])
    n_real, n = len(real.table), len(real.table) + len(synthetic.table)
    pool = Pool(n)
    rng = np.random.default_rng([*seed, 0])
    numbers = [column for column in columns if column.kind == "number"]
    categories = [column for column in columns if column.kind == "category"]
    named = [_as_groups(column) for column in columns if column.name in groups]
    scaled = add_numbers(pool, numbers) if numbers else None
    for column in categories:
        if column.name not in groups:
            add_categories(pool, column)
    for column in named:
        add_categories(pool, column, each=True)
    add_crossings(pool, categories, named)
    add_missing(pool, columns)
    if len(numbers) > 1:
        add_neighbours(pool, scaled, rng)
    for column in columns:
        if column.kind == "text" and (why := add_texts(pool, column, rng)):
            left_out[column.name] = why
    if not pool.measures():
        dull = {column.name: "hardly a row differs" for column in columns} | left_out
        why = "; ".join(f"{name}: {reason}" for name, reason in dull.items())
        if not set(real.table.columns) & set(synthetic.table.columns):
            why = (
                f"{real.label} has {', '.join(real.table.columns[:9])}, {synthetic.label} has "
                f"{', '.join(synthetic.table.columns[:9])}"
            )
        raise ValueError(
            f"checkup needs a column that both tables share and that can be measured; {why}."
        )
    is_synthetic = np.arange(n) >= n_real
    deals = Deals(is_synthetic, n_deals, np.random.SeedSequence([*seed, 1]))
    return Batch(synthetic.label, judged(pool, deals, level), left_out, columns)


def _as_groups(column: Column) -> Column:
    """A column as categories, whatever it holds: groups may be named by numbers."""
    if column.kind == "category":
        return column
    missing = column.missing
    shown = [f"{v:.12g}" if isinstance(v, float) else str(v) for v in column.values]
    codes, names = pd.factorize(pd.Series(shown, dtype=object).where(~missing, None))
    return Column(column.name, "category", codes, tuple(map(str, names)))


def _is_newest(given: list[Given]) -> np.ndarray:
    """(N,) of the rows of the first and the last table, which are of the last."""
    n_real, n_newest = len(given[0].table), len(given[-1].table)
    return np.arange(n_real + n_newest) >= n_real


def _moves(given: list[Given], texts) -> np.ndarray:
    """How means move from table to table."""
    tables = [one.table for one in given]
    batch = np.repeat(np.arange(len(tables)), list(map(len, tables)))
    return shifts(shared_columns(tables, texts)[0], batch)


REAL_WORDS = {"real", "human", "original", "0", "0.0", "true", "r"}


def _split(one: Given, source, generation) -> list[Given]:
    """One table as the real rows and the synthetic batches that a column tells apart."""
    column = source if source is not None else generation
    whose = "source" if source is not None else "generation"
    check_choice(f"checkup.{whose}", column, list(one.table.columns))
    values = one.table[column]
    if values.isna().any():
        raise ValueError(
            f"checkup.{whose}: column {column!r} must say it of every row; {values.isna().sum()} "
            "are missing."
        )
    kinds = sorted(values.unique(), key=lambda v: (isinstance(v, str), v))
    is_real = [str(kind).strip().lower() in REAL_WORDS for kind in kinds]
    if sum(is_real) != 1 or len(kinds) < 2:
        shown = ", ".join(map(repr, map(str, kinds[:6])))
        raise ValueError(
            f"checkup.{whose}: column {column!r} must call the real rows real, human, original or "
            f"0, and others by other names; it holds {shown}."
        )
    order = [kinds[is_real.index(True)], *(k for k, r in zip(kinds, is_real, strict=True) if not r)]
    table = one.table.drop(columns=column)
    parts = [table[values == kind].reset_index(drop=True) for kind in order]
    return [
        Given(part, f"{one.label}, {column} {kind}", len(part), one.path, one.sha256, one.notes)
        for part, kind in zip(parts, order, strict=True)
    ]
