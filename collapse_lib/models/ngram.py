"""NGram: words that follow words, counted; the smallest language model."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from collapse_lib.arguments import check_count, check_number, check_share
from collapse_lib.models.base import Learned, check_blocks, check_fields
from collapse_lib.models.continuations import contexts_after, count_continuations, shifted

__all__ = ["NGram"]


@dataclass
class NGram:
    """Language model of the last `order - 1` words. Rows: (n, length) ints, n blocks of token ids.

    A row is a block of running text, such as `docstrings().blocks(64)` deals, so that policies may
    mix and thin rows without tearing the text. Samples are blocks as long as the training blocks.

    order: k >= 1; 1 counts words, 2 pairs, 3 triples.
    n_tokens: size V of the vocabulary, or None for one more than the largest id in the rows.
    weight: Jelinek-Mercer weight in [0, 1] of each longer context when text is scored,
            p_k(w | k - 1 words) = weight c(words, w) / c(words)
                                   + (1 - weight) p_{k-1}(w | the last k - 2 of them);
        where the fit did not see the longer context, p_k = p_{k-1}.
    floor: share in [0, 1] of the uniform law in p_1(w) = (1 - floor) c(w) / n + floor / V. It
        serves scoring alone: no sample ever holds a word that the training rows lack.
    sampling_weight: the weight in the law that is sampled. 1 is maximum likelihood: a random
        continuation of the longest context that was seen, down to the counts of single words.
    temperature: samples are drawn from that law to the power 1 / temperature, normalised; other
        values than 1 need sampling_weight = 1.

    As many new blocks hold each word as often, in the mean, as the training blocks, but for what
    the edges of blocks change. So words die as theory.survival says; a little sooner from order 3
    on, where whole phrases are copied and the copies of a rare word come in clusters.

    Learned: tables_, one `Continuations` for each order 1 .. k; n_tokens_; block_length_. The
    beginning of a block is a context like any other.

    Source: Jelinek and Mercer (1980); in the recursive form of Chen and Goodman (1999),
    doi:10.1006/csla.1999.0128.
    """

    order: int = 2
    n_tokens: int | None = None
    weight: float = 0.6
    floor: float = 0.1
    sampling_weight: float = 1.0
    temperature: float = 1.0
    tables_ = n_tokens_ = Learned()

    def fit(self, rows, *, rng=None, sample_weight=None):
        check_fields(self, check_count, "order", "n_tokens", least=1)
        check_fields(self, check_share, "weight", "floor", "sampling_weight")
        check_fields(self, check_number, "temperature", above=0)
        if self.temperature != 1 and self.sampling_weight != 1:
            raise ValueError(
                f"NGram.temperature must be 1 where sampling_weight is not; got temperature "
                f"{self.temperature} and sampling_weight {self.sampling_weight}. Set one of the "
                "two to 1."
            )
        blocks = check_blocks(self, "fit", rows, self.n_tokens)
        self.n_tokens_ = self.n_tokens or int(blocks.max()) + 1
        self.block_length_ = blocks.shape[1]
        self.tables_ = count_continuations(blocks, self.n_tokens_, self.order, sample_weight)
        return self

    def sample(self, n, *, rng, prompt=None, scheme=None):
        """(n, length) blocks, all written at once, one position after the other.

        prompt: (m,) token ids with which every block begins, 1 <= m < length; None for none.
        scheme: a watermark that chooses each token from its law, such as GreenList(key); see
            collapse_lib.watermarks.watermarked.
        """
        n = check_count("NGram.sample.n", n)
        given = self._known([] if prompt is None else prompt, "sample: prompt")
        if prompt is not None:
            most = self.block_length_ - 1
            check_count("NGram.sample: len(prompt)", len(given), least=1, most=most)
        blocks = np.empty((n, self.block_length_), np.int64)
        blocks[:, : len(given)] = given
        return self._written(blocks, blocks, len(given), rng, scheme)

    def score_samples(self, rows):
        """(n,) natural log probabilities of blocks, which may be of any length."""
        blocks = self._blocks("score_samples", rows)
        with np.errstate(divide="ignore"):
            return np.log(self._shares(blocks, *self._scored_law())).sum(axis=1)

    def token_probabilities(self, rows):
        """(n, length) what the sampled law gives to each word of blocks after those before it."""
        blocks = self._blocks("token_probabilities", rows)
        return self._shares(blocks, *self._sampled_law())

    def redraw(self, rows, *, rng):
        """(n, length) tokens: at each place of blocks a new one, sampled after the old ones."""
        blocks = self._blocks("redraw", rows)
        return self._written(np.empty_like(blocks), blocks, 0, rng)

    def next_probabilities(self, beginning=()):
        """(V,) the law that scores the next word of a block with this beginning, (m,) token ids."""
        return self._law_after(beginning, *self._scored_law())

    def sampling_probabilities(self, beginning=()):
        """(V,) the law that the next word of a block with this beginning is sampled from."""
        return self._law_after(beginning, *self._sampled_law())

    def _scored_law(self):
        """The tables, the weight of each longer context and the floor of a law."""
        return self.tables_, self.weight, self.floor

    def _sampled_law(self):
        tables = [table.sharpened(self.temperature) for table in self.tables_]
        return tables, self.sampling_weight, 0.0

    def _shares(self, blocks, tables, weight, floor):
        """(n, length) what a law gives to each word of blocks."""
        contexts = np.zeros_like(blocks)
        p = (1 - floor) * tables[0].shares(contexts, blocks) + floor / self.n_tokens_
        for shorter, table in pairwise(tables):
            contexts = shifted(shorter.find(contexts, blocks), table.start)
            longer = weight * table.shares(contexts, blocks) + (1 - weight) * p
            p = np.where(table.totals[contexts] > 0, longer, p)
        return p

    def _law_after(self, beginning, tables, weight, floor):
        p = (1 - floor) * tables[0].law(0) + floor / self.n_tokens_
        contexts = self._start(1)
        for token in self._known(beginning):
            contexts = contexts_after(tables, contexts, np.array([token]))
        for table, (context,) in zip(tables[1:], contexts[1:], strict=True):
            if table.totals[context] > 0:
                p = weight * table.law(context) + (1 - weight) * p
        return p

    def _written(self, drawn, read, first, rng, scheme=None):
        """Draw the words `first`, first + 1, ... of blocks `drawn` (n, length), each after those
        that stand before it in `read`."""
        tables, _, _ = self._sampled_law()
        draws = [table.choosing(scheme) if scheme else table.drawing() for table in tables]
        contexts = self._start(len(drawn))
        for i in range(drawn.shape[1]):
            if i >= first:
                texts = read[:, :i] if scheme else None
                drawn[:, i] = self._draw(tables, draws, contexts, rng, texts)
            contexts = contexts_after(tables, contexts, read[:, i])
        return drawn

    def _draw(self, tables, draws, contexts, rng, texts=None):
        """(n,) tokens: each from its longest context, or one order lower with 1 - weight.

        texts: (n, i) what stands before them, for draws that ask.
        """
        tokens = np.empty(len(contexts[0]), np.int64)
        left = np.arange(len(tokens))
        for table, draw, context in list(zip(tables, draws, contexts, strict=True))[:0:-1]:
            here = table.totals[context[left]] > 0
            if self.sampling_weight < 1:
                here &= rng.random(len(left)) < self.sampling_weight
            rows, left = left[here], left[~here]
            tokens[rows] = draw(context[rows], rng, None if texts is None else texts[rows])
        rest = None if texts is None else texts[left]
        tokens[left] = draws[0](contexts[0][left], rng, rest)
        return tokens

    def _start(self, n):
        return [np.full(n, table.start) for table in self.tables_]

    def _blocks(self, argument, rows):
        return check_blocks(self, argument, rows, self.n_tokens_, least=0, shortest=0)

    def _known(self, tokens, argument="a beginning"):
        return self._blocks(argument, np.atleast_2d(np.asarray(tokens, dtype=float)))[0]
