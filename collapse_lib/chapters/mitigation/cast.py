"""What the chapter `mitigation` runs: a model that is off, a wrong detector, labelled rows."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.metrics import perplexity
from collapse_lib.models.gaussian import Gaussian

__all__ = ["N_INPUTS", "Shifted", "Unusual", "ask", "blue", "is_true", "labelled"]
__all__ += ["rare", "read", "share_right"]

N_INPUTS = 5


@dataclass
class Shifted(Gaussian):
    """A Gaussian whose every sampled row lies `shift` too high."""

    shift: float = 0.1

    def sample(self, n, *, rng):
        return super().sample(n, rng=rng) + self.shift


@dataclass(frozen=True)
class Unusual:
    """Keeper: a detector that takes what is rare for synthetic, whoever wrote it.

    common: rows (n,) of kinds below it count as common, and pass; of the others the share `passed`.
    """

    common: int
    passed: float

    def __call__(self, dataset, rng):
        return rng.random(len(dataset)) < np.where(dataset.rows < self.common, 1.0, self.passed)


def ask(n, rng):
    """Source of inputs alone: (n, 5) standard normal."""
    return rng.standard_normal((n, N_INPUTS))


def labelled(n, rng):
    """Source: (n, 6) rows, five standard normal inputs and label 1 where their sum is above 0."""
    inputs = ask(n, rng)
    return np.column_stack([inputs, inputs.sum(axis=1) > 0])


def is_true(rows):
    """(n,) bool: whether the label of each row is the true one; for NoisyVerifier."""
    return (rows[:, -1] > 0.5) == (rows[:, :-1].sum(axis=1) > 0)


def share_right(generation):
    """Metric: share of the real rows, never trained on, whose label the model gets right."""
    inputs, labels = generation.reference[:, :-1], generation.reference[:, -1] > 0.5
    return float(np.mean((inputs @ generation.model.weights_ > 0) == labels))


def blue(generation):
    """Metric: the share of the second kind in the model of an urn."""
    return float(generation.model.probabilities_[1])


def rare(generation):
    """Metric: the share of kinds 5 and up in a model of categories, in per cent."""
    return 100 * float(generation.model.probabilities_[5:].sum())


def read(generation):
    """Metric: the perplexity of real text to a language model, or to the one that edits."""
    return perplexity(getattr(generation.model, "model_", generation.model), generation.reference)
