"""The settings of a live figure: between Python's objects and the JSON that the page runs on.

A state is plain JSON: the version v, then family, counts, names, policy, n, share, newRows, bias,
temperature, ddof, generations, replicates, seed, measure, colour, runs and t (see `state_of`).
"""

import math
import operator

import numpy as np

from collapse_lib.policies import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    MixReal,
    Replace,
)

__all__ = ["checked", "policy_of", "real_shares", "state_of"]

VERSION = 1
PLAIN = {
    "replace": Replace(),
    "accumulate": Accumulate(),
    "subsample": AccumulateSubsample(),
    "anchored": Anchored(),
}
SHARED = {"mix": MixReal, "fresh": FreshReal}
MEASURES = {
    "urn": ("share", "diversity", "gone"),
    "gaussian": ("variance", "mean", "risk"),
}
WHOLE = {  # name -> least, most; those of view/settings.mjs, a test compares them
    "n": (10, 10**12),
    "newRows": (0, 10**12),
    "ddof": (0, 1),
    "generations": (2, 1000),
    "replicates": (2, 1000),
    "seed": (0, 2**32 - 1),
    "colour": (0, 5),
    "runs": (0, 20),
    "t": (1, 1000),
}
REAL = {"share": (0, 1), "bias": (0.5, 1), "temperature": (0.5, 2)}


def state_of(
    *,
    family=None,
    counts=None,
    policy=PLAIN["replace"],
    n=100,
    new_rows=0,
    bias=1.0,
    temperature=1.0,
    ddof=0,
    generations=200,
    replicates=200,
    seed=1,
    measure=None,
    colour=None,
    runs=0,
    t=None,
    autoplay=False,
) -> dict:
    """Return the state that a figure starts from.

    family: "urn" or "gaussian"; without it "urn" where counts are given.
    counts: {"yellow": 90, "blue": 10}: the real shares are counts / sum, of 2 to 6 colours.
    policy: one of collapse_lib.policies, without fields of its own but the real fraction.
    n: rows a generation, 10 to 10^12. new_rows: real rows published beside the samples.
    bias: multiplies the variance of a Gaussian's samples. temperature: of the urn's samples.
    measure: urn: "share", "diversity", "gone"; gaussian: "variance", "mean", "risk".
    colour: the name whose share is followed, the last one by default.
    runs: how many single runs are drawn. t: the generation that is marked, the last by default.

    Raises ValueError or TypeError with one sentence for what cannot be shown.
    """
    family = family or ("gaussian" if counts is None else "urn")
    if family not in MEASURES:
        raise ValueError(f'LiveExplorer.family must be "urn" or "gaussian"; got {family!r}.')
    counts = {"yellow": 90, "blue": 10} if counts is None else dict(counts)
    names = [str(name) for name in counts]
    if colour is None:
        colour = len(names) - 1
    elif colour in names:
        colour = names.index(colour)
    elif family == "urn":
        raise ValueError(f"LiveExplorer.colour must be one of {names}; got {colour!r}.")
    name, share = _named(policy)
    state = {
        "v": VERSION,
        "family": family,
        "counts": [_plain(count) for count in counts.values()],
        "names": names,
        "policy": name,
        "n": _plain(n),
        "share": 0.1 if share is None else float(share),
        "newRows": _plain(new_rows),
        "bias": bias,
        "temperature": temperature,
        "ddof": ddof,
        "generations": _plain(generations),
        "replicates": _plain(replicates),
        "seed": _plain(seed),
        "measure": measure or MEASURES[family][0],
        "colour": colour,
        "runs": runs,
        "t": _plain(generations if t is None else t),
    }
    if autoplay:
        state["autoplay"] = True
    return checked(state)


def checked(state: dict) -> dict:
    """Let pass a state that can be run; other keys than those of `state_of` are left alone.

    Raises ValueError with one sentence.
    """
    if state.get("v") != VERSION:
        raise ValueError(f"LiveExplorer.state.v must be {VERSION}; got {state.get('v')!r}.")
    for name, (least, most) in WHOLE.items():
        _within(name, state.get(name), least, most, whole=True)
    for name, (least, most) in REAL.items():
        _within(name, state.get(name), least, most)
    _within("t", state["t"], 1, state["generations"], whole=True)
    if state.get("family") not in MEASURES:
        _refuse("family", "one of urn, gaussian", state.get("family"))
    if state.get("measure") not in MEASURES[state["family"]]:
        _refuse("measure", f"one of {', '.join(MEASURES[state['family']])}", state.get("measure"))
    if state.get("policy") not in {*PLAIN, *SHARED}:
        _refuse("policy", f"one of {', '.join([*PLAIN, *SHARED])}", state.get("policy"))
    counts, names = state.get("counts") or [], state.get("names") or []
    if not (2 <= len(counts) <= 6 and len(names) == len(counts)):
        _refuse("counts", "2 to 6 numbers, each with its name", counts)
    for count in counts:
        _within("counts", count, 0, math.inf)
    if not sum(counts) > 0:
        _refuse("counts", "not all zero", counts)
    _within("colour", state["colour"], 0, len(counts) - 1, whole=True)
    return state


def policy_of(state: dict):
    """The policy object that a state names."""
    name = state["policy"]
    return SHARED[name](state["share"]) if name in SHARED else PLAIN[name]


def real_shares(state: dict) -> np.ndarray:
    """(K,) the real share of each colour of an urn."""
    counts = np.array(state["counts"], dtype=float)
    return counts / counts.sum()


def _named(policy) -> tuple[str, float | None]:
    for name, plain in PLAIN.items():
        if policy == plain:
            return name, None
    for name, kind in SHARED.items():
        if type(policy) is kind:
            return name, policy.real_fraction
    raise TypeError(
        "LiveExplorer.policy must be Replace(), Accumulate(), AccumulateSubsample(), MixReal(a), "
        f"FreshReal(a) or Anchored(); got {policy!r}. LiveExplorer.with_python(policy=...) runs "
        "any policy on rows."
    )


def _plain(value):
    """A whole number as an int, so that 1e6 and numpy's numbers are JSON too."""
    try:
        return operator.index(value)
    except TypeError:
        return int(value) if isinstance(value, float) and value.is_integer() else value


def _within(name: str, value, least, most, *, whole: bool = False) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not least <= value <= most or (whole and value != int(value)):
        kind = "a whole number" if whole else "a number"
        limits = f"{least:,} or more" if most == math.inf else f"from {least:,} to {most:,}"
        _refuse(name, f"{kind}, {limits}", value)


def _refuse(name: str, allowed: str, got) -> None:
    raise ValueError(f"LiveExplorer.{name} must be {allowed}; got {got!r}.")
