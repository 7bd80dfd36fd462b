"""The closed forms of `collapse_lib.theory` under the names that the page has for the policies."""

import numpy as np
from engine_page import SHARE

from collapse_lib import theory


def inbreeding(policy, n, n_fresh, n_generations):
    """Exact F of generations 1, 2, ..., n_generations, of shape (n_generations,)."""
    t, k = np.arange(1, n_generations + 1), round(SHARE * n)
    if policy == "replace":
        return theory.inbreeding(t, n)
    if policy == "fresh":
        return theory.fresh_inbreeding_fixed_share(n, k, t)
    if policy in ("mix", "anchored"):
        around = theory.reused_inbreeding(n, *reused(policy, n), t)
        return theory.compose_inbreeding(1 / n, around)
    return theory.pooled_inbreeding(n_generations, n, n_fresh, budget(policy, n))


def moments(policy, n, n_fresh, n_generations, *, ddof, bias):
    """Moments of the Gaussian in generations 1, 2, ..., n_generations."""
    if policy in ("replace", "fresh"):
        k = round(SHARE * n) if policy == "fresh" else 0
        return theory.fresh_moments(n_generations, k, n - k, ddof, bias)
    if policy in ("mix", "anchored"):
        return theory.reused_moments(n_generations, n, *reused(policy, n), ddof, bias)
    return theory.pooled_moments(n_generations, n, n_fresh, budget(policy, n), ddof, bias)


def reused(policy, n):
    """Rows of the original and rows of the newest sample in a training set."""
    k = round(SHARE * n)
    return (k, n - k) if policy == "mix" else (n, n)


def budget(policy, n):
    return n if policy == "subsample" else np.inf
