"""Eight definitions of model collapse, each a score of one loop: a profile, not a verdict.

Schaeffer, Kazdan, Arulandu and Koyejo (arXiv:2503.03150) find eight meanings of "model collapse" in
the literature and propose to report which of them hold. The labels below are theirs. They set no
numbers: the scores and every threshold are ours, and thresholds are arguments.

Scores take plain arrays over R runs and T generations. The value is the median over the runs, the
band holds their middle 80 %. One rule for all eight verdicts: the loop has collapsed where the
median lies beyond the threshold, and it cannot be told ("None") where chance could have put it on
the other side, that is, where the 95 % confidence interval of the median holds the threshold. More
runs tell more. With fewer than six runs all of them must lie on one side.
"""

from collections.abc import Mapping

import numpy as np

from collapse_lib.arguments import (
    as_floats,
    check_choice,
    check_count,
    check_number,
    check_numbers,
    check_same_shape,
    check_type,
)
from collapse_lib.verdicts.score import Score, above, below, beyond, untold

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


def catastrophic_increase(risk, threshold: float = 10.0) -> Score:
    """Definition 1: the risk at the end, in multiples of that of generation 1; above is collapse.

    risk: (R, T) excess population risk, 0 for the truth itself, such as KL(truth || model). It may
    become infinite. Raises ValueError where it is not above 0 and finite at generation 1.
    """
    first, last = _ends("catastrophic_increase.risk", risk, above=0)
    return above(
        "Catastrophic increase of population risk",
        last / first,
        threshold,
        "The risk ends at {value:.3g} times that of generation 1.",
    )


def any_increase(risk, threshold: float = 0.0) -> Score:
    """Definition 2: how much the risk has grown since generation 1; above is collapse.

    risk: (R, T); it may become infinite. Raises ValueError where it is infinite at generation 1.
    """
    first, last = _ends("any_increase.risk", risk, above=-np.inf)
    return above(
        "Any increase of population risk",
        last - first,
        threshold,
        "The risk changes by {value:+.3g} from generation 1 to the last.",
    )


def diverging_risk(risk, threshold: float = 0.25) -> Score:
    """Definition 3: the power of t with which the risk still grows over the second half of the run;
    above is collapse.

    risk: (R, T). With h = T // 2, ln(risk at T / risk at h) / ln(T / h): 1 for a risk that grows in
    proportion to t, 0 for one that has levelled off, inf for one that has become infinite. A finite
    run cannot show divergence; this says whether the growth had stopped. No verdict for fewer than
    8 generations. Raises ValueError where the risk is not above 0 at h and T.
    """
    risk = _paths("diverging_risk.risk", risk)
    name = "Asymptotically diverging population risk"
    last = risk.shape[1]
    if last < 8:
        return untold(name, threshold, "The run is shorter than 8 generations.")
    half = last // 2
    then, now = risk[:, half - 1], risk[:, -1]
    for t, risk_then in ((half, then), (last, now)):
        check_numbers(f"diverging_risk.risk at generation {t}", risk_then, above=0, infinite=True)
    infinite = np.isinf(now)
    growth = np.log(np.where(infinite, 1.0, now)) - np.log(np.where(infinite, 1.0, then))
    return above(
        name,
        np.where(infinite, np.inf, growth / np.log(last / half)),
        threshold,
        "Over the second half of the run the risk grows as the power {value:.2f} of t.",
    )


def collapsing_variance(variance, threshold: float = 0.5) -> Score:
    """Definition 4: the variance at the end as a share of the real one; below is collapse.

    variance: (R, T), 1 = that of the real data.
    """
    return below(
        "Collapsing variance",
        _last("collapsing_variance.variance", variance),
        threshold,
        "The variance ends at {value:.3g} of the real one.",
    )


