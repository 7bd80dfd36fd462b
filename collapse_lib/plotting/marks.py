"""What curves and small multiples draw: records of arrays that the caller has computed."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib.arguments import check_columns, check_number, check_numbers, check_type
from collapse_lib.plotting import palette
from collapse_lib.plotting.fields import (
    band_columns,
    column,
    named,
    put,
    quantiles,
)
from collapse_lib.plotting.text import clean


@dataclass(frozen=True)
class Axis:
    """An axis: its label with the unit, whether it is logarithmic, and limits if they are fixed."""

    label: str
    log: bool = False
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self):
        put(self, label=named("Axis", self.label))
        for name, end in (("lower", self.lower), ("upper", self.upper)):
            if self.log and end is not None:
                check_number(f"Axis.{name} of a log axis", end, above=0)


@dataclass(frozen=True, eq=False)
class Series:
    """A measured curve: a median, and where there are replicates a band and single runs.

    label; x (n,); median (n,); lower, upper (n,): the quantiles that bound the band, named in the
    caption; runs (n_runs, n): single runs, drawn thin; role: what the colour means.
    NaN is drawn as a gap. Raises ValueError for arrays of different lengths.
    """

    label: str
    x: Any
    median: Any
    lower: Any = None
    upper: Any = None
    runs: Any = None
    role: palette.Role = palette.REAL

    def __post_init__(self):
        owner = f"Series {self.label!r}"
        x = check_numbers(f"{owner}: x", self.x, axes=1)
        median = column(f"{owner}: median", self.median, like=x)
        lower, upper = quantiles(owner, self.lower, self.upper, x)
        runs = np.empty((0, len(x)))
        if self.runs is not None:
            runs = np.atleast_2d(np.asarray(self.runs, dtype=float))
            if runs.ndim != 2 or runs.shape[1] != len(x):
                raise ValueError(
                    f"{owner}: runs must have the shape (n_runs, {len(x)}), as x is long; "
                    f"got {runs.shape}."
                )
        check_type(f"{owner}: role", self.role, palette.Role)
        put(self, label=named(owner, self.label), x=x, median=median)
        put(self, lower=lower, upper=upper, runs=runs)

    @classmethod
    def from_frame(cls, frame, x, y, *, label=None, role=palette.REAL, level=0.8):
        """The median of a tidy pandas.DataFrame over its column `replicate`, and the band that
        holds the share `level` of the runs, as `band` gives them; one run is a line without a band.

        x, y: columns; label: else the name of y. Raises ValueError for a column that is missing, no
        rows, a level outside (0, 1), or a run with two rows at one x.
        """
        check_columns("Series.from_frame: frame", frame, x, y, "replicate")
        check_number("Series.from_frame: level", level, above=0, below=1)
        if frame.duplicated([x, "replicate"]).any():
            raise ValueError(
                f"Series.from_frame: each replicate must have one row at each {x}; got several. "
                "Choose the rows of one setting, or tell the settings apart with `by`."
            )
        at = frame.groupby(x)[y]
        places, rows = list(at.groups), [part.to_numpy(float) for _, part in at]
        shares = [(1 - level) / 2, 0.5, (1 + level) / 2]
        ends = np.reshape([np.quantile(row, shares) for row in rows], (-1, 3)).T
        lower, median, upper = ends if frame["replicate"].nunique() > 1 else (None, ends[1], None)
        return cls(y if label is None else label, places, median, lower, upper, role=role)

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
        if len(edges) != len(heights) + 1:
            raise ValueError(
                f"{owner}: edges must be one longer than heights; "
                f"got {len(edges)} and {len(heights)}."
            )
        check_numbers(f"{owner}: width of a bin", np.diff(edges), above=0)
        check_type(f"{owner}: role", self.role, palette.Role)
        put(self, label=named(owner, self.label), edges=edges, heights=heights)
