"""The two stages of collapse: how far apart they are, and what a mixture shows on the way.

The levels are those of `collapse_lib.verdicts`: early when the recall of the tails is below a half,
late when the spread is below a tenth.
"""

from functools import partial

import numpy as np

from collapse_lib.chapters.agree import same_start
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.chapters.shumailov.em import Mixtures, fit, log_density, sample
from collapse_lib.exact import categorical_generations
from collapse_lib.metrics import (
    entropy,
    gaussian_tail_recall,
    lower_tail_recall,
    tail_coverage,
)
from collapse_lib.policies import Replace
from collapse_lib.sources import GaussianMixtureSource, grid_mixture, zipf_shares
from collapse_lib.verdicts import NEVER, SPREAD_LEVEL, TAIL_LEVEL, first_below

__all__ = ["EXPERIMENTS", "gaussian_gap", "mixture_measures", "stage_gaps", "zipf_gap"]

CHUNK = 10_000  # generations of a bell curve drawn at once
ZIPF_BLOCK = 20  # runs of words drawn side by side


def stage_gaps(
    *,
    seed: int,
    gaussian_n: list,
    gaussian_last: list,
    gaussian_replicates: int,
    zipf_n: list,
    zipf_last: list,
    zipf_replicates: int,
    n_categories: int,
) -> dict[str, np.ndarray]:
    """Early and late of exact loops under Replace, for several numbers of rows n.

    gaussian_n, zipf_n (F,): rows a generation; gaussian_last, zipf_last (F,): the generation at
    which a loop is given up. gaussian_early, gaussian_late, zipf_early, zipf_late (F, R):
    generations, NEVER (inf) where a run was not there by then. Fewer replicates give the first of
    the runs.
    """
    p = zipf_shares(n_categories)
    families = (
        ("gaussian", gaussian_n, gaussian_last, gaussian_replicates, 1, gaussian_gap),
        ("zipf", zipf_n, zipf_last, zipf_replicates, ZIPF_BLOCK, partial(zipf_gap, p)),
    )
    arrays = {}
    for name, ns, lasts, replicates, block, gap in families:
        found = np.stack(
            [
                np.concatenate([gap(n, last, block, s) for s in _seeds(seed, n, replicates, block)])
                for n, last in zip(ns, lasts, strict=True)
            ]
        )  # (F, R, 2)
        arrays[f"{name}_n"], arrays[f"{name}_last"] = np.array(ns), np.array(lasts)
        arrays[f"{name}_early"], arrays[f"{name}_late"] = np.moveaxis(found, -1, 0).astype("f4")
    return arrays


def gaussian_gap(n: int, last: int, n_replicates: int, seed) -> np.ndarray:
    """(R, 2) early and late of bell curves: recall of the outer 1 % tails, and variance.

    Under Replace the variance is a running product of chi-squares over n, and the mean a running
    sum of normals: so a run is drawn many generations at once, and every generation is looked at.
    The law is that of `exact.gaussian_chain`.
    """
    rng = np.random.default_rng(seed)
    found = np.full((n_replicates, 2), NEVER)
    for stages in found:
        mean, variance = 0.0, 1.0
        for t in range(0, last, CHUNK):
            size = min(CHUNK, last - t)
            variances = rng.standard_gamma((n - 1) / 2, size)
            variances *= 2 / n
            variances[0] *= variance
            np.cumprod(variances, out=variances)
            steps = np.sqrt(np.append(variance, variances[:-1]) / n)
            steps *= rng.standard_normal(size)
            means = mean + np.cumsum(steps)
            if np.isinf(stages[0]):
                recall = gaussian_tail_recall(means, np.sqrt(variances), 0.0, 1.0)
                stages[0] = t + first_below(recall, TAIL_LEVEL)
            if np.isinf(stages[1]):
                stages[1] = t + first_below(variances, SPREAD_LEVEL)
            mean, variance = means[-1], variances[-1]
            if np.isfinite(stages).all():
                break
    return found


