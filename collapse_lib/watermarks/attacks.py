"""What may happen to a watermarked text: words replaced, words drawn anew, other text added.

What is left of the mark is in `collapse_lib.theory.intact_share`.
"""

import numpy as np

from collapse_lib.arguments import check_count

__all__ = ["paraphrased", "replaced", "spliced"]


def replaced(texts, share, n_tokens, *, rng):
    """(n, length) texts with each token replaced, with probability `share`, by one at random.

    n_tokens: size of the vocabulary; all are equally likely, the old one too.
    Raises ValueError for a share outside [0, 1] or texts that are not (n, length).
    """
    texts = _texts("replaced", texts)
    n_tokens = check_count("replaced: n_tokens", n_tokens, least=1)
    hit = rng.random(texts.shape) < _share("replaced", share)
    return np.where(hit, rng.integers(n_tokens, size=texts.shape), texts)


def paraphrased(texts, model, share, *, rng):
    """(n, length) texts with each token, with probability `share`, drawn anew from a model after
    the old tokens before it: it stays likely text, and some tokens come out as they were.

    model: a fitted model with redraw(texts, rng=rng), such as NGram, which bears no watermark.
    Raises ValueError for a share outside [0, 1] or texts that are not (n, length); TypeError for a
    model without redraw.
    """
    texts = _texts("paraphrased", texts)
    share = _share("paraphrased", share)
    if not hasattr(model, "redraw"):
        raise TypeError(
            "paraphrased.model must have redraw(texts, rng=rng), as NGram has; got "
            f"{type(model).__name__}."
        )
    return np.where(rng.random(texts.shape) < share, model.redraw(texts, rng=rng), texts)


def spliced(texts, others, share):
    """(n, length) texts whose ends, round(share * length) tokens, are those of other texts.

    Raises ValueError for a share outside [0, 1] or texts and others of different shapes.
    """
    texts, others = _texts("spliced", texts), _texts("spliced", others)
    if texts.shape != others.shape:
        raise ValueError(
            f"spliced: texts and others must have one shape; got {texts.shape} and {others.shape}."
        )
    n_kept = texts.shape[1] - round(_share("spliced", share) * texts.shape[1])
    return np.concatenate([texts[:, :n_kept], others[:, n_kept:]], axis=1)


def _texts(owner, texts):
    texts = np.asarray(texts)
    if texts.ndim != 2 or texts.dtype.kind not in "fiu":
        raise ValueError(
            f"{owner}: texts must be token ids, (n, length); got {texts.dtype} of shape "
            f"{texts.shape}."
        )
    return texts.astype(np.int64)


def _share(owner, share):
    if not (isinstance(share, (int, float, np.number)) and 0 <= share <= 1):
        raise ValueError(f"{owner}.share must be a number in [0, 1]; got {share!r}.")
    return share
