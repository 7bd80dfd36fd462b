"""Counts of rows: checked whole numbers, fixed or growing with the generation."""

import math
import operator
from dataclasses import dataclass

__all__ = ["MOST_ROWS", "Growing", "check_count", "size_at"]

MOST_ROWS = 2**63 - 1  # what an int64 count holds


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
        if not isinstance(self.power, (int, float)) or not 0 <= self.power < math.inf:
            raise ValueError(
                f"Growing.power must be a finite number of at least 0; got {self.power!r}."
            )

    def __call__(self, t: int) -> int:
        return round(self.first * t**self.power)


def check_count(name: str, value, *, least: int, most: int = MOST_ROWS) -> int:
    """The value as an int in [least, most], or one sentence (TypeError, ValueError)."""
    try:
        number = operator.index(value)
    except TypeError:
        if isinstance(value, float) and value.is_integer():
            number = int(value)  # 1e6 is a fair way to write a million
        else:
            raise TypeError(f"{name} must be a whole number; got {value!r}.") from None
    if not least <= number <= most:
        limit = f"at least {least}" if number < least else f"at most {most}"
        raise ValueError(f"{name} must be {limit}; got {number}.")
    return number


def size_at(name: str, size, t: int, *, least: int, most: int = MOST_ROWS) -> int:
    """The size at generation t of a size that is an int or a function of t."""
    if callable(size):
        return check_count(f"{name}({t})", size(t), least=least, most=most)
    return check_count(name, size, least=least, most=most)
