"""How likely a model finds rows."""

import numpy as np

from collapse_lib.arguments import as_array, check_rows


def log_likelihood(model, rows):
    """Mean natural log density that a model gives to rows, in nats a row.

    model: anything with score_samples(rows) -> (n,), as in scikit-learn; rows (n, ...). A row that
    the model holds impossible makes it -inf: that is the value, not an error.
    Raises TypeError for a model without score_samples; ValueError for NaN in rows or in scores, or
    scores of another shape.
    Source: Bishop, Pattern Recognition and Machine Learning, section 1.2.4, there as a sum.
    """
    score = getattr(model, "score_samples", None)
    if not callable(score):
        raise TypeError(
            f"log_likelihood.model must have score_samples(rows); got {type(model).__name__}."
        )
    if as_array("log_likelihood.rows", rows).dtype.kind not in "USO":
        check_rows("log_likelihood.rows", rows)
    if len(rows) == 0:
        raise ValueError("log_likelihood.rows must not be empty; got 0 rows.")
    scores = as_array("score_samples", score(rows)).astype(float)
    if scores.shape != (len(rows),):
        raise ValueError(
            f"log_likelihood needs one score a row, shape ({len(rows)},); "
            f"got {scores.shape} from {type(model).__name__}.score_samples."
        )
    n_nan = int(np.isnan(scores).sum())
    if n_nan:
        raise ValueError(
            f"log_likelihood needs scores that are numbers; got {n_nan} NaN among {scores.size} "
            f"from {type(model).__name__}.score_samples."
        )
    return float(scores.mean())
