"""RealRows: the one door through which real rows enter a run, with its checks."""

import numpy as np

from collapse_lib.arguments import as_array, check_callable, check_rows
from collapse_lib.loop.streams import REFERENCE, SOURCE, START, Streams

__all__ = ["RealRows", "returned"]


class RealRows:
    """A source as one run sees it: started, checked at every draw, and its errors told with the
    generation in which they happened.

    source: source(n, rng) -> n rows; may have start(rng) -> source, called once here. A started
    source that has `reference(n)` gives its own hold-out; any other is asked for reference rows.
    """

    def __init__(self, source, streams: Streams):
        remedy = "Wrap your own rows with collapse_lib.sources.from_array(rows)."
        check_callable("source", source, "source(n, rng)", remedy)
        self.generation = 0
        self._name = getattr(source, "name", None) or getattr(source, "__name__", None)
        self._name = self._name or type(source).__name__
        start = getattr(source, "start", None)
        self._source = start(streams.rng(0, START)) if start else source
        self._streams, self._row_shape = streams, None

    def original(self, n: int) -> np.ndarray:
        """The n real rows that generation 1 is fitted to."""
        return self(n, self._streams.rng(0, SOURCE))

    def reference(self, n: int) -> np.ndarray:
        """Real rows to measure against, never trained on: n of them, or what is held out."""
        if hasattr(self._source, "reference"):
            rows = as_array(f"{self._name}.reference", self._source.reference(n))
            if not len(rows):
                raise ValueError(
                    f"{self._name} has too few rows to hold any out as a reference; give it at "
                    "least 5."
                )
            rows = self._checked(rows, len(rows))
        else:
            rows = self(n, self._streams.rng(0, REFERENCE))
        rows = rows.view()
        rows.flags.writeable = False
        return rows

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        try:
            rows = self._source(n, rng)
        except ValueError as error:
            where = f"generation {self.generation}" if self.generation else "the original real rows"
            kind = type(error) if type(error).__init__ is ValueError.__init__ else ValueError
            raise kind(f"While drawing for {where}: {error}") from error
        return self._checked(rows, n)

    def _checked(self, rows, n: int) -> np.ndarray:
        if self._row_shape is None:
            self._row_shape = as_array(self._name, rows).shape[1:]
        return returned(self._name, rows, (n, *self._row_shape))


def returned(whose: str, rows, shape: tuple, remedy="clean the data before the loop") -> np.ndarray:
    """Rows that a source or a model returned: of this shape and finite, copied where they are a
    view of memory that somebody else may write to."""
    rows = as_array(whose, rows)
    if rows.shape != shape:
        raise ValueError(f"{whose} must return rows of shape {shape}; got shape {rows.shape}.")
    kind = rows.dtype.kind
    if kind == "O" or (kind in "fc" and not np.isfinite(rows).all()):
        check_rows(whose, rows, remedy=remedy)  # says what is wrong
    return rows if rows.flags.owndata else rows.copy()
