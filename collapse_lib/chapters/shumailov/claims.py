"""The claims of the chapter `shumailov`."""

import numpy as np

from collapse_lib import theory
from collapse_lib.chapters.claims import Kind, claim


@claim(Kind.PROVED, "{:.2f} %")
def spread_lost_at_a_million():
    return -100 * np.expm1(2000 * theory.log_spread_slope(1_000_000, 2))
