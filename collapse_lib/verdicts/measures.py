"""Measures over the generations, family by family, side by side."""

import numpy as np

from collapse_lib.arguments import (
    check_count,
    check_number,
    check_numbers,
    check_probabilities,
    check_same_shape,
)
from collapse_lib.metrics import (
    entropy,
    gaussian_tail_recall,
    heterozygosity,
    tail_coverage,
    tail_recall,
)

__all__ = ["categorical_measures", "gaussian_measures"]


def gaussian_measures(mean, variance, *, tail: float = 0.01) -> dict[str, np.ndarray]:
    """Measures over the generations of Gaussian loops on N(0, 1), in closed form: name -> (R, T).

    mean, variance: (R, T), as of `exact.gaussian_chain`.
        tail recall, variance           1 = as in the real data
        entropy                         nats, minus that of the real law
        real rows                       mean log likelihood of real rows, minus its best value
        own rows                        of the model's own rows under the model of generation 1,
                                        minus that of real rows under the truth: what an old model
                                        thinks of new rows
    A variance of 0 makes the entropy and the likelihood of real rows -inf.
    """
    mean = check_numbers("gaussian_measures.mean", mean)
    variance = check_numbers("gaussian_measures.variance", variance, least=0)
    check_same_shape("gaussian_measures", mean=np.atleast_1d(mean), variance=variance)
    first_mean, first_variance = mean[..., :1], variance[..., :1]
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        log_variance = np.log(variance)
        real = -0.5 * (log_variance + (1 + mean**2) / variance - 1)
        own = -0.5 * (
            np.log(first_variance) + (variance + (mean - first_mean) ** 2) / first_variance - 1
        )
    real = np.where(variance > 0, real, -np.inf)
    return {
        "tail recall": gaussian_tail_recall(mean, np.sqrt(variance), 0.0, 1.0, tail),
        "variance": variance,
        "entropy": log_variance / 2,
        "real rows": real,
        "own rows": own,
    }


def categorical_measures(
    probabilities, p, *, tail_mass: float = 0.05, floor: float = 1e-6
) -> dict[str, np.ndarray]:
    """Measures over the generations of loops over K categories: name -> (R, T).

    probabilities: (R, T, K), as of `exact.categorical_chain`; p: (K,) the real shares.
        tail recall, minority coverage  of the rarest categories, which hold tail_mass: the mass
                                        still given, and the share of them (by mass) still alive
        heterozygosity, perplexity      as shares of the real ones
        entropy                         nats, minus that of p
        real rows, own rows             as for `gaussian_measures`
    For the two likelihoods a share `floor` of the model is spread evenly over all categories, as
    one dead category would make them -inf.
    """
    q = check_probabilities("categorical_measures.probabilities", probabilities)
    p = check_probabilities("categorical_measures.p", p, axes=1)
    check_count("categorical_measures: categories", q.shape[-1], least=len(p), most=len(p))
    floor = check_number("categorical_measures.floor", floor, least=0, below=1)
    log_q = np.log((1 - floor) * q + floor / len(p))
    own = (q * log_q[..., :1, :]).sum(axis=-1)
    entropies = np.asarray(entropy(q)) - entropy(p)
    return {
        "tail recall": np.asarray(tail_recall(q, p, tail_mass)),
        "minority coverage": np.asarray(tail_coverage(q, p, tail_mass)),
        "heterozygosity": np.asarray(heterozygosity(q)) / heterozygosity(p),
        "entropy": entropies,
        "perplexity": np.exp(entropies),
        "real rows": log_q @ p + entropy(p),
        "own rows": own + entropy(p),
    }
