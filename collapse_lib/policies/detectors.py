"""What decides inside Filtered and Weighted: detectors, verifiers and weights.

Keepers are called as keep(dataset, rng) -> (n,) bool, for Filtered; weighers as
weight(dataset, rng) -> (n,) numbers of at least 0, for Weighted. None of them is a policy.

    Detector, HumanWeight   detectors of synthetic rows with known error rates: they read the true
                            origin and err on purpose. Stand-ins, so that the effect of the error
                            rates can be seen; no real detector sees the origin
    Ball, NoisyVerifier     verifiers: synthetic rows must pass a test, real rows need not
    GoldenWeight            the best weight of real rows for the mean of a Gaussian

Their theory is in `collapse_lib.theory` (detection, verification, golden_weight).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import LARGEST, check_callable, check_number, check_numbers, check_share
from collapse_lib.policies.base import per_row

__all__ = ["Ball", "Detector", "GoldenWeight", "HumanWeight", "NoisyVerifier"]


@dataclass(frozen=True)
class Detector:
    """Keeper: drops what a detector with known error rates flags as synthetic.

    hit_rate: probability in [0, 1] that a synthetic row is flagged.
    false_alarm_rate: probability in [0, 1] that a real row is flagged.

    With partial adoption the hit rate is adoption times that of marked rows. Real share after it:
    `collapse_lib.theory.real_share_after`.
    """

    hit_rate: float
    false_alarm_rate: float

    def __post_init__(self):
        check_share("Detector.hit_rate", self.hit_rate)
        check_share("Detector.false_alarm_rate", self.false_alarm_rate)

    def __call__(self, dataset, rng):
        chance = _by_origin(dataset, self.false_alarm_rate, self.hit_rate)
        return rng.random(len(dataset)) >= chance


@dataclass(frozen=True)
class Ball:
    """Keeper: a verifier that lets pass synthetic rows near what it holds to be true.

    centre: a number for rows (n,), d numbers for rows (n, d).
    radius: greatest Euclidean distance from the centre, above 0. Real rows always pass.

    Where the loop goes: `collapse_lib.theory.verified_normal`. Source: Yi, Liu, Cheng and Xu,
    arXiv:2510.16657.
    """

    centre: float | tuple[float, ...]
    radius: float

    def __post_init__(self):
        axes = 1 if np.ndim(self.centre) else None
        centre = check_numbers("Ball.centre", self.centre, axes=axes, least=-LARGEST, most=LARGEST)
        plain = tuple(centre.tolist()) if centre.ndim else float(centre)
        object.__setattr__(self, "centre", plain)
        object.__setattr__(self, "radius", check_number("Ball.radius", self.radius, above=0))

    def __call__(self, dataset, rng):
        rows, centre = dataset.rows, np.asarray(self.centre)
        if rows.shape[1:] != centre.shape:
            raise ValueError(
                f"Ball.centre must have the shape of one row, {rows.shape[1:]}; got {centre.shape}."
            )
        gap = (rows - centre).reshape(len(rows), -1)  # (n, d)
        return (np.linalg.norm(gap, axis=1) <= self.radius) | (dataset.origin == 0)


@dataclass(frozen=True)
class NoisyVerifier:
    """Keeper: a verifier of synthetic rows that errs in both directions.

    correct: correct(rows) -> (n,) bool, what is true of the rows.
    keep_correct, keep_wrong: probabilities in [0, 1] that a correct and a wrong synthetic row are
        kept (phi and psi). Real rows always pass.

    Where it stops to help: `collapse_lib.theory.breakdown_point`. Source: Feng, Dohmatob, Yang,
    Charton and Kempe, arXiv:2406.07515.
    """

    correct: Callable[[np.ndarray], np.ndarray]
    keep_correct: float
    keep_wrong: float

    def __post_init__(self):
        check_callable("NoisyVerifier.correct", self.correct, "correct(rows)")
        check_share("NoisyVerifier.keep_correct", self.keep_correct)
        check_share("NoisyVerifier.keep_wrong", self.keep_wrong)

    def __call__(self, dataset, rng):
        said = self.correct(dataset.rows)
        correct = per_row("NoisyVerifier.correct", said, "rows", len(dataset), "b")
        passed = rng.random(len(dataset)) < np.where(correct, self.keep_correct, self.keep_wrong)
        return passed | (dataset.origin == 0)


@dataclass(frozen=True)
class HumanWeight:
    """Weigher: how much more likely a row's detector score is if it is real.

    Scores are drawn by origin: normal with variance 1 around d_prime/2 for real rows and around
    -d_prime/2 for synthetic ones. The weight is p(score | real)/p(score | synthetic) =
    exp(d_prime * score), up to one factor that all rows share.

    d_prime: distance of the two means in standard deviations, 0 or more; 0 weighs all rows alike.

    Real share by weight: `collapse_lib.theory.real_share_weighted`. Source: Drayson, Yilmaz and
    Lampos, arXiv:2502.15654, who resample in proportion to such weights: Resampled(Weighted(...)).
    """

    d_prime: float

    def __post_init__(self):
        object.__setattr__(
            self, "d_prime", check_number("HumanWeight.d_prime", self.d_prime, least=0, most=1e6)
        )

    @property
    def auroc(self) -> float:
        """Probability that a real row scores above a synthetic one, Phi(d_prime / sqrt 2)."""
        return (1 + math.erf(self.d_prime / 2)) / 2

    def __call__(self, dataset, rng):
        mean = _by_origin(dataset, self.d_prime / 2, -self.d_prime / 2)
        log_ratio = self.d_prime * rng.normal(mean)  # (n,)
        return np.exp(log_ratio - log_ratio.max(initial=-np.inf))  # or a good detector overflows


@dataclass(frozen=True)
class GoldenWeight:
    """Weigher: all real rows together weigh `share`, the synthetic rows the rest.

    share: a number in [0, 1], or None for w* = (sqrt(1 + 4k) - 1)/(2k) with k the number of
        synthetic rows for each real one (`collapse_lib.theory.golden_weight`): best for the mean
        of a Gaussian with new real rows in every generation, which is what FreshReal gives.

    Raises ValueError naming the generation when there are no real rows to weigh.

    Source: He, Xu and Cheng, arXiv:2502.18049.
    """

    share: float | None = None

    def __post_init__(self):
        if self.share is not None:
            check_share("GoldenWeight.share", self.share)

    def __call__(self, dataset, rng):
        real = dataset.origin == 0
        n_real, n_synthetic = int(real.sum()), int((~real).sum())
        if not n_real:
            generation = int(dataset.origin.max(initial=0)) + 1
            raise ValueError(
                f"GoldenWeight needs real rows, but none of the {n_synthetic} rows of generation "
                f"{generation} is real; wrap a policy that has some, such as FreshReal(0.5)."
            )
        share = 2 / (1 + math.sqrt(1 + 4 * n_synthetic / n_real))  # w*, defined at k = 0 too
        if self.share is not None:
            share = self.share if n_synthetic else 1.0
        return np.where(real, share / n_real, (1 - share) / max(n_synthetic, 1))


def _by_origin(dataset, real: float, synthetic: float) -> np.ndarray:
    return np.where(dataset.origin == 0, real, synthetic)
