"""LinearClassifier: inputs and a label of 0 or 1, refitted to its own labels."""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from collapse_lib.arguments import check_count, check_number, check_share, check_type
from collapse_lib.models.base import Learned, check_fields, check_indices
from collapse_lib.models.linear import inputs_and_target, inputs_to_label

__all__ = ["LinearClassifier"]


@dataclass(eq=False)
class LinearClassifier:
    """Rows (n, d + 1): d inputs and, last, a label of 0 or 1. Fitted by logistic regression without
    intercept; give a column of ones for one.

    penalty: lambda of lambda |weights|^2 / 2 added to minus the log-likelihood; the default is
        felt only where a line parts the labels, and 0 would let the weights run to infinity.
    argmax: False draws a label with its predicted probability; True takes the likelier one.
    label_noise: probability that a sampled label is then turned over.
    design: (m, d) inputs that are labelled anew each time, in random order, so that every
        generation relabels the same inputs (samples then have m rows); None for new standard
        normal inputs at each sample.

    Learned: weights_ (d,).

    Source: the relabelling loop is that of Dey and Donoho, arXiv:2410.22812.
    """

    penalty: float = 1e-6
    argmax: bool = False
    label_noise: float = 0.0
    design: np.ndarray | None = None
    weights_ = Learned()

    def fit(self, rows, *, rng=None, sample_weight=None):
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        check_fields(self, check_number, "penalty", least=0)
        check_fields(self, check_type, "argmax", kind=(bool, np.bool_))
        check_fields(self, check_share, "label_noise")
        inputs, labels = _split("LinearClassifier.fit", rows, least=2)
        if np.ptp(labels) == 0:
            raise ValueError(
                f"LinearClassifier.fit needs rows of both labels; all {len(labels)} have label "
                f"{labels[0]:g}. Give it more rows."
            )
        c = np.inf if self.penalty == 0 else 1 / self.penalty
        logistic = LogisticRegression(C=c, fit_intercept=False, solver="newton-cholesky", tol=1e-8)
        with warnings.catch_warnings():
            # A loop on its own labels ends at labels that a line parts, where nothing converges.
            warnings.simplefilter("ignore", ConvergenceWarning)
            self.weights_ = logistic.fit(inputs, labels, sample_weight).coef_[0]  # (d,)
        return self

    def sample(self, n, *, rng):
        n = check_count("LinearClassifier.sample.n", n)
        inputs = inputs_to_label(self, n, rng)
        p = self.label_probabilities(inputs)
        labels = p > 0.5 if self.argmax else rng.random(n) < p
        if self.label_noise:
            labels = labels ^ (rng.random(n) < self.label_noise)
        return np.column_stack([inputs, labels.astype(float)])

    def label_probabilities(self, inputs):
        """(n,) predicted probability of label 1, before any label noise; inputs: (n, d)."""
        return expit(inputs @ self.weights_)

    def score_samples(self, rows):
        """(n,) natural log probability of the label given its inputs, before any label noise."""
        inputs, labels = _split("LinearClassifier.score_samples", rows, least=0)
        return -np.logaddexp(0, (1 - 2 * labels) * (inputs @ self.weights_))


def _split(whose: str, rows, least: int):
    """Inputs (n, d) and labels (n,), which are 0 or 1."""
    inputs, labels = inputs_and_target(whose, rows, least)
    return inputs, check_indices(f"{whose}: the last column", labels, 2)
