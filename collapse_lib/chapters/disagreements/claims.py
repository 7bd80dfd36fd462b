"""The claims of the chapter `disagreements`."""

import numpy as np

from collapse_lib import exact, metrics, theory
from collapse_lib.chapters.claims import Kind, claim
from collapse_lib.chapters.disagreements import cards
from collapse_lib.chapters.related import laws
from collapse_lib.chapters.stages.definitions import profile_arrays
from collapse_lib.chapters.store import load
from collapse_lib.policies import Accumulate
from collapse_lib.sources import zipf_shares
from collapse_lib.verdicts import profile

WORDS = zipf_shares(1000)


@claim(Kind.PROVED, "{:.2f}")
def replaced_at_400():
    return theory.variance_mean(400, 100)


@claim(Kind.PROVED, "{:.2f}", source="Kazdan et al. 2025")
def kept_at_400():
    return theory.pooled_moments(400, 100).variance[-1]


@claim(Kind.PROVED, "{:.2f}")
def kept_with_bias_at_400():
    return theory.pooled_moments(400, 100, sampling_bias=0.8).variance[-1]


@claim(Kind.PROVED, "{:.2f}")
def risk_divided_by_n():
    return theory.wasserstein_risk(100, 100)


@claim(Kind.PROVED, "{:.2f}", source="Shumailov et al. 2024")
def risk_divided_by_less():
    return theory.wasserstein_risk(100, 100, ddof=1)


@claim(Kind.PROVED, "{:.1f}")
def risk_in_the_end():
    return theory.wasserstein_risk(1e6, 100)


@claim(Kind.PROVED, "{:.4f}", source="Dohmatob et al. 2025")
def floor_of_one_per_cent():
    return laws.poisoned(np.inf, 0.01, 1.0)


@claim(Kind.COMPUTED, "{:.2f}", source="Yi et al. 2025")
def held_by_the_verifier():
    return theory.verified_normal(20, 1.0, 2.0).mean


@claim(Kind.PROVED, "{:.0f} %")
def crawl_without():
    return cards.crawl_laws()["no detector"]


@claim(Kind.PROVED, "{:.0f} %")
def crawl_refilled():
    return cards.crawl_laws()["refilled"]


@claim(Kind.SIMULATED, "{:.0f} %", tolerance=1.5, seeds=(1,))
def crawl_with_fewer(seed):
    found = cards.crawls(n_generations=60, n_replicates=1000, seed=seed)
    late = found.query("crawl == 'fewer rows' and generation > 30")
    return late["diversity"].mean()


@claim(Kind.COMPUTED, "{:.0f}")
def written_after_twenty():
    return theory.expected_survivors(WORDS, 2000, 21)


@claim(Kind.COMPUTED, "{:.0f}")
def rephrased_always():
    return theory.expected_survivors(WORDS, 2000, 1)


@claim(Kind.PROVED, "{:.0f} %")
def left_with_one_row():
    return 100 * (1 - theory.fresh_inbreeding_fixed_share(100, 1))


@claim(Kind.COMPUTED, "{:.0f} %")
def fixed_without():
    return 100 * 2 * theory.absent_probability(600, 0.5, 100)


@claim(Kind.PROVED, "{:.2f}", source="Sadasivan et al. 2023")
def told_from_one():
    return cards.best_auroc(0.1, 1)


@claim(Kind.PROVED, "{:.2f}", source="Chakraborty et al. 2023")
def told_from_a_thousand():
    return cards.best_auroc(0.1, 1000)


@claim(Kind.PROVED, "{:.2f}")
def kernels_factor():
    return theory.silverman_variance_factor(50)


@claim(Kind.PROVED, "{:.2f}")
def bell_factor():
    return theory.variance_mean(2, 50) / theory.variance_mean(1, 50)


@claim(Kind.STORED, "{:.0f}", source="Schaeffer et al. 2025")
def meanings_met():
    scores = profile(**profile_arrays(load("definitions"), "Replace"))
    return sum(score.collapsed is True for score in scores)


@claim(Kind.PROVED, "{:.2f}")
def median_at_100():
    return np.exp(theory.log_variance_mean(100, 100, ddof=1))


@claim(Kind.SIMULATED, "{:.1f}", tolerance=0.15, seeds=(1,))
def colder_entropy(seed):
    chain = exact.categorical_chain(
        Accumulate(), zipf_shares(200), n_samples=1000, temperature=0.7, n_generations=50,
        n_replicates=20, seed=seed,
    )  # fmt: skip
    return metrics.entropy(chain.probabilities[:, -1]).mean()


@claim(Kind.COMPUTED, "{:.0f} %", source="Suresh et al. 2024")
def words_after_ten():
    return 100 * theory.expected_survivors(WORDS, 10_000, 10) / len(WORDS)


@claim(Kind.PROVED, "{:.1f} %", source="Wright 1931")
def diversity_after_ten():
    return 100 * theory.heterozygosity(10, 1.0, 10_000)
