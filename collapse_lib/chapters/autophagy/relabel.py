"""Real inputs whose labels are drawn anew from the fitted model: the universality of pi^2/6.

Dey and Donoho, arXiv:2410.22812, predict for any regular model that the error of the newest samples
alone grows by the error of one fit a generation, and that with all data kept it stays within
pi^2/6 of it. Here: logistic regression on measurements of breast tumours.
"""

from dataclasses import dataclass

import numpy as np

from collapse_lib.chapters.agree import same_start
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.loop import run_loop
from collapse_lib.models.classifier import LinearClassifier
from collapse_lib.policies import Accumulate, AccumulateSubsample, Replace

__all__ = [
    "ARMS",
    "COLUMNS",
    "EXPERIMENTS",
    "LogisticRows",
    "divergence",
    "error_ratios",
    "relabelled",
    "tumours",
]

ARMS = {
    "Replace": Replace(),
    "Accumulate": Accumulate(),
    "AccumulateSubsample": AccumulateSubsample(),
}
COLUMNS = ("mean texture", "mean smoothness", "mean symmetry")


@dataclass(frozen=True, eq=False)
class LogisticRows:
    """A source: all inputs of a design, labelled by drawing from known weights.

    design: (m, d). weights: (d,). n must be m.
    """

    design: np.ndarray
    weights: np.ndarray

    def __call__(self, n, rng):
        if n != len(self.design):
            raise ValueError(
                f"LogisticRows has a design of {len(self.design)} inputs and was asked for {n} "
                f"rows; set n_samples and n_reference to {len(self.design)}."
            )
        p = 1 / (1 + np.exp(-self.design @ self.weights))
        return np.column_stack([self.design, rng.random(n) < p])


def tumours(columns=COLUMNS):
    """Design (569, 1 + k), a column of ones and standardised measurements, and labels (569,), 1 for
    benign, of scikit-learn's breast cancer data (Wolberg, Mangasarian and Street 1995)."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer(as_frame=True)
    chosen = data.data[list(columns)].to_numpy()
    standard = (chosen - chosen.mean(axis=0)) / chosen.std(axis=0)
    return np.column_stack([np.ones(len(standard)), standard]), data.target.to_numpy()


def relabelled(*, seed, n_replicates, n_generations):
    """Loops on the same 569 real inputs; the truth is the fit to their real labels.

    errors  (arm, replicate, generation) squared distance of the fitted weights to the truth
    kl      the same shape, mean over the inputs of the Kullback-Leibler divergence of the predicted
            label from the true one, in nats
    weights (d,) the truth
    """
    design, labels = tumours()
    real = np.column_stack([design, labels])
    truth = LinearClassifier().fit(real)
    source, p = LogisticRows(design, truth.weights_), truth.label_probabilities(design)
    shape = (len(ARMS), n_replicates, n_generations)
    errors, kl = np.empty(shape, np.float32), np.empty(shape, np.float32)
    for a, policy in enumerate(ARMS.values()):
        for r in range(n_replicates):
            run = run_loop(
                LinearClassifier(design=design),
                source,
                policy,
                n_samples=len(design),
                n_generations=n_generations,
                n_reference=len(design),
                seed=np.random.SeedSequence([seed, r]),
            )
            for t, generation in enumerate(run):
                weights = generation.model.weights_
                errors[a, r, t] = ((weights - truth.weights_) ** 2).sum()
                kl[a, r, t] = divergence(p, design @ weights)
    return {"errors": errors, "kl": kl, "weights": truth.weights_.astype(np.float32)}


def error_ratios(errors):
    """Mean error of each generation over that of generation 1, and its standard error.

    errors: (..., replicate, generation). Returns two arrays (..., generation). The standard error
    is that of a ratio of means, to first order.
    """
    errors = np.asarray(errors, dtype=float)
    first = errors[..., :1].mean(axis=-2, keepdims=True)
    ratio = errors.mean(axis=-2, keepdims=True) / first
    residual = (errors - ratio * errors[..., :1]) / first  # (..., replicate, generation)
    n = errors.shape[-2]
    return ratio[..., 0, :], residual.std(axis=-2, ddof=1) / np.sqrt(n)


def divergence(p, logits):
    """Mean of KL(p || q) in nats; p and q = 1/(1 + e^-logits), (n,), are those of label 1."""
    entropy = -(p * np.log(p) + (1 - p) * np.log(1 - p))
    cross = p * np.logaddexp(0, -logits) + (1 - p) * np.logaddexp(0, logits)
    return float((cross - entropy).mean())


def same_replicates(stored, part) -> None:
    """The part is the first replicates and generations, but for what rounding does to a label."""
    same_start(stored[["weights"]], part[["weights"]], atol=1e-4)
    same_start(stored, part, rtol=0.02, atol=1e-4, share=0.9)


EXPERIMENTS = (
    Experiment(
        "relabel",
        relabelled,
        {"seed": 0, "n_replicates": 300, "n_generations": 20},
        {"n_replicates": 10, "n_generations": 6},
        same_replicates,
        {"arm replicate generation": "errors kl", "weight": "weights"},
        {"arm": list(ARMS), "weight": ["intercept", *COLUMNS]},
    ),
)
