"""metrics.text: counting by hand and BLEU by its definition as oracles."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib.metrics import (
    distinct_n,
    hapax_share,
    ngram_types,
    perplexity,
    self_bleu,
    surviving_vocabulary,
    vocabulary_size,
    zipf_exponent,
)
from collapse_lib.models.ngram import NGram

quick = settings(deadline=None, max_examples=60, derandomize=True)
some_blocks = st.tuples(st.integers(2, 7), st.integers(4, 7)).flatmap(
    lambda shape: arrays(np.int64, shape, elements=st.integers(0, 3))
)


def ngrams_of(block, order):
    return [tuple(block[i : i + order]) for i in range(len(block) - order + 1)]


@quick
@given(some_blocks, st.integers(1, 4))
def test_ngrams_by_counting_tuples(blocks, order):
    every = [gram for block in blocks.tolist() for gram in ngrams_of(block, order)]
    assert ngram_types(blocks, order) == len(set(every))
    assert distinct_n(blocks, order) == len(set(every)) / len(every)
    text = blocks.ravel()
    assert ngram_types(text, order) == len(set(ngrams_of(text.tolist(), order)))


@quick
@given(some_blocks, some_blocks)
def test_words_by_sets(blocks, reference):
    words, before = set(blocks.ravel().tolist()), set(reference.ravel().tolist())
    assert vocabulary_size(blocks) == ngram_types(blocks, 1) == len(words)
    assert surviving_vocabulary(blocks, reference) == len(words & before) / len(before)
    counts = Counter(blocks.ravel().tolist())
    once = sum(count == 1 for count in counts.values())
    assert hapax_share(blocks) == once / len(counts)


def bleu(block, others, order):
    """BLEU of a block against references of its own length, word for word as it was defined."""
    logs = 0.0
    for k in range(1, order + 1):
        counts = Counter(ngrams_of(block, k))
        references = [Counter(ngrams_of(other, k)) for other in others]
        matched = sum(
            min(count, max(reference[gram] for reference in references))
            for gram, count in counts.items()
        )
        logs += np.log((matched or 0.1) / counts.total()) / order
    return np.exp(logs)


@quick
@given(some_blocks, st.integers(1, 4))
def test_self_bleu_by_its_definition(blocks, order):
    lists = blocks.tolist()
    each = [bleu(lists[i], lists[:i] + lists[i + 1 :], order) for i in range(len(lists))]
    assert self_bleu(blocks, order) == pytest.approx(np.mean(each))


def test_self_bleu_at_its_ends():
    assert self_bleu(np.tile(np.arange(6), (5, 1))) == 1.0
    strangers = np.arange(60).reshape(10, 6)
    assert self_bleu(strangers, order=1) == pytest.approx(0.1 / 6)
    renamed = np.random.default_rng(0).permutation(9)
    blocks = np.random.default_rng(1).integers(9, size=(20, 8))
    assert self_bleu(renamed[blocks]) == self_bleu(blocks) == self_bleu(blocks[::-1])


def zipf_text(exponent, n_types, rng):
    """A text whose words have independent counts of the law c^-exponent / zeta(exponent)."""
    counts = np.minimum(stats.zipf(exponent).rvs(n_types, random_state=rng), 10**4)
    return np.repeat(np.arange(n_types), counts)


@pytest.mark.parametrize("seed", stat_seeds())
def test_zipf_exponent_finds_the_law_of_the_counts(seed):
    rng = np.random.default_rng(seed)
    found = [zipf_exponent(zipf_text(2.5, 400, rng)) for _ in range(60)]
    assert_agrees(found, 2.5 + 0.006)  # maximum likelihood is high by about 1 / n
    assert_rejects(found, 2.6)


@pytest.mark.parametrize("least", [1, 3])
def test_zipf_exponent_is_the_maximum_of_scipys_likelihood(least):
    text = zipf_text(2.2, 800, np.random.default_rng(4))
    counts = np.unique(text, return_counts=True)[1]
    counts = counts[counts >= least]

    def loss(a):
        law = stats.zipf(a)
        return -(law.logpmf(counts).sum() - len(counts) * np.log(law.sf(least - 1)))

    best = optimize.minimize_scalar(loss, bracket=(1.5, 3.0)).x
    assert zipf_exponent(text, least) == pytest.approx(best, abs=1e-5)


def test_zipf_exponent_of_words_that_all_occur_once():
    assert zipf_exponent(np.arange(9)) == np.inf
    assert np.isfinite(zipf_exponent([0, 0, 1]))


def test_perplexity_of_known_models():
    uniform = NGram(1, n_tokens=8, floor=1.0).fit(np.zeros((2, 4)))
    text = np.random.default_rng(0).integers(8, size=(7, 5))
    assert perplexity(uniform, text) == pytest.approx(8)
    certain = NGram(2, n_tokens=8, floor=0.0, weight=1.0).fit(np.zeros((2, 4)))
    assert perplexity(certain, np.zeros((3, 4), int)) == 1.0
    assert perplexity(certain, text) == np.inf
    model = NGram(2, n_tokens=8).fit(text)
    assert perplexity(model, text) == pytest.approx(np.exp(-model.score_samples(text).sum() / 35))


test_what_cannot_be_measured_is_told = refusals(
    (
        lambda: vocabulary_size([[0, 0.5]]),
        ValueError,
        "vocabulary_size.rows needs labels, whole numbers or text; got fractions.",
    ),
    (
        lambda: distinct_n([[0, 1]], order=3),
        ValueError,
        "distinct_n.order must be at most the length of a block, 2; got 3.",
    ),
    (
        lambda: ngram_types([[0, 1]], order=0),
        ValueError,
        "ngram_types.order must be at least 1; got 0.",
    ),
    (
        lambda: self_bleu(np.arange(8)),
        ValueError,
        "self_bleu.blocks must be at least two blocks, (n, length); got shape (8,).",
    ),
    (
        lambda: self_bleu([[0, 1], [1, 2]]),
        ValueError,
        "self_bleu.order must be at most the length of a block, 2; got 4.",
    ),
    (
        lambda: surviving_vocabulary(["a"], [1]),
        TypeError,
        "surviving_vocabulary needs tokens of one kind; got numbers and text.",
    ),
    (
        lambda: zipf_exponent([0, 1, 1], least=3),
        ValueError,
        "zipf_exponent.rows must hold a word at least 3 times; got none.",
    ),
    (
        lambda: zipf_exponent([0], least=0),
        ValueError,
        "zipf_exponent.least must be at least 1; got 0.",
    ),
    (
        lambda: hapax_share([]),
        ValueError,
        "hapax_share.rows needs at least 1 row; got 0.",
    ),
    (
        lambda: perplexity(object(), [[0]]),
        TypeError,
        "perplexity.model must have score_samples(rows); got object.",
    ),
)
