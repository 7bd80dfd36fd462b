"""One dial: every policy on every family of models, and whether it collapses, drifts or stays.

The seventh policy is the regime in which real data grows beside synthetic data: everything is kept,
and each generation publishes as many new real rows as samples.

The verdict reads two ratios to generation 1, medians over runs: how the model's error has grown,
and how much of its diversity is left. The levels are the book's own.
"""

from collections.abc import Iterable

import numpy as np

from collapse_lib.chapters.agree import same_start
from collapse_lib.chapters.autophagy.dial_families import FAMILIES
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.loop import sweep
from collapse_lib.policies import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    MixReal,
    Replace,
)

__all__ = ["EXPERIMENTS", "POLICIES", "dial", "ratios", "verdict"]

SHARE = 0.1
PLAIN = {
    "replace": Replace(),
    "original rows mixed in": MixReal(SHARE),
    "new real rows mixed in": FreshReal(SHARE),
    "all original rows beside": Anchored(),
    "everything, thinned": AccumulateSubsample(),
    "everything": Accumulate(),
}
GROWING = "everything, and real data grows"
POLICIES = (*PLAIN, GROWING)
LOOKED_AT = (1, 2, 5, 10, 20, 50, 100, 200)  # generations that are stored
COLLAPSED = 0.5  # of the diversity of generation 1
SPREAD_OUT = 2.0
DRIFTED = 2.0  # times the error of generation 1


def dial(
    *, seed: int, families: Iterable[str], most_generations: int, most_replicates: int
) -> dict[str, np.ndarray]:
    """Run the families of these names under all POLICIES, through `sweep`.

    For each family two arrays (policies, replicates, generations looked at), "<name>: error" and,
    where it has one, "<name>: diversity"; "<name>: generations" says which. most_generations,
    most_replicates: of any family, whatever its own numbers are.
    """
    chosen = {family.name: family for family in FAMILIES}
    arrays = {}
    for name in families:
        family = chosen[name]
        model, source, metrics = family.make()
        shared = {
            "model": model,
            "source": source,
            "metrics": metrics,
            "n_samples": family.n_samples,
            "n_generations": min(family.n_generations, most_generations),
            "n_replicates": min(family.n_replicates, most_replicates),
            "seed": seed,
        }
        tables = [
            sweep({"policy": PLAIN}, **shared),
            sweep({"policy": {GROWING: Accumulate()}}, n_fresh=family.n_samples, **shared),
        ]
        looked_at = [t for t in LOOKED_AT if t <= shared["n_generations"]]
        arrays[f"{name}: generations"] = np.array(looked_at, np.uint8)
        for metric in metrics:
            arrays[f"{name}: {metric}"] = np.concatenate(
                [_array(table, metric, looked_at, shared) for table in tables]
            ).astype(np.float32)
    return arrays


def ratios(arrays, name: str) -> tuple[np.ndarray, np.ndarray | None]:
    """(policies,) each: error and diversity at the last generation as shares of generation 1,
    medians over runs; None for a family without a diversity."""
    found = []
    for metric in ("error", "diversity"):
        values = arrays.get(f"{name}: {metric}")
        if values is None:
            found.append(None)
            continue
        first, last = np.median(values[..., [0, -1]].astype(float), axis=1).T
        found.append(last / np.median(first))
    return tuple(found)


def verdict(error: float, diversity: float | None) -> str:
    """In a word: "collapses" where more than half of the diversity is gone, "spreads out" where it
    has doubled, else "drifts" where the error has doubled, else "stays"."""
    if diversity is not None and diversity < COLLAPSED:
        return "collapses"
    if diversity is not None and diversity > SPREAD_OUT:
        return "spreads out"
    return "drifts" if error > DRIFTED else "stays"


def _array(table, metric: str, looked_at, shared) -> np.ndarray:
    """(policies, replicates, generations looked at) of one column of a sweep."""
    shape = (-1, shared["n_replicates"], shared["n_generations"])
    return table[metric].to_numpy().reshape(shape)[..., np.array(looked_at) - 1]


def same_families(stored, part) -> None:
    """The part is the first runs and generations of some of the families, but for rounding."""
    unknown = sorted(set(part) - set(stored))
    assert not unknown, f"{unknown[0]!r} is not stored"
    same_start({name: stored[name] for name in part}, part)


_DIMS = {
    "policy replicate recorded": [
        f"{family.name}: {measure}" for family in FAMILIES for measure in ("error", "diversity")
    ],
    "recorded": [f"{family.name}: generations" for family in FAMILIES],
}


def _coords(settings):
    return {"policy": list(POLICIES)}


EXPERIMENTS = (
    Experiment(
        "dial",
        dial,
        {
            "seed": 41,
            "families": [family.name for family in FAMILIES],
            "most_generations": 200,
            "most_replicates": 20,
        },
        {
            "families": ["categories", "bell curve", "linear VAE", "linear regression"],
            "most_generations": 10,
            "most_replicates": 2,
        },
        same_families,
        _DIMS,
        _coords,
    ),
)
