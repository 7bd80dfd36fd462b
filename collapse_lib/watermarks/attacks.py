"""What may happen to a watermarked text: words replaced, words drawn anew, other text added.

What is left of the mark is in `collapse_lib.theory.intact_share`.
"""

import numpy as np

from collapse_lib.arguments import (
    check_callable,
    check_count,
    check_same_shape,
    check_share,
    check_type,
)
from collapse_lib.watermarks.base import check_texts

__all__ = ["paraphrased", "replaced", "spliced"]


def replaced(texts, share, n_tokens, *, rng):
    """(n, length) texts with each token replaced, with probability `share`, by one at random.

    n_tokens: size of the vocabulary; all are equally likely, the old one too.
    Raises ValueError for a share outside [0, 1] or texts that are not (n, length).
    """
    texts = check_texts("replaced.texts", texts)
    check_type("replaced.rng", rng, np.random.Generator)
    n_tokens = check_count("replaced.n_tokens", n_tokens, least=1)
    hit = rng.random(texts.shape) < check_share("replaced.share", share)
    return np.where(hit, rng.integers(n_tokens, size=texts.shape), texts)


def paraphrased(texts, model, share, *, rng):
    """(n, length) texts with each token, with probability `share`, drawn anew from a model after
    the old tokens before it: it stays likely text, and some tokens come out as they were.

    model: a fitted model with redraw(texts, rng=rng), such as NGram, which bears no watermark.
    Raises ValueError for a share outside [0, 1] or texts that are not (n, length); TypeError for a
    model without redraw.
    """
    texts = check_texts("paraphrased.texts", texts)
    share = check_share("paraphrased.share", share)
    check_type("paraphrased.rng", rng, np.random.Generator)
    redraw = getattr(model, "redraw", None)
    check_callable("paraphrased.model.redraw", redraw, "redraw(texts, rng=rng)")
    return np.where(rng.random(texts.shape) < share, redraw(texts, rng=rng), texts)


def spliced(texts, others, share):
    """(n, length) texts whose ends, round(share * length) tokens, are those of other texts.

    Raises ValueError for a share outside [0, 1] or texts and others of different shapes.
    """
    texts, others = check_texts("spliced.texts", texts), check_texts("spliced.others", others)
    check_same_shape("spliced", texts=texts, others=others)
    n_kept = texts.shape[1] - round(check_share("spliced.share", share) * texts.shape[1])
    return np.concatenate([texts[:, :n_kept], others[:, n_kept:]], axis=1)
