"""Watermarks of text: GreenList, Gumbel, Tournament. Each is found from tokens and key alone."""

from dataclasses import dataclass, field

import numpy as np
from scipy import stats

from collapse_lib.arguments import check_count, check_number, check_type
from collapse_lib.watermarks.base import (
    Detection,
    Watermark,
    check_texts,
    drawn,
    hashes,
    seeds,
    uniforms,
)
from collapse_lib.watermarks.colours import Hashed, LeftHash

__all__ = ["Detection", "GreenList", "Gumbel", "Hashed", "LeftHash", "Tournament"]

MOST_LAYERS = 64  # the bits of one hash


@dataclass(frozen=True)
class GreenList(Watermark):
    """Some tokens are green, by key and context, and every green one is made likelier.

        q(v) = p(v) e^(delta [v is green]) / sum

    key: a whole number of 0 or more; who has it can detect.
    green_share: gamma in (0, 1), probability that a token is green.
    delta: from 0 to 700, in nats; 0 leaves the law as it is.
    context: h >= 1 tokens whose values colour the next one. The fewer, the more edits it survives,
        and the more the text leans, under one key, on the same green pairs.
    colours: Hashed(), each n-gram green independently, so that the null is exact; or
        LeftHash(n_tokens), the lists that the transformers library makes, with which p-values are
        too small where context is above 1.

    Statistic: green share of the different n-grams. Without a watermark the green ones of T are
    binomial(T, gamma); z = (green - gamma T) / sqrt(T gamma (1 - gamma)).

    Source: Kirchenbauer et al., arXiv:2301.10226; repeated n-grams scored once as there.
    """

    key: int
    green_share: float = 0.25
    delta: float = 2.0
    context: int = 1
    colours: Hashed | LeftHash = field(default_factory=Hashed)

    def __post_init__(self):
        super().__post_init__()
        check_number("GreenList.green_share", self.green_share, above=0, below=1)
        check_number("GreenList.delta", self.delta, least=0, most=700)
        check_type("GreenList.colours", self.colours, (Hashed, LeftHash))

    def _choose(self, contexts, tokens, p, edges, uniform):
        green = self.colours.green(self.key, self.green_share, contexts, _rows(edges), tokens)
        return drawn(np.where(green, p * np.exp(self.delta), p), edges, uniform)

    def _values(self, contexts, tokens):
        rows = np.arange(len(tokens))
        return self.colours.green(self.key, self.green_share, contexts, rows, tokens).astype(float)

    def _detection(self, totals, n_scored):
        return _binomial(totals, n_scored, n_scored, self.green_share)


@dataclass(frozen=True)
class Gumbel(Watermark):
    """Key and context give each token v a number r_v in (0, 1); the token is that with the largest
    r_v^(1 / p(v)).

    key: a whole number of 0 or more; who has it can detect.
    context: h >= 1 tokens that decide the numbers of the next one.

    Over all keys the token's law is p itself, but under one key a context is always followed by the
    same token: the text loses what chance adds. Statistic: mean of -ln(1 - r) over the different
    n-grams. Without a watermark the sum over T of them is Gamma(T, 1); with it the mean is
    `collapse_lib.theory.gumbel_mean`.

    Source: S. Aaronson's talk of 2022, as in Fernandez et al., arXiv:2308.00113.
    """

    key: int
    context: int = 4

    def _choose(self, contexts, tokens, p, edges, uniform):
        r = uniforms(hashes(seeds(self.key, contexts)[_rows(edges)], tokens))
        value = np.log(r) / p  # the power's logarithm: it cannot underflow
        best = np.repeat(np.maximum.reduceat(value, edges[:-1]), np.diff(edges))
        return _first_true(value == best, edges)

    def _values(self, contexts, tokens):
        return -np.log1p(-uniforms(hashes(seeds(self.key, contexts), tokens)))

    def _detection(self, totals, n_scored):
        z = (totals - n_scored) / np.sqrt(n_scored)
        return Detection(totals / n_scored, z, stats.gamma.sf(totals, n_scored), n_scored)


