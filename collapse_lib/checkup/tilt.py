"""How far synthetic shares are tempered: shares p of categories against q proportional to p^b.

b = 1 / temperature. Real counts are multinomial with p, synthetic ones with q, and p is not known:
both are fitted by maximum likelihood. Rows that hold many words are no independent words, so the
interval stands on the scores of whole rows (a sandwich); a parametric bootstrap takes the bias
away that the many unknown shares bring.
"""

from dataclasses import dataclass

import numpy as np
from scipy import stats

__all__ = ["Tilt", "tilt"]

LEAST = 20  # pooled count of a category that is used: any subset is tempered alike
MOST = 400  # categories, the commonest
N_BOOTSTRAP = 40
LOWEST = 0.02  # power that is tried
MISFIT = 1e-6  # p-value below which no temperature tells how the shares differ
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Tilt:
    """temperature: (estimate, low, high); error: the standard error of its logarithm."""

    temperature: tuple[float, float, float]
    error: float


def tilt(codes, row, is_synthetic, rng: np.random.Generator) -> Tilt | None:
    """codes (w,), row (w,): categories, and the row that each is in; is_synthetic (N,). None where
    fewer than three categories are common enough, or all are equally common."""
    side = is_synthetic[row]
    counts = np.bincount(codes)
    common = np.argsort(-counts, kind="stable")[:MOST]
    common = common[counts[common] >= LEAST]
    if len(common) < 3:
        return None
    number = np.full(len(counts), -1)
    number[common] = np.arange(len(common))
    codes, keep = number[codes], number[codes] >= 0
    codes, row, side = codes[keep], row[keep], side[keep]
    real = np.bincount(codes[~side], minlength=len(common)).astype(float)
    synthetic = np.bincount(codes[side], minlength=len(common)).astype(float)
    if not real.sum() or not synthetic.sum():
        return None
    fit = _fit(real[None], synthetic[None])
    power, log_p, information = (each[0] for each in fit[:3])
    if not np.isfinite(power) or information * np.var(log_p) <= 0 or power <= 2 * LOWEST:
        return None
    score_real, score_synthetic = (each[0] for each in fit[3:])
    scores = np.bincount(row, weights=np.where(side, score_synthetic[codes], score_real[codes]))
    error = np.sqrt((scores**2).sum()) / information
    p, q = (np.exp(x - x.max()) for x in (log_p, power * log_p))
    misfit = sum(
        ((counts - expected) ** 2 / expected).sum()
        for counts, shares in ((real, p), (synthetic, q))
        for expected in (counts.sum() * shares / shares.sum(),)
    )
    design = max(1.0, error**2 * information)  # how much more rows vary than single words would
    if stats.chi2.sf(misfit / design, len(common) - 2) < MISFIT:
        return None
    again = _fit(
        rng.multinomial(int(real.sum()), p / p.sum(), N_BOOTSTRAP).astype(float),
        rng.multinomial(int(synthetic.sum()), q / q.sum(), N_BOOTSTRAP).astype(float),
    )[0]
    power -= np.median(again[np.isfinite(again)]) - power
    half = stats.norm.ppf((1 + CONFIDENCE) / 2) * error
    if power - half <= 2 * LOWEST:
        return None
    return Tilt((1 / power, 1 / (power + half), 1 / (power - half)), error / power)


def _fit(real, synthetic):
    """Newton's method for (b, log p) of B pairs of counts (B, K); the first category is the one
    whose log p is 0. Returns b (B,), log p (B, K), the information about b (B,), and the scores of
    b, cleared of p, of one real and of one synthetic count of each category (B, K)."""
    n, m = real.sum(axis=1, keepdims=True), synthetic.sum(axis=1, keepdims=True)
    pooled = (real + synthetic + 0.5) / (n + m)
    log_p = np.log(pooled) - np.log(pooled[:, :1])
    power = np.ones((len(real), 1))
    for _ in range(30):
        p, q, solve, cross, a, information = _derivatives(n, m, power, log_p)
        of_p = (real - n * p) + power * (synthetic - m * q)
        of_power = ((synthetic - m * q) * log_p).sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            step = (of_power - _dot(a, of_p)) / information
        step = np.clip(np.nan_to_num(step), -0.5, 0.5)
        move = np.clip(np.nan_to_num(solve(of_p - cross * step)), -2, 2)
        log_p, power = log_p + move, np.clip(power + step, LOWEST, None)
        if np.abs(step).max() < 1e-8 and np.abs(move).max() < 1e-6:
            break
    p, q, solve, cross, a, information = _derivatives(n, m, power, log_p)
    left = log_p - power * a
    return (
        power[:, 0],
        log_p,
        information[:, 0],
        -(a - _dot(a, p)),
        left - _dot(left, q),
    )


def _dot(x, y):
    return (x * y).sum(axis=1, keepdims=True)


def _derivatives(n, m, power, log_p):
    """Shares, the solver of the block of log p, the cross block, and what they say about b."""
    p = np.exp(log_p - log_p.max(axis=1, keepdims=True))
    q = np.exp(power * log_p - (power * log_p).max(axis=1, keepdims=True))
    p, q = p / p.sum(axis=1, keepdims=True), q / q.sum(axis=1, keepdims=True)
    weight = m * power**2
    diagonal = n * p + weight * q
    free = np.ones_like(p)
    free[:, 0] = 0
    u, v = free * p, free * q  # the block is diag - n u u' - weight v v'
    du, dv = u / diagonal, v / diagonal
    a11, a12, a22 = 1 / n - _dot(u, du), -_dot(u, dv), 1 / weight - _dot(v, dv)
    determinant = a11 * a22 - a12**2

    def solve(x):
        """Woodbury's formula for two directions."""
        x = free * x
        dx = x / diagonal
        xu, xv = _dot(u, dx), _dot(v, dx)
        alpha = (a22 * xu - a12 * xv) / determinant
        beta = (a11 * xv - a12 * xu) / determinant
        return dx + alpha * du + beta * dv

    mean = _dot(q, log_p)
    cross = free * power * m * q * (log_p - mean)
    a = solve(cross)
    information = m * _dot(q, (log_p - mean) ** 2) - _dot(a, cross)
    return p, q, solve, cross, a, information
