"""Categorical: the frequencies of K categories; its loop is the genetics of drift."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count
from collapse_lib.models.base import check_fitted, check_number, check_rows

__all__ = ["Categorical", "log_probabilities", "tempered", "whole_categories"]


@dataclass
class Categorical:
    """Distribution over categories 0 .. K-1, rows (n,) of ints, fitted by maximum likelihood.

    n_categories: K, or None for one more than the largest category in the rows.
    temperature: samples are drawn from p^(1/temperature), normalised; 1 is unbiased.

    Learned: probabilities_ (K,), before any temperature. A category with probability 0 is never
    sampled again, at any temperature.
    """

    n_categories: int | None = None
    temperature: float = 1.0

    def fit(self, rows, *, rng=None, sample_weight=None):
        if self.n_categories is not None:
            check_count("Categorical.n_categories", self.n_categories, least=1)
        check_number("Categorical.temperature", self.temperature, above=0)
        rows = self._whole(check_rows(self, rows, ndim=(1,)))
        counts = np.bincount(rows, weights=sample_weight, minlength=self.n_categories or 0)
        self.probabilities_ = counts / counts.sum()  # (K,)
        return self

    def sample(self, n, *, rng):
        check_fitted(self, "probabilities_")
        p = tempered(self.probabilities_, self.temperature)
        return rng.choice(len(p), size=n, p=p)

    def score_samples(self, rows):
        """(n,) natural log probabilities, -inf for a category that the fit did not see."""
        check_fitted(self, "probabilities_")
        rows = self._whole(check_rows(self, rows, least=0, ndim=(1,)))
        return log_probabilities(self.probabilities_, rows)

    def _whole(self, rows: np.ndarray) -> np.ndarray:
        return whole_categories("Categorical.fit", rows, self.n_categories)


def whole_categories(whose: str, rows: np.ndarray, n_categories: int | None) -> np.ndarray:
    """Rows (n,) of numbers as ints from 0 to n_categories - 1, or from 0 on for None; raises
    ValueError for any other."""
    most = np.inf if n_categories is None else n_categories - 1
    whole = rows.astype(np.int64)
    bad = (rows != whole) | (rows < 0) | (rows > most)
    if bad.any():
        allowed = "0 or more" if np.isinf(most) else f"from 0 to {most}"
        raise ValueError(
            f"{whose} needs whole numbers {allowed}; {bad.sum()} of {len(rows)} rows "
            f"are not (the first is {rows[bad.argmax()]:g})."
        )
    return whole


def log_probabilities(p: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """(n,) natural logs of p (K,) at the categories rows (n,); -inf where p is 0 or ends before."""
    known = rows < len(p)
    found = np.where(known, p[np.where(known, rows, 0)], 0.0)  # (n,)
    with np.errstate(divide="ignore"):
        return np.log(found)


def tempered(p: np.ndarray, temperature: float) -> np.ndarray:
    """p^(1/temperature) over the last axis, normalised; zeros stay zero. p: (..., K)."""
    check_number("temperature", temperature, above=0)
    if temperature == 1:
        return p
    with np.errstate(divide="ignore", over="ignore"):
        logits = np.log(p)
        weights = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
