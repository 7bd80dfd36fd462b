"""check_policy: what a stranger's policy must pass to run in the loop.

Each check is one function `_check_...`, as in collapse_lib.checks.model.
"""

import numpy as np

from collapse_lib.arguments import check_rows
from collapse_lib.checks.common import checks_in, fail, stir_global_state
from collapse_lib.data import Dataset
from collapse_lib.policies.base import check_is_policy

__all__ = ["check_policy"]


def check_policy(policy, rows=None) -> None:
    """Hold a policy to the contract of collapse_lib.policies.DataPolicy.

    rows: (n, ...) rows whose number (at most 400 are used) and shape the history takes; None for
        40 numbers. Each row is replaced by its own number, so that it can be followed.
    """
    check_is_policy("check_policy.policy", policy)
    shape = (40,) if rows is None else check_rows("check_policy.rows", rows).shape
    rows = np.zeros((min(shape[0], 400), *shape[1:]))
    rows += np.arange(len(rows)).reshape(-1, *[1] * (rows.ndim - 1))
    for check in checks_in(__name__):
        fail(repr(policy), check(policy, rows))


def _history(rows) -> list[Dataset]:
    """Real rows, then two generations of samples with new real rows beside them."""
    history = [Dataset.from_generation(rows, 0)]
    for t in (1, 2):
        samples = Dataset.from_generation(rows + 1000 * t, t)
        fresh = Dataset.from_generation(rows[:3] + 1000 * t + 500, 0)
        history.append(Dataset.concat([samples, fresh]))
    return history


def _trained(policy, rows, history=None):
    def source(n, rng):
        return rng.permutation(rows + 5000)[:n]

    return policy(history or _history(rows), source, np.random.default_rng(1))


def _check_returns_rows(policy, rows):
    train = _trained(policy, rows)
    if not isinstance(train, Dataset) or not len(train):
        return f" must return a Dataset with rows in it; it returned {train!r}."


def _check_tells_the_truth_about_origin(policy, rows):
    train = _trained(policy, rows)
    kind = train.rows.reshape(len(train), -1)[:, 0] // 500  # 0.. 1000.. 1500.. 5000..
    published = {2: 1, 3: 0, 4: 2, 5: 0}
    truth = np.array([published.get(int(k), 0) for k in kind])
    wrong = int(np.sum(truth != train.origin))
    if wrong:
        return f" gives a wrong origin for {wrong} of {len(train)} rows."


def _check_leaves_history_alone(policy, rows):
    history, before = _history(rows), _history(rows)
    _trained(policy, rows, history)
    if len(history) != len(before) or not all(
        np.array_equal(entry.rows, was.rows) and np.array_equal(entry.origin, was.origin)
        for entry, was in zip(history, before, strict=True)
    ):
        return " changes the history that it reads."


def _check_draws_from_its_rng(policy, rows):
    first = _trained(policy, rows)
    stir_global_state()
    if not np.array_equal(first.rows, _trained(policy, rows).rows):
        return " gives other rows for the same rng; draw from rng alone."
