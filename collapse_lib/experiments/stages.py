"""The two stages of collapse: how far apart they are, and what a mixture shows on the way.

The levels are those of `collapse_lib.stages`: early when the recall of the tails is below a half,
late when the spread is below a tenth.
"""

import numpy as np

from collapse_lib.exact import categorical_generations, gaussian_generations
from collapse_lib.experiments._em import Mixtures, fit, log_density, sample
from collapse_lib.experiments.experiment import Experiment
from collapse_lib.metrics import (
    entropy,
    gaussian_tail_recall,
    lower_tail_recall,
    tail_coverage,
)
from collapse_lib.policies import Replace
from collapse_lib.sources import GaussianMixtureSource, grid_mixture
from collapse_lib.stages import NEVER, zipf_shares

__all__ = ["EXPERIMENTS", "gaussian_gap", "mixture_measures", "stage_gaps", "zipf_gap"]

TAIL_LEVEL, SPREAD_LEVEL = 0.5, 0.1  # the defaults of stages.two_stages


def stage_gaps(
    *, seed: int, n_replicates: int, gaussian_n: list, zipf_n: list, n_categories: int
) -> dict[str, np.ndarray]:
    """Early and late of exact loops under Replace, for several numbers of rows n.

    gaussian_n, zipf_n (F,); gaussian_early, gaussian_late, zipf_early, zipf_late (F, R):
    generations, NEVER (inf) where a run was not there after 3 n of them.
    """
    gaussian = [gaussian_gap(n, n_replicates, seed) for n in gaussian_n]
    zipf = [zipf_gap(n, n_replicates, seed, zipf_shares(n_categories)) for n in zipf_n]
    arrays = {"gaussian_n": np.array(gaussian_n), "zipf_n": np.array(zipf_n)}
    for name, gaps in (("gaussian", gaussian), ("zipf", zipf)):
        arrays[f"{name}_early"] = np.array([early for early, _ in gaps], np.float32)
        arrays[f"{name}_late"] = np.array([late for _, late in gaps], np.float32)
    return arrays


