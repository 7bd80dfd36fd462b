"""Neighbours that live across generations: experiments that give tidy frames."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from collapse_lib.chapters.related import laws
from collapse_lib.data import Dataset
from collapse_lib.policies import FreshReal
from collapse_lib.policies.base import Policy

__all__ = [
    "MovingWorld",
    "count_originals",
    "first_of",
    "first_share",
    "invented",
    "larger_share",
    "likes_first",
    "mean_of",
    "omitted",
    "passed",
    "two_fat_one_lean",
    "unit_numbers",
    "urns",
    "variance_of",
]

N_BINS = 1000


@dataclass(frozen=True)
class MovingWorld(Policy):
    """FreshReal in a world that moves: the new real rows of generation t are `step` further than
    those of generation t - 1; what was made before stays where it was."""

    real_fraction: float
    step: float

    def __call__(self, history, source, rng):
        train = FreshReal(self.real_fraction)(history, source, rng)
        moved = self.step * (len(history) - 1) * (train.origin == 0)
        return Dataset(train.rows + moved, train.origin)


def count_originals(generation) -> float:
    """How many of the real rows, all different, are still among the samples."""
    return float(len(np.unique(generation.sample.round(6))))


def mean_of(generation) -> float:
    """The mean that the model of a generation learned."""
    return float(generation.model.mean_)


def variance_of(generation) -> float:
    """The variance of what a generation was trained on, divided by n."""
    return float(np.var(generation.train.rows))


def first_of(generation) -> float:
    """Per cent that the model of a generation gives to the first kind."""
    return 100 * float(generation.model.probabilities_[0])


def first_share(p):
    """Per cent of the first kind in the laws of an exact chain: p (..., K) -> (...)."""
    return 100 * p[..., 0]


def likes_first(rows):
    """A reward: 1 for rows of the first kind, 0 for the rest."""
    return (rows == 0).astype(float)


def two_fat_one_lean(t: int) -> int:
    """Rows of generation t: 100, 100, 10 and again."""
    return 10 if t % 3 == 2 else 100


def unit_numbers(n, rng):
    """A source: n numbers, uniform between 0 and 1."""
    return rng.random(n)


def omitted(generation) -> float:
    """Per cent of the thousandths of [0, 1] without a training row."""
    counts, _ = np.histogram(generation.train.rows, bins=N_BINS, range=(0, 1))
    return 100 * float(np.mean(counts == 0))


def invented(generation) -> float:
    """Per cent of the samples outside [0, 1]."""
    return 100 * float(np.mean((generation.sample < 0) | (generation.sample > 1)))


def urns(strength: float, *, counts, n_draws: int, n_replicates: int, seed) -> pd.DataFrame:
    """Urns to which each draw adds one of its colour: drawn, replicate, share
    (per cent of the first colour).

    strength: a colour is drawn in proportion to its count to this power; 1 is Polya's urn. counts:
    the two numbers at the start. A hundred equal steps of the draws are kept."""
    rng = np.random.default_rng(seed)
    balls = np.tile(np.asarray(counts, dtype=float), (n_replicates, 1))  # (R, 2)
    every, found = max(n_draws // 100, 1), []
    for drawn in range(n_draws + 1):
        if drawn % every == 0:
            share = 100 * balls[:, 0] / balls.sum(axis=1)
            found.append(
                pd.DataFrame({"drawn": drawn, "replicate": range(n_replicates), "share": share})
            )
        odds = (balls[:, 0] / balls[:, 1]) ** strength
        first = rng.random(n_replicates) * (1 + odds) < odds
        balls[:, 0] += first
        balls[:, 1] += ~first
    return pd.concat(found, ignore_index=True)


def larger_share(share):
    """Per cent of whichever of two colours has more, from the per cent of one."""
    return np.maximum(share, 100 - share)


def passed(difficulties, tries) -> pd.DataFrame:
    """pass@k before and after the odds of each task are squared: tasks, k, training,
    replicate (0), solved (per cent).

    difficulties: name -> (a, b) of the Beta law of the tasks' chances."""
    return pd.DataFrame(
        [
            (tasks, k, training, 0, 100 * laws.pass_at_k(law, k, power))
            for tasks, law in difficulties.items()
            for training, power in (("before", 1.0), ("after", 2.0))
            for k in tries
        ],
        columns=["tasks", "k", "training", "replicate", "solved"],
    )
