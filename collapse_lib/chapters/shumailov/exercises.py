"""The exercises of the chapter `shumailov`."""

import numpy as np

from collapse_lib import theory
from collapse_lib.chapters.exercises import exercise


@exercise(0.005, "The theorem's first order is (d + 3) / (4 M); give it in per cent.")
def spread_in_ten_dimensions():
    return -100 * float(theory.log_spread_slope_first_order(1000, 10))


@exercise(0.0, "A direction is dead once its variance is used up; count whole generations.")
def dead_directions():
    t = np.arange(1, 100)
    alive = np.sum(theory.ppca_eigenvalues(t, [5.0, 2.0, 1.2, 0.4], 0.3) > 0, axis=1)
    return float(t[alive == 1][0])


@exercise(0.0, "A mode is a colour of an urn with 1,000 rows and a share of one in 25.")
def half_the_modes():
    t = np.arange(1, 400)
    return float(t[1 - theory.absent_probability(t, 1 / 25, 1000) <= 0.5][0])


@exercise(0.0, "The logarithm falls by the theorem's rate each generation; a tenth is ln 10.")
def a_tenth_of_the_width():
    return float(np.ceil(np.log(10) / -theory.log_spread_slope_first_order(500, 2)))
