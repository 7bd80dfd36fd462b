"""What every policy is, and the few verbs that policies are made of."""

from typing import ClassVar, Protocol

import numpy as np

from collapse_lib.arguments import as_array, check_callable
from collapse_lib.data import Dataset

__all__ = [
    "DataPolicy",
    "Policy",
    "check_is_policy",
    "concat",
    "newest",
    "newest_only",
    "per_row",
    "pool",
]


class DataPolicy(Protocol):
    """What the loop asks of a policy: any function of this form will do. One that derives from
    Policy may promise to read the newest alone."""

    def __call__(self, history, source, rng: np.random.Generator) -> Dataset: ...


class Policy:
    """Base of the library's policies. newest_only = True promises that only history[0] and
    history[-1] are read, so that the loop may let the rest go."""

    newest_only: ClassVar[bool] = False


def newest_only(policy) -> bool:
    """Whether a policy promises to read history[0] and history[-1] alone."""
    return isinstance(policy, Policy) and policy.newest_only


def check_is_policy(whose: str, policy):
    """A policy as far as can be told before it is called."""
    form, remedy = "policy(history, source, rng)", "Give an object such as Replace()."
    return check_callable(whose, policy, form, remedy)


ANSWERS = {"biu": "one whole number", "biuf": "one number", "b": "True or False"}


def per_row(whose: str, values, rows: str, n: int, kinds: str = "biuf") -> np.ndarray:
    """What a caller's function says of each of n rows, as an array of one of the dtype kinds."""
    array = as_array(whose, values)
    if array.shape != (n,) or array.dtype.kind not in kinds:
        raise ValueError(
            f"{whose} must return {ANSWERS[kinds]} for each of the {n} {rows}; got {array.dtype} "
            f"of shape {array.shape}."
        )
    return array


def newest(history):
    """The samples of the newest model, without new real rows published beside them."""
    return history[-1].of_origin(len(history) - 1)


def pool(history):
    """Everything published so far."""
    return history.pool() if hasattr(history, "pool") else concat(*history)


def concat(*parts):
    return type(parts[0]).concat(parts)
