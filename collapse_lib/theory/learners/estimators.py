"""Loops whose estimator decides what collapse looks like: the largest row, a kernel density,
probabilistic PCA, and a photocopy of a photocopy.

Policy Replace unless a docstring says otherwise. t counts fits: generation 1 is fitted to n_samples
real rows, t = 0 is the truth itself. A photocopy blurs the last one with a Gaussian of standard
deviation blur_std, and t counts copies: blur makes the spread grow where sampling makes it shrink.
Both lose detail.
"""

import numpy as np
from scipy import special

from collapse_lib.arguments import (
    FLAG,
    check_counts,
    check_number,
    check_numbers,
    check_type,
)


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
    t = check_counts("uniform_maximum.t", t)
    n = check_counts("uniform_maximum.n_samples", n_samples, least=1)
    end = check_numbers("uniform_maximum.end", end, above=0)
    steps = np.minimum(t, 1) if check_type("uniform_maximum.accumulate", accumulate, FLAG) else t
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
    t = check_counts("kde_variance.t", t, least=1, infinite=True)
    n = check_counts("kde_variance.n_samples", n_samples, least=1)
    h = check_numbers("kde_variance.bandwidth", bandwidth, least=0)
    std = check_numbers("kde_variance.std", std, above=0)
    forgotten = -np.expm1(special.xlog1py(t - 1, -1 / n))  # n (1 - 1/n)^t h^2 less (n - 1) h^2
    return (n - 1) * h**2 * forgotten + (1 - 1 / n) ** t * std**2


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
    n = check_counts("silverman_variance_factor.n_samples", n_samples, least=2)
    return 1 - 1 / n + (4 / 3) ** 0.4 * n**-0.4


def ppca_eigenvalues(t, eigenvalues, noise_variance):
    """Eigenvalues of the rows that generation t gives, max(l_j - t s^2, 0) (CF40, exact).

    A VAE's loop, linear and solvable: infinite rows, s^2 fixed, decoder means taken for samples,
    and a latent direction for each eigenvalue. A model with observation noise s^2 per value
    explains l_j as (l_j - s^2) + s^2, signal and noise. Samples without the noise keep the signal
    alone, so every generation takes the noise for granted once more and leaves it out. A direction
    is dead after l_j / s^2 generations. Finite rows add errors of 1/n.

    t >= 0 counts fits, any shape; eigenvalues (k,) >= 0; noise_variance = s^2 >= 0, one number in
    the squared units of the rows. The result has the shape (*t.shape, k). Raises ValueError outside
    these ranges.

    Source: derived for this book from Tipping and Bishop (1999), doi:10.1111/1467-9868.00196.

    >>> [round(float(value), 1) for value in ppca_eigenvalues(2, [5, 2, 1.2, 0.4], 0.5)]
    [4.0, 1.0, 0.2, 0.0]
    """
    t = check_counts("ppca_eigenvalues.t", t)
    eigenvalues = check_numbers("ppca_eigenvalues.eigenvalues", eigenvalues, axes=1, least=0)
    noise = check_number("ppca_eigenvalues.noise_variance", noise_variance, least=0)
    return np.maximum(eigenvalues - t[..., None] * noise, 0.0)


def photocopy_variance(t, std, blur_std):
    """Variance of an intensity profile after t copies, std^2 + t blur_std^2 (section 9, exact).

    Variances of convolved profiles add. t >= 0 counts copies, std >= 0 and blur_std >= 0 in the
    units of the page; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.

    >>> float(photocopy_variance(5, 1.0, 2.0))
    21.0
    """
    t = check_counts("photocopy_variance.t", t)
    std = check_numbers("photocopy_variance.std", std, least=0)
    blur_std = check_numbers("photocopy_variance.blur_std", blur_std, least=0)
    return std**2 + t * blur_std**2


def photocopy_amplitude(t, omega, blur_std):
    """Share left of a wave cos(omega x) after t copies, exp(-t blur_std^2 omega^2/2) (section 9,
    exact).

    The Fourier transform of the blur, t times: fine detail (large omega) goes first. t >= 0 counts
    copies, omega is the angular frequency in radians for each unit of the page, blur_std >= 0; all
    broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    t = check_counts("photocopy_amplitude.t", t)
    omega = check_numbers("photocopy_amplitude.omega", omega)
    blur_std = check_numbers("photocopy_amplitude.blur_std", blur_std, least=0)
    return np.exp(-t * (blur_std * omega) ** 2 / 2)
