"""DirichletCategorical: categories with a prior; its loop is iterated learning."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count
from collapse_lib.models.base import check_fitted, check_rows
from collapse_lib.models.categorical import log_probabilities, whole_categories

__all__ = ["DirichletCategorical"]

OWNER = "DirichletCategorical"


@dataclass(eq=False)
class DirichletCategorical:
    """Categories 0 .. K-1, rows (n,) of ints, learned with a Dirichlet prior.

    prior: rows that the learner believes to have seen of each category before the first: a number
        for all alike, or (K,). Above 0 no category is lost for good; 0 for all is no prior.
    posterior: True draws the probabilities from the posterior at each fit, so that the loop is a
        Gibbs sampler which forgets its start and settles on the prior (Griffiths and Kalish 2007,
        doi:10.1080/15326900701326576). False takes the posterior's mean.
    n_categories: K; or None for the length of `prior` or, where that is a number, for one more
        than the largest category in the rows. The last may lose categories in spite of the prior:
        name K in a loop.

    Learned: concentration_ (K,), counts plus prior, and probabilities_ (K,).
    """

    prior: float | np.ndarray = 1.0
    posterior: bool = True
    n_categories: int | None = None

    def fit(self, rows, *, rng):
        prior, n_categories = self._checked_parameters()
        rows = whole_categories(OWNER, check_rows(self, rows, ndim=(1,)), n_categories)
        self.concentration_ = np.bincount(rows, minlength=n_categories or 0) + prior  # (K,)
        if self.posterior:
            possible = self.concentration_ > 0
            self.probabilities_ = np.zeros(len(possible))
            self.probabilities_[possible] = rng.dirichlet(self.concentration_[possible])
        else:
            self.probabilities_ = self.concentration_ / self.concentration_.sum()
        return self

    def sample(self, n, *, rng):
        check_fitted(self, "probabilities_")
        return rng.choice(len(self.probabilities_), size=n, p=self.probabilities_)

    def score_samples(self, rows):
        """(n,) natural log probabilities, -inf for a category that has none."""
        check_fitted(self, "probabilities_")
        rows = whole_categories(OWNER, check_rows(self, rows, least=0, ndim=(1,)), None)
        return log_probabilities(self.probabilities_, rows)

    def _checked_parameters(self):
        """The prior as an array and K, or None."""
        if not isinstance(self.posterior, (bool, np.bool_)):
            raise TypeError(
                f"DirichletCategorical.posterior must be True or False; got {self.posterior!r}."
            )
        prior = np.asarray(self.prior)
        numbers = prior.dtype.kind in "fiu" and prior.ndim < 2 and prior.size > 0
        if not numbers or not np.all((prior >= 0) & np.isfinite(prior)):
            raise ValueError(
                "DirichletCategorical.prior must be a finite number of 0 or more, or (K,) of them; "
                f"got {self.prior!r}."
            )
        n_categories = self.n_categories
        if n_categories is not None:
            check_count("DirichletCategorical.n_categories", n_categories, least=1)
        if prior.ndim and n_categories not in (None, len(prior)):
            raise ValueError(
                f"DirichletCategorical.n_categories must be {len(prior)}, the length of prior, or "
                f"None; got {n_categories}."
            )
        return prior.astype(float), len(prior) if prior.ndim else n_categories
