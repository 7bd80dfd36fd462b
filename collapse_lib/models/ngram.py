"""NGram: words that follow words, counted; the smallest language model."""

import operator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from collapse_lib.models.base import check_fitted, check_rows
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

    def fit(self, rows, *, rng=None, sample_weight=None):
        self._check_parameters()
        rows = check_rows(self, rows, ndim=(2,))
        if not rows.shape[1]:
            raise ValueError("NGram.fit needs blocks of at least one token; got blocks of none.")
        n_tokens = int(rows.max()) + 1 if self.n_tokens is None else self.n_tokens
        blocks = _checked_tokens("NGram.fit", rows, max(n_tokens, 1))
        self.n_tokens_ = n_tokens
        self.block_length_ = blocks.shape[1]
        self.tables_ = count_continuations(blocks, n_tokens, self.order, sample_weight)
        return self

    def sample(self, n, *, rng, prompt=None, scheme=None):
        """(n, length) blocks, all written at once, one position after the other.

        prompt: (m,) token ids with which every block begins, 1 <= m < length; None for none.
        scheme: a watermark that chooses each token from its law, such as GreenList(key); see
            collapse_lib.watermarks.watermarked.
        """
        check_fitted(self, "tables_")
        given = [] if prompt is None else self._checked_prompt(prompt)
        tables = self._sampled_tables()
        draws = [table.choosing(scheme) if scheme else table.drawing() for table in tables]
        blocks = np.empty((n, self.block_length_), np.int64)
        contexts = self._start(n)
        for i in range(self.block_length_):
            if i < len(given):
                blocks[:, i] = given[i]
            else:
                texts = blocks[:, :i] if scheme else None
                blocks[:, i] = self._draw(tables, draws, contexts, rng, texts)
            contexts = contexts_after(tables, contexts, blocks[:, i])
        return blocks

    def score_samples(self, rows):
        """(n,) natural log probabilities of blocks, which may be of any length."""
        check_fitted(self, "tables_")
        blocks = self._blocks("NGram.score_samples", rows)
        p = self._floored(self.tables_[0].shares(np.zeros_like(blocks), blocks))  # (n, length)
        p = self._token_shares(p, self.tables_, self.weight, blocks)
        with np.errstate(divide="ignore"):
            return np.log(p).sum(axis=1)

    def token_probabilities(self, rows):
        """(n, length) what the sampled law gives to each word of blocks after those before it."""
        check_fitted(self, "tables_")
        blocks = self._blocks("NGram.token_probabilities", rows)
        tables = self._sampled_tables()
        p = tables[0].shares(np.zeros_like(blocks), blocks)
        return self._token_shares(p, tables, self.sampling_weight, blocks)

    def redraw(self, rows, *, rng):
        """(n, length) tokens: at each place of blocks a new one, sampled after the old ones."""
        check_fitted(self, "tables_")
        blocks = self._blocks("NGram.redraw", rows)
        tables = self._sampled_tables()
        draws = [table.drawing() for table in tables]
        drawn = np.empty_like(blocks)
        contexts = self._start(len(blocks))
        for i in range(blocks.shape[1]):
            drawn[:, i] = self._draw(tables, draws, contexts, rng)
            contexts = contexts_after(tables, contexts, blocks[:, i])
        return drawn

    def next_probabilities(self, beginning=()):
        """(V,) the law that scores the next word of a block with this beginning, (m,) token ids."""
        check_fitted(self, "tables_")
        p = self._floored(self.tables_[0].law(0))
        return self._interpolated(p, self.tables_, self.weight, beginning)

    def sampling_probabilities(self, beginning=()):
        """(V,) the law that the next word of a block with this beginning is sampled from."""
        check_fitted(self, "tables_")
        tables = self._sampled_tables()
        return self._interpolated(tables[0].law(0), tables, self.sampling_weight, beginning)

    def _token_shares(self, p, tables, weight, blocks):
        """(n, length) interpolated shares of the words of blocks; p: those of order 1."""
        contexts = np.zeros_like(blocks)
        for shorter, table in pairwise(tables):
            contexts = shifted(shorter.find(contexts, blocks), table.start)
            longer = weight * table.shares(contexts, blocks) + (1 - weight) * p
            p = np.where(table.totals[contexts] > 0, longer, p)
        return p

    def _interpolated(self, p, tables, weight, beginning):
        contexts = self._start(1)
        for token in self._known(beginning):
            contexts = contexts_after(tables, contexts, np.array([token]))
        for table, (context,) in zip(tables[1:], contexts[1:], strict=True):
            if table.totals[context] > 0:
                p = weight * table.law(context) + (1 - weight) * p
        return p

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

    def _floored(self, shares):
        return (1 - self.floor) * shares + self.floor / self.n_tokens_

    def _sampled_tables(self):
        return [table.sharpened(self.temperature) for table in self.tables_]

    def _blocks(self, whose, rows):
        return _checked_tokens(whose, check_rows(self, rows, least=0, ndim=(2,)), self.n_tokens_)

    def _known(self, tokens):
        tokens = np.atleast_2d(np.asarray(tokens, dtype=float))
        return _checked_tokens("NGram: a beginning", tokens, self.n_tokens_)[0]

    def _checked_prompt(self, prompt):
        if not 0 < len(prompt) < self.block_length_:
            raise ValueError(
                f"NGram.sample: the prompt must have from 1 to {self.block_length_ - 1} tokens, to "
                f"leave room in blocks of {self.block_length_}; got {len(prompt)}. Leave it out to "
                "begin as the training blocks do."
            )
        return self._known(prompt)

    def _check_parameters(self):
        for name, value, least in (("order", self.order, 1), ("n_tokens", self.n_tokens, 1)):
            if name == "n_tokens" and value is None:
                continue
            if not _is_whole(value) or value < least:
                allowed = "a whole number of 1 or more" + ", or None" * (name == "n_tokens")
                raise ValueError(f"NGram.{name} must be {allowed}; got {value!r}.")
        for name in ("weight", "floor", "sampling_weight"):
            value = getattr(self, name)
            if not (_is_number(value) and 0 <= value <= 1):
                raise ValueError(f"NGram.{name} must be a number in [0, 1]; got {value!r}.")
        if not (_is_number(self.temperature) and 0 < self.temperature < np.inf):
            raise ValueError(
                f"NGram.temperature must be a finite number greater than 0; "
                f"got {self.temperature!r}."
            )
        if self.temperature != 1 and self.sampling_weight != 1:
            raise ValueError(
                f"NGram.temperature must be 1 where sampling_weight is not; got temperature "
                f"{self.temperature} and sampling_weight {self.sampling_weight}. Set one of the "
                "two to 1."
            )


def _checked_tokens(whose, rows, n_tokens):
    """Rows of floats as ints, or one sentence that counts what is no token of the vocabulary."""
    tokens = rows.astype(np.int64)
    bad = (tokens != rows) | (tokens < 0) | (tokens >= n_tokens)
    if bad.any():
        raise ValueError(
            f"{whose} needs token ids, whole numbers from 0 to {n_tokens - 1}; {bad.sum()} of "
            f"{bad.size} tokens are not (the first is {rows[bad][0]:g}). Set NGram.n_tokens to the "
            "size of the vocabulary."
        )
    return tokens


def _is_number(value) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def _is_whole(value) -> bool:
    try:
        operator.index(value)
    except TypeError:
        return False
    return not isinstance(value, bool)
