"""The exercises of the chapter `disagreements`."""

import numpy as np
from scipy import stats

from collapse_lib import theory
from collapse_lib.chapters.exercises import exercise


@exercise(
    tolerance=1, hint="`biased_accumulate_variance(t, 0.8)` for many t; find the first below."
)
def half_though_all_is_kept():
    t = np.arange(1, 200)
    return float(t[theory.biased_accumulate_variance(t, 0.8) < 0.5][0])


@exercise(tolerance=0.00001, hint="The floor is the square of share times shift.")
def floor_of_half_a_per_cent():
    return (0.005 * 2) ** 2


@exercise(tolerance=1, hint="Solve Phi(shift sqrt(n / 2)) = 0.95 for n.")
def scores_to_be_sure():
    return float(2 * (stats.norm.ppf(0.95) / 0.2) ** 2)


@exercise(tolerance=0.5, hint="`fresh_inbreeding_fixed_share` gives what is lost.")
def two_new_rows():
    return 100 * (1 - float(theory.fresh_inbreeding_fixed_share(100, 2)))


@exercise(tolerance=8, hint="The logarithm of the median falls by nearly 1/n a generation.")
def median_is_halved():
    t = np.arange(1, 1500)
    return float(t[np.exp(theory.log_variance_mean(t, 1000, ddof=1)) < 0.5][0])
