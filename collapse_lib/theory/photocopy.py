"""A photocopy of a photocopy: each copy blurs the last one with a Gaussian of standard deviation
blur_std.

The opposite of the sampling loop in one respect: blur makes the spread grow, sampling makes it
shrink. Both lose detail. t counts copies; t = 0 is the original.
"""

import numpy as np

from collapse_lib.theory import _arguments as arguments


def photocopy_variance(t, std, blur_std):
    """Variance of an intensity profile after t copies, std^2 + t blur_std^2 (section 9, exact).

    Variances of convolved profiles add. t >= 0 counts copies, std >= 0 and blur_std >= 0 in the
    units of the page; all broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.

    >>> float(photocopy_variance(5, 1.0, 2.0))
    21.0
    """
    t = arguments.whole("photocopy_variance", "t", t, 0)
    std = arguments.at_least_zero("photocopy_variance", "std", std)
    blur_std = arguments.at_least_zero("photocopy_variance", "blur_std", blur_std)
    return std**2 + t * blur_std**2


def photocopy_amplitude(t, omega, blur_std):
    """Share left of a wave cos(omega x) after t copies, exp(-t blur_std^2 omega^2/2) (section 9,
    exact).

    The Fourier transform of the blur, t times: fine detail (large omega) goes first. t >= 0 counts
    copies, omega is the angular frequency in radians for each unit of the page, blur_std >= 0; all
    broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.
    """
    t = arguments.whole("photocopy_amplitude", "t", t, 0)
    omega = arguments.finite("photocopy_amplitude", "omega", omega)
    blur_std = arguments.at_least_zero("photocopy_amplitude", "blur_std", blur_std)
    return np.exp(-t * (blur_std * omega) ** 2 / 2)
