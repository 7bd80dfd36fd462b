"""Comparisons of a part made again with what is stored, where both draw the same numbers."""

import numpy as np

__all__ = ["arrays_of", "matching", "same_prose", "same_start"]

# Rounding differs between processors. On one, with 1 or 2 BLAS threads, and with the vector
# instructions of NumPy switched off, not one stored digit of the mixtures moved.
TOLERANCE = {"float16": 2e-3, "float32": 1e-5}  # two units in the last place; a hundred


def matching(stored, part):
    """What is stored where the part has values: at its coordinates, and along an axis without any
    the first ones. Both are xarray.Datasets."""
    kept = stored[list(part)].sel({dim: part[dim] for dim in part.indexes})
    return kept.isel({dim: slice(n) for dim, n in part.sizes.items() if dim not in part.indexes})


def same_start(stored, part, *, rtol=None, atol=0.0, share=1.0) -> None:
    """Every array that is stored is in the part, and there `matching` what is stored.

    Whole numbers must be equal, floats equal but for rounding or to `rtol` and `atol`, and nan
    stands where nan stood; of an array at least the share `share` must be so.
    """
    assert set(stored) == set(part), f"stored are {sorted(stored)}, made again {sorted(part)}"
    kept = matching(stored, part)
    for name, again in part.items():
        was = kept[name]
        assert was.shape == again.shape, f"{name} has the shape {was.shape}, not {again.shape}"
        near = TOLERANCE.get(again.dtype.name, 0.0) if rtol is None else rtol
        same = np.isclose(
            was.values.astype(float), again.values.astype(float), near, atol, equal_nan=True
        )
        assert same.mean() >= share, f"{(~same).mean():.0%} of {name} are not what is stored"


def same_prose(stored, part, **room) -> None:
    """Both were made from one text, whose SHA-256 is in "text", (32,) uint8, and the part is
    `matching` what is stored, to `room` as for `same_start`."""
    assert np.array_equal(stored["text"], part["text"]), (
        "the prose is another than that of the stored run: install the pinned numpy"
    )
    same_start(stored[list(part)], part, **room)


def arrays_of(dataset) -> dict[str, np.ndarray]:
    """name -> array of an xarray.Dataset, for what is told by place."""
    return {name: each.values for name, each in dataset.items()}
