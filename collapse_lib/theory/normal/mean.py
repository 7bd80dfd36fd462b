"""The mean alone, with a known variance: how to weigh new real rows, and whether luck helps."""

import numpy as np

from collapse_lib.arguments import check_counts, check_numbers


def golden_weight(ratio):
    """Best weight of the new real mean, w* = (sqrt(1+4k) - 1)/(2k), with k = n_s/n_r (CF22, exact).

    Each generation estimates the mean by mu_t = w (mean of n_r new real rows) + (1-w) (mean of n_s
    rows sampled around mu_{t-1}), both with the true variance. w* minimises the stationary
    error, and that least error, in units of sigma0^2/n_r, is w* too. For k = 1 it is the
    reciprocal of the golden ratio, .618, where plain pooling weighs 1/2. ratio = k >= 0, any shape
    (k = 0: no synthetic rows, weight 1). Raises ValueError below 0.

    Source: derived for this book; the golden ratio in He, Xu and Cheng, arXiv:2502.18049.

    >>> round(float(golden_weight(1)), 3)
    0.618
    """
    ratio = check_numbers("golden_weight.ratio", ratio, least=0)
    return 2 / (1 + np.sqrt(1 + 4 * ratio))  # the same number, defined at 0


def weighted_mean_error(weight, ratio):
    """Stationary error of the mean at any weight, in units of sigma0^2/n_r (CF22, exact).

        e = (w^2 + (1-w)^2/k) / (1 - (1-w)^2),   k = n_s/n_r

    The loop of `golden_weight`. Plain pooling is w = 1/(1+k). weight in (0, 1], ratio = k > 0;
    they broadcast. Raises ValueError outside these ranges.

    Source: derived for this book.

    >>> round(float(weighted_mean_error(0.5, 1)), 4)
    0.6667
    """
    weight = check_numbers("weighted_mean_error.weight", weight, above=0, most=1)
    ratio = check_numbers("weighted_mean_error.ratio", ratio, above=0)
    synthetic = (1 - weight) ** 2
    return (weight**2 + synthetic / ratio) / (weight * (2 - weight))


def beats_first_probability(t):
    """P(the mean of generation t is nearer the truth than that of generation 1) (CF23, exact).

        arctan(2/sqrt(t-1))/pi, always below 1/2

    Policy Replace for the mean alone: each step adds an independent normal error of the same
    variance (known variance; with a refitted variance it holds for n_samples much larger than
    t). t >= 2 counts fits, any shape. Raises ValueError below 2.

    Source: derived for this book; compare Xu, He and Cheng, arXiv:2505.13947.

    >>> round(float(beats_first_probability(5)), 4)
    0.25
    """
    t = check_counts("beats_first_probability.t", t, least=2)
    return np.arctan2(2, np.sqrt(t - 1)) / np.pi
