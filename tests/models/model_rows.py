"""Rows for models of labels and of text, and what several models are held to."""

import numpy as np
import pytest

from collapse_lib import run_loop
from collapse_lib.policies import Replace

__all__ = ["bigram_text", "fault_is", "labelled", "rng", "runs_in_the_loop"]


def rng(seed=0):
    return np.random.default_rng(seed)


def labelled(n=400, weights=(1.0, -2.0), seed=0):
    inputs = rng(seed).normal(size=(n, len(weights)))
    labels = rng(seed + 1).random(n) < 1 / (1 + np.exp(-inputs @ weights))
    return np.column_stack([inputs, labels])


def bigram_text(n=60):
    """Blocks in which 0 is followed by 1 nine times in ten, and other words by any."""
    draw, blocks = rng(), []
    for _ in range(n):
        words = [draw.integers(4)]
        while len(words) < 12:
            certain = words[-1] == 0 and draw.random() < 0.9
            words.append(1 if certain else draw.integers(4))
        blocks.append(words)
    return np.array(blocks)


def fault_is(model, rows, sentence):
    """Fitting a model to rows, or sampling it then, is refused with this one sentence."""
    with pytest.raises((TypeError, ValueError)) as error:
        model.fit(rows, rng=rng(2)).sample(4, rng=rng())
    assert str(error.value) == sentence


def runs_in_the_loop(model, rows):
    def source(n, rng):
        return rows[rng.choice(len(rows), size=n)]

    run = run_loop(model, source, Replace(), n_samples=40, n_generations=3, seed=0)
    again = run_loop(model, source, Replace(), n_samples=40, n_generations=3, seed=0)
    assert np.array_equal(run[-1].sample, again[-1].sample)
    assert run[-1].sample.shape == (40, *rows.shape[1:])
