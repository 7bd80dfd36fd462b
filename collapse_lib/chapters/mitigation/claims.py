"""The claims of the chapter `mitigation`."""

import numpy as np

from collapse_lib import theory
from collapse_lib.chapters.claims import Kind, claim


@claim(Kind.PROVED, "{:.2f}")
def subsample_limit():
    return float(theory.subsample_mean_error(np.inf))
