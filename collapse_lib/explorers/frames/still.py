"""The still figure of a frames explorer: a few generations of each condition, in print."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from collapse_lib.explorers.frames.panels import Bars, Density, Images, Points
from collapse_lib.explorers.frames.record import Frames
from collapse_lib.plotting import (
    Axis,
    BookFigure,
    Cloud,
    Histogram,
    Panel,
    Series,
    Strip,
    Theory,
    curves,
    image_strip,
    palette,
    scatter_panels,
    small_multiples,
)

__all__ = ["still_frames"]

MOST_ROWS = 12  # strips below one another
MOST_PANELS = 6
MOST_IMAGES = 20
MOST_DENSITIES = 6
LONGEST = 14  # letters of a label that are not cut


def still_frames(conditions: Mapping[str, Frames], *, name, title, caption, alt) -> BookFigure:
    """Draw a few generations of each condition as a BookFigure: the first panel that can be drawn
    still, else the first plot of curves. Its table holds the curves of all conditions."""
    texts = {"name": name, "title": title, "alt": alt}
    labels = dict.fromkeys(p.label for f in conditions.values() for p in f.panels)
    for label in labels:
        held = {
            where: (frames.generations, panel)
            for where, frames in conditions.items()
            for panel in frames.panels
            if panel.label == label
        }
        draw = DRAWN.get(type(next(iter(held.values()))[1]))
        if draw is not None:
            said = f"Here: {label}." if len(labels) > 1 else ""
            figure = draw(held, _joined(caption, said), texts)
            break
    else:
        if not any(frames.curves for frames in conditions.values()):
            raise ValueError(
                f"FramesExplorer {name!r} must have a curve, or a panel that is no Text, for its "
                "still figure; got neither."
            )
        figure = _first_plot(conditions, caption, texts)
    table = _curve_table(conditions)
    return dataclasses.replace(figure, table=table or _without_pixels(figure.table))


def _images(held, caption, texts):
    few = min(4, max(1, MOST_ROWS // len(held)))
    labels = _Labels(held)
    strips, many = [], min(panel.frame[0] for _, panel in held.values())
    shown = np.unique(np.linspace(0, many - 1, min(many, MOST_IMAGES)).round().astype(int))
    lower, upper = next(iter(held.values()))[1].ink
    for where, (generations, panel) in list(held.items())[:MOST_ROWS]:
        for i in _few(generations, few):
            ink = np.clip((panel.values[i][shown] - lower) / (upper - lower), 0.0, 1.0)
            strips.append(Strip(labels.of(where, generations[i]), ink))
    note = f"{len(shown)} of {many} images a row." if len(shown) < many else ""
    return image_strip(strips, caption=_joined(caption, note, labels.note), **texts)


def _densities(held, caption, texts):
    count = min(MOST_DENSITIES, *(len(generations) for generations, _ in held.values()))
    short = _short(held)
    strips, said = [], []
    for where, (generations, panel) in list(held.items())[:MOST_ROWS]:
        few = _few(generations, count)
        highest = panel.values[few].max(axis=(1, 2), keepdims=True)
        drawn = panel.values[few][:, ::-1] / np.where(highest > 0, highest, 1.0)
        strips.append(Strip(short[where], drawn))
        said.append(f"{short[where]}: {', '.join(f'{generations[i]:,}' for i in few)}")
    if len(set(text.partition(": ")[2] for text in said)) == 1:
        said = [said[0].partition(": ")[2]]
    note = f"Generations, left to right: {'; '.join(said)}. Full ink: the highest value of each."
    return image_strip(strips, caption=_joined(caption, _meant(short), note), **texts)


def _points(held, caption, texts):
    panels, labels = [], _Labels(held)
    for where, generations, i, panel in _chosen(held):
        rows = panel.values[i]
        groups = np.array(panel.groups[i] if panel.groups else ["points"] * len(rows))
        names = list(dict.fromkeys(groups.tolist()))
        clouds = [Cloud(each, rows[groups == each], _role(panel, each, held)) for each in names]
        panels.append(Panel(labels.of(where, generations[i]), clouds))
    first = next(iter(held.values()))[1]
    ends = [{} if s is None else {"lower": s[0], "upper": s[1]} for s in (first.x, first.y)]
    x, y = Axis("x", **ends[0]), Axis("y", **ends[1])
    return scatter_panels(panels, caption=_joined(caption, labels.note), x=x, y=y, **texts)


def _role(panel: Points, group: str, held) -> palette.Role:
    if panel.groups is None:
        return palette.SYNTHETIC
    if panel.roles is not None:
        return panel.roles[group]
    rows = [row for _, each in held.values() for row in each.groups or ()]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return palette.CATEGORICAL[names.index(group)]


def _bars(held, caption, texts):
    panels, labels = [], _Labels(held)
    for where, generations, i, panel in _chosen(held):
        edges = np.arange(len(panel.names) + 1) + 0.5
        name = where if len(held) == 1 else panel.label
        histogram = Histogram(name, edges, panel.values[i].astype(float), panel.role)
        panels.append(Panel(labels.of(where, generations[i]), [histogram]))
    names = next(iter(held.values()))[1].names
    note = f"Categories 1 to {len(names)}: {names[0]} to {names[-1]}."
    if len(names) <= 12:
        note = "Categories: " + "; ".join(f"{k}: {name}" for k, name in enumerate(names, 1)) + "."
    x, y = Axis("category"), Axis(next(iter(held.values()))[1].label)
    return small_multiples(panels, caption=_joined(caption, labels.note, note), x=x, y=y, **texts)


def _first_plot(conditions, caption, texts):
    curve_lists = [frames.curves for frames in conditions.values()]
    axis = next(curve.axis for held in curve_lists for curve in held)
    series, theory = [], []
    for place, (where, frames) in enumerate(conditions.items()):
        for curve in frames.curves:
            if curve.axis.label != axis.label:
                continue
            label = curve.label if len(conditions) == 1 else f"{where}, {curve.label}"
            if curve.role is palette.THEORY:
                theory.append(Theory(label, frames.generations, curve.values, curve.source))
                continue
            role = curve.role
            if len(conditions) > 1:
                role = palette.CATEGORICAL[place % len(palette.CATEGORICAL)]
            band = {"lower": curve.lower, "upper": curve.upper}
            series.append(Series(label, frames.generations, curve.values, role=role, **band))
    across = Axis("generation", log=all(_crowded(f.generations) for f in conditions.values()))
    return curves(series, theory=theory, caption=caption, x=across, y=axis, **texts)


def _crowded(generations: list[int]) -> bool:
    """Whether half of them lie in the first tenth: then the axis is logarithmic, as in
    frames/plots.mjs."""
    return generations[0] >= 1 and generations[len(generations) // 2] < generations[-1] / 10


DRAWN = {Images: _images, Density: _densities, Points: _points, Bars: _bars}


def _few(generations, count: int) -> np.ndarray:
    """Places of the first, the last and some between."""
    last = len(generations) - 1
    return np.unique(np.linspace(0, last, min(count, last + 1)).round().astype(int))


def _chosen(held):
    """(condition, generations, place, panel) for at most MOST_PANELS small plots."""
    count = max(2, MOST_PANELS // len(held))
    found = [
        (where, generations, i, panel)
        for where, (generations, panel) in held.items()
        for i in _few(generations, count)
    ]
    return found[: MOST_PANELS * 2]


class _Labels:
    """Labels of rows or panels, none of them cut, and the note that tells what they mean."""

    def __init__(self, held):
        last = max(len(f"{generations[-1]:,}") for generations, _ in held.values())
        self.names = dict.fromkeys(held, "") if len(held) == 1 else _short(held, last + 2)
        self.plain = len(held) > 1 or len("generation ") + last > LONGEST
        number = "The number is the generation." if self.plain else ""
        self.note = _joined(_meant(self.names) if len(held) > 1 else "", number)

    def of(self, where: str, generation: int) -> str:
        name = self.names[where]
        head = "" if self.plain else "generation "
        return f"{head}{generation:,}" + (f", {name}" if name else "")


def _short(names, spent: int = 0) -> dict[str, str]:
    """Each name, or letters for all where one is too long beside `spent` letters."""
    if all(len(name) + spent <= LONGEST for name in names):
        return {name: name for name in names}
    return {name: chr(ord("A") + k) for k, name in enumerate(names)}


def _meant(short: Mapping[str, str]) -> str:
    """What the letters stand for, where there are any."""
    said = [f"{letter}: {name}" for name, letter in short.items() if letter != name]
    return f"{'; '.join(said)}." if said else ""


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _curve_table(conditions) -> dict:
    table = {}
    for where, frames in conditions.items():
        head = "" if len(conditions) == 1 else f"{where}: "
        if frames.curves:
            table[f"{head}generation"] = np.array(frames.generations)
        for curve in frames.curves:
            table[f"{head}{curve.label}"] = curve.values
            if curve.lower is not None:
                table[f"{head}{curve.label}, lower"] = curve.lower
                table[f"{head}{curve.label}, upper"] = curve.upper
    return table


def _without_pixels(table: dict) -> dict:
    """The numbers that are drawn, cut to what a table can hold; images are told by their mean."""
    if sum(map(len, table.values())) <= 4000:
        return table
    return {
        "drawn": np.array(list(table)),
        "mean of its values": np.array([np.mean(values) for values in table.values()]),
    }
