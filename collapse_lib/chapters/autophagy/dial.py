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
    "Replace": Replace(),
    "MixReal": MixReal(SHARE),
    "FreshReal": FreshReal(SHARE),
    "Anchored": Anchored(),
    "AccumulateSubsample": AccumulateSubsample(),
    "Accumulate": Accumulate(),
}
GROWING = "Accumulate, growing"
POLICIES = (*PLAIN, GROWING)
LOOKED_AT = (1, 2, 5, 10, 20, 50, 100, 200)  # generations that are stored
COLLAPSED = 0.5  # of the diversity of generation 1
SPREAD_OUT = 2.0
DRIFTED = 2.0  # times the error of generation 1


def dial(
    *, seed: int, families: Iterable[str], most_generations: int, most_replicates: int
) -> dict[str, np.ndarray]:
    """Run the families of these names under all POLICIES, through `sweep`.

    error, diversity (families, policies, replicates, generations of LOOKED_AT): NaN beyond a
    family's own numbers of runs and generations, and where it has no diversity. most_generations,
    most_replicates: of any family, whatever its own numbers are.
    """
    chosen, families = {family.name: family for family in FAMILIES}, list(families)
    looked_at = _looked_at(most_generations)
    shape = len(families), len(POLICIES), most_replicates, len(looked_at)
    arrays = {name: np.full(shape, np.nan, np.float32) for name in ("error", "diversity")}
    for f, name in enumerate(families):
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
        seen = np.array(_looked_at(shared["n_generations"])) - 1
        size = (-1, shared["n_replicates"], shared["n_generations"])
        for metric in metrics:
            values = np.concatenate([table[metric].to_numpy().reshape(size) for table in tables])
            arrays[metric][f, :, : size[1], : len(seen)] = values[..., seen]
    return arrays


def ratios(stored):
    """An xarray.Dataset of the medians over runs, (families, policies): error and diversity at the
    last generation of each family as shares of those at generation 1; NaN without a diversity."""
    medians = stored[["error", "diversity"]].median("replicate")
    first = medians.sel(generation=1).median("policy")
    n_looked_at = medians.error.notnull().all("policy").sum("generation")  # of each family
    return medians.isel(generation=n_looked_at - 1) / first


def verdict(error: float, diversity: float) -> str:
    """In a word: "collapses" where more than half of the diversity is gone, "spreads out" where it
    has doubled, else "drifts" where the error has doubled, else "stays"; nan for no diversity."""
    if diversity < COLLAPSED:
        return "collapses"
    if diversity > SPREAD_OUT:
        return "spreads out"
    return "drifts" if error > DRIFTED else "stays"


def _looked_at(last: int) -> list[int]:
    return [t for t in LOOKED_AT if t <= last]


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
        same_start,
        {"family policy replicate generation": "error diversity"},
        {
            "family": "families",
            "policy": list(POLICIES),
            "generation": lambda settings: _looked_at(settings["most_generations"]),
        },
    ),
)