def scaling_change(n_samples, risk, threshold: float = 0.25) -> Score:
    """Definition 5: by how much the slope of ln risk against ln n has changed since generation 1;
    further from 0 than the threshold is collapse.

    n_samples: (F,) rows a generation; risk: (F, R, T), one loop for each. The slope is fitted by
    least squares run by run: -1 for a regular model of real rows. A steeper slope is a change too:
    where rows are few the loop has gone further. No verdict from one size, nor where a risk has
    become infinite. Raises ValueError for sizes that are not above 0, no two of which differ, or a
    risk that is NaN or not above 0 at the first or the last generation.
    """
    n = as_floats("scaling_change.n_samples", n_samples)
    risk = as_floats("scaling_change.risk", risk)
    threshold = check_number("scaling_change.threshold", threshold, infinite=True)
    if risk.ndim != 3 or n.shape != risk.shape[:1]:
        raise ValueError(
            "scaling_change needs n_samples (F,) and risk (F, R, T); got shapes "
            f"{n.shape} and {risk.shape}."
        )
    name = "Change in scaling law"
    if len(n) < 2:
        return untold(name, threshold, "One size has no slope.")
    check_numbers("scaling_change.n_samples", n, above=0)
    check_count("The number of different scaling_change.n_samples", len(set(n)), least=2)
    ends = risk[..., [0, -1]]  # (F, R, 2)
    whose = "scaling_change.risk at the first and the last generation"
    check_numbers(whose, ends, above=0, infinite=True)
    if np.isinf(ends).any():
        return untold(name, threshold, "An infinite risk has no slope.")
    log_n = np.log(n) - np.log(n).mean()
    slopes = np.einsum("f,frt->rt", log_n, np.log(ends)) / (log_n @ log_n)  # (R, 2)
    first, last = np.median(slopes, axis=0)
    return beyond(
        name,
        slopes[:, 1] - slopes[:, 0],
        threshold,
        f"The slope of ln risk against ln n goes from {first:.2f} to {last:.2f}. A change of more "
        f"than {threshold:g} either way counts as collapse.",
        lambda change: np.sign(change) * (abs(change) > threshold),
    )


def lost_tails(tail, threshold: float = 0.5) -> Score:
    """Definition 6: the recall of the real tails at the end; below is collapse.

    tail: (R, T), 1 = as in the real data.
    """
    return below(
        "Disappearance of real tail data",
        _last("lost_tails.tail", tail),
        threshold,
        "The model ends with {value:.3g} of the real tails' mass.",
    )


def hallucinated_mass(outside, threshold: float = 0.01) -> Score:
    """Definition 7: the model's mass where the truth has next to none; above is collapse.

    outside: (R, T) shares, of a region whose real mass should be well below the threshold, such as
    0.001 for the default.
    """
    return above(
        "Appearance of hallucinated data",
        _last("hallucinated_mass.outside", outside),
        threshold,
        "The model ends with a share {value:.3g} of its mass where real data hardly lie.",
    )


def entangled_modes(overlap, threshold: float = 0.5) -> Score:
    """Definition 8: how far the valley between two real modes has filled up; above is collapse.

    overlap: (R, T), the density in the valley over that at the lower peak, the worst pair of
    neighbours; nan where no two neighbours are left: a lost mode is not an entangled one. Runs that
    end with nan are left out, and there is no verdict where most do.
    """
    final = _last("entangled_modes.overlap", overlap, missing=True)
    name, left = "Entanglement of real data modes", final[~np.isnan(final)]
    if 2 * len(left) < len(final):
        lost = f"{len(final) - len(left)} of {len(final)} runs"
        return untold(name, threshold, f"In {lost} no two neighbouring modes are left.")
    return above(
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
    given = {
        "risk": risk, "variance": variance, "tail": tail, "outside": outside, "overlap": overlap
    }  # fmt: skip
    arrays = {name: as_floats(f"profile.{name}", values) for name, values in given.items()}
    check_same_shape("profile", **arrays)
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
    chosen = {
        name: {"threshold": value}
        for name, value in check_type("profile.thresholds", thresholds or {}, Mapping).items()
    }
    for name in chosen:
        check_choice("a name in profile.thresholds", name, [score.__name__ for score in calls])
    return [score(*arrays, **chosen.get(score.__name__, {})) for score, arrays in calls.items()]


def _paths(owner: str, values, *, missing: bool = False) -> np.ndarray:
    """(R, T) floats; nan only where it may be missing."""
    array = as_floats(owner, values)
    known = np.where(np.isnan(array), 0, array) if missing else array
    check_numbers(owner, known, axes=2, infinite=True)
    return array


def _last(owner: str, values, *, missing: bool = False) -> np.ndarray:
    """(R,) what the runs end with."""
    return _paths(owner, values, missing=missing)[:, -1]


def _ends(owner: str, risk, *, above: float) -> tuple[np.ndarray, np.ndarray]:
    """(R,) risks of the first generation, finite and above a number, and of the last."""
    risk = _paths(owner, risk)
    check_numbers(f"{owner} at generation 1", risk[:, 0], above=above)
    return risk[:, 0], risk[:, -1]
