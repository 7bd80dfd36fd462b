"""Records of a run: one Generation a generation, and the Trajectory that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from collapse_lib.arguments import check_path, check_several, check_type
from collapse_lib.data import Dataset
from collapse_lib.loop.files import Spans, damaged, read_pair, spanned, write_pair

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
    metrics: Mapping[str, float] = field(default_factory=dict)

    def without_rows(self) -> "Generation":
        """The same record with its rows and its model let go."""
        return replace(self, train=None, model=None, sample=None)


class Trajectory(Sequence):
    """The generations of one run, oldest first: trajectory[0] is generation 1.

    Under keep="last" only the newest generation still holds rows and a model; every generation
    keeps its metrics.
    """

    def __init__(self, generations: Sequence[Generation]):
        self._generations = tuple(check_several("Trajectory.generations", generations))
        for each in self._generations:
            check_type("an entry of Trajectory.generations", each, Generation)

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
        """A tidy pandas.DataFrame: `generation`, and one column a metric. One run has no column
        `replicate`; `sweep` adds it, and those of its settings, before these."""
        import pandas as pd

        return pd.DataFrame.from_records(self.records())

    def plot(self, *measures: str, x="generation", label: str | None = None, **words):
        """A figure of measures over the generations, by `collapse_lib.plotting.curves`; x: another
        column, or an Axis; label: of the axis of the measures; words: title, caption, alt, theory
        and the like of the figure. Raises ValueError for a measure that there is not.
        """
        from collapse_lib.plotting import Axis, curves

        if label is None:
            label = measures[0].replace("_", " ") if len(measures) == 1 else "measures"
        return curves(self, x=x, y=Axis(label, column=measures), **words)

    def save(self, folder) -> None:
        """Write trajectory.npz and trajectory.json into a folder, over any that are there.

        Everything is saved but the models. Rows that share memory, such as the training sets of
        Accumulate, are written once.
        """
        spans, about = Spans(), []
        for g in self:
            train = g.train and [spans.add(a) for a in (g.train.rows, g.train.origin)]
            if train and g.train.weights is not None:
                train.append(spans.add(g.train.weights))
            rows = {"sample": spans.add(g.sample), "reference": spans.add(g.reference)}
            about.append({"index": g.index, "train": train, **rows, "metrics": dict(g.metrics)})
        path = check_path("Trajectory.save: folder", folder, is_folder=True)
        write_pair(path / "trajectory", spans.arrays(), {"generations": about})

    @classmethod
    def load(cls, folder) -> "Trajectory":
        """The trajectory that was saved in a folder, equal in all but its models, which are None.

        Raises FileNotFoundError for no folder, ValueError where a file is missing or damaged.
        """
        path = check_path("Trajectory.load: folder", folder, is_folder=True, must_exist=True)
        remedy = "Restore it, or save the trajectory again."
        arrays, about = read_pair(path / "trajectory", remedy)
        found = []
        try:
            for g in about["generations"]:
                train = g["train"] and Dataset(*(spanned(arrays, span) for span in g["train"]))
                sample, reference = (spanned(arrays, g[name]) for name in ("sample", "reference"))
                found.append(Generation(g["index"], train, None, sample, reference, g["metrics"]))
        except (LookupError, TypeError, ValueError, AttributeError) as error:  # of another hand
            raise damaged(path / "trajectory.json", remedy) from error
        return cls(found)
