"""What all watermarks share: a keyed hash, ragged laws, and n-grams that are scored once each."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_counts, check_probabilities, check_rows

__all__ = [
    "Detection",
    "Watermark",
    "check_texts",
    "drawn",
    "hashes",
    "ragged",
    "seeds",
    "uniforms",
]

STEP = np.uint64(0x9E3779B97F4A7C15)  # of SplitMix64: 2^64 over the golden ratio, odd


@dataclass(frozen=True)
class Detection:
    """What a detector finds in texts: numbers for one text, (n,) arrays for n of them.

    statistic: mean score of an n-gram; its unit is the watermark's.
    z: statistic less its mean without a watermark, in standard deviations without one.
    p_value: probability of a statistic this large or larger without a watermark. It is exact for
        Gumbel, Tournament, and GreenList with Hashed colours. With LeftHash it can be relied on for
        context 1 alone, where it is cautious; for a longer context it is too small.
    n_scored: how many different n-grams were scored.
    """

    statistic: np.ndarray | float
    z: np.ndarray | float
    p_value: np.ndarray | float
    n_scored: np.ndarray | int


class Watermark(ABC):
    """A rule that chooses each token from its law, by a key and the `context` tokens before it.

    Who has the key scores a text from its tokens alone; no model is asked. The first `context`
    tokens of a text are drawn from their laws as they are, and are not scored. Scores are
    independent between different n-grams of context + 1 tokens (but see LeftHash) and the same
    wherever one n-gram stands again, so each is scored once. Subclasses are frozen dataclasses with
    the fields key and context, and define _choose, _values and _detection.
    """

    key: int
    context: int

    def __post_init__(self):
        name = type(self).__name__
        key = check_count(f"{name}.key", self.key, least=0, most=2**64 - 1)
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "context", check_count(f"{name}.context", self.context, least=1))

    def sample(self, p, contexts, *, rng):
        """(n,) tokens from laws p (n, V), after contexts (n, m) of m >= context tokens each.

        Raises ValueError for laws that are negative or do not sum to one, and for contexts that are
        too short or not as many as the laws.
        """
        name = type(self).__name__
        check_probabilities(f"{name}.sample.p", p, axes=2)
        p = np.asarray(p, dtype=float)
        contexts = check_texts(f"{name}.sample.contexts", contexts, self.context)
        check_count(f"{name}.sample: len(contexts)", len(contexts), least=len(p), most=len(p))
        return self.choose(contexts, *ragged(p), rng.random(len(p)))

    def choose(self, texts, tokens, p, edges, uniform):
        """(n,) tokens that follow the texts (n, i): what a model calls while it writes.

        tokens, p (m,): the possible tokens of all texts and their probabilities, one text after the
            other; those of text i stand at edges[i] : edges[i + 1], at least one each.
        uniform: (n,) in [0, 1), what chance adds to the key.
        """
        if not len(texts):
            return np.empty(0, np.int64)
        if texts.shape[1] < self.context:
            return tokens[drawn(p, edges, uniform)]
        return tokens[self._choose(texts[:, -self.context :], tokens, p, edges, uniform)]

    def score(self, texts) -> Detection:
        """What each text holds: texts (n, length) give arrays (n,), one text (length,) numbers.

        Raises ValueError for texts that are empty or not longer than the context, and for tokens
        that are not whole numbers from 0 on; TypeError for what is not a number.
        """
        checked = check_texts(f"{type(self).__name__}.score", texts, self.context + 1)
        found = self._scored(checked, np.arange(len(checked)))
        if np.ndim(texts) > 1:
            return found
        return Detection(*(value[0].item() for value in vars(found).values()))

    def score_together(self, texts) -> Detection:
        """What all texts (n, length) hold together: an n-gram is scored once, wherever it stands.

        Raises as score does, and ValueError for no texts.
        """
        name = f"{type(self).__name__}.score_together"
        checked = check_texts(name, texts, self.context + 1)
        check_count(f"{name}: len(texts)", len(checked), least=1)
        found = self._scored(checked, np.zeros(len(checked), np.int64))
        return Detection(*(value[0].item() for value in vars(found).values()))

    def _scored(self, texts, owners) -> Detection:
        """Scores by owner; owners: (n,) to whom each text counts, 0, 1, ..."""
        windows = np.lib.stride_tricks.sliding_window_view(texts, self.context + 1, axis=1)
        owners = np.repeat(owners, windows.shape[1])
        ngrams = windows.reshape(-1, self.context + 1)  # (n * (length - context), context + 1)
        once = _first_of_each(seeds(0, ngrams), owners)
        ngrams, owners = ngrams[once], owners[once]
        values = self._values(ngrams[:, :-1], ngrams[:, -1])  # (m,)
        n_owners = owners.max(initial=-1) + 1
        n_scored = np.bincount(owners, minlength=n_owners)
        return self._detection(np.bincount(owners, values, minlength=n_owners), n_scored)

    @abstractmethod
    def _choose(self, contexts, tokens, p, edges, uniform):
        """(n,) places in tokens; contexts: (n, context)."""

    @abstractmethod
    def _values(self, contexts, tokens):
        """(m,) scores of m n-grams."""

    @abstractmethod
    def _detection(self, totals, n_scored) -> Detection:
        """What sums of scores (n,) over n_scored (n,) n-grams say."""


def seeds(key: int, contexts) -> np.ndarray:
    """(n,) uint64, hashes of contexts (n, h) by the finaliser of SplitMix64.

    The hash is fast and not cryptographic: whoever sees enough marked text could work the key out.
    A scheme in earnest needs a keyed cryptographic hash, such as HMAC.

    Source: Steele, Lea and Flood (2014), doi:10.1145/2660193.2660195.
    """
    state = _stirred(np.full(len(contexts), key, np.uint64) + STEP)
    for column in np.asarray(contexts).T:
        state = _stirred((state ^ _stirred(column.astype(np.uint64) + STEP)) + STEP)
    return state


def hashes(seeds_of_contexts, tokens) -> np.ndarray:
    """(m,) uint64, one for each pair of a seed and a token."""
    return _stirred((seeds_of_contexts ^ _stirred(tokens.astype(np.uint64) + STEP)) + STEP)


def uniforms(values) -> np.ndarray:
    """Hashes as numbers strictly between 0 and 1."""
    return ((values >> np.uint64(12)) + 0.5) * 2.0**-52


def drawn(weights, edges, uniform) -> np.ndarray:
    """(n,) places in weights (m,): one in each of the n spans, in proportion to the weights."""
    cumulative = np.concatenate([[0.0], np.cumsum(weights)])
    low, high = cumulative[edges[:-1]], cumulative[edges[1:]]
    at = np.searchsorted(cumulative, low + uniform * (high - low), side="right") - 1
    return np.clip(at, edges[:-1], edges[1:] - 1)  # rounding may end on an edge


def ragged(p):
    """Laws (n, V) as tokens, their probabilities, and the edges between the rows; zeros left out.

    Returns arrays (m,), (m,) and (n + 1,).
    """
    rows, tokens = np.nonzero(p)
    return tokens, p[rows, tokens], np.searchsorted(rows, np.arange(len(p) + 1))


def check_texts(whose: str, texts, least: int = 0) -> np.ndarray:
    """Token ids (n, length) as ints, of at least that length; a single text is n = 1."""
    texts = np.atleast_2d(check_rows(whose, texts, least=0, ndim=(1, 2)))
    check_count(f"{whose}: tokens of a text", texts.shape[1], least=least)
    check_counts(whose, texts)
    return texts.astype(np.int64)


def _stirred(x):
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _first_of_each(ngrams, owners) -> np.ndarray:
    """Places of the different n-grams of each owner; two n-grams share a hash once in 2^64."""
    order = np.lexsort((ngrams, owners))
    again = (np.diff(ngrams[order]) == 0) & (np.diff(owners[order]) == 0)
    return order[np.concatenate([[True], ~again])[: len(order)]]
