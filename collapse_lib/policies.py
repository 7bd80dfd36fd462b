"""Policies: how the next training set is made from what exists so far.

A policy is called as policy(history, source, rng) and returns the next training set.
    history[0]      the original real rows
    history[t]      all that was published at generation t: the samples of model t and, where the
                    run says n_fresh, that many new real rows (origin 0)
    source(n, rng)  n new real rows
Generation 1 is always fitted to history[0]; policies decide from generation 2 on.

The six policies use a handful of verbs only (of_origin, subsample, concat, from_generation,
pool). `collapse_lib.exact` offers the same verbs on sufficient statistics, so the very same
objects run there at any n.
"""

import math
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from collapse_lib.data import Dataset
from collapse_lib.sizes import check_count

__all__ = [
    "Accumulate",
    "AccumulateSubsample",
    "Anchored",
    "DataPolicy",
    "FreshReal",
    "MixReal",
    "Replace",
    "Resampled",
]


class DataPolicy(Protocol):
    """What the loop asks of a policy. `newest_only = True`, if declared, promises that only
    history[0] and history[-1] are read, so that the loop may let the rest go."""

    def __call__(self, history, source, rng: np.random.Generator) -> Dataset: ...


@dataclass(frozen=True)
class Replace:
    """The newest samples only: the regime of the collapse theorems (Shumailov et al. 2024)."""

    newest_only: ClassVar[bool] = True

    def __call__(self, history, source, rng):
        return _newest(history)


@dataclass(frozen=True)
class Accumulate:
    """Everything published so far (Gerstgrasser et al., arXiv:2404.01413). With n_fresh > 0 real
    data grows beside synthetic data."""

    def __call__(self, history, source, rng):
        return _pool(history)


@dataclass(frozen=True)
class AccumulateSubsample:
    """Everything published so far, thinned without replacement to `budget` rows (None: as many as
    the newest samples), so that compute stays fixed (Kazdan et al., arXiv:2410.16713)."""

    budget: int | None = None

    def __post_init__(self):
        if self.budget is None:
            return
        try:
            budget = check_count("budget", self.budget, least=1)
        except (TypeError, ValueError):
            raise ValueError(
                f"AccumulateSubsample.budget must be a whole number of 1 or more, or None; "
                f"got {self.budget}."
            ) from None
        object.__setattr__(self, "budget", budget)

    def __call__(self, history, source, rng):
        pool = _pool(history)
        budget = len(_newest(history)) if self.budget is None else self.budget
        return pool.subsample(min(budget, len(pool)), rng)


@dataclass(frozen=True)
class MixReal:
    """round(real_fraction * n) of the ORIGINAL real rows and the rest from the newest samples, n
    rows in all (n: the number of newest samples); a new draw without replacement each
    generation."""

    real_fraction: float
    newest_only: ClassVar[bool] = True

    def __post_init__(self):
        _check_share("MixReal.real_fraction", self.real_fraction)

    def __call__(self, history, source, rng):
        original, newest = history[0], _newest(history)
        n_real = round(self.real_fraction * len(newest))
        if n_real > len(original):
            raise ValueError(
                f"MixReal asks for {n_real} original real rows in generation {len(history)} but "
                f"there are {len(original)}; lower real_fraction or n_samples."
            )
        real = original.subsample(n_real, rng)
        return _concat(real, newest.subsample(len(newest) - n_real, rng))


@dataclass(frozen=True)
class FreshReal:
    """round(real_fraction * n) rows NEWLY drawn from the source each generation and the rest from
    the newest samples, n rows in all: migration, in the words of genetics (Wright 1931)."""

    real_fraction: float
    newest_only: ClassVar[bool] = True

    def __post_init__(self):
        _check_share("FreshReal.real_fraction", self.real_fraction)

    def __call__(self, history, source, rng):
        newest = _newest(history)
        n_real = round(self.real_fraction * len(newest))
        if n_real == 0:
            return newest
        fresh = type(newest).from_generation(source(n_real, rng), 0)
        return _concat(fresh, newest.subsample(len(newest) - n_real, rng))


@dataclass(frozen=True)
class Anchored:
    """All original real rows plus the newest samples: the synthetic augmentation loop
    (Alemohammad et al., arXiv:2307.01850; Bertrand et al., arXiv:2310.00429)."""

    newest_only: ClassVar[bool] = True

    def __call__(self, history, source, rng):
        return _concat(history[0], _newest(history))


@dataclass(frozen=True)
class Resampled:
    """Another policy's training set, resampled with replacement in proportion to its weights:
    gives weighted data to a model whose fit takes no sample_weight."""

    policy: DataPolicy

    @property
    def newest_only(self) -> bool:
        return getattr(self.policy, "newest_only", False)

    def __call__(self, history, source, rng):
        train = self.policy(history, source, rng)
        if train.weights is None:
            return train
        share = train.weights / train.weights.sum()
        chosen = train.take(rng.choice(len(train), size=len(train), p=share))
        return Dataset(chosen.rows, chosen.origin)


def _newest(history):
    return history[-1].of_origin(len(history) - 1)


def _pool(history):
    return history.pool() if hasattr(history, "pool") else _concat(*history)


def _concat(*parts):
    return type(parts[0]).concat(parts)


def _check_share(name: str, value) -> None:
    if not (isinstance(value, (int, float, np.number)) and math.isfinite(value)):
        raise ValueError(f"{name} must be a number in [0, 1]; got {value!r}.")
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be in [0, 1]; got {value}.")
