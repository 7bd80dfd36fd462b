"""The contract of a model, and what the library's own models share."""

from numbers import Real
from typing import Protocol, Self, runtime_checkable

import numpy as np

__all__ = [
    "GenerativeModel",
    "Scorable",
    "as_rows",
    "check_fitted",
    "check_number",
    "check_rows",
    "legacy_state",
]


@runtime_checkable
class GenerativeModel(Protocol):
    """A dataclass of hyperparameters, all with defaults; what it learns ends in "_".

    fit(rows, *, rng) forgets any earlier fit, leaves its input unchanged and returns the model;
    it may also take sample_weight=None, (n,) non-negative.
    sample(n, *, rng) returns n exchangeable rows shaped like those it was fitted to.
    All randomness comes from rng, a numpy Generator.
    """

    def fit(self, rows: np.ndarray, *, rng: np.random.Generator) -> Self: ...

    def sample(self, n: int, *, rng: np.random.Generator) -> np.ndarray: ...


@runtime_checkable
class Scorable(Protocol):
    """score_samples(rows) -> (n,) natural log densities (or log probabilities)."""

    def score_samples(self, rows: np.ndarray) -> np.ndarray: ...


def check_rows(model, rows, *, least: int = 1, ndim: tuple[int, ...] = (1, 2)) -> np.ndarray:
    """The rows as an array of floats, or one sentence (ValueError) naming the model and what is
    wrong: not numbers, a wrong number of axes, too few rows, NaN or infinity."""
    name = type(model).__name__
    rows = np.asarray(rows)
    if rows.dtype.kind not in "fiub":
        raise ValueError(f"{name}.fit needs rows of numbers; got dtype {rows.dtype}.")
    if rows.ndim not in ndim:
        allowed = " or ".join({1: "(n,)", 2: "(n, d)", 3: "(n, h, w)"}[d] for d in ndim)
        raise ValueError(f"{name}.fit needs rows of shape {allowed}; got shape {rows.shape}.")
    if len(rows) < least:
        raise ValueError(f"{name}.fit needs at least {least} rows; got {len(rows)}.")
    rows = rows.astype(float, copy=False)
    finite = np.isfinite(rows)
    if not finite.all():
        bad = int(np.sum(~finite.reshape(len(rows), -1).all(axis=1)))
        raise ValueError(
            f"{name}.fit: {bad} of {len(rows)} rows hold NaN or infinity; drop or repair them."
        )
    return rows


def check_number(name: str, value, *, least: float = -np.inf, above: float = -np.inf) -> float:
    """The value, if it is a finite number within its bounds; else one sentence (TypeError,
    ValueError) that names whose it is, such as "Gaussian.sampling_bias"."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{name} must be a number; got {value!r}.")
    if not (value >= least and value > above and value < np.inf):
        bound = f"greater than {above:g}" if above > -np.inf else f"{least:g} or more"
        bound = "finite" if max(least, above) == -np.inf else f"finite and {bound}"
        raise ValueError(f"{name} must be {bound}; got {value!r}.")
    return value


def as_rows(rows: np.ndarray) -> np.ndarray:
    """Rows of shape (n,) or (n, d) as (n, d)."""
    return rows[:, None] if rows.ndim == 1 else rows


def check_fitted(model, attribute: str) -> None:
    """Raise one sentence (RuntimeError) when the model has learned nothing yet."""
    if not hasattr(model, attribute):
        name = type(model).__name__
        raise RuntimeError(f"{name} is not fitted; call {name}.fit(rows, rng=rng) first.")


def legacy_state(rng: np.random.Generator) -> np.random.RandomState:
    """A RandomState keyed by rng, for scikit-learn: an int would repeat the same rows."""
    return np.random.RandomState(np.random.MT19937(rng.integers(2**63)))
