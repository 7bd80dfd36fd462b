"""Frames: what one condition shows over the generations; and what conditions must agree on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib.arguments import check_choice, check_type, got
from collapse_lib.explorers.frames.panels import Bars, Density, Images, Points, Text
from collapse_lib.plotting import Axis, Series, palette
from collapse_lib.plotting.drawing.text import clean
from collapse_lib.plotting.fields import column, named, put, quantiles

__all__ = [
    "Curve",
    "Frames",
    "cut_by",
    "is_generation",
    "must_agree",
    "shared_panels",
    "shared_plots",
]

PANELS = (Images, Density, Points, Bars, Text)
MARGIN = 0.04  # of the span of points, on either side
UNSEEN = 0.001  # of a scale: what leaves it by less is no loss to the eye
ROUNDING = 1e-6  # relative: what float32 may put between a median and its band


@dataclass(frozen=True, eq=False)
class Curve:
    """A measure over the generations.

    label; values (T,): a median where there are replicates, with lower and upper (T,) on either
    side of it; axis: an Axis whose label holds the unit, else one of the curve's own; curves whose
    axes have one label share a plot. role: palette.THEORY is drawn dashed, under the others, with
    its source. NaN is a gap. Raises ValueError for a value outside its band.
    """

    label: str
    values: Any
    lower: Any = None
    upper: Any = None
    axis: Axis | None = None
    role: palette.Role = palette.SYNTHETIC
    source: str = ""

    def __post_init__(self):
        put(self, label=named("Curve", self.label), source=clean(self.source))
        owner = f"Curve {self.label!r}"
        put(self, values=column(f"{owner}: values", self.values))
        lower, upper = quantiles(owner, self.lower, self.upper, self.values, "values")
        put(self, lower=lower, upper=upper)
        if lower is not None:
            _in_its_band(owner, self.values, lower, upper)
        check_type(f"{owner}: role", self.role, palette.Role)
        if self.role is palette.THEORY and not self.source:
            raise ValueError(f"{owner}: source must name where the formula stands; got nothing.")
        if self.axis is None:
            put(self, axis=Axis(self.label))

    @classmethod
    def of(cls, frame, measure: str, *, label: str | None = None, level=0.8, **more) -> "Curve":
        """A column of a tidy pandas.DataFrame over its column `generation`: the median of its
        `replicate`s and the band that holds the share `level` of them, as `Series.from_frame`.

        label: else the name of the column; more: axis, role, source."""
        line = Series.from_frame(frame, "generation", measure, label=label, level=level)
        return cls(line.label, line.median, line.lower, line.upper, **more)

    def one(self, value) -> "Curve":
        """This curve with a single generation: a number, or (median, lower, upper)."""
        parts = [float(part) for part in np.atleast_1d(np.asarray(value, dtype=float))]
        if len(parts) not in (1, 3):
            raise ValueError(
                f"Curve {self.label!r} must be given a number or (median, lower, upper) a "
                f"generation; got {len(parts)} numbers."
            )
        middle, lower, upper = ([part] for part in (*parts, None, None)[:3])
        band = {} if len(parts) == 1 else {"lower": lower, "upper": upper}
        return Curve(self.label, middle, axis=self.axis, role=self.role, source=self.source, **band)


@dataclass(frozen=True, eq=False)
class Frames:
    """One condition of a frames figure.

    generations: T whole numbers, rising, from 0 on; panels: Images, Density, Points, Bars, Text;
    curves: Curve. The first axis of every array is the generation. Raises ValueError for another
    length, a label used twice, or nothing to show.
    """

    generations: Any
    panels: Sequence[Any] = ()
    curves: Sequence[Curve] = ()

    def __post_init__(self):
        given = np.asarray(self.generations)
        whole = given.ndim == 1 and given.size and all(map(is_generation, given))
        if not whole or (np.diff(given) <= 0).any():
            raise ValueError(
                "Frames.generations must be whole numbers that rise, from 0 on; "
                f"{got(self.generations)}."
            )
        put(self, generations=[int(t) for t in given])
        put(self, panels=tuple(self.panels), curves=tuple(self.curves))
        for owner, parts, kinds in (
            ("panels", self.panels, PANELS),
            ("curves", self.curves, (Curve,)),
        ):
            for part in parts:
                check_type(f"Frames.{owner}", part, kinds)
        if not self.panels and not self.curves:
            raise ValueError("Frames must have a panel or a curve; got neither.")
        parts = [*self.panels, *self.curves]
        labels = [part.label for part in parts]
        for part in parts:
            if labels.count(part.label) > 1:
                raise ValueError(f"Frames: labels must differ; {got(part.label)} more than once.")
            if len(part.values) != len(given):
                raise ValueError(
                    f"Frames: {type(part).__name__} {part.label!r} must have one entry a "
                    f"generation along its first axis, {len(given)}; got {len(part.values)}."
                )


def is_generation(given) -> bool:
    """Whether it is a whole number, from 0 on."""
    number = np.asarray(given)
    if number.ndim or number.dtype.kind not in "iuf":
        return False
    return bool(np.isfinite(number) and number >= 0 and number == np.floor(number))


def _in_its_band(owner: str, values, lower, upper):
    """Let pass values that lie between lower and upper; NaN lies everywhere."""
    for low, high in ((lower, values), (values, upper), (lower, upper)):
        crossed = np.flatnonzero((low > high) & ~np.isclose(low, high, rtol=ROUNDING, atol=0))
        if crossed.size:
            found = (f"{part[crossed[0]]:g}" for part in (values, lower, upper))
            raise ValueError(
                "{} must have lower <= value <= upper; got value {}, lower {}, upper {}. Three "
                "replicates are given as (median, lower, upper), not as they are.".format(
                    owner, *found
                )
            )


def shared_panels(conditions: Mapping[str, Frames]) -> list[dict]:
    """What each panel draws in all conditions, as plain JSON, in the order of first appearance."""
    found: dict[str, list] = {}
    for name, frames in conditions.items():
        for panel in frames.panels:
            same = found.setdefault(panel.label, [])
            for other, where in same[:1]:
                must_agree(panel, name, other, where)
            same.append((panel, name))
    return [_panel_json([panel for panel, _ in same]) for same in found.values()]


def shared_plots(conditions: Mapping[str, Frames]) -> list[dict]:
    """The plots of the curves of all conditions, as plain JSON; `index` counts the curves."""
    curves: dict[str, Curve] = {}
    plots: dict[str, list[Curve]] = {}
    for name, frames in conditions.items():
        for curve in frames.curves:
            first = curves.setdefault(curve.label, curve)
            if (first.axis, first.role, first.source) != (curve.axis, curve.role, curve.source):
                raise ValueError(
                    f"Curve {curve.label!r} must have one axis, role and source in every "
                    f"condition; got another in {name!r}."
                )
            together = plots.setdefault(curve.axis.label, [])
            if together and together[0].axis != curve.axis:
                raise ValueError(
                    f"Curve {curve.label!r} must have the ends and the kind of the axis "
                    f"{curve.axis.label!r} that Curve {together[0].label!r} has."
                )
            if first is curve:
                together.append(curve)
    both = sorted(set(curves) & {panel.label for f in conditions.values() for panel in f.panels})
    if both:
        raise ValueError(f"Frames: labels must differ; {got(both[0])} for a panel and a curve.")
    order = [curve.label for together in plots.values() for curve in together]
    return [_plot_json(together, order) for together in plots.values()]


def _plot_json(curves: list[Curve], order: list[str]) -> dict:
    axis = curves[0].axis
    lines = [
        {"label": c.label, "role": c.role.name, "source": c.source, "index": order.index(c.label)}
        for c in curves
    ]
    ends = {"log": axis.log, "lower": axis.lower, "upper": axis.upper}
    return {"label": axis.label, **ends, "curves": lines}


def must_agree(panel, name: str, other, where: str):
    """Let pass a panel that is drawn as another; name, where: their conditions."""
    if type(panel) is not type(other):
        raise ValueError(
            f"Panel {panel.label!r} must be of one kind in every condition; got "
            f"{type(other).__name__} in {where!r} and {type(panel).__name__} in {name!r}."
        )
    ours = panel.drawn()
    for key, theirs in other.drawn().items():
        if ours[key] != theirs:
            raise ValueError(
                f"{type(panel).__name__} {panel.label!r} must have one {key} in every condition; "
                f"got {theirs} in {where!r} and {ours[key]} in {name!r}."
            )


def cut_by(scale: dict, panel) -> str:
    """A sentence for a panel that the scale of a figure cannot hold, else nothing.

    scale: what `shared_panels` says of the panel.
    """
    name = f"{type(panel).__name__} {panel.label!r}"
    if isinstance(panel, Bars):
        upper = scale["upper"]
        if panel.values.max() > (1 + UNSEEN) * upper:
            return f"{name} are cut at {upper:g}; give them a larger upper."
    if isinstance(panel, Points):
        ends = np.array([scale["x"], scale["y"]])
        slack = UNSEEN * np.ptp(ends, axis=1)
        outside = (panel.values < ends[:, 0] - slack) | (panel.values > ends[:, 1] + slack)
        if outside.any():
            x, y = ("{} from {:g} to {:g}".format(axis, *scale[axis]) for axis in "xy")
            return f"{name} outside {x}, {y} are not seen; give wider ends."
    return ""


def _panel_json(panels: list) -> dict:
    first = panels[0]
    spec = {"kind": first.kind, "label": first.label}
    if isinstance(first, Images):
        return spec | {"ink": list(first.ink), "columns": first.columns}
    if isinstance(first, Density):
        return spec | {"x": list(first.x), "y": list(first.y), "role": first.role.name}
    if isinstance(first, Points):
        ends = {"x": first.x or _ends(panels, 0), "y": first.y or _ends(panels, 1)}
        return spec | {axis: list(pair) for axis, pair in ends.items()} | _groups(panels)
    if isinstance(first, Bars):
        highest = max(float(panel.values.max()) for panel in panels)
        upper = float(first.upper or highest or 1.0)
        return spec | {"names": first.names, "upper": upper, "role": first.role.name}
    return spec


def _ends(panels: list[Points], axis: int) -> tuple[float, float]:
    lower = min(float(panel.values[..., axis].min()) for panel in panels)
    upper = max(float(panel.values[..., axis].max()) for panel in panels)
    margin = MARGIN * (upper - lower) or 1.0
    return lower - margin, upper + margin


def _groups(panels: list[Points]) -> dict:
    rows = [row for panel in panels for row in panel.groups or ()]
    names = list(dict.fromkeys(name for row in rows for name in row))
    roles = panels[0].roles
    if not names:
        return {"groups": [{"name": "", "role": palette.SYNTHETIC.name}]}
    if roles is None:
        if len(names) > len(palette.CATEGORICAL):
            raise ValueError(
                f"Points {panels[0].label!r}: groups must be at most {len(palette.CATEGORICAL)} "
                f"without roles; got {len(names)}."
            )
        roles = dict(zip(names, palette.CATEGORICAL, strict=False))
    for name in names:
        check_choice(f"Points {panels[0].label!r}: group with a role", name, roles)
    return {"groups": [{"name": name, "role": role.name} for name, role in roles.items()]}
