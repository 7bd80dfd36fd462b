"""Measures of text as token ids: how many words and phrases are left, and how alike blocks are.

Tokens are whole numbers: (n, length) holds n blocks, (n,) one text. No n-gram runs over the edge
of a block.
"""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import zeta

from collapse_lib.arguments import (
    check_count,
)
from collapse_lib.metrics._labels import check_labels
from collapse_lib.metrics._pairs import alike, plain
from collapse_lib.metrics.likelihood import log_likelihood

SMALLEST_MATCH = 0.1  # counted where an order has no match at all
STEEPEST = 50.0  # at this exponent one word in 10^15 would occur a second time


def vocabulary_size(rows):
    """Number of different words in a text, its types.

    rows: tokens (n, length) or (n,). Returns a float.
    Raises ValueError for NaN, fractions or no tokens.
    Source: the type count of Herdan (1960), Type-Token Mathematics; under the loop its fall is
    that of Suresh et al., arXiv:2412.17646.
    """
    return float(len(np.unique(check_labels("vocabulary_size.rows", rows))))


def surviving_vocabulary(rows, reference):
    """Share of the words of a reference text that the rows still hold, in [0, 1].

    rows, reference: tokens (n, length) or (n,), of any sizes. Words that only `rows` hold do not
    count. Where the rows descend from the reference by n-grams and Replace, vocabulary times this
    share is the sum that Suresh et al. derive.
    Raises ValueError for NaN, fractions or no tokens; TypeError for text beside numbers.
    Source: Suresh, Thangaraj and Khandavally, arXiv:2412.17646.
    """
    rows = check_labels("surviving_vocabulary.rows", rows)
    reference = check_labels("surviving_vocabulary.reference", reference)
    if (rows.dtype.kind in "US") != (reference.dtype.kind in "US"):
        raise TypeError("surviving_vocabulary needs tokens of one kind; got numbers and text.")
    rows, reference = alike(rows, reference)
    return float(np.isin(np.unique(reference), rows).mean())


def ngram_types(rows, order=2):
    """Number of different n-grams in a text.

    rows: tokens (n, length) or (n,); order >= 1 words each. Returns a float.
    Raises ValueError for NaN, fractions, no tokens, or blocks shorter than order.
    Source: the numerator of distinct-n, Li et al. (2016), arXiv:1510.03055.
    """
    return float(_ngrams("ngram_types", rows, order).max() + 1)


def distinct_n(rows, order=2):
    """Different n-grams divided by all n-grams, in (0, 1]: falls as a text repeats itself.

    rows: tokens (n, length) or (n,); order >= 1 words each. It falls with the length of any text
    too, so compare texts of one size.
    Raises ValueError for NaN, fractions, no tokens, or blocks shorter than order.
    Source: Li et al. (2016), arXiv:1510.03055.
    """
    numbers = _ngrams("distinct_n", rows, order)
    return float((numbers.max() + 1) / numbers.size)


def self_bleu(blocks, order=4):
    """Mean BLEU of each block against all others, in (0, 1]: high where blocks are alike.

    blocks: tokens (n, length), n >= 2, length >= order >= 1. BLEU is the geometric mean, over
    orders 1 .. order, of the share of a block's n-grams that some other block holds at least as
    often (the rest of a repeated one does not count); an order without a match counts 0.1 of one.
    Blocks are of one length, so that no brevity penalty arises. It is computed in full, by sorting,
    not on a sample of blocks; it grows with n, so compare samples of one size.
    Raises ValueError for NaN, fractions, one block, or blocks shorter than order.
    Source: Zhu et al. (2018), arXiv:1802.01886, on the BLEU of Papineni et al. (2002),
    doi:10.3115/1073083.1073135, smoothed by method 1 of Chen and Cherry (2014),
    doi:10.3115/v1/W14-3346.
    """
    if np.ndim(blocks) != 2 or len(blocks) < 2:
        raise ValueError(
            f"self_bleu.blocks must be at least two blocks, (n, length); got shape "
            f"{np.shape(blocks)}."
        )
    logs = []
    for k in range(_order("self_bleu", order), 0, -1):
        numbers = _ngrams("self_bleu", blocks, k, "blocks")  # (n, length - k + 1)
        matched = np.maximum(_matches(numbers), SMALLEST_MATCH)  # (n,)
        logs.append(np.log(matched / numbers.shape[1]))
    return float(np.exp(np.mean(logs, axis=0)).mean())


