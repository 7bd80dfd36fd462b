"""The contract of a model, and what the library's own models share."""

from collections.abc import Callable
from typing import Protocol, Self, runtime_checkable

import numpy as np

from collapse_lib.arguments import MOST_ROWS, check_callable, check_count, check_rows
from collapse_lib.metrics._pairs import varies

__all__ = [
    "GenerativeModel",
    "Learned",
    "NotFitted",
    "Scorable",
    "as_rows",
    "check_blocks",
    "check_fields",
    "check_indices",
    "check_learner",
    "check_row_shape",
    "column_units",
    "dealt",
    "legacy_state",
    "standard_units",
]

APART = 1e3  # standard deviations of columns further apart cannot be computed in one unit


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


class NotFitted(RuntimeError, AttributeError):
    """A model was asked for what it has not learned yet."""


class Learned:
    """Stands where a fit will put what it learns, and tells in one sentence who asks before."""

    def __get__(self, model, owner: type):
        raise NotFitted(f"{owner.__name__} is not fitted; call {owner.__name__}.fit first.")


def check_fields(model, check: Callable, *names: str, **bounds) -> None:
    """Hold fields of a model to one check of collapse_lib.arguments; None passes where it is the
    default."""
    owner = type(model)
    for name in names:
        value = getattr(model, name)
        if value is not None or getattr(owner, name, ...) is not None:
            checked = check(f"{owner.__name__}.{name}", value, **bounds)
            if check is check_count:  # 3.0 and np.uint8(3) are 3
                object.__setattr__(model, name, checked)


def check_learner(whose: str, model):
    """A model as far as can be told before it is fitted."""
    form = "fit(rows, rng=rng) and sample(n, rng=rng)"
    for verb in ("fit", "sample"):
        check_callable(f"{whose}.{verb}", getattr(model, verb, None), form)
    return model


def check_row_shape(model, rows: np.ndarray, shape: tuple[int, ...]) -> None:
    """Rows of the shape of those that a model was fitted to."""
    if rows.shape[1:] != shape:
        raise ValueError(
            f"{type(model).__name__} was fitted to rows of shape {shape}; got {rows.shape[1:]}."
        )


def check_indices(whose: str, rows: np.ndarray, n: int | None = None, remedy="") -> np.ndarray:
    """Numbers as ints from 0 to n - 1, or from 0 on for None; remedy: for a known n."""
    whole = rows.astype(np.int64)
    bad = (rows != whole) | (rows < 0) | (rows >= (np.inf if n is None else n))
    if bad.any():
        allowed, remedy = ("of 0 or more", "") if n is None else (f"from 0 to {n - 1}", remedy)
        raise ValueError(
            f"{whose} needs whole numbers {allowed}; {bad.sum()} of {bad.size} are not (the first "
            f"is {rows[bad][0]:g}).{remedy}"
        )
    return whole


def check_blocks(
    model, argument: str, rows, n_tokens=None, *, least=1, shortest=1, longest=MOST_ROWS
) -> np.ndarray:
    """At least `least` blocks (n, length) of token ids, as ints; below n_tokens where that is
    known, and of a length in [shortest, longest]."""
    name = type(model).__name__
    whose = f"{name}.{argument}"
    rows = check_rows(whose, rows, least=least, ndim=(2,))
    check_count(f"{whose}: tokens of a block", rows.shape[1], least=shortest, most=longest)
    own = hasattr(model, "n_tokens")
    remedy = f" Set {name}.n_tokens to the size of the vocabulary." if own else ""
    return check_indices(whose, rows, n_tokens, remedy)


def as_rows(rows: np.ndarray) -> np.ndarray:
    """Rows of shape (n,) or (n, d) as (n, d)."""
    return rows[:, None] if rows.ndim == 1 else rows


def standard_units(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of rows (n, ...), each shaped like a row: of every column on its
    own, of all pixels of images together. What does not vary is its own mean, with 0."""
    constant = ~varies(rows)  # where rounding must not make it vary
    mean = np.where(constant, rows[0], rows.mean(axis=0))
    std = np.sqrt(((rows - mean) ** 2).mean(axis=None if rows.ndim == 3 else 0))
    return mean, np.where(constant, 0.0, std)


def column_units(std: np.ndarray) -> np.ndarray:
    """(d,) units in which columns with these standard deviations (d,) are computed: powers of two,
    as those round nothing. One for all columns, or each its own where the deviations are more than
    APART apart: linear algebra would lose the smallest."""
    varying = std > 0
    if varying.any() and std.max() <= APART * std[varying].min():
        std = np.where(varying, np.sqrt(np.mean(std[varying] ** 2)), 0.0)
    return np.where(varying, np.exp2(np.round(np.log2(np.where(varying, std, 1.0)))), 1.0)


def dealt(m: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """(n,) numbers below m in random order, without repeats until all are used."""
    return np.concatenate([rng.permutation(m) for _ in range(max(1, -(-n // m)))])[:n]


def legacy_state(rng: np.random.Generator) -> np.random.RandomState:
    """A RandomState keyed by rng, for scikit-learn: an int would repeat the same rows."""
    return np.random.RandomState(np.random.MT19937(rng.integers(2**63)))
