"""The steps of one run, each with the checks that turn a fault into one sentence."""

import copy
import inspect
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, replace
from typing import Any

import numpy as np

from collapse_lib.arguments import (
    FLAG,
    check_callable,
    check_count,
    check_size,
    check_type,
    got,
    shortened,
)
from collapse_lib.data import Dataset
from collapse_lib.loop.described import described
from collapse_lib.loop.generation import Generation
from collapse_lib.loop.history import History
from collapse_lib.loop.real_rows import RealRows, returned
from collapse_lib.loop.streams import FIT, FRESH, MIX, SAMPLE, Streams
from collapse_lib.policies.base import check_is_policy, newest_only

__all__ = ["RESERVED", "Steps", "check_metrics"]

RESERVED = ("generation", "replicate")  # columns that records and sweeps have of their own
PLAIN = (int, float, str, type(None))
Size = int | Callable[[int], int]


@dataclass(eq=False)
class Steps:
    """The arguments of one run, as `generations` tells them, and what each generation does.

    recorders: objects that are told of the original rows, original(dataset), and of each turn,
    generation(generation, fresh), with the new real rows (n_fresh, ...) published beside it.
    """

    model: Any
    source: Any
    policy: Any
    _: KW_ONLY
    n_samples: Size
    seed: Any
    n_fresh: Size = 0
    metrics: Mapping[str, Callable[[Generation], float]] | None = None
    n_reference: int = 1000
    warm_start: bool = False

    def __post_init__(self):
        self.streams = Streams(self.seed)
        self.metrics = {} if self.metrics is None else self.metrics
        check_type("warm_start", self.warm_start, FLAG)
        self.n_reference = check_count("n_reference", self.n_reference, least=1)
        self.size(1), self.fresh_size(1)  # complain now, not at the first draw
        _check_model(self.model, warm_start=self.warm_start)
        check_is_policy("policy", self.policy)
        check_metrics(self.metrics)
        self.recorders = []

    def size(self, t: int) -> int:
        return check_size("n_samples", self.n_samples, t, least=1)

    def fresh_size(self, t: int) -> int:
        return check_size("n_fresh", self.n_fresh, t)

    def begin(self, n_generations: int | None = None) -> np.ndarray:
        """Draw the original real rows; returns those to measure against (n_reference, ...)."""
        self.real = RealRows(self.source, self.streams)
        reference = self.real.reference(self.n_reference)
        self.history = self._new_history(n_generations)
        original = self.history.append(Dataset.from_generation(self.real.original(self.size(1)), 0))
        self.state = {}
        for recorder in self.recorders:
            recorder.original(original)
        return reference

    def mix(self, t: int) -> Dataset:
        """The training set of generation t."""
        self.real.generation = t
        if t == 1:
            return self.history[0]
        with _where(t, f"policy {type(self.policy).__name__}"):
            train = self.policy(self.history, self.real, self.streams.rng(t, MIX))
        if not isinstance(train, Dataset):
            check_type(f"What {self.policy!r} returns in generation {t}", train, Dataset)
        if not len(train):
            raise ValueError(f"{self.policy!r} returned no rows to train on in generation {t}.")
        return train

    def fit(self, train: Dataset, t: int):
        """A copy of the model, fitted to the training set; from a state, where there is one."""
        model, name = _blank(self.model), type(self.model).__name__
        if self.state:
            model.set_state(self.state)
        weights = {}
        if train.weights is not None:
            if "sample_weight" not in inspect.signature(model.fit).parameters:
                raise TypeError(
                    f"{name}.fit takes no sample_weight, but the policy gives weights; wrap the "
                    "policy as Resampled(policy), which resamples in proportion to them."
                )
            weights = {"sample_weight": train.weights}
        with _where(t, f"{name}.fit"):
            fitted = model.fit(train.rows, rng=self.streams.rng(t, FIT), **weights)
        if fitted is None:
            raise TypeError(f"{name}.fit must return the model itself; it returned None.")
        return fitted

    def sample(self, model, t: int) -> np.ndarray:
        """Rows of the model of generation t: (n_samples, ...), shaped like the real rows."""
        n, name = self.size(t), type(model).__name__
        with _where(t, f"{name}.sample"):
            rows = model.sample(n, rng=self.streams.rng(t, SAMPLE))
        return returned(
            f"{name}.sample in generation {t}",
            rows,
            (n, *self.history[0].rows.shape[1:]),
            remedy="the model has broken down: give it more rows or regularise it",
        )

    def publish(self, sample: np.ndarray, t: int) -> np.ndarray:
        """The sample as history keeps it, with any new real rows of generation t beside it."""
        published = Dataset.from_generation(sample, t)
        if n_fresh := self.fresh_size(t):
            fresh = self.real(n_fresh, self.streams.rng(t, FRESH))
            published = Dataset.concat([published, Dataset.from_generation(fresh, 0)])
        return self.history.append(published).rows[: len(sample)]

    def measure(self, generation: Generation) -> Generation:
        """The generation with all its metrics, which see it without any."""
        measured = {}
        for name, metric in self.metrics.items():
            with _where(generation.index, f"metric {name!r}"):
                value = metric(generation)
            try:
                measured[name] = float(value)
            except (TypeError, ValueError):
                raise TypeError(
                    f"metric {name!r} must return one number; in generation {generation.index} "
                    f"it returned {shortened(value)}."
                ) from None
        return replace(generation, metrics=measured) if measured else generation

    def record(self, generation: Generation) -> None:
        """Keep what the next generation starts from, and tell the recorders."""
        self.state = self.state_of(generation.model)
        for recorder in self.recorders:
            recorder.generation(generation, self.history[-1].rows[len(generation.sample) :])

    def state_of(self, model) -> Mapping[str, np.ndarray]:
        return model.get_state() if self.warm_start else {}

    def settings(self) -> dict:
        """What a checkpoint must have been made with to go on from it, as JSON."""
        entropy, spawn_key = self.streams.key
        sizes = {"n_samples": self.n_samples, "n_fresh": self.n_fresh}
        return {
            "model": described(self.model),
            "source": described(self.source),
            "policy": described(self.policy),
            "seed": [[int(word) for word in np.atleast_1d(entropy)], [int(k) for k in spawn_key]],
            **{name: described(n) if callable(n) else int(n) for name, n in sizes.items()},
            "n_reference": self.n_reference,
            "metrics": {name: described(metric) for name, metric in self.metrics.items()},
            "warm_start": bool(self.warm_start),
        }

    def _new_history(self, n_generations: int | None) -> History:
        pooled = not newest_only(self.policy)
        turns = range(1, (n_generations or 0) + 1) if pooled else ()
        rows = sum(self.size(t) + self.fresh_size(t) for t in turns)
        return History(pooled=pooled, capacity=self.size(1) + rows)


