"""DirichletCategorical: categories with a prior; its loop is iterated learning."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_choice, check_count, check_numbers, check_type
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
        check_fields(self, check_type, "posterior", kind=(bool, np.bool_))
        check_fields(self, check_count, "n_categories", least=1)
        prior = check_numbers("DirichletCategorical.prior", self.prior, least=0)
        prior = check_numbers("DirichletCategorical.prior", prior, axes=1) if prior.ndim else prior
        n_categories = self.n_categories
        if prior.ndim:
            check_fields(self, check_choice, "n_categories", allowed=(None, len(prior)))
            n_categories = len(prior)
        rows = self._whole("fit", rows, n_categories)
        self.concentration_ = np.bincount(rows, minlength=n_categories or 0) + prior  # (K,)
        if self.posterior:
            possible = self.concentration_ > 0
            self.probabilities_ = np.zeros(len(possible))
            self.probabilities_[possible] = rng.dirichlet(self.concentration_[possible])
        else:
            self.probabilities_ = self.concentration_ / self.concentration_.sum()
        return self
