"""Checkpoint: a folder of .npz and JSON from which a killed run goes on.

    run.json                what the run was made with
    original.json           the digest of the real rows that it began with
    generation-000001.npz   sample, origin and, for warm starts, the model's state
    generation-000001.json  metrics, and the digest of the .npz beside it

Nothing that was saved is ever deleted.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np

from collapse_lib.arguments import check_path
from collapse_lib.data import Dataset
from collapse_lib.loop.files import damaged, digest_of, read_json, read_pair, write_json, write_pair
from collapse_lib.loop.generation import Generation
from collapse_lib.loop.steps import Steps

__all__ = ["Checkpoint", "Resumed", "Saved"]

FORMAT = 3
REMEDY = (
    "Everything else is untouched: restore it, or move that generation and all later ones away to "
    "go on from before it."
)


class Saved(NamedTuple):
    """One generation as a checkpoint holds it."""

    sample: np.ndarray
    metrics: Mapping[str, float]
    state: Mapping[str, np.ndarray]


class Checkpoint:
    """The folder of one run: told of its original rows and of each generation, it saves them.

    Raises ValueError with one sentence when the folder belongs to a run with other settings or
    when a file in it is damaged. Nothing is written before the first generation is saved.
    """

    def __init__(self, folder, settings: Mapping):
        self.folder = check_path("checkpoint", folder, is_folder=True)
        settings = json.loads(json.dumps({"format": FORMAT, **settings}))
        self._about_run = {"run.json": settings}
        path = self.folder / "run.json"
        paths = self.folder.iterdir() if self.folder.exists() else ()
        names = (re.fullmatch(r"generation-(\d+)\.json", each.name) for each in paths)
        indices = {int(name[1]) for name in names if name}
        if indices and not path.exists():
            raise ValueError(
                f"The folder {self.folder} holds generations and no run.json, so that nobody can "
                "say which run they are of. Restore that file, or use another folder."
            )
        self._same_run()
        self.newest = next(t for t in range(len(indices) + 1) if t + 1 not in indices)

    def _same_run(self) -> None:
        """Make sure that the folder, if it is one of a run already, is of this run."""
        path, settings = self.folder / "run.json", self._about_run["run.json"]
        found = read_json(path, REMEDY) if path.exists() else settings
        for name, now in settings.items():
            if found.get(name) != now:
                raise ValueError(
                    f"The checkpoint in {self.folder} was made with {name} = "
                    f"{found.get(name)!r:.300}; this run has {now!r:.300}. Use another folder, or "
                    "the same settings."
                )

    def original(self, dataset: Dataset) -> None:
        """Make sure that the source still gives the real rows that the run began with."""
        path = self.folder / "original.json"
        digest = {"original_rows": digest_of(np.ascontiguousarray(dataset.rows).tobytes())}
        self._about_run["original.json"] = digest
        if path.exists() and read_json(path, REMEDY) != digest:
            raise ValueError(
                f"The source gives other real rows than those the checkpoint in {self.folder} "
                "began with. Use another folder, or the source as it was."
            )

    def load(self, t: int, n_samples: int, n_fresh: int) -> Saved | None:
        """What was saved of generation t, or None where the run has yet to get there. It must be
        of the sizes that this run has at t."""
        if t > self.newest:
            return None
        found, about = read_pair(self._path(t), REMEDY)
        try:
            sample, origin, metrics = found.pop("sample"), found.pop("origin"), about["metrics"]
            sizes = len(sample), len(origin)
        except (KeyError, TypeError) as error:  # of another hand
            raise damaged(self._path(t).with_suffix(".npz"), REMEDY) from error
        if sizes != (n_samples, n_samples + n_fresh):
            raise ValueError(
                f"Generation {t} in {self.folder} has {len(sample)} samples and "
                f"{len(origin) - len(sample)} new real rows; this run has {n_samples} and "
                f"{n_fresh}. Use another folder, or the same n_samples and n_fresh."
            )
        state = {name.removeprefix("state."): array for name, array in found.items()}
        return Saved(sample, metrics, state)

    def generation(self, generation: Generation, fresh: np.ndarray) -> None:
        """Save one Generation, unless it is saved already; a kill at any moment leaves it either
        whole or not saved."""
        t, sample = generation.index, generation.sample
        if t <= self.newest:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._about_run.items():
            if not (self.folder / name).exists():
                write_json(self.folder / name, content)
        self._same_run()  # another one may have begun here since
        warm = self._about_run["run.json"]["warm_start"]
        state = generation.model.get_state() if warm else {}
        arrays = {f"state.{name}": array for name, array in state.items()}
        arrays |= {"sample": sample, "origin": np.repeat([t, 0], [len(sample), len(fresh)])}
        write_pair(self._path(t), arrays, {"metrics": dict(generation.metrics)})

    def _path(self, t: int):
        return self.folder / f"generation-{t:06d}"


@dataclass(kw_only=True, eq=False)
class Resumed(Steps):
    """The steps of a run with a checkpoint: what was saved is read, and nothing drawn for it.

    folder: of the checkpoint. refit_all: fit the models of all generations read, or only of the
    newest and of n_generations, the last.
    """

    folder: Any
    n_generations: int
    refit_all: bool

    def __post_init__(self):
        super().__post_init__()
        self.checkpoint = Checkpoint(self.folder, self.settings())
        self.recorders.append(self.checkpoint)

    def fit(self, train, t):
        self.saved = self.checkpoint.load(t, self.size(t), self.fresh_size(t))
        ends = (self.checkpoint.newest, self.n_generations)
        wanted = self.saved is None or self.refit_all or t in ends
        return super().fit(train, t) if wanted else None

    def sample(self, model, t):
        return super().sample(model, t) if self.saved is None else self.saved.sample

    def measure(self, generation):
        if self.saved is None:
            return super().measure(generation)
        return replace(generation, metrics=self.saved.metrics)

    def state_of(self, model):
        return super().state_of(model) if self.saved is None else self.saved.state