def zipf_gap(p: np.ndarray, n: int, last: int, n_replicates: int, seed) -> np.ndarray:
    """(R, 2) early and late of words: coverage of the rarest 5 %, and perplexity over the real one.

    Looks at each of the first 1,000 generations, then in steps of 0.1 % of the time gone by.
    """
    found = np.full((n_replicates, 2), NEVER)
    early, late = found.T
    stream = categorical_generations(
        Replace(), p, n_samples=n, n_replicates=n_replicates, seed=seed
    )
    look_at = 1
    for t, model in zip(range(1, last + 1), stream, strict=False):
        if t < look_at:
            continue
        look_at = t + max(1, t // 1000)
        early[np.isinf(early) & (tail_coverage(model, p) < TAIL_LEVEL)] = t
        late[np.isinf(late) & (np.exp(entropy(model) - entropy(p)) < SPREAD_LEVEL)] = t
        if np.isfinite(found).all():
            break
    return found


def _seeds(seed: int, n: int, n_replicates: int, block: int) -> list[np.random.SeedSequence]:
    return np.random.SeedSequence([seed, n]).spawn(n_replicates // block)


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
    looked_at = set(measured_at(n_generations))
    for t in range(1, n_generations + 1):
        model = fit(rows, model, tol=1e-5, max_iter=100, reg_covar=1e-8)
        first = model if first is None else first
        rows = sample(model, n_samples, rngs)
        if t not in looked_at:
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


def measured_at(last: int) -> list[int]:
    """The generations that are measured, up to the last one."""
    return [t for t in range(1, last + 1) if t <= 20 or t % 20 == 0]


def _total_variance(model: Mixtures) -> np.ndarray:
    """(R,) the trace of the covariance of the whole mixture."""
    mean = np.einsum("rk,rki->ri", model.weights, model.means)
    apart = ((model.means - mean[:, None]) ** 2).sum(axis=-1)
    within = model.covariances[..., 0] + model.covariances[..., 2]
    return (model.weights * (apart + within)).sum(axis=-1)


def same_gaps(stored, part) -> None:
    """The part holds the first runs of some numbers of rows, and its draws are the same. Rounding
    may at most move a run that stood on a level: 19 in 20 must be equal. The late stage of the
    rest must be in proportion to the rows."""
    same_start(stored, part, rtol=0, share=0.95)
    for name in ("gaussian", "zipf"):
        late = stored[f"{name}_late"].median(f"{name}_run") / stored[f"{name}_n"]
        assert late.max() < 1.2 * late.min(), f"{name}_late is not in proportion to the rows"


_DIMS = {
    "gaussian_size": "gaussian_n gaussian_last",
    "gaussian_size gaussian_run": "gaussian_early gaussian_late",
    "zipf_size": "zipf_n zipf_last",
    "zipf_size zipf_run": "zipf_early zipf_late",
}


EXPERIMENTS = (
    Experiment(
        "stages-gaps",
        stage_gaps,
        {
            "seed": 31,
            "gaussian_n": [100, 1000, 10_000, 100_000, 1_000_000],
            "gaussian_last": [1000, 10_000, 50_000, 300_000, 2_500_000],
            "gaussian_replicates": 1000,
            "zipf_n": [1000, 3000, 10_000, 30_000, 100_000],
            "zipf_last": [1000, 3000, 10_000, 30_000, 100_000],
            "zipf_replicates": 100,
            "n_categories": 200,
        },
        {
            "gaussian_n": [100, 10_000],
            "gaussian_last": [1000, 50_000],
            "gaussian_replicates": 50,
            "zipf_n": [1000, 3000],
            "zipf_last": [1000, 3000],
            "zipf_replicates": 20,
        },
        same_gaps,
        _DIMS,
        {"gaussian_size": "gaussian_n", "zipf_size": "zipf_n"},
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
        same_start,
        {
            "generation": ["generations"],
            "replicate generation": [
                "tail recall",
                "minority coverage",
                "variance",
                "entropy",
                "real rows",
                "own rows",
            ],
        },
        {"generation": lambda settings: measured_at(settings["n_generations"])},
    ),
)
