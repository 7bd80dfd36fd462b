"""Which categories are rare: the tail of a discrete distribution."""

import numpy as np


def rarest(p0, tail_mass):
    """(K,) bools: the smallest set of rarest categories that together hold `tail_mass` of p0, and
    those as rare as its most frequent one, so that the order of the categories never matters."""
    ascending = np.sort(p0)
    # five categories of 0.01 add up to 0.05 only up to rounding
    reached = np.cumsum(ascending) >= tail_mass * (1.0 - 1e-9)
    return p0 <= ascending[np.argmax(reached)]


def share_of_tail(owner, tail_mass):
    """Let pass a share in (0, 1]."""
    if not 0.0 < tail_mass <= 1.0:
        raise ValueError(f"{owner} must be in (0, 1]; got {tail_mass}.")
