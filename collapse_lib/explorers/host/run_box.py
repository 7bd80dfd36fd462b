"""A figure with Run, Stop, progress and a line of words: what every panel that runs Python shares.

The run has a thread of its own, so that the kernel hears of Stop and can run other cells. A stop
takes effect at the end of the generation that is being made.
"""

import threading
import time
from contextlib import closing

import ipywidgets as widgets

__all__ = ["RunBox"]

PACE = 0.03  # seconds a generation takes at least: slow enough to be watched and stopped


class RunBox(widgets.VBox):
    """An explorer with the controls of a run under it; on a page without a kernel, the explorer.

    A subclass says what a run is: `settings()` is asked when Run is pressed, `stream(settings)` is
    a generator that shows one generation after another and yields (progress, words) for each, and
    `verdict(done, stopped)` is the last line of words. What any of them raises is said in the
    panel. What is said belongs to the settings of its run, `ran`: `look_again()`, to be called when
    settings have changed, puts the words of `moved` in their place where these no longer `fits`.

    said: the first line of words; controls: widgets above the buttons.
    """

    def __init__(self, explorer, *, said: str, controls=()):
        self.explorer = explorer
        self.run_button = widgets.Button(description="Run in Python", button_style="primary")
        self.stop_button = widgets.Button(description="Stop", disabled=True)
        self.progress = widgets.IntProgress(min=0, max=1, layout={"width": "12rem"})
        self.said = widgets.Label(said)
        self.run_button.on_click(lambda _: self.start())
        self.stop_button.on_click(lambda _: self.stop())
        self.ran = None
        self._first = self._words = said
        self._stopping = threading.Event()
        self._thread = None
        row = widgets.HBox([self.run_button, self.stop_button, self.progress])
        super().__init__([explorer, *controls, row, self.said])

    def settings(self) -> dict:
        """The settings of a run that begins now."""
        raise NotImplementedError(f"{type(self).__name__} must define settings().")

    def total(self, settings: dict) -> int:
        """The progress at the end of a whole run."""
        raise NotImplementedError(f"{type(self).__name__} must define total().")

    def stream(self, settings: dict):
        """Show one generation after another; yield (progress, words) for each."""
        raise NotImplementedError(f"{type(self).__name__} must define stream().")

    def verdict(self, done: int, stopped: bool) -> str:
        """What is said after `done` generations; stopped: whether by the learner."""
        raise NotImplementedError(f"{type(self).__name__} must define verdict().")

    def fits(self, ran: dict) -> bool:
        """Whether the settings on show are those of a run."""
        return all(_same(value, ran[name]) for name, value in self.settings().items())

    def moved(self, ran: dict, words: str) -> str:
        """What is said in place of `words`, of a run with the settings `ran`, beside others."""
        raise NotImplementedError(f"{type(self).__name__} must define moved().")

    def look_again(self):
        """Say of the last run what is so beside the settings that are on show now."""
        self._say(self._first if self.ran is None else self._words)

    def give_way(self):
        """End the run, and say no more of it: another panel of the explorer shows its own."""
        self.stop()
        self.ran = None
        self.look_again()

    def start(self):
        """Begin a run with the settings of this moment, unless one is under way."""
        if self._thread is not None and self._thread.is_alive():
            return
        self.ran = None
        try:
            settings = self.settings()
            total = self.total(settings)
        except Exception as error:  # of what the learner has written into the controls
            self._say_error(error)
            return
        before, self.explorer.run_panel = getattr(self.explorer, "run_panel", None), self
        if before not in (None, self):
            before.give_way()
        self._stopping.clear()
        self.ran = settings
        self.run_button.disabled, self.stop_button.disabled = True, False
        self.progress.value, self.progress.max = 0, total
        self._thread = threading.Thread(target=self._run, args=(settings, before), daemon=True)
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
        return {**data, "text/plain": repr(self), "text/html": self.explorer.html()}

    def _run(self, settings, before):
        done, stopped = 0, False
        if before not in (None, self):
            before.wait()
        try:
            with closing(self.stream(settings)) as stream:
                began = time.monotonic()
                for progress, words in stream:
                    done += 1
                    self.progress.value = progress
                    self._say(words)
                    stopped = self._stopping.wait(max(0.0, PACE - (time.monotonic() - began)))
                    if stopped:
                        break
                    began = time.monotonic()
            words = self.verdict(done, stopped)
            self._say(words if self.ran is settings else self._first)
        except Exception as error:  # of a model, a source, a measure or a run that is not ours
            self._say_error(error)
        finally:
            self.run_button.disabled, self.stop_button.disabled = False, True

    def _say(self, words: str):
        self._words = words
        fits = self.ran is None or self.fits(self.ran)
        self.said.value = words if fits else self.moved(self.ran, words)

    def _say_error(self, error: Exception):
        self._say(f"{type(error).__name__}: {error}")


def _same(one, other) -> bool:
    try:
        return bool(one is other or one == other)
    except Exception:  # arrays, or a comparison of the learner's own
        return False
