"""Kullback-Leibler divergence between truth and model in any regular family of k parameters.

First order in 1/n_samples: maximum likelihood, a well-specified model, unbiased sampling, few
generations beside n_samples. To this order KL(truth, model) and KL(model, truth) agree. K
categories have k = K - 1, a Gaussian in one dimension k = 2. t counts fits.
"""

from collapse_lib.arguments import check_counts
from collapse_lib.theory._special import inverse_squares


def kl_replace(t, n_samples, n_parameters):
    """Expected KL divergence of generation t in nats under Replace, t k/(2N) (CF28, asymptotic).

    Perplexity is multiplied by about exp(k/(2N)) in each generation. t >= 0 counts fits, n_samples
    = N >= 1, n_parameters = k >= 1; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book; compare Dey and Donoho, arXiv:2410.22812.
    """
    t = check_counts("kl_replace.t", t)
    return t * _one_fit("kl_replace", n_samples, n_parameters)


def kl_accumulate(t, n_samples, n_parameters):
    """Expected KL divergence of generation t in nats under Accumulate (CF28, asymptotic).

        k/(2N) sum_{i=1..t} 1/i^2  ->  at most pi^2/6 of one fit

    Generation t is fitted to t N rows. t >= 0 (or infinity) counts fits, n_samples = N >= 1,
    n_parameters = k >= 1; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book; the factor pi^2/6 as in Dey and Donoho, arXiv:2410.22812.
    """
    t = check_counts("kl_accumulate.t", t, infinite=True)
    return _one_fit("kl_accumulate", n_samples, n_parameters) * inverse_squares(t)


def _one_fit(owner, n_samples, n_parameters):
    n = check_counts(f"{owner}.n_samples", n_samples, least=1)
    k = check_counts(f"{owner}.n_parameters", n_parameters, least=1)
    return k / (2 * n)
