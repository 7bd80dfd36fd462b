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


@exercise(1.0, "Divide by the number of words, change the sign, and take the exponential.")
def perplexity_of_a_text():
    return float(np.exp(1060 / 200))


@exercise(0.0, "The odds are 1.5 to the power (1 / 0.8)^t: find the first above 99.")
def turns_until_rare():
    shares = theory.closed_loop_probabilities([0.6, 0.4], np.arange(50), 0.8)[:, 1]
    return int(np.argmax(shares < 0.01))
