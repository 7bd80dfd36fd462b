""" "Run in Python" for a frames figure: the learner's own code, one frame a generation."""

from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any

import ipywidgets as widgets

from collapse_lib.arguments import check_callable, got
from collapse_lib.explorers.host.run_box import RunBox

__all__ = ["FramesRunPanel"]

STYLE = {"description_width": "9rem"}
LAYOUT = {"width": "28rem"}
YIELDS = "A run must yield (generation, {label: value}) for each generation"


class FramesRunPanel(RunBox):
    """A FramesExplorer with sliders for a run's settings, Run in Python, Stop and progress.

    Each generation appears in the figure's condition "your run" when it is yielded; see
    `FramesExplorer.with_python` for run and settings. controls: name -> widget.
    """

    def __init__(self, explorer, run: Callable, settings: Mapping[str, Any]):
        self.run = check_callable("with_python: run", run, "run(settings)")
        self.controls = {name: _control(name, given) for name, given in settings.items()}
        self._cut = {}  # in the order in which it was first seen, each sentence once
        said = "Your own run, in this kernel."
        super().__init__(explorer, said=said, controls=self.controls.values())

    def settings(self):
        return {name: control.value for name, control in self.controls.items()}

    def total(self, settings):
        stored = next(iter(self.explorer.conditions.values())).generations[-1]
        return max(1, _whole("n_generations", settings.get("n_generations", stored)))

    def verdict(self, done, stopped):
        frames = f"{done:,} frame{'' if done == 1 else 's'}"
        ended = "Stopped" if stopped else "Done"
        return " ".join([f"{ended}: {frames} in the figure.", *self._cut])

    def stream(self, settings):
        self.explorer.begin_run()
        self._cut = {}
        frames = _frames(self.run(settings))
        try:
            for frame in frames:
                generation, values = _pair(frame)
                cut = self.explorer.add_frame(generation, values)
                self._cut |= dict.fromkeys(cut)
                yield int(generation), " ".join([f"Generation {int(generation):,}.", *cut])
        finally:
            if hasattr(frames, "close"):
                frames.close()


def _frames(made):
    if isinstance(made, Iterable) and not _is_pair(made):
        return iter(made)
    got = "a single pair" if _is_pair(made) else "None" if made is None else type(made).__name__
    raise TypeError(f"{YIELDS}; it returned {got}. Write yield where a generation is made.")


def _pair(frame):
    if _is_pair(frame):
        return frame
    raise TypeError(f"{YIELDS}; got {type(frame).__name__}.")


def _is_pair(given) -> bool:
    return isinstance(given, tuple) and len(given) == 2 and isinstance(given[1], Mapping)


def _whole(name: str, given) -> int:
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = -1.0
    if number < 0 or not number.is_integer():
        raise ValueError(f"with_python: {name} must be a whole number, from 0 on; {got(given)}.")
    return int(number)


def _control(name: str, given):
    if isinstance(given, widgets.Widget):
        if not given.has_trait("value"):
            raise TypeError(
                "with_python: a widget of settings must have a value, such as a Checkbox; got "
                f"{type(given).__name__} for {name!r}."
            )
        return given
    three = isinstance(given, tuple) and len(given) == 3
    if not three or not all(isinstance(value, Real) for value in given):
        raise ValueError(
            f"with_python: settings must be (lower, upper, start) or a widget; {got(given)} "
            f"for {name!r}."
        )
    lower, upper, start = given
    if not lower <= start <= upper:
        raise ValueError(
            f"with_python: settings must be (lower, upper, start) with the start between; "
            f"{got(given)} for {name!r}."
        )
    look = {"description": name.replace("_", " "), "style": STYLE, "layout": LAYOUT}
    if all(isinstance(value, Integral) for value in given):
        return widgets.IntSlider(min=lower, max=upper, value=start, **look)
    step = (upper - lower) / 100
    return widgets.FloatSlider(min=lower, max=upper, value=start, step=step, **look)
