"""What a check-up found: for people, for machines, and as a table."""

import hashlib
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

import collapse_lib
from collapse_lib.arguments import check_number
from collapse_lib.checkup.cause import Cause
from collapse_lib.checkup.columns import Column
from collapse_lib.checkup.intake import Given
from collapse_lib.checkup.judge import Finding
from collapse_lib.checkup.sentences import first_sentence, summary

__all__ = ["Batch", "Report"]

DIGITS = 6  # significant ones, in the dictionary


@dataclass(frozen=True)
class Batch:
    """One synthetic table: its label, what was found, name -> why a column is left out, and the
    columns that it shares with the real one, real rows first."""

    label: str
    findings: list[Finding]
    left_out: dict[str, str]
    columns: list[Column] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Report:
    """verdict: "kept", "lost" or "cannot tell"; cause: chance or bias; batches: the findings.

    given: the tables, the real one first (None: there is none). command: what was typed.
    """

    verdict: str
    cause: Cause
    batches: list[Batch]
    given: list[Given | None] = field(repr=False)
    seed: int
    level: float
    command: str | None = None

    @property
    def findings(self) -> list[Finding]:
        return [finding for batch in self.batches for finding in batch.findings]

    @property
    def lost(self) -> list[Finding]:
        """The measures that are lost, the largest loss first."""
        return sorted((f for f in self.findings if f.lost), key=lambda f: f.value)

    def exit_code(self, fail_below: float | None = None) -> int:
        """0: nothing is lost beyond the stated level; 1: something is; 2: it could not be told.

        fail_below: the share of what the real rows have that is enough, such as 0.9; None: all that
        chance cannot explain is too much. With it, 2 says that no measure could have seen so little
        left.
        """
        if self.verdict == "cannot tell":
            return 2
        if fail_below is None:
            return int(self.verdict == "lost")
        check_number("fail_below", fail_below, above=0, most=1)
        if any(finding.value < fail_below for finding in self.lost):
            return 1
        visible = [f.smallest_visible_loss for f in self.findings]
        return 0 if any(v is not None and v <= 1 - fail_below for v in visible) else 2

    def to_frame(self) -> pd.DataFrame:
        """One row a measure and batch, with the names of `to_dict()["measures"]`."""
        return pd.DataFrame(_measures(self), columns=_MEASURE_NAMES)

    def to_dict(self) -> dict:
        """Plain lists, dicts, texts and numbers, as `schema.json` describes them."""
        cause = self.cause
        return {
            "schema": 1,
            "verdict": self.verdict,
            "summary": first_sentence(self),
            "measures": _measures(self),
            "cause": {
                "kind": cause.kind,
                "temperature": _triple(cause.temperature),
                "variance_factor": _triple(cause.variance_factor),
                "effective_rows": _triple(cause.effective_rows),
                "column": cause.column,
            },
            "forecast": None,
            "plan": None,
            "inputs": [_input(self, k) for k in range(len(self.given))],
            "level": self.level,
            "command": self.command,
            "seed": self.seed,
            "version": collapse_lib.__version__,
        }

    def to_html(self, path=None) -> str:
        """The report as one page that asks for nothing else; written to `path` where one is given.

        It needs jinja2 and matplotlib: `pip install collapse-lib[checkup]`.
        """
        from collapse_lib.checkup.page import page

        text = page(self)
        if path is not None:
            from collapse_lib.arguments import check_path

            check_path("Report.to_html.path", path).write_text(text, encoding="utf-8")
        return text

    def __repr__(self) -> str:
        return summary(self)

    def _repr_html_(self) -> str:
        from collapse_lib.checkup.page import figure

        drawn = figure(self)
        return f"<p>{first_sentence(self)}</p>" + (drawn.html() if drawn else "")


_MEASURE_NAMES = [
    "batch", "name", "column", "value", "low", "high", "null_low", "null_high", "lost",
    "smallest_visible_loss", "p_value",
]  # fmt: skip


def _measures(report: Report) -> list[dict]:
    return [
        {
            "batch": batch.label,
            "name": each.measure.name,
            "column": each.measure.column,
            "value": _rounded(each.value),
            "low": _rounded(each.low),
            "high": _rounded(each.high),
            "null_low": _rounded(each.null_low),
            "null_high": _rounded(each.null_high),
            "lost": each.lost,
            "smallest_visible_loss": _rounded(each.smallest_visible_loss),
            "p_value": _rounded(each.p_value),
        }
        for batch in report.batches
        for each in batch.findings
    ]


def _rounded(value) -> float | None:
    """A number that JSON can hold, or None for what has no end."""
    return float(f"{value:.{DIGITS}g}") if value is not None and np.isfinite(value) else None


def _triple(found) -> list | None:
    return None if found is None else [_rounded(x) for x in found]


def _input(report: Report, k: int) -> dict:
    one = report.given[k]
    if one is None:
        return {"role": "real", "label": "none", "path": None, "sha256": None, "rows": 0,
                "rows_measured": 0, "columns_left_out": {}, "notes": []}  # fmt: skip
    left_out = {}
    for batch in report.batches:
        if k == 0 or batch.label == one.label:
            left_out |= batch.left_out
    return {
        "role": "real" if k == 0 else "synthetic",
        "label": one.label,
        "path": one.path,
        "sha256": one.sha256 or _digest(one.table),
        "rows": one.n_rows,
        "rows_measured": len(one.table),
        "columns_left_out": dict(left_out),
        "notes": list(one.notes),
    }


def _digest(table: pd.DataFrame) -> str:
    """SHA-256 of the column names and of pandas' hashes of the rows."""
    rows = pd.util.hash_pandas_object(table.astype(str), index=False).to_numpy()
    return hashlib.sha256("\0".join(table.columns).encode() + rows.tobytes()).hexdigest()
