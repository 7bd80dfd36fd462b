"""The laws that the chapter `mitigation` draws under its runs."""

import numpy as np

from collapse_lib import metrics, theory

__all__ = ["anchored_left", "fresh_left", "laws", "shifted_error"]

URN = np.array([0.9, 0.1])


def laws(panels, x, formula, *, label="by theory", source="derived here"):
    """Panel title -> its Theory marks, for small_multiples.

    panels: title -> value, as sweep takes them; formula: formula(value) -> heights at x.
    """
    from collapse_lib.plotting import Theory

    return {title: [Theory(label, x, formula(value), source)] for title, value in panels.items()}


def anchored_left(temperature, t, n=100):
    """Share of the diversity that is left under Anchored, with n rows beside n, at fits t.

    Exact at temperature 1; else where the loop settles with many rows.
    """
    if temperature == 1:
        within = theory.reused_inbreeding(n, n, n, t)
        return 1 - theory.compose_inbreeding(1 / n, within)
    return np.full(len(t), many_rows_left(0.5, temperature))


def fresh_left(temperature, shares, t=np.inf, n=100):
    """Share of the diversity that is left under FreshReal, for each real share.

    At temperature 1 for n rows at fit t, exact; else where the loop settles with many rows.
    """
    if temperature == 1:
        rows = np.round(n * np.asarray(shares)).astype(int)
        return 1 - theory.fresh_inbreeding_fixed_share(n, rows, t)
    return np.array([many_rows_left(share, temperature) for share in shares])


def many_rows_left(real_fraction, temperature):
    """Share of the diversity of the urn at the fixed point of a loop of many rows."""
    settled = theory.tempered_fixed_point(URN, temperature, real_fraction)
    return float(metrics.heterozygosity(settled) / metrics.heterozygosity(URN))


def shifted_error(n_real, weight, shift):
    """Squared error of the mean, in the end, with samples that lie `shift` too high.

    n_real: real rows, beside as many synthetic ones; weight: of the real half. The scatter is that
    of `theory.weighted_mean_error`; the mean settles (1 - weight) shift / weight too high.
    """
    scatter = theory.weighted_mean_error(weight, 1) / np.asarray(n_real)
    return scatter + ((1 - weight) * shift / weight) ** 2
