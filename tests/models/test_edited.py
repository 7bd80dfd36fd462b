"""Edited: predictable words drawn anew, by the law that the n-gram samples from."""

import numpy as np
import pytest
from model_rows import bigram_text, fault_is, rng, runs_in_the_loop
from statcheck import assert_agrees, assert_rejects

from collapse_lib.models.edited import Edited
from collapse_lib.models.ngram import NGram


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("options", [{}, {"sampling_weight": 0.7}, {"temperature": 2.0}], ids=str)
def test_token_probabilities_are_those_sampled(order, options):
    text = bigram_text()
    fitted = NGram(order, 4, **options).fit(text)
    found = fitted.token_probabilities(text[:3])
    for block, row in zip(text[:3], found, strict=True):
        one_by_one = [fitted.sampling_probabilities(block[:i])[w] for i, w in enumerate(block)]
        assert np.allclose(row, one_by_one)
    drawn = np.array([fitted.redraw(text[:3], rng=child) for child in rng(3).spawn(800)])
    law = np.array([[fitted.sampling_probabilities(b[:i]) for i in range(12)] for b in text[:3]])
    assert_agrees(drawn[..., None] == np.arange(4), law)
    assert_rejects(drawn[..., None] == np.arange(4), 1 / 4)


def test_editing_changes_predictable_words_only():
    text = bigram_text()
    text[:, 0] = 4 + np.arange(60)  # the first word tells the block, and is never predictable
    fitted = Edited(NGram(2, 64), 0.8).fit(text, rng=rng())
    p = fitted.model_.token_probabilities(text)
    assert 0.02 < fitted.edited_share() == (p > 0.8).mean() < 0.5
    deals = np.array([fitted.sample(60, rng=child) for child in rng(1).spawn(300)])
    deals = np.array([deal[np.argsort(deal[:, 0])] for deal in deals])  # (300, 60, 12)
    same = deals == text
    assert same[:, p <= 0.8].all()
    edited = p > 0.8
    assert_agrees(same[:, edited].mean(axis=1), p[edited].mean())
    assert_rejects(same[:, edited].mean(axis=1), 1)


def test_editing_nothing_deals_the_blocks_themselves():
    text = bigram_text()
    drawn = Edited(NGram(2, 4), 1.0).fit(text, rng=rng()).sample(150, rng=rng(1))
    for deal in (drawn[:60], drawn[60:120]):
        assert sorted(map(tuple, deal)) == sorted(map(tuple, text))
    assert not np.array_equal(drawn[:60], text)
    assert not np.array_equal(drawn[:60], drawn[60:120])


@pytest.mark.parametrize(
    ("model", "rows", "sentence"),
    [
        (
            Edited(threshold=1.5),
            bigram_text(3),
            "Edited.threshold must be in [0, 1]; got 1.5.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bad_input_is_told_in_one_sentence(model, rows, sentence):
    fault_is(model, rows, sentence)


def test_it_runs_in_the_loop():
    runs_in_the_loop(Edited(NGram(2, 4)), bigram_text())
