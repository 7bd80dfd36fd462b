"""The contract of a model, and what the library's own models share."""

from typing import Protocol, Self, runtime_checkable

import numpy as np

__all__ = ["GenerativeModel", "Scorable", "as_rows", "check_fitted", "check_rows", "legacy_state"]


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
        allowed = " or ".join("(n,)" if d == 1 else "(n, d)" for d in ndim)
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
