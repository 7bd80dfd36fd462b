"""What a student that was trained on watermarked text shows of its diet."""

import numpy as np

from collapse_lib.arguments import check_numbers


def radioactivity_z(n_scored, rho, marked_share, green_share=0.25):
    """Expected z of a student trained on a share rho of watermarked text (CF45, to first order).

        z = rho (gamma' - gamma) sqrt(T / (gamma (1 - gamma)))

    n_scored = T different n-grams of the student's own samples; rho in [0, 1]; gamma' =
    marked_share, the share of green n-grams in the watermarked text; gamma = green_share. It takes
    a student that writes each n-gram as often as its training text holds it. Broadcasts.
    Raises ValueError outside these ranges.

    Source: derived for this book, for the effect of Sander et al., arXiv:2402.14904.

    >>> round(float(radioactivity_z(7264, 0.05, 0.683)), 2)
    4.26
    """
    n = check_numbers("radioactivity_z.n_scored", n_scored, least=0)
    excess, gamma = _excess("radioactivity_z", rho, marked_share, green_share)
    return excess * np.sqrt(n / (gamma * (1 - gamma)))


def radioactivity_tokens(rho, marked_share, green_share=0.25, z=4.26):
    """Tokens of a student's text that show its diet with probability one half (CF45).

        T = (z / (rho (gamma' - gamma)))^2 gamma (1 - gamma)

    As radioactivity_z, solved for n_scored; z = 4.26 is a one-sided p of 1e-5. It is infinite where
    rho = 0 or gamma' = gamma. Broadcasts. Raises ValueError for shares outside [0, 1], gamma
    outside (0, 1) or z not above 0.

    Source: derived for this book, for the effect of Sander et al., arXiv:2402.14904.

    >>> round(float(radioactivity_tokens(0.05, 0.683)))
    7259
    """
    excess, gamma = _excess("radioactivity_tokens", rho, marked_share, green_share)
    z = check_numbers("radioactivity_tokens.z", z, above=0)
    with np.errstate(divide="ignore"):
        return np.where(excess == 0, np.inf, (z / excess) ** 2 * gamma * (1 - gamma))[()]


def _excess(owner, rho, marked_share, green_share):
    rho = check_numbers(f"{owner}.rho", rho, least=0, most=1)
    marked = check_numbers(f"{owner}.marked_share", marked_share, least=0, most=1)
    gamma = check_numbers(f"{owner}.green_share", green_share, above=0, below=1)
    return rho * (marked - gamma), gamma
