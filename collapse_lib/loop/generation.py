"""Records of a run: one Generation a generation, and the Trajectory that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from collapse_lib.data import Dataset

__all__ = ["Generation", "Trajectory"]


@dataclass(frozen=True, eq=False)
class Generation:
    """One turn of the loop.

    index: 1, 2, ...; generation 1 is fitted to the real data.
    train: the Dataset that the model was fitted to (its `origin` says what was real).
    model: the fitted model.
    sample: (n_samples, ...) rows drawn from it, as published (read-only).
    reference: (n_reference, ...) real rows that are never trained on, the same all through a run.
    metrics: name -> float.
    """

    index: int
    train: Dataset | None
    model: Any
    sample: np.ndarray | None
    reference: np.ndarray
    metrics: Mapping[str, float]

    def without_rows(self) -> "Generation":
        """The same record with its rows and its model let go."""
        return replace(self, train=None, model=None, sample=None)


class Trajectory(Sequence):
    """The generations of one run, oldest first: trajectory[0] is generation 1.

    Under keep="last" only the newest generation still holds rows and a model; every generation
    keeps its metrics.
    """

    def __init__(self, generations: Sequence[Generation]):
        self._generations = tuple(generations)

    def __len__(self) -> int:
        return len(self._generations)

    def __getitem__(self, index):
        found = self._generations[index]
        return Trajectory(found) if isinstance(index, slice) else found

    def __repr__(self) -> str:
        names = ", ".join(self._generations[0].metrics) if self._generations else ""
        return f"Trajectory({len(self)} generations; metrics: {names or 'none'})"

    def column(self, name: str) -> np.ndarray:
        """One metric over the generations: (n_generations,) floats."""
        known = list(self._generations[0].metrics) if self._generations else []
        if name not in known:
            raise KeyError(
                f"Trajectory.column: no metric is called {name!r}; this run has {known}."
            )
        return np.array([generation.metrics[name] for generation in self._generations])

    def records(self) -> list[dict]:
        """One flat dict a generation: {"generation": t, metric: value, ...}."""
        return [{"generation": g.index, **g.metrics} for g in self._generations]

    def to_frame(self):
        """The records as a pandas.DataFrame, one row a generation."""
        import pandas as pd

        return pd.DataFrame.from_records(self.records())
