""" "Run in Python": the loop on rows in a kernel, drawn into a figure as the generations are made.

The run has a thread of its own, so that the kernel hears of Stop and can run other cells. A stop
takes effect at the end of the generation that is being made.
"""

import threading
import time
from itertools import islice

import ipywidgets as widgets
import numpy as np

from collapse_lib.explorers.measures import model_of, of_generation, source_of
from collapse_lib.explorers.settings import policy_of
from collapse_lib.loop import generations

__all__ = ["RunPanel"]

MOST_ROWS = 20_000_000  # held at once
PACE = 0.03  # seconds a generation takes at least: slow enough to be watched and stopped
NOT_HERE = (
    "<p>In JupyterLab this cell shows the figure with a button that runs the same loop in Python, "
    "on rows.</p>"
)


class RunPanel(widgets.VBox):
    """A LiveExplorer with Run in Python, Stop, progress and a line of words under it.

    Each generation is added to `explorer.frames` as [generation, value], value None where it is
    not finite. The settings are those of the figure when Run is pressed; see
    `LiveExplorer.with_python` for model, source, policy and measure.
    """

    def __init__(self, explorer, *, model=None, source=None, policy=None, measure=None):
        self.explorer = explorer
        self.model, self.source, self.policy, self.measure = model, source, policy, measure
        self.run_button = widgets.Button(description="Run in Python", button_style="primary")
        self.stop_button = widgets.Button(description="Stop", disabled=True)
        self.progress = widgets.IntProgress(min=0, max=1, layout={"width": "12rem"})
        self.said = widgets.Label("The loop on rows, in this kernel.")
        self.run_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())
        self._stopping = threading.Event()
        self._thread = None
        row = widgets.HBox([self.run_button, self.stop_button, self.progress])
        super().__init__([explorer, row, self.said])

    def start(self):
        """Begin a run with the figure's settings of this moment, unless one is under way."""
        if self._thread is not None and self._thread.is_alive():
            return
        state = dict(self.explorer.state)
        self._stopping.clear()
        self.run_button.disabled, self.stop_button.disabled = True, False
        self.progress.value, self.progress.max = 0, state["generations"]
        self.explorer.frames = []
        self._thread = threading.Thread(target=self._run, args=(state,), daemon=True)
        self._thread.start()

    def stop(self):
        """Ask the run to end after the generation that it is making."""
        self._stopping.set()

    def wait(self, timeout=None):
        """Wait for the run to end; return whether it has."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._thread is None or not self._thread.is_alive()

    def __repr__(self):
        return f"{self.explorer!r} With Run in Python."

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = super()._repr_mimebundle_() or {}
        return {**data, "text/plain": repr(self), "text/html": NOT_HERE}

    def _run(self, state):
        try:
            done = self._stream(state)
            whole = done == state["generations"]
            self.said.value = f"{'Done' if whole else 'Stopped'}: {done:,} generations on rows."
        except Exception as error:  # of a model, a source or a measure that is not ours
            self.said.value = f"{type(error).__name__}: {error}"
        finally:
            self.run_button.disabled, self.stop_button.disabled = False, True

    def _stream(self, state):
        """Run to the end or to a stop; return how many generations there are."""
        policy = policy_of(state) if self.policy is None else self.policy
        _affordable(state, policy)
        loop = generations(
            model_of(state) if self.model is None else self.model,
            source_of(state) if self.source is None else self.source,
            policy,
            n_samples=state["n"],
            n_fresh=state["newRows"],
            seed=state["seed"],
        )
        frames, total = [], state["generations"]
        began = time.monotonic()
        for generation in islice(loop, total):
            value = self._measured(generation, state)
            frames.append([generation.index, value if np.isfinite(value) else None])
            self.explorer.frames = list(frames)
            self.progress.value = generation.index
            self.said.value = f"Generation {generation.index:,} of {total:,}."
            if self._stopping.wait(max(0.0, PACE - (time.monotonic() - began))):
                break
            began = time.monotonic()
        return len(frames)

    def _measured(self, generation, state) -> float:
        if self.measure is not None:
            return float(self.measure(generation))
        return of_generation(generation, state)


def _affordable(state, policy):
    """Refuse, in one sentence, a run that would hold too many rows."""
    a_turn = state["n"] + state["newRows"]
    keeps_all = not getattr(policy, "newest_only", False)
    rows = a_turn * (state["generations"] + 1 if keeps_all else 3)
    if rows > MOST_ROWS:
        raise ValueError(
            f"Python would have to hold {rows:,} rows, and this panel stops at {MOST_ROWS:,}; "
            "lower n or the generations. The curves above need no rows and go on to 10^12."
        )
