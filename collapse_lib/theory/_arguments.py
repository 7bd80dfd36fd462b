"""Checks of arguments, shared by the closed forms: each returns a float array or raises."""

import numpy as np


def numbers(owner, name, value):
    """Turn `value` into a float array, any shape."""
    try:
        return np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise TypeError(
            f"{owner}.{name} must be a number or an array of numbers; got {value!r}."
        ) from None


def _require(owner, name, array, good, allowed):
    """Raise one sentence about the first entry of `array` that is not `good`."""
    if not np.all(good):
        bad = array[~good].flat[0]
        raise ValueError(f"{owner}.{name} must be {allowed}; got {bad:.12g}.")
    return array


def whole(owner, name, value, low, *, infinite=False):
    """Whole numbers of at least `low`; `infinite` lets infinity through."""
    array = numbers(owner, name, value)
    with np.errstate(invalid="ignore"):
        good = (array >= low) & (array == np.floor(array)) & (infinite | np.isfinite(array))
    allowed = f"a whole number of at least {low}" + (" or infinity" if infinite else "")
    return _require(owner, name, array, good, allowed)


def single(owner, name, value, low, *, infinite=False):
    """One whole number of at least `low`, as an int (or infinity)."""
    number = one(owner, name, whole(owner, name, value, low, infinite=infinite))
    return int(number) if np.isfinite(number) else number


def one(owner, name, array):
    """The single number that a checked array must be, as a float."""
    if array.ndim:
        raise TypeError(f"{owner}.{name} must be one number; got an array of shape {array.shape}.")
    return float(array)


def share(owner, name, value):
    """Numbers in [0, 1]."""
    array = numbers(owner, name, value)
    return _require(owner, name, array, (array >= 0) & (array <= 1), "in [0, 1]")


def finite(owner, name, value):
    """Finite numbers of either sign."""
    array = numbers(owner, name, value)
    return _require(owner, name, array, np.isfinite(array), "finite")


def at_least_zero(owner, name, value):
    """Finite numbers of at least 0."""
    array = numbers(owner, name, value)
    return _require(owner, name, array, (array >= 0) & np.isfinite(array), "finite and at least 0")


def above_zero(owner, name, value):
    """Finite numbers above 0."""
    array = numbers(owner, name, value)
    return _require(owner, name, array, (array > 0) & np.isfinite(array), "finite and above 0")


def probabilities(owner, name, value):
    """Weights of K types, normalised to sum to 1; shape (K,)."""
    array = at_least_zero(owner, name, value)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(
            f"{owner}.{name} must be one axis of at least one type; got shape {array.shape}."
        )
    total = array.sum()
    if not total > 0:
        raise ValueError(f"{owner}.{name} must have a positive sum; got {total:.12g}.")
    return array / total


def fitted_rows(owner, n_samples, ddof):
    """Check the pair (n_samples, ddof) of a variance estimate: n_samples >= 2 and > ddof."""
    n = whole(owner, "n_samples", n_samples, 2)
    d = whole(owner, "ddof", ddof, 0)
    if np.any(n <= d):
        raise ValueError(
            f"{owner}.ddof must be smaller than n_samples; got ddof = {np.max(d):.12g} "
            f"with n_samples = {np.min(n):.12g}."
        )
    return n, d


def fresh_rows(owner, n_real, n_synthetic, sampling_bias):
    """Check the numbers of rows of a fresh loop, at least two together, and its bias."""
    real = whole(owner, "n_real", n_real, 1)
    synthetic = whole(owner, "n_synthetic", n_synthetic, 0)
    bias = share(owner, "sampling_bias", sampling_bias)
    n = real + synthetic
    if np.any(n < 2):
        raise ValueError(f"{owner}.n_real + n_synthetic must be at least 2; got {np.min(n):.12g}.")
    return real, synthetic, bias
