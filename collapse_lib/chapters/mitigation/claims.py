"""The claims of the chapter `mitigation`."""

import numpy as np

from collapse_lib import theory
from collapse_lib.chapters.claims import Kind, claim


@claim(Kind.PROVED, "{:.2f}")
def subsample_limit():
    return float(theory.subsample_mean_error(np.inf))


def _diversity_left(real_fraction):
    """Of a loop of 100 rows a generation, in per cent of the real diversity."""
    return 100 * (1 - float(theory.fresh_inbreeding(100, real_fraction)))


@claim(Kind.PROVED, "{:.0f} %")
def detector_none():
    return _diversity_left(0.02)


@claim(Kind.PROVED, "{:.0f} %")
def detector_refilled():
    return _diversity_left(float(theory.real_share_after(0.02, 0.9, 0.01)))
