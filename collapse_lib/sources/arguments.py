"""What the sources ask of their arguments, and the sentence for each that does not hold."""

import operator

import numpy as np

__all__ = [
    "covariance_matrix",
    "number",
    "numbers",
    "probability_vector",
    "rows_asked",
    "rows_of_width",
]


def rows_asked(n, whose: str) -> int:
    """n as an int of 0 or more."""
    try:
        count = operator.index(n)
    except TypeError:
        count = -1
    if count < 0:
        raise ValueError(
            f"{whose} was asked for {n!r} rows; n must be a whole number and not negative."
        )
    return count


def number(value, whose: str, *, above: float = -np.inf, least: float = -np.inf) -> float:
    """A finite float, above one bound and not below another."""
    try:
        result = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{whose} must be a number; got {value!r}.") from None
    if not (np.isfinite(result) and result > above and result >= least):
        bound = f" above {above:g}" if above > -np.inf else ""
        bound = f" of {least:g} or more" if least > -np.inf else bound
        raise ValueError(f"{whose} must be a finite number{bound}; got {value!r}.")
    return result


def numbers(values, whose: str, *, axes: int) -> np.ndarray:
    """A finite float array with that many axes and at least one entry."""
    try:
        array = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(f"{whose} must be an array of numbers; got {values!r}.") from None
    if array.ndim != axes or not array.size:
        plural = "axis" if axes == 1 else "axes"
        raise ValueError(f"{whose} must have {axes} {plural}; got shape {array.shape}.")
    if not np.isfinite(array).all():
        raise ValueError(f"{whose} must be finite; {np.sum(~np.isfinite(array))} entries are not.")
    return array


def probability_vector(values, whose: str) -> np.ndarray:
    """(K,) floats that are not negative and sum to 1."""
    array = numbers(values, whose, axes=1)
    if array.min() < 0:
        raise ValueError(f"{whose} must not be negative; got {array.min():g}.")
    if abs(array.sum() - 1) > 1e-8:  # what numpy's Generator.choice tolerates
        raise ValueError(f"{whose} must sum to 1; got {array.sum():.10g}. Divide by the sum.")
    return array


def covariance_matrix(values, whose: str, d: int) -> np.ndarray:
    """(d, d) floats, symmetric and positive definite."""
    array = numbers(values, whose, axes=2)
    if array.shape != (d, d):
        raise ValueError(
            f"{whose} must have shape {(d, d)} like the mean of {d}; got {array.shape}."
        )
    if not np.allclose(array, array.T):
        raise ValueError(f"{whose} must be symmetric; average it with its transpose.")
    smallest = np.linalg.eigvalsh(array)[0]
    if smallest <= 0:
        raise ValueError(
            f"{whose} must be positive definite; its smallest eigenvalue is {smallest:.4g}. "
            "Add a little to the diagonal."
        )
    return array


def rows_of_width(rows, d: int, whose: str) -> np.ndarray:
    """(n, d) floats."""
    array = np.asarray(rows, dtype=float)
    if array.ndim != 2 or array.shape[1] != d:
        raise ValueError(f"{whose} needs rows of shape (n, {d}); got {array.shape}.")
    return array
