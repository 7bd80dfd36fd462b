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


@exercise(0.1, "Of the groups of five words (1 - e)^5 stay whole, and z falls with them.")
def edits_that_hide():
    return 100 * (1 - (4.26 / 9.7) ** (1 / 5))


@exercise(0.3, "What passes is the 2 % and what is not thrown out of the 98 %; solve for a tenth.")
def adoption_for_a_tenth():
    return 100 * (1 - 0.02 * 9 / 0.98) / 0.9
