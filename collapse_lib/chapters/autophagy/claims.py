"""The claims of the chapter `autophagy`."""

import numpy as np
from scipy.special import digamma

from collapse_lib.chapters.claims import Kind, claim


def mean_divergence(t, n):
    """E KL(N(0, 1) || N(m_t, v_t)) in nats, t maximum-likelihood refits of n rows from the truth.

    Half of E ln v_t + E[(1 + m_t^2) / v_t] - 1. A refit multiplies v by C / n, C chi-square with
    n - 1 degrees, so 1 / v by n / (n - 3) on average; and adds v_t / n times a squared normal to
    m^2, so that E[m_t^2 / v_t] = (E[m_(t-1)^2 / v_(t-1)] + 1 / n) n / (n - 3).
    """
    shrink = n / (n - 3)
    inverse = shrink**t
    drift = (inverse - 1) / (shrink - 1) * shrink / n
    log = t * (digamma((n - 1) / 2) + np.log(2 / n))
    return (log + inverse + drift - 1) / 2


@claim(Kind.PROVED, "{:.1f}")
def divergence_at_half():
    return mean_divergence(50, 100)


@claim(Kind.PROVED, "{:.0f}")
def divergence_at_n():
    return mean_divergence(100, 100)
