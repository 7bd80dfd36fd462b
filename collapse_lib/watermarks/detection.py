"""Detectors of machine text by its likelihood, with no watermark to help, and how well they do."""

from typing import NamedTuple

import numpy as np
from scipy import stats

__all__ = ["Rates", "auroc", "likelihood_scores", "rates"]


class Rates(NamedTuple):
    """hit, false_alarm: shares of machine and of human texts that are flagged."""

    hit: float
    false_alarm: float


def likelihood_scores(model, rows):
    """(n,) mean natural log probability of a token in each text, under a fitted model.

    rows: (n, length) token ids. A machine that truncates its law (a temperature below 1, a beam)
    writes text that is likelier than people's; a machine whose law is too flat writes text that is
    less likely, and the sign of the detector turns.

    Raises TypeError for a model without score_samples, ValueError for empty texts.

    Source: the "log p(x)" baseline of Mitchell et al., arXiv:2301.11305.
    """
    if not hasattr(model, "score_samples"):
        raise TypeError(
            "likelihood_scores.model must be a fitted model with score_samples; got "
            f"{type(model).__name__}."
        )
    rows = np.asarray(rows)
    if rows.ndim != 2 or not rows.shape[1]:
        raise ValueError(
            f"likelihood_scores needs texts of at least one token, (n, length); got shape "
            f"{rows.shape}."
        )
    return np.asarray(model.score_samples(rows), dtype=float) / rows.shape[1]


def auroc(machine, human):
    """Area under the ROC curve: probability that a machine text scores above a human one.

    machine, human: (n,) and (m,) scores; a tie counts one half. 1/2 is chance; below it the sign of
    the score is the wrong way round.

    Raises ValueError for no scores or NaN.

    Source: Mann and Whitney (1947), doi:10.1214/aoms/1177730491: U / (n m).
    """
    machine, human = _scores("auroc.machine", machine), _scores("auroc.human", human)
    return float(stats.mannwhitneyu(machine, human).statistic / (machine.size * human.size))


def rates(machine, human, threshold) -> Rates:
    """Hit rate and false-alarm rate of a detector that flags what scores at least `threshold`.

    What such a flag is worth: `collapse_lib.theory.flag_precision`.
    Raises ValueError for no scores or NaN.
    """
    machine, human = _scores("rates.machine", machine), _scores("rates.human", human)
    return Rates(float((machine >= threshold).mean()), float((human >= threshold).mean()))


def _scores(name, scores):
    scores = np.asarray(scores, dtype=float).ravel()
    if not scores.size or np.isnan(scores).any():
        raise ValueError(
            f"{name} must be at least one score, none of them NaN; got {scores.size} scores, "
            f"{np.isnan(scores).sum()} of them NaN."
        )
    return scores
