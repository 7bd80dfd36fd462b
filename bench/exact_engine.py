"""The exact engine against programs that only draw the same random numbers."""

import tracemalloc

import numpy as np

from bench.timing import paired
from collapse_lib import exact
from collapse_lib.policies import Replace

__all__ = ["CASES"]


def gaussian_chain(replicates=10_000, generations=1_000, n=100):
    """gaussian_chain, 10^4 replicates x 10^3 generations, against drawing its normals and
    chi-squares into arrays of the same shape. Aim: at most 1.3."""

    def ours():
        return exact.gaussian_chain(
            Replace(), n_samples=n, n_generations=generations, n_replicates=replicates, seed=1
        )

    def peer():
        rng = np.random.default_rng(1)
        drawn = np.empty((2, generations, replicates))
        for t in range(generations):
            drawn[0, t] = rng.standard_normal(replicates)
            drawn[1, t] = rng.chisquare(n - 1, replicates)
        return drawn

    return paired(ours, peer), 1.3


def categorical_chain(types=1_000_000, n=10**12, generations=20):
    """categorical_generations, 10^6 types and n = 10^12, against one multinomial draw a generation
    from the same probabilities. Aim: at most 1.05."""
    p = 1 / np.arange(1, types + 1)
    p /= p.sum()
    chain = exact.categorical_generations(Replace(), p, n_samples=n, n_replicates=1, seed=1)
    seen = [p, *(next(chain)[0] for _ in range(generations - 1))]

    def ours():
        stream = exact.categorical_generations(Replace(), p, n_samples=n, n_replicates=1, seed=1)
        for _ in range(generations):
            next(stream)

    def peer():
        rng = np.random.default_rng(1)
        for probabilities in seen:
            rng.multinomial(n, probabilities)

    return paired(ours, peer), 1.05


def categorical_memory(types=1_000_000, generations=3):
    """Peak memory of the categorical chain at n = 10^12 over that at n = 10^3. Aim: at most
    1.05 (it must not grow with n)."""
    p = np.full(types, 1 / types)
    peaks = []
    for n in (10**12, 10**3):
        tracemalloc.start()
        stream = exact.categorical_generations(Replace(), p, n_samples=n, n_replicates=1, seed=1)
        for _ in range(generations):
            next(stream)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    return peaks[0] / peaks[1], 1.05


CASES = [gaussian_chain, categorical_chain, categorical_memory]
