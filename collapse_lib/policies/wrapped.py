"""Policies around another policy: they keep, weigh or redraw the rows of its training set."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_callable, check_numbers
from collapse_lib.data import Dataset
from collapse_lib.policies.base import DataPolicy, Policy, check_is_policy, newest_only, per_row

__all__ = ["Filtered", "Resampled", "Weighted", "Wrapper"]


class Wrapper(Policy):
    """What the policies around another policy share; `policy` is the one inside."""

    policy: DataPolicy

    def __post_init__(self):
        check_is_policy(f"{type(self).__name__}.policy", self.policy)

    @property
    def newest_only(self) -> bool:
        return newest_only(self.policy)


@dataclass(frozen=True)
class Resampled(Wrapper):
    """Another policy's training set, resampled with replacement in proportion to its weights:
    gives weighted data to a model whose fit takes no sample_weight."""

    policy: DataPolicy

    def __call__(self, history, source, rng):
        train = self.policy(history, source, rng)
        if train.weights is None:
            return train
        share = train.weights / train.weights.sum()
        chosen = train.take(rng.choice(len(train), size=len(train), p=share))
        return Dataset(chosen.rows, chosen.origin)


@dataclass(frozen=True)
class Filtered(Wrapper):
    """The rows of another policy's training set that pass; the rest is dropped, so fewer are left.

    keep: keep(dataset, rng) -> (n,) bool, True for a row to keep; sees rows and origin. Rows keep
        their weights. `collapse_lib.policies.detectors` has Detector, Ball and NoisyVerifier.

    Raises ValueError naming the generation when nothing passes, or nothing with a weight, or keep
    returns something else.
    """

    policy: DataPolicy
    keep: Callable[[Dataset, np.random.Generator], np.ndarray]

    def __post_init__(self):
        super().__post_init__()
        check_callable("Filtered.keep", self.keep, "keep(dataset, rng)")

    def __call__(self, history, source, rng):
        train, t = self.policy(history, source, rng), len(history)
        said = f"rows of generation {t}"
        passed = per_row("Filtered.keep", self.keep(train, rng), said, len(train), "b")
        if not passed.any():
            raise ValueError(
                f"Filtered.keep let none of the {len(train)} rows of generation {t} pass; loosen "
                "it or publish more rows."
            )
        kept = train.take(passed)
        if kept.weights is not None and not kept.weights.any():
            raise ValueError(
                f"Filtered.keep let only rows of weight zero pass in generation {t}; loosen it or "
                "publish more rows."
            )
        return kept


@dataclass(frozen=True)
class Weighted(Wrapper):
    """Another policy's training set with weights, multiplied onto those it may have.

    weight: weight(dataset, rng) -> (n,) finite numbers of at least 0, in any unit; only their
        ratios count. `collapse_lib.policies.detectors` has HumanWeight and GoldenWeight. A model
        whose fit takes no sample_weight needs Resampled(Weighted(...)).

    Raises ValueError naming the generation for any other weights, or when all are zero.
    """

    policy: DataPolicy
    weight: Callable[[Dataset, np.random.Generator], np.ndarray]

    def __post_init__(self):
        super().__post_init__()
        check_callable("Weighted.weight", self.weight, "weight(dataset, rng)")

    def __call__(self, history, source, rng):
        train, t = self.policy(history, source, rng), len(history)
        said = f"rows of generation {t}"
        weights = per_row("Weighted.weight", self.weight(train, rng), said, len(train))
        weights = check_numbers(f"Weighted.weight of {said}", weights, least=0)
        if train.weights is not None:
            weights = weights * train.weights
        if not weights.any():
            raise ValueError(
                f"Weighted.weight leaves all {len(train)} rows of generation {t} with weight "
                "zero; give some row a positive weight."
            )
        return Dataset(train.rows, train.origin, weights)
