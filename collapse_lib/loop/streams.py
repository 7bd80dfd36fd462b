"""Keyed random streams: one for each step of each generation, all from one seed."""

import math

import numpy as np
from numpy.random.bit_generator import ISpawnableSeedSequence

from collapse_lib.arguments import check_count

__all__ = ["FIT", "FRESH", "MIX", "REFERENCE", "SAMPLE", "SOURCE", "START", "Streams", "seed_of"]

# The steps before the loop (generation 0) and those of each generation. The numbers are part of
# every result: add new ones at the end, never renumber.
START, SOURCE, REFERENCE = range(3)
MIX, FIT, SAMPLE, FRESH = range(4)
WORDS = 4  # 64-bit words that seed one PCG64


class Streams:
    """rng(generation, step) is the same generator for the same (seed, generation, step), whatever
    else was drawn. So a longer run keeps its prefix, one more metric changes nothing, and two
    policies see the same real rows.

    seed: int of 0 or more, or numpy.random.SeedSequence.
    """

    def __init__(self, seed):
        self._seed = seed_of(seed)
        self._generation = None

    @property
    def key(self) -> tuple:
        """(entropy, spawn key) of the seed: what two runs must share to see the same draws."""
        return self._seed.entropy, self._seed.spawn_key

    def rng(self, generation: int, step: int) -> np.random.Generator:
        """The stream of one step of one generation (generation 0: before the loop starts)."""
        if generation != self._generation:  # one hash serves all steps of a generation
            key = (*self._seed.spawn_key, generation)
            sequence = np.random.SeedSequence(self._seed.entropy, spawn_key=key)
            self._words = sequence.generate_state(WORDS * (FRESH + 1), np.uint64)
            self._generation = generation
        words = self._words[WORDS * step : WORDS * (step + 1)]
        return np.random.Generator(np.random.PCG64(_Words(words)))


class _Words(ISpawnableSeedSequence):
    """Seed words that were hashed already; `rng.spawn` goes on from them."""

    _root = None

    def __init__(self, words: np.ndarray):
        self._words = words

    def generate_state(self, n_words, dtype=np.uint32):
        return self._words

    def spawn(self, n_children: int) -> list[np.random.SeedSequence]:
        if self._root is None:
            self._root = np.random.SeedSequence([int(word) for word in self._words])
        return self._root.spawn(n_children)


def seed_of(seed) -> np.random.SeedSequence:
    """The SeedSequence of a user's seed; a run without a seed cannot be repeated."""
    if isinstance(seed, np.random.SeedSequence):
        return seed
    return np.random.SeedSequence(check_count("seed", seed, most=math.inf))
