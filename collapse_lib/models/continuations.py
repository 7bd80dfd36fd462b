"""Continuations: what followed each context in a text, counted."""

from typing import NamedTuple

import numpy as np

__all__ = ["Continuations", "contexts_after", "count_continuations", "shifted"]


class Continuations(NamedTuple):
    """The k-grams of a text, sorted, so that the continuations of one context stand side by side.

    A context of k - 1 words is known by the number of its (k - 1)-gram in the table of order k - 1;
    `start` is the one before the first word of a block, and -1 one that was never seen.

    keys: (m,) ints in ascending order, context * n_tokens + token, one for each k-gram seen.
    counts: (m,) how often, or the summed weights.
    edges: (n_contexts + 1,) where the continuations of each context begin in keys.
    totals: (n_contexts + 1,) the summed counts of each context; the last is 0, for context -1.
    """

    n_tokens: int
    keys: np.ndarray
    counts: np.ndarray
    edges: np.ndarray
    totals: np.ndarray

    @classmethod
    def of(cls, n_tokens, keys, counts, n_contexts):
        edges = np.searchsorted(keys, np.arange(n_contexts + 1) * n_tokens)
        totals = np.zeros(n_contexts + 1)
        totals[:-1] = np.diff(_cumulative(counts)[edges])
        return cls(n_tokens, keys, counts, edges, totals)

    @property
    def start(self) -> int:
        """The context before the first word of a block."""
        return len(self.edges) - 2

    @property
    def tokens(self) -> np.ndarray:
        """(m,) the last word of each k-gram."""
        return self.keys % self.n_tokens

    def find(self, contexts, tokens):
        """The numbers of the k-grams made of contexts and tokens; -1 where there is none."""
        wanted = contexts * self.n_tokens + tokens
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where((self.keys[at] == wanted) & (contexts >= 0), at, -1)

    def shares(self, contexts, tokens):
        """c(context, token) / c(context); 0 where the context was never seen."""
        at, totals = self.find(contexts, tokens), self.totals[contexts]
        return np.where(at >= 0, self.counts[at], 0.0) / np.where(totals > 0, totals, 1.0)

    def law(self, context: int) -> np.ndarray:
        """(n_tokens,) the shares of all tokens after one context that was seen."""
        inside = slice(self.edges[context], self.edges[context + 1])
        p = np.zeros(self.n_tokens)
        p[self.tokens[inside]] = self.counts[inside]
        return p / p.sum()

    def sharpened(self, temperature: float) -> "Continuations":
        """The shares of every context to the power 1 / temperature."""
        if temperature == 1:
            return self
        sizes = np.diff(self.edges)  # (n_contexts,)
        largest = np.maximum.reduceat(self.counts, self.edges[:-1][sizes > 0])
        relative = self.counts / np.repeat(largest, sizes[sizes > 0])  # no power of it overflows
        counts = relative ** (1 / temperature)
        return Continuations.of(self.n_tokens, self.keys, counts, len(sizes))

    def drawing(self):
        """draw(contexts, rng, texts=None): a token after each context; all must have been seen."""
        cumulative, tokens = _cumulative(self.counts), self.tokens

        def draw(contexts, rng, texts=None):
            first, last = self.edges[contexts], self.edges[contexts + 1]
            low, high = cumulative[first], cumulative[last]
            place = low + rng.random(len(contexts)) * (high - low)
            at = np.searchsorted(cumulative, place, side="right") - 1
            return tokens[np.minimum(at, last - 1)]  # rounding may end on the upper edge

        return draw

    def choosing(self, scheme):
        """As drawing, but scheme.choose picks the token by the text (n, i) before it: a watermark,
        see collapse_lib.watermarks.schemes."""
        tokens = self.tokens

        def choose(contexts, rng, texts):
            first = self.edges[contexts]
            sizes = self.edges[contexts + 1] - first
            edges = np.concatenate([[0], np.cumsum(sizes)])  # (n + 1,)
            at = np.arange(edges[-1]) + np.repeat(first - edges[:-1], sizes)
            p = self.counts[at] / np.repeat(self.totals[contexts], sizes)
            return scheme.choose(texts, tokens[at], p, edges, rng.random(len(contexts)))

        return choose


def count_continuations(blocks, n_tokens, order, weights=None) -> list[Continuations]:
    """One table for each order 1 .. order. blocks: (n, length) ints; weights: (n,) or None."""
    if weights is not None:
        weights = np.asarray(weights, dtype=float)
        blocks = blocks[weights > 0]  # what counts for nothing was not seen
        weights = np.repeat(weights[weights > 0], blocks.shape[1])
    tables, n_contexts, contexts = [], 1, np.zeros_like(blocks)
    for _ in range(order):
        keys, numbers = np.unique(contexts * n_tokens + blocks, return_inverse=True)
        counts = np.bincount(numbers.ravel(), weights=weights, minlength=len(keys)).astype(float)
        tables.append(Continuations.of(n_tokens, keys, counts, n_contexts))
        contexts = shifted(numbers.reshape(blocks.shape), start=len(keys))
        n_contexts = len(keys) + 1
    return tables


def shifted(numbers, start: int):
    """Numbers of k-grams (n, length) as contexts of the position after; first of all, `start`."""
    before = np.full((len(numbers), 1), start)
    return np.concatenate([before, numbers[:, :-1]], axis=1)


def contexts_after(tables, contexts, tokens):
    """The contexts of each order after one more token; contexts: one (n,) array for each order."""
    steps = zip(tables[:-1], contexts[:-1], strict=True)
    return [np.zeros_like(tokens), *(table.find(each, tokens) for table, each in steps)]


def _cumulative(counts):
    return np.concatenate([[0.0], np.cumsum(counts)])
