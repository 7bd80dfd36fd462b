"""The exercises of the chapter `mitigation`."""

from collapse_lib import theory
from collapse_lib.exercises.answers import exercise


@exercise(0.6, "The share lost, about 1 / (1 + 2 k) for k real rows, must be one tenth.")
def migrants_for_nine_tenths():
    rows = 100_000
    lost = [float(theory.fresh_inbreeding_fixed_share(rows, k, float("inf"))) for k in (4, 5)]
    return 4 + (lost[0] - 0.1) / (lost[0] - lost[1])


@exercise(0.1, "Without false alarms all real rows pass; as many synthetic ones must.")
def detector_for_half():
    real = 0.02
    return 100 * (1 - real / (1 - real))
