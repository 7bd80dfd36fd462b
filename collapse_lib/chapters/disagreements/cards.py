"""What the cards of the chapter run: measures, and the frames that need more than one sweep."""

import numpy as np
import pandas as pd
from scipy import stats

from collapse_lib import metrics, theory
from collapse_lib.policies.detectors import Detector
from collapse_lib.sources import zipf_shares

__all__ = [
    "best_auroc",
    "crawl_laws",
    "crawls",
    "diversity_left",
    "gap_of",
    "relative_diversity",
    "words_left",
]

DETECTOR = Detector(hit_rate=0.9, false_alarm_rate=0.01)
REAL, N_ROWS = 0.02, 100


def diversity_left(p, world=(0.5, 0.5)):
    """Per cent of the diversity of a world (K,) that laws p (..., K) have."""
    return 100 * metrics.heterozygosity(p) / metrics.heterozygosity(world)


def relative_diversity(p):
    """Per cent of the diversity of Zipf's law that laws p (..., K) have."""
    return diversity_left(p, zipf_shares(np.shape(p)[-1]))


def words_left(p):
    """Per cent of the K kinds that laws p (..., K) still hold."""
    return 100 * np.mean(np.asarray(p) > 0, axis=-1)


def gap_of(generation) -> float:
    """How far the mean that a model learned lies from the truth, 0."""
    return abs(float(generation.model.mean_))


def crawls(*, n_generations: int, n_replicates: int, seed) -> pd.DataFrame:
    """Diversity (per cent) of a loop of two kinds whose crawl has one real row in fifty: without a
    detector, with one that leaves fewer rows, and with one where the crawl goes on until the set is
    full. The policies are FreshReal and Filtered(FreshReal, Detector), drawn as counts."""
    rng = np.random.default_rng(seed)
    hit, alarm = DETECTOR.hit_rate, DETECTOR.false_alarm_rate
    passed = REAL * (1 - alarm) + (1 - REAL) * (1 - hit)
    ways = {
        "no detector": (N_ROWS, 0.0, 0.0),
        "fewer rows": (N_ROWS, hit, alarm),
        "refilled": (round(N_ROWS / passed), hit, alarm),
    }
    found = []
    for crawl, (n_rows, caught, flagged) in ways.items():
        n_real = round(REAL * n_rows)
        share = rng.binomial(N_ROWS, 0.5, size=n_replicates) / N_ROWS  # of generation 1
        for generation in range(1, n_generations + 1):
            law = np.stack([share, 1 - share], axis=1)
            found.append(
                pd.DataFrame(
                    {
                        "crawl": crawl,
                        "replicate": range(n_replicates),
                        "generation": generation,
                        "diversity": diversity_left(law),
                    }
                )
            )
            real = rng.binomial(n_real, 1 - flagged, size=n_replicates)
            synthetic = rng.binomial(n_rows - n_real, 1 - caught, size=n_replicates)
            first = rng.binomial(real, 0.5) + rng.binomial(synthetic, share)
            share = np.where(real + synthetic, first / np.maximum(real + synthetic, 1), share)
    return pd.concat(found, ignore_index=True)


def crawl_laws() -> dict[str, float]:
    """Diversity (per cent) in the long run, for each way to crawl that has a law."""
    refilled = theory.real_share_after(REAL, DETECTOR.hit_rate, DETECTOR.false_alarm_rate)
    lost = {
        "no detector": theory.fresh_inbreeding_fixed_share(N_ROWS, round(REAL * N_ROWS)),
        "refilled": theory.fresh_inbreeding(N_ROWS, refilled),
    }
    return {name: 100 * (1 - float(share)) for name, share in lost.items()}


def best_auroc(shift, n):
    """Area under the ROC curve of the best detector that sees n scores a `shift` apart."""
    return stats.norm.cdf(shift * np.sqrt(np.asarray(n) / 2))
