"""Keyed random streams: one for each step of each generation, all from one seed."""

import operator

import numpy as np

__all__ = ["FIT", "FRESH", "MIX", "REFERENCE", "SAMPLE", "SOURCE", "START", "Streams", "seed_of"]

# The steps of one generation. The numbers are part of every result: never renumber them.
START, SOURCE, REFERENCE, MIX, FIT, SAMPLE, FRESH = range(7)


class Streams:
    """rng(generation, step) is the same generator for the same (seed, generation, step), whatever
    else was drawn. So a longer run keeps its prefix, one more metric changes nothing, and two
    policies see the same real rows.

    seed: int of 0 or more, or numpy.random.SeedSequence.
    """

    def __init__(self, seed):
        self._seed = seed_of(seed)

    @property
    def key(self) -> tuple:
        """(entropy, spawn key) of the seed: what two runs must share to see the same draws."""
        return self._seed.entropy, self._seed.spawn_key

    def rng(self, generation: int, step: int) -> np.random.Generator:
        """The stream of one step of one generation (generation 0: before the loop starts)."""
        key = (*self._seed.spawn_key, generation, step)
        sequence = np.random.SeedSequence(self._seed.entropy, spawn_key=key)
        return np.random.Generator(np.random.PCG64(sequence))


def seed_of(seed) -> np.random.SeedSequence:
    """The SeedSequence of a user's seed, or one clear sentence (TypeError, ValueError)."""
    if isinstance(seed, np.random.SeedSequence):
        return seed
    try:
        number = operator.index(seed)
    except TypeError:
        raise TypeError(
            f"seed must be an int or a numpy SeedSequence; got {type(seed).__name__}. "
            "A run without a seed cannot be repeated."
        ) from None
    if number < 0:
        raise ValueError(f"seed must be 0 or more; got {number}.")
    return np.random.SeedSequence(number)
