"""The loop on sufficient statistics, shared by every family that has them."""

import itertools
from collections.abc import Iterator

import numpy as np

from collapse_lib.arguments import MOST_ROWS, check_count, check_size, check_type
from collapse_lib.exact.lots import Batch, Lot, LotHistory
from collapse_lib.loop.steps import RESERVED, check_metrics
from collapse_lib.loop.streams import FRESH, MIX, SAMPLE, SOURCE, Streams
from collapse_lib.policies.base import check_is_policy, newest_only

__all__ = ["chain", "collected", "tidy"]

MADE_OF = (
    "In the exact engine a policy is made of subsample, concat, of_origin and pool; run any other "
    "on rows with run_loop."
)


def chain(family, real, policy, *, n_samples, n_fresh, seed, most=MOST_ROWS) -> Iterator:
    """Yield the fitted parameters of generations 1, 2, ..., without end.

    family: `draw(parameters, n, rng)` -> statistic, `fit(statistic, n)` -> parameters, `sampled
    (parameters)` -> the parameters that samples are drawn from, and the verbs of lots.Family.
    real: the parameters of the real distribution. most: rows that the exact form can hold.
    """
    check_is_policy("policy", policy)
    rng = Streams(seed).rng

    def size(t: int) -> int:
        return check_size("n_samples", n_samples, t, least=1, most=most)

    def fresh_size(t: int) -> int:
        return check_size("n_fresh", n_fresh, t, most=most)

    def batch(parameters, n: int, origin: int, stream) -> Batch:
        return Batch(family, n, origin, lambda k, r: family.draw(parameters, k, r), stream)

    def source(n: int, stream) -> Batch:
        return batch(real, n, 0, stream)

    def generations():
        history = LotHistory(pooled=not newest_only(policy))
        history.append(Lot([source(size(1), rng(0, SOURCE))]))
        for t in itertools.count(1):
            train = history[0] if t == 1 else policy(history, source, rng(t, MIX))
            if not isinstance(train, Lot):
                check_type(f"What {policy!r} returns", train, Lot, MADE_OF)
            check_count("The number of rows to train on", len(train), least=1, most=most)
            whole = train.merged()
            parameters = family.fit(whole.statistic(), whole.n)
            published = [batch(family.sampled(parameters), size(t), t, rng(t, SAMPLE))]
            if n := fresh_size(t):
                published.append(source(n, rng(t, FRESH)))
            history.append(Lot(published))
            yield parameters

    size(1), fresh_size(1)  # complain now, not at next()
    return generations()


def collected(stream: Iterator[tuple], n_generations: int) -> list[np.ndarray]:
    """The first generations of a stream of tuples of arrays (n_replicates, ...): each as one array
    (n_replicates, n_generations, ...), in which a generation is contiguous."""
    n_generations = check_count("n_generations", n_generations, least=1)
    for t, arrays in enumerate(itertools.islice(stream, n_generations)):
        if t == 0:
            paths = [np.empty((n_generations, *array.shape)) for array in arrays]
        for path, array in zip(paths, arrays, strict=True):
            path[t] = array
    return [path.swapaxes(0, 1) for path in paths]


def tidy(*axes: str, **measures: np.ndarray):
    """Arrays (n_replicates, n_generations, ...) as a pandas.DataFrame: `replicate` from 0,
    `generation` from 1, a column for each further axis, from 0, and one for each measure."""
    import pandas as pd

    shape = next(iter(measures.values())).shape
    places = np.indices(shape).reshape(len(shape), -1)  # (axes, rows)
    places[1] += 1
    names = ("replicate", "generation", *axes)
    columns = dict(zip(names, places, strict=True))
    return pd.DataFrame(columns | {name: array.ravel() for name, array in measures.items()})


def measured(paths: tuple, metrics) -> dict[str, np.ndarray]:
    """name -> (n_replicates, n_generations), from name -> function(*paths) -> such an array.

    Raises ValueError for a metric of another shape, or called as a column that is there already.
    """
    check_metrics(metrics, (*RESERVED, *paths._fields), "metric(*paths)")
    shape = paths[0].shape[:2]
    found = {name: np.asarray(metric(*paths)) for name, metric in metrics.items()}
    for name, values in found.items():
        if values.shape != shape:
            raise ValueError(
                f"to_frame: metric {name!r} must give one number a replicate and generation, "
                f"{shape}; got {values.shape}."
            )
    return found
