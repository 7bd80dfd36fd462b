"""Five loops on rows, measured for the eight definitions of `collapse_lib.verdicts.definitions`.

The truth is three normals on a line. Four loops fit a mixture of three normals, each under another
policy; the fifth lays a bump of fixed width on every row, and blurs. As the truth is known, all is
measured on the model's density on a grid: no test rows, and no noise of theirs.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from collapse_lib.chapters.agree import same_start
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.loop.sweep import sweep
from collapse_lib.models.kde import KernelDensity
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.policies import Accumulate, AccumulateSubsample, FreshReal, Replace
from collapse_lib.sources import GaussianMixtureSource

__all__ = ["EXPERIMENTS", "LOOPS", "profile_arrays", "scored_loops"]


class Loop(NamedTuple):
    """A model and a policy under one name."""

    name: str
    model: Any
    policy: Any


LOOPS = (
    Loop("Replace", GaussianMixture(3), Replace()),
    Loop("Accumulate", GaussianMixture(3), Accumulate()),
    Loop("AccumulateSubsample", GaussianMixture(3), AccumulateSubsample()),
    Loop("FreshReal(0.1)", GaussianMixture(3), FreshReal(0.1)),
    Loop("Replace, kernel density", KernelDensity(0.3), Replace()),
)
CENTRES = np.array([-3.0, 0.0, 3.0])
SHARES = np.array([0.5, 0.3, 0.2])
STD = 0.5
GRID = np.linspace(-12.0, 12.0, 1201)  # step 0.02
STEP = GRID[1] - GRID[0]
MEASURES = ("risk", "variance", "tail", "outside", "overlap")


def truth() -> GaussianMixtureSource:
    """Half, 30 % and 20 % of the rows around -3, 0 and 3, standard deviation 0.5."""
    return GaussianMixtureSource(SHARES, CENTRES[:, None], np.full((3, 1, 1), STD**2))


@dataclass(frozen=True)
class OnGrid:
    """A metric of a generation: the function below of that name, of the model's density on GRID."""

    measure: str

    def __call__(self, generation) -> float:
        return _FUNCTIONS[self.measure](_density(generation.model))


def risk(density) -> float:
    """KL(truth || model) in nats; what underflows counts as 1e-300."""
    gap = np.log(np.maximum(_REAL, 1e-300)) - np.log(np.maximum(density, 1e-300))
    return float(max((_REAL * gap).sum() * STEP, 0.0))


def variance(density) -> float:
    """Variance over the real one."""
    return _variance(density) / _variance(_REAL)


def tail(density) -> float:
    """Recall of the two outer tails, real mass 1 % each: each counts up to its real mass."""
    cumulated = np.cumsum(_REAL) * STEP
    sides = [GRID[cumulated <= 0.01], GRID[cumulated >= 0.99]]
    masses = [(_on(side, _REAL), _on(side, density)) for side in sides]
    return float(np.mean([min(now / real, 1.0) for real, now in masses]))


def outside(density) -> float:
    """Mass where the real density is lowest, a region of real mass 0.001."""
    order = np.argsort(_REAL)
    region = order[np.cumsum(_REAL[order]) * STEP <= 0.001]
    return float(density[region].sum() * STEP)


def overlap(density) -> float:
    """Density in the valley over that at the lower peak, worst pair; nan without two neighbours.

    A peak is the maximum within 1 of a real centre; below a tenth of the real one the mode is lost.
    """
    peaks = [_peak(density, centre) for centre in CENTRES]
    alive = [now >= 0.1 * _peak(_REAL, c) for now, c in zip(peaks, CENTRES, strict=True)]
    filled = [
        density[_between(CENTRES[k], CENTRES[k + 1])].min() / min(peaks[k], peaks[k + 1])
        for k in range(2)
        if alive[k] and alive[k + 1]
    ]
    return float(max(filled)) if filled else np.nan


def scored_loops(
    *, seed: int, n_replicates: int, n_generations: int, n_samples: list, main: int
) -> dict[str, np.ndarray]:
    """LOOPS: risk_by_n (L, F, R, T) for each of n_samples, and risk, variance, tail, outside,
    overlap (L, R, T) at n_samples[main]; n_samples (F,)."""
    tables = [
        sweep(
            {"n_samples": list(n_samples)},
            n_replicates=n_replicates,
            seed=seed,
            model=loop.model,
            source=truth(),
            policy=loop.policy,
            n_generations=n_generations,
            n_reference=1,
            metrics={name: OnGrid(name) for name in MEASURES},
        )
        for loop in LOOPS
    ]
    shape = len(n_samples), n_replicates, n_generations
    measured = {
        name: np.stack([table[name].to_numpy().reshape(shape) for table in tables])
        for name in MEASURES
    }
    arrays = {name: values[:, main].astype(np.float32) for name, values in measured.items()}
    arrays["risk_by_n"] = measured["risk"].astype(np.float32)
    arrays["n_samples"] = np.array(n_samples)
    return arrays


def profile_arrays(stored, loop: str) -> dict[str, np.ndarray]:
    """What `verdicts.definitions.profile` takes, for the loop of that name in a stored run."""
    chosen = stored.sel(loop=loop)
    return {name: chosen[name].values for name in (*MEASURES, "risk_by_n", "n_samples")}


def _density(model) -> np.ndarray:
    """The model's density on GRID; kept, since five measures of one model follow each other."""
    found, density = _latest[0]
    if found is not model:
        density = np.exp(model.score_samples(GRID[:, None]))
        _latest[0] = model, density
    return density


def _between(left, right) -> np.ndarray:
    return (left < GRID) & (right > GRID)


def _on(points, density) -> float:
    return np.interp(points, GRID, density).sum() * STEP


def _peak(density, centre) -> float:
    return density[np.abs(GRID - centre) < 1].max()


def _variance(density) -> float:
    mean = (GRID * density).sum() * STEP
    return float(((GRID - mean) ** 2 * density).sum() * STEP)


_latest = [(None, None)]
_REAL = np.exp(truth().score_samples(GRID[:, None]))
_FUNCTIONS = {each.__name__: each for each in (risk, variance, tail, outside, overlap)}

_DIMS = {
    "loop replicate generation": MEASURES,
    "loop n replicate generation": "risk_by_n",
    "n": "n_samples",
}


EXPERIMENTS = (
    Experiment(
        "definitions",
        scored_loops,
        {
            "seed": 8,
            "n_replicates": 20,
            "n_generations": 40,
            "n_samples": [50, 100, 200, 400],
            "main": 1,
        },
        {"n_replicates": 1, "n_generations": 8},
        # rounding may, rarely, stop EM a step sooner, and then that run goes another way
        partial(same_start, rtol=1e-3, atol=1e-8, share=0.9),
        _DIMS,
        {"loop": [loop.name for loop in LOOPS], "n": "n_samples"},
    ),
)
