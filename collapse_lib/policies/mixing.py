"""The six policies that mix real rows and samples of the generations so far.

They use a handful of verbs only (of_origin, subsample, concat, from_generation, pool).
`collapse_lib.exact` offers the same verbs on sufficient statistics, so the very same objects run
there at any n.
"""

from dataclasses import dataclass
from typing import ClassVar

from collapse_lib.arguments import check_count, check_share
from collapse_lib.policies.base import Policy, concat, newest, pool

__all__ = [
    "Accumulate",
    "AccumulateSubsample",
    "Anchored",
    "FreshReal",
    "Latest",
    "MixReal",
    "Replace",
]


@dataclass(frozen=True)
class Replace(Policy):
    """The newest samples only: the regime of the collapse theorems (Shumailov et al. 2024)."""

    newest_only: ClassVar[bool] = True

    def __call__(self, history, source, rng):
        return newest(history)


@dataclass(frozen=True)
class Latest(Policy):
    """All that was published last: the newest samples and the new real rows beside them (n_fresh
    of the loop)."""

    newest_only: ClassVar[bool] = True

    def __call__(self, history, source, rng):
        return history[-1]


@dataclass(frozen=True)
class Accumulate(Policy):
    """Everything published so far (Gerstgrasser et al., arXiv:2404.01413). With n_fresh > 0 real
    data grows beside synthetic data."""

    def __call__(self, history, source, rng):
        return pool(history)


@dataclass(frozen=True)
class AccumulateSubsample(Policy):
    """Everything published so far, thinned without replacement to `budget` rows (None: as many as
    the newest samples), so that compute stays fixed (Kazdan et al., arXiv:2410.16713)."""

    budget: int | None = None

    def __post_init__(self):
        if self.budget is not None:
            budget = check_count("AccumulateSubsample.budget", self.budget, least=1)
            object.__setattr__(self, "budget", budget)

    def __call__(self, history, source, rng):
        everything = pool(history)
        budget = len(newest(history)) if self.budget is None else self.budget
        return everything.subsample(min(budget, len(everything)), rng)


@dataclass(frozen=True)
class MixReal(Policy):
    """round(real_fraction * n) of the ORIGINAL real rows and the rest from the newest samples, n
    rows in all (n: the number of newest samples); a new draw without replacement each
    generation."""

    real_fraction: float
    newest_only: ClassVar[bool] = True

    def __post_init__(self):
        check_share("MixReal.real_fraction", self.real_fraction)

    def __call__(self, history, source, rng):
        original, synthetic = history[0], newest(history)
        n_real = round(self.real_fraction * len(synthetic))
        if n_real > len(original):
            raise ValueError(
                f"MixReal asks for {n_real} original real rows in generation {len(history)} but "
                f"there are {len(original)}; lower real_fraction or n_samples."
            )
        real = original.subsample(n_real, rng)
        return concat(real, synthetic.subsample(len(synthetic) - n_real, rng))


@dataclass(frozen=True)
class FreshReal(Policy):
    """round(real_fraction * n) rows NEWLY drawn from the source each generation and the rest from
    the newest samples, n rows in all: migration, in the words of genetics (Wright 1931)."""

    real_fraction: float
    newest_only: ClassVar[bool] = True

    def __post_init__(self):
        check_share("FreshReal.real_fraction", self.real_fraction)

    def __call__(self, history, source, rng):
        synthetic = newest(history)
        n_real = round(self.real_fraction * len(synthetic))
        if n_real == 0:
            return synthetic
        fresh = type(synthetic).from_generation(source(n_real, rng), 0)
        return concat(fresh, synthetic.subsample(len(synthetic) - n_real, rng))


@dataclass(frozen=True)
class Anchored(Policy):
    """All original real rows plus the newest samples: the synthetic augmentation loop
    (Alemohammad et al., arXiv:2307.01850; Bertrand et al., arXiv:2310.00429)."""

    newest_only: ClassVar[bool] = True

    def __call__(self, history, source, rng):
        return concat(history[0], newest(history))
