"""Edited: human text with its most predictable words drawn anew, in place of generated text."""

import copy
from dataclasses import dataclass, field

import numpy as np

from collapse_lib.arguments import check_count, check_share
from collapse_lib.models.base import Learned, check_blocks, check_fields, check_learner, dealt
from collapse_lib.models.ngram import NGram

__all__ = ["Edited"]


@dataclass
class Edited:
    """Token-level editing, rows (n, length) ints, blocks of token ids.

    The model is fitted to the blocks, and the blocks are kept. A sample is made of the kept blocks
    themselves, dealt in random order and without repeats until all are used; in them each word to
    which the model gave more than `threshold`, after the words that precede it in the block, is
    drawn anew from the model after those same words.

    model: NGram; a copy of it is fitted. The law that it samples from is the one that edits.
    threshold: in [0, 1]; 0 draws every word anew (each after the old words, so that the text is not
        the model's own), 1 edits nothing.

    A pair that was seen once has probability 1, and its word comes back as it was: on few rows an
    n-gram changes almost nothing at the default, which is the paper's for a large model; try 0.5.

    Learned: model_, the fitted copy; blocks_ (n, length).

    Source: Zhu et al., arXiv:2412.14689, who edit with a model of its own, trained once.
    """

    model: NGram = field(default_factory=NGram)
    threshold: float = 0.99
    model_ = blocks_ = Learned()

    def fit(self, rows, *, rng):
        check_fields(self, check_share, "threshold")
        self.blocks_ = check_blocks(self, "fit", rows)
        check_learner("Edited.model", self.model)
        self.model_ = copy.deepcopy(self.model).fit(self.blocks_, rng=rng)
        return self

    def sample(self, n, *, rng):
        n = check_count("Edited.sample.n", n)
        blocks = self.blocks_[dealt(len(self.blocks_), n, rng)]  # (n, length)
        return np.where(self._predictable(blocks), self.model_.redraw(blocks, rng=rng), blocks)

    def edited_share(self) -> float:
        """Share of the words of the kept blocks that a sample draws anew. Fewer than these change:
        the word drawn may be the one that stood there."""
        return float(self._predictable(self.blocks_).mean())

    def _predictable(self, blocks):
        return self.model_.token_probabilities(blocks) > self.threshold
