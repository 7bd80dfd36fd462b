"""How well any detector of synthetic text can do, from the two laws of the text."""

from typing import NamedTuple

import numpy as np
from scipy import optimize, special

from collapse_lib.arguments import check_counts, check_numbers, check_same_shape
from collapse_lib.theory._together import check_weights


class Bounds(NamedTuple):
    """Lower and upper bound of one quantity."""

    low: np.ndarray | float
    high: np.ndarray | float


def auroc_bound(tv):
    """Largest area under the ROC curve of any detector, from total variation (CF44).

        AUROC <= 1/2 + TV - TV^2 / 2

    tv: total variation distance of human and machine text, in [0, 1]; broadcasts. Some pair of laws
    at every TV attains it. Raises ValueError outside [0, 1].

    Source: Sadasivan et al., arXiv:2303.11156.

    >>> round(float(auroc_bound(0.383)), 3)
    0.81
    """
    tv = check_numbers("auroc_bound.tv", tv, least=0, most=1)
    return 0.5 + tv - tv**2 / 2


def tv_normals(shift, n=1):
    """Total variation distance of n independent normal scores from n others (exact).

        TV = 2 Phi(d sqrt(n) / 2) - 1

    shift = d: distance of the means in standard deviations, at least 0; n >= 1. The best detector
    then has AUROC = Phi(d sqrt(n / 2)). Broadcasts. Raises ValueError outside these ranges.

    Source: derived for this book; the example of CF44, at the n of Chakraborty et al.,
    arXiv:2304.04736.

    >>> round(float(tv_normals(1)), 3), round(float(tv_normals(1, 16)), 3)
    (0.383, 0.954)
    """
    d = check_numbers("tv_normals.shift", shift, least=0)
    n = check_counts("tv_normals.n", n, least=1)
    return special.erf(d * np.sqrt(n / 8))


def tv_products(p, q, n=1):
    """Bounds on the total variation distance of n independent tokens of p from n of q.

        1 - e^(-n C) <= TV <= sqrt(1 - B^(2n)),   B = sum_v sqrt(p_v q_v)

    C is the `chernoff_information`. p, q: laws on the same types, (K,), normalised here; n >= 1.
    Returns Bounds; n broadcasts. Raises ValueError outside these ranges.

    Source: Chernoff (1952), doi:10.1214/aoms/1177729330, for the lower bound, which is why more
    text is always better evidence (Chakraborty et al., arXiv:2304.04736); Le Cam's inequality for
    the upper.

    >>> low, high = tv_products([0.5, 0.5], [0.6, 0.4], 100)
    >>> round(float(low), 3), round(float(high), 3)
    (0.398, 0.799)
    """
    p, q = _pair("tv_products", p, q)
    n = check_counts("tv_products.n", n, least=1)
    overlap = min(np.sqrt(p * q).sum(), 1.0)
    low = -np.expm1(-n * chernoff_information(p, q))
    return Bounds(low, np.sqrt(1 - overlap ** (2 * n)))


def chernoff_information(p, q):
    """Rate at which the best detector's error falls with each further token, in nats (exact).

        C = - min_(0 <= s <= 1) ln sum_v p_v^s q_v^(1-s)

    p, q: laws on the same types, (K,), normalised here. It is 0 for equal laws and infinite for
    laws without a common type. Raises ValueError outside these ranges.

    Source: Chernoff (1952), doi:10.1214/aoms/1177729330.

    >>> round(chernoff_information([0.5, 0.5], [0.6, 0.4]), 6)
    0.005077
    """
    p, q = _pair("chernoff_information", p, q)
    both = (p > 0) & (q > 0)
    if not both.any():
        return np.inf
    log_p, log_q = np.log(p[both]), np.log(q[both])

    def log_overlap(s):
        return special.logsumexp(s * log_p + (1 - s) * log_q)

    found = optimize.minimize_scalar(log_overlap, bounds=(0, 1), options={"xatol": 1e-10})
    ends = log_overlap(0.0), log_overlap(1.0)
    return float(max(0.0, -min(found.fun, *ends)))


def _pair(owner, p, q):
    p, q = check_weights(f"{owner}.p", p), check_weights(f"{owner}.q", q)
    check_same_shape(owner, p=p, q=q)
    return p, q
