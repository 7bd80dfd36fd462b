"""The settings of a planner: between Python's objects and the JSON that the page runs on.

A state is plain JSON under the names of `plan_of`, with the version v. Limits, defaults and
measures are those of view/settings.json, which the page has from Python.
"""

import numpy as np

from collapse_lib.arguments import check_choice, got
from collapse_lib.explorers.live.settings import check_limits, check_version, shared_settings
from collapse_lib.policies import Accumulate, FreshReal, MixReal

__all__ = ["WORLDS", "checked_plan", "plan_of", "world_counts"]

PLANNER = shared_settings("planner")
DEFAULTS, MEASURES = PLANNER["defaults"], PLANNER["measures"]
REMEDIES = {"fresh": FreshReal, "mix": MixReal, "accumulate": Accumulate}


def _zipf(n_kinds: int) -> list[float]:
    return [1 / rank for rank in range(1, n_kinds + 1)]


# What the page draws and what Python draws: real shares in any unit, by what a state calls them.
WORLDS = {
    "urn": {"name": "two kinds: 90 yellow, 10 blue", "counts": [90, 10]},
    "kinds": {"name": "six kinds, by Zipf's law", "counts": _zipf(6)},
    "words": {"name": "50 words, by Zipf's law", "counts": _zipf(50)},
}


def plan_of(
    *,
    world=DEFAULTS["world"],
    policy=None,
    n_samples=DEFAULTS["n_samples"],
    n_fresh=DEFAULTS["n_fresh"],
    hit_rate=DEFAULTS["hit_rate"],
    false_alarm_rate=DEFAULTS["false_alarm_rate"],
    temperature=DEFAULTS["temperature"],
    n_generations=DEFAULTS["n_generations"],
    n_replicates=DEFAULTS["n_replicates"],
    seed=DEFAULTS["seed"],
    measure=DEFAULTS["measure"],
    adoption=None,
) -> dict:
    """Return the state that a planner starts from; defaults and limits are in view/settings.json.

    world: a key of WORLDS. n_samples: rows that a model trains on.
    policy: FreshReal(a) or MixReal(a), a the share of real rows in what is collected; or
        Accumulate(), where n_fresh real rows join in every generation. FreshReal(0.1) if None.
    hit_rate: P(thrown out | synthetic). false_alarm_rate: P(thrown out | real).
    measure: "diversity", the chance that two rows differ; or "kinds", those still alive.
    adoption: None; or the share in [0, 1] of synthetic rows that carry a mark (a watermark, a
        credential). The detector then hits marked rows only, hit_rate is P(thrown out | marked),
        and the reader sets adoption, and the synthetic share in place of the real one.

    Raises ValueError or TypeError with one sentence for what cannot be shown.
    """
    if policy is None:
        policy = REMEDIES[DEFAULTS["policy"]](DEFAULTS["real_fraction"])
    remedy = next((key for key, kind in REMEDIES.items() if type(policy) is kind), None)
    if remedy is None:
        raise TypeError(
            "Planner.policy must be FreshReal(a), MixReal(a) or Accumulate(); "
            f"{got(policy)}. Replace() is drawn beside each of them."
        )
    state = {
        "v": DEFAULTS["v"],
        "world": world,
        "policy": remedy,
        "n_samples": n_samples,
        "real_fraction": getattr(policy, "real_fraction", DEFAULTS["real_fraction"]),
        "n_fresh": n_fresh,
        "hit_rate": hit_rate,
        "false_alarm_rate": false_alarm_rate,
        "temperature": temperature,
        "n_generations": n_generations,
        "n_replicates": n_replicates,
        "seed": seed,
        "measure": measure,
    }
    if adoption is not None:
        state["adoption"] = adoption
    return checked_plan(state, "Planner")


def checked_plan(state: dict, whose: str = "Planner.state") -> dict:
    """A state that can be run, of plain numbers; other keys than those of `plan_of` are left
    alone. whose: as a fault names it.

    Raises ValueError or TypeError with one sentence.
    """
    check_version(whose, state, DEFAULTS)
    for name, allowed in {"world": WORLDS, "policy": REMEDIES, "measure": MEASURES}.items():
        check_choice(f"{whose}.{name}", state.get(name), allowed)
    limits = PLANNER["limits"]
    if "adoption" not in state:
        limits = {name: each for name, each in limits.items() if name != "adoption"}
    return state | check_limits(whose, state, limits)


def world_counts(state: dict) -> np.ndarray:
    """(K,) the real shares of a state's world."""
    counts = np.array(WORLDS[state["world"]]["counts"], dtype=float)
    return counts / counts.sum()
