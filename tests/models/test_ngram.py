"""NGram: a dictionary of counts as oracle, its laws in closed form, and its loop on real prose."""

import itertools
from collections import Counter

import numpy as np
import pytest
from scipy import stats
from statcheck import stat_seeds

from collapse_lib import check_model, run_loop
from collapse_lib.metrics import of_model, of_sample, perplexity, vocabulary_size
from collapse_lib.models.ngram import NGram
from collapse_lib.policies import Accumulate, FreshReal, Replace
from collapse_lib.sources import docstrings
from collapse_lib.theory import survival_exponents

V = 5
BEGIN = "<begin>"
per_seed = pytest.mark.parametrize("seed", stat_seeds())


def rng(seed=0):
    return np.random.default_rng(seed)


def some_blocks(n=12, length=6, seed=0, n_tokens=V - 1):
    """Blocks in which the last word of the vocabulary never occurs, and most triples neither."""
    return rng(seed).choice(n_tokens, p=[0.5, 0.3, 0.15, 0.05], size=(n, length))


class Dictionary:
    """An independent n-gram: counts of tuples in a dictionary, one word after the other."""

    def __init__(self, blocks, order):
        self.order, self.counts = order, Counter()
        for block in blocks.tolist():
            text = [BEGIN] * (order - 1) + block
            for i in range(order - 1, len(text)):
                for k in range(1, order + 1):
                    self.counts[tuple(text[i - k + 1 : i + 1])] += 1

    def law(self, beginning, weight, floor):
        text = ([BEGIN] * (self.order - 1) + list(beginning))[::-1]
        p = np.full(V, 1 / V)
        for k in range(1, self.order + 1):
            context = tuple(text[: k - 1][::-1])
            counts = np.array([self.counts[(*context, w)] for w in range(V)], dtype=float)
            if counts.any():
                w = 1 - floor if k == 1 else weight
                p = w * counts / counts.sum() + (1 - w) * p
        return p

    def log_probability(self, block, weight, floor):
        laws = [self.law(block[:i], weight, floor) for i in range(len(block))]
        return sum(np.log(law[token]) for law, token in zip(laws, block, strict=True))


def beginnings(longest):
    return itertools.chain.from_iterable(
        itertools.product(range(V), repeat=m) for m in range(longest + 1)
    )


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_every_law_is_that_of_a_dictionary_of_counts(order):
    blocks = some_blocks()
    model = NGram(order, V, weight=0.7, floor=0.2, sampling_weight=0.4).fit(blocks)
    oracle = Dictionary(blocks, order)
    for beginning in beginnings(3):
        assert np.allclose(model.next_probabilities(beginning), oracle.law(beginning, 0.7, 0.2))
        assert np.allclose(model.sampling_probabilities(beginning), oracle.law(beginning, 0.4, 0))
    new = rng(1).integers(V, size=(40, 5))
    expected = [oracle.log_probability(block, 0.7, 0.2) for block in new.tolist()]
    assert np.allclose(model.score_samples(new), expected)


@pytest.mark.parametrize("order", [1, 2, 3])
def test_probabilities_of_all_continuations_sum_to_one(order):
    model = NGram(order, V).fit(some_blocks())
    for beginning in beginnings(3):  # contexts seen and unseen
        assert model.next_probabilities(beginning).sum() == pytest.approx(1)
        assert model.sampling_probabilities(beginning).sum() == pytest.approx(1)
    every_block = np.array(list(itertools.product(range(V), repeat=4)))
    assert np.exp(model.score_samples(every_block)).sum() == pytest.approx(1)


def block_law(model, length):
    """Every block over the vocabulary, and the product of the laws its words are sampled from."""
    blocks = list(itertools.product(range(V), repeat=length))
    return [
        np.prod([model.sampling_probabilities(block[:i])[block[i]] for i in range(length)])
        for block in blocks
    ]


