"""What a plan leads to, by the exact engine and theory: the arithmetic behind a planner."""

from typing import NamedTuple

import numpy as np

from collapse_lib import exact, theory
from collapse_lib.explorers.live.measures import Law
from collapse_lib.explorers.live.measures import law as law_of_urn
from collapse_lib.explorers.planner.settings import REMEDIES, world_counts
from collapse_lib.loop.bands import Band, band
from collapse_lib.policies import Accumulate, Replace

__all__ = ["Forecast", "Remainder", "forecast", "remainder"]

MOST_FOLLOWED = 4_000_000  # n^2 K T: the exact chain of every kind, as planner/forecast.mjs has it
DERIVED, DRIFT = "derived here", "Wright 1931"


class Remainder(NamedTuple):
    """What a detector leaves of what was collected.

    left: the share that is left. real_share: the share of real rows in it. real_rows: how many of
    the n_samples rows trained on are real. collected: rows to collect, on average, so that these
    are left.
    """

    left: float
    real_share: float
    real_rows: int
    collected: float


class Forecast(NamedTuple):
    """Diversity or kinds kept, as shares of the real ones; `measure` says which.

    remedy, bare: (n_replicates, n_generations) with the remedy and without one. law: the mean of
    `remedy` in law, (n_generations,) with its source, or None. remainder: None where all is kept.
    """

    remedy: np.ndarray
    bare: np.ndarray
    law: Law | None
    remainder: Remainder | None
    measure: str

    @property
    def sentence(self) -> str:
        """The last generation in words."""
        middle, least, most = (100 * line[-1] for line in band(self.remedy))
        bare = 100 * band(self.bare).median[-1]
        return (
            f"After {self.remedy.shape[1]} generations the median model keeps {middle:.3g} % of "
            f"the {self.measure}; four runs in five keep between {least:.3g} and {most:.3g} %. "
            f"With no remedy it keeps {bare:.3g} %."
        )

    def bands(self) -> tuple[Band, Band]:
        """Median and central 80 % of the runs with the remedy, and of those without one."""
        return band(self.remedy), band(self.bare)


def remainder(
    real_fraction: float,
    hit_rate: float,
    false_alarm_rate: float,
    n_samples: int,
    adoption: float = 1.0,
) -> Remainder:
    """What trains, once a detector has been through what was collected (Bayes' rule).

        alpha' = a (1 - f) / (a (1 - f) + (1 - a) (1 - h))

    real_fraction: a, of those collected. false_alarm_rate: f = P(thrown out | real).
    n_samples: rows that are trained on, whatever is thrown out. adoption: P(marked | synthetic),
    and hit_rate P(thrown out | marked): h = adoption * hit_rate, for no other synthetic row is hit.

    Raises ValueError where nothing is left.
    """
    real = real_fraction * (1 - false_alarm_rate)
    left = real + (1 - real_fraction) * (1 - adoption * hit_rate)
    if left == 0:
        raise ValueError(
            "Planner: the detector throws out everything that is collected, so nothing is left to "
            f"train on; got real fraction {real_fraction:g}, hit rate {hit_rate:g}, false-alarm "
            f"rate {false_alarm_rate:g}; let it catch less, or collect other rows."
        )
    return Remainder(left, real / left, round(real / left * n_samples), n_samples / left)


def forecast(state: dict) -> Forecast:
    """Run the plan of a state (see `settings.plan_of`) by the exact engine.

    Raises ValueError where nothing is left to train on, and where the engine does: MixReal above
    10^9 rows, which the page alone can draw.
    """
    left, policy = None, Accumulate()
    if state["policy"] != "accumulate":
        names = ("real_fraction", "hit_rate", "false_alarm_rate", "n_samples", "adoption")
        left = remainder(**{name: state[name] for name in names if name in state})
        policy = REMEDIES[state["policy"]](left.real_share)
    kept = _kept(policy, state)
    return Forecast(kept, _kept(Replace(), state), _law(state, left), left, state["measure"])


def _kept(policy, state: dict) -> np.ndarray:
    real = world_counts(state)
    paths = exact.categorical_chain(
        policy,
        real,
        n_samples=state["n_samples"],
        n_fresh=state["n_fresh"] if isinstance(policy, Accumulate) else 0,
        n_generations=state["n_generations"],
        n_replicates=state["n_replicates"],
        temperature=state["temperature"],
        seed=state["seed"],
    ).probabilities
    if state["measure"] == "kinds":
        return (paths > 0).mean(axis=-1)
    return (1 - (paths**2).sum(axis=-1)) / (1 - real @ real)


def _law(state: dict, left: Remainder | None) -> Law | None:
    if state["measure"] == "kinds":
        return _kinds_law(state, left)
    real = world_counts(state)
    urn = {"family": "urn", "counts": real, "measure": "diversity"}
    found = law_of_urn(state | urn | {"real_fraction": left.real_share if left else 0.0})
    return None if found is None else Law(found.values / (1 - real @ real), found.source)


def _kinds_law(state: dict, left: Remainder | None) -> Law | None:
    """A kind is alive with the chance that it is not absent; where all is kept, that it is among
    the real rows, whatever the temperature."""
    real, t, n = world_counts(state), np.arange(1, state["n_generations"] + 1), state["n_samples"]
    if left is None:
        rows = n + (t - 1) * state["n_fresh"]
        return Law(-np.expm1(rows[:, None] * np.log1p(-real)).mean(axis=1), DERIVED)
    followed = n**2 * len(real) * len(t) <= MOST_FOLLOWED
    if state["policy"] != "fresh" or state["temperature"] != 1 or not followed:
        return None
    absent = [theory.absent_probability(t, share, n, left.real_rows) for share in real]
    return Law(1 - np.mean(absent, axis=0), DRIFT)
