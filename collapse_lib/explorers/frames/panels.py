"""What a frames figure shows of one generation: images, densities, points, bars, texts.

Each class is a record of arrays whose first axis is the generation. Nothing is computed here.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from collapse_lib.arguments import (
    check_count,
    check_number,
    check_numbers,
    check_same_shape,
    check_type,
    got,
)
from collapse_lib.plotting import palette
from collapse_lib.plotting.drawing.text import clean
from collapse_lib.plotting.fields import named, put

__all__ = ["Bars", "Density", "Images", "Points", "Text"]

FAR = 5  # spans of ink: noise of samples stays within, digits of 0..16 or 0..255 do not


@dataclass(frozen=True, eq=False)
class Images:
    """A sheet of small grey images.

    label; values (T, m, height, width); tags: short texts (T, m) under the images; columns: images
    a row, else as many as suit the page; ink: the values that are drawn as blank paper and as the
    colour of the text; what lies outside, such as noise, is drawn at the nearer end, but what is
    more than FAR spans of ink away is another scale: ValueError. levels: of grey, 2 to 256; fewer
    weigh less on the page.
    """

    label: str
    values: Any
    tags: Any = None
    columns: int | None = None
    ink: tuple[float, float] = (0.0, 1.0)
    levels: int = 256

    kind: ClassVar[str] = "images"

    def __post_init__(self):
        owner = _named(self)
        put(self, values=_numbers(owner, self.values, 4))
        put(self, ink=_span(f"{owner}: ink", self.ink))
        _near_ink(owner, self.values, self.ink)
        check_count(f"{owner}: levels", self.levels, least=2, most=256)
        if self.columns is not None:
            check_count(f"{owner}: columns", self.columns, least=1)
        if self.tags is not None:
            put(self, tags=_texts(f"{owner}: tags", self.tags, self.values.shape[:2]))

    def drawn(self) -> dict:
        """What must be the same in every condition."""
        return {"ink": self.ink, "columns": self.columns, "size of an image": self.frame[1:]}

    @property
    def frame(self) -> tuple[int, ...]:
        """The shape of one generation."""
        return self.values.shape[1:]

    def one(self, value) -> "Images":
        """This panel with a single generation: an array (m, height, width), or it and its tags."""
        array, tags = value if isinstance(value, tuple) else (value, None)
        tags = None if tags is None else [tags]
        return dataclasses.replace(self, values=_alone(array), tags=tags)


@dataclass(frozen=True, eq=False)
class Density:
    """A density over a plane as a heat map, full colour at the highest value of each generation.

    label; values (T, ny, nx), at least 0, the first row at the lowest y; x, y: (lower, upper), the
    outer edges of the grid; role.
    """

    label: str
    values: Any
    x: tuple[float, float]
    y: tuple[float, float]
    role: palette.Role = palette.SYNTHETIC

    kind: ClassVar[str] = "density"

    def __post_init__(self):
        owner = _named(self)
        put(self, values=_numbers(owner, self.values, 3, least=0))
        put(self, x=_span(f"{owner}: x", self.x), y=_span(f"{owner}: y", self.y))
        check_type(f"{owner}: role", self.role, palette.Role)

    def drawn(self) -> dict:
        return {"x": self.x, "y": self.y, "grid": self.frame, "role": self.role}

    @property
    def frame(self) -> tuple[int, ...]:
        return self.values.shape[1:]

    def one(self, value) -> "Density":
        """This panel with a single generation: an array (ny, nx)."""
        return dataclasses.replace(self, values=_alone(value))


@dataclass(frozen=True, eq=False)
class Points:
    """Rows in the plane as dots.

    label; values (T, m, 2); groups: names (m,) or (T, m) that set the colour; roles: name -> Role,
    else colours of palette.CATEGORICAL by first appearance, for six names at most; x, y: (lower,
    upper), else what holds the points of all conditions.
    """

    label: str
    values: Any
    groups: Any = None
    roles: Mapping[str, palette.Role] | None = None
    x: tuple[float, float] | None = None
    y: tuple[float, float] | None = None

    kind: ClassVar[str] = "points"

    def __post_init__(self):
        owner = _named(self)
        values = _numbers(owner, self.values, 3)
        if values.shape[2] != 2:
            raise ValueError(f"{owner}: values must have the shape (T, m, 2); got {values.shape}.")
        put(self, values=values)
        for axis in ("x", "y"):
            if getattr(self, axis) is not None:
                put(self, **{axis: _span(f"{owner}: {axis}", getattr(self, axis))})
        for role in (self.roles or {}).values():
            check_type(f"{owner}: role", role, palette.Role)
        if self.groups is not None:
            shape = values.shape[:2]
            groups = np.asarray(self.groups)
            if groups.shape == shape[1:]:
                groups = np.broadcast_to(groups, shape)
            put(self, groups=_texts(f"{owner}: groups", groups, shape))

    def drawn(self) -> dict:
        return {"x": self.x, "y": self.y, "roles": self.roles}

    @property
    def frame(self) -> tuple[int, ...]:
        return self.values.shape[1:]

    def one(self, value) -> "Points":
        """This panel with a single generation: an array (m, 2), or it and its groups (m,)."""
        array, groups = value if isinstance(value, tuple) else (value, None)
        return dataclasses.replace(self, values=_alone(array), groups=groups)


@dataclass(frozen=True, eq=False)
class Bars:
    """One value a category, on one scale from 0 for all generations.

    label; values (T, K), at least 0; names: K texts; upper: the end of the scale, else the highest
    value of all conditions; role.
    """

    label: str
    values: Any
    names: Sequence[str]
    upper: float | None = None
    role: palette.Role = palette.SYNTHETIC

    kind: ClassVar[str] = "bars"

    def __post_init__(self):
        owner = _named(self)
        values = _numbers(owner, self.values, 2, least=0)
        put(self, values=values, names=[clean(name) for name in self.names])
        check_same_shape(owner, names=self.names, values=values[0])
        if self.upper is not None:
            check_number(f"{owner}: upper", self.upper, above=0)
        check_type(f"{owner}: role", self.role, palette.Role)

    def drawn(self) -> dict:
        return {"names": self.names, "upper": self.upper, "role": self.role}

    @property
    def frame(self) -> tuple[int, ...]:
        return self.values.shape[1:]

    def one(self, value) -> "Bars":
        """This panel with a single generation: an array (K,)."""
        return dataclasses.replace(self, values=_alone(value))


@dataclass(frozen=True, eq=False)
class Text:
    """A text a generation, shown as text whatever it holds.

    label; values: T texts, or T lists of (word, flag), whose flagged words are marked.
    """

    label: str
    values: Sequence[Any]

    kind: ClassVar[str] = "text"
    frame: ClassVar[tuple[int, ...]] = ()

    def __post_init__(self):
        owner = _named(self)
        if isinstance(self.values, str) or not len(self.values):
            raise ValueError(f"{owner}: values must be a list of T texts; {got(self.values)}.")
        put(self, values=[_text(owner, value) for value in self.values])

    def drawn(self) -> dict:
        return {}

    def one(self, value) -> "Text":
        """This panel with a single generation: a text, or a list of (word, flag)."""
        return dataclasses.replace(self, values=[value])


def _named(panel) -> str:
    put(panel, label=named(type(panel).__name__, panel.label))
    return f"{type(panel).__name__} {panel.label!r}"


def _alone(array) -> np.ndarray:
    return np.asarray(array)[None]


def _numbers(owner: str, values, axes: int, *, least: float = -np.inf) -> np.ndarray:
    array = np.asarray(values)
    checked = check_numbers(f"{owner}: values", array, axes=axes, least=least)
    if array.dtype.kind not in "biuf":
        return checked
    return array


def _span(owner: str, ends) -> tuple[float, float]:
    lower, upper = (float(end) for end in ends)
    if not (np.isfinite([lower, upper]).all() and lower < upper):
        raise ValueError(
            f"{owner} must be (lower, upper) with lower < upper; got ({lower:g}, {upper:g})."
        )
    return lower, upper


def _near_ink(owner: str, values: np.ndarray, ink: tuple[float, float]):
    lower, upper = ink
    least, most = float(values.min()), float(values.max())
    room = FAR * (upper - lower)
    if least < lower - room or most > upper + room:
        wider = f"({min(least, lower):g}, {max(most, upper):g})"
        raise ValueError(
            f"{owner}: values must lie near ink, ({lower:g}, {upper:g}); got {least:g} to "
            f"{most:g}. Give ink={wider}, or scale the values."
        )


def _texts(owner: str, texts, shape: tuple[int, int]) -> list[list[str]]:
    rows = [list(row) for row in texts]
    if len(rows) != shape[0] or any(len(row) != shape[1] for row in rows):
        found = (len(rows), len(rows[0]) if rows else 0)
        raise ValueError(f"{owner} must have the shape {shape}; got {found}.")
    return [[clean(text) for text in row] for row in rows]


def _text(owner: str, value):
    if isinstance(value, str):
        return clean(value)
    try:
        return [[clean(word), bool(flag)] for word, flag in value]
    except (TypeError, ValueError):
        raise TypeError(
            f"{owner}: a text must be a str or a list of (word, flag); got {value!r:.60}."
        ) from None
