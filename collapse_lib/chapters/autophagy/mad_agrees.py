"""The comparison of a part of the loops of `mad` made again with what is stored."""

import numpy as np

from collapse_lib.chapters.agree import matching

__all__ = ["agrees"]

ROOM = 0.02  # beside the spread over seeds


def agrees(stored, part) -> None:
    """Every value of the part lies among those of the seeds, or beyond them by no more than they
    are apart: where EM and neighbours round otherwise, a run is another run of the same loop. The
    real rows of generation 0, drawn before any fit, must be the same.
    """
    kept = matching(stored, part)
    far = np.abs(kept.kept_rows.isel(kept=0).astype(int) - part.kept_rows.isel(kept=0))
    assert far.max() <= 1, "the first real rows are others"
    for name in sorted(set(part.data_vars) - {"kept_rows", "kept_generations"}):
        seeds = stored[name].sel(generation=part.generation)
        low, high = seeds.min("seed"), seeds.max("seed")
        room = high - low + ROOM
        outside = (part[name] < low - room) | (part[name] > high + room)
        assert not outside.any(), (
            f"{outside.mean().item():.0%} of {name} lie outside of what the seeds gave"
        )
