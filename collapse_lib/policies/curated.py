"""Curated: people, or a model of their taste, choose among the samples what is published on."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_callable, check_count, check_numbers
from collapse_lib.policies.base import DataPolicy, per_row
from collapse_lib.policies.wrapped import Wrapper

__all__ = ["Curated"]


@dataclass(frozen=True)
class Curated(Wrapper):
    """Another policy's training set, of whose synthetic rows one in n_choices is chosen.

    The m synthetic rows (origin above 0) are dealt in random order into m // n_choices groups; of
    a group, row x is taken with probability e^r(x) / sum of e^r over the group (Bradley-Terry).
    Real rows all stay. So the synthetic part shrinks n_choices-fold (a remainder of fewer than
    n_choices rows is left out), and the real share grows: publish more rows where size matters.

    reward: reward(rows) -> (n,) finite numbers r; a difference of 1 makes a row e times as likely
        to be taken as another.
    n_choices: rows to choose from, 1 or more; 1 keeps every row.

    Raises ValueError naming the generation for rewards of another shape, NaN or infinite ones,
    for fewer synthetic rows than n_choices, and for a reward that tells no rows apart: neither
    the synthetic nor the original ones. (In a loop that has reached the best reward all samples
    may well be worth the same: that is no fault.)

    Source: Ferbach, Bertrand, Bose and Gidel, arXiv:2407.09499; its theory is
    `collapse_lib.theory.curated_probabilities`.
    """

    policy: DataPolicy
    reward: Callable[[np.ndarray], np.ndarray]
    n_choices: int = 2

    def __post_init__(self):
        super().__post_init__()
        check_callable("Curated.reward", self.reward, "reward(rows)")
        n_choices = check_count("Curated.n_choices", self.n_choices, least=1)
        object.__setattr__(self, "n_choices", n_choices)

    def __call__(self, history, source, rng):
        train, t = self.policy(history, source, rng), len(history)
        synthetic = np.flatnonzero(train.origin > 0)  # (m,)
        n_groups = len(synthetic) // self.n_choices
        if not n_groups:
            raise ValueError(
                f"Curated.n_choices is {self.n_choices}, but generation {t} has "
                f"{len(synthetic)} synthetic rows to choose from; publish more rows."
            )
        reward = self._rewards(train.rows[synthetic], history[0].rows, t)  # (m,)
        dealt = rng.permutation(len(synthetic))[: n_groups * self.n_choices]
        dealt = dealt.reshape(n_groups, self.n_choices)
        # The largest of r + Gumbel noise falls on a row with probability e^r / sum e^r.
        luck = reward[dealt] + rng.gumbel(size=dealt.shape)
        taken = dealt[np.arange(n_groups), luck.argmax(axis=1)]  # (n_groups,)
        kept = train.origin == 0
        kept[synthetic[taken]] = True
        return train.take(kept)

    def _rewards(self, rows: np.ndarray, original: np.ndarray, t: int) -> np.ndarray:
        said = f"synthetic rows of generation {t}"
        reward = per_row("Curated.reward", self.reward(rows), said, len(rows))
        reward = check_numbers(f"Curated.reward of {said}", reward)
        if np.ptp(reward) == 0 and self._tells_nothing_apart(rows, original, reward[0]):
            raise ValueError(
                f"Curated.reward is {reward[0]:.12g} for all {len(rows)} synthetic rows of "
                f"generation {t} and all original rows, so it chooses nothing; reward what "
                "differs between rows."
            )
        return reward

    def _tells_nothing_apart(self, rows, original, value) -> bool:
        rows_differ = np.any(rows != rows[0]) or np.any(original != rows[0])
        return bool(rows_differ and np.all(np.asarray(self.reward(original)) == value))
