""" "Run in Python" for a frames figure: the learner's own code, one frame a generation."""

from collections.abc import Callable, Mapping
from typing import Any

import ipywidgets as widgets

from collapse_lib.explorers.run_box import RunBox

__all__ = ["FramesRunPanel"]

STYLE = {"description_width": "9rem"}
LAYOUT = {"width": "28rem"}


class FramesRunPanel(RunBox):
    """A FramesExplorer with sliders for a run's settings, Run in Python, Stop and progress.

    Each generation appears in the figure's condition "your run" when it is yielded; see
    `FramesExplorer.with_python` for run and settings. controls: name -> widget.
    """

    def __init__(self, explorer, run: Callable, settings: Mapping[str, Any]):
        if not callable(run):
            raise TypeError(
                "with_python: run must be a callable that takes a dict of settings and yields "
                f"(generation, values); got {type(run).__name__}."
            )
        self.run = run
        self.controls = {name: _control(name, given) for name, given in settings.items()}
        said = "Your own run, in this kernel."
        super().__init__(explorer, said=said, controls=self.controls.values())

    def settings(self):
        return {name: control.value for name, control in self.controls.items()}

    def total(self, settings):
        stored = next(iter(self.explorer.conditions.values())).generations[-1]
        return max(1, int(settings.get("n_generations", stored)))

    def verdict(self, done, stopped):
        frames = f"{done:,} frame{'' if done == 1 else 's'}"
        return f"{'Stopped' if stopped else 'Done'}: {frames} in the figure."

    def stream(self, settings):
        self.explorer.begin_run()
        frames = iter(self.run(settings))
        try:
            for frame in frames:
                generation, values = _pair(frame)
                self.explorer.add_frame(generation, values)
                yield int(generation), f"Generation {int(generation):,}."
        finally:
            if hasattr(frames, "close"):
                frames.close()


def _pair(frame):
    if isinstance(frame, tuple) and len(frame) == 2 and isinstance(frame[1], Mapping):
        return frame
    raise TypeError(
        "A run must yield (generation, {label: value}) for each generation; "
        f"got {type(frame).__name__}."
    )


def _control(name: str, given):
    if isinstance(given, widgets.Widget):
        return given
    if not isinstance(given, tuple) or len(given) != 3:
        raise ValueError(
            f"with_python: settings must be (lower, upper, start) or a widget; got {given!r} "
            f"for {name!r}."
        )
    lower, upper, start = given
    if not lower <= start <= upper:
        raise ValueError(
            f"with_python: settings must be (lower, upper, start) with the start between; "
            f"got {given!r} for {name!r}."
        )
    look = {"description": name.replace("_", " "), "style": STYLE, "layout": LAYOUT}
    if all(isinstance(value, int) for value in given):
        return widgets.IntSlider(min=lower, max=upper, value=start, **look)
    step = (upper - lower) / 100
    return widgets.FloatSlider(min=lower, max=upper, value=start, step=step, **look)
