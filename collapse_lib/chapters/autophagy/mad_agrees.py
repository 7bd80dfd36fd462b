"""The comparison of a part of the loops of `mad` made again with what is stored."""

import numpy as np

__all__ = ["agrees"]

ROOM = 0.02  # beside the spread over seeds


def agrees(stored, part) -> None:
    """Every value of the part lies among those of the seeds, or beyond them by no more than they
    are apart: where EM and neighbours round otherwise, a run is another run of the same loop. The
    real rows of generation 0, drawn before any fit, must be the same.
    """
    assert set(stored) == set(part), f"stored are {sorted(stored)}, made again {sorted(part)}"
    real, again = stored["kept_rows"][:, :, 0], part["kept_rows"][:, :, 0]
    assert real.shape == again.shape, f"kept rows have the shape {real.shape}, not {again.shape}"
    assert np.abs(real.astype(int) - again).max() <= 1, "the first real rows are others"
    for name in sorted(set(part) - {"kept_rows", "kept_generations"}):
        values = part[name].astype(float)
        seeds = stored[name][:, :, :, : values.shape[3]].astype(float)
        low, high = seeds.min(axis=2, keepdims=True), seeds.max(axis=2, keepdims=True)
        room = high - low + ROOM
        far = (values < low - room) | (values > high + room)
        assert not far.any(), f"{far.mean():.0%} of {name} lie outside of what the seeds gave"
