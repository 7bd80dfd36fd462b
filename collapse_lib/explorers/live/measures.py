"""What a live figure measures: from exact runs, from models fitted to rows, and in law."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from collapse_lib import exact, theory
from collapse_lib.explorers.live.settings import policy_of, real_shares
from collapse_lib.loop import run_loop
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.sources import Categories, GaussianSource
from collapse_lib.theory.categorical.fixation import LARGEST_MATRIX

__all__ = ["Law", "ensemble", "law", "model_of", "of_generation", "source_of"]

DERIVED = "derived here"
DRIFT = "Wright 1931"
RUNS_ON_ROWS = 40  # where there is no exact form


class Law(NamedTuple):
    """The mean of the measure over all possible runs: (n_generations,), and where it is from."""

    values: np.ndarray
    source: str


def ensemble(state: dict) -> np.ndarray:
    """(n_replicates, n_generations) of the measure, by the exact engine.

    A Gaussian under MixReal or AccumulateSubsample has no exact form; it runs on rows, 40 times at
    most. Raises ValueError where the engine does.
    """
    sizes = {"n_samples": state["n_samples"], "n_fresh": state["n_fresh"], "seed": state["seed"]}
    sizes |= {"n_generations": state["n_generations"]}
    policy, replicates = policy_of(state), state["n_replicates"]
    if state["family"] == "urn":
        paths = exact.categorical_chain(
            policy,
            real_shares(state),
            n_replicates=replicates,
            temperature=state["temperature"],
            **sizes,
        )
        return _of_shares(paths.probabilities, state)
    if state["policy"] not in ("mix", "subsample"):
        paths = exact.gaussian_chain(
            policy,
            n_replicates=replicates,
            ddof=state["ddof"],
            sampling_bias=state["sampling_bias"],
            **sizes,
        )
        return _of_moments(*paths, state)
    metrics = {"measure": lambda generation: of_generation(generation, state)}
    model, source = model_of(state), source_of(state)
    seeds = np.random.SeedSequence(sizes.pop("seed")).spawn(min(replicates, RUNS_ON_ROWS))
    return np.array(
        [
            run_loop(
                model, source, policy, seed=seed, metrics=metrics, keep="last", **sizes
            ).column("measure")
            for seed in seeds
        ]
    )


def of_generation(generation, state: dict) -> float:
    """The measure of one Generation: of its model where that tells, else of its sample."""
    model, sample = generation.model, generation.sample
    if state["family"] == "urn":
        shares = getattr(model, "probabilities_", None)
        if np.shape(shares) != (len(state["counts"]),):
            shares = np.bincount(np.asarray(sample, int), minlength=len(state["counts"]))
            shares = shares / shares.sum()
        return float(_of_shares(np.asarray(shares), state))
    mean, variance = getattr(model, "mean_", None), getattr(model, "variance_", None)
    if np.ndim(mean) or np.ndim(variance) or mean is None or variance is None:
        if np.ndim(sample) != 1:
            raise ValueError(
                "This figure measures rows of one number each; the source gives rows of shape "
                f"{np.shape(sample)[1:]}. Choose one column, or give with_python a measure."
            )
        mean, variance = np.mean(sample), np.var(sample)
    return float(_of_moments(np.float64(mean), np.float64(variance), state))


def model_of(state: dict):
    """The model of the family, with the state's parameters."""
    if state["family"] == "urn":
        return Categorical(len(state["counts"]), temperature=state["temperature"])
    return Gaussian(ddof=state["ddof"], sampling_bias=state["sampling_bias"])


def source_of(state: dict):
    """The real rows of the family."""
    if state["family"] == "urn":
        return Categories(real_shares(state), tuple(state["names"]))
    return GaussianSource()


def law(state: dict) -> Law | None:
    """The closed form of the mean of the measure; None where none is known."""
    found: Callable[[dict], Law | None] = {
        "share": _share_law,
        "diversity": _diversity_law,
        "gone": _gone_law,
        "variance": _variance_law,
        "mean": lambda state: Law(np.zeros(state["n_generations"]), DERIVED),
        "risk": _risk_law,
    }[state["measure"]]
    if state["family"] == "urn" and state["temperature"] != 1:
        return None
    return found(state)


def _of_shares(shares: np.ndarray, state: dict) -> np.ndarray:
    """shares: (..., K)."""
    if state["measure"] == "diversity":
        return 1 - (shares**2).sum(axis=-1)
    followed = shares[..., state["colour"]]
    return followed if state["measure"] == "share" else (followed == 0).astype(float)


def _of_moments(mean, variance, state: dict):
    if state["measure"] == "risk":
        return mean**2 + (np.sqrt(variance) - 1) ** 2
    return variance if state["measure"] == "variance" else mean


def _t(state: dict) -> np.ndarray:
    return np.arange(1, state["n_generations"] + 1)


def _real_rows(state: dict) -> int:
    return round(state["real_fraction"] * state["n_samples"])


def _share_law(state):
    share = real_shares(state)[state["colour"]]
    return Law(np.full(state["n_generations"], share), DRIFT)


def _diversity_law(state):
    t, n, k = _t(state), state["n_samples"], _real_rows(state)
    first = 1 - (real_shares(state) ** 2).sum()
    policy, m = state["policy"], state["n_fresh"]
    if policy == "replace":
        return Law(theory.heterozygosity(t, first, n), DRIFT)
    if policy in ("accumulate", "subsample"):
        budget = n if policy == "subsample" else np.inf
        lost = theory.pooled_inbreeding(len(t), n, n_fresh=m, budget=budget)
    elif policy == "fresh":
        lost = theory.fresh_inbreeding_fixed_share(n, k, t)
    else:
        kept, new = (n, n) if policy == "anchored" else (k, n - k)
        lost = theory.compose_inbreeding(1 / n, theory.reused_inbreeding(n, kept, new, t))
    return Law(first * (1 - lost), DERIVED)


def _gone_law(state):
    if state["policy"] not in ("replace", "fresh") or state["n_samples"] > LARGEST_MATRIX:
        return None
    k = _real_rows(state) if state["policy"] == "fresh" else 0
    share = real_shares(state)[state["colour"]]
    return Law(theory.absent_probability(_t(state), share, state["n_samples"], k), DRIFT)


def _variance_law(state):
    n, k, policy = state["n_samples"], _real_rows(state), state["policy"]
    options = {"ddof": state["ddof"], "sampling_bias": state["sampling_bias"]}
    generations, m = state["n_generations"], state["n_fresh"]
    if policy == "replace":
        return Law(theory.variance_mean(_t(state), n, **options), DERIVED)
    if policy in ("accumulate", "subsample"):
        budget = n if policy == "subsample" else np.inf
        moments = theory.pooled_moments(generations, n, n_fresh=m, budget=budget, **options)
    elif policy == "fresh":
        moments = theory.fresh_moments(generations, k, n - k, **options)
    else:
        kept, new = (n, n) if policy == "anchored" else (k, n - k)
        moments = theory.reused_moments(generations, n, kept, new, **options)
    return Law(moments.variance, DERIVED)


def _risk_law(state):
    if state["policy"] != "replace":
        return None
    options = {"ddof": state["ddof"], "sampling_bias": state["sampling_bias"]}
    return Law(theory.wasserstein_risk(_t(state), state["n_samples"], **options), DERIVED)
