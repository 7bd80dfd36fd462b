"""LinearRegression: inputs and a noisy target, refitted to its own labels."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import LARGEST, check_choice, check_count, check_number, check_rows
from collapse_lib.models.base import Learned, check_fields, column_units, dealt

__all__ = ["LinearRegression", "Relabelling", "inputs_and_target"]


class Relabelling:
    """What a model of rows (n, d + 1), d inputs and a target, does about its inputs: its samples
    are labels of inputs that it does not make.

    design: None for the inputs that the model was fitted to; (m, d) for these in every generation;
        a source of inputs, design(n, rng) -> (n, d), for new ones at each sample.

    Inputs that are there are dealt in random order, none twice until all were used; those that the
    model was fitted to with weights are drawn in proportion to them.

    Learned: inputs_ (n, d), those that it was fitted to.
    """

    design = None
    inputs_ = Learned()

    def _keep(self, inputs: np.ndarray, sample_weight) -> None:
        d = inputs.shape[1]
        if self.design is not None and not callable(self.design):
            check_rows(f"{type(self).__name__}.design", self.design, ndim=(2,), width=d)
        self.inputs_, self._shares = inputs.copy(), None
        if sample_weight is not None:
            self._shares = np.asarray(sample_weight) / np.sum(sample_weight)

    def _inputs(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """(n, d) inputs to label."""
        if callable(self.design):
            whose, d = f"{type(self).__name__}.design", self.inputs_.shape[1]
            inputs = check_rows(whose, self.design(n, rng), least=0, ndim=(2,), width=d)
            check_choice(f"{whose}: the number of inputs", len(inputs), [n])
            return inputs
        if self.design is not None:
            return np.asarray(self.design)[dealt(len(self.design), n, rng)]
        m, shares = len(self.inputs_), self._shares
        return self.inputs_[dealt(m, n, rng) if shares is None else rng.choice(m, n, p=shares)]


@dataclass(eq=False)
class LinearRegression(Relabelling):
    """Rows (n, d + 1): d inputs and, last, the target. Fitted by ordinary least squares without
    intercept; give a column of ones for one.

    noise: standard deviation of the noise on a sampled target, in its unit; None to estimate it at
        each fit.
    design: the inputs of a sample: None for those that it was fitted to, (m, d) or a source for
        others; see Relabelling.

    Learned: weights_ (d,), noise_, inputs_ (n, d).
    """

    noise: float | None = None
    design: np.ndarray | Callable | None = None
    weights_ = Learned()

    def fit(self, rows, *, rng=None, sample_weight=None):
        check_fields(self, check_number, "noise", least=0, most=LARGEST)
        inputs, target = inputs_and_target("LinearRegression.fit", rows)
        n, d = inputs.shape
        check_rows("LinearRegression.fit", rows, least=d + (self.noise is None))
        self._keep(inputs, sample_weight)
        if sample_weight is not None:
            scale = np.sqrt(sample_weight)
            inputs, target = inputs * scale[:, None], target * scale
        unit = column_units(np.sqrt((inputs**2).mean(axis=0)))  # (d,)
        self.weights_ = np.linalg.lstsq(inputs / unit, target)[0] / unit  # (d,)
        self.noise_ = self.noise
        if self.noise is None:
            residual = target - inputs @ self.weights_
            self.noise_ = float(np.sqrt(residual @ residual / (n - d)))
        return self

    def sample(self, n, *, rng):
        n = check_count("LinearRegression.sample.n", n)
        inputs = self._inputs(n, rng)
        target = inputs @ self.weights_ + self.noise_ * rng.standard_normal(n)
        return np.column_stack([inputs, target])

    def score_samples(self, rows):
        """(n,) natural log density of the target given its inputs."""
        inputs, target = inputs_and_target("LinearRegression.score_samples", rows)
        residual = (target - inputs @ self.weights_) / self.noise_
        return -0.5 * (residual**2 + np.log(2 * np.pi)) - np.log(self.noise_)


def inputs_and_target(whose: str, rows, least: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Rows (n, d + 1) as inputs (n, d), at least one, and targets (n,)."""
    rows = check_rows(whose, rows, least=least, ndim=(2,))
    check_count(f"{whose}: input columns", rows.shape[1] - 1, least=1)
    return rows[:, :-1], rows[:, -1]
