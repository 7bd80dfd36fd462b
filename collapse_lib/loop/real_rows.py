"""RealRows: the one door through which real rows enter a run, with its checks."""

import numpy as np

from collapse_lib.loop.streams import REFERENCE, SOURCE, START, Streams

__all__ = ["RealRows", "check_finite", "owned"]


class RealRows:
    """A source as one run sees it: started, checked at every draw, and its errors told with the
    generation in which they happened.

    source: source(n, rng) -> n rows; may have start(rng) -> source, called once here. A started
    source that has `reference(n)` gives its own hold-out; any other is asked for reference rows.
    """

    def __init__(self, source, streams: Streams):
        if not callable(source):
            raise TypeError(
                f"source must be callable as source(n, rng); got {type(source).__name__}. "
                "Wrap your own rows with collapse_lib.sources.from_array(rows)."
            )
        self.generation = 0
        names = (getattr(source, "name", None), getattr(source, "__name__", None))
        self._name = next((name for name in names if name), type(source).__name__)
        start = getattr(source, "start", None)
        self._source = start(streams.rng(0, START)) if start else source
        self._streams = streams
        self._row_shape = None

    def original(self, n: int) -> np.ndarray:
        """The n real rows that generation 1 is fitted to."""
        return self(n, self._streams.rng(0, SOURCE))

    def reference(self, n: int) -> np.ndarray:
        """Real rows to measure against, never trained on: n of them, or what is held out."""
        held_out = getattr(self._source, "reference", None)
        if held_out is not None:
            rows = owned(np.asarray(held_out(n)))
            if not len(rows):
                raise ValueError(
                    f"{self._name} has too few rows to hold any out as a reference; give it at "
                    "least 5."
                )
            self._check(rows, len(rows))
        else:
            rows = self(n, self._streams.rng(0, REFERENCE))
        rows = rows.view()
        rows.flags.writeable = False
        return rows

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        try:
            rows = owned(np.asarray(self._source(n, rng)))
        except ValueError as error:
            where = f"generation {self.generation}" if self.generation else "the original real rows"
            kind = type(error) if type(error).__init__ is ValueError.__init__ else ValueError
            raise kind(f"While drawing for {where}: {error}") from error
        self._check(rows, n)
        return rows

    def _check(self, rows: np.ndarray, n: int) -> None:
        if rows.ndim == 0 or len(rows) != n:
            got = "a single number" if rows.ndim == 0 else f"{len(rows)}"
            raise ValueError(f"{self._name} was asked for {n} rows and returned {got}.")
        if self._row_shape is None:
            self._row_shape = rows.shape[1:]
        if rows.shape[1:] != self._row_shape:
            raise ValueError(
                f"{self._name} must return rows of one shape; first {self._row_shape}, "
                f"now {rows.shape[1:]}."
            )
        if rows.dtype.kind == "O":
            raise TypeError(f"{self._name} must return an array of numbers, not Python objects.")
        check_finite(rows, f"{self._name} returned", "Clean the data before the loop.")


def owned(rows: np.ndarray) -> np.ndarray:
    """The rows, copied where they are a view of memory that somebody else may write to."""
    return rows if rows.flags.owndata else rows.copy()


def check_finite(rows: np.ndarray, whose: str, remedy: str) -> None:
    """Raise one sentence that counts the rows with NaN or infinity, if there are any."""
    if rows.dtype.kind in "fc" and not np.isfinite(rows).all():
        finite = np.isfinite(rows).reshape(len(rows), -1).all(axis=1)
        raise ValueError(
            f"{whose} {np.sum(~finite)} of {len(rows)} rows with NaN or infinity "
            f"(the first is row {np.argmin(finite)}). {remedy}"
        )
