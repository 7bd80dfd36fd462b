"""A score of a loop over several runs: median, band and verdict."""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

import numpy as np
from scipy import stats

from collapse_lib.arguments import check_number, check_several, check_type

__all__ = ["Score", "above", "below", "beyond", "profile_frame", "untold"]

VERDICTS = {True: "collapsed", False: "not collapsed", None: "cannot tell"}


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

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        return VERDICTS[self.collapsed]

    def __str__(self) -> str:
        return f"{self.name}: {self.verdict}. {self.sentence}"


def profile_frame(profiles: Mapping[str, Iterable[Score]] | Iterable[Score]):
    """Profiles as a tidy pandas.DataFrame, one row a score: `loop`, if profiles maps the name of a
    loop to its scores; `meaning`, the name of the score; value, lower, upper, threshold, collapsed
    and sentence, as in Score; and `verdict`: "collapsed", "not collapsed" or "cannot tell".
    """
    import pandas as pd

    named = isinstance(profiles, Mapping)
    for scores in profiles.values() if named else [profiles]:
        for score in check_several("profile_frame.profiles", scores):
            check_type("profile_frame.profiles: a score", score, Score)
    rows = [
        ({"loop": loop} if named else {}) | asdict(score) | {"verdict": score.verdict}
        for loop, scores in (profiles if named else {"": profiles}).items()
        for score in scores
    ]
    return pd.DataFrame(rows).rename(columns={"name": "meaning"})


def above(name: str, values: np.ndarray, threshold: float, sentence: str) -> Score:
    """A score of (R,) values, one a run; above the threshold is collapse."""
    return _one_side("Above", operator.gt, name, values, threshold, sentence)


def below(name: str, values: np.ndarray, threshold: float, sentence: str) -> Score:
    """A score of (R,) values, one a run; below the threshold is collapse."""
    return _one_side("Below", operator.lt, name, values, threshold, sentence)


def beyond(
    name: str, values: np.ndarray, threshold: float, sentence: str, side: Callable[[float], float]
) -> Score:
    """A score of (R,) values, one a run; side(value) is 0 where a value is no collapse.

    sentence: may hold {value}, the median. The verdict is that of the median, and None where the
    95 % confidence interval of the median holds values of another side: then chance could have put
    it there.
    """
    lower, median, upper = (float(each) for each in _quantiles(values, [0.1, 0.5, 0.9]))
    ends = _interval(values)
    words = sentence.format(value=median)
    if side(ends[0]) == side(ends[1]) == side(median):
        return Score(name, median, lower, upper, threshold, bool(side(median)), words)
    words += (
        f" With {len(values)} runs the median may lie anywhere from {ends[0]:.3g} to "
        f"{ends[1]:.3g}, on either side of that."
    )
    return Score(name, median, lower, upper, threshold, None, words)


def untold(name: str, threshold: float, why: str) -> Score:
    """A score without a value, and why."""
    check_number(f"{name}: threshold", threshold, infinite=True)
    return Score(name, np.nan, np.nan, np.nan, threshold, None, why)


def _one_side(which, lies, name, values, threshold, sentence) -> Score:
    threshold = check_number(f"{name}: threshold", threshold, infinite=True)
    words = f"{sentence} {which} {threshold:g} counts as collapse."
    return beyond(name, values, threshold, words, lambda value: lies(value, threshold))


def _interval(values: np.ndarray) -> tuple[float, float]:
    """The 95 % confidence interval of the median, from the ordered runs (the sign test, inverted);
    the whole range where there are too few for one. Source: Conover, Practical Nonparametric
    Statistics (1999), section 3.2."""
    ordered, n_runs = np.sort(values), len(values)
    left_out = max(int(stats.binom.ppf(0.025, n_runs, 0.5)), 1) - 1
    return float(ordered[left_out]), float(ordered[n_runs - 1 - left_out])


def _quantiles(values: np.ndarray, shares) -> np.ndarray:
    """np.quantile, for values that may be infinite: between a finite and an infinite one lies the
    infinite one."""
    below = np.quantile(values, shares, method="lower")
    above = np.quantile(values, shares, method="higher")
    with np.errstate(invalid="ignore"):
        between = np.quantile(values, shares)
    either = np.where(np.isinf(above), above, below)
    return np.where(np.isfinite(below) & np.isfinite(above), between, either)
