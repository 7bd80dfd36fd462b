"""Radioactivity: who trains on watermarked text writes text in which the watermark can be found."""

import copy

import numpy as np

from collapse_lib.arguments import check_count, check_share, check_type
from collapse_lib.models.base import check_learner
from collapse_lib.watermarks.base import Detection, Watermark, check_texts

__all__ = ["diet", "trace"]


def diet(marked, plain, rho, n_rows: int):
    """(n_rows, length) training texts: the first round(rho n_rows) of `marked`, the rest of `plain`
    from its beginning.

    Raises ValueError for rho outside [0, 1] and for too few texts of either kind.
    """
    marked = check_texts("diet.marked", marked)
    plain = check_texts("diet.plain", plain)
    n_rows = check_count("diet.n_rows", n_rows, least=1)
    n_marked = round(check_share("diet.rho", rho) * n_rows)
    check_count("diet: len(marked)", len(marked), least=n_marked)
    check_count("diet: len(plain)", len(plain), least=n_rows - n_marked)
    return np.concatenate([marked[:n_marked], plain[: n_rows - n_marked]])


def trace(student, scheme, rows, n_samples: int, *, rng) -> Detection:
    """What the watermark's detector finds in the samples of a student trained on these rows.

    student: a model; a copy of it is fitted to rows (n, length) and writes n_samples texts. All of
    them are scored together, each different n-gram once. The student must see at least as far back
    as the scheme: NGram(order) with order > scheme.context.

    Source: Sander et al., arXiv:2402.14904, in the setting where the student can be sampled and its
    probabilities need not be known. Expected z: `collapse_lib.theory.radioactivity_z`.
    """
    check_learner("trace.student", student)
    check_type("trace.scheme", scheme, Watermark)
    check_type("trace.rng", rng, np.random.Generator)
    fitted = copy.deepcopy(student).fit(rows, rng=rng)
    return scheme.score_together(fitted.sample(n_samples, rng=rng))
