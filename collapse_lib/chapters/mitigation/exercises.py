"""The exercises of the chapter `mitigation`."""

from collapse_lib import theory
from collapse_lib.chapters.exercises import exercise


@exercise(0.1, "The share lost, about 1 / (1 + 2 k) for k real rows, may be one tenth at most.")
def migrants_for_nine_tenths():
    rows, k = 100_000, 1
    while theory.fresh_inbreeding_fixed_share(rows, k, float("inf")) > 0.1:
        k += 1
    return k


@exercise(0.1, "Without false alarms all real rows pass; as many synthetic ones must.")
def detector_for_half():
    real = 0.02
    return 100 * (1 - real / (1 - real))


@exercise(0.5, "The breakdown point is phi / (phi + psi), for shares phi and psi that pass.")
def verifier_breaks_at():
    return 100 * float(theory.breakdown_point(0.8, 0.2))


@exercise(0.005, "Put k = 2 into (sqrt(1 + 4 k) - 1) / (2 k).")
def weight_for_two_each():
    return float(theory.golden_weight(2))
