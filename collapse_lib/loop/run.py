"""The loop: source -> mix -> fit -> sample -> measure -> record."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib.arguments import check_count, check_size
from collapse_lib.data import Dataset
from collapse_lib.loop.checkpoint import Checkpoint, Saved
from collapse_lib.loop.described import described
from collapse_lib.loop.generation import Generation, Trajectory
from collapse_lib.loop.history import History
from collapse_lib.loop.real_rows import RealRows
from collapse_lib.loop.steps import check_ledger, check_parts, fit, measure, mix, sample
from collapse_lib.loop.streams import FIT, FRESH, MIX, SAMPLE, Streams

__all__ = ["generations", "run_loop"]

Metric = Callable[[Generation], float]
Size = int | Callable[[int], int]


def generations(
    model,
    source,
    policy,
    *,
    n_samples: Size,
    seed,
    n_fresh: Size = 0,
    metrics: Mapping[str, Metric] | None = None,
    n_reference: int = 1000,
    warm_start: bool = False,
) -> Iterator[Generation]:
    """The generations of one run, one after the other, without end: the caller stops.

    model: a GenerativeModel with its hyperparameters; it is copied, never fitted itself.
    source: source(n, rng) -> n real rows (collapse_lib.sources has many).
    policy: how the next training set is made (collapse_lib.policies).
    n_samples: rows that each model publishes; an int or a function of the generation t = 1, 2,
        ... The original real rows are n_samples (a function: n_samples(1)) too.
    n_fresh: new real rows published beside them at each generation; an int or a function of t.
    metrics: name -> function of a Generation that returns a float.
    n_reference: real rows kept aside for measuring; a finite source keeps at most 20 %.
    warm_start: each model starts from the state of the one before; needs get_state and set_state.
    seed: int or SeedSequence; each step of each generation has its own stream keyed by it.

    Raises ValueError or TypeError with one sentence for arguments, rows or samples that cannot be
    used.
    """
    return _Loop(
        model, source, policy, n_samples, seed, n_fresh, metrics or {}, n_reference, warm_start
    ).run()


def run_loop(
    model,
    source,
    policy,
    *,
    n_samples: Size,
    n_generations: int,
    seed,
    n_fresh: Size = 0,
    metrics: Mapping[str, Metric] | None = None,
    n_reference: int = 1000,
    warm_start: bool = False,
    progress: Callable = iter,
    checkpoint=None,
    ledger=None,
    keep: str = "all",
) -> Trajectory:
    """Run n_generations of `generations` and keep them.

    progress: wraps the range of generations, such as progress=tqdm.
    checkpoint: a folder; each generation is saved there as it is made, and a run with the same
        settings goes on from what it finds, with the same result to the last bit.
    ledger: a collapse_lib.provenance.Ledger; the source, the settings and, generation by
        generation, the training set, the model and what it published are entered there.
    keep: "all", or "last" to let go of the rows and models of all generations but the newest.

    Other arguments as for `generations`.
    """
    n_generations = check_count("n_generations", n_generations, least=1)
    if keep not in ("all", "last"):
        raise ValueError(f'keep must be "all" or "last"; got {keep!r}.')
    loop = _Loop(
        model, source, policy, n_samples, seed, n_fresh, metrics or {}, n_reference, warm_start
    )
    check_ledger(ledger)
    saved = None if checkpoint is None else Checkpoint(checkpoint, loop.settings())
    log = None if ledger is None else ledger.begin(loop.settings())
    stream = loop.run(n_generations, saved, log, refit_all=keep == "all")
    kept: list[Generation] = []
    for _ in progress(range(n_generations)):
        if keep == "last" and kept:
            kept[-1] = kept[-1].without_rows()
        kept.append(next(stream))
    return Trajectory(kept)


@dataclass
class _Loop:
    """The arguments of one run, checked, and the loop over them."""

    model: Any
    source: Any
    policy: Any
    n_samples: Size
    seed: Any
    n_fresh: Size
    metrics: Mapping[str, Metric]
    n_reference: int
    warm_start: bool

    def __post_init__(self):
        self.streams = Streams(self.seed)
        self.n_reference = check_count("n_reference", self.n_reference, least=1)
        self.size(1), self.fresh_size(1)  # complain now, not at the first draw
        check_parts(self.model, self.policy, self.metrics, warm_start=self.warm_start)

    def size(self, t: int) -> int:
        return check_size("n_samples", self.n_samples, t, least=1)

    def fresh_size(self, t: int) -> int:
        return check_size("n_fresh", self.n_fresh, t, least=0)

    def run(
        self,
        n_generations: int | None = None,
        saved: Checkpoint | None = None,
        log=None,
        refit_all=True,
    ) -> Iterator[Generation]:
        """The loop itself.

        n_generations: if known, no buffer needs to grow.
        saved: generations already made are read from there, and new ones written.
        log: what a ledger's begin() gave: told of the original rows and of each generation.
        refit_all: fit the models of all generations read, not of the newest alone.
        """
        rng = self.streams.rng
        real = RealRows(self.source, self.streams)
        reference = real.reference(self.n_reference)
        history = self._new_history(n_generations)
        original = history.append(Dataset.from_generation(real.original(self.size(1)), 0))
        row_shape = original.rows.shape[1:]
        if saved is not None:
            saved.check_original(original)
        if log is not None:
            log.original(original)
        state: Mapping = {}

        for t in itertools.count(1):
            real.generation = t
            found = None if saved is None else saved.load(t, self.size(t), self.fresh_size(t))
            train = original if t == 1 else mix(self.policy, history, real, rng(t, MIX), t=t)
            wanted = found is None or refit_all or t in (saved.newest, n_generations)
            model = fit(self.model, train, state, rng(t, FIT)) if wanted else None
            if found is None:
                rows = sample(model, self.size(t), row_shape, rng(t, SAMPLE), t=t)
            else:
                rows = found.sample
            published = history.append(self._published(rows, real, t))
            generation = Generation(
                t, train, model, published.rows[: len(rows)], reference, metrics={}
            )
            if found is None:
                found = Saved(
                    rows,
                    published.origin,
                    measure(self.metrics, generation),
                    model.get_state() if self.warm_start else {},
                )
                if saved is not None:
                    saved.save(t, found)
            generation.metrics.update(found.metrics)
            state = found.state
            if log is not None:
                log.generation(generation, published.rows[len(rows) :])
            yield generation

    def _new_history(self, n_generations: int | None) -> History:
        pooled = not getattr(self.policy, "newest_only", False)
        capacity = 0
        if pooled and n_generations is not None:
            steps = range(1, n_generations + 1)
            capacity = self.size(1) + sum(self.size(t) + self.fresh_size(t) for t in steps)
        return History(pooled=pooled, capacity=capacity)

    def _published(self, rows: np.ndarray, real: RealRows, t: int) -> Dataset:
        """The samples and, beside them, any new real rows of generation t."""
        published, n_fresh = Dataset.from_generation(rows, t), self.fresh_size(t)
        if not n_fresh:
            return published
        fresh = real(n_fresh, self.streams.rng(t, FRESH))
        return Dataset.concat([published, Dataset.from_generation(fresh, 0)])

    def settings(self) -> dict:
        """What a checkpoint must have been made with to go on from it."""
        entropy, spawn_key = self.streams.key
        sizes = {
            name: described(size) if callable(size) else int(size)
            for name, size in (("n_samples", self.n_samples), ("n_fresh", self.n_fresh))
        }
        return {
            "model": described(self.model),
            "source": described(self.source),
            "policy": described(self.policy),
            "seed": [[int(word) for word in np.atleast_1d(entropy)], [int(k) for k in spawn_key]],
            **sizes,
            "n_reference": self.n_reference,
            "metrics": {name: described(metric) for name, metric in self.metrics.items()},
            "warm_start": bool(self.warm_start),
        }
