"""The exercises of the chapter `provenance`."""

from collapse_lib import theory
from collapse_lib.chapters.exercises import exercise


@exercise(0.5, "Of a hundred thousand texts, 900 are rightly flagged; count the others.")
def flags_that_lie():
    caught, mistaken = 0.01 * 0.9, 0.99 * 0.01
    return 100 * mistaken / (caught + mistaken)


@exercise(100.0, "(z / (rho (green share - chance)))^2, times chance times one minus chance.")
def words_for_two_percent():
    return float(theory.radioactivity_tokens(0.02, 0.5))
