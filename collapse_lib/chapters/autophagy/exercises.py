"""The exercises of the chapter `autophagy`."""

from collapse_lib import theory
from collapse_lib.chapters.exercises import exercise


@exercise(1.0, "Put 200 for the real rows and 300 for the synthetic ones.")
def worth_of_fresh():
    return float(theory.effective_sample_size_limit(200, 300))


@exercise(0.1, "Each generation after the first multiplies the variance by 0.8.")
def bias_by_half():
    generation, variance = 1, 1.0
    while variance >= 0.5:
        generation, variance = generation + 1, 0.8 * variance
    return generation
