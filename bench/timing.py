"""Paired timing: the two sides take turns, so that a change of the machine's speed hits both."""

import gc
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["Pair", "paired"]


class Pair(NamedTuple):
    """Median seconds of each side, and the median of the ratios turn by turn."""

    ours: float
    peer: float
    ratio: float
    spread: tuple[float, float]  # smallest and largest ratio


def paired(ours: Callable, peer: Callable, *, rounds: int = 9, warmup: int = 1) -> Pair:
    """Time two functions in turn, `rounds` times each after `warmup` rounds."""
    for _ in range(warmup):
        ours(), peer()
    times = [(_seconds(ours), _seconds(peer)) for _ in range(rounds)]
    ratios = [a / b for a, b in times]
    return Pair(
        statistics.median(a for a, _ in times),
        statistics.median(b for _, b in times),
        statistics.median(ratios),
        (min(ratios), max(ratios)),
    )


def _seconds(function: Callable) -> float:
    gc.collect()
    start = time.perf_counter()
    result = function()
    elapsed = time.perf_counter() - start
    del result
    return elapsed
