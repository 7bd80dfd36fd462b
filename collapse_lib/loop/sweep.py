"""sweep: a grid of settings x replicates, each a run of its own, as one tidy table."""

import itertools
from collections.abc import Mapping

import numpy as np

from collapse_lib.arguments import check_count
from collapse_lib.loop.run import run_loop
from collapse_lib.loop.streams import seed_of

__all__ = ["sweep"]

OWN = ("seed", "keep", "checkpoint", "progress")


def sweep(grid: Mapping, *, n_replicates: int, seed, engine=run_loop, **fixed):
    """Run the loop at every point of a grid; returns a pandas.DataFrame with one row for each
    (grid point, replicate, generation).

    grid: argument of run_loop -> values to try, all combinations; a mapping label -> value in
        place of a list names the values in the table. Without labels, numbers and strings stand
        for themselves and anything else by its repr.
    n_replicates: runs at each point. Replicate r has the same seed at every point, so that points
        are compared on the same real rows.
    engine: run_loop, or an exact chain (`exact.gaussian_chain`, `exact.categorical_chain`), which
        draws the replicates of a point at once; `metrics` are then those of its `to_frame`.
    fixed: every other argument of the engine.

    Runs go through joblib: wrap the call in `joblib.parallel_config(...)` to use more processes,
    threads or a Dask cluster. The table is the same whichever runs it.
    """
    import pandas as pd
    from joblib import Parallel, delayed

    n_replicates = check_count("n_replicates", n_replicates, least=1)
    if not isinstance(grid, Mapping) or not grid:
        raise ValueError("grid must map at least one argument to the values to try; got none.")
    for name in OWN:
        if name in grid or name in fixed:
            raise ValueError(f"sweep sets {name} itself; take it out of the call.")
    taken = sorted(set(grid) & set(fixed.get("metrics") or {}))
    if taken:
        raise ValueError(
            f"A metric and a column of the grid are both called {taken[0]!r}; rename the metric."
        )
    root = seed_of(seed)
    tasks, tables = [], []
    for point in itertools.product(*(_labelled(name, values) for name, values in grid.items())):
        labels, values = (dict(zip(grid, each, strict=True)) for each in zip(*point, strict=True))
        if engine is not run_loop:
            settings = {**fixed, **values}
            metrics = settings.pop("metrics", None)
            paths = engine(seed=seed, n_replicates=n_replicates, **settings)
            frame = paths.to_frame(metrics)
            tables.append(frame.assign(**labels)[[*labels, *frame.columns]])
            continue
        for replicate in range(n_replicates):  # a wider sweep keeps the first ones
            key = (root.entropy, (*root.spawn_key, replicate))
            tasks.append(({**labels, "replicate": replicate}, key, {**fixed, **values}))
    if engine is not run_loop:
        return pd.concat(tables, ignore_index=True)
    tables = Parallel()(delayed(_run)(*task) for task in tasks)
    return pd.DataFrame.from_records(list(itertools.chain.from_iterable(tables)))


def _run(columns: dict, key: tuple, arguments: dict) -> list[dict]:
    """One run, as flat records. key: (entropy, spawn key) of its seed."""
    entropy, spawn_key = key
    seed = np.random.SeedSequence(entropy, spawn_key=spawn_key)
    run = run_loop(seed=seed, keep="last", **arguments)
    return [{**columns, **record} for record in run.records()]


def _labelled(name: str, values) -> list[tuple]:
    """(label, value) for each value to try."""
    if isinstance(values, Mapping):
        return list(values.items())
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise TypeError(f"grid[{name!r}] must be a list of values; got {values!r}.")
    plain = (bool, int, float, str, np.number)
    return [(value if isinstance(value, plain) else repr(value), value) for value in values]
