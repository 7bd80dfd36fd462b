"""The claims of the chapter `recursion`."""

import numpy as np

from collapse_lib import theory
from collapse_lib.chapters.claims import Kind, claim

WRIGHT = "Wright 1931"
URN = {"p": 0.1, "n_samples": 100}  # ten blue among 100


@claim(Kind.COMPUTED, "{:.1f} %", source=WRIGHT)
def blue_gone_by_10():
    return 100 * theory.absent_probability(10, **URN)


@claim(Kind.COMPUTED, "{:.1f} %", source=WRIGHT)
def blue_gone_by_50():
    return 100 * theory.absent_probability(50, **URN)


@claim(Kind.COMPUTED, "{:.1f} %", source=WRIGHT)
def blue_gone_by_100():
    return 100 * theory.absent_probability(100, **URN)


@claim(Kind.PROVED, "{:.0f} %", source=WRIGHT)
def blue_gone_at_last():
    return 100 * (1 - theory.fixation_probability(0.1))


@claim(Kind.COMPUTED, "{:.1f} %", source=WRIGHT)
def yellow_gone_by_100():
    return 100 * theory.absent_probability(100, 0.9, 100)


@claim(Kind.PROVED, "{:.1f} %", source="Shumailov et al. 2024")
def half_expected_missed():
    return 100 * theory.missed_probability(1 / 2000, 1000)


@claim(Kind.PROVED, "{:.1f} %")
def singleton_missed():
    return 100 * theory.missed_probability(1 / 50_000, 50_000)


@claim(Kind.PROVED, "{:.1f} %")
def triple_missed():
    return 100 * theory.missed_probability(3 / 50_000, 50_000)


@claim(Kind.PROVED, "{:.1f} %", source="Suresh et al. 2024")
def five_alive_after_10():
    return 100 * theory.survival_probability(5, 10)


@claim(Kind.PROVED, "{:.1f} %", source="Suresh et al. 2024")
def forty_alive_after_100():
    return 100 * theory.survival_probability(40, 100)


@claim(Kind.PROVED, "{:.1f} %", source=WRIGHT)
def diversity_left_at_100():
    return 100 * theory.heterozygosity(100, 1.0, 100)


@claim(Kind.COMPUTED, "{:.1f}")
def mean_fixation_time():
    return theory.fixation_time(**URN)


@claim(Kind.PROVED, "{:.1f}", source="Kimura and Ohta 1969")
def diffusion_fixation_time():
    return theory.fixation_time_diffusion(**URN)


@claim(Kind.COMPUTED, "{:.1f}")
def even_fixation_time():
    return theory.fixation_time(0.5, 100)


@claim(Kind.PROVED, "{:.1f} %")
def accumulate_diversity_limit():
    return 100 * theory.accumulate_limit(100)


@claim(Kind.PROVED, "{:.2f}")
def unbiased_risk_at_100():
    return theory.wasserstein_risk(100, 100, ddof=1)


@claim(Kind.PROVED, "{:.2f}")
def mle_risk_at_100():
    return theory.wasserstein_risk(100, 100, ddof=0)


@claim(Kind.PROVED, "{:.2f}")
def unbiased_risk_at_400():
    return theory.wasserstein_risk(400, 100, ddof=1)


@claim(Kind.PROVED, "{:.2f}")
def mle_risk_at_400():
    return theory.wasserstein_risk(400, 100, ddof=0)


@claim(Kind.PROVED, "{:.2f}")
def log_variance_ratio():
    return theory.log_variance_mean(1, 100, 0) / theory.log_variance_mean(1, 100, 1)


@claim(Kind.PROVED, "{:.1f} %", source=WRIGHT)
def fresh_diversity_left():
    return 100 * (1 - np.float64(theory.fresh_inbreeding_fixed_share(100, 10)))


@claim(Kind.PROVED, "{:.1f} %", source=WRIGHT)
def replace_lost_at_200():
    return 100 * theory.inbreeding(200, 100)
