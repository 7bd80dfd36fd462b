"""LinearRegression: inputs and a noisy target, refitted to its own labels."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import LARGEST, check_count, check_number, check_rows
from collapse_lib.models.base import Learned, check_fields

__all__ = ["LinearRegression", "inputs_and_target", "inputs_to_label"]


@dataclass(eq=False)
class LinearRegression:
    """Rows (n, d + 1): d inputs and, last, the target. Fitted by ordinary least squares.

    noise: standard deviation of the noise on a sampled target; None to estimate it at each fit.
    design: (m, d) inputs whose targets are sampled anew each time, in random order, so that every
        generation relabels the same inputs (samples then have m rows); None for new standard
        normal inputs at each sample.

    Learned: weights_ (d,), noise_.
    """

    noise: float | None = 1.0
    design: np.ndarray | None = None
    weights_ = Learned()

    def fit(self, rows, *, rng=None, sample_weight=None):
        if self.noise is not None:
            check_fields(self, check_number, "noise", least=0, most=LARGEST)
        inputs, target = inputs_and_target("LinearRegression.fit", rows)
        n, d = inputs.shape
        check_rows("LinearRegression.fit", rows, least=d + (self.noise is None))
        if sample_weight is not None:
            scale = np.sqrt(sample_weight)
            inputs, target = inputs * scale[:, None], target * scale
        self.weights_ = np.linalg.lstsq(inputs, target)[0]  # (d,)
        self.noise_ = self.noise
        if self.noise is None:
            residual = target - inputs @ self.weights_
            self.noise_ = float(np.sqrt(residual @ residual / (n - d)))
        return self

    def sample(self, n, *, rng):
        n = check_count("LinearRegression.sample.n", n)
        inputs = inputs_to_label(self, n, rng)
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


def inputs_to_label(model, n: int, rng: np.random.Generator) -> np.ndarray:
    """(n, d) inputs for a fitted model with weights_ and a design: those of the design in random
    order, or new standard normal ones where it is None. Raises ValueError where the design has
    another number of rows."""
    if model.design is None:
        return rng.standard_normal((n, len(model.weights_)))
    width = len(model.weights_)
    design = check_rows(f"{type(model).__name__}.design", model.design, ndim=(2,), width=width)
    if n != len(design):
        raise ValueError(
            f"{type(model).__name__}.sample relabels the {len(model.design)} rows of `design`; "
            f"it cannot give {n}. Set n_samples to {len(model.design)}."
        )
    return rng.permutation(design)
