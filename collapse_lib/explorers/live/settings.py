"""The settings of a live figure: between Python's objects and the JSON that the page runs on.

A state is plain JSON under the names of `state_of`, with the version v. Limits, defaults and
measures are those of view/settings.json, which the page has from Python (`shared_settings`).
"""

import json
from pathlib import Path

import numpy as np

from collapse_lib.arguments import (
    check_choice,
    check_count,
    check_number,
    check_same_shape,
    check_type,
    got,
)
from collapse_lib.policies import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    MixReal,
    Replace,
)

__all__ = [
    "check_limits",
    "check_version",
    "checked",
    "policy_of",
    "real_shares",
    "shared_settings",
    "state_of",
]

SETTINGS = Path(__file__).parents[1] / "view" / "settings.json"
PLAIN = {
    "replace": Replace(),
    "accumulate": Accumulate(),
    "subsample": AccumulateSubsample(),
    "anchored": Anchored(),
}
SHARED = {"mix": MixReal, "fresh": FreshReal}


def shared_settings(figure: str) -> dict:
    """What Python and the page share of a figure, "live" or "planner": limits, name -> [least,
    most, whole], defaults and measures."""
    held = json.loads(SETTINGS.read_text("utf-8"))
    return held[figure] | {"limits": held["limits"] | held[figure]["limits"]}


LIVE = shared_settings("live")
DEFAULTS, MEASURES = LIVE["defaults"], LIVE["measures"]


def state_of(
    *,
    family=None,
    counts=None,
    policy=PLAIN[DEFAULTS["policy"]],
    n_samples=DEFAULTS["n_samples"],
    n_fresh=DEFAULTS["n_fresh"],
    sampling_bias=DEFAULTS["sampling_bias"],
    temperature=DEFAULTS["temperature"],
    ddof=DEFAULTS["ddof"],
    n_generations=DEFAULTS["n_generations"],
    n_replicates=DEFAULTS["n_replicates"],
    seed=DEFAULTS["seed"],
    measure=None,
    colour=None,
    runs=DEFAULTS["runs"],
    t=None,
    autoplay=DEFAULTS["autoplay"],
) -> dict:
    """Return the state that a figure starts from; defaults and limits are in view/settings.json.

    family: "urn" or "gaussian"; without it "urn" where counts are given.
    counts: {"yellow": 90, "blue": 10}: the real shares are counts / sum, of 2 to 6 colours.
    policy: one of collapse_lib.policies, without fields of its own but the real fraction.
    n_samples: rows a generation. n_fresh: real rows published beside the samples.
    sampling_bias: multiplies the variance of a Gaussian's samples. temperature: of the urn's.
    measure: urn: "share", "diversity", "gone"; gaussian: "variance", "mean", "risk".
    colour: the name whose share is followed, the last one by default.
    runs: how many single runs are drawn. t: the generation that is marked, the last by default.

    Raises ValueError or TypeError with one sentence for what cannot be shown.
    """
    family = family or ("gaussian" if counts is None else "urn")
    check_choice("LiveExplorer.family", family, MEASURES)
    if counts is None:
        counts = dict(zip(DEFAULTS["names"], DEFAULTS["counts"], strict=True))
    names = [str(name) for name in check_type("LiveExplorer.counts", counts, dict)]
    if colour is None:
        colour = len(names) - 1
    else:
        colour = names.index(check_choice("LiveExplorer.colour", colour, names))
    state = {
        "v": DEFAULTS["v"],
        "family": family,
        "counts": list(counts.values()),
        "names": names,
        "policy": _name_of(policy),
        "n_samples": n_samples,
        "real_fraction": getattr(policy, "real_fraction", DEFAULTS["real_fraction"]),
        "n_fresh": n_fresh,
        "sampling_bias": sampling_bias,
        "temperature": temperature,
        "ddof": ddof,
        "n_generations": n_generations,
        "n_replicates": n_replicates,
        "seed": seed,
        "measure": measure or MEASURES[family][0],
        "colour": colour,
        "runs": runs,
        "t": n_generations if t is None else t,
    }
    if autoplay:
        state["autoplay"] = True
    return checked(state, "LiveExplorer")


def checked(state: dict, whose: str = "LiveExplorer.state") -> dict:
    """A state that can be run, of plain numbers; other keys than those of `state_of` are left
    alone. whose: as a fault names it.

    Raises ValueError or TypeError with one sentence.
    """
    numbers = check_limits(whose, state, LIVE["limits"])
    check_version(whose, state, DEFAULTS)
    check_choice(f"{whose}.family", state.get("family"), MEASURES)
    check_choice(f"{whose}.measure", state.get("measure"), MEASURES[state["family"]])
    check_choice(f"{whose}.policy", state.get("policy"), (*PLAIN, *SHARED))
    bounds = LIVE["counts"]
    counts = check_type(f"{whose}.counts", state.get("counts"), (list, tuple))
    check_count(f"len({whose}.counts)", len(counts), least=bounds["least"], most=bounds["most"])
    check_same_shape(whose, counts=counts, names=state.get("names"))
    largest = bounds["largest"]
    counts = [check_number(f"{whose}.counts", each, least=0, most=largest) for each in counts]
    check_number(f"sum({whose}.counts)", sum(counts), above=0)
    check_count(f"{whose}.t", numbers["t"], most=numbers["n_generations"])
    check_count(f"{whose}.colour", numbers["colour"], most=len(counts) - 1)
    return state | numbers | {"counts": counts}


def check_version(whose: str, state: dict, defaults: dict) -> None:
    """The version of a state must be that of the figure's defaults."""
    check_choice(f"{whose}.v", state.get("v"), (defaults["v"],))


def check_limits(whose: str, state: dict, limits: dict) -> dict:
    """The numbers of a state within their limits, as plain ints and floats."""
    found = {}
    for name, (least, most, whole) in limits.items():
        check = check_count if whole else check_number
        found[name] = check(f"{whose}.{name}", state.get(name), least=least, most=most)
    return found


def policy_of(state: dict):
    """The policy object that a state names."""
    name = state["policy"]
    return SHARED[name](state["real_fraction"]) if name in SHARED else PLAIN[name]


def real_shares(state: dict) -> np.ndarray:
    """(K,) the real share of each colour of an urn."""
    counts = np.array(state["counts"], dtype=float)
    return counts / counts.sum()


def _name_of(policy) -> str:
    for name, plain in PLAIN.items():
        if policy == plain:
            return name
    for name, kind in SHARED.items():
        if type(policy) is kind:
            return name
    raise TypeError(
        "LiveExplorer.policy must be Replace(), Accumulate(), AccumulateSubsample(), MixReal(a), "
        f"FreshReal(a) or Anchored(); {got(policy)}. LiveExplorer.with_python(policy=...) runs "
        "any policy on rows."
    )
