"""Which tokens are green: by an independent hash, or as the transformers library has it."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from collapse_lib.arguments import check_count
from collapse_lib.watermarks.base import hashes, seeds, uniforms

__all__ = ["Hashed", "LeftHash"]

LISTS_KEPT = 1024  # one bool for each token of the vocabulary in each


@dataclass(frozen=True)
class Hashed:
    """Each n-gram is green with probability green_share, independently of all others."""

    def green(self, key, green_share, contexts, rows, tokens):
        """(m,) bool: is tokens[j] green after contexts[rows[j]]? contexts: (n, h)."""
        return uniforms(hashes(seeds(key, contexts)[rows], tokens)) < green_share


@dataclass(frozen=True)
class LeftHash:
    """Lists of int(green_share * n_tokens) green tokens, by the token just before alone.

    They are those of seeding scheme "lefthash" in transformers' WatermarkLogitsProcessor and
    WatermarkDetector for hashing_key = key, vocab_size = n_tokens, on the CPU. A longer context of
    the scheme only changes which n-grams count as repeated, as there. The seed is the key times the
    token, so after token 0 the list is the same for every key. Needs torch.

    A p-value is not exact with these lists. For context 1 it is cautious: a list holds a fixed
    number of green tokens, so that z varies by less than 1. For a longer context it is too small:
    n-grams that differ only further back share one colour and still count separately, so that
    without a watermark the standard deviation of z can be 2 or more where many texts are scored
    together. Use Hashed where the p-value matters.

    n_tokens: size of the vocabulary.

    Source: Kirchenbauer et al., arXiv:2301.10226, algorithm 2.
    """

    n_tokens: int

    def __post_init__(self):
        check_count("LeftHash.n_tokens", self.n_tokens, least=2)

    def green(self, key, green_share, contexts, rows, tokens):
        """(m,) bool: is tokens[j] green after contexts[rows[j]]? contexts: (n, h)."""
        before = contexts[:, -1][rows]
        largest = max(tokens.max(initial=0), before.max(initial=0))
        check_count("LeftHash.green: largest token", largest, most=self.n_tokens - 1)
        order = np.argsort(before, kind="stable")
        different, begins = np.unique(before[order], return_index=True)
        green = np.empty(len(tokens), bool)
        n_green = int(self.n_tokens * green_share)
        for token, part in zip(different.tolist(), np.split(order, begins[1:]), strict=False):
            green[part] = _green_list(key, token, self.n_tokens, n_green)[tokens[part]]
        return green


@lru_cache(LISTS_KEPT)
def _green_list(key: int, token: int, n_tokens: int, n_green: int) -> np.ndarray:
    import torch

    generator = torch.Generator().manual_seed(key * token % (2**64 - 1))
    green = np.zeros(n_tokens, bool)
    green[torch.randperm(n_tokens, generator=generator)[:n_green].numpy()] = True
    return green
