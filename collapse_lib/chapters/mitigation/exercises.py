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