@dataclass(frozen=True)
class Tournament(Watermark):
    """Candidates drawn from the law meet in pairs; key and context give each token a bit in each
    layer, the larger bit wins and chance decides a tie.

    key: a whole number of 0 or more; who has it can detect.
    layers: m, from 1 to 64: 2^m candidates a token. Their law is computed, layer by layer, and
        none is drawn: p'(v) = p(v) (1 + g(v) - sum_w p(w) g(w)).
    context: h >= 1 tokens that decide the bits of the next one.

    Over all keys the token's law is p itself (non-distortionary). Statistic: mean bit over layers
    and different n-grams. Without a watermark the sum is binomial(T m, 1/2); with it the first
    layer's mean is `collapse_lib.theory.tournament_mean`. It is the plain mean, not the paper's
    weighted or trained score, and repeated contexts are not left unmarked as there.

    Source: Dathathri et al. (2024), doi:10.1038/s41586-024-08025-4 (SynthID-Text, two leaves).
    """

    key: int
    layers: int = 30
    context: int = 4

    def __post_init__(self):
        super().__post_init__()
        layers = check_count("Tournament.layers", self.layers, least=1, most=MOST_LAYERS)
        object.__setattr__(self, "layers", layers)

    def bits(self, context, tokens):
        """(n, layers) zeros and ones: the bits of tokens (n,) after one context (m,)."""
        context = check_texts("Tournament.bits.context", context, self.context)[:, -self.context :]
        return _bits(hashes(seeds(self.key, context), np.asarray(tokens)), self.layers)

    def play(self, context, candidates, *, rng):
        """One tournament, played out: a list of layers + 1 arrays, the candidates (2^layers,) after
        one context (m,), the winners of the first layer, and so on to the one that wins.

        Drawn over candidates from a law, the winner has the law that `choose` computes.
        """
        check_count("Tournament.play: len(candidates)", len(candidates), least=2**self.layers,
                    most=2**self.layers)  # fmt: skip
        rounds = [np.asarray(candidates)]
        for layer in range(self.layers):
            first, second = rounds[-1].reshape(-1, 2).T
            ahead = np.subtract(*(self.bits(context, each)[:, layer] for each in (first, second)))
            ahead = np.where(ahead, ahead, rng.choice([-1, 1], len(ahead)))
            rounds.append(np.where(ahead > 0, first, second))
        return rounds

    def _choose(self, contexts, tokens, p, edges, uniform):
        rows = _rows(edges)
        bits = _bits(hashes(seeds(self.key, contexts)[rows], tokens), self.layers)
        for g in bits.T.astype(float):
            p = p * (1 + g - np.add.reduceat(p * g, edges[:-1])[rows])
        return drawn(p, edges, uniform)

    def _values(self, contexts, tokens):
        bits = _bits(hashes(seeds(self.key, contexts), tokens), self.layers)
        return bits.sum(axis=1, dtype=float)

    def _detection(self, totals, n_scored):
        return _binomial(totals, n_scored * self.layers, n_scored, 0.5)


def _rows(edges):
    return np.repeat(np.arange(len(edges) - 1), np.diff(edges))


def _bits(hashed, layers: int):
    """(n, layers) the lowest bits of hashes (n,), as small integers that may be subtracted."""
    bits = hashed[:, None] >> np.arange(layers, dtype=np.uint64)
    return (bits & np.uint64(1)).astype(np.int8)


def _first_true(marked, edges):
    """(n,) the first marked place of each span."""
    places = np.flatnonzero(marked)
    return places[np.searchsorted(places, edges[:-1])]


def _binomial(totals, n_trials, n_scored, p) -> Detection:
    z = (totals - p * n_trials) / np.sqrt(n_trials * p * (1 - p))
    return Detection(totals / n_trials, z, stats.binom.sf(totals - 1, n_trials, p), n_scored)