def p_value(drawn, law):
    """Chi-square of blocks drawn against the law of all blocks; the rare ones taken together."""
    length, law = drawn.shape[1], np.array(law)
    counts = np.bincount(np.ravel_multi_index(drawn.T, (V,) * length), minlength=V**length)
    expected = len(drawn) * law / law.sum()
    assert not counts[expected == 0].any()
    common = expected >= 5
    pooled = [[*c[common], c[~common].sum()] for c in (counts, expected)]
    keep = np.array(pooled[1]) > 0
    return stats.chisquare(np.array(pooled[0])[keep], np.array(pooled[1])[keep]).pvalue


@per_seed
@pytest.mark.parametrize(
    "options",
    [
        {"order": 1},
        {"order": 2},
        {"order": 3},
        {"order": 2, "sampling_weight": 0.5},
        {"order": 3, "sampling_weight": 0.7},
        {"order": 2, "temperature": 0.6},
        {"order": 3, "temperature": 1.8},
    ],
    ids=str,
)
def test_samples_follow_the_sampling_law(options, seed):
    blocks = some_blocks(n=30, length=3)
    model = NGram(n_tokens=V, **options).fit(blocks)
    drawn = model.sample(20_000, rng=rng(seed))
    assert p_value(drawn, block_law(model, 3)) > 1e-4
    wrong = NGram(n_tokens=V, **{**options, "order": options["order"] % 3 + 1}).fit(blocks)
    seen = np.array(block_law(wrong, 3))
    assert p_value(drawn, np.maximum(seen, 1e-6)) < 1e-4


def test_temperature_is_a_power_of_the_whole_law():
    blocks = some_blocks()
    plain = NGram(3, V).fit(blocks)
    for temperature in (0.01, 0.5, 3.0):
        model = NGram(3, V, temperature=temperature).fit(blocks)
        for beginning in beginnings(2):
            p = plain.sampling_probabilities(beginning)
            with np.errstate(divide="ignore"):
                power = np.exp((np.log(p) - np.log(p.max())) / temperature)
            law = model.sampling_probabilities(beginning)
            assert np.allclose(law, power / power.sum())
            assert np.array_equal(
                model.next_probabilities(beginning), plain.next_probabilities(beginning)
            )
    cold = NGram(2, V, temperature=0.01).fit(blocks).sample(5, rng=rng())
    assert len(np.unique(cold, axis=0)) == 1


@pytest.mark.parametrize("sampling_weight", [1.0, 0.3])
@pytest.mark.parametrize("order", [1, 2, 3])
def test_a_word_that_the_training_rows_lack_is_never_sampled(order, sampling_weight):
    blocks = some_blocks(n=6, length=5)
    model = NGram(order, n_tokens=50, sampling_weight=sampling_weight).fit(blocks)
    drawn = model.sample(3000, rng=rng())
    assert set(np.unique(drawn)) == set(np.unique(blocks))
    assert model.next_probabilities([0])[49] > 0  # the floor is there, and serves scoring alone


def test_a_word_seen_only_at_the_end_of_blocks_is_followed_by_single_words():
    blocks = np.array([[0, 1, 0, 3], [1, 0, 0, 3]])
    model = NGram(2).fit(blocks)
    assert np.allclose(model.sampling_probabilities([3]), [0.5, 0.25, 0, 0.25])
    starts = model.sampling_probabilities()
    assert np.allclose(starts, [0.5, 0.5, 0, 0])


def test_weights_count_blocks_and_nothing_weighted_zero_is_sampled():
    blocks = some_blocks(n=4)
    repeated = NGram(3, V).fit(np.repeat(blocks, [1, 3, 2, 0], axis=0))
    weighted = NGram(3, V).fit(blocks, sample_weight=np.array([1.0, 3.0, 2.0, 0.0]))
    for beginning in beginnings(2):
        law = weighted.sampling_probabilities(beginning)
        assert np.allclose(law, repeated.sampling_probabilities(beginning))
        assert np.allclose(
            weighted.next_probabilities(beginning), repeated.next_probabilities(beginning)
        )
    lone = np.concatenate([blocks, [[4, 4, 4, 4, 4, 4]]])
    cold = NGram(2, V, temperature=0.5).fit(lone, sample_weight=np.array([1, 1, 1, 1, 0]))
    assert (cold.sample(500, rng=rng()) < 4).all()
    new = rng(3).integers(V, size=(30, 6))
    assert np.allclose(weighted.score_samples(new), repeated.score_samples(new))
    drawn = weighted.sample(500, rng=rng())
    assert np.isfinite(NGram(3, V, weight=1, floor=0).fit(blocks[:3]).score_samples(drawn)).all()


