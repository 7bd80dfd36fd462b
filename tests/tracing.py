"""Rows that carry their own history: every row that is ever drawn is a different number."""

from dataclasses import dataclass, field

import numpy as np

STEP = 1_000_000


@dataclass
class CountingSource:
    """Real rows 0, 1, 2, ..., each of them once."""

    drawn: int = field(default=0, init=False)

    def __call__(self, n, rng):
        self.drawn += n
        return np.arange(self.drawn - n, self.drawn, dtype=float)


@dataclass
class CountingModel:
    """Samples of the model of generation t are t million + 0, 1, 2, ... (in random order), where
    t - 1 is the newest generation among the rows that it was fitted to."""

    def fit(self, rows, *, rng):
        self.generation_ = int(np.max(rows) // STEP) + 1
        return self

    def sample(self, n, *, rng):
        return self.generation_ * STEP + rng.permutation(float(n) + np.arange(n))


def born(rows: np.ndarray) -> np.ndarray:
    """The generation that each row says it came from (0: real)."""
    return (rows // STEP).astype(int)
