"""check_model: what a stranger's model must pass to run in the loop.

Each check is one function `_check_...`, which returns nothing, or what comes after the model's name
in the sentence about its fault; a new one needs no list to be edited.
"""

import copy
import dataclasses
import inspect
import pickle

import numpy as np

from collapse_lib.arguments import as_array
from collapse_lib.checks.common import checks_in, fail, global_state, stir_global_state

__all__ = ["check_model"]

N = 400  # rows drawn where a distribution is compared


def check_model(model, rows=None) -> None:
    """Hold a model to the contract of collapse_lib.models.base.GenerativeModel.

    rows: (n, ...) rows that it can be fitted to; None to try normal rows of one and of two
        dimensions, and small whole numbers.

    Raises CheckFailed with one sentence that names the fault. A model that passes can be given to
    run_loop, generations and sweep.
    """
    name = type(model).__name__
    fail(name, _methods(model))
    rows = _fitting_rows(model, name) if rows is None else as_array("check_model.rows", rows)
    for check in checks_in(__name__):
        fail(name, check(copy.deepcopy(model), rows.copy()))


def _methods(model) -> str | None:
    for method, parameter in (("fit", "rows"), ("sample", "n")):
        function = getattr(model, method, None)
        if not callable(function):
            return f" has no {method}({parameter}, *, rng)."
        parameters = inspect.signature(function).parameters.values()
        if not any(each.name == "rng" or each.kind is each.VAR_KEYWORD for each in parameters):
            return f".{method} must take rng, a numpy Generator, as a keyword."


def _fitting_rows(model, name: str) -> np.ndarray:
    rng = np.random.default_rng(0)
    for rows in (rng.normal(size=60), rng.normal(size=(60, 2)), rng.integers(0, 4, size=60)):
        try:
            _fitted(copy.deepcopy(model), rows.copy())
        except Exception as error:  # a stranger's model may refuse rows in any way it likes
            refusal = f"{type(error).__name__}: {error}"
        else:
            return rows
    fail(
        name,
        " could not be fitted to normal rows or whole numbers; call check_model(model, rows) with "
        f"rows that suit it. Its last refusal was {refusal}",
    )


def _fitted(model, rows):
    return model.fit(rows, rng=np.random.default_rng(1))


def _drawn(model, n: int = N, rng=None) -> np.ndarray:
    return np.asarray(model.sample(n, rng=rng or np.random.default_rng(2)))


def _check_fit_returns_itself(model, rows):
    if _fitted(model, rows) is not model:
        return ".fit must return the model itself."


def _check_leaves_its_rows_alone(model, rows):
    before = rows.copy()
    rows.flags.writeable = False
    try:
        _fitted(model, rows)
    except ValueError as error:
        if "read-only" in str(error):
            return ".fit writes into the rows that it is given."
        raise
    if not np.array_equal(rows, before):
        return ".fit changes the rows that it is given."


def _check_keeps_its_hyperparameters(model, rows):
    if not dataclasses.is_dataclass(model):
        return
    before = {each.name: repr(getattr(model, each.name)) for each in dataclasses.fields(model)}
    _fitted(model, rows)
    for name, was in before.items():
        if repr(getattr(model, name)) != was:
            return (
                f".fit changes the hyperparameter {name}; what is learned belongs in an attribute "
                'that ends in "_".'
            )


def _check_samples_the_shape(model, rows):
    fitted = _fitted(model, rows)
    for n in (1, 7, len(rows)):
        shape, needed = _drawn(fitted, n).shape, (n, *rows.shape[1:])
        if shape != needed:
            return (
                f".sample({n}) must have shape {needed}, like the rows it was fitted to; it has "
                f"{shape}."
            )


def _check_samples_numbers(model, rows):
    drawn = _drawn(_fitted(model, rows))
    if drawn.dtype.kind == "O":
        return ".sample returns Python objects; return an array of numbers."
    if drawn.dtype.kind in "fc" and not np.isfinite(drawn).all():
        return ".sample returns NaN or infinity."


def _check_repeats_with_the_same_rng(model, rows):
    first = _drawn(_fitted(copy.deepcopy(model), rows))
    stir_global_state()
    if not np.array_equal(first, _drawn(_fitted(model, rows))):
        return (
            " gives other rows for the same rng; draw from rng alone, not from global random state."
        )


def _check_draws_from_its_rng(model, rows):
    fitted, rng = _fitted(model, rows), np.random.default_rng(2)
    if np.array_equal(_drawn(fitted, rng=rng), _drawn(fitted, rng=rng)):
        return ".sample gives the same rows at every call; draw them from rng."


def _check_is_not_changed_by_sampling(model, rows):
    fitted = _fitted(model, rows)
    if not np.array_equal(_drawn(fitted), _drawn(fitted)):
        return ".sample changes the model: the same rng then gives other rows."


def _check_leaves_global_state_alone(model, rows):
    stir_global_state()  # or a model that always seeds it alike would leave no trace
    before = global_state()
    _drawn(_fitted(model, rows))
    for (name, was), now in zip(before.items(), global_state().values(), strict=True):
        if was != now:
            return f" changes the global state of {name}; draw from rng."


def _check_forgets_when_refitted(model, rows):
    half = len(rows) // 2
    other = np.concatenate([rows[half:], rows[half:]])  # another distribution, the same categories
    fresh = _drawn(_fitted(copy.deepcopy(model), rows))
    _fitted(model, other)
    if not np.array_equal(fresh, _drawn(_fitted(model, rows))):
        return ".fit remembers an earlier fit; a refit must start anew."


def _check_rows_are_exchangeable(model, rows):
    from scipy.stats import ks_2samp, spearmanr

    for column in _drawn(_fitted(model, rows)).reshape(N, -1).T:
        if np.ptp(column) == 0:
            continue
        halves = ks_2samp(column[: N // 2], column[N // 2 :]).pvalue
        neighbours = spearmanr(column[:-1], column[1:]).pvalue
        if min(halves, neighbours) < 1e-6:
            return (
                ".sample gives rows in an order that tells something (sorted by component?): a "
                "part of them is a biased sample; shuffle them with rng."
            )


def _check_can_be_copied(model, rows):
    fitted = _fitted(model, rows)
    try:
        twins = copy.deepcopy(fitted), pickle.loads(pickle.dumps(fitted))
    except Exception as error:  # whatever stops a copy is the fault to name
        return f" cannot be copied to another process: {error}"
    if not all(np.array_equal(_drawn(twin), _drawn(fitted)) for twin in twins):
        return ", once fitted and copied, gives other rows than the model itself."
