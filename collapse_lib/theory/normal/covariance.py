"""How fast a covariance fitted by maximum likelihood shrinks, in d dimensions and in mixtures.

The log spread of a covariance is ln det(Sigma) / (2 d), the mean of the log standard deviations
along its axes: one number in any dimension. Policy Replace, full covariance, normal rows; exact
for every number of rows above d unless a docstring says otherwise.

A component of a mixture that lies apart from the others is fitted to its own rows alone. Given how
many rows it had at each generation, its log spread falls as that of a single normal fitted to so
many: `log_spread_given_counts` adds the falls up. Where components overlap this does not hold.
"""

import numpy as np
from scipy import special

from collapse_lib.arguments import check_count, check_counts, check_numbers
from collapse_lib.theory._special import digamma_minus_log
from collapse_lib.theory._together import check_fit, check_together


def log_det_mean(t, n_samples, n_features, ddof=0):
    """Mean of ln det(Sigma_t) - ln det(Sigma_0) in d dimensions (section 0.3, exact).

        t [sum_{i=1..d} psi((N-i)/2) + d ln(2/(N - ddof))]

    Policy Replace, full covariance. t >= 0 counts fits and broadcasts with n_samples; n_features =
    d >= 1 is one number, and N > d, since with fewer rows the covariance is singular at once.
    Raises ValueError outside these ranges.

    Source: derived for this book (Bartlett's decomposition of a Wishart matrix).
    """
    t = check_counts("log_det_mean.t", t)
    return t * _step("log_det_mean", n_samples, n_features, ddof)


def log_spread_slope(n_samples, n_features, ddof=0):
    """Mean change of ln det(Sigma) / (2 d) in one generation (section 0.3, exact).

        [sum_{i=1..d} psi((N-i)/2) + d ln(2/(N - ddof))] / (2 d)

    n_samples = N > d, any shape; n_features = d >= 1 is one number; ddof = 0 is maximum likelihood,
    1 the unbiased covariance. Raises ValueError outside these ranges.

    Source: derived for this book (Bartlett's decomposition of a Wishart matrix).

    >>> round(float(log_spread_slope(500, 2)), 6)
    -0.002506
    """
    return _step("log_spread_slope", n_samples, n_features, ddof) / (2 * n_features)


def log_spread_slope_first_order(n_samples, n_features):
    """The same slope for many rows, -(d + 3) / (4 N): -1/N in one dimension, -1.25/N in two.

    Maximum likelihood (ddof = 0). The next term is of order 1/N^2: 0.3 % at d = 2 and N = 500.
    n_samples = N >= 1 and n_features = d >= 1 broadcast. Raises ValueError outside these ranges.

    Source: derived for this book (psi(x) ~ ln x - 1/(2 x) in `log_spread_slope`).

    >>> float(log_spread_slope_first_order(500, 2))
    -0.0025
    """
    n = check_counts("log_spread_slope_first_order.n_samples", n_samples, least=1)
    d = check_counts("log_spread_slope_first_order.n_features", n_features, least=1)
    return -(d + 3) / (4 * n)


def log_spread_variance(t, n_samples, n_features):
    """Variance over replicates of ln det(Sigma_t) / (2 d) (exact).

        t sum_{i=1..d} psi'((N-i)/2) / (4 d^2)  ~  t / (2 d N)

    The same for every ddof. t >= 0 counts fits and broadcasts with n_samples = N > d; n_features =
    d >= 1 is one number. Raises ValueError outside these ranges.

    Source: derived for this book (Bartlett's decomposition of a Wishart matrix).
    """
    t = check_counts("log_spread_variance.t", t)
    n, d = _rows_and_features("log_spread_variance", n_samples, n_features)
    return t * sum(special.polygamma(1, (n - i) / 2) for i in range(1, d + 1)) / (4 * d**2)


def log_spread_given_counts(counts, n_features):
    """Mean change of a component's log spread, given how many rows each of its fits had.

        sum over the fits of log_spread_slope(counts)

    counts: (..., n_fits), the rows of the component at each fit; a fit's fractional count (a sum of
    responsibilities) is taken as it is. n_features = d >= 1 is one number, ddof is 0. Returns the
    running sums, (..., n_fits); from the first fit with d rows or fewer on they are -inf, since
    such a covariance is singular. Exact for components that do not overlap. Raises ValueError for
    counts that are negative or not finite, or d below 1.

    Source: derived for this book (a sum over `log_spread_slope`, given the counts).

    >>> log_spread_given_counts([500, 500, 250], 2).round(5).tolist()
    [-0.00251, -0.00501, -0.01004]
    """
    counts = check_numbers("log_spread_given_counts.counts", counts, least=0)
    d = check_count("log_spread_given_counts.n_features", n_features, least=1, most=10**4)
    enough = counts > d
    n = np.where(enough, counts, d + 1.0)
    slope = sum(special.psi((n - i) / 2) - np.log(n / 2) for i in range(1, d + 1)) / (2 * d)
    return np.cumsum(np.where(enough, slope, -np.inf), axis=-1)


def _step(owner, n_samples, n_features, ddof):
    """Mean change of ln det(Sigma) in one generation, after the checks."""
    _, ddof = check_fit(owner, n_samples, ddof)
    n, d = _rows_and_features(owner, n_samples, n_features)
    return sum(
        digamma_minus_log((n - i) / 2) + np.log1p((ddof - i) / (n - ddof)) for i in range(1, d + 1)
    )


def _rows_and_features(owner, n_samples, n_features):
    """n_samples above the one number n_features, both checked."""
    n = check_counts(f"{owner}.n_samples", n_samples, least=1)
    d = check_count(f"{owner}.n_features", n_features, least=1)
    allowed = "larger than n_features, or the covariance is singular"
    check_together(f"{owner}.n_samples", n > d, allowed, n_samples=n, n_features=d)
    return n, d
