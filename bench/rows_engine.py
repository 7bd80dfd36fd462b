"""run_loop against a loop written by hand that keeps the same arrays."""

import tracemalloc

import numpy as np

from bench.timing import paired
from collapse_lib import run_loop
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Accumulate, Replace

__all__ = ["CASES"]


def _source(n, rng):
    return rng.normal(size=n)


def _ours(n: int, generations: int):
    return run_loop(Gaussian(), _source, Replace(), n_samples=n, n_generations=generations, seed=1)


def _by_hand(n: int, generations: int):
    rng = np.random.default_rng(1)
    rows, kept = rng.normal(size=n), []
    for t in range(1, generations + 1):
        mean, variance = rows.mean(), rows.var()
        sample = rng.normal(mean, np.sqrt(variance), size=n)
        kept.append((t, rows, mean, variance, sample))
        rows = sample
    return kept


def many_rows(n=100_000, generations=100):
    """run_loop, n = 10^5 rows, 100 generations, against the loop by hand. Aim: at most 1.3."""
    pair = paired(lambda: _ours(n, generations), lambda: _by_hand(n, generations))
    return pair, 1.3


def few_rows(n=100, generations=1_000):
    """run_loop at n = 100: microseconds a generation on top of the loop by hand. Aim: at most
    60."""
    pair = paired(lambda: _ours(n, generations), lambda: _by_hand(n, generations))
    return (pair.ours - pair.peer) / generations * 1e6, 60


def accumulated_memory(n=1_000, generations=1_000):
    """Memory that an Accumulate run of 1,000 generations of 1,000 rows holds at its peak, over the
    bytes of its rows. Aim: under 3."""
    tracemalloc.start()
    trajectory = run_loop(
        Gaussian(), _source, Accumulate(), n_samples=n, n_generations=generations, seed=1
    )
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / (n * (len(trajectory) + 1) * 8), 3


CASES = [many_rows, few_rows, accumulated_memory]
