"""Mixtures of normals over many generations: two blobs, one blob under two components, 25 modes.

Shumailov et al. (arXiv:2305.17493; doi:10.1038/s41586-024-07566-y) separate two artificial
Gaussians by a mixture of two full-covariance normals, 1,000 rows a generation and 2,000
generations. Their released notebook draws ONE round Gaussian and fits two components to it. Both
are here. Alemohammad et al. (arXiv:2307.01850) watch 25 modes of a grid get lost.

Each fit starts from the model before it, so that a component keeps its name; the notebook starts
every fit from k-means, which forgets the names and would split a lone survivor in two.
"""

import numpy as np

from collapse_lib.chapters.agree import same_start
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.chapters.shumailov.em import Mixtures, fit, log_density, sample
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.sources import GaussianMixtureSource, grid_mixture
from collapse_lib.theory import log_spread_given_counts

__all__ = ["EXPERIMENTS", "blobs", "density_grids", "lost_modes"]

FEW = 20  # rows: below, a component is no longer followed by the law of its spread
NARROW = -11.0  # log spread: below, reg_covar = 1e-12 is no longer small beside the variance


def blobs(
    *,
    seed: int,
    n_replicates: int,
    n_samples: int,
    n_generations: int,
    centres: list,
    n_components: int,
    tol: float,
    max_iter: int,
    reg_covar: float,
    every: int,
    snapshots: list,
) -> dict[str, np.ndarray]:
    """Round Gaussians of standard deviation 1, equally likely, under a mixture of normals.

    Arrays, R replicates, T recorded generations (the first, then each `every`), K components:
        generations (T,)
        log_spread (R, T, K)   ln det(Sigma) / 4; nan without rows
        counts (R, T, K)       rows of each component, a sum of responsibilities
        alive (R, T)           components with half a row or more
        log_likelihood (R, T)  of 1,000 real rows kept aside
        followed, expected (R, T, K)  change of log_spread since generation 1, and what theory
                               expects given the counts; both stand still from where a component
                               has fewer than FEW rows, or is narrower than exp(NARROW), on
        snapshot_generations (S,), snapshot_weights (R, S, K), snapshot_means (R, S, K, 2) and
        snapshot_covariances (R, S, K, 3): the models at those generations; 0 is the truth.
    """
    source = _blobs(centres)
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(n_replicates)]
    truth = Mixtures.of_source(_blobs(np.resize(centres, (n_components, 2))), n_replicates)
    reference = source(1000, np.random.default_rng(seed)).T[None]  # (1, 2, 1000)
    rows = np.stack([source(n_samples, rng).T for rng in rngs])  # (R, 2, n)
    model = truth if n_components == len(centres) else _from_k_means(rows, n_components, rngs)
    following = np.ones((n_replicates, n_components), bool)
    followed, expected = np.zeros((2, n_replicates, n_components))
    recorded, kept = [], {0: truth}
    for t in range(1, n_generations + 1):
        before = model.log_spread
        model = fit(rows, model, tol=tol, max_iter=max_iter, reg_covar=reg_covar)
        counts = n_samples * model.weights
        if t > 1:
            following &= (counts >= FEW) & (before > NARROW)
            followed += np.where(following, model.log_spread - before, 0.0)
            fall = log_spread_given_counts(counts[..., None], 2)[..., 0]
            expected += np.where(following, fall, 0.0)
        if t == 1 or t % every == 0:
            alive = counts >= 0.5
            recorded.append(
                {
                    "generations": np.uint16(t),
                    "log_spread": np.where(alive, model.log_spread, np.nan).astype(np.float16),
                    "counts": counts.astype(np.float16),
                    "alive": alive.sum(axis=-1).astype(np.uint8),
                    "log_likelihood": log_density(reference, model)
                    .mean(axis=-1)
                    .astype(np.float32),
                    "followed": followed.astype(np.float16),
                    "expected": expected.astype(np.float16),
                }
            )
        if t in snapshots:
            kept[t] = model
        rows = sample(model, n_samples, rngs)
    arrays = {name: np.stack([each[name] for each in recorded], axis=-1) for name in recorded[0]}
    for name in ("log_spread", "counts", "followed", "expected"):
        arrays[name] = arrays[name].swapaxes(1, 2)  # (R, T, K)
    arrays["snapshot_generations"] = np.array(list(kept), np.uint16)
    for name, part in zip(Mixtures._fields, zip(*kept.values(), strict=True), strict=True):
        arrays[f"snapshot_{name}"] = np.stack(part, axis=1).astype(np.float32)
    return arrays


