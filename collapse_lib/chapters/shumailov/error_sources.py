"""The three error sources of Shumailov et al. (arXiv:2305.17493), each switched on alone.

    statistical     n rows in place of infinitely many; the right family, fitted to the end
    expressivity    a family without the truth in it; infinitely many rows, fitted to the end
    approximation   an optimiser stopped early; infinitely many rows, the right family

Infinitely many rows are the density itself, held as weights on a fine grid; n rows are a
multinomial draw from those weights. So one EM serves both, and a source that is off is really off:
with all three off the model stays at the truth.

The examples are ours, and what they show is theirs: a parametric family that is too small pays
once, since its best member is fitted exactly from then on, whereas a kernel pays every generation;
another optimiser would forget other things than EM from a wide start does.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from collapse_lib.arguments import check_count, check_number, check_probabilities

__all__ = ["Loop", "TwoNormals", "error_sources", "grid_kl", "population_loop"]

GRID = np.linspace(-12.0, 12.0, 401)  # a tenth of the truth's narrower normal apart
STEP = 0.06
START = np.array([-1.0, 1.0])  # where EM starts, in standard deviations from the mean


class TwoNormals(NamedTuple):
    """weights[0] N(means[0], stds[0]^2) + weights[1] N(means[1], stds[1]^2); each (..., 2)."""

    weights: np.ndarray
    means: np.ndarray
    stds: np.ndarray

    def on_grid(self) -> np.ndarray:
        """(..., G) shares of the points of GRID, which sum to 1."""
        shares = _parts(self).sum(axis=-2)
        return shares / shares.sum(axis=-1, keepdims=True)


TRUTH = TwoNormals(np.array([0.7, 0.3]), np.array([-1.5, 1.5]), np.array([0.6, 0.9]))


@dataclass(frozen=True)
class Loop:
    """What of the loop is imperfect; the defaults are perfect.

    n_samples: rows a generation; None for infinitely many.
    tied: the family's two normals have one standard deviation between them.
    kernel: the model is the rows under normal bumps of this width, in place of two normals; at
        least 0.06, the step of GRID; None for two normals.
    steps: EM steps from a fresh start; None to go on until it stands still.
    """

    n_samples: int | None = None
    tied: bool = False
    kernel: float | None = None
    steps: int | None = None

    def __post_init__(self):
        for name, least in (("n_samples", 2), ("steps", 1)):
            if (value := getattr(self, name)) is not None:
                check_count(f"Loop.{name}", value, least=least)
        if self.kernel is not None:
            check_number("Loop.kernel", self.kernel, least=STEP)
        if self.kernel is not None and (self.tied or self.steps is not None):
            raise ValueError(
                "Loop.kernel leaves nothing to optimise; leave tied and steps at their defaults."
            )


def grid_kl(p: np.ndarray, q: np.ndarray) -> np.ndarray:
    """KL(p || q) in nats over the last axis of shares p and q of GRID, which broadcast.

    A share below 1e-300, where the tail of a normal has no digits left, counts as 1e-300.
    Source: Kullback and Leibler (1951), doi:10.1214/aoms/1177729694.
    """
    p, q = np.maximum(p, 1e-300), np.maximum(q, 1e-300)
    return np.maximum((p * (np.log(p) - np.log(q))).sum(axis=-1), 0.0)


def population_loop(
    loop: Loop, *, n_generations: int, seed=0, n_replicates: int = 1, truth: TwoNormals = TRUTH
) -> np.ndarray:
    """The models of generations 0, 1, ..., policy Replace: (R, n_generations + 1, G) shares of
    GRID, entry 0 the truth. Without n_samples nothing is random and R is 1.

    Raises ValueError for fewer than 1 generation or replicate, a truth that does not fit on GRID,
    or a kernel that would widen the model beyond it.
    """
    for name, value in (("n_generations", n_generations), ("n_replicates", n_replicates)):
        check_count(f"population_loop.{name}", value, least=1)
    _check_on_grid(truth)
    if loop.kernel is not None:
        _check_kernel(loop.kernel, n_generations, truth)
    rng = np.random.default_rng(seed)
    n_replicates = 1 if loop.n_samples is None else n_replicates
    densities = np.repeat(truth.on_grid()[None], n_replicates, axis=0)  # (R, G)
    path = [densities]
    for _ in range(n_generations):
        data = densities
        if loop.n_samples is not None:
            data = rng.multinomial(loop.n_samples, densities) / loop.n_samples
        densities = _blurred(data, loop.kernel) if loop.kernel else _fit(data, loop).on_grid()
        path.append(densities)
    return np.stack(path, axis=1)


def error_sources(
    *,
    n_generations: int = 30,
    n_samples: int = 300,
    steps: int = 5,
    kernel: float = 0.15,
    n_replicates: int = 150,
    seed=0,
) -> dict[str, np.ndarray]:
    """name -> (R, n_generations + 1) KL(truth || model) in nats, entry 0 being the truth itself.

    Names: "none" (the control), "statistical", "expressivity", "expressivity, kernel",
    "approximation" and "all together" (n_samples rows, tied, steps; without the kernel, which is
    another family). R is n_replicates where rows are drawn, else 1.
    """
    perfect = Loop()
    loops = {
        "none": perfect,
        "statistical": replace(perfect, n_samples=n_samples),
        "expressivity": replace(perfect, tied=True),
        "expressivity, kernel": replace(perfect, kernel=kernel),
        "approximation": replace(perfect, steps=steps),
        "all together": Loop(n_samples=n_samples, tied=True, steps=steps),
    }
    settings = {"n_generations": n_generations, "n_replicates": n_replicates, "seed": seed}
    paths = {name: population_loop(loop, **settings) for name, loop in loops.items()}
    return {name: grid_kl(path[:, :1], path) for name, path in paths.items()}


def _check_on_grid(truth: TwoNormals) -> None:
    weights, means, stds = (np.asarray(part, dtype=float) for part in truth)
    if {weights.shape, means.shape, stds.shape} != {(2,)}:
        raise ValueError(
            "population_loop.truth must be two normals, each part of the shape (2,); got "
            f"{weights.shape}, {means.shape} and {stds.shape}."
        )
    check_probabilities("population_loop.truth.weights", weights)
    if not (np.all(stds >= STEP) and np.all(np.abs(means) + 4 * stds <= GRID[-1])):
        raise ValueError(
            f"population_loop.truth must fit on the grid: standard deviations of {STEP:g} or more, "
            f"and means at least four of them inside -12 to 12; got means {means.tolist()} and "
            f"stds {stds.tolist()}."
        )


def _check_kernel(kernel: float, n_generations: int, truth: TwoNormals) -> None:
    shares = truth.on_grid()
    mean = shares @ GRID
    std = np.sqrt(shares @ GRID**2 - mean**2 + n_generations * kernel**2)
    if abs(mean) + 4 * std > GRID[-1]:
        raise ValueError(
            f"Loop.kernel {kernel:g} widens the model to a standard deviation of {std:.3g} by "
            f"generation {n_generations}, too wide for the grid from -12 to 12; use a narrower "
            "kernel or fewer generations."
        )


def _fit(data: np.ndarray, loop: Loop) -> TwoNormals:
    """EM on weights (R, G) from a start that knows their mean and spread alone."""
    seen = data.any(axis=0)
    data, points = data[:, seen], GRID[seen]  # where no rows lie there is nothing to fit
    mean = data @ points
    std = np.sqrt(np.maximum(data @ points**2 - mean**2, STEP**2))
    start = mean[:, None] + START * std[:, None]
    model = TwoNormals(np.full_like(start, 0.5), start, np.repeat(std[:, None], 2, axis=1))
    going = np.arange(len(data))  # replicates whose EM has not stopped
    for _ in range(MOST_STEPS if loop.steps is None else loop.steps):
        here = TwoNormals(*(part[going] for part in model))
        parts = _parts(here, points)  # (R, 2, G)
        total = np.maximum(parts.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        new = _maximise(data[going, None] * (parts / total), points, tied=loop.tied)
        moved = np.zeros(len(going))
        for part, old, values in zip(model, here, new, strict=True):
            part[going] = values
            moved = np.maximum(moved, np.abs(values - old).max(axis=-1))
        going = going[moved > STANDSTILL] if loop.steps is None else going
        if not len(going):
            break
    return model


MOST_STEPS = 2000
STANDSTILL = 1e-7  # how far one more EM step may still move a weight, a mean or a std


def _maximise(shares, points, *, tied: bool) -> TwoNormals:
    """The M step, from the data's shares as divided among the two normals, (R, 2, G)."""
    weights = np.maximum(shares.sum(axis=-1), 1e-12)  # a dead normal keeps a place, not a row
    means = shares @ points / weights
    variances = shares @ points**2 / weights - means**2
    if tied:
        pooled = (weights * variances).sum(axis=-1, keepdims=True)
        variances = np.repeat(pooled, 2, axis=-1)
    variances = np.maximum(variances, STEP**2)  # the grid shows nothing narrower than its step
    return TwoNormals(weights, means, np.sqrt(variances))


def _parts(model: TwoNormals, points=GRID) -> np.ndarray:
    """(..., 2, G) weight times density at the points."""
    weights, means, stds = (np.asarray(part)[..., None] for part in model)
    z = (points - means) / stds
    return weights / (stds * np.sqrt(2 * np.pi)) * np.exp(-0.5 * z**2)


def _blurred(data: np.ndarray, width: float) -> np.ndarray:
    """Shares convolved with a normal bump; what would leave the grid is spread over the rest."""
    reach = min(int(np.ceil(8 * width / STEP)), len(GRID) - 1)
    bump = np.exp(-0.5 * (STEP * np.arange(-reach, reach + 1) / width) ** 2)
    inside = slice(reach, reach + len(GRID))
    blurred = np.stack([np.convolve(each, bump)[inside] for each in data])
    return blurred / blurred.sum(axis=-1, keepdims=True)
