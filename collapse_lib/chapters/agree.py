"""Comparisons of a part made again with what is stored, where both draw the same numbers."""

import numpy as np

__all__ = ["same_prose", "same_start"]

# Rounding differs between processors. On one, with 1 or 2 BLAS threads, and with the vector
# instructions of NumPy switched off, not one stored digit of the mixtures moved.
TOLERANCE = {"float16": 2e-3, "float32": 1e-5}  # two units in the last place; a hundred


def same_start(stored, part) -> None:
    """Every array of the part is what the stored one begins with, along each axis.

    Whole numbers must be equal, floats equal but for rounding, and nan stands where nan stood.
    """
    assert set(stored) == set(part), f"stored are {sorted(stored)}, made again {sorted(part)}"
    for name, again in part.items():
        kept = stored[name][tuple(map(slice, again.shape))]
        assert kept.shape == again.shape, f"{name} has the shape {kept.shape}, not {again.shape}"
        rtol = TOLERANCE.get(again.dtype.name, 0.0)
        same = np.isclose(kept.astype(float), again.astype(float), rtol, atol=0, equal_nan=True)
        assert same.all(), f"{(~same).mean():.0%} of {name} are not what is stored"


def same_prose(stored, part) -> None:
    """Both were made from one text: their arrays "text", (32,) uint8, hold its SHA-256."""
    assert np.array_equal(stored["text"], part["text"]), (
        "the prose is another than that of the stored run: install the pinned numpy"
    )
