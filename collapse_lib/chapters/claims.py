"""Claim: one number that the book states, and how to compute it again."""

import inspect
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from collapse_lib.discovery import public

__all__ = ["Claim", "Kind", "claim", "claims_of", "number_in"]


class Kind(Enum):
    """How sure a computed number is; what a source alone states is a Quoted."""

    PROVED = "closed form, proved"
    COMPUTED = "computed exactly"
    SIMULATED = "simulated"
    STORED = "measured in a stored run"
    COUNTED = "counted in real data"


@dataclass(frozen=True)
class Claim:
    """One number of the book.

    id: unique, lower-case words joined by dashes.
    kind: how sure it is.
    value: function that computes it, in the unit it is printed in; of a seed where there are
        seeds, and then the claim's value is the mean over them.
    form: format string of the literal, such as "{:.1f} %".
    tolerance: how far the computed value may lie from the printed one; None for half a unit of the
        last digit printed. For simulated values: about 4 standard errors.
    seeds: of the simulation, or none.
    source: the work that states it, or "" where it is the book's own.
    published: the value that the source prints, with published_tolerance for ours against it.
    """

    id: str
    kind: Kind
    value: Callable[..., float]
    form: str
    tolerance: float | None = None
    seeds: tuple[int, ...] = ()
    source: str = ""
    published: float | None = None
    published_tolerance: float = 0.0

    def compute(self, seeds: tuple[int, ...] | None = None) -> float:
        """The value, computed now; under other seeds if some are given."""
        if not self.seeds:
            return float(self.value())
        seeds = seeds or self.seeds
        return float(sum(self.value(seed) for seed in seeds) / len(seeds))

    def literal(self, value: float) -> str:
        return self.form.format(value)

    def allowed(self, literal: str) -> float:
        """How far the computed value may lie from a printed literal."""
        if self.tolerance is not None:
            return self.tolerance
        mantissa, _, exponent = literal.lower().partition("e")
        digits = re.search(r"\.(\d+)", mantissa)
        power = int(re.match(r"[+-]?\d+", exponent)[0]) if exponent else 0
        # A hair more than a half, for values that lie on the rounding boundary.
        return 0.500001 * 10.0 ** (power - (len(digits[1]) if digits else 0))

    def agrees(self, literal: str, value: float) -> bool:
        """Whether the literal is written in the claim's form and lies close enough."""
        written = literal == self.literal(number_in(literal))
        return written and abs(number_in(literal) - value) <= self.allowed(literal)

    def agrees_with_source(self, value: float) -> bool:
        gap = 0.0 if self.published is None else abs(value - self.published)
        return gap <= self.published_tolerance

    @property
    def computed_by(self) -> str:
        """Where the function stands, such as recursion.blue_lost_by_100."""
        module = self.value.__module__.removeprefix("collapse_lib.chapters.")
        return f"{module.removesuffix('.claims')}.{self.value.__name__}"


def claim(kind: Kind, form: str, **about) -> Callable[[Callable], Claim]:
    """Turn a function into a Claim whose id is its name with dashes."""

    def bind(function: Callable[..., float]) -> Claim:
        made = Claim(function.__name__.replace("_", "-"), kind, function, form, **about)
        takes_seed = bool(inspect.signature(function).parameters)
        if takes_seed != bool(made.seeds):
            raise TypeError(
                f"Claim {made.id}: a function of a seed needs seeds=..., and one without a seed "
                "takes none."
            )
        if not math.isfinite(number_in(made.literal(1.0))):
            raise ValueError(f"Claim {made.id}: form {form!r} prints no number.")
        return made

    return bind


def claims_of(chapter: str) -> dict[str, Claim]:
    """id -> Claim for the claims of one chapter; none where the chapter has none."""
    name = chapter.replace("-", "_")
    if not (Path(__file__).parent / name / "claims.py").exists():
        return {}
    found = public(f"{__package__}.{name}", lambda each: isinstance(each, Claim), named="claims")
    return {claim.id: claim for claim in found.values()}


def number_in(literal: str) -> float:
    """The number that a literal prints: "1,234.5 %" -> 1234.5; NaN where there is none."""
    plain = literal.replace(",", "").replace("\N{MINUS SIGN}", "-")
    found = re.search(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", plain, re.IGNORECASE)
    return float(found[0]) if found else math.nan
