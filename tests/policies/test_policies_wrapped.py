"""Policies around policies: what they keep, how they weigh and choose, and what they refuse."""

from collections import Counter

import numpy as np
import pytest
from scipy import special, stats
from sentences import refusals, says, shown
from statcheck import assert_agrees, assert_rejects

from collapse_lib import Dataset, check_policy, policies, run_loop
from collapse_lib.checks.common import CheckFailed
from collapse_lib.exact import gaussian_chain
from collapse_lib.loop.described import described
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import (
    Accumulate,
    Curated,
    Filtered,
    FreshReal,
    MixReal,
    Replace,
    Resampled,
    Stratified,
    Weighted,
    detectors,
)
from collapse_lib.policies.base import newest_only
from collapse_lib.policies.detectors import (
    Ball,
    Detector,
    GoldenWeight,
    HumanWeight,
    NoisyVerifier,
)
from collapse_lib.sources import GaussianSource

SETTINGS = {"n_samples": 60, "n_generations": 4, "n_reference": 1, "seed": 2}


def history(n=60, length=3, rng=None):
    """length entries of n rows: number 1000 t + i, in the generation t."""
    return [Dataset.from_generation(1000.0 * t + np.arange(n), t) for t in range(length)]


def apply(policy, seed=0, **options):
    return policy(
        history(**options), lambda n, rng: 5000.0 + np.arange(n), np.random.default_rng(seed)
    )


def low(dataset, rng):
    return dataset.rows % 1000 < 20


def number(rows):
    return (rows.reshape(len(rows), -1)[:, 0] % 1000) / 100


def parity(rows):
    return rows.reshape(len(rows), -1)[:, 0].astype(int) % 2


def positive(rows):
    return rows > 0


KEEPERS = [Detector(0.9, 0.1), NoisyVerifier(positive, 0.9, 0.2), Ball(2000.0, 30.0)]
WEIGHERS = [HumanWeight(1.0), GoldenWeight(), GoldenWeight(0.7)]
WRAPPED = [
    *[Filtered(MixReal(0.5), keep) for keep in KEEPERS],
    *[Weighted(FreshReal(0.5), weight) for weight in WEIGHERS],
    Curated(Replace(), number),
    Curated(MixReal(0.5), number, 3),
    Stratified(Accumulate(), parity, (0.2, 0.8)),
    Resampled(Weighted(Filtered(FreshReal(0.5), Detector(0.9, 0.1)), HumanWeight(1.0))),
]
PLAIN = [p for p in WRAPPED if "function" not in repr(p)]


@pytest.mark.parametrize("policy", WRAPPED, ids=shown)
def test_wrapped_policies_pass_the_common_suite(policy):
    check_policy(policy)


def test_the_common_suite_catches_a_wrapper_that_does_not_use_its_rng():
    def careless(dataset, rng):
        return np.random.random(len(dataset)) < 0.5  # noqa: NPY002

    with pytest.raises(CheckFailed, match="gives other rows for the same rng"):
        check_policy(Filtered(Replace(), careless))


@pytest.mark.parametrize("policy", PLAIN, ids=shown)
def test_repr_evaluates_back(policy):
    assert eval(repr(policy), {**vars(detectors), **vars(policies)}) == policy


def test_a_policy_with_a_function_is_described_by_what_the_function_does():
    def above(level):
        return lambda dataset, rng: dataset.rows > level

    same = [described(Filtered(Replace(), above(level))) for level in (1, 1, 2)]
    assert same[0] == same[1] != same[2]


@pytest.mark.parametrize("cls", [Filtered, Weighted, Curated, Stratified])
@pytest.mark.parametrize("inner", [Replace(), Accumulate()])
def test_wrappers_read_no_more_history_than_what_they_wrap(cls, inner):
    arguments = [inner, parity] + [(1, 1)] * (cls is Stratified)
    assert cls(*arguments).newest_only == newest_only(inner)


