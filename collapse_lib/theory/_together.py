"""Checks that only closed forms need: of weights, and of arguments that must fit together."""

import functools
import inspect

import numpy as np

from collapse_lib.arguments import check_counts, check_number, check_numbers

MOST_STEPS = 10**5  # about a second


def in_words(law):
    """A law as the package offers it: with one sentence where the shapes of its arguments do not go
    together, and where its terms leave the floats so that nothing is known of their sum."""
    if inspect.isclass(law):
        return law

    @functools.wraps(law)
    def told(*arguments, **more):
        try:
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                found = law(*arguments, **more)
        except ValueError as error:
            if "broadcast" not in str(error):
                raise
            given = inspect.signature(law).bind(*arguments, **more).arguments
            got = ", ".join(f"{name} {np.shape(value)}" for name, value in given.items())
            raise ValueError(f"{law.__name__} needs arguments that broadcast; got {got}.") from None
        for values in found if isinstance(found, tuple) else (found,):
            if np.isnan(values).any():
                raise ValueError(
                    f"{law.__name__} has no value for these arguments, since its terms leave the "
                    "floats; take numbers of a moderate scale."
                )
        return found

    told.__module__ = "collapse_lib.theory"  # where pickle finds it
    return told


def check_weights(whose, values):
    """Weights (K,) of any positive sum, divided by it."""
    weights = check_numbers(whose, values, axes=1, least=0)
    with np.errstate(over="ignore"):
        if np.isinf(weights.sum()):
            weights = weights / weights.max()
    return weights / check_number(f"the sum of {whose}", weights.sum(), above=0)


def check_together(whose, good, allowed, **values):
    """Let pass arguments that fit together everywhere; one sentence names the first that do not:
    check_together("f.few", few <= many, "at most many", few=few, many=many)."""
    if not np.all(good):
        good, *arrays = np.broadcast_arrays(good, *values.values())
        first = [array[~good].flat[0] for array in arrays]
        got = " with ".join(f"{name} = {x:.12g}" for name, x in zip(values, first, strict=True))
        raise ValueError(f"{whose} must be {allowed}; got {got}.")


def check_steps(whose, t, most=MOST_STEPS):
    """Generations t >= 1 that are followed one by one, and so not too many."""
    return check_counts(whose, check_numbers(whose, t, most=most), least=1)


def check_fit(owner, n_samples, ddof, *, least=2):
    """The pair (n_samples, ddof) of a variance estimate: n_samples >= least and > ddof."""
    n = check_counts(f"{owner}.n_samples", n_samples, least=least)
    d = check_counts(f"{owner}.ddof", ddof)
    check_together(f"{owner}.ddof", d < n, "smaller than n_samples", ddof=d, n_samples=n)
    return n, d


def check_ddof(owner, ddof):
    """The two estimates of a variance: 0, of maximum likelihood, and 1, the unbiased one."""
    return check_counts(f"{owner}.ddof", check_numbers(f"{owner}.ddof", ddof, least=0, most=1))


def check_fresh(owner, n_real, n_synthetic, sampling_bias):
    """The numbers of rows of a fresh loop, at least two together, and its bias."""
    real = check_counts(f"{owner}.n_real", n_real, least=1)
    synthetic = check_counts(f"{owner}.n_synthetic", n_synthetic)
    bias = check_numbers(f"{owner}.sampling_bias", sampling_bias, least=0, most=1)
    check_counts(f"{owner}.n_real + n_synthetic", real + synthetic, least=2)
    return real, synthetic, bias


def check_reused(owner, n_original, n_real, n_synthetic, *, least):
    """Real rows that are used again: no more than there are, and enough with the synthetic ones."""
    allowed = {"n_real": n_real, "n_original": n_original}
    check_together(f"{owner}.n_real", n_real <= n_original, "at most n_original", **allowed)
    check_counts(f"{owner}.n_real + n_synthetic", n_real + n_synthetic, least=least)
