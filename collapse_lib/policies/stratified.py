"""Stratified: a training set in which each group has its share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_callable, check_number, check_numbers
from collapse_lib.policies.base import DataPolicy, per_row
from collapse_lib.policies.wrapped import Wrapper

__all__ = ["Stratified"]


@dataclass(frozen=True)
class Stratified(Wrapper):
    """Another policy's training set, resampled so that each group has its share of the rows.

    Group g gets shares[g] * n of the n rows, rounded so that the total is n (largest remainder).
    They are drawn without replacement where the group has that many rows, else with replacement.
    Shares count rows; rows keep their weights, if any.

    group: group(rows) -> (n,) whole numbers 0 .. G-1, the group that each row belongs to.
    shares: G numbers of at least 0, in any unit; a group of share 0 is left out.

    The shares of groups no longer drift; inside a group drift goes on at the rate of its few rows
    (`collapse_lib.theory.stratified_heterozygosity`). A group that is gone cannot be brought back:
    that raises ValueError, naming the group and the generation, as do groups of another shape or
    kind.

    Source: algorithmic reparation, Wyllie, Shumailov and Papernot, arXiv:2403.07857.
    """

    policy: DataPolicy
    group: Callable[[np.ndarray], np.ndarray]
    shares: Sequence[float]

    def __post_init__(self):
        super().__post_init__()
        check_callable("Stratified.group", self.group, "group(rows)")
        object.__setattr__(self, "shares", _checked_shares(self.shares))

    def __call__(self, history, source, rng):
        train, t = self.policy(history, source, rng), len(history)
        group = self._groups(train.rows, t)  # (n,)
        quotas = _quotas(self.shares, len(train))
        for g, quota in enumerate(quotas):
            if self.shares[g] > 0 and not quota:
                raise ValueError(
                    f"Stratified.shares[{g}] is {self.shares[g]:.12g}, which is no row of the "
                    f"{len(train)} of generation {t}; publish more rows."
                )
        chosen = [
            self._draw(np.flatnonzero(group == g), int(quota), g, t, rng)
            for g, quota in enumerate(quotas)
        ]
        return train.take(rng.permutation(np.concatenate(chosen)))

    def _draw(self, members, quota: int, g: int, t: int, rng) -> np.ndarray:
        if not len(members) and self.shares[g] > 0:
            raise ValueError(
                f"Stratified.shares[{g}] is {self.shares[g]:.12g}, but group {g} has no row left "
                f"in generation {t}; publish more rows or mix in real ones."
            )
        return (
            rng.choice(members, size=quota, replace=quota > len(members)) if quota else members[:0]
        )

    def _groups(self, rows, t: int) -> np.ndarray:
        said = f"rows of generation {t}"
        group = per_row("Stratified.group", self.group(rows), said, len(rows), "biu")
        check_numbers(f"Stratified.group of {said}", group, least=0, most=len(self.shares) - 1)
        return group.astype(np.int64)


def _checked_shares(shares) -> tuple[float, ...]:
    numbers = check_numbers("Stratified.shares", shares, axes=1, least=0)
    check_number("The sum of Stratified.shares", numbers.sum(), above=0)
    return tuple(numbers.tolist())


def _quotas(shares, n: int) -> np.ndarray:
    """(G,) rows of each group: shares of n, rounded by largest remainder to n in all."""
    exact = n * np.array(shares) / sum(shares)
    quotas = np.floor(exact + 1e-9).astype(np.int64)  # 0.3 * 10 may lie just below 3
    short = n - quotas.sum()
    quotas[np.argsort(quotas - exact, kind="stable")[:short]] += 1
    return quotas
