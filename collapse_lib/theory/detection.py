"""What a detector of synthetic rows does to a training set, from its error rates (many rows)."""

import numpy as np

from collapse_lib.theory import _arguments as arguments


def real_share_after(real_share, hit, false_alarm):
    """Real share of what a detector lets through, alpha' (exact for many rows).

        alpha' = alpha h / (alpha h + (1-alpha) a),   h = 1 - false_alarm,   a = 1 - hit

    Policy Filtered(policy, Detector(hit, false_alarm)). real_share = alpha before it; hit and
    false_alarm: probabilities that a synthetic and a real row are flagged and dropped. All in
    [0, 1], such that something passes; they broadcast. With n rows the mean is off by the order of
    1/n. Raises ValueError outside these ranges.

    Source: derived for this book (Bayes' rule), for the remedy of Drayson, Yilmaz and Lampos,
    arXiv:2502.15654. Fresh real rows at share alpha' have the losses of CF10.

    >>> round(float(real_share_after(0.1, 0.9, 0.05)), 4)
    0.5135
    """
    owner = "real_share_after"
    alpha = arguments.share(owner, "real_share", real_share)
    hit = arguments.share(owner, "hit", hit)
    false_alarm = arguments.share(owner, "false_alarm", false_alarm)
    real, synthetic = alpha * (1 - false_alarm), (1 - alpha) * (1 - hit)
    if np.any(real + synthetic == 0):
        raise ValueError(
            f"{owner}: a detector with these rates flags every row; lower one of them."
        )
    return real / (real + synthetic)


def real_share_weighted(real_share, d_prime):
    """Real share by weight, when rows weigh by the likelihood ratio of a detector's scores.

        alpha' = alpha / (alpha + (1-alpha) e^(-d^2))

    Policy Weighted(policy, HumanWeight(d_prime)): scores are normal with variance 1 and means d
    apart, so the weight e^(d s) has mean e^(d^2) over real rows and 1 over synthetic ones. Exact
    for many rows: many more than `weighted_effective_share` makes of them. real_share = alpha in
    [0, 1], d_prime = d at least 0; they broadcast. Raises ValueError outside these ranges.

    Source: derived for this book, for the weights of Drayson, Yilmaz and Lampos, arXiv:2502.15654.

    >>> round(float(real_share_weighted(0.1, 1)), 4)
    0.232
    """
    alpha, q = _share_and_ratio("real_share_weighted", real_share, d_prime)
    total = alpha + (1 - alpha) * q
    return np.where(total > 0, alpha / np.where(total > 0, total, 1.0), 0.0)[()]


def weighted_effective_share(real_share, d_prime):
    """What share of the rows the weights of `real_share_weighted` leave effective.

        (mean weight)^2 / mean squared weight = q (alpha + (1-alpha) q)^2 / (alpha + (1-alpha) q^2)

    with q = e^(-d^2): Kish's effective number of rows, over the number of rows. The better the
    detector, the fewer rows decide. Exact for many rows. real_share = alpha in [0, 1], d_prime =
    d at least 0; they broadcast. Raises ValueError outside these ranges.

    Source: derived for this book; L. Kish, Survey Sampling (1965), for the effective number.

    >>> round(float(weighted_effective_share(0.1, 1)), 4)
    0.3082
    """
    alpha, q = _share_and_ratio("weighted_effective_share", real_share, d_prime)
    mean, square = alpha + (1 - alpha) * q, alpha + (1 - alpha) * q**2
    # alpha = 0 leaves q^3 / q^2, which is 0/0 where q has vanished
    return np.where(alpha > 0, q * mean**2 / np.where(alpha > 0, square, 1.0), q)[()]


def _share_and_ratio(owner, real_share, d_prime):
    """alpha, and mean weight of a synthetic row over that of a real one."""
    alpha = arguments.share(owner, "real_share", real_share)
    return alpha, np.exp(-(arguments.at_least_zero(owner, "d_prime", d_prime) ** 2))
