"""The exercises of the chapter `language`."""

import numpy as np

from collapse_lib import theory
from collapse_lib.chapters.exercises import exercise


@exercise(10.0, "Weigh the survival of a word that occurs 1, 2, 5 times by how many there are.")
def words_after_twenty():
    return float(np.array([2000, 800, 500]) @ theory.survival_probability(np.array([1, 2, 5]), 20))


@exercise(0.1, "Raise both shares to the power (1 / 0.9)^10, and let them sum to one again.")
def two_words_cold():
    return 100 * float(theory.closed_loop_probabilities([0.9, 0.1], 10, 0.9)[1])
