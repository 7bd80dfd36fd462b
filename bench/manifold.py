"""Precision, recall, density and coverage against prdc, which makes all four at once."""

import contextlib
import io

import numpy as np

from bench.timing import paired
from collapse_lib.metrics import coverage, density, precision, recall

__all__ = ["CASES"]


def _ours(rows, reference):
    return [measure(rows, reference) for measure in (precision, recall, density, coverage)]


def _prdc(rows, reference):
    from prdc import compute_prdc

    with contextlib.redirect_stdout(io.StringIO()):  # it prints the numbers of rows
        return compute_prdc(reference, rows, nearest_k=5)


def _against_prdc(width: int, n: int, rounds: int):
    rng = np.random.default_rng(1)
    rows, reference = 0.9 * rng.normal(size=(n, width)), rng.normal(size=(n, width))
    ours, peer = _ours(rows, reference), _prdc(rows, reference).values()
    if not np.allclose(ours, list(peer), rtol=0, atol=1e-12):
        raise ValueError(f"The two sides differ: {ours} and {list(peer)}.")
    pair = paired(
        lambda: _ours(rows, reference), lambda: _prdc(rows, reference), rounds=rounds, warmup=0
    )
    return pair, 1


def manifold_plane(n=10_000, rounds=3):
    """Precision, recall, density and coverage of 10^4 rows in 2 dimensions, one after the other,
    against prdc's one call. Aim: at most 1."""
    return _against_prdc(2, n, rounds)


def manifold_wide(n=10_000, rounds=3):
    """The same in 64 dimensions. Aim: at most 1."""
    return _against_prdc(64, n, rounds)


CASES = [manifold_plane, manifold_wide]
