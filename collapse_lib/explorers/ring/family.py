"""A run of an urn as a family: which object was copied from which."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.loop import run_loop
from collapse_lib.models.categorical import Categorical
from collapse_lib.sources import FixedProportions

__all__ = ["Family", "family_of"]


@dataclass(frozen=True, eq=False)
class Family:
    """The objects of a run, generation t in row t - 1; the objects of a row stand kind by kind.

    real: (n,) the kind, 0 .. K - 1, of each real object.
    taken: (T, n) where each training object came from: the place of a sample of the generation
        before, or n + the place of a real object.
    parents: (T, n) the place of the training object that each sample is a copy of.
    """

    real: np.ndarray
    taken: np.ndarray
    parents: np.ndarray

    def kinds(self) -> np.ndarray:
        """(T, n) the kind of each sample."""
        return self._handed_down(self.real)

    def left(self) -> np.ndarray:
        """(T,) how many kinds the samples have."""
        return np.array([len(set(row)) for row in self.kinds().tolist()])

    def founders(self) -> np.ndarray:
        """(T,) how many of the real objects the samples descend from."""
        held = self._handed_down(np.arange(len(self.real)))
        return np.array([len(set(row)) for row in held.tolist()])

    def _handed_down(self, marks):
        """(T, n) the mark of each sample, as the real objects (n,) hand it down."""
        rows, newest = [], marks
        for taken, parents in zip(self.taken, self.parents, strict=True):
            newest = np.concatenate([newest, marks])[taken][parents]
            rows.append(newest)
        return np.array(rows)


def family_of(counts, policy, *, n_generations: int, seed: int) -> Family:
    """Run the loop of `Categorical` on exactly `counts` (K,) real objects and say who copied whom.

    The run is `run_loop`'s, kind by kind. A kind is all that the model knows of an object, so any
    training object of that kind is as likely to be the one copied: the parent is drawn among them.

    policy: one that trains on as many objects as there are real ones.
    """
    n = int(np.sum(counts))
    run = run_loop(
        Categorical(len(counts)), FixedProportions(counts), policy, n_samples=n, n_reference=n,
        n_generations=n_generations, seed=seed,
    )  # fmt: skip
    rng = np.random.default_rng([seed, n])
    real = np.repeat(np.arange(len(counts)), counts)  # (n,)
    newest, taken, parents = real, [], []
    for generation in run:
        train, origin = generation.train.rows, generation.train.origin
        places = np.empty(n, int)
        for is_real, there in ((True, real), (False, newest)):
            places[(origin == 0) == is_real] = n * is_real + _distinct(
                train[(origin == 0) == is_real], there, rng
            )
        order = np.lexsort((places, train))
        taken.append(places[order])
        newest = np.sort(generation.sample)
        parents.append(_copied(newest, train[order], rng))
    return Family(real, np.array(taken), np.array(parents))


def _distinct(kinds, there, rng):
    """For each of `kinds` (m,) the place of an object of that kind in `there`, none twice."""
    places = np.empty(len(kinds), int)
    for kind in np.unique(kinds):
        wanted = np.flatnonzero(kinds == kind)
        places[wanted] = rng.permutation(np.flatnonzero(there == kind))[: len(wanted)]
    return places


def _copied(kinds, train, rng):
    """For each of `kinds` (n,), sorted, the place in `train` of one of its kind, in order."""
    chosen = [
        np.sort(rng.choice(np.flatnonzero(train == kind), size=count))
        for kind, count in zip(*np.unique(kinds, return_counts=True), strict=True)
    ]
    return np.concatenate(chosen)
