"""How long a rare type lives: the extinction law of a critical Poisson branching process.

Policy Replace, observed frequencies, temperature 1, n_samples rows a generation. While a type
is rare among many rows its count is close to a branching process in which every row leaves a
Poisson(1) number of copies. Asymptotic in n_samples at a fixed expected count; a few per cent
off when the count is not small beside n_samples.

t counts fits, and the real rows of generation 1 are drawn at random. For a known corpus, in which a
type occurs c times, c is the expected count of generation 2: there t counts the fits after the
first.
"""

import numpy as np

from collapse_lib.arguments import check_count, check_numbers
from collapse_lib.theory._special import followed
from collapse_lib.theory._together import check_steps, check_weights


def survival_exponents(n_generations):
    """Exponents g_1..g_T of the survival law of a rare type (CF5).

        g_1 = 1,   g_{t+1} = 1 - exp(-g_t)

    g_t lies in [1/t, 3/t] and t g_t -> 2. n_generations = T >= 1 is one number; returns (T,),
    entry t - 1 for generation t. Raises ValueError below 1.

    Source: Suresh, Thangaraj and Khandavally, arXiv:2412.17646.

    >>> round(float(survival_exponents(10)[-1]), 5)
    0.17225
    """
    n = check_count("survival_exponents.n_generations", n_generations, least=1)
    return _exponents_at(np.arange(1, n + 1))


def survival_probability(expected_count, t):
    """Probability that a type is still in the model of generation t, 1 - exp(-c g_t) (CF5).

    c = expected_count = n_samples * p >= 0 is the mean count of the type in the real rows, t >= 1
    counts fits; they broadcast. Asymptotic for many rows; for two types and few rows
    `fixation.absent_probability` is exact. Raises ValueError outside these ranges.

    Source: Suresh, Thangaraj and Khandavally, arXiv:2412.17646.

    >>> round(float(survival_probability(5, 10)), 4)
    0.5774
    """
    count = check_numbers("survival_probability.expected_count", expected_count, least=0)
    t = check_steps("survival_probability.t", t)
    return -np.expm1(-count * _exponents_at(t))


def expected_survivors(p, n_samples, t):
    """Expected number of types still in the model of generation t (CF5).

        sum_i 1 - exp(-N p_i g_t)

    p is (K,), the real shares (normalised here); n_samples = N >= 1 is one number; t >= 1 counts
    fits, any shape. Returns the shape of t. Asymptotic for many rows. Raises ValueError outside
    these ranges.

    Source: Suresh, Thangaraj and Khandavally, arXiv:2412.17646 (their corollary on distinct
    symbols).
    """
    p = check_weights("expected_survivors.p", p)
    n = check_count("expected_survivors.n_samples", n_samples, least=1)
    exponents = _exponents_at(check_steps("expected_survivors.t", t))
    alive = [-np.expm1(-n * p * g).sum() for g in exponents.ravel()]
    return np.reshape(alive, exponents.shape)[()]


def _exponents_at(t):
    return followed(t, 1.0, lambda g: -np.expm1(-g))
