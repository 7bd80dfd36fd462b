"""Dataset: rows, and for each row the generation that it came from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import as_array, as_floats, check_count

__all__ = ["Dataset"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows together with where each of them came from.

    rows: (n, ...) array, first axis = rows.
    origin: (n,) int; 0 = a real row, t = sampled from the model of generation t.
    weights: (n,) non-negative floats, kept as a copy that cannot be written to; or None when every
        row counts the same.

    Raises ValueError when lengths differ, an origin is negative, or the weights are negative,
    not finite, or sum to zero.
    """

    rows: np.ndarray
    origin: np.ndarray
    weights: np.ndarray | None = None

    def __post_init__(self):
        rows, origin = as_array("Dataset.rows", self.rows), as_array("Dataset.origin", self.origin)
        if rows.ndim == 0:
            raise ValueError("Dataset.rows must have a first axis of rows; got a single number.")
        if origin.shape != rows.shape[:1]:
            raise ValueError(
                f"Dataset.origin must have one entry for each of the {len(rows)} rows; "
                f"got shape {origin.shape}."
            )
        if origin.dtype.kind not in "iu":
            raise ValueError(f"Dataset.origin must hold integers; got dtype {origin.dtype}.")
        lowest = origin[:1] if _is_constant(origin) else origin
        if lowest.size and lowest.min() < 0:
            raise ValueError(f"Dataset.origin must be 0 or more; got {lowest.min()}.")
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "origin", origin)
        if self.weights is not None:
            object.__setattr__(self, "weights", _checked_weights(self.weights, len(rows)))

    @classmethod
    def from_generation(cls, rows: np.ndarray, t: int) -> "Dataset":
        """Rows that all came from generation t (0: real rows). Takes no memory for the origin."""
        t = check_count("Dataset.from_generation.t", t)
        rows = as_array("Dataset.from_generation.rows", rows)
        tag = np.int64(t).tobytes()
        origin = np.ndarray(rows.shape[:1], dtype=np.int64, buffer=tag, strides=(0,)[: rows.ndim])
        return cls(rows, origin)

    @classmethod
    def concat(cls, parts: Sequence["Dataset"]) -> "Dataset":
        """All rows of the parts, in order. Empty parts are passed over; where some parts have
        weights, a row without one weighs 1."""
        parts = list(parts)
        filled = [part for part in parts if len(part)] or parts[:1]
        if not filled:
            raise ValueError("Dataset.concat needs at least one part; got none.")
        if len(filled) == 1:
            return filled[0]
        shapes = {part.rows.shape[1:] for part in filled}
        if len(shapes) > 1:
            raise ValueError(
                f"Dataset.concat needs rows of one shape; got {sorted(shapes)}. "
                "Reshape the model's samples like the source's rows."
            )
        weights = None
        if any(part.weights is not None for part in filled):
            weights = np.concatenate(
                [np.ones(len(p)) if p.weights is None else p.weights for p in filled]
            )
        return cls(
            np.concatenate([part.rows for part in filled]),
            np.concatenate([part.origin for part in filled]),
            weights,
        )

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def real_fraction(self) -> float:
        """Share of the rows that are real (origin 0); NaN when there are no rows."""
        return float(np.mean(self.origin == 0)) if len(self) else float("nan")

    def of_origin(self, t: int) -> "Dataset":
        """The rows that came from generation t (a view when all of them did)."""
        if len(self) and _is_constant(self.origin):
            return self if self.origin[0] == t else self.take(slice(0, 0))
        return self.take(self.origin == t)

    def subsample(self, n: int, rng: np.random.Generator) -> "Dataset":
        """n of the rows, drawn without replacement, in random order."""
        n = check_count("Dataset.subsample.n", n, most=len(self))
        return self.take(rng.choice(len(self), size=n, replace=False))

    def take(self, index) -> "Dataset":
        """The rows at an index array, mask or slice."""
        weights = None if self.weights is None else self.weights[index]
        return _unchecked(self.rows[index], self.origin[index], weights)


def _unchecked(rows, origin, weights=None) -> Dataset:
    """A Dataset from parts of a checked one (an empty part may have weights that sum to zero)."""
    dataset = object.__new__(Dataset)
    for name, value in (("rows", rows), ("origin", origin), ("weights", weights)):
        object.__setattr__(dataset, name, value)
    return dataset


def _is_constant(origin: np.ndarray) -> bool:
    return origin.strides == (0,)


def _checked_weights(weights, n: int) -> np.ndarray:
    weights = as_floats("Dataset.weights", weights)
    if weights.shape != (n,):
        raise ValueError(
            f"Dataset.weights must have one entry for each of the {n} rows; "
            f"got shape {weights.shape}."
        )
    bad = int(np.sum(~np.isfinite(weights) | (weights < 0)))
    if bad:
        raise ValueError(f"Dataset.weights must be finite and not negative; {bad} of {n} are not.")
    if not weights.sum() > 0:
        raise ValueError("Dataset.weights must not sum to zero; give some row a positive weight.")
    weights = weights.copy()  # checked once, and then nobody's to change
    weights.setflags(write=False)
    return weights
