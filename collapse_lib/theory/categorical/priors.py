"""Iterated learning: categories whose learner has a Dirichlet prior.

Policy Replace. prior = a, the prior counts, (K,) or a number for all K types alike; A is their sum,
N = n_samples, start = p0 the truth. posterior = True: the learner draws its probabilities from the
posterior, which makes the loop a Gibbs sampler whose stationary law is the prior, Dirichlet(a).
posterior = False: it takes the posterior's mean. a = 0 is the learner without prior: posterior =
False is then maximum likelihood, and the stationary law has all mass on single types.

t counts fits: generation 1 is fitted to N real rows, t = 0 is the truth itself. Results have the
shape of t with K at the end.
"""

import numpy as np

from collapse_lib.arguments import (
    FLAG,
    check_count,
    check_counts,
    check_numbers,
    check_same_shape,
    check_type,
)
from collapse_lib.theory._together import check_weights


def iterated_learning_mean(t, prior, n_samples, start):
    """Mean probabilities of generation t of learners with a Dirichlet prior (CF41, exact).

        a/A + (N/(A+N))^t (p0 - a/A)

    The same for posterior draws and posterior means. Without a prior it is p0 for ever. t >= 0 (or
    infinity) counts fits; prior (K,) or a number, >= 0; n_samples = N >= 1, one number; start (K,)
    is normalised. Returns (..., K). Raises ValueError outside these ranges.

    Source: Griffiths and Kalish 2007, doi:10.1080/15326900701326576; rate derived for this book.

    >>> iterated_learning_mean(5, [2, 6], 10, [0.9, 0.1]).round(4).tolist()
    [0.2844, 0.7156]
    """
    t, a, n, p0 = _checked("iterated_learning_mean", t, prior, n_samples, start)
    settled = _settled(a, p0)
    return settled + (n / (a.sum() + n)) ** t * (p0 - settled)


def iterated_learning_variance(t, prior, n_samples, start, posterior=True):
    """Variance over replicates of the probabilities of generation t (CF41, exact).

    At t = infinity it is that of the prior itself for posterior = True, mu(1-mu)/(A+1) with mu =
    a/A, whatever N; and for posterior = False r^2 mu(1-mu)/(N (1 - r^2 (1 - 1/N))) with r =
    N/(A+N), as if A ideal real rows were mixed in. Without a prior (a -> 0) both end in single
    types, p0(1-p0), posterior draws about twice as fast: heterozygosity falls by (N-1)/(N+1) a
    generation in place of 1 - 1/N. t >= 0 (or infinity) counts fits; prior (K,) or a number, >= 0;
    n_samples = N >= 1, one number; start (K,) is normalised. Returns (..., K). Raises ValueError
    outside these ranges.

    Source: derived for this book, for the learners of Griffiths and Kalish 2007,
    doi:10.1080/15326900701326576.

    >>> iterated_learning_variance(float("inf"), [2, 6], 10, [0.9, 0.1]).round(6).tolist()
    [0.020833, 0.020833]
    """
    t, a, n, p0 = _checked("iterated_learning_variance", t, prior, n_samples, start)
    total, settled = a.sum() + n, _settled(a, p0)
    # E p_i^2 of the next generation = constant + slope E p_i + keep E p_i^2
    if check_type("iterated_learning_variance.posterior", posterior, FLAG):
        scale, constant, slope = total * (total + 1), a * (a + 1), 2 * (a + 1) * n
    else:
        scale, constant, slope = total**2, a**2, (2 * a + 1) * n
    keep, shrink = n * (n - 1) / scale, n / total
    limit = (constant + slope * settled) / (scale - n * (n - 1))
    forced = slope / scale * (p0 - settled) / (shrink - keep)
    squares = limit + forced * shrink**t + (p0**2 - limit - forced) * keep**t
    mean = settled + shrink**t * (p0 - settled)
    return np.maximum(squares - mean**2, 0.0)  # rounding may leave -1e-17


def _settled(a, p0):
    """The mean that the loop tends to; without a prior it stays where it starts."""
    return a / a.sum() if a.sum() > 0 else p0


def _checked(owner, t, prior, n_samples, start):
    t = check_counts(f"{owner}.t", t, infinite=True)
    n = check_count(f"{owner}.n_samples", n_samples, least=1)
    p0 = check_weights(f"{owner}.start", start)
    a = check_numbers(f"{owner}.prior", prior, least=0)
    if a.ndim:
        check_same_shape(owner, prior=a, start=p0)
    return t[..., None], np.broadcast_to(a, p0.shape), n, p0