def test_filtered_keeps_what_passes_and_its_weights():
    kept = apply(Filtered(Accumulate(), low))
    assert sorted(kept.rows) == [1000.0 * t + i for t in range(3) for i in range(20)]
    assert np.array_equal(kept.origin, kept.rows // 1000)
    weighted = apply(Filtered(Weighted(Accumulate(), lambda d, rng: 1 + d.rows), low))
    assert np.array_equal(weighted.weights, 1 + weighted.rows)


def test_weighted_multiplies_onto_the_weights_there_are():
    twice = Weighted(Weighted(Replace(), lambda d, rng: 1 + d.rows), lambda d, rng: 2 + d.rows)
    found = apply(twice)
    assert np.array_equal(found.weights, (1 + found.rows) * (2 + found.rows))


def test_detector_errs_at_its_two_rates():
    detector = Detector(hit_rate=0.8, false_alarm_rate=0.3)
    data = Dataset(np.zeros(200), np.repeat([0, 2], 100))
    kept = np.array([detector(data, np.random.default_rng(seed)) for seed in range(200)])
    assert_agrees(kept[:, :100].mean(axis=1), 0.7)
    assert_agrees(kept[:, 100:].mean(axis=1), 0.2)
    assert_rejects(kept[:, :100].mean(axis=1), 0.2)  # hit and false alarm exchanged


def test_ball_lets_pass_real_rows_and_near_synthetic_ones():
    rows = np.array([[0, 0], [3, 4], [3, 4.1], [9, 9]])
    data = Dataset(rows, np.array([1, 1, 1, 0]))
    kept = Ball((0, 0), 5)(data, None)
    assert kept.tolist() == [True, True, False, True]
    assert Ball(np.array([0.0, 0.0]), 5) == Ball((0.0, 0.0), 5.0)


def test_noisy_verifier_errs_at_its_two_rates_and_spares_real_rows():
    verifier = NoisyVerifier(positive, keep_correct=0.9, keep_wrong=0.2)
    data = Dataset(np.repeat([1.0, -1.0, -1.0], 100), np.repeat([3, 3, 0], 100))
    kept = np.array([verifier(data, np.random.default_rng(seed)) for seed in range(200)])
    rates = kept.reshape(200, 3, 100).mean(axis=2)
    assert_agrees(rates, [0.9, 0.2, 1.0])
    assert_rejects(rates, [0.2, 0.9, 1.0])


def test_human_weight_orders_rows_as_its_auroc_says():
    weight = HumanWeight(1.2)
    assert weight.auroc == pytest.approx(stats.norm.cdf(1.2 / np.sqrt(2)))
    data, areas = Dataset(np.zeros(80), np.repeat([0, 1], 40)), []
    for seed in range(200):
        real, synthetic = np.split(weight(data, np.random.default_rng(seed)), 2)
        areas.append(stats.mannwhitneyu(real, synthetic).statistic / 1600)
    assert_agrees(areas, weight.auroc)
    assert_rejects(areas, HumanWeight(1.4).auroc)
    assert HumanWeight(0).auroc == 0.5
    assert np.all(HumanWeight(0.0)(data, np.random.default_rng(0)) == 1)
    assert np.isfinite(HumanWeight(60.0)(data, np.random.default_rng(0))).all()


def test_golden_weight_gives_real_rows_their_share():
    data = Dataset(np.zeros(40), np.repeat([0, 1], [10, 30]))
    for weight, share in ((GoldenWeight(), (np.sqrt(13) - 1) / 6), (GoldenWeight(0.9), 0.9)):
        found = weight(data, None)
        assert found.sum() == pytest.approx(1)
        assert found[:10].sum() == pytest.approx(share)
        assert len(set(found[:10])) == len(set(found[10:])) == 1
    assert np.allclose(GoldenWeight(0.3)(data.take(slice(0, 10)), None), 0.1)  # all are real


@pytest.mark.parametrize("n_choices", [1, 2, 3, 7])
def test_curated_takes_one_synthetic_row_of_each_group_and_all_real_rows(n_choices):
    train = apply(Curated(MixReal(0.25), number, n_choices))
    assert len(train.of_origin(0)) == 15
    assert len(train.of_origin(2)) == 45 // n_choices
    assert len(set(train.rows)) == len(train)


def test_curated_draws_by_bradley_and_terry():
    """Three rows, groups of two: the chance of each row is its mean over the three groups."""
    reward = np.array([0.0, 1.0, -0.5])
    past = [Dataset.from_generation(np.arange(3.0), t) for t in (0, 1)]
    policy = Curated(Replace(), lambda rows: reward[rows.astype(int)])
    taken = Counter(
        policy(past, None, np.random.default_rng(seed)).rows.item() for seed in range(4000)
    )
    wins = special.expit(reward[:, None] - reward)  # row against column
    expected = (wins.sum(axis=1) - 0.5) / 3
    counts = np.array([taken[i] for i in range(3)])
    assert stats.chisquare(counts, 4000 * expected).pvalue > 1e-4
    best = np.array([1 / 3, 2 / 3, 0])  # always the better one
    assert abs(counts / 4000 - best).max() > 0.1
    assert stats.chisquare(counts, 4000 * special.softmax(reward)).pvalue < 1e-4


def test_a_reward_that_is_reached_is_no_fault_and_a_collapsed_loop_neither():
    past = history(length=2)
    past[1] = Dataset.from_generation(np.full(60, 7.0), 1)  # collapsed
    assert len(Curated(Replace(), number)(past, None, np.random.default_rng(0))) == 30
    past[1] = Dataset.from_generation(np.arange(500.0, 560.0), 1)
    reached = Curated(Replace(), lambda rows: 1.0 * (rows >= 500))  # original rows lie below
    assert len(reached(past, None, np.random.default_rng(0))) == 30


@pytest.mark.parametrize("shares", [(0.5, 0.5), (1, 2), (0.93, 0.07), (0, 3)])
def test_stratified_gives_each_group_its_share(shares):
    train = apply(Stratified(Accumulate(), parity, shares))
    groups = np.bincount(parity(train.rows), minlength=2)
    assert len(train) == 180
    assert np.all(np.abs(groups - 180 * np.array(shares) / sum(shares)) < 1)
    assert np.array_equal(train.origin, train.rows // 1000)
    doubled = [len(set(group)) < len(group) for group in (train.rows[parity(train.rows) == g] for
                                                          g in (0, 1))]  # fmt: skip
    assert doubled == [count > 90 for count in groups]  # only where a group has too few


def test_stratified_rounds_to_the_largest_remainder():
    train = apply(Stratified(Replace(), lambda rows: rows.astype(int) % 3, (1, 1, 1.5)), n=10)
    assert np.bincount(train.rows.astype(int) % 3).tolist() == [3, 3, 4]
    tenths = Stratified(Replace(), lambda rows: rows.astype(int) % 10, np.full(10, 0.1))
    assert len(set(apply(tenths, n=10).rows)) == 10


def test_stratified_rows_come_in_no_order():
    group = parity(apply(Stratified(Accumulate(), parity, (1, 1))).rows)
    assert 60 < np.sum(group[:-1] != group[1:]) < 120  # about half of 179 neighbours


def test_wrappers_run_in_the_loop_and_are_resumed(tmp_path):
    policy = Resampled(Weighted(Filtered(FreshReal(0.5), Detector(0.9, 0.1)), GoldenWeight()))
    arguments = (Gaussian(), GaussianSource(), policy)
    whole = run_loop(*arguments, **SETTINGS)
    run_loop(*arguments, **{**SETTINGS, "n_generations": 2}, checkpoint=tmp_path)
    resumed = run_loop(*arguments, **SETTINGS, checkpoint=tmp_path)
    assert np.array_equal(whole[3].sample, resumed[3].sample)
    other = Resampled(Weighted(Filtered(FreshReal(0.5), Detector(0.8, 0.1)), GoldenWeight()))
    with pytest.raises(ValueError, match="policy"):
        run_loop(*arguments[:2], other, **SETTINGS, checkpoint=tmp_path)


def test_the_exact_engine_says_that_it_has_no_rows():
    with pytest.raises(AttributeError) as error:
        gaussian_chain(
            Curated(Replace(), number), n_samples=9, n_generations=2, n_replicates=3, seed=1
        )
    assert str(error.value) == (
        "The exact engine holds no single rows, so a policy cannot ask for `origin` there; "
        "run it on rows with run_loop."
    )


def refused(policy, **settings):
    with pytest.raises(ValueError) as error:
        run_loop(Gaussian(), GaussianSource(), policy, **{**SETTINGS, **settings})
    return str(error.value)


def nothing_from_the_third(dataset, rng):
    return np.full(len(dataset), dataset.origin.max() < 2)


def test_a_filter_that_lets_nothing_pass_is_told():
    assert refused(Filtered(Replace(), nothing_from_the_third)) == (
        "Filtered.keep let none of the 60 rows of generation 3 pass; loosen it or publish more "
        "rows."
    )
    heavy_half = Weighted(Replace(), lambda d, rng: 1.0 * (d.rows > 0))
    assert refused(Filtered(heavy_half, lambda d, rng: d.rows <= 0)) == (
        "Filtered.keep let only rows of weight zero pass in generation 2; loosen it or publish "
        "more rows."
    )


@pytest.mark.parametrize(
    ("keep", "got"),
    [
        (lambda d, rng: np.ones(len(d)), "float64 of shape (60,)"),
        (lambda d, rng: np.array([True, False]), "bool of shape (2,)"),
        (lambda d, rng: True, "bool of shape ()"),
    ],
)
def test_a_filter_of_another_kind_is_told(keep, got):
    assert refused(Filtered(Replace(), keep)) == (
        f"Filtered.keep must return True or False for each of the 60 rows of generation 2; "
        f"got {got}."
    )


@pytest.mark.parametrize(
    ("weight", "sentence"),
    [
        (
            lambda d, rng: np.zeros(len(d)),
            "Weighted.weight leaves all 60 rows of generation 2 with weight zero; give some row "
            "a positive weight.",
        ),
        (
            lambda d, rng: np.r_[-1.0, np.nan, np.inf, np.ones(57)],
            "Weighted.weight of rows of generation 2 must be finite and at least 0; 3 of 60 are "
            "not (the first is -1).",
        ),
        (
            lambda d, rng: 1.0,
            "Weighted.weight must return one number for each of the 60 rows of generation 2; "
            "got float64 of shape ().",
        ),
        (
            GoldenWeight(),
            "GoldenWeight needs real rows, but none of the 60 rows of generation 2 is real; wrap "
            "a policy that has some, such as FreshReal(0.5).",
        ),
    ],
)
def test_weights_that_cannot_be_used_are_told(weight, sentence):
    assert refused(Weighted(Replace(), weight)) == sentence


@pytest.mark.parametrize(
    ("reward", "sentence"),
    [
        (
            lambda rows: np.where(np.arange(len(rows)) < 3, [np.nan], 1.0),
            "Curated.reward of synthetic rows of generation 2 must be finite; 3 of 60 are not "
            "(the first is nan).",
        ),
        (
            lambda rows: np.full(len(rows), 0.5),
            "Curated.reward is 0.5 for all 60 synthetic rows of generation 2 and all original "
            "rows, so it chooses nothing; reward what differs between rows.",
        ),
        (
            lambda rows: rows[:2],
            "Curated.reward must return one number for each of the 60 synthetic rows of "
            "generation 2; got float64 of shape (2,).",
        ),
    ],
)
def test_rewards_that_cannot_be_used_are_told(reward, sentence):
    assert refused(Curated(Replace(), reward)) == sentence


def test_too_few_rows_to_choose_from_are_told():
    assert refused(Curated(MixReal(0.95), number, 4)) == (
        "Curated.n_choices is 4, but generation 2 has 3 synthetic rows to choose from; publish "
        "more rows."
    )


@pytest.mark.parametrize(
    ("group", "sentence"),
    [
        (
            lambda rows: np.zeros(len(rows), int),
            "Stratified.shares[1] is 0.25, but group 1 has no row left in generation 2; publish "
            "more rows or mix in real ones.",
        ),
        (
            lambda rows: np.arange(len(rows)) // 58,
            None,
        ),
        (
            lambda rows: np.r_[np.zeros(58, int), 7, 7],
            "Stratified.group of rows of generation 2 must be in [0, 1]; 2 of 60 are not (the "
            "first is 7).",
        ),
        (
            lambda rows: rows,
            "Stratified.group must return one whole number for each of the 60 rows of "
            "generation 2; got float64 of shape (60,).",
        ),
    ],
)
def test_groups_that_cannot_be_used_are_told(group, sentence):
    policy = Stratified(Replace(), group, (0.75, 0.25))
    if sentence is None:  # two rows of a group are enough
        run_loop(Gaussian(), GaussianSource(), policy, **SETTINGS)
    else:
        assert refused(policy) == sentence


def test_a_group_too_small_for_a_row_is_named_at_once():
    with says(
        "Stratified.shares[1] is 0.01, which is no row of the 20 of generation 3; publish more "
        "rows."
    ):
        apply(Stratified(Replace(), parity, (0.99, 0.01)), n=20)
    train = apply(Stratified(Replace(), parity, (1, 0)), n=20)  # left out on purpose
    assert (parity(train.rows) == 0).all()


test_parameters_outside_their_range_are_told = refusals(
    (
        lambda: Filtered(Replace, low),
        TypeError,
        (
            "Filtered.policy must be callable as policy(history, source, rng); got <class "
            "'collapse_lib.policies.mixing.Replace'>. Give an object such as Replace()."
        ),
    ),
    (
        lambda: Filtered(Replace(), 0.5),
        TypeError,
        "Filtered.keep must be callable as keep(dataset, rng); got 0.5.",
    ),
    (
        lambda: Weighted(Replace(), None),
        TypeError,
        "Weighted.weight must be callable as weight(dataset, rng); got None.",
    ),
    (
        lambda: Curated(Replace(), number, 0),
        ValueError,
        "Curated.n_choices must be at least 1; got 0.",
    ),
    (
        lambda: Stratified(Replace(), parity, (0.5, -0.5)),
        ValueError,
        "Stratified.shares must be finite and at least 0; 1 of 2 are not (the first is -0.5).",
    ),
    (
        lambda: Stratified(Replace(), parity, 0.5),
        ValueError,
        "Stratified.shares must have 1 axis; got shape ().",
    ),
    (
        lambda: Stratified(Replace(), parity, (0, 0)),
        ValueError,
        "The sum of Stratified.shares must be finite and above 0; got 0.",
    ),
    (lambda: Detector(1.5, 0), ValueError, "Detector.hit_rate must be in [0, 1]; got 1.5."),
    (
        lambda: NoisyVerifier(positive, 0.5, "few"),
        TypeError,
        "NoisyVerifier.keep_wrong must be a number; got 'few'.",
    ),
    (
        lambda: Ball(0.0, 0),
        ValueError,
        "Ball.radius must be finite and above 0; got 0.",
    ),
    (
        lambda: Ball((0.0, np.nan), 1),
        ValueError,
        "Ball.centre must be in [-1e+150, 1e+150]; 1 of 2 are not (the first is nan).",
    ),
    (
        lambda: apply(Filtered(Replace(), Ball((0.0, 0.0), 1))),
        ValueError,
        "Ball.centre must have the shape of one row, (); got (2,).",
    ),
    (
        lambda: HumanWeight(-1),
        ValueError,
        "HumanWeight.d_prime must be in [0, 1e+06]; got -1.",
    ),
    (lambda: GoldenWeight(2), ValueError, "GoldenWeight.share must be in [0, 1]; got 2."),
)
