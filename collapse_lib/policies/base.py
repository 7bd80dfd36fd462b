"""What every policy is, and the few verbs that policies are made of."""

import math
from typing import Protocol

import numpy as np

from collapse_lib.data import Dataset

__all__ = ["DataPolicy", "check_share", "concat", "newest", "pool"]


class DataPolicy(Protocol):
    """What the loop asks of a policy. `newest_only = True`, if declared, promises that only
    history[0] and history[-1] are read, so that the loop may let the rest go."""

    def __call__(self, history, source, rng: np.random.Generator) -> Dataset: ...


def newest(history):
    """The samples of the newest model, without new real rows published beside them."""
    return history[-1].of_origin(len(history) - 1)


def pool(history):
    """Everything published so far."""
    return history.pool() if hasattr(history, "pool") else concat(*history)


def concat(*parts):
    return type(parts[0]).concat(parts)


def check_share(name: str, value) -> None:
    """Raise one sentence (ValueError) unless the value is a number in [0, 1]."""
    if not (isinstance(value, (int, float, np.number)) and math.isfinite(value)):
        raise ValueError(f"{name} must be a number in [0, 1]; got {value!r}.")
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be in [0, 1]; got {value}.")
