"""check_model and check_policy: what a stranger's model or policy must pass.

Each check is one function `_model_...` or `_policy_...`; a new one needs no list to be edited.
"""

import copy
import dataclasses
import inspect
import pickle
import random
import sys

import numpy as np

from collapse_lib.data import Dataset

__all__ = ["CheckFailed", "check_model", "check_policy"]

N = 400  # rows drawn where a distribution is compared


class CheckFailed(AssertionError):
    """A model or a policy broke its contract; the message names the fault."""


def check_model(model, rows=None) -> None:
    """Hold a model to the contract of collapse_lib.models.base.GenerativeModel.

    rows: (n, ...) rows that it can be fitted to; None to try normal rows of one and of two
        dimensions, and small whole numbers.

    Raises CheckFailed with one sentence that names the fault. A model that passes can be given to
    run_loop, generations and sweep.
    """
    _methods(model)
    rows = _fitting_rows(model) if rows is None else np.asarray(rows)
    for check in _all("_model_"):
        check(copy.deepcopy(model), rows.copy())


def check_policy(policy, rows=None) -> None:
    """Hold a policy to the contract of collapse_lib.policies.DataPolicy.

    rows: (n, ...) real rows to build a history from; None for 40 numbers.
    """
    rows = np.arange(40.0) if rows is None else np.asarray(rows)
    for check in _all("_policy_"):
        check(policy, rows)


def _all(prefix: str) -> list:
    """The checks in the order of this file: the plainest fault is named first."""
    here = vars(sys.modules[__name__])
    return [function for name, function in here.items() if name.startswith(prefix)]


def _fail(sentence: str):
    raise CheckFailed(sentence)


# --- models -------------------------------------------------------------------------------------


def _name(model) -> str:
    return type(model).__name__


def _methods(model) -> None:
    for method, parameter in (("fit", "rows"), ("sample", "n")):
        function = getattr(model, method, None)
        if not callable(function):
            _fail(f"{_name(model)} has no {method}({parameter}, *, rng).")
        if "rng" not in inspect.signature(function).parameters:
            _fail(f"{_name(model)}.{method} must take rng, a numpy Generator, as a keyword.")


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
    _fail(
        f"{_name(model)} could not be fitted to normal rows or whole numbers; call "
        f"check_model(model, rows) with rows that suit it. Its last refusal was {refusals[-1]}"
    )


def _fitted(model, rows, seed: int = 1):
    return model.fit(rows, rng=np.random.default_rng(seed))


def _drawn(model, n: int = N, seed: int = 2) -> np.ndarray:
    return np.asarray(model.sample(n, rng=np.random.default_rng(seed)))


def _model_fit_returns_itself(model, rows):
    if _fitted(model, rows) is not model:
        _fail(f"{_name(model)}.fit must return the model itself.")


def _model_leaves_its_rows_alone(model, rows):
    before = rows.copy()
    rows.flags.writeable = False
    try:
        _fitted(model, rows)
    except ValueError as error:
        if "read-only" in str(error):
            _fail(f"{_name(model)}.fit writes into the rows that it is given.")
        raise
    if not np.array_equal(rows, before):
        _fail(f"{_name(model)}.fit changes the rows that it is given.")


def _model_keeps_its_hyperparameters(model, rows):
    if not dataclasses.is_dataclass(model):
        return
    names = [field.name for field in dataclasses.fields(model)]
    before = {name: repr(getattr(model, name)) for name in names}
    _fitted(model, rows)
    for name in names:
        if repr(getattr(model, name)) != before[name]:
            _fail(
                f"{_name(model)}.fit changes the hyperparameter {name}; what is learned belongs "
                f'in an attribute that ends in "_".'
            )


def _model_samples_the_shape(model, rows):
    fitted = _fitted(model, rows)
    for n in (1, 7, len(rows)):
        shape = _drawn(fitted, n).shape
        if shape != (n, *rows.shape[1:]):
            _fail(
                f"{_name(model)}.sample({n}) must have shape {(n, *rows.shape[1:])}, like the rows "
                f"it was fitted to; it has {shape}."
            )


def _model_samples_numbers(model, rows):
    drawn = _drawn(_fitted(model, rows))
    if drawn.dtype.kind == "O":
        _fail(f"{_name(model)}.sample returns Python objects; return an array of numbers.")
    if drawn.dtype.kind in "fc" and not np.isfinite(drawn).all():
        _fail(f"{_name(model)}.sample returns NaN or infinity.")


def _model_repeats_with_the_same_rng(model, rows):
    first = _drawn(_fitted(copy.deepcopy(model), rows))
    _stir_global_state()
    if not np.array_equal(first, _drawn(_fitted(model, rows))):
        _fail(
            f"{_name(model)} gives other rows for the same rng; draw from rng alone, not from "
            "global random state."
        )


def _model_draws_from_its_rng(model, rows):
    fitted = _fitted(model, rows)
    rng = np.random.default_rng(2)
    first = np.asarray(fitted.sample(N, rng=rng))
    if np.array_equal(first, np.asarray(fitted.sample(N, rng=rng))):
        _fail(f"{_name(model)}.sample gives the same rows at every call; draw them from rng.")


