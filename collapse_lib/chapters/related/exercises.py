"""The exercises of the chapter `related`."""

import numpy as np
from scipy import optimize

from collapse_lib.chapters.exercises import exercise
from collapse_lib.chapters.related import laws


@exercise(tolerance=0.001, hint="`urn_spread` takes the two counts at the start.")
def a_third_in_the_urn():
    return laws.urn_spread([30, 70])


@exercise(tolerance=0.5, hint="The size that counts is the harmonic mean.")
def one_lean_year():
    return 4 / (3 / 1000 + 1 / 20)


@exercise(tolerance=0.01, hint="The law is r (1 - r)^2; where does its slope vanish?")
def worst_ratio():
    return float(optimize.minimize_scalar(lambda r: -laws.forgotten(r), bounds=(0, 1)).x)


@exercise(tolerance=0.005, hint="Solve step (1 - a)/a = 4 steps for a.")
def four_steps_behind():
    return float(optimize.brentq(lambda a: laws.lag(a, 1.0) - 4, 0.01, 0.99))


@exercise(tolerance=1, hint="Where are the two parts of the poisoned error equal?")
def rows_that_end_to_help():
    return float(np.reciprocal((0.05 * 2.0) ** 2))
