"""The claims of the chapter `related`."""

import numpy as np
from scipy import stats

from collapse_lib import theory
from collapse_lib.chapters.claims import Kind, claim
from collapse_lib.chapters.related import laws, within
from collapse_lib.chapters.related.across import two_fat_one_lean

HARD, EASY = (0.4, 2.0), (2.0, 0.4)
EFFECTIVE = "Wright 1931"
TURN = [two_fat_one_lean(t) for t in range(3)]


@claim(Kind.COMPUTED, "{:.2f}")
def mode_seeking_mean():
    return within.one_normal("reverse")[0]


@claim(Kind.COMPUTED, "{:.2f}")
def mode_seeking_variance():
    return within.one_normal("reverse")[1]


@claim(Kind.PROVED, "{:.0f}")
def likelihood_variance():
    return within.one_normal("forward")[1]


@claim(Kind.PROVED, "{:.3f}", source="Evron et al. 2022")
def forgotten_at_two_fifths():
    return laws.forgotten(0.4)


@claim(Kind.SIMULATED, "{:.3f}", tolerance=0.02, seeds=(1,))
def forgotten_in_the_runs(seed):
    found = within.forgetting([0.4], n_features=100, n_replicates=60, seed=seed)
    return found.query("training == 'one after the other'")["error"].mean()


@claim(Kind.PROVED, "{:.2f}")
def poisoned_floor():
    return laws.poisoned(np.inf, 0.1, 1.0)


@claim(Kind.COMPUTED, "{:.1f} %")
def originals_after_one():
    return 100 * theory.survival_probability(1, 1)


@claim(Kind.COMPUTED, "{:.1f} %")
def originals_after_twelve():
    return 100 * theory.survival_probability(1, 12)


@claim(Kind.COMPUTED, "{:.1f} %")
def hard_first_before():
    return 100 * laws.pass_at_k(HARD, 1)


@claim(Kind.COMPUTED, "{:.1f} %")
def hard_first_after():
    return 100 * laws.pass_at_k(HARD, 1, 2)


@claim(Kind.COMPUTED, "{:.1f} %")
def hard_64_before():
    return 100 * laws.pass_at_k(HARD, 64)


@claim(Kind.COMPUTED, "{:.1f} %")
def hard_64_after():
    return 100 * laws.pass_at_k(HARD, 64, 2)


@claim(Kind.COMPUTED, "{:.1f} %")
def easy_first_before():
    return 100 * laws.pass_at_k(EASY, 1)


@claim(Kind.COMPUTED, "{:.1f} %")
def easy_first_after():
    return 100 * laws.pass_at_k(EASY, 1, 2)


@claim(Kind.COMPUTED, "{:.2f} %")
def easy_64_before():
    return 100 * laws.pass_at_k(EASY, 64)


@claim(Kind.COMPUTED, "{:.2f} %")
def easy_64_after():
    return 100 * laws.pass_at_k(EASY, 64, 2)


@claim(Kind.PROVED, "{:.2f}")
def lag_with_a_tenth():
    return laws.lag(0.1, 0.05)


@claim(Kind.PROVED, "{:.2f}")
def lag_with_a_hundredth():
    return laws.lag(0.01, 0.05)


@claim(Kind.PROVED, "{:.1f}", source="Eggenberger and Polya 1923")
def polya_points():
    return 100 * laws.urn_spread([10, 90])


@claim(Kind.PROVED, "{:.0f}", source=EFFECTIVE)
def effective_size():
    return stats.hmean(TURN)


@claim(Kind.PROVED, "{:.0f} %", source=EFFECTIVE)
def diversity_after_thirty():
    return 100 * theory.heterozygosity_with_sizes(0.5, TURN * 10)[-1] / 0.5


@claim(Kind.PROVED, "{:.2f}", source="Griffiths and Kalish 2007")
def learners_settle():
    return theory.iterated_learning_mean(np.inf, [2, 6], 10, [0.9, 0.1])[0]


@claim(Kind.PROVED, "{:.2f}")
def best_guessers_settle():
    return theory.iterated_learning_mean(np.inf, [1, 5], 10, [0.9, 0.1])[0]


@claim(Kind.PROVED, "{:.2f}")
def blurred_variance():
    return theory.kde_variance(60, 1000, 0.2)


@claim(Kind.PROVED, "{:.2f}")
def fitted_variance():
    return theory.variance_mean(60, 1000)


@claim(Kind.COMPUTED, "{:.2f}")
def told_at_once():
    return laws.information(20, [1])[0]


@claim(Kind.COMPUTED, "{:.2f}")
def told_after_twenty():
    return laws.information(20, [20])[0]


@claim(Kind.COMPUTED, "{:.2f}")
def told_at_last():
    return laws.information(20, [np.inf])[0]


@claim(Kind.COMPUTED, "{:.0f} %", source="Ferbach et al. 2024")
def tic_by_eight():
    return 100 * theory.curated_probabilities([0.01, 0.99], [1.0, 0.0], 8, 4)[0]


@claim(Kind.COMPUTED, "{:.1f} %", source="Ferbach et al. 2024")
def tic_by_fifteen():
    return 100 * theory.curated_probabilities([0.01, 0.99], [1.0, 0.0], 15, 4)[0]


@claim(Kind.PROVED, "{:.2f}")
def known_at_half_use():
    return laws.adopted_variance(0.5, 0.5)


@claim(Kind.PROVED, "{:.2f}")
def known_at_high_use():
    return laws.adopted_variance(0.9, 0.5)


@claim(Kind.PROVED, "{:.1f} %")
def bins_missed_at_first():
    return 100 * theory.missed_probability(1 / 1000, 1000)


@claim(Kind.COMPUTED, "{:.1f} %")
def invented_after_forty():
    return 100 * laws.invented(40, 0.02)
