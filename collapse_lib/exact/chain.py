"""The loop on sufficient statistics, shared by every family that has them."""

from collections.abc import Iterator

from collapse_lib.arguments import MOST_ROWS, check_count, check_size
from collapse_lib.exact.lots import Batch, Lot, LotHistory
from collapse_lib.loop.streams import FRESH, MIX, SAMPLE, SOURCE, Streams

__all__ = ["chain"]


def chain(family, real, policy, *, n_samples, n_fresh, seed, most=MOST_ROWS) -> Iterator:
    """Yield the fitted parameters of generations 1, 2, ..., without end.

    family: `draw(parameters, n, rng)` -> statistic, `fit(statistic, n)` -> parameters, `sampled
    (parameters)` -> the parameters that samples are drawn from, and the verbs of lots.Family.
    real: the parameters of the real distribution. most: rows that the exact form can hold.
    """
    if not callable(policy):
        raise TypeError(f"policy must be callable, such as Replace(); got {policy!r}.")
    streams = Streams(seed)
    rng = streams.rng

    def size(t: int) -> int:
        return check_size("n_samples", n_samples, t, least=1, most=most)

    def batch(parameters, n: int, origin: int, stream) -> Batch:
        return Batch(family, n, origin, lambda k, r: family.draw(parameters, k, r), stream)

    def source(n: int, stream) -> Batch:
        return batch(real, n, 0, stream)

    def generations():
        history = LotHistory(pooled=not getattr(policy, "newest_only", False))
        history.append(Lot([source(size(1), rng(0, SOURCE))]))
        t = 0
        while True:
            t += 1
            train = history[0] if t == 1 else policy(history, source, rng(t, MIX))
            whole = _looked_at(train, policy, most)
            parameters = family.fit(whole.statistic(), whole.n)
            published = [batch(family.sampled(parameters), size(t), t, rng(t, SAMPLE))]
            fresh = check_size("n_fresh", n_fresh, t, least=0, most=most)
            if fresh:
                published.append(source(fresh, rng(t, FRESH)))
            history.append(Lot(published))
            yield parameters

    size(1), check_size("n_fresh", n_fresh, 1, least=0, most=most)  # complain now, not at next()
    return generations()


def _looked_at(train, policy, most: int) -> Batch:
    if not isinstance(train, Lot):
        raise TypeError(
            f"{policy!r} returned {type(train).__name__}; in the exact engine a policy must be "
            "made of subsample, concat, of_origin and pool. Run it on rows with run_loop."
        )
    check_count("The number of rows to train on", len(train), least=1, most=most)
    return train.merged()