def test_scores_of_what_cannot_be():
    model = NGram(2, V, weight=1, floor=0).fit(some_blocks())
    assert model.score_samples(np.full((1, 3), 4)).tolist() == [-np.inf]
    assert NGram(2, V).fit(some_blocks()).score_samples(np.empty((0, 3))).shape == (0,)


def test_one_word_and_blocks_of_one():
    only = NGram(3).fit(np.zeros((4, 6)))
    assert not only.sample(3, rng=rng()).any()
    assert only.score_samples(np.zeros((1, 6))).tolist() == [0.0]
    single = NGram(2, V).fit(np.array([[1], [1], [2]]))
    assert np.allclose(single.sampling_probabilities(), [0, 2 / 3, 1 / 3, 0, 0])


def test_a_prompt_begins_every_block():
    model = NGram(3, V).fit(some_blocks())
    drawn = model.sample(2000, rng=rng(), prompt=[1, 0])
    assert drawn.shape == (2000, 6) and (drawn[:, :2] == [1, 0]).all()
    third = np.bincount(drawn[:, 2], minlength=V)
    law = model.sampling_probabilities([1, 0])
    assert stats.chisquare(third[law > 0], 2000 * law[law > 0]).pvalue > 1e-4
    unknown = model.sample(50, rng=rng(), prompt=[4])  # of the vocabulary, never seen
    assert (unknown[:, 0] == 4).all() and (unknown[:, 1:] < 4).all()


@pytest.mark.parametrize("order", [1, 3])
def test_other_orders_pass_the_common_suite(order):
    check_model(NGram(order, sampling_weight=0.8), some_blocks(n=60))


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"order": 0}, "NGram.order must be at least 1; got 0."),
        ({"order": 1.5}, "NGram.order must be a whole number; got 1.5."),
        (
            {"n_tokens": 0},
            "NGram.n_tokens must be at least 1; got 0.",
        ),
        ({"weight": 1.2}, "NGram.weight must be in [0, 1]; got 1.2."),
        ({"floor": "low"}, "NGram.floor must be a number; got 'low'."),
        (
            {"sampling_weight": float("nan")},
            "NGram.sampling_weight must be in [0, 1]; got nan.",
        ),
        ({"temperature": 0}, "NGram.temperature must be finite and above 0; got 0."),
        (
            {"temperature": 0.5, "sampling_weight": 0.6},
            "NGram.temperature must be 1 where sampling_weight is not; got temperature 0.5 and "
            "sampling_weight 0.6. Set one of the two to 1.",
        ),
        (
            {"n_tokens": 3},
            "NGram.fit needs whole numbers from 0 to 2; 2 of 72 are not (the first is 3). Set "
            "NGram.n_tokens to the size of the vocabulary.",
        ),
    ],
)
def test_what_cannot_be_fitted_is_told(options, sentence):
    with pytest.raises((TypeError, ValueError)) as error:
        NGram(**options).fit(some_blocks())
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (np.arange(5), "NGram.fit needs rows of shape (n, d); got shape (5,)."),
        (np.empty((3, 0)), "NGram.fit: tokens of a block must be at least 1; got 0."),
        (
            np.array([[0, 1], [1, -1]]),
            "NGram.fit needs whole numbers of 0 or more; 1 of 4 are not (the first is -1).",
        ),
        (
            np.array([[0, 0.5]]),
            "NGram.fit needs whole numbers of 0 or more; 1 of 2 are not (the first is 0.5).",
        ),
    ],
)
def test_rows_that_are_no_blocks_of_tokens_are_told(rows, sentence):
    with pytest.raises(ValueError) as error:
        NGram().fit(rows)
    assert str(error.value) == sentence