@contextmanager
def _where(t: int, whose: str):
    """Note on an error of a function that the caller gave where it was, and whose."""
    try:
        yield
    except Exception as error:
        error.add_note(f"This was in generation {t}, in {whose}.")
        raise


def _check_model(model, *, warm_start: bool) -> None:
    name = type(model).__name__
    if isinstance(model, type):
        name = model.__name__
        raise TypeError(f"{name} is a class; make an object of it by calling it, as in {name}().")
    needed = ["fit", "sample"] + ["get_state", "set_state"] * warm_start
    missing = [method for method in needed if not callable(getattr(model, method, None))]
    if missing:
        why = "warm_start needs a model" if warm_start else "A model must come"
        raise TypeError(f"{why} with {' and '.join(needed)}; {name} has no {missing[0]}.")
    if not _takes_rng(model.fit) or not _takes_rng(model.sample):
        raise TypeError(
            f"{name} must have fit(rows, *, rng) and sample(n, *, rng), with all its randomness "
            "from rng; the models of collapse_lib.models do, and wrap those of scikit-learn."
        )


def check_metrics(metrics, taken=RESERVED, form: str = "metric(generation)") -> None:
    """Let pass name -> function, with no name of a column that is there already."""
    check_type("metrics", metrics, Mapping, f"It maps a name to a function, {form}.")
    for name, metric in metrics.items():
        if not isinstance(name, str) or name in taken:
            raise ValueError(
                f"A metric's name must be a text other than {', '.join(taken)}; {got(name)}."
            )
        check_callable(f"metrics[{name!r}]", metric, form)


def _takes_rng(method) -> bool:
    """Whether a method can be called with this keyword, as far as its signature tells."""
    try:
        parameters = inspect.signature(method).parameters
    except (TypeError, ValueError):
        return True
    return "rng" in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def _blank(model):
    """A copy to fit. Plain numbers need no deep copy, which would cost as much as a small fit."""
    fields = getattr(model, "__dict__", None)
    plain = fields is not None and all(isinstance(v, PLAIN) for v in fields.values())
    return copy.copy(model) if plain else copy.deepcopy(model)
