"""The discrete loop in which samples are chosen by a reward before they are trained on."""

import numpy as np

from collapse_lib.theory import _arguments as arguments


def curated_probabilities(p0, reward, t, n_choices=2, real_share=0.0):
    """Law of generation t when one in K samples is chosen by its reward (CF37, numerical).

        p'(x) = p(x) E[K e^r(x) / (e^r(x) + sum over K-1 other samples of e^r)]
        p_t = alpha p0 + (1 - alpha) p'_{t-1},   p_1 = p0

    Policy Curated(policy, reward, n_choices) with infinitely many rows. The expectation is an
    integral, as 1/s is that of e^(-u s) over u > 0, and the K-1 samples are independent:
    E = K e^r(x) int e^(-u e^r(x)) (sum_j p_j e^(-u e^r_j))^(K-1) du. K = infinity gives
    p'(x) ~ p(x) e^r(x), and so p_t ~ p0 e^((t-1) r) where alpha = 0: all ends on the best reward.
    A real share keeps the rest alive.

    p0 is (K types,), weights that are normalised here; reward (K types,), finite; n_choices = K a
    whole number of at least 1 or infinity. real_share = alpha in [0, 1] is that of the training
    rows AFTER curation: Curated(FreshReal(a), ..., K) has alpha = a / (a + (1-a)/K). t counts fits,
    t >= 1, any shape; t - 1 curations lie behind generation t. Returns (*t.shape, K types). Raises
    ValueError outside these ranges.

    Source: Ferbach, Bertrand, Bose and Gidel, arXiv:2407.09499; the integral derived for this book.

    >>> curated_probabilities([0.5, 0.5], [0.0, 1.0], [1, 2]).round(4).tolist()
    [[0.5, 0.5], [0.3845, 0.6155]]
    """
    owner = "curated_probabilities"
    p0 = arguments.probabilities(owner, "p0", p0)
    reward = arguments.finite(owner, "reward", reward)
    if reward.shape != p0.shape:
        raise ValueError(
            f"{owner}.reward must have one number for each of the {len(p0)} types; "
            f"got shape {reward.shape}."
        )
    t = arguments.whole(owner, "t", t, 1)
    n_choices = arguments.single(owner, "n_choices", n_choices, 1, infinite=True)
    alpha = arguments.one(owner, "real_share", arguments.share(owner, "real_share", real_share))
    path = np.empty((int(t.max(initial=1)), len(p0)))
    path[0] = p0
    for g in range(1, len(path)):
        path[g] = alpha * p0 + (1 - alpha) * _chosen(path[g - 1], reward, n_choices)
    return path[t.astype(int) - 1]


STEP = 0.25  # of ln u; the error of the trapezoid falls as e^(-pi^2 / STEP)


def _chosen(p, reward, n_choices):
    """One round of curation of infinitely many samples; p and the result are (types,)."""
    value = np.exp(reward - reward[p > 0].max())  # (types,) at most 1 where p > 0
    value = np.where(p > 0, value, 0.0)
    if n_choices == 1:
        return p
    if np.isinf(n_choices):
        chosen = p * value
    else:
        alive = value[value > 0]
        low, high = -40 - np.log(n_choices), np.log(800 / alive.min())
        u = np.exp(np.arange(low, high, STEP))[:, None]  # (nodes, 1)
        decay = np.exp(-u * value)  # (nodes, types)
        others = (decay @ p) ** (n_choices - 1)  # (nodes,)
        # du = u d(ln u)
        chosen = p * n_choices * value * STEP * ((u[:, 0] * others) @ decay)
    return chosen / chosen.sum()  # rounding would wear the sum away
