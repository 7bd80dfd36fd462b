"""FramesExplorer: what Python has run, scrubbed by generation and condition.

For every experiment that is too long for the page to run: arrays in, nothing computed but the whole
numbers that carry them. The drawing is in frames/*.mjs. How to add another figure stands in `host`.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import traitlets

from collapse_lib.arguments import check_choice, check_type, got
from collapse_lib.explorers.frames.packing import Packer
from collapse_lib.explorers.frames.record import (
    Frames,
    cut_by,
    is_generation,
    must_agree,
    shared_panels,
    shared_plots,
)
from collapse_lib.explorers.frames.run_panel import FramesRunPanel
from collapse_lib.explorers.frames.still import still_frames
from collapse_lib.explorers.host import StaticWidget
from collapse_lib.plotting.drawing.text import clean
from collapse_lib.plotting.figure import BookFigure

__all__ = ["YOUR_RUN", "FramesExplorer"]

HERE = Path(__file__).parents[1]
YOUR_RUN = "your run"
STATE = ("v", "condition", "generation", "playing")


class FramesExplorer(StaticWidget):
    """An interactive figure of stored results: panels and linked curves over the generations.

        FramesExplorer("digits", title="...", try_this="...", caption="...", alt="...",
                       conditions={"replace": Frames([0, 1, 2], [Images("digits", images)],
                                                     [Curve("variance", variance)])})

    name: lower-case words with dashes, unique in its chapter; links say `#fig=<name>&generation=3`.
    title, try_this, caption: shown with it; try_this is one sentence. alt: a sentence that says
        what the still figure shows.
    conditions: name -> Frames, the first shown first; their generations and panels may differ, but
        what has one label must be drawn in one way. Where half of the generations lie in the first
        tenth of them, the curves are drawn over their logarithm.
    choose: the label of the choice of a condition.
    start: {"condition": ..., "generation": ..., "playing": True} or a part of it; without a
        generation the first. playing: it starts by itself when it comes into sight, unless the
        reader wants less motion.

    Traits, the same in Python and in JupyterLab: `state`, a dict as `start`; `frames` and `data`,
    what is drawn and its bytes; `meta`, the texts.

    Raises ValueError or TypeError with one sentence for what cannot be shown.
    """

    module = HERE / "frames" / "frames.mjs"
    style = (HERE / "view" / "figure.css", HERE / "frames" / "frames.css")

    state = traitlets.Dict().tag(sync=True)
    frames = traitlets.Dict().tag(sync=True)
    data = traitlets.Bytes().tag(sync=True)
    meta = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        name: str,
        *,
        title: str,
        caption: str,
        alt: str,
        conditions: Mapping[str, Frames],
        try_this: str = "",
        choose: str = "Condition",
        start: Mapping[str, Any] | None = None,
    ):
        self.conditions = _checked(conditions)
        panels, plots = shared_panels(self.conditions), shared_plots(self.conditions)
        packer = Packer(panels, plots)
        held = [packer.add(each, frames) for each, frames in self.conditions.items()]
        meta = {"name": name, "title": title, "tryThis": try_this, "caption": caption}
        self._run_number, self._sent = 0, []
        super().__init__(
            name,
            alt=alt,
            meta=meta | {"choose": choose},
            frames={"panels": panels, "plots": plots, "conditions": held},
            data=packer.deflated(),
            state={"v": 2, "playing": False} | dict(start or {}),
        )
        self.on_msg(self._answer)

    def still(self) -> BookFigure:
        return still_frames(
            self.conditions,
            name=self.name,
            title=self.meta["title"],
            caption=self.meta["caption"],
            alt=self.alt,
        )

    def with_python(self, run: Callable, settings: Mapping[str, Any] | None = None):
        """Return the figure with a panel that runs the learner's own code into it.

        run: a callable that takes a dict of settings and yields (generation, values) for each
            generation; values: label -> what that panel or curve shows. Panels take the array of
            one generation, Images also (array, tags) and Points (array, groups); curves a number or
            (median, lower, upper). What is left out is not shown.
        settings: name -> (lower, upper, start), or a widget that has a value; whole numbers give a
            slider of whole numbers. `n_generations`, where there is one, is the end of the progress
            bar.
        """
        return FramesRunPanel(self, run, settings or {})

    def begin_run(self):
        """Let the next frame be the first of a new run."""
        self._run_number += 1
        self._sent = []

    def add_frame(self, generation: int, values: Mapping[str, Any]) -> list[str]:
        """Show one more generation of the condition "your run".

        generation: above that of the frame before; values: as for `with_python`. Returns a sentence
        for each panel that cannot show all of its values on the scale that the figure has. Raises
        ValueError for a label that the figure does not have, or arrays that it cannot draw.
        """
        if not is_generation(generation):
            raise ValueError(
                "A run must yield generations that are whole numbers, from 0 on; "
                f"{got(generation)}."
            )
        frames = self._frame(generation, values)
        last = self._sent[-1][0]["generations"][0] if self._sent else -1
        if frames.generations[0] <= last:
            raise ValueError(
                f"A run must yield generations that rise; got {generation} after {last}."
            )
        packer = Packer(self.frames["panels"], self.frames["plots"])
        described = packer.add(YOUR_RUN, frames)
        self._sent.append((described, bytes(packer.raw)))
        self._tell(len(self._sent) - 1)
        scales = {spec["label"]: spec for spec in self.frames["panels"]}
        cut = [cut_by(scales[panel.label], panel) for panel in frames.panels]
        return [sentence for sentence in cut if sentence]

    @property
    def run_generations(self) -> list[int]:
        """The generations of the run so far."""
        return [described["generations"][0] for described, _ in self._sent]

    def _frame(self, generation: int, values: Mapping[str, Any]) -> Frames:
        panels = {p.label: p for frames in self.conditions.values() for p in frames.panels}
        curves = {c.label: c for frames in self.conditions.values() for c in frames.curves}
        for label in values:
            check_choice("A run: label of a value", label, panels | curves)
        frames = Frames(
            [generation],
            [panels[label].one(value) for label, value in values.items() if label in panels],
            [curves[label].one(value) for label, value in values.items() if label in curves],
        )
        for panel in frames.panels:
            must_agree(panel, YOUR_RUN, panels[panel.label], "the figure")
        return frames

    def _tell(self, index: int):
        described, raw = self._sent[index]
        message = {"kind": "frame", "run": self._run_number, "index": index, "condition": described}
        self.send(message, buffers=[raw])

    def _answer(self, _, content, __):
        """A view that was opened late, or has missed a frame, asks for all of them."""
        if isinstance(content, dict) and content.get("kind") == "frames?":
            for index in range(len(self._sent)):
                self._tell(index)

    @traitlets.validate("state")
    def _check_state(self, proposal):
        given = proposal["value"]
        for key in sorted(set(given) - {"v"}):
            check_choice("FramesExplorer.start: key", key, STATE[1:])
        state = {"v": 2, "condition": next(iter(self.conditions)), "playing": False} | given
        if state["condition"] != YOUR_RUN:
            check_choice("FramesExplorer.start: condition", state["condition"], self.conditions)
            known = self.conditions[state["condition"]].generations
            state.setdefault("generation", known[0])
            if state["generation"] not in known:
                raise ValueError(
                    f"FramesExplorer.start: generation must be one of those of "
                    f"{state['condition']!r}; {got(state['generation'])}."
                )
        return {key: state[key] for key in STATE if key in state}


def _checked(conditions: Mapping[str, Frames]) -> dict[str, Frames]:
    if not conditions:
        raise ValueError("FramesExplorer.conditions must not be empty; got none.")
    found = {}
    for name, frames in conditions.items():
        text = clean(name)
        if not text or text in found or text == YOUR_RUN:
            raise ValueError(
                f"FramesExplorer.conditions must have different names, none of them empty or "
                f"{YOUR_RUN!r}; {got(name)}."
            )
        check_type(f"FramesExplorer.conditions {name!r}", frames, Frames)
        found[text] = frames
    return found
