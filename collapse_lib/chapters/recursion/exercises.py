"""The exercises of the chapter `recursion`."""

import numpy as np

from collapse_lib import theory
from collapse_lib.chapters.exercises import exercise


@exercise(0.0, "Diversity falls by the factor 1 - 1/n in each generation.")
def half_the_diversity():
    t = np.arange(1, 1000)
    return float(t[theory.heterozygosity(t, 1.0, 100) <= 0.5][0])


@exercise(0.002, "Iterate g from 1, nine times, and remember that there are three families.")
def three_times_ten_copies():
    return float(theory.survival_probability(3, 10))


@exercise(0.06, "Divide ln 2 by the mean fall of the logarithm of the variance in one generation.")
def halving_the_variance():
    return float(-np.log(2) / theory.log_variance_mean(1, 10, 0))


@exercise(0.05, "Run many replicates, for several hundred generations, and divide by 0.18.")
def one_fresh_row():
    return float(1 - theory.fresh_inbreeding_fixed_share(100, 1))
