"""check_model: what a stranger's model must pass to run in the loop.

Each check is one function `_check_...`; a new one needs no list to be edited.
"""

import copy
import dataclasses
import inspect
import pickle

import numpy as np

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
    _methods(model)
    rows = _fitting_rows(model) if rows is None else np.asarray(rows)
    for check in checks_in(__name__):
        check(copy.deepcopy(model), rows.copy())


def _name(model) -> str:
    return type(model).__name__


def _methods(model) -> None:
    for method, parameter in (("fit", "rows"), ("sample", "n")):
        function = getattr(model, method, None)
        if not callable(function):
            fail(f"{_name(model)} has no {method}({parameter}, *, rng).")
        parameters = inspect.signature(function).parameters.values()
        if not any(each.name == "rng" or each.kind is each.VAR_KEYWORD for each in parameters):
            fail(f"{_name(model)}.{method} must take rng, a numpy Generator, as a keyword.")


def _fitting_rows(model) -> np.ndarray:
    rng = np.random.default_rng(0)
    candidates = (rng.normal(size=60), rng.normal(size=(60, 2)), rng.integers(0, 4, size=60))
    refusals = []
    for rows in candidates:
        try:
            copy.deepcopy(model).fit(rows.copy(), rng=np.random.default_rng(1))
        except Exception as error:  # a stranger's model may refuse rows in any way it likes
            refusals.append(f"{type(error).__name__}: {error}")
        else:
            return rows
    fail(
        f"{_name(model)} could not be fitted to normal rows or whole numbers; call "
        f"check_model(model, rows) with rows that suit it. Its last refusal was {refusals[-1]}"
    )


def _fitted(model, rows, seed: int = 1):
    return model.fit(rows, rng=np.random.default_rng(seed))


def _drawn(model, n: int = N, seed: int = 2) -> np.ndarray:
    return np.asarray(model.sample(n, rng=np.random.default_rng(seed)))


def _check_fit_returns_itself(model, rows):
    if _fitted(model, rows) is not model:
        fail(f"{_name(model)}.fit must return the model itself.")


def _check_leaves_its_rows_alone(model, rows):
    before = rows.copy()
    rows.flags.writeable = False
    try:
        _fitted(model, rows)
    except ValueError as error:
        if "read-only" in str(error):
            fail(f"{_name(model)}.fit writes into the rows that it is given.")
        raise
    if not np.array_equal(rows, before):
        fail(f"{_name(model)}.fit changes the rows that it is given.")


def _check_keeps_its_hyperparameters(model, rows):
    if not dataclasses.is_dataclass(model):
        return
    names = [field.name for field in dataclasses.fields(model)]
    before = {name: repr(getattr(model, name)) for name in names}
    _fitted(model, rows)
    for name in names:
        if repr(getattr(model, name)) != before[name]:
            fail(
                f"{_name(model)}.fit changes the hyperparameter {name}; what is learned belongs "
                f'in an attribute that ends in "_".'
            )


def _check_samples_the_shape(model, rows):
    fitted = _fitted(model, rows)
    for n in (1, 7, len(rows)):
        shape = _drawn(fitted, n).shape
        if shape != (n, *rows.shape[1:]):
            fail(
                f"{_name(model)}.sample({n}) must have shape {(n, *rows.shape[1:])}, like the rows "
                f"it was fitted to; it has {shape}."
            )


def _check_samples_numbers(model, rows):
    drawn = _drawn(_fitted(model, rows))
    if drawn.dtype.kind == "O":
        fail(f"{_name(model)}.sample returns Python objects; return an array of numbers.")
    if drawn.dtype.kind in "fc" and not np.isfinite(drawn).all():
        fail(f"{_name(model)}.sample returns NaN or infinity.")


def _check_repeats_with_the_same_rng(model, rows):
    first = _drawn(_fitted(copy.deepcopy(model), rows))
    stir_global_state()
    if not np.array_equal(first, _drawn(_fitted(model, rows))):
        fail(
            f"{_name(model)} gives other rows for the same rng; draw from rng alone, not from "
            "global random state."
        )


def _check_draws_from_its_rng(model, rows):
    fitted = _fitted(model, rows)
    rng = np.random.default_rng(2)
    first = np.asarray(fitted.sample(N, rng=rng))
    if np.array_equal(first, np.asarray(fitted.sample(N, rng=rng))):
        fail(f"{_name(model)}.sample gives the same rows at every call; draw them from rng.")


def _check_is_not_changed_by_sampling(model, rows):
    fitted = _fitted(model, rows)
    first = _drawn(fitted)
    if not np.array_equal(first, _drawn(fitted)):
        fail(f"{_name(model)}.sample changes the model: the same rng then gives other rows.")


def _check_leaves_global_state_alone(model, rows):
    stir_global_state()  # or a model that always seeds it alike would leave no trace
    before = global_state()
    _drawn(_fitted(model, rows))
    for (name, was), now in zip(before.items(), global_state().values(), strict=True):
        if was != now:
            fail(f"{_name(model)} changes the global state of {name}; draw from rng.")


def _check_forgets_when_refitted(model, rows):
    half = len(rows) // 2
    other = np.concatenate([rows[half:], rows[half:]])  # another distribution, the same categories
    fresh = _drawn(_fitted(copy.deepcopy(model), rows))
    _fitted(model, other)
    if not np.array_equal(fresh, _drawn(_fitted(model, rows))):
        fail(f"{_name(model)}.fit remembers an earlier fit; a refit must start anew.")


def _check_rows_are_exchangeable(model, rows):
    from scipy.stats import ks_2samp, spearmanr

    drawn = _drawn(_fitted(model, rows)).reshape(N, -1)
    for column in drawn.T:
        if np.ptp(column) == 0:
            continue
        halves = ks_2samp(column[: N // 2], column[N // 2 :]).pvalue
        neighbours = spearmanr(column[:-1], column[1:]).pvalue
        if min(halves, neighbours) < 1e-6:
            fail(
                f"{_name(model)}.sample gives rows in an order that tells something (sorted by "
                "component?): a part of them is a biased sample; shuffle them with rng."
            )


def _check_can_be_copied(model, rows):
    fitted = _fitted(model, rows)
    try:
        twins = copy.deepcopy(fitted), pickle.loads(pickle.dumps(fitted))
    except Exception as error:  # whatever stops a copy is the fault to name
        fail(f"{_name(model)} cannot be copied to another process: {error}")
    for twin in twins:
        if not np.array_equal(_drawn(twin), _drawn(fitted)):
            fail(f"A copy of a fitted {_name(model)} gives other rows than the model itself.")
