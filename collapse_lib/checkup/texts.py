"""The features and measures of texts: words, pairs of words, templates, near-duplicates."""

from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from collapse_lib.checkup.columns import Column
from collapse_lib.checkup.pool import Pool

__all__ = ["add_texts"]

TAIL = 0.05  # share of all words that the rare ones make up at most, words met once apart
MOST_OCCURRENCES = 30_000  # of words or pairs of words that are followed; of more, a random part
KEPT_WORDS = 50  # the commonest words, which are the skeleton of a text
LEAST_WORDS = 5  # of a text that may be a near-duplicate
N_HASHES, BAND = 128, 4  # MinHash: 32 bands of 4
ALIKE = 0.7  # estimated Jaccard similarity of the words of near-duplicates
MIXER = np.uint64(0x9E3779B97F4A7C15)


def add_texts(pool: Pool, column: Column, rng: np.random.Generator) -> str | None:
    """Measures of a column of texts. Returns why near-duplicates are left out, or None."""
    codes, row = column.words
    if not len(codes):
        return "no words in it"
    n, name = pool.n_rows, column.name
    counts = np.bincount(codes)
    n_words = np.bincount(row, minlength=n)
    units = pool.feature(n_words)
    rare = counts <= _rare_count(counts)
    per_row = {
        "rare words": np.bincount(row, weights=rare[codes], minlength=n),
        "mean surprise of words": np.bincount(
            row, weights=-np.log(counts / len(codes))[codes], minlength=n
        ),
    }
    if rare.any() and not rare.all():
        pool.share("rare words", name, pool.feature(per_row["rare words"]), units)
    surprise = "mean surprise of words"
    pool.share(surprise, name, pool.feature(per_row[surprise]), units, counted=False)
    present = pool.feature(n_words > 0)
    log_length = np.log1p(n_words)
    scale = log_length[n_words > 0].std()
    if scale > 0:
        centred = (log_length - log_length[n_words > 0].mean()) / scale
        pool.spread("spread of lengths", name, present, np.where(n_words > 0, centred, 0))
    pool.types("different words", name, _occurrences(codes, row, n, rng), n_words)
    inside = row[1:] == row[:-1]
    pairs = (codes[:-1] * (counts.size + 1) + codes[1:])[inside]
    if len(pairs):
        pairs, row_of_pair = np.unique(pairs, return_inverse=True)[1], row[1:][inside]
        n_pairs = np.bincount(row_of_pair, minlength=n)
        pool.types(
            "different pairs of words", name, _occurrences(pairs, row_of_pair, n, rng), n_pairs
        )
    starts = np.searchsorted(row, np.arange(n + 1))
    _add_clusters(pool, "templates", name, _skeletons(codes, counts, starts), n_words > 0)
    if find_spec("rensa") is None:
        return "near-duplicates need the package rensa: pip install collapse-lib[checkup]"
    long = n_words >= LEAST_WORDS
    _add_clusters(pool, "near-duplicates", name, _near_duplicates(codes, starts, long, rng), long)
    return None


def _rare_count(counts) -> int:
    """The count up to which words are rare: those together are TAIL of all, or those met once."""
    of_count = np.bincount(counts) * np.arange(counts.max() + 1)  # words by the count of their kind
    return max(1, int(np.searchsorted(np.cumsum(of_count), TAIL * of_count.sum(), "right")) - 1)


def _occurrences(codes, row, n: int, rng) -> csr_array:
    """(n, types) which row has which type: of many, of a random part of the types."""
    if len(codes) > MOST_OCCURRENCES:
        n_types = codes.max() + 1
        order = rng.permutation(n_types)
        counts = np.bincount(codes, minlength=n_types)[order]
        chosen = np.full(n_types, -1)
        n_chosen = max(1, int(np.searchsorted(np.cumsum(counts), MOST_OCCURRENCES)))
        chosen[order[:n_chosen]] = np.arange(n_chosen)
        codes, row = chosen[codes], row[chosen[codes] >= 0]
        codes = codes[codes >= 0]
    ones = np.ones(len(codes), np.float32)
    return csr_array((ones, (row, codes)), shape=(n, int(codes.max(initial=0)) + 1))


def _skeletons(codes, counts, starts) -> np.ndarray:
    """(n,) number of the skeleton of each text: its commonest words, in order, and gaps."""
    common = np.full(len(counts), -1)
    top = np.argsort(-counts, kind="stable")[:KEPT_WORDS]
    common[top] = np.arange(len(top))
    kept = common[codes]
    begins = np.zeros(len(codes) + 1, bool)
    begins[starts] = True
    keep = (kept >= 0) | begins[:-1] | (np.roll(kept, 1) >= 0)  # a run of others is one gap
    bounds = np.concatenate([[0], np.cumsum(keep)])[starts]
    shape = kept[keep].astype(np.int8)
    keys = [shape[start:end].tobytes() for start, end in pairwise(bounds)]
    return pd.factorize(np.array(keys, dtype=object))[0]


def _near_duplicates(codes, starts, long, rng) -> np.ndarray:
    """(n,) number of the cluster of texts that are nearly the same, by MinHash."""
    from rensa import RMinHash

    hashes = (codes.astype(np.uint64) + np.uint64(1)) * MIXER
    hashes ^= hashes >> np.uint64(29)
    matrix = RMinHash.digest_matrix_from_flat_token_hashes(
        hashes, starts.astype(np.uint64), N_HASHES, 1
    )
    digests = np.array(matrix.to_rows(), dtype=np.uint32)  # (n, hashes)
    rows = rng.permutation(np.flatnonzero(long))  # neighbours in a bucket are linked
    firsts, seconds = [], []
    for start in range(0, N_HASHES, BAND):
        band = np.ascontiguousarray(digests[rows, start : start + BAND]).view("V16").ravel()
        bucket = np.unique(band, return_inverse=True)[1].reshape(-1)
        order = rows[np.argsort(bucket, kind="stable")]
        bucket = np.sort(bucket, kind="stable")
        same = bucket[1:] == bucket[:-1]
        firsts.append(order[:-1][same])
        seconds.append(order[1:][same])
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    alike = (digests[first] == digests[second]).mean(axis=1) >= ALIKE
    first, second = first[alike], second[alike]
    n = len(starts) - 1
    graph = csr_array((np.ones(len(first), bool), (first, second)), shape=(n, n))
    return connected_components(graph, directed=False)[1]


def _add_clusters(pool, name: str, column: str, cluster, counted) -> None:
    """How many different clusters there are a row, of the rows that count."""
    rows = np.flatnonzero(counted)
    if not len(rows):
        return
    codes = np.unique(cluster[rows], return_inverse=True)[1].reshape(-1)
    ones = np.ones(len(rows), np.float32)
    occurrences = csr_array((ones, (rows, codes)), shape=(pool.n_rows, int(codes.max()) + 1))
    pool.types(name, column, occurrences, counted)