def _model_is_not_changed_by_sampling(model, rows):
    fitted = _fitted(model, rows)
    first = _drawn(fitted)
    if not np.array_equal(first, _drawn(fitted)):
        _fail(f"{_name(model)}.sample changes the model: the same rng then gives other rows.")


def _model_leaves_global_state_alone(model, rows):
    _stir_global_state()  # or a model that always seeds it alike would leave no trace
    before = _global_state()
    _drawn(_fitted(model, rows))
    for (name, was), now in zip(before.items(), _global_state().values(), strict=True):
        if was != now:
            _fail(f"{_name(model)} changes the global state of {name}; draw from rng.")


def _model_forgets_when_refitted(model, rows):
    half = len(rows) // 2
    other = np.concatenate([rows[half:], rows[half:]])  # another distribution, the same categories
    fresh = _drawn(_fitted(copy.deepcopy(model), rows))
    _fitted(model, other)
    if not np.array_equal(fresh, _drawn(_fitted(model, rows))):
        _fail(f"{_name(model)}.fit remembers an earlier fit; a refit must start anew.")


def _model_rows_are_exchangeable(model, rows):
    from scipy.stats import ks_2samp, spearmanr

    drawn = _drawn(_fitted(model, rows)).reshape(N, -1)
    for column in drawn.T:
        if np.ptp(column) == 0:
            continue
        halves = ks_2samp(column[: N // 2], column[N // 2 :]).pvalue
        neighbours = spearmanr(column[:-1], column[1:]).pvalue
        if min(halves, neighbours) < 1e-6:
            _fail(
                f"{_name(model)}.sample gives rows in an order that tells something (sorted by "
                "component?): a part of them is a biased sample; shuffle them with rng."
            )


def _model_can_be_copied(model, rows):
    fitted = _fitted(model, rows)
    try:
        twins = copy.deepcopy(fitted), pickle.loads(pickle.dumps(fitted))
    except Exception as error:  # whatever stops a copy is the fault to name
        _fail(f"{_name(model)} cannot be copied to another process: {error}")
    for twin in twins:
        if not np.array_equal(_drawn(twin), _drawn(fitted)):
            _fail(f"A copy of a fitted {_name(model)} gives other rows than the model itself.")


def _global_state() -> dict[str, str]:
    state = {"numpy.random": repr(np.random.get_state()), "random": repr(random.getstate())}  # noqa: NPY002
    if "torch" in sys.modules:
        state["torch"] = repr(sys.modules["torch"].get_rng_state().numpy().tobytes())
    return state


def _stir_global_state() -> None:
    np.random.random()  # noqa: NPY002
    random.random()
    if "torch" in sys.modules:
        sys.modules["torch"].rand(1)


# --- policies -----------------------------------------------------------------------------------


def _history(rows) -> list[Dataset]:
    """Real rows, then two generations of samples with new real rows beside them."""
    history = [Dataset.from_generation(rows, 0)]
    for t in (1, 2):
        samples = Dataset.from_generation(rows + 1000 * t, t)
        fresh = Dataset.from_generation(rows[:3] + 1000 * t + 500, 0)
        history.append(Dataset.concat([samples, fresh]))
    return history


def _source(rows):
    return lambda n, rng: rng.permutation(rows + 5000)[:n]


def _trained(policy, rows, seed: int = 1):
    return policy(_history(rows), _source(rows), np.random.default_rng(seed))


def _policy_returns_rows(policy, rows):
    train = _trained(policy, rows)
    if not isinstance(train, Dataset) or not len(train):
        _fail(f"{policy!r} must return a Dataset with rows in it; it returned {train!r}.")


def _policy_tells_the_truth_about_origin(policy, rows):
    train = _trained(policy, rows)
    kind = (train.rows.reshape(len(train), -1)[:, 0] - rows.min()) // 500  # 0 1000.. 1500.. 5000..
    published = {2: 1, 3: 0, 4: 2, 5: 0}
    truth = np.array([published.get(int(k), 0) for k in kind])
    wrong = int(np.sum(truth != train.origin))
    if wrong:
        _fail(f"{policy!r} gives a wrong origin for {wrong} of {len(train)} rows.")


def _policy_leaves_history_alone(policy, rows):
    history = _history(rows)
    before = [(entry.rows.copy(), entry.origin.copy()) for entry in history]
    policy(history, _source(rows), np.random.default_rng(1))
    if len(history) != len(before) or any(
        not np.array_equal(entry.rows, was[0]) or not np.array_equal(entry.origin, was[1])
        for entry, was in zip(history, before, strict=True)
    ):
        _fail(f"{policy!r} changes the history that it reads.")


def _policy_draws_from_its_rng(policy, rows):
    first = _trained(policy, rows)
    _stir_global_state()
    if not np.array_equal(first.rows, _trained(policy, rows).rows):
        _fail(f"{policy!r} gives other rows for the same rng; draw from rng alone.")
