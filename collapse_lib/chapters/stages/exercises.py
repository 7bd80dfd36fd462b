"""The exercises of the chapter `stages`."""

import numpy as np
from scipy import stats

from collapse_lib.chapters.exercises import exercise
from collapse_lib.sources import zipf_shares
from collapse_lib.verdicts import gaussian_late_time, tail_loss_time


@exercise(tolerance=20_000, hint="The logarithm of the variance walks down by 2/n a generation.")
def late_for_a_million():
    return float(gaussian_late_time(1_000_000))


@exercise(tolerance=1, hint="`tail_loss_time` takes the real shares and the number of rows.")
def half_the_tail():
    return tail_loss_time(zipf_shares(200), 50_000)


@exercise(tolerance=0.01, hint="The mean time is in proportion to ln(1 / level).")
def stricter_late():
    return np.log(100) / np.log(10)


@exercise(tolerance=25, hint="Half of the loops are late by a fixed multiple of the rows.")
def rows_for_a_thousand():
    return float(1000 * 1_000_000 / gaussian_late_time(1_000_000))


@exercise(tolerance=0.01, hint="Toss a fair coin for each run: how uneven are 40 tosses by chance?")
def runs_on_one_side():
    return float(41 - stats.binom.ppf(0.025, 40, 0.5))
