"""Neighbours that live in one training run: experiments that give tidy frames."""

import numpy as np
import pandas as pd
from scipy import optimize, stats

__all__ = ["forgetting", "one_normal", "peaks", "poisoning", "two_peaks"]

MODES, WIDTH = 3.0, 1.0


def two_peaks(x):
    """Density of half a unit normal around -3 and half around 3."""
    return (stats.norm.pdf(x, -MODES, WIDTH) + stats.norm.pdf(x, MODES, WIDTH)) / 2


def one_normal(divergence: str) -> tuple[float, float]:
    """(mean, variance) of the one normal nearest to `two_peaks`.

    divergence: "forward", that of the data from the model, which maximum likelihood makes small;
    or "reverse", that of the model from the data, which judges only what the model makes.
    """
    if divergence == "forward":
        return 0.0, WIDTH**2 + MODES**2
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    weights = weights / weights.sum()

    def reverse(parameters):
        mean, log_std = parameters
        x = mean + np.exp(log_std) * nodes
        own = stats.norm.logpdf(x, mean, np.exp(log_std))
        return weights @ (own - np.log(two_peaks(x)))

    mean, log_std = optimize.minimize(reverse, [1.0, 0.0], method="Nelder-Mead", tol=1e-10).x
    return float(mean), float(np.exp(2 * log_std))


def peaks(n_points: int = 241) -> pd.DataFrame:
    """The density of the data and of both fits over x: x, replicate (0), density, law."""
    x = np.linspace(-8, 8, n_points)
    laws = {"the data": two_peaks(x)}
    for law, divergence in (("likelihood", "forward"), ("mode-seeking", "reverse")):
        mean, variance = one_normal(divergence)
        laws[law] = stats.norm.pdf(x, mean, np.sqrt(variance))
    return pd.concat(
        [
            pd.DataFrame({"x": x, "replicate": 0, "density": y, "law": law})
            for law, y in laws.items()
        ],
        ignore_index=True,
    )


def forgetting(ratios, *, n_features: int, n_replicates: int, seed) -> pd.DataFrame:
    """Mean squared error on the rows of the first of two tasks: ratio, replicate, training, error.

    training: "one after the other", or "both at once", which has every row before it."""
    found = []
    for ratio, key in zip(ratios, np.random.SeedSequence(seed).spawn(len(ratios)), strict=True):
        rng, n = np.random.default_rng(key), round(ratio * n_features)
        for replicate in range(n_replicates):
            teacher = rng.normal(size=n_features)
            teacher /= np.linalg.norm(teacher)
            first, second = rng.normal(size=(2, n, n_features))
            one = np.linalg.pinv(first) @ (first @ teacher)
            two = one + np.linalg.pinv(second) @ (second @ (teacher - one))
            rows = np.concatenate([first, second])
            both = np.linalg.pinv(rows) @ (rows @ teacher)
            for training, weights in (("one after the other", two), ("both at once", both)):
                error = np.mean((first @ (weights - teacher)) ** 2)
                found.append((ratio, replicate, training, error.round(12)))
    return pd.DataFrame(found, columns=["ratio", "replicate", "training", "error"])


def poisoning(sizes, *, share: float, shift: float, n_replicates: int, seed) -> pd.DataFrame:
    """Squared error of a mean whose training rows are in part not real: n, replicate, rows, error.

    rows: "a model's" were drawn by a model of n other real rows; "an adversary's" are moved."""
    rng = np.random.default_rng(seed)
    found = []
    for n in sizes:
        n_false = round(share * n)
        real = rng.normal(size=n_replicates) * np.sqrt(n - n_false)  # sums of n - n_false rows
        noise = rng.normal(size=n_replicates) * np.sqrt(n_false)
        model = rng.normal(size=n_replicates) / np.sqrt(n)  # the mean that a model learned
        means = {
            "a model's": (real + noise + n_false * model) / n,
            "an adversary's": (real + noise + n_false * shift) / n,
        }
        for rows, mean in means.items():
            found.append(
                pd.DataFrame(
                    {"n": n, "replicate": range(n_replicates), "rows": rows, "error": mean**2}
                )
            )
    return pd.concat(found, ignore_index=True)
