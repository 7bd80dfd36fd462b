"""The steps of one generation, each with the checks that turn a fault into one sentence."""

import copy
import inspect
from collections.abc import Mapping

import numpy as np

from collapse_lib.data import Dataset
from collapse_lib.loop.real_rows import check_finite, owned

__all__ = ["check_ledger", "check_parts", "fit", "measure", "mix", "sample"]


RESERVED = ("generation", "replicate")  # columns that records and sweeps have of their own


def check_parts(model, policy, metrics, *, warm_start: bool) -> None:
    """Raise one sentence (TypeError) when a part of the loop cannot do its work."""
    for part, example in ((model, "Gaussian()"), (policy, "Replace()")):
        if isinstance(part, type):
            raise TypeError(
                f"{part.__name__} is a class; make an object of it by calling it, as in {example}."
            )
    name = type(model).__name__
    needed = ["fit", "sample"] + ["get_state", "set_state"] * warm_start
    missing = [method for method in needed if not callable(getattr(model, method, None))]
    if missing:
        why = "warm_start needs a model" if warm_start else "A model must come"
        raise TypeError(f"{why} with {' and '.join(needed)}; {name} has no {missing[0]}.")
    if not _takes(model.fit, "rng") or not _takes(model.sample, "rng"):
        raise TypeError(
            f"{name} must have fit(rows, *, rng) and sample(n, *, rng), with all its randomness "
            "from rng; the models of collapse_lib.models do, and wrap those of scikit-learn."
        )
    if not callable(policy):
        raise TypeError(
            f"policy must be callable as policy(history, source, rng), such as Replace(); "
            f"got {policy!r}."
        )
    if not isinstance(metrics, Mapping):
        raise TypeError(
            f"metrics must map a name to a function of a Generation; got {type(metrics).__name__}."
        )
    for metric, function in metrics.items():
        if not isinstance(metric, str) or metric in RESERVED:
            raise ValueError(
                f"A metric's name must be a text other than {', '.join(RESERVED)}; got {metric!r}."
            )
        if not callable(function):
            raise TypeError(
                f"metric {metric!r} must be a function of a Generation; got {function!r}."
            )


def check_ledger(ledger) -> None:
    """Raise one sentence (TypeError) unless a ledger is None or can log a run."""
    usable = not isinstance(ledger, type) and callable(getattr(ledger, "begin", None))
    if ledger is not None and not usable:
        raise TypeError(
            f"ledger must be a collapse_lib.provenance.Ledger, such as Ledger(path); "
            f"got {ledger!r}."
        )


def _takes(method, name: str) -> bool:
    """Whether a method can be called with this keyword, as far as its signature tells."""
    try:
        parameters = inspect.signature(method).parameters
    except (TypeError, ValueError):
        return True
    return name in parameters or any(p.kind is p.VAR_KEYWORD for p in parameters.values())


def mix(policy, history, real, rng: np.random.Generator, *, t: int) -> Dataset:
    """The training set of generation t."""
    train = policy(history, real, rng)
    if not isinstance(train, Dataset):
        raise TypeError(
            f"{policy!r} must return a Dataset; in generation {t} it returned "
            f"{type(train).__name__}."
        )
    if not len(train):
        raise ValueError(f"{policy!r} returned no rows to train on in generation {t}.")
    return train


def fit(model, train: Dataset, state, rng: np.random.Generator):
    """A copy of the model, fitted to the training set; from a state, where there is one."""
    model = _blank(model)
    if state:
        model.set_state(state)
    weights = {}
    if train.weights is not None:
        if "sample_weight" not in inspect.signature(model.fit).parameters:
            raise TypeError(
                f"{type(model).__name__}.fit takes no sample_weight, but the policy gives "
                "weights; wrap the policy as Resampled(policy), which resamples in proportion "
                "to them."
            )
        weights = {"sample_weight": train.weights}
    fitted = model.fit(train.rows, rng=rng, **weights)
    if fitted is None:
        raise TypeError(
            f"{type(model).__name__}.fit must return the model itself; it returned None."
        )
    return fitted


def _blank(model):
    """A copy to fit. Plain numbers need no deep copy, which would cost as much as a small fit."""
    fields = getattr(model, "__dict__", None)
    plain = fields is not None and all(isinstance(v, _PLAIN) for v in fields.values())
    return copy.copy(model) if plain else copy.deepcopy(model)


_PLAIN = (int, float, str, type(None))


def sample(model, n: int, row_shape: tuple, rng: np.random.Generator, *, t: int) -> np.ndarray:
    """n rows of the model of generation t: (n, *row_shape), all finite."""
    name = type(model).__name__
    rows = owned(np.asarray(model.sample(n, rng=rng)))
    if rows.shape != (n, *row_shape):
        raise ValueError(
            f"{name}.sample({n}) must return rows of shape {(n, *row_shape)}, like the real rows; "
            f"in generation {t} it returned shape {rows.shape}."
        )
    if rows.dtype.kind == "O":
        raise TypeError(f"{name}.sample must return an array of numbers, not Python objects.")
    check_finite(
        rows,
        f"In generation {t} {name}.sample returned",
        "The model has broken down: give it more rows or regularise it.",
    )
    return rows


def measure(metrics, generation) -> dict[str, float]:
    """Every metric of one generation."""
    measured = {}
    for name, metric in metrics.items():
        value = metric(generation)
        try:
            measured[name] = float(value)
        except (TypeError, ValueError):
            raise TypeError(
                f"metric {name!r} must return one number; in generation {generation.index} "
                f"it returned {value!r}."
            ) from None
    return measured
