"""Corrected: a model whose samples are moved part of the way to where they ought to be."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from collapse_lib.arguments import check_callable, check_number, check_rows, check_same_shape
from collapse_lib.models.base import Learned, check_fields, check_learner
from collapse_lib.models.gaussian import Gaussian

__all__ = ["Corrected", "NormalTruth"]


@dataclass(frozen=True)
class NormalTruth:
    """The idealised correction for normal rows: the monotone map of the fitted normal onto the true
    one, (x - fitted mean) / fitted std * std + mean, column by column.

    mean, std: of the truth, in the units of the rows; numbers, or (d,) for rows (n, d).

    No one has it outside an exercise: it knows the truth.
    """

    mean: float | np.ndarray = 0.0
    std: float | np.ndarray = 1.0

    def __call__(self, rows, model):
        if not (hasattr(model, "mean_") and hasattr(model, "variance_")):
            raise TypeError(
                "NormalTruth needs a model that learns mean_ and variance_, such as Gaussian; "
                f"got {type(model).__name__}."
            )
        fitted = np.sqrt(model.variance_)
        z = np.divide(rows - model.mean_, fitted, out=np.zeros(rows.shape), where=fitted > 0)
        return self.mean + self.std * z


@dataclass
class Corrected:
    """Another model, whose sample x is given out as (x + strength * correct(x)) / (1 + strength).

    model: the model that is fitted and sampled; a copy of it, it stays as it is.
    correct: correct(rows, fitted model) -> rows of the same shape: where each ought to be, by a
        simulator, a rule or an expert.
    strength: gamma, 0 or more; 0 leaves the model as it is, large gives the corrections alone.

    Learned: model_, the fitted copy.

    Source: Gillman et al., arXiv:2402.07087.
    """

    model: Any = field(default_factory=Gaussian)
    correct: Callable[[np.ndarray, Any], np.ndarray] = NormalTruth()
    strength: float = 1.0
    model_ = Learned()

    def fit(self, rows, *, rng):
        check_fields(self, check_number, "strength", least=0)
        check_fields(self, check_callable, "correct", form="correct(rows, model)")
        check_rows("Corrected.fit", rows, ndim=(1, 2, 3))
        check_learner("Corrected.model", self.model)
        self.model_ = copy.deepcopy(self.model).fit(rows, rng=rng)
        return self

    def sample(self, n, *, rng):
        rows = self.model_.sample(n, rng=rng)
        corrected = np.asarray(self.correct(rows, self.model_))
        check_same_shape("Corrected.correct", given=rows, returned=corrected)
        return (rows + self.strength * corrected) / (1 + self.strength)
