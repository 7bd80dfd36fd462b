"""The policies: what they take, from where, and that they say so truly."""

import inspect
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import says, shown
from tracing import CountingModel, CountingSource, born

from collapse_lib import Dataset, check_policy, generations, policies, run_loop
from collapse_lib.discovery import public
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    MixReal,
    Replace,
    Resampled,
)
from collapse_lib.policies.base import Policy
from collapse_lib.policies.detectors import Detector, GoldenWeight

SIX = [
    Replace(),
    Accumulate(),
    AccumulateSubsample(),
    AccumulateSubsample(budget=7),
    MixReal(0.25),
    FreshReal(0.25),
    Anchored(),
]
N = 20


def first_column(rows):
    return rows.reshape(len(rows), -1)[:, 0] / 1000


def even_rows(rows):
    return rows.reshape(len(rows), -1)[:, 0].astype(int) % 2 == 0


def every_policy():
    """One object of each policy class of the room, found without a list."""
    for cls in public(policies.__name__, inspect.isclass).values():
        if issubclass(cls, Policy) and "__call__" in vars(cls):
            arguments = {
                "real_fraction": 0.25,
                "policy": MixReal(0.5),
                "keep": Detector(hit_rate=0.5, false_alarm_rate=0.5),
                "weight": GoldenWeight(),
                "reward": first_column,
                "group": even_rows,
                "shares": (0.5, 0.5),
            }
            fields = set(inspect.signature(cls).parameters) & set(arguments)
            yield cls(**{field: arguments[field] for field in fields})


@pytest.mark.parametrize("policy", list(every_policy()), ids=shown)
def test_policy_passes_the_common_suite(policy):
    check_policy(policy)
    check_policy(policy, rows=np.arange(60.0).reshape(30, 2))
    check_policy(policy, rows=np.random.default_rng(0).normal(scale=1e4, size=(1000, 3)))


@pytest.mark.parametrize("policy", [*SIX, Resampled(MixReal(0.5))], ids=shown)
def test_repr_evaluates_back(policy):
    assert eval(repr(policy), vars(policies)) == policy


def traced(policy, *, n_generations=6, n_fresh=0, n_samples=N):
    return list(
        islice(
            generations(
                CountingModel(),
                CountingSource(),
                policy,
                n_samples=n_samples,
                n_fresh=n_fresh,
                n_reference=1,
                seed=3,
            ),
            n_generations,
        )
    )


@pytest.mark.parametrize("n_fresh", [0, 3])
@pytest.mark.parametrize("policy", SIX, ids=shown)
def test_origin_and_real_fraction_tell_the_truth(policy, n_fresh):
    for generation in traced(policy, n_fresh=n_fresh):
        train = generation.train
        assert np.array_equal(train.origin, born(train.rows))
        assert train.real_fraction == np.mean(born(train.rows) == 0)


@pytest.mark.parametrize("n_fresh", [0, 3])
@pytest.mark.parametrize("policy", SIX, ids=shown)
def test_no_row_is_used_twice_in_one_generation(policy, n_fresh):
    for generation in traced(policy, n_fresh=n_fresh):
        assert len(set(generation.train.rows.tolist())) == len(generation.train)


def test_the_tests_above_can_fail():
    def liar(history, source, rng):
        rows = rng.choice(history[-1].rows, size=N)  # with replacement, and all called real
        return Dataset.from_generation(rows, 0)

    train = traced(liar)[-1].train
    assert not np.array_equal(train.origin, born(train.rows))
    assert len(set(train.rows.tolist())) < len(train)


SIZES = {  # rows to train on in generation 4, with n_fresh = 0 and with n_fresh = 3
    Replace(): (N, N),
    Accumulate(): (4 * N, 4 * N + 9),
    AccumulateSubsample(): (N, N),
    AccumulateSubsample(budget=7): (7, 7),
    MixReal(0.25): (N, N),
    FreshReal(0.25): (N, N),
    Anchored(): (2 * N, 2 * N),
}


@pytest.mark.parametrize(("policy", "sizes"), SIZES.items(), ids=shown)
def test_size_of_the_training_set(policy, sizes):
    assert len(traced(policy)[3].train) == sizes[0]
    assert len(traced(policy, n_fresh=3)[3].train) == sizes[1]


@pytest.mark.parametrize("policy", SIX, ids=shown)
def test_generation_one_is_fitted_to_the_original_rows(policy):
    first = traced(policy)[0]
    assert first.train.rows.tolist() == list(range(1, N + 1))  # row 0 is the reference
    assert first.train.real_fraction == 1


