"""Dataset and History."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collapse_lib.data import Dataset
from collapse_lib.loop.history import History


def rng(seed=0):
    return np.random.default_rng(seed)


def test_from_generation_knows_its_origin_and_takes_no_memory_for_it():
    dataset = Dataset.from_generation(np.arange(1000.0), 3)
    assert (dataset.origin == 3).all() and dataset.origin.shape == (1000,)
    assert dataset.origin.strides == (0,)
    assert not dataset.origin.flags.writeable


def test_real_fraction_counts_origin_zero():
    parts = [Dataset.from_generation(np.zeros(3), 0), Dataset.from_generation(np.zeros(1), 2)]
    assert Dataset.concat(parts).real_fraction == 0.75
    assert np.isnan(Dataset.from_generation(np.zeros(0), 0).real_fraction)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 4)), min_size=1, max_size=6))
def test_concat_keeps_rows_and_origins_in_order(parts):
    datasets = [Dataset.from_generation(np.full(n, float(t)), t) for n, t in parts]
    whole = Dataset.concat(datasets)
    assert len(whole) == sum(n for n, _ in parts)
    assert np.array_equal(whole.rows, whole.origin)
    for t in range(5):
        assert len(whole.of_origin(t)) == sum(n for n, s in parts if s == t)


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 9))
def test_subsample_repeats_no_row(n, k, seed):
    dataset = Dataset.from_generation(np.arange(n), 0)
    if k > n:
        with pytest.raises(ValueError, match=r"subsample\.n must be at"):
            dataset.subsample(k, rng(seed))
        return
    rows = dataset.subsample(k, rng(seed)).rows
    assert len(set(rows.tolist())) == k


def test_weights_travel_and_rows_without_one_weigh_one():
    weighted = Dataset(np.zeros(2), np.zeros(2, int), np.array([2.0, 0.5]))
    plain = Dataset.from_generation(np.ones(1), 1)
    whole = Dataset.concat([weighted, plain])
    assert whole.weights.tolist() == [2.0, 0.5, 1.0]
    assert whole.take([2, 1]).weights.tolist() == [1.0, 0.5]


FAULTS = [
    (
        lambda: Dataset(np.float64(3), np.zeros(1, int)),
        "Dataset.rows must have a first axis of rows; got a single number.",
    ),
    (
        lambda: Dataset(np.zeros(3), np.zeros(2, int)),
        "Dataset.origin must have one entry for each of the 3 rows; got shape (2,).",
    ),
    (
        lambda: Dataset(np.zeros(3), np.zeros(3)),
        "Dataset.origin must hold integers; got dtype float64.",
    ),
    (
        lambda: Dataset(np.zeros(2), np.array([0, -1])),
        "Dataset.origin must be 0 or more; got -1.",
    ),
    (
        lambda: Dataset(np.zeros(2), np.broadcast_to(-1, (2,))),
        "Dataset.origin must be 0 or more; got -1.",
    ),
    (
        lambda: Dataset.from_generation(np.zeros(2), -1),
        "Dataset.from_generation.t must be at least 0; got -1.",
    ),
    (
        lambda: Dataset(np.zeros(2), np.zeros(2, int), np.zeros(2)),
        "Dataset.weights must not sum to zero; give some row a positive weight.",
    ),
    (
        lambda: Dataset(np.zeros(2), np.zeros(2, int), np.array([1, -1])),
        "Dataset.weights must be finite and not negative; 1 of 2 are not.",
    ),
    (
        lambda: Dataset(np.zeros(2), np.zeros(2, int), np.ones(3)),
        "Dataset.weights must have one entry for each of the 2 rows; got shape (3,).",
    ),
    (
        lambda: Dataset.concat([]),
        "Dataset.concat needs at least one part; got none.",
    ),
    (
        lambda: Dataset.concat(
            [Dataset.from_generation(np.zeros((1, 2)), 0), Dataset.from_generation(np.zeros(1), 1)]
        ),
        "Dataset.concat needs rows of one shape; got [(), (2,)]. "
        "Reshape the model's samples like the source's rows.",
    ),
    (
        lambda: Dataset.from_generation(np.zeros(2), 0).subsample(3, rng()),
        "Dataset.subsample.n must be at most 2; got 3.",
    ),
]


@pytest.mark.parametrize(("broken", "sentence"), FAULTS)
def test_faults_are_told_in_one_sentence(broken, sentence):
    with pytest.raises(ValueError) as error:
        broken()
    assert str(error.value) == sentence


def _filled(history, n_entries=6, n=4):
    for t in range(n_entries):
        history.append(Dataset.from_generation(np.full(n, float(t)), t))
    return history


@pytest.mark.parametrize("capacity", [0, 24, 1000])
def test_pool_is_a_view_that_holds_everything_in_order(capacity):
    history = _filled(History(pooled=True, capacity=capacity))
    pool = history.pool()
    assert np.array_equal(pool.rows, np.repeat(np.arange(6.0), 4))
    assert np.array_equal(pool.origin, pool.rows)
    assert np.shares_memory(pool.rows, history[3].rows)
    with pytest.raises(ValueError, match="read-only"):
        pool.rows[0] = 9


def test_pool_of_whole_numbers_takes_floats_without_rounding_them():
    history = History(pooled=True)
    history.append(Dataset.from_generation(np.array([1, 2]), 0))
    history.append(Dataset.from_generation(np.array([0.5]), 1))
    assert history.pool().rows.tolist() == [1.0, 2.0, 0.5]


def test_history_that_is_not_pooled_keeps_its_two_ends():
    history = _filled(History(pooled=False))
    assert len(history) == 6
    assert history[0].rows[0] == 0 and history[-1].rows[0] == 5
    with pytest.raises(LookupError) as error:
        history[3]
    assert str(error.value) == (
        "history[3] was let go: the policy declares newest_only = True and so may read history[0] "
        "and history[-1] alone; drop that declaration to keep everything."
    )


def test_history_takes_slices():
    assert [entry.rows[0] for entry in _filled(History(pooled=True))[1:3]] == [1, 2]
