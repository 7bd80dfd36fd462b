"""The settings of a planner: between Python's objects and the JSON that the page runs on.

A state is plain JSON: the version v, then world, policy, n, share, newRows, hits, alarms,
temperature, generations, replicates, seed and measure, and adoption where a figure has it (see
`plan_of`).
"""

import numpy as np

from collapse_lib.explorers.live.settings import REAL, WHOLE
from collapse_lib.policies import Accumulate, FreshReal, MixReal

__all__ = ["WORLDS", "checked_plan", "plan_of", "world_counts"]

VERSION = 1
MEASURES = ("diversity", "kinds")
REMEDIES = {"fresh": FreshReal, "mix": MixReal, "accumulate": Accumulate}
LIMITS = {  # name -> least, most; those of planner/plan.mjs, a test compares them
    **{name: WHOLE[name] for name in ("n", "newRows", "replicates", "seed")},
    "generations": (2, 200),
    "share": REAL["share"],
    "hits": (0, 1),
    "alarms": (0, 1),
    "temperature": REAL["temperature"],
    "adoption": (0, 1),
}
OPTIONAL = ("adoption",)


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
    world="kinds",
    policy=None,
    n=100,
    new_rows=0,
    hit_rate=0.0,
    false_alarm_rate=0.0,
    temperature=1.0,
    generations=50,
    replicates=200,
    seed=1,
    measure="diversity",
    adoption=None,
) -> dict:
    """Return the state that a planner starts from.

    world: a key of WORLDS. n: rows that a model trains on, 10 to 10^12.
    policy: FreshReal(a) or MixReal(a), a the share of real rows in what is collected; or
        Accumulate(), where new_rows real rows join in every generation. FreshReal(0.1) if None.
    hit_rate: P(thrown out | synthetic). false_alarm_rate: P(thrown out | real).
    measure: "diversity", the chance that two rows differ; or "kinds", those still alive.
    adoption: None; or the share in [0, 1] of synthetic rows that carry a mark (a watermark, a
        credential). The detector then hits marked rows only, hit_rate is P(thrown out | marked),
        and the reader sets adoption, and the synthetic share in place of the real one.

    Raises ValueError or TypeError with one sentence for what cannot be shown.
    """
    policy = FreshReal(0.1) if policy is None else policy
    remedy = next((key for key, kind in REMEDIES.items() if type(policy) is kind), None)
    if remedy is None:
        raise TypeError(
            "Planner.policy must be FreshReal(a), MixReal(a) or Accumulate(); "
            f"got {policy!r}. Replace() is drawn beside each of them."
        )
    state = {
        "v": VERSION,
        "world": world,
        "policy": remedy,
        "n": n,
        "share": getattr(policy, "real_fraction", 0.1),
        "newRows": new_rows,
        "hits": hit_rate,
        "alarms": false_alarm_rate,
        "temperature": temperature,
        "generations": generations,
        "replicates": replicates,
        "seed": seed,
        "measure": measure,
    }
    if adoption is not None:
        state["adoption"] = adoption
    return checked_plan({name: _plain(value) for name, value in state.items()})


def checked_plan(state: dict) -> dict:
    """Let pass a state that can be run; other keys than those of `plan_of` are left alone.

    Raises ValueError with one sentence.
    """
    if state.get("v") != VERSION:
        raise ValueError(f"Planner.state.v must be {VERSION}; got {state.get('v')!r}.")
    choices = {"world": WORLDS, "policy": REMEDIES, "measure": MEASURES}
    for name, allowed in choices.items():
        if state.get(name) not in tuple(allowed):
            _refuse(name, f"one of {', '.join(allowed)}", state.get(name))
    for name, (least, most) in LIMITS.items():
        if name in OPTIONAL and name not in state:
            continue
        value, whole = state.get(name), name in WHOLE
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not least <= value <= most or (whole and value != int(value)):
            kind = "a whole number" if whole else "a number"
            _refuse(name, f"{kind}, from {least:,} to {most:,}", value)
    return state


def world_counts(state: dict) -> np.ndarray:
    """(K,) the real shares of a state's world."""
    counts = np.array(WORLDS[state["world"]]["counts"], dtype=float)
    return counts / counts.sum()


def _plain(value):
    """A number as JSON has it: 1e6 is a whole one, and so are NumPy's."""
    if isinstance(value, np.generic):
        value = value.item()
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _refuse(name: str, allowed: str, got) -> None:
    raise ValueError(f"Planner.{name} must be {allowed}; got {got!r}.")