def test_fresh_rows_are_new_and_mixed_rows_are_the_original_ones():
    original = set(traced(Replace())[0].train.rows.tolist())
    seen = set(original)
    for generation in traced(FreshReal(0.25))[1:]:
        real = set(generation.train.of_origin(0).rows.tolist())
        assert len(real) == 5 and not real & seen
        seen |= real
    mixed = [g.train.of_origin(0).rows.tolist() for g in traced(MixReal(0.25), n_fresh=3)[1:]]
    assert all(len(rows) == 5 and set(rows) <= original for rows in mixed)
    assert len({tuple(sorted(rows)) for rows in mixed}) > 1  # drawn anew each generation


def test_replace_takes_the_newest_samples_and_not_the_fresh_rows_beside_them():
    for generation in traced(Replace(), n_fresh=3)[1:]:
        assert set(generation.train.origin.tolist()) == {generation.index - 1}


def test_anchored_holds_all_original_rows():
    for generation in traced(Anchored())[1:]:
        assert len(generation.train.of_origin(0)) == N


@given(st.floats(0, 1), st.integers(1, 40))
@settings(max_examples=40, deadline=None)
def test_real_rows_are_counted_by_rounding(share, n):
    for policy in (MixReal(share), FreshReal(share)):
        train = traced(policy, n_generations=2, n_samples=n)[1].train
        assert len(train) == n
        assert len(train.of_origin(0)) == round(share * n)


def test_growing_samples_reach_the_policies():
    sizes = [len(g.train) for g in traced(Replace(), n_samples=lambda t: 10 * t)]
    assert sizes == [10, 10, 20, 30, 40, 50]


@pytest.mark.parametrize("cls", [MixReal, FreshReal])
@pytest.mark.parametrize(
    ("share", "error", "fault"),
    [
        (1.5, ValueError, "in [0, 1]; got 1.5"),
        (-0.1, ValueError, "in [0, 1]; got -0.1"),
        (float("nan"), ValueError, "in [0, 1]; got nan"),
        ("half", TypeError, "a number; got 'half'"),
    ],
)
def test_a_share_outside_its_range_is_told(cls, share, error, fault):
    with says(f"{cls.__name__}.real_fraction must be {fault}.", error):
        cls(share)


@pytest.mark.parametrize(
    ("budget", "error", "fault"),
    [
        (0, ValueError, "at least 1; got 0"),
        (-3, ValueError, "at least 1; got -3"),
        (2.5, TypeError, "a whole number; got 2.5"),
        ("many", TypeError, "a whole number; got 'many'"),
        (float("nan"), TypeError, "a whole number; got nan"),
        ([1], TypeError, "a whole number; got [1]"),
    ],
)
def test_a_budget_that_is_no_count_is_told(budget, error, fault):
    with says(f"AccumulateSubsample.budget must be {fault}.", error):
        AccumulateSubsample(budget=budget)


def test_mixing_more_original_rows_than_there_are_is_told():
    with pytest.raises(ValueError) as error:
        traced(MixReal(1.0), n_samples=lambda t: 10 * t)
    assert str(error.value) == (
        "MixReal asks for 20 original real rows in generation 3 but there are 10; "
        "lower real_fraction or n_samples."
    )


class Weighted:
    """All published rows; the newest weigh three times as much."""

    def __call__(self, history, source, rng):
        pool = Dataset.concat(history)
        return Dataset(pool.rows, pool.origin, 1.0 + 2.0 * (pool.origin == len(history) - 1))


def test_resampled_draws_in_proportion_to_the_weights():
    shares = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        history = [Dataset.from_generation(np.zeros(30), t) for t in (0, 1)]
        shares.append(np.mean(Resampled(Weighted())(history, None, rng).origin == 1))
    z = (np.mean(shares) - 0.75) / np.sqrt(0.75 * 0.25 / (60 * 200))
    assert abs(z) < 4
    assert abs((np.mean(shares) - 0.5) / np.sqrt(0.25 / (60 * 200))) > 4  # had it ignored them


def test_weights_reach_a_model_that_takes_them_and_no_other():
    class Deaf(Gaussian):
        def fit(self, rows, *, rng=None):
            return super().fit(rows)

    def source(n, rng):
        return rng.normal(size=n)

    arguments = {"n_samples": 10, "n_generations": 3, "seed": 1}
    weighted = run_loop(Gaussian(), source, Weighted(), **arguments)
    train = weighted[2].train
    assert weighted[2].model.mean_ == np.average(train.rows, weights=train.weights)
    with pytest.raises(TypeError) as error:
        run_loop(Deaf(), source, Weighted(), **arguments)
    assert str(error.value) == (
        "Deaf.fit takes no sample_weight, but the policy gives weights; wrap the policy as "
        "Resampled(policy), which resamples in proportion to them."
    )
    run_loop(Deaf(), source, Resampled(Weighted()), **arguments)
