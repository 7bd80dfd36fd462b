"""compare: two loops, run by run."""

from typing import NamedTuple

import numpy as np

from collapse_lib.arguments import (
    check_columns,
    check_count,
    check_number,
    check_numbers,
    check_type,
)

__all__ = ["Comparison", "compare"]


class Comparison(NamedTuple):
    """The mean of the differences b - a over pairs of runs, and the ends of its interval."""

    difference: float
    lower: float
    upper: float
    n_pairs: int

    def __str__(self) -> str:
        return (
            f"{self.difference:+.3g} (from {self.lower:+.3g} to {self.upper:+.3g}, "
            f"{self.n_pairs} pairs of runs)"
        )


def compare(a, b, measure: str, *, generation: int | None = None, level: float = 0.95):
    """How much a measure differs between two loops, paired by replicate; returns a Comparison.

    a, b: tidy frames as `sweep` and `to_frame` give them, whose replicates share their seeds, so
        that chance which both have in common falls out.
    measure: a column of both. generation: at which they are compared, else the last that both have.
    level: of the interval, Student's for the mean of the paired differences.

    Raises ValueError for a column that is missing, a run with several rows at that generation, no
    such generation, fewer than two replicates in common, or a measure that is NaN or infinite in
    one of them.
    """
    from scipy import stats

    check_number("compare: level", level, above=0, most=1 - 1e-9)
    check_type("compare: measure", measure, str)
    columns = ("replicate", "generation", measure)
    for name, frame in (("a", a), ("b", b)):
        check_columns(f"compare: {name}", frame, *columns)
    if generation is not None:
        generation = check_count("compare: generation", generation)
    shared = sorted(set(a["generation"]) & set(b["generation"]))
    if not shared or generation not in (None, *shared):
        raise ValueError(
            f"compare: both frames must have generation {generation or '1 or more'}; they share "
            f"{len(shared)} generations."
        )
    at = shared[-1] if generation is None else generation
    chosen = [frame[frame["generation"] == at].set_index("replicate")[measure] for frame in (a, b)]
    for name, column in zip("ab", chosen, strict=True):
        if column.index.has_duplicates:
            raise ValueError(
                f"compare: {name} must have one row a replicate at generation {at}; choose the "
                "rows of one setting."
            )
    both = chosen[0].index.intersection(chosen[1].index)
    check_count("compare: replicates in both frames", len(both), least=2)
    values = [
        check_numbers(f"compare: {measure} of {name} at generation {at}", column[both])
        for name, column in zip("ab", chosen, strict=True)
    ]
    gaps = values[1] - values[0]
    error = gaps.std(ddof=1) / np.sqrt(len(gaps))
    reach = stats.t.ppf((1 + level) / 2, len(gaps) - 1) * error
    mean = float(gaps.mean())
    return Comparison(mean, float(mean - reach), float(mean + reach), len(gaps))
