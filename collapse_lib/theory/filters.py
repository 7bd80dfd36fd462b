"""What a detector or a verifier does to a training set, from its error rates (many rows).

A detector flags rows that it takes for synthetic, a verifier keeps labels that it takes for
correct. Each share here is Bayes' rule.
"""

import numpy as np

from collapse_lib.arguments import check_numbers


def real_share_after(real_fraction, hit_rate, false_alarm_rate):
    """Real share of what a detector lets through, alpha' (exact for many rows).

        alpha' = alpha (1 - a) / (alpha (1 - a) + (1 - alpha) (1 - h))

    Policy Filtered(policy, Detector(h, a)). real_fraction = alpha before it; hit_rate = h and
    false_alarm_rate = a: probabilities that a synthetic and a real row are flagged and dropped. All
    in [0, 1], such that something passes; they broadcast. With n rows the mean is off by the order
    of 1/n. Raises ValueError outside these ranges.

    Source: derived for this book (Bayes' rule), for the remedy of Drayson, Yilmaz and Lampos,
    arXiv:2502.15654. Fresh real rows at share alpha' have the losses of CF10.

    >>> round(float(real_share_after(0.1, 0.9, 0.05)), 4)
    0.5135
    """
    rates = {"hit_rate": hit_rate, "false_alarm_rate": false_alarm_rate}
    alpha, hit, alarm = _shares("real_share_after", real_fraction=real_fraction, **rates)
    return _share_of(
        "real_share_after: the share let through", alpha * (1 - alarm), (1 - alpha) * (1 - hit)
    )


def real_share_weighted(real_fraction, d_prime):
    """Real share by weight, when rows weigh by the likelihood ratio of a detector's scores.

        alpha' = alpha / (alpha + (1-alpha) e^(-d^2))

    Policy Weighted(policy, HumanWeight(d_prime)): scores are normal with variance 1 and means d
    apart, so the weight e^(d s) has mean e^(d^2) over real rows and 1 over synthetic ones. Exact
    for many rows: many more than `weighted_effective_share` makes of them. real_fraction = alpha in
    [0, 1], d_prime = d at least 0; they broadcast. Raises ValueError outside these ranges.

    Source: derived for this book, for the weights of Drayson, Yilmaz and Lampos, arXiv:2502.15654.

    >>> round(float(real_share_weighted(0.1, 1)), 4)
    0.232
    """
    alpha, q = _share_and_ratio("real_share_weighted", real_fraction, d_prime)
    total = alpha + (1 - alpha) * q
    return np.where(total > 0, alpha / np.where(total > 0, total, 1.0), 0.0)[()]


def weighted_effective_share(real_fraction, d_prime):
    """What share of the rows the weights of `real_share_weighted` leave effective.

        (mean weight)^2 / mean squared weight = q (alpha + (1-alpha) q)^2 / (alpha + (1-alpha) q^2)

    with q = e^(-d^2): Kish's effective number of rows, over the number of rows. The better the
    detector, the fewer rows decide. Exact for many rows. real_fraction = alpha in [0, 1], d_prime =
    d at least 0; they broadcast. Raises ValueError outside these ranges.

    Source: derived for this book; L. Kish, Survey Sampling (1965), for the effective number.

    >>> round(float(weighted_effective_share(0.1, 1)), 4)
    0.3082
    """
    alpha, q = _share_and_ratio("weighted_effective_share", real_fraction, d_prime)
    mean, square = alpha + (1 - alpha) * q, alpha + (1 - alpha) * q**2
    # alpha = 0 leaves q^3 / q^2, which is 0/0 where q has vanished
    return np.where(alpha > 0, q * mean**2 / np.where(alpha > 0, square, 1.0), q)[()]


def flag_precision(synthetic_fraction, hit_rate, false_alarm_rate):
    """Probability that a text which a detector flags is synthetic (exact, Bayes' rule).

        P(synthetic | flag) = s h / (s h + (1 - s) a)

    synthetic_fraction = s of all texts; hit_rate = h and false_alarm_rate = a: probabilities that a
    synthetic and a human text are flagged. All in [0, 1], such that something is flagged; they
    broadcast. What the unflagged texts hold is `real_share_after`. Raises ValueError outside.

    Source: Bayes' rule; derived for this book.

    >>> round(float(flag_precision(0.01, 0.9, 0.05)), 4)
    0.1538
    """
    rates = {"hit_rate": hit_rate, "false_alarm_rate": false_alarm_rate}
    share, hit, alarm = _shares("flag_precision", synthetic_fraction=synthetic_fraction, **rates)
    return _share_of("flag_precision: the share flagged", share * hit, (1 - share) * alarm)


def breakdown_point(keep_correct, keep_wrong):
    """Share of wrong labels from which on a verifier does not help, p* (CF36, exact).

        p* = 1/(1 + psi/phi),   phi = P(kept | correct),   psi = P(kept | wrong)

    At p* half of the labels that are kept are wrong. A linear classifier with two labels and
    infinitely many rows learns the truth below p* and the opposite above it. keep_correct = phi
    and keep_wrong = psi in [0, 1], not both 0; they broadcast. Raises ValueError outside.

    Source: Feng, Dohmatob, Yang, Charton and Kempe, arXiv:2406.07515.

    >>> float(breakdown_point(0.9, 0.3))
    0.75
    """
    rates = {"keep_correct": keep_correct, "keep_wrong": keep_wrong}
    kept = _shares("breakdown_point", **rates)
    return _share_of("breakdown_point.keep_correct + keep_wrong", *kept)


def kept_accuracy(p_wrong, keep_correct, keep_wrong):
    """Share of correct labels among those that a verifier keeps (CF36, exact).

        (1-p) phi / ((1-p) phi + p psi)

    The odds of a correct label grow phi/psi-fold, so a loop (Filtered(Replace(),
    NoisyVerifier(...))) that copies its labels faithfully multiplies them so in every generation.
    p_wrong = p, keep_correct = phi and keep_wrong = psi in [0, 1], such that something is kept;
    they broadcast. Raises ValueError outside these ranges.

    Source: Feng, Dohmatob, Yang, Charton and Kempe, arXiv:2406.07515 (Bayes' rule).

    >>> round(float(kept_accuracy(0.75, 0.9, 0.3)), 3)
    0.5
    """
    rates = {"keep_correct": keep_correct, "keep_wrong": keep_wrong}
    p, phi, psi = _shares("kept_accuracy", p_wrong=p_wrong, **rates)
    return _share_of("kept_accuracy: the share kept", (1 - p) * phi, p * psi)


def _shares(owner, **values):
    """Numbers in [0, 1], each an argument of `owner`."""
    return [check_numbers(f"{owner}.{name}", x, least=0, most=1) for name, x in values.items()]


def _share_of(whose, one, other):
    """one / (one + other); `whose` is what the two make up, which must not be nothing."""
    return one / check_numbers(whose, one + other, above=0)


def _share_and_ratio(owner, real_fraction, d_prime):
    """alpha, and mean weight of a synthetic row over that of a real one."""
    alpha = check_numbers(f"{owner}.real_fraction", real_fraction, least=0, most=1)
    return alpha, np.exp(-(check_numbers(f"{owner}.d_prime", d_prime, least=0) ** 2))
