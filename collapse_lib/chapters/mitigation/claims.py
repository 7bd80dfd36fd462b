"""The claims of the chapter `mitigation`."""

import numpy as np

from collapse_lib import metrics, theory
from collapse_lib.chapters.claims import Kind, claim
from collapse_lib.chapters.mitigation.laws import anchored_left, many_rows_left, shifted_error
from collapse_lib.loop.sizes import Growing
from collapse_lib.policies.detectors import HumanWeight
from collapse_lib.sources import zipf_shares

WORDS = zipf_shares(1000)
TEN = zipf_shares(10)
LIKED = np.linspace(0, 2, 10)


@claim(Kind.PROVED, "{:.2f}", source="Gerstgrasser et al. 2024")
def kept_error_limit():
    return np.pi**2 / 6


@claim(Kind.PROVED, "{:.1f} %")
def kept_diversity():
    return 100 * theory.accumulate_limit(100)


@claim(Kind.COMPUTED, "{:.0f} %")
def kept_biased_at_1000():
    return 100 * theory.pooled_moments(1000, 100, sampling_bias=0.9).variance[-1]


@claim(Kind.PROVED, "{:.2f}")
def subsample_limit():
    return float(theory.subsample_mean_error(np.inf))


@claim(Kind.PROVED, "{:.1f} %")
def first_rows_lost():
    return 100 * (1 - float(anchored_left(1.0, np.array([10_000]))[0]))


@claim(Kind.COMPUTED, "{:.0f} %")
def first_rows_cold_lost():
    return 100 * (1 - many_rows_left(0.5, 0.9))


@claim(Kind.PROVED, "{:.0f} %")
def one_fresh_row_lost():
    return 100 * theory.fresh_inbreeding_fixed_share(100, 1)


@claim(Kind.COMPUTED, "{:.0f} %")
def one_fresh_row_without_blue():
    return 100 * theory.absent_probability(400, 0.1, 100, n_fresh_rows=1)


@claim(Kind.PROVED, "{:.0f} %")
def ten_fresh_rows_lost():
    return 100 * theory.fresh_inbreeding_fixed_share(100, 10)


@claim(Kind.PROVED, "{:.0f} %")
def ten_fresh_of_a_million_lost():
    return 100 * theory.fresh_inbreeding_fixed_share(10**6, 10)


def _words_left(real_fraction):
    settled = theory.tempered_fixed_point(WORDS, 0.9, real_fraction)
    return 100 * metrics.entropy(settled) / metrics.entropy(WORDS)


@claim(Kind.COMPUTED, "{:.0f} %")
def words_left_with_a_tenth():
    return _words_left(0.1)


@claim(Kind.COMPUTED, "{:.0f} %")
def words_left_with_half():
    return _words_left(0.5)


@claim(Kind.PROVED, "{:.0f} %")
def linear_growth_lost():
    rows = Growing(100, 1)
    sizes = [rows(max(t - 1, 1)) for t in range(1, 10_001)]
    return 100 * (1 - theory.heterozygosity_with_sizes(1.0, sizes)[-1])


@claim(Kind.PROVED, "{:.3f}", source="He et al. 2025")
def golden_error():
    return theory.weighted_mean_error(theory.golden_weight(1), 1)


@claim(Kind.PROVED, "{:.0f}")
def shifted_golden_over_real():
    golden = theory.golden_weight(1)
    return shifted_error(10_000, golden, 0.1) / shifted_error(10_000, 1.0, 0.1)


@claim(Kind.PROVED, "{:.2f}", source="Feng et al. 2024")
def lenient_breakdown():
    return theory.breakdown_point(0.9, 0.3)


@claim(Kind.COMPUTED, "{:.2f}")
def verified_mean_at_20():
    return theory.verified_normal([20], centre=1.0, radius=2.0).mean[0]


@claim(Kind.COMPUTED, "{:.2f}")
def verified_variance_at_20():
    return theory.verified_normal([20], centre=0.0, radius=2.0).variance[0]


@claim(Kind.PROVED, "{:.0f} %")
def real_after_choice():
    return 100 * 0.1 / (0.1 + 0.9 / 2)


@claim(Kind.COMPUTED, "{:.2f}")
def entropy_after_choice():
    return metrics.entropy(theory.curated_probabilities(TEN, LIKED, 40, 2))


@claim(Kind.PROVED, "{:.2f}")
def spread_of_a_hundredth():
    return theory.corrected_std_mean(np.inf, 100, 0.01)


@claim(Kind.PROVED, "{:.2f}")
def spread_of_a_hundredth_at_100():
    return theory.corrected_std_mean(100, 100, 0.01)


@claim(Kind.PROVED, "{:.2f}")
def spread_of_a_tenth():
    return theory.corrected_std_mean(np.inf, 100, 0.1)


@claim(Kind.PROVED, "{:.0f}")
def precision_without_push():
    return theory.extrapolated_precision_mean(100, 100, 0.0)


@claim(Kind.PROVED, "{:.2f}")
def push_for_precision():
    return theory.extrapolation_strength(100)


@claim(Kind.PROVED, "{:.0f} %")
def real_after_detector():
    return 100 * theory.real_share_after(0.1, 0.9, 0.05)


@claim(Kind.PROVED, "{:.0f} %")
def rare_real_after_detector():
    return 100 * theory.real_share_after(0.01, 0.9, 0.05)


@claim(Kind.COMPUTED, "{:.0f} %")
def rare_in_truth():
    return 100 * TEN[5:].sum()


@claim(Kind.PROVED, "{:.2f}")
def sharp_auroc():
    return HumanWeight(2.0).auroc


@claim(Kind.PROVED, "{:.0f} %")
def sharp_real_share():
    return 100 * theory.real_share_weighted(0.1, 2.0)


@claim(Kind.PROVED, "{:.1f} %")
def sharp_effective_rows():
    return 100 * theory.weighted_effective_share(0.1, 2.0)


def _diversity_left(real_fraction):
    """Of a loop of 100 rows a generation, in per cent of the real diversity."""
    return 100 * (1 - float(theory.fresh_inbreeding(100, real_fraction)))


@claim(Kind.PROVED, "{:.0f} %")
def detector_none():
    return _diversity_left(0.02)


@claim(Kind.PROVED, "{:.0f} %")
def detector_refilled():
    return _diversity_left(float(theory.real_share_after(0.02, 0.9, 0.01)))


@claim(Kind.PROVED, "{:.0f} %", source="Griffiths and Kalish 2007")
def prior_at_200():
    return 100 * theory.iterated_learning_mean(200, [1, 1], 100, [0.9, 0.1])[..., 1]
