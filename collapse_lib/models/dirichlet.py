"""DirichletCategorical: categories with a prior; its loop is iterated learning."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_numbers, check_type
from collapse_lib.models.base import check_fields
from collapse_lib.models.categorical import Categories

__all__ = ["DirichletCategorical"]


@dataclass(eq=False)
class DirichletCategorical(Categories):
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
        rows = self._whole("fit", rows, n_categories)
        self.concentration_ = np.bincount(rows, minlength=n_categories or 0) + prior  # (K,)
        if self.posterior:
            possible = self.concentration_ > 0
            self.probabilities_ = np.zeros(len(possible))
            self.probabilities_[possible] = rng.dirichlet(self.concentration_[possible])
        else:
            self.probabilities_ = self.concentration_ / self.concentration_.sum()
        return self

    def _checked_parameters(self):
        """The prior as an array and K, or None."""
        check_fields(self, check_type, "posterior", kind=(bool, np.bool_))
        axes = 1 if np.ndim(self.prior) else None
        whose = "DirichletCategorical.prior"
        prior = check_numbers(whose, self.prior, axes=axes, least=0)
        check_fields(self, check_count, "n_categories", least=1)
        if prior.ndim and self.n_categories not in (None, len(prior)):
            raise ValueError(
                f"DirichletCategorical.n_categories must be {len(prior)}, the length of prior, or "
                f"None; got {self.n_categories}."
            )
        return prior, len(prior) if prior.ndim else self.n_categories