def lost_modes(
    *,
    seed: int,
    n_replicates: int,
    n_samples: int,
    n_generations: int,
    side: int,
    spacing: float,
    std: float,
) -> dict[str, np.ndarray]:
    """A mixture of side^2 normals on rows from a grid of side^2 modes, started at the truth.

    alive (R, T): modes that the model of generation t still holds, T = n_generations.
    """
    source = grid_mixture(side, spacing, std)
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(n_replicates)]
    model = Mixtures.of_source(source, n_replicates)
    rows = np.stack([source(n_samples, rng).T for rng in rngs])
    alive = np.empty((n_replicates, n_generations), np.uint8)
    for t in range(n_generations):
        model = fit(rows, model, tol=1e-5, max_iter=100, reg_covar=1e-12)
        alive[:, t] = (n_samples * model.weights >= 0.5).sum(axis=-1)
        rows = sample(model, n_samples, rngs)
    return {"alive": alive}


def density_grids(stored, replicate: int = 0, *, half_width: float = 4.0, side: int = 96):
    """Snapshots of one run as pictures: (S, side, side) densities, row 0 at the bottom.

    stored: a stored run of `blobs`. The picture spans -half_width to half_width both ways. The
    density is seen through a blur of half a pixel, or a component narrower than a pixel would fall
    between the points.
    """
    pixel = 2 * half_width / side
    centres = -half_width + pixel * (np.arange(side) + 0.5)
    points = np.stack(np.meshgrid(centres, centres)).reshape(1, 2, -1)
    weights, means, covariances = (
        stored[f"snapshot_{name}"].isel(replicate=replicate).values for name in Mixtures._fields
    )
    blurred = covariances + np.array([1.0, 0.0, 1.0]) * (pixel / 2) ** 2
    density = np.exp(log_density(points, Mixtures(weights, means, blurred)))
    return density.reshape(len(weights), side, side)


def _blobs(centres) -> GaussianMixtureSource:
    k = len(centres)
    return GaussianMixtureSource(np.full(k, 1 / k), centres, np.tile(np.eye(2), (k, 1, 1)))


def _from_k_means(rows, n_components: int, rngs) -> Mixtures:
    """Where the first fits start: scikit-learn's own, from k-means."""
    first = [
        GaussianMixture(n_components).fit(each.T, rng=rng)
        for each, rng in zip(rows, rngs, strict=True)
    ]
    covariances = np.stack([each.covariances_ for each in first])
    return Mixtures(
        np.stack([each.weights_ for each in first]),
        np.stack([each.means_ for each in first]),
        covariances[..., [0, 0, 1], [0, 1, 1]],
    )


_BLOBS = {
    "seed": 20230527,
    "n_replicates": 40,
    "n_samples": 1000,
    "n_generations": 2000,
    "centres": [[-3.0, 0.0], [3.0, 0.0]],
    "n_components": 2,
    "tol": 1e-5,
    "max_iter": 2000,
    "reg_covar": 1e-12,
    "every": 20,
    "snapshots": [1, 50, 100, 150, 200, 350, 2000],
}
_BLOBS_PART = {"n_replicates": 3, "n_generations": 60, "snapshots": [1, 50]}
_MODES = {
    "seed": 25,
    "n_replicates": 40,
    "n_samples": 1000,
    "n_generations": 400,
    "side": 5,
    "spacing": 2.0,
    "std": 0.05,
}

_DIMS = {
    "generation": "generations",
    "replicate generation component": "log_spread counts followed expected",
    "replicate generation": "alive log_likelihood",
    "snapshot": "snapshot_generations",
    "replicate snapshot component": "snapshot_weights",
    "replicate snapshot component axis": "snapshot_means",
    "replicate snapshot component entry": "snapshot_covariances",
}


_COORDS = {
    "generation": lambda settings: [
        1,
        *range(settings["every"], settings["n_generations"] + 1, settings["every"]),
    ],
    "snapshot": lambda settings: [0, *settings["snapshots"]],
    "axis": ["x", "y"],
    "entry": ["xx", "xy", "yy"],
}


EXPERIMENTS = (
    Experiment("mixture-two-blobs", blobs, _BLOBS, _BLOBS_PART, same_start, _DIMS, _COORDS),
    Experiment(
        "mixture-one-blob",
        blobs,
        {**_BLOBS, "centres": [[0.0, 0.0]], "reg_covar": 1e-6},
        _BLOBS_PART,
        same_start,
        _DIMS,
        _COORDS,
    ),
    Experiment(
        "mixture-25-modes",
        lost_modes,
        _MODES,
        {"n_replicates": 2, "n_generations": 40},
        same_start,
        {"replicate generation": "alive"},
    ),
)
