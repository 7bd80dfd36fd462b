"""LinearClassifier: inputs and a label of 0 or 1, refitted to its own labels."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from collapse_lib.arguments import check_count, check_number, check_share, check_type
from collapse_lib.metrics._pairs import varies
from collapse_lib.models.base import Learned, check_fields, check_indices
from collapse_lib.models.linear import Relabelling, inputs_and_target

__all__ = ["LinearClassifier"]


@dataclass(eq=False)
class LinearClassifier(Relabelling):
    """Rows (n, d + 1): d inputs and, last, a label of 0 or 1. Fitted by logistic regression without
    intercept; give a column of ones for one.

    penalty: lambda of lambda |weights|^2 / 2 added to minus the log-likelihood, the weights those
        of inputs in units of their root mean square, or, beside a constant column, of their
        standard deviation; that column's weight is free. The default is felt only where a line
        parts the labels, and 0 would let the weights run to infinity.
    argmax: False draws a label with its predicted probability; True takes the likelier one.
    label_noise: probability that a sampled label is then turned over.
    design: the inputs of a sample: None for those that it was fitted to, (m, d) or a source for
        others; see Relabelling.

    Learned: weights_ (d,), inputs_ (n, d).

    Source: the relabelling loop is that of Dey and Donoho, arXiv:2410.22812.
    """

    penalty: float = 1e-6
    argmax: bool = False
    label_noise: float = 0.0
    design: np.ndarray | Callable | None = None
    weights_ = Learned()

    def fit(self, rows, *, rng=None, sample_weight=None):
        check_fields(self, check_number, "penalty", least=0)
        check_fields(self, check_type, "argmax", kind=(bool, np.bool_))
        check_fields(self, check_share, "label_noise")
        inputs, labels = _split("LinearClassifier.fit", rows, least=2)
        if np.ptp(labels) == 0:
            raise ValueError(
                f"LinearClassifier.fit needs rows of both labels; all {len(labels)} have label "
                f"{labels[0]:g}. Give it more rows."
            )
        self._keep(inputs, sample_weight)
        self.weights_ = _weights(inputs, labels, sample_weight, self.penalty)  # (d,)
        return self

    def sample(self, n, *, rng):
        n = check_count("LinearClassifier.sample.n", n)
        inputs = self._inputs(n, rng)
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


def _weights(inputs, labels, sample_weight, penalty: float) -> np.ndarray:
    """(d,) weights of the inputs (n, d), fitted to them in units in which they are near 1."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    constant = ~varies(inputs) & (inputs[0] != 0)
    mean = np.average(inputs, axis=0, weights=sample_weight)
    centre = np.where(constant | (not constant.any()), 0.0, mean)
    unit = np.sqrt(np.average((inputs - centre) ** 2, axis=0, weights=sample_weight))
    unit = np.where(unit, unit, 1.0)
    logistic = LogisticRegression(
        C=np.inf if penalty == 0 else 1 / penalty,
        fit_intercept=bool(constant.any()),
        solver="newton-cholesky",
        tol=1e-8,
    )
    with warnings.catch_warnings():
        # A loop on its own labels ends at labels that a line parts, where nothing converges.
        warnings.simplefilter("ignore", ConvergenceWarning)
        logistic.fit(np.where(constant, 0.0, (inputs - centre) / unit), labels, sample_weight)
    weights = logistic.coef_[0] / unit
    if constant.any():
        level = inputs[0][constant]
        weights[constant] = (logistic.intercept_ - weights @ centre) * level / (level @ level)
    return weights


def _split(whose: str, rows, least: int):
    """Inputs (n, d) and labels (n,), which are 0 or 1."""
    inputs, labels = inputs_and_target(whose, rows, least)
    return inputs, check_indices(f"{whose}: the last column", labels, 2)
