"""What curves and small multiples draw: records of arrays that the caller has computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib.arguments import (
    check_count,
    check_number,
    check_numbers,
    check_same_shape,
    check_type,
)
from collapse_lib.plotting import palette
from collapse_lib.plotting.drawing.text import clean
from collapse_lib.plotting.fields import (
    band_columns,
    column,
    named,
    numbers,
    put,
    quantiles,
)
from collapse_lib.plotting.results import over_runs


@dataclass(frozen=True)
class Axis:
    """An axis: its label with the unit, whether it is logarithmic, and limits if they are fixed.

    column: of a frame, the column that is drawn along it, or a list of them; else the label.
    """

    label: str
    log: bool = False
    lower: float | None = None
    upper: float | None = None
    column: str | Sequence[str] | None = None

    @classmethod
    def of(cls, given):
        """The Axis itself, or one of a column's name, or of several."""
        if isinstance(given, cls):
            return given
        if isinstance(given, (list, tuple)):
            return cls(", ".join(map(str, given)).replace("_", " ") or "measures", column=given)
        return cls(str(given).replace("_", " "), column=given)

    @property
    def columns(self):
        """The columns of a frame that are drawn along it."""
        if self.column is None:
            return (self.label,)
        return tuple(self.column) if isinstance(self.column, (list, tuple)) else (self.column,)

    def one_column(self, owner):
        """The only column that is drawn along it."""
        check_count(f"{owner}: columns along {self.label}", len(self.columns), most=1)
        return self.columns[0]

    def __post_init__(self):
        put(self, label=named("Axis", self.label))
        check_count("Axis.column: number of columns", len(self.columns), least=1)
        for name, end in (("lower", self.lower), ("upper", self.upper)):
            if end is not None and self.log:
                check_number(f"Axis.{name} of a log axis", end, above=0)
            elif end is not None:
                check_number(f"Axis.{name}", end)
        if None not in (self.lower, self.upper):
            check_number(f"Axis {self.label!r}: upper", self.upper, least=self.lower)


@dataclass(frozen=True, eq=False)
class Series:
    """A measured curve: a median, and where there are replicates a band and single runs.

    label; x (n,); median (n,); lower, upper (n,): the quantiles that bound the band, named in the
    caption; runs (n_runs, n): single runs, drawn thin; role: what the colour means; points: drawn
    as dots with whiskers, in place of a line with a band.
    NaN is drawn as a gap. Raises ValueError for arrays of different lengths.
    """

    label: str
    x: Any
    median: Any
    lower: Any = None
    upper: Any = None
    runs: Any = None
    role: palette.Role = palette.REAL
    points: bool = False

    def __post_init__(self):
        owner = f"Series {self.label!r}"
        x = check_numbers(f"{owner}: x", self.x, axes=1)
        median = column(f"{owner}: median", self.median, like=x)
        lower, upper = quantiles(owner, self.lower, self.upper, x)
        runs = np.empty((0, len(x)))
        if self.runs is not None:
            runs = np.atleast_2d(numbers(f"{owner}: runs", self.runs))
            check_same_shape(owner, x=x, **{"each run": np.empty(runs.shape[1:])})
        check_type(f"{owner}: role", self.role, palette.Role)
        put(self, label=named(owner, self.label), x=x, median=median)
        put(self, lower=lower, upper=upper, runs=runs)

    @classmethod
    def from_frame(
        cls, frame, x, y, *, label=None, role=palette.REAL, level=0.8, runs=None, mean=False
    ):
        """The median of a tidy pandas.DataFrame over its runs, and the band that holds the share
        `level` of them; with mean, the mean and two standard errors; one run is a line alone.

        x, y: columns; label: else the name of y; runs: the column that tells runs apart, else
        `replicate` or `seed`. Raises ValueError for a column that is missing, no rows, a level
        outside (0, 1), or a run with two rows at one x.
        """
        places, *ends = over_runs(
            "Series.from_frame", frame, x, y, runs=runs, level=level, mean=mean
        )
        return cls(y if label is None else label, places, *ends, role=role)

    @property
    def values(self):
        """All heights that are drawn: (n_lines, n)."""
        lines = [self.median] if self.lower is None else [self.median, self.lower, self.upper]
        return np.vstack([*lines, self.runs])

    def columns(self):
        """Column name -> array, without x."""
        return band_columns(self, self.median) | {
            f"{self.label}, run {i}": run for i, run in enumerate(self.runs, start=1)
        }


@dataclass(frozen=True, eq=False)
class Theory:
    """A closed form or a bound: drawn first, dashed, in ink, with its source in the legend.

    label; x (n,); values (n,); source: such as "Wright 1931". Raises ValueError for arrays of
    different lengths or a missing source.
    """

    label: str
    x: Any
    values: Any
    source: str

    def __post_init__(self):
        owner = f"Theory {self.label!r}"
        x = check_numbers(f"{owner}: x", self.x, axes=1)
        if not str(self.source).strip():
            raise ValueError(f"{owner}: source must name where the formula stands; got nothing.")
        put(self, label=named(owner, self.label), source=clean(self.source), x=x)
        put(self, values=column(f"{owner}: values", self.values, like=x))

    def columns(self):
        """Column name -> array, without x."""
        return {self.label: self.values}


@dataclass(frozen=True, eq=False)
class Histogram:
    """Heights over bins that the caller has counted.

    label; edges (k + 1,), increasing; heights (k,); role. Raises ValueError for other lengths.
    """

    label: str
    edges: Any
    heights: Any
    role: palette.Role = palette.SYNTHETIC

    def __post_init__(self):
        owner = f"Histogram {self.label!r}"
        heights = check_numbers(f"{owner}: heights", self.heights, axes=1)
        edges = check_numbers(f"{owner}: edges", self.edges, axes=1)
        n = len(heights) + 1
        check_count(f"{owner}: number of edges", len(edges), least=n, most=n)
        check_numbers(f"{owner}: width of a bin", np.diff(edges), above=0)
        check_type(f"{owner}: role", self.role, palette.Role)
        put(self, label=named(owner, self.label), edges=edges, heights=heights)
