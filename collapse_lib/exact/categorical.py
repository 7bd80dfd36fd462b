"""The categorical loop on counts: one multinomial draw a generation (Wright-Fisher drift)."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from collapse_lib.arguments import MOST_WHOLE, check_count, check_number, check_probabilities
from collapse_lib.exact.chain import chain, collected, measured, tidy
from collapse_lib.loop.signatures import hands_on_to
from collapse_lib.models.categorical import tempered

__all__ = ["CategoricalPaths", "categorical_chain", "categorical_generations"]

MOST_THINNED = 10**9  # NumPy's hypergeometric draws stop there


class CategoricalPaths(NamedTuple):
    """The fitted models: array (n_replicates, n_generations, K); [:, t - 1] is generation t."""

    probabilities: np.ndarray

    def to_frame(self, metrics=None):
        """A tidy pandas.DataFrame: replicate, generation, and a column for each of metrics, name ->
        function(probabilities) -> array (n_replicates, n_generations), such as
        {"diversity": metrics.heterozygosity}. Without metrics it is in long form, with the columns
        category and probability.
        """
        if metrics:
            return tidy(**measured(self, metrics))
        return tidy("category", probability=self.probabilities)


def categorical_generations(
    policy,
    p,
    *,
    n_samples,
    n_replicates: int,
    seed,
    temperature: float = 1.0,
    n_fresh=0,
) -> Iterator[np.ndarray]:
    """Fitted probabilities of a loop over K categories, one generation at a time and without end:
    (n_replicates, K), to be read and not written to.

    policy: as for run_loop. Thinning what was looked at before (MixReal, AccumulateSubsample) is
        one hypergeometric draw, for pools of fewer than 10^9 rows.
    p: (K,) real probabilities.
    n_samples, n_fresh: int up to 2^53, or a function of the generation t = 1, 2, ...
    temperature: samples are drawn from p^(1/temperature), normalised.
    """
    n_replicates = check_count("n_replicates", n_replicates, least=1)
    check_number("temperature", temperature, above=0)
    real = np.tile(check_probabilities("p", p, axes=1), (n_replicates, 1))
    return chain(
        _Counts(temperature, likeliest=int(real[0].argmax())),
        real,
        policy,
        n_samples=n_samples,
        n_fresh=n_fresh,
        seed=seed,
        most=MOST_WHOLE,
    )


@hands_on_to(categorical_generations)
def categorical_chain(*parts, n_generations: int, **settings) -> CategoricalPaths:
    """n_generations of `categorical_generations`, kept. The memory is that of the result."""
    stream = ((p,) for p in categorical_generations(*parts, **settings))
    return CategoricalPaths(*collected(stream, n_generations))


class _Counts:
    """Statistic of rows: counts (n_replicates, K) of ints."""

    def __init__(self, temperature: float, likeliest: int):
        self.temperature, self.likeliest = temperature, likeliest

    def draw(self, p, n: int, rng):
        """NumPy draws category after category from what is left and gives the last one the
        remainder, rounding errors included. With the likeliest category last they are too small
        to matter; should that one have died out, what strays there goes to the one that is
        likeliest now."""
        _swap(p, self.likeliest)
        counts = rng.multinomial(n, p)
        for replicate in np.flatnonzero((p[:, -1] == 0) & (counts[:, -1] > 0)):
            row = counts[replicate]
            row[p[replicate].argmax()] += row[-1]
            row[-1] = 0
        _swap(p, self.likeliest)
        _swap(counts, self.likeliest)
        return counts

    def fit(self, counts, n: int):
        return counts / n

    def sampled(self, p):
        return tempered(p, self.temperature)

    def merge(self, a, n_a: int, b, n_b: int):
        return a + b

    def thin(self, counts, n: int, k: int, rng):
        if n >= MOST_THINNED:
            raise ValueError(
                f"Thinning {n} rows needs a hypergeometric draw, and NumPy's stops at 10^9; use "
                "a smaller n_samples, or a policy that thins nothing twice, such as FreshReal or "
                "Accumulate."
            )
        replicates, categories = counts.shape
        if categories > replicates:
            draw = rng.multivariate_hypergeometric
            return np.stack([draw(row, k, method="marginals") for row in counts])
        thinned = np.empty_like(counts)
        left, wanted = np.full(replicates, n), np.full(replicates, k)
        for j in range(categories):
            left -= counts[:, j]
            thinned[:, j] = rng.hypergeometric(counts[:, j], left, wanted)
            wanted -= thinned[:, j]
        return thinned


def _swap(columns: np.ndarray, last: int) -> None:
    """Change over column `last` and the last one, in place: it costs nothing for a million."""
    columns[:, [last, -1]] = columns[:, [-1, last]]
