"""Sizes that grow with the generation."""

from dataclasses import dataclass

from collapse_lib.arguments import check_count, check_number

__all__ = ["Growing"]


@dataclass(frozen=True)
class Growing:
    """A size that grows with the generation: size(t) = round(first * t**power) rows.

    Give it as n_samples or n_fresh. With a power above 1 the sum of 1/size(t) is finite, so that
    under Replace some diversity stays for ever (`collapse_lib.theory.heterozygosity_with_sizes`);
    up to 1 all is lost in the end, however late.

    first: rows at t = 1, a whole number of 1 or more. power: a finite number of at least 0.

    Raises ValueError outside these ranges.

    Source: growing samples as in Xu, He and Cheng, arXiv:2505.13947.
    """

    first: int
    power: float

    def __post_init__(self):
        object.__setattr__(self, "first", check_count("Growing.first", self.first, least=1))
        check_number("Growing.power", self.power, least=0)

    def __call__(self, t: int) -> int:
        return round(self.first * t**self.power)
