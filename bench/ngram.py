"""NGram against nltk.lm: the same blocks counted, as many tokens sampled."""

from itertools import chain

import numpy as np

from bench.timing import paired
from collapse_lib.models.ngram import NGram
from collapse_lib.sources import docstrings

__all__ = ["CASES"]

BEGINNING = "<s>"


def _blocks(n: int, length: int) -> np.ndarray:
    return docstrings("numpy").blocks(length)(n, np.random.default_rng(1))


def _ours(blocks: np.ndarray, order: int) -> np.ndarray:
    model = NGram(order=order).fit(blocks)
    return model.sample(len(blocks), rng=np.random.default_rng(1))


def _nltk(blocks: list[list[str]], order: int) -> list[list[str]]:
    from nltk.lm import MLE
    from nltk.util import everygrams, pad_sequence

    def padded(block):
        return list(pad_sequence(block, order, pad_left=True, left_pad_symbol=BEGINNING))

    model = MLE(order)
    grams = (everygrams(padded(block), max_len=order) for block in blocks)
    model.fit(grams, chain.from_iterable(map(padded, blocks)))
    beginning = [BEGINNING] * (order - 1)
    length = len(blocks[0])
    return [model.generate(length, beginning, random_seed=i) for i in range(len(blocks))]


def _against_nltk(order: int, n: int, length: int, rounds: int):
    blocks = _blocks(n, length)
    words = [[str(token) for token in block] for block in blocks]
    return paired(lambda: _ours(blocks, order), lambda: _nltk(words, order), rounds=rounds), 1 / 50


def bigrams(n=200, length=64, rounds=5):
    """NGram(2), fit on 200 blocks of 64 real words and 200 new ones sampled, against nltk.lm's MLE.
    Aim: at most 0.02 (50 times as fast)."""
    return _against_nltk(2, n, length, rounds)


def trigrams(n=800, length=64, rounds=5):
    """NGram(3), fit on 800 blocks of 64 real words and 800 new ones sampled, against nltk.lm's MLE.
    Aim: at most 0.02 (50 times as fast)."""
    return _against_nltk(3, n, length, rounds)


CASES = [bigrams, trigrams]