def test_unknown_tokens_and_prompts_are_told():
    model = NGram(2).fit(some_blocks(n=60))
    unknown = (
        "needs whole numbers from 0 to 3; 1 of 2 are not (the first is 9). Set NGram.n_tokens to "
        "the size of the vocabulary."
    )
    with pytest.raises(ValueError) as error:
        model.score_samples(np.array([[9, 1]]))
    assert str(error.value) == f"NGram.score_samples {unknown}"
    with pytest.raises(ValueError) as error:
        model.sample(3, rng=rng(), prompt=[1, 9])
    assert str(error.value) == f"NGram.sample: prompt {unknown}"
    for prompt, limit in (([], "at least 1"), ([0] * 6, "at most 5")):
        with pytest.raises(ValueError) as error:
            model.sample(3, rng=rng(), prompt=prompt)
        assert str(error.value) == (
            f"NGram.sample: len(prompt) must be {limit}; got {len(prompt)}."
        )


# --- the loop on real prose --------------------------------------------------------------------


def left_by_theory(rows, steps):
    """(len(steps),) words left after `steps` rounds of sampling, from the counts in the rows."""
    counts = np.unique(rows, return_counts=True)[1]
    exponents = survival_exponents(max(steps))
    return np.array([-np.expm1(-counts * exponents[k - 1]).sum() for k in steps])


WORDS = {"words": of_sample(vocabulary_size)}
PERPLEXITY = {"perplexity": of_model(perplexity)}


def run_on_prose(model, policy=None, seed=0, n_generations=10, metrics=PERPLEXITY):
    blocks = docstrings("numpy").blocks(64)
    model.n_tokens = len(blocks.vocabulary)
    return run_loop(
        model,
        blocks,
        policy or Replace(),
        n_samples=1000,
        n_generations=n_generations,
        seed=seed,
        metrics=metrics,
    )


@per_seed
def test_surviving_words_of_real_prose_are_those_of_theory(seed):
    run = run_on_prose(NGram(2), seed=seed, metrics=WORDS)
    steps, original = range(1, 11), run[0].train.rows
    ratio = run.column("words") / left_by_theory(original, steps)
    assert np.abs(ratio - 1).max() < 0.05
    one_late = run.column("words") / left_by_theory(original, range(2, 12))
    assert np.abs(one_late - 1).max() > 0.05
    cold = run_on_prose(NGram(2, temperature=0.9), seed=seed, metrics=WORDS)
    ratio = cold.column("words") / left_by_theory(cold[0].train.rows, steps)
    assert np.abs(ratio - 1).max() > 0.5


def test_longer_contexts_lose_words_a_little_sooner_than_theory():
    """Their phrases are copied whole, so that copies of a rare word come in clusters."""
    final = {}
    for order in (2, 4):
        runs = [run_on_prose(NGram(order), seed=seed, metrics=WORDS) for seed in range(3)]
        final[order] = np.mean(
            [run.column("words")[-1] / left_by_theory(run[0].train.rows, [10]) for run in runs]
        )
    assert abs(final[2] - 1) < 0.03
    assert 0.85 < final[4] < 0.97


@per_seed
def test_held_out_perplexity_is_worst_where_nothing_real_is_added(seed):
    runs = [run_on_prose(NGram(2), p, seed, 5) for p in (Replace(), FreshReal(0.1), Accumulate())]
    replace, fresh, accumulate = (run.column("perplexity") for run in runs)
    assert replace[0] == fresh[0] == accumulate[0]  # the same real rows
    assert (replace > fresh)[1:].all() and (fresh > accumulate)[1:].all()
    assert (np.diff(replace) > 0).all()


@per_seed
def test_own_text_grows_likelier_only_when_the_tail_is_cut(seed):
    for temperature, falls in ((1.0, False), (0.8, True)):
        run = run_on_prose(NGram(2, temperature=temperature), seed=seed, n_generations=5)
        own = [perplexity(run[0].model, each.sample) for each in run]
        assert run.column("perplexity")[-1] > 1.4 * run.column("perplexity")[0]
        assert (own[-1] < 0.6 * own[0]) == falls
        assert falls or abs(own[-1] / own[0] - 1) < 0.1
