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


@exercise(0.1, "Ask theory.synthetic_threshold for 1,000 real rows and a bias of 0.5.")
def most_beside_a_thousand():
    return float(theory.synthetic_threshold(1000, 0.5))


@exercise(0.01, "In the end v = a + (1 - a) 0.8 v; put nine tenths for v and solve for a.")
def share_against_bias():
    return 0.2 * 0.9 / (1 - 0.8 * 0.9)