def gaussian_gap(n: int, n_replicates: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """(early, late), (R,) each: recall of the outer 1 % tails, and variance."""
    stream = gaussian_generations(
        Replace(), n_samples=n, n_replicates=n_replicates, seed=np.random.SeedSequence([seed, n])
    )
    return _gap(
        stream,
        lambda model: gaussian_tail_recall(model[0], np.sqrt(model[1]), 0.0, 1.0),
        lambda model: model[1],
        n,
        n_replicates,
    )


def zipf_gap(n: int, n_replicates: int, seed: int, p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(early, late), (R,) each: coverage of the rarest 5 %, and perplexity over the real one."""
    stream = categorical_generations(
        Replace(),
        p,
        n_samples=n,
        n_replicates=n_replicates,
        seed=np.random.SeedSequence([seed, n]),
    )
    return _gap(
        stream,
        lambda model: tail_coverage(model, p),
        lambda model: np.exp(entropy(model) - entropy(p)),
        n,
        n_replicates,
    )


def _gap(stream, tail, spread, n: int, n_replicates: int):
    """Follow a stream up to generation 3 n, looking at it in steps of 1 % of the time gone by."""
    early, late = np.full((2, n_replicates), NEVER)
    look_at = 1
    for t in range(1, 3 * n + 1):
        model = next(stream)
        if t < look_at:
            continue
        look_at = t + max(1, t // 100)
        early[np.isinf(early) & (tail(model) < TAIL_LEVEL)] = t
        late[np.isinf(late) & (spread(model) < SPREAD_LEVEL)] = t
        if np.isfinite(early).all() and np.isfinite(late).all():
            break
    return early, late


def mixture_measures(
    *,
    seed: int,
    n_replicates: int,
    n_samples: int,
    n_generations: int,
    side: int,
    std: float,
    exponent: float,
    tail_mass: float,
) -> dict[str, np.ndarray]:
    """Modes on a grid, some common and some rare, under a mixture of as many normals.

    The shares of the side^2 modes are those of Zipf's law with the given exponent. generations
    (T,): each up to 20, then every twentieth. Measures (R, T), named as in `stages.measures`: "tail
    recall" counts the model's rows among the tail_mass that the truth finds least likely, "minority
    coverage" the share (by mass) of the rarest modes alive; "variance" is a share of the real one.
    """
    grid = grid_mixture(side, 2.0, std)
    shares = np.random.default_rng(seed).permutation(zipf_shares(side**2, exponent))
    source = GaussianMixtureSource(shares, grid.means, grid.covariances)
    rngs = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(n_replicates)]
    truth = Mixtures.of_source(source, 1)
    reference = source(2000, np.random.default_rng(seed)).T[None]
    unlikely = log_density(source(20_000, np.random.default_rng(seed + 1)).T[None], truth)[0]
    best = log_density(reference, truth).mean()
    model, first = Mixtures.of_source(source, n_replicates), None
    rows = np.stack([source(n_samples, rng).T for rng in rngs])
    recorded: dict[str, list] = {}
    for t in range(1, n_generations + 1):
        model = fit(rows, model, tol=1e-5, max_iter=100, reg_covar=1e-8)
        first = model if first is None else first
        rows = sample(model, n_samples, rngs)
        if t > 20 and t % 20:
            continue
        scores = log_density(rows, truth)
        alive = np.where(n_samples * model.weights >= 0.5, model.weights, 0.0)
        alive /= alive.sum(axis=-1, keepdims=True)
        measures = {
            "generations": t,
            "tail recall": [lower_tail_recall(each, unlikely, tail_mass) for each in scores],
            "minority coverage": tail_coverage(alive, shares, tail_mass),
            "variance": _total_variance(model) / _total_variance(truth),
            "entropy": best - log_density(rows, model).mean(axis=-1),
            "real rows": log_density(reference, model).mean(axis=-1) - best,
            "own rows": log_density(rows, first).mean(axis=-1) - best,
        }
        for name, values in measures.items():
            recorded.setdefault(name, []).append(values)
    arrays = {name: np.stack(values, axis=-1) for name, values in recorded.items()}
    return {
        name: array.astype(np.uint16 if name == "generations" else np.float32)
        for name, array in arrays.items()
    }


def _total_variance(model: Mixtures) -> np.ndarray:
    """(R,) the trace of the covariance of the whole mixture."""
    mean = np.einsum("rk,rki->ri", model.weights, model.means)
    apart = ((model.means - mean[:, None]) ** 2).sum(axis=-1)
    within = model.covariances[..., 0] + model.covariances[..., 2]
    return (model.weights * (apart + within)).sum(axis=-1)


def same_gaps(stored, part) -> None:
    """The part holds the first numbers of rows; its draws are the same."""
    for name, values in part.items():
        gap = stored[name][: len(values)] != values
        assert gap.mean() < 0.05, f"{gap.mean():.0%} of {name} differ"


def same_measures(stored, part) -> None:
    """The part holds the first replicates and generations; rounding moves them far less than
    another seed would."""
    for name, values in part.items():
        if name == "generations":
            continue
        replicates, generations = values.shape
        gap = np.median(np.abs(stored[name][:replicates, :generations] - values))
        assert gap < 0.002, f"{name} is off by {gap:.3g} (median)"


EXPERIMENTS = (
    Experiment(
        "stages-gaps",
        stage_gaps,
        {
            "seed": 31,
            "n_replicates": 40,
            "gaussian_n": [100, 1000, 10_000, 100_000, 1_000_000],
            "zipf_n": [1000, 3000, 10_000, 30_000, 100_000],
            "n_categories": 200,
        },
        {"gaussian_n": [100, 1000], "zipf_n": [1000]},
        same_gaps,
    ),
    Experiment(
        "stages-mixture",
        mixture_measures,
        {
            "seed": 37,
            "n_replicates": 40,
            "n_samples": 1000,
            "n_generations": 1500,
            "side": 4,
            "std": 0.3,
            "exponent": 1.5,
            "tail_mass": 0.05,
        },
        {"n_replicates": 2, "n_generations": 40},
        same_measures,
    ),
)
