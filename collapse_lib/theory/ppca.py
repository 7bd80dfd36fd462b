"""Probabilistic PCA that learns from its own decoder means: a VAE's loop, linear and solvable.

Rows have a covariance with eigenvalues l_1 >= l_2 >= ... A model with observation noise s^2 per
value explains l_j as (l_j - s^2) + s^2, signal and noise. Samples without the noise keep the signal
alone, so every generation takes the noise for granted once more and leaves it out. t counts fits.
"""

import numpy as np

from collapse_lib.theory import _arguments as arguments


def ppca_eigenvalues(t, eigenvalues, noise_variance):
    """Eigenvalues of the rows that generation t gives, max(l_j - t s^2, 0) (CF40, exact).

    Infinite rows, s^2 fixed, decoder means taken for samples, and a latent direction for each
    eigenvalue. A direction is dead after l_j / s^2 generations. Finite rows add errors of 1/n.
    t >= 0 counts fits, any shape; eigenvalues (k,) >= 0; noise_variance = s^2 >= 0, one number in
    the squared units of the rows. The result has the shape (*t.shape, k). Raises ValueError outside
    these ranges.

    Source: derived for this book from Tipping and Bishop (1999), doi:10.1111/1467-9868.00196.

    >>> [round(float(value), 1) for value in ppca_eigenvalues(2, [5, 2, 1.2, 0.4], 0.5)]
    [4.0, 1.0, 0.2, 0.0]
    """
    t = arguments.whole("ppca_eigenvalues", "t", t, 0)
    eigenvalues = arguments.at_least_zero("ppca_eigenvalues", "eigenvalues", eigenvalues)
    noise = arguments.at_least_zero("ppca_eigenvalues", "noise_variance", noise_variance)
    if eigenvalues.ndim != 1 or noise.ndim:
        raise ValueError(
            "ppca_eigenvalues needs eigenvalues of one axis and one noise_variance; got shapes "
            f"{eigenvalues.shape} and {noise.shape}."
        )
    return np.maximum(eigenvalues - t[..., None] * noise, 0.0)
