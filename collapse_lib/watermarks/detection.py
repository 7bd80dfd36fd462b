"""Detectors of machine text by its likelihood, with no watermark to help, and how well they do."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from collapse_lib.arguments import (
    as_floats,
    check_callable,
    check_count,
    check_number,
    check_numbers,
    check_rows,
)

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
    score = getattr(model, "score_samples", None)
    check_callable("likelihood_scores.model.score_samples", score, "score_samples(rows)")
    check_rows("likelihood_scores.rows", rows, least=0, ndim=(2,))
    length = check_count("likelihood_scores.rows: tokens of a text", np.shape(rows)[1], least=1)
    return as_floats("likelihood_scores: what the model says", score(np.asarray(rows))) / length


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
    threshold = check_number("rates.threshold", threshold, infinite=True)
    machine, human = _scores("rates.machine", machine), _scores("rates.human", human)
    return Rates(float((machine >= threshold).mean()), float((human >= threshold).mean()))


def _scores(name, scores):
    return check_numbers(name, np.ravel(as_floats(name, scores)), axes=1, infinite=True)
