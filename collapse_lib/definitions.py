"""Eight definitions of model collapse, each a score of one loop: a profile, not a verdict.

Schaeffer, Kazdan, Arulandu and Koyejo (arXiv:2503.03150) find eight meanings of "model collapse" in
the literature and propose to report which of them hold. The labels below are theirs. They set no
numbers: the scores and every threshold are ours, and thresholds are arguments.

Scores take plain arrays over R runs and T generations. The value is the median over the runs, the
band holds their middle 80 %, and the verdict may be None: "cannot tell".
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from collapse_lib.summary import band

__all__ = [
    "Score",
    "any_increase",
    "catastrophic_increase",
    "collapsing_variance",
    "diverging_risk",
    "entangled_modes",
    "hallucinated_mass",
    "lost_tails",
    "profile",
    "scaling_change",
]


@dataclass(frozen=True)
class Score:
    """One definition applied to one loop.

    name: the label. value: the median over the runs; lower, upper: their 10 % and 90 % quantiles.
    threshold: where the verdict turns. collapsed: True, False, or None where it cannot be told.
    sentence: the score in words.
    """

    name: str
    value: float
    lower: float
    upper: float
    threshold: float
    collapsed: bool | None
    sentence: str

    def __str__(self) -> str:
        verdict = {True: "collapsed", False: "not collapsed", None: "cannot tell"}[self.collapsed]
        return f"{self.name}: {verdict}. {self.sentence}"


def catastrophic_increase(risk, threshold: float = 10.0) -> Score:
    """Definition 1: the risk at the end, in multiples of that of generation 1; above is collapse.

    risk: (R, T) excess population risk, 0 for the truth itself, such as KL(truth || model).
    """
    risk = _paths("catastrophic_increase.risk", risk)
    ratio = risk[:, -1] / np.maximum(risk[:, 0], np.finfo(float).tiny)
    return _above(
        "Catastrophic increase of population risk",
        ratio,
        threshold,
        "The risk ends at {value:.3g} times that of generation 1.",
    )


def any_increase(risk, threshold: float = 0.0) -> Score:
    """Definition 2: how much the risk has grown since generation 1; above is collapse.

    risk: (R, T). With the threshold at 0 any growth counts, so chance has to be ruled out: no
    verdict where a two-sided sign test over the runs finds nothing at 5 %.
    """
    risk = _paths("any_increase.risk", risk)
    growth = risk[:, -1] - risk[:, 0]
    score = _above(
        "Any increase of population risk",
        growth,
        threshold,
        "The risk changes by {value:+.3g} from generation 1 to the last.",
    )
    return _unless_chance(score, growth - threshold)


def diverging_risk(risk, threshold: float = 0.25) -> Score:
    """Definition 3: the power of t with which the risk still grows over the second half of the run;
    above is collapse.

    risk: (R, T). log2 of the risk at T over that at T/2: 1 for a risk that grows in proportion to
    t, 0 for one that has levelled off. A finite run cannot show divergence; this says whether the
    growth had stopped. No verdict for fewer than 8 generations.
    """
    risk = _paths("diverging_risk.risk", risk)
    half = risk.shape[1] // 2
    tiny = np.finfo(float).tiny
    power = np.log2(np.maximum(risk[:, -1], tiny) / np.maximum(risk[:, max(half - 1, 0)], tiny))
    score = _above(
        "Asymptotically diverging population risk",
        power,
        threshold,
        "Over the second half of the run the risk grows as the power {value:.2f} of t.",
    )
    return _untold(score, "The run is shorter than 8 generations.") if risk.shape[1] < 8 else score


def collapsing_variance(variance, threshold: float = 0.5) -> Score:
    """Definition 4: the variance at the end as a share of the real one; below is collapse.

    variance: (R, T), 1 = that of the real data.
    """
    final = _paths("collapsing_variance.variance", variance)[:, -1]
    return _below(
        "Collapsing variance",
        final,
        threshold,
        "The variance ends at {value:.3g} of the real one.",
    )


def scaling_change(n_samples, risk, threshold: float = 0.25) -> Score:
    """Definition 5: by how much the slope of ln risk against ln n has changed since generation 1;
    further from 0 than the threshold is collapse.

    n_samples: (F,) rows a generation; risk: (F, R, T), one loop for each. The slope is fitted by
    least squares run by run: -1 for a regular model of real rows. A steeper slope is a change too:
    where rows are few the loop has gone further. No verdict from one size, nor where a change
    beyond the threshold may be chance (a two-sided sign test over the runs at 5 %).
    """
    n = np.asarray(n_samples, dtype=float)
    risk = np.asarray(risk, dtype=float)
    if risk.ndim != 3 or n.shape != risk.shape[:1]:
        raise ValueError(
            "scaling_change needs n_samples (F,) and risk (F, R, T); got shapes "
            f"{n.shape} and {risk.shape}."
        )
    name = "Change in scaling law"
    if len(n) < 2:
        return Score(name, np.nan, np.nan, np.nan, threshold, None, "One size has no slope.")
    log_n = np.log(n) - np.log(n).mean()
    log_risk = np.log(np.maximum(risk[..., [0, -1]], np.finfo(float).tiny))  # (F, R, 2)
    slopes = np.einsum("f,frt->rt", log_n, log_risk) / (log_n @ log_n)  # (R, 2)
    first, last = np.median(slopes, axis=0)
    change = slopes[:, 1] - slopes[:, 0]
    median, lower, upper = (float(each) for each in band(change))
    words = (
        f"The slope of ln risk against ln n goes from {first:.2f} to {last:.2f}. A change of more "
        f"than {threshold:g} either way counts as collapse."
    )
    score = Score(name, median, lower, upper, threshold, abs(median) > threshold, words)
    return _unless_chance(score, change) if score.collapsed else score


def lost_tails(tail, threshold: float = 0.5) -> Score:
    """Definition 6: the recall of the real tails at the end; below is collapse.

    tail: (R, T), 1 = as in the real data.
    """
    final = _paths("lost_tails.tail", tail)[:, -1]
    return _below(
        "Disappearance of real tail data",
        final,
        threshold,
        "The model ends with {value:.3g} of the real tails' mass.",
    )


def hallucinated_mass(outside, threshold: float = 0.01) -> Score:
    """Definition 7: the model's mass where the truth has next to none; above is collapse.

    outside: (R, T) shares, of a region whose real mass should be well below the threshold, such as
    0.001 for the default.
    """
    final = _paths("hallucinated_mass.outside", outside)[:, -1]
    return _above(
        "Appearance of hallucinated data",
        final,
        threshold,
        "The model ends with a share {value:.3g} of its mass where real data hardly lie.",
    )


def entangled_modes(overlap, threshold: float = 0.5) -> Score:
    """Definition 8: how far the valley between two real modes has filled up; above is collapse.

    overlap: (R, T), the density in the valley over that at the lower peak, the worst pair of
    neighbours; nan where no two neighbours are left: a lost mode is not an entangled one. Runs that
    end with nan are left out, and there is no verdict where most do.
    """
    final = _paths("entangled_modes.overlap", overlap, missing=True)[:, -1]
    name, left = "Entanglement of real data modes", final[~np.isnan(final)]
    if 2 * len(left) < len(final):
        lost = f"{len(final) - len(left)} of {len(final)} runs"
        why = f"In {lost} no two neighbouring modes are left."
        return Score(name, np.nan, np.nan, np.nan, threshold, None, why)
    return _above(
        name,
        left,
        threshold,
        "The valley between modes ends at {value:.3g} of their height.",
    )


def profile(
    *,
    risk,
    variance,
    tail,
    outside,
    overlap,
    n_samples=(),
    risk_by_n=None,
    thresholds: Mapping[str, float] | None = None,
) -> list[Score]:
    """All eight scores of one loop, in the order of the paper.

    risk, variance, tail, outside, overlap: (R, T) each, as the scores above take them. n_samples
    (F,) and risk_by_n (F, R, T): the same loop at several sizes, for definition 5; without them
    it has no verdict. thresholds: name of a score function -> threshold, for those to change.
    Raises ValueError for a name that is none of the eight, or arrays of other shapes.
    """
    by_n = np.empty((0, 1, 1)) if risk_by_n is None else risk_by_n
    calls = {
        catastrophic_increase: (risk,),
        any_increase: (risk,),
        diverging_risk: (risk,),
        collapsing_variance: (variance,),
        scaling_change: (n_samples, by_n),
        lost_tails: (tail,),
        hallucinated_mass: (outside,),
        entangled_modes: (overlap,),
    }
    chosen = dict(thresholds or {})
    unknown = sorted(set(chosen) - {score.__name__ for score in calls})
    if unknown:
        raise ValueError(
            f"profile.thresholds names {unknown[0]!r}, which is none of the eight scores "
            f"{[score.__name__ for score in calls]}."
        )
    return [
        score(*arrays, **({"threshold": chosen[name]} if name in chosen else {}))
        for score, arrays in calls.items()
        for name in [score.__name__]
    ]


def _paths(owner: str, values, *, missing: bool = False) -> np.ndarray:
    """(R, T) floats; nan only where it may be missing."""
    array = np.asarray(values, dtype=float)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{owner} must have the shape (R, T); got {array.shape}.")
    n_nan = int(np.isnan(array).sum())
    if n_nan and not missing:
        raise ValueError(f"{owner} must not be NaN; got {n_nan} NaN among {array.size} values.")
    return array


def _above(name: str, values: np.ndarray, threshold: float, sentence: str) -> Score:
    median, lower, upper = (float(each) for each in band(values))
    words = sentence.format(value=median) + f" Above {threshold:g} counts as collapse."
    return Score(name, median, lower, upper, threshold, median > threshold, words)


def _below(name: str, values: np.ndarray, threshold: float, sentence: str) -> Score:
    median, lower, upper = (float(each) for each in band(values))
    words = sentence.format(value=median) + f" Below {threshold:g} counts as collapse."
    return Score(name, median, lower, upper, threshold, median < threshold, words)


def _unless_chance(score: Score, signed: np.ndarray) -> Score:
    """No verdict where a two-sided sign test over several runs finds no direction at 5 %."""
    positive, n_runs = int((signed > 0).sum()), len(signed)
    if n_runs > 1 and stats.binomtest(positive, n_runs).pvalue > 0.05:
        return _untold(score, f"It is up in {positive} of {n_runs} runs: that may be chance.")
    return score


def _untold(score: Score, why: str) -> Score:
    return Score(
        score.name,
        score.value,
        score.lower,
        score.upper,
        score.threshold,
        None,
        f"{score.sentence} {why}",
    )
