"""Rows that have a kind and a wording: what is written from nothing, and what is rephrased."""

from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import check_count, check_rows
from collapse_lib.sources import zipf_shares

__all__ = ["Rephraser", "Texts", "Writer", "kinds_of"]

N_WORDINGS = 50


@dataclass(frozen=True)
class Texts:
    """Real rows (n, 2) of ints: a kind, by Zipf's law, and one of N_WORDINGS wordings of it."""

    n_kinds: int = 1000

    def __post_init__(self):
        check_count("Texts.n_kinds", self.n_kinds, least=1)

    def __call__(self, n, rng):
        kinds = rng.choice(self.n_kinds, size=n, p=zipf_shares(self.n_kinds))
        return _worded(kinds, rng)


@dataclass(eq=False)
class Writer:
    """Learns how common each kind is, and writes from nothing: kind and wording are drawn."""

    def fit(self, rows, *, rng):
        kinds = check_rows("Writer.fit", rows, width=2)[:, 0].astype(int)
        self.kinds_, counts = np.unique(kinds, return_counts=True)
        self.shares_ = counts / counts.sum()
        return self

    def sample(self, n, *, rng):
        return _worded(rng.choice(self.kinds_, size=n, p=self.shares_), rng)


@dataclass(eq=False)
class Rephraser:
    """Takes the rows that it was given one by one, in any order, and words each anew; asked for
    more rows than it has, it begins again."""

    def fit(self, rows, *, rng):
        self.kinds_ = check_rows("Rephraser.fit", rows, width=2)[:, 0].astype(int)
        return self

    def sample(self, n, *, rng):
        return _worded(np.resize(rng.permutation(self.kinds_), n), rng)


def kinds_of(generation) -> float:
    """How many kinds there are among the samples of a generation."""
    return float(len(np.unique(generation.sample[:, 0])))


def _worded(kinds, rng) -> np.ndarray:
    return np.stack([kinds, rng.integers(N_WORDINGS, size=len(kinds))], axis=1)
