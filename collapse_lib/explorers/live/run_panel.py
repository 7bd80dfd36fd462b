""" "Run in Python": the loop on rows in a kernel, drawn into a live figure while it runs."""

from itertools import islice

import numpy as np

from collapse_lib.explorers.host.run_box import RunBox
from collapse_lib.explorers.live.measures import model_of, of_generation, source_of
from collapse_lib.explorers.live.settings import LIVE, policy_of
from collapse_lib.loop import generations
from collapse_lib.policies.base import newest_only

__all__ = ["RunPanel"]

MOST_ROWS = 20_000_000  # held at once


class RunPanel(RunBox):
    """A LiveExplorer with Run in Python, Stop, progress and a line of words under it.

    Each generation is added to `explorer.frames` as [generation, value], value None where it is
    not finite. The settings are those of the figure when Run is pressed, and are kept in
    `explorer.ran`; once the figure has others, the run ends and its curve goes. See
    `LiveExplorer.with_python` for model, source, policy and measure.
    """

    def __init__(self, explorer, *, model=None, source=None, policy=None, measure=None):
        self.model, self.source, self.policy, self.measure = model, source, policy, measure
        super().__init__(explorer, said="The loop on rows, in this kernel.")
        explorer.observe(lambda _: self.look_again(), names="state")

    def fits(self, ran):
        state = self.explorer.state
        return all(state[key] == ran[key] for key in LIVE["of_run"])

    def moved(self, ran, words):
        return "The settings have changed since this run: run again, or go back to them."

    def look_again(self):
        super().look_again()
        if self.ran is not None and not self.fits(self.ran):
            self.stop()

    def settings(self):
        return dict(self.explorer.state)

    def total(self, settings):
        return settings["n_generations"]

    def verdict(self, done, stopped):
        whole = done == self.progress.max
        return f"{'Done' if whole else 'Stopped'}: {done:,} generations on rows."

    def stream(self, settings):
        self.explorer.ran = settings
        self.explorer.frames = []
        policy = policy_of(settings) if self.policy is None else self.policy
        _affordable(settings, policy)
        loop = generations(
            model_of(settings) if self.model is None else self.model,
            source_of(settings) if self.source is None else self.source,
            policy,
            n_samples=settings["n_samples"],
            n_fresh=settings["n_fresh"],
            seed=settings["seed"],
        )
        frames, total = [], settings["n_generations"]
        for generation in islice(loop, total):
            value = self._measured(generation, settings)
            frames.append([generation.index, value if np.isfinite(value) else None])
            self.explorer.frames = list(frames)
            yield generation.index, f"Generation {generation.index:,} of {total:,}."

    def _measured(self, generation, settings) -> float:
        if self.measure is not None:
            return float(self.measure(generation))
        return of_generation(generation, settings)


def _affordable(settings, policy):
    """Refuse, in one sentence, a run that would hold too many rows."""
    a_turn = settings["n_samples"] + settings["n_fresh"]
    keeps_all = not newest_only(policy)
    rows = a_turn * (settings["n_generations"] + 1 if keeps_all else 3)
    if rows > MOST_ROWS:
        raise ValueError(
            f"Python would have to hold {rows:,} rows, and this panel stops at {MOST_ROWS:,}; "
            "lower n or the generations. The curves above need no rows and go on to 10^12."
        )
