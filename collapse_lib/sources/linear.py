"""Inputs and a target that is linear in them, with known weights and noise."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_number, check_numbers, check_rows
from collapse_lib.sources.records import Record

__all__ = ["LinearRows"]


@dataclass(frozen=True, eq=False, repr=False)
class LinearRows(Record):
    """Rows (x_1, ..., x_d, y) with y = x . weights + noise * e and e standard normal.
    Rows: (n, d + 1) floats, the target in the last column.

    weights: (d,).
    noise: standard deviation of the target around its mean, 0 or more.
    design: None draws standard normal inputs anew for each row. An (m, d) array makes every draw
        use exactly these inputs, in this order, with new noise: the fixed design of Gerstgrasser
        et al. (arXiv:2404.01413). Then n must be m, and a run's reference rows are the same
        inputs with noise of their own.
    """

    weights: np.ndarray
    noise: float = 1.0
    design: np.ndarray | None = None

    def __post_init__(self):
        weights = self._keep("weights", check_numbers("LinearRows.weights", self.weights, axes=1))
        object.__setattr__(self, "noise", check_number("LinearRows.noise", self.noise, least=0))
        if self.design is not None:
            design = self._keep("design", check_numbers("LinearRows.design", self.design, axes=2))
            if design.shape[1] != len(weights):
                raise ValueError(
                    f"LinearRows.design must have one column for each of the {len(weights)} "
                    f"weights; got shape {design.shape}."
                )

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        n = check_count("LinearRows.n", n)
        if self.design is None:
            inputs = rng.standard_normal((n, len(self.weights)))
        else:
            inputs = self.design
            if n != len(inputs):
                raise ValueError(
                    f"LinearRows has a design of {len(inputs)} inputs and was asked for {n} rows; "
                    f"set n_samples to {len(inputs)} and n_fresh to that or 0, or leave design out."
                )
        target = inputs @ self.weights + self.noise * rng.standard_normal(n)
        return np.column_stack([inputs, target])

    def start(self, rng: np.random.Generator):
        """This source; with a design, together with held-out rows drawn from rng."""
        return self if self.design is None else _FixedDesign(self, self(len(self.design), rng))

    def score_samples(self, rows: np.ndarray) -> np.ndarray:
        """(n,) natural log density of each target given its inputs, plus that of the inputs
        where they are drawn. Needs noise above 0."""
        if not self.noise:
            raise ValueError("LinearRows.score_samples needs noise above 0; got 0.")
        d = len(self.weights)
        rows = check_rows("LinearRows.score_samples", rows, ndim=(2,), width=d + 1)
        inputs, target = rows[:, :d], rows[:, d]
        z = (target - inputs @ self.weights) / self.noise
        log_density = -0.5 * (z**2 + np.log(2 * np.pi)) - np.log(self.noise)
        if self.design is None:
            log_density -= 0.5 * ((inputs**2).sum(axis=1) + d * np.log(2 * np.pi))
        return log_density


class _FixedDesign:
    """A LinearRows with a design, in one run."""

    def __init__(self, source: LinearRows, held_out: np.ndarray):
        self.source = source
        self.name = "LinearRows"
        self._held_out = held_out

    def __call__(self, n: int, rng: np.random.Generator) -> np.ndarray:
        return self.source(n, rng)

    def reference(self, n_reference: int) -> np.ndarray:
        return self._held_out[: check_count(f"{self.name}.n_reference", n_reference)].copy()