def hapax_share(rows):
    """Share of the different words that occur only once, in [0, 1]: the end of the tail.

    rows: tokens (n, length) or (n,).
    Raises ValueError for NaN, fractions or no tokens.
    Source: Baayen (2001), Word Frequency Distributions, doi:10.1007/978-94-010-0844-0.
    """
    return float((_type_counts("hapax_share", rows) == 1).mean())


def zipf_exponent(rows, least=1):
    """Exponent a of the law P(a word occurs c times) ~ c^-a for c >= least, by maximum likelihood.

        a maximises  - a sum ln c_i - m ln zeta(a, least)  over the m words with c_i >= least

    rows: tokens (n, length) or (n,). In Zipf's words the frequency of the r-th commonest word falls
    as r^(-1 / (a - 1)), so a = 2 is the classic law. It is inf where every such word occurs `least`
    times: that is the value, not an error.
    Raises ValueError for NaN, fractions or no tokens, least below 1, or no word so common.
    Source: Clauset, Shalizi and Newman (2009), arXiv:0706.1062, equation 3.5 and appendix B.3.
    """
    counts = _type_counts("zipf_exponent", rows)
    least = check_count("zipf_exponent.least", least, least=1)
    counts = counts[counts >= least]
    if not counts.size:
        raise ValueError(f"zipf_exponent.rows must hold a word at least {least} times; got none.")
    if counts.max() == least:
        return np.inf
    mean_log = np.log(counts).mean()
    found = minimize_scalar(
        lambda a: a * mean_log + np.log(zeta(a, least)),
        bounds=(1 + 1e-6, STEEPEST),
        method="bounded",
        options={"xatol": 1e-8},
    )
    return float(found.x)


def perplexity(model, rows):
    """Perplexity of a text under a model: exp(- log probability / number of tokens), >= 1.

    model: anything with score_samples(rows) -> (n,) natural log probabilities of whole blocks;
    rows: tokens (n, length) or (n,). A block that the model holds impossible makes it inf.
    Raises as log_likelihood: TypeError for a model without score_samples, ValueError for NaN or no
    rows.
    Source: Jelinek, Mercer, Bahl and Baker (1977), doi:10.1121/1.2016299.
    """
    try:
        per_block = log_likelihood(model, rows)
    except (TypeError, ValueError) as error:
        raise type(error)(str(error).replace("log_likelihood", "perplexity")) from None
    with np.errstate(over="ignore"):  # a block all but impossible makes it inf too
        return plain(np.exp(-per_block * len(rows) / np.size(rows)))


def _ngrams(owner, rows, order, name="rows"):
    """(n, length - order + 1) the n-grams of each block, numbered 0, 1, ... over all blocks."""
    tokens = check_labels(f"{owner}.{name}", rows)
    if np.ndim(rows) == 1:
        tokens = tokens.reshape(1, -1)
    n_ngrams = tokens.shape[1] - _order(owner, order) + 1
    if n_ngrams < 1:
        raise ValueError(
            f"{owner}.order must be at most the length of a block, {tokens.shape[1]}; got {order}."
        )
    words = _numbered(tokens)
    numbers = words
    for k in range(1, order):  # an n-gram is the one without its last word, and that word
        longer = numbers[:, :-1] * (int(words.max()) + 1) + words[:, k:]
        numbers = _numbered(longer)
    return numbers


def _numbered(values):
    return np.unique(values, return_inverse=True)[1].reshape(values.shape)


def _matches(numbers):
    """(n,) n-grams of each block found in another, each at most as often as the other has it."""
    n_blocks, n_types = len(numbers), int(numbers.max()) + 1
    block = np.repeat(np.arange(n_blocks), numbers.shape[1])
    pairs, counts = np.unique(numbers.ravel() * n_blocks + block, return_counts=True)
    ngram, block = np.divmod(pairs, n_blocks)
    order = np.lexsort((counts, ngram))
    ngram, block, counts = ngram[order], block[order], counts[order]
    last = np.searchsorted(ngram, np.arange(n_types), side="right") - 1
    most = counts[last]  # (n_types,)
    shared = np.flatnonzero(np.diff(ngram, prepend=-1)[last] == 0)
    second = np.zeros(n_types, counts.dtype)
    second[shared] = counts[last[shared] - 1]
    elsewhere = most[ngram]
    elsewhere[last] = second
    return np.bincount(block, weights=np.minimum(counts, elsewhere), minlength=n_blocks)


def _type_counts(owner, rows):
    return np.unique(check_labels(f"{owner}.rows", rows), return_counts=True)[1]


def _order(owner, order):
    return check_count(f"{owner}.order", order, least=1)
