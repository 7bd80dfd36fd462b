"""What can be drawn: small records of arrays that the caller has computed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib.plotting import palette
from collapse_lib.plotting.text import clean


@dataclass(frozen=True)
class Axis:
    """An axis: its label with the unit, whether it is logarithmic, and limits if they are fixed."""

    label: str
    log: bool = False
    lower: float | None = None
    upper: float | None = None

    def __post_init__(self):
        _set(self, label=clean(self.label))
        if self.log and any(end is not None and end <= 0 for end in (self.lower, self.upper)):
            raise ValueError(
                f"Axis.lower and Axis.upper must be positive on a log axis; "
                f"got {self.lower} and {self.upper}."
            )


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
        x = _column(f"{owner}: x", self.x)
        median = _column(f"{owner}: median", self.median, like=x)
        if (self.lower is None) != (self.upper is None):
            raise ValueError(f"{owner}: lower and upper must come together; got only one of them.")
        lower = upper = None
        if self.lower is not None:
            lower = _column(f"{owner}: lower", self.lower, like=x)
            upper = _column(f"{owner}: upper", self.upper, like=x)
        runs = np.empty((0, len(x)))
        if self.runs is not None:
            runs = np.atleast_2d(np.asarray(self.runs, dtype=float))
            if runs.ndim != 2 or runs.shape[1] != len(x):
                raise ValueError(
                    f"{owner}: runs must have the shape (n_runs, {len(x)}), as x is long; "
                    f"got {runs.shape}."
                )
        _role(owner, self.role)
        _set(self, label=clean(self.label), x=x, median=median)
        _set(self, lower=lower, upper=upper, runs=runs)

    @property
    def values(self):
        """All heights that are drawn: (n_lines, n)."""
        lines = [self.median] if self.lower is None else [self.median, self.lower, self.upper]
        return np.vstack([*lines, self.runs])

    def columns(self):
        """Column name -> array, without x."""
        found = {self.label: self.median}
        if self.lower is not None:
            found |= {f"{self.label}, lower": self.lower, f"{self.label}, upper": self.upper}
        return found | {f"{self.label}, run {i}": run for i, run in enumerate(self.runs, start=1)}


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
        x = _column(f"{owner}: x", self.x)
        if not str(self.source).strip():
            raise ValueError(f"{owner}: source must name where the formula stands; got nothing.")
        _set(self, label=clean(self.label), source=clean(self.source), x=x)
        _set(self, values=_column(f"{owner}: values", self.values, like=x))

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
        heights = _column(f"{owner}: heights", self.heights)
        edges = _column(f"{owner}: edges", self.edges)
        if len(edges) != len(heights) + 1:
            raise ValueError(
                f"{owner}: edges must be one longer than heights; "
                f"got {len(edges)} and {len(heights)}."
            )
        if not (np.diff(edges) > 0).all():
            raise ValueError(f"{owner}: edges must increase; got {edges}.")
        if not np.isfinite(heights).all():
            raise ValueError(f"{owner}: heights must be finite; got NaN or infinity.")
        _role(owner, self.role)
        _set(self, label=clean(self.label), edges=edges, heights=heights)


@dataclass(frozen=True, eq=False)
class Bars:
    """One value a category, with whiskers if lower and upper (k,) are given.

    label; values (k,); role. A theory role is drawn as a mark, not as a bar.
    Raises ValueError for arrays of different lengths.
    """

    label: str
    values: Any
    lower: Any = None
    upper: Any = None
    role: palette.Role = palette.REAL

    def __post_init__(self):
        owner = f"Bars {self.label!r}"
        values = _column(f"{owner}: values", self.values)
        if (self.lower is None) != (self.upper is None):
            raise ValueError(f"{owner}: lower and upper must come together; got only one of them.")
        lower = upper = None
        if self.lower is not None:
            lower = _column(f"{owner}: lower", self.lower, like=values, other="values")
            upper = _column(f"{owner}: upper", self.upper, like=values, other="values")
        _role(owner, self.role)
        _set(self, label=clean(self.label), values=values, lower=lower, upper=upper)

    def columns(self):
        """Column name -> array."""
        found = {self.label: self.values}
        if self.lower is not None:
            found |= {f"{self.label}, lower": self.lower, f"{self.label}, upper": self.upper}
        return found


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points in the plane: label; rows (n, 2); role."""

    label: str
    rows: Any
    role: palette.Role = palette.SYNTHETIC

    def __post_init__(self):
        rows = np.asarray(self.rows, dtype=float)
        if rows.ndim != 2 or rows.shape[1] != 2 or not len(rows):
            raise ValueError(
                f"Cloud {self.label!r}: rows must have the shape (n, 2); got {rows.shape}."
            )
        _role(f"Cloud {self.label!r}", self.role)
        _set(self, label=clean(self.label), rows=rows)


@dataclass(frozen=True, eq=False)
class Panel:
    """One of several small plots: a title and the marks in it, first at the bottom."""

    title: str
    marks: Sequence[Any]

    def __post_init__(self):
        if not self.marks:
            raise ValueError(f"Panel {self.title!r}: marks must not be empty; got none.")
        _set(self, title=clean(self.title), marks=tuple(self.marks))


@dataclass(frozen=True, eq=False)
class Strip:
    """A row of grey images: label; images (n, height, width)."""

    label: str
    images: Any

    def __post_init__(self):
        images = np.asarray(self.images, dtype=float)
        if images.ndim != 3 or not images.size:
            raise ValueError(
                f"Strip {self.label!r}: images must have the shape (n, height, width); "
                f"got {images.shape}."
            )
        if np.isnan(images).any():
            raise ValueError(
                f"Strip {self.label!r}: images must hold no NaN; "
                f"got {int(np.isnan(images).sum())} among {images.size} pixels."
            )
        _set(self, label=clean(self.label), images=images)


def _column(owner, values, *, like=None, other="x"):
    array = np.asarray(values, dtype=float)
    if array.ndim != 1 or not array.size:
        raise ValueError(f"{owner} must be one row of numbers, (n,); got shape {array.shape}.")
    if like is not None and len(array) != len(like):
        raise ValueError(
            f"{owner} must be as long as {other}; got {len(array)} and {len(like)} values."
        )
    return array


def _role(owner, role):
    if not isinstance(role, palette.Role):
        raise TypeError(
            f"{owner}: role must be a Role, such as palette.REAL; got {type(role).__name__}."
        )


def _set(record, **values):
    for name, value in values.items():
        object.__setattr__(record, name, value)
