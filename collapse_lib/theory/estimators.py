"""Loops whose estimator decides what collapse looks like: the largest row, and a kernel density.

Policy Replace unless a docstring says otherwise. t counts fits: generation 1 is fitted to n_samples
real rows, t = 0 is the truth itself.
"""

import numpy as np

from collapse_lib.theory import _arguments as arguments


def uniform_maximum(t, n_samples, accumulate=False, end=1.0):
    """Mean fitted end of a uniform law on [0, theta], whose estimate is the largest row (CF38,
    exact).

        theta (N/(N+1))^t for Replace,   theta N/(N+1) for Accumulate at every t >= 1

    Under Accumulate no sample exceeds the largest real row, which stays in the pool. t >= 0 counts
    fits, n_samples = N >= 1, end = theta > 0; they broadcast. accumulate is True or False. Raises
    ValueError outside these ranges.

    Source: derived for this book (the mean of the largest of N uniform numbers).

    >>> round(float(uniform_maximum(100, 100)), 4)
    0.3697
    """
    t = arguments.whole("uniform_maximum", "t", t, 0)
    n = arguments.whole("uniform_maximum", "n_samples", n_samples, 1)
    end = arguments.above_zero("uniform_maximum", "end", end)
    steps = np.minimum(t, 1) if accumulate else t
    return end * np.exp(-steps * np.log1p(1 / n))


def kde_variance(t, n_samples, bandwidth, std=1.0):
    """Mean variance (over n) of the rows that generation t of a kernel density with a fixed
    bandwidth is fitted to (CF39, exact).

        (n-1) h^2 + (1 - 1/n)^t (sigma0^2 - n h^2)  ->  (n-1) h^2

    Neither collapse nor explosion: the loop forgets the truth's spread and settles on that of its
    own kernel. h = 0 is the bootstrap, which dies like (1 - 1/n)^t. t >= 1 (or infinity) counts
    fits, n_samples = n >= 1, bandwidth = h >= 0 and std = sigma0 > 0 in the units of the rows; all
    broadcast. Raises ValueError outside these ranges.

    Source: derived for this book; the loop is one of Borji, arXiv:2410.12954.

    >>> round(float(kde_variance(float("inf"), 50, 0.3)), 2)
    4.41
    """
    t = arguments.whole("kde_variance", "t", t, 1, infinite=True)
    n = arguments.whole("kde_variance", "n_samples", n_samples, 1)
    h = arguments.at_least_zero("kde_variance", "bandwidth", bandwidth)
    std = arguments.above_zero("kde_variance", "std", std)
    return (n - 1) * h**2 + (1 - 1 / n) ** t * (std**2 - n * h**2)


def silverman_variance_factor(n_samples):
    """Factor on the mean variance of the rows in each generation of a kernel density whose
    bandwidth follows Silverman's rule, h = (4/3)^(1/5) s n^(-1/5) (CF39, exact).

        1 - 1/n + (4/3)^(2/5) n^(-2/5)

    Above 1 for every n >= 2, so this loop explodes: generation t is fitted to rows of mean variance
    (1 - 1/n) sigma0^2 times this factor to the power t - 1. s^2 is the unbiased variance, as in
    models.kde. n_samples = n >= 2, any shape. Raises ValueError below 2.

    Source: derived for this book; the rule is Silverman's (1986).

    >>> round(float(silverman_variance_factor(50)), 2)
    1.21
    """
    n = arguments.whole("silverman_variance_factor", "n_samples", n_samples, 2)
    return 1 - 1 / n + (4 / 3) ** 0.4 * n**-0.4
