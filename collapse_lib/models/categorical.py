"""Categorical: the frequencies of K categories; its loop is the genetics of drift."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_number, check_rows
from collapse_lib.models.base import Learned, check_fields, check_indices

__all__ = ["Categorical", "Categories", "tempered"]


class Categories:
    """What a model of rows (n,) of whole numbers does that has learned probabilities_ (K,)."""

    temperature = 1.0
    probabilities_ = Learned()

    def sample(self, n, *, rng):
        n = check_count(f"{type(self).__name__}.sample.n", n)
        p = tempered(self.probabilities_, self.temperature)
        return rng.choice(len(p), size=n, p=p)

    def score_samples(self, rows):
        """(n,) natural log probabilities, before any temperature; -inf for a category that has
        none, or that lies beyond those known."""
        rows = self._whole("score_samples", rows, self.n_categories, least=0)
        p = self.probabilities_
        known = rows < len(p)
        with np.errstate(divide="ignore"):
            return np.log(np.where(known, p[np.where(known, rows, 0)], 0.0))

    def _whole(self, method: str, rows, n_categories: int | None, least: int = 1) -> np.ndarray:
        whose = f"{type(self).__name__}.{method}"
        return check_indices(whose, check_rows(whose, rows, least=least, ndim=(1,)), n_categories)


@dataclass
class Categorical(Categories):
    """Distribution over categories 0 .. K-1, rows (n,) of ints, fitted by maximum likelihood.

    n_categories: K, or None for one more than the largest category in the rows.
    temperature: samples are drawn from p^(1/temperature), normalised; 1 is unbiased.

    Learned: probabilities_ (K,), before any temperature. A category with probability 0 is never
    sampled again, at any temperature.
    """

    n_categories: int | None = None
    temperature: float = 1.0

    def fit(self, rows, *, rng=None, sample_weight=None):
        check_fields(self, check_count, "n_categories", least=1)
        check_fields(self, check_number, "temperature", above=0)
        rows = self._whole("fit", rows, self.n_categories)
        counts = np.bincount(rows, weights=sample_weight, minlength=self.n_categories or 0)
        self.probabilities_ = counts / counts.sum()  # (K,)
        return self


def tempered(p: np.ndarray, temperature: float) -> np.ndarray:
    """p^(1/temperature) over the last axis, normalised; zeros stay zero. p: (..., K)."""
    check_number("temperature", temperature, above=0)
    if temperature == 1:
        return p
    with np.errstate(divide="ignore", over="ignore"):
        logits = np.log(p)
        weights = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
