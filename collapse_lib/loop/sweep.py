"""sweep: a grid of settings x replicates, each a run of its own, as one tidy table."""

import hashlib
import inspect
import itertools
from collections.abc import Callable, Mapping

import numpy as np

from collapse_lib.arguments import (
    check_callable,
    check_choice,
    check_count,
    check_path,
    check_type,
    got,
)
from collapse_lib.loop.described import described
from collapse_lib.loop.run import run_loop
from collapse_lib.loop.streams import seed_of

__all__ = ["SweepError", "sweep"]

OWN = ("seed", "keep")
COLUMNS = ("replicate", "generation")


class SweepError(RuntimeError):
    """Some runs of a sweep failed. frame: the table of all others, a pandas.DataFrame. failed: a
    list of (columns of the run, its error)."""

    def __init__(self, frame, failed, n_runs):
        super().__init__(frame, failed, n_runs)  # from which a process that waits makes it anew
        self.frame, self.failed, self.n_runs = frame, failed, n_runs

    def __str__(self):
        columns, error = self.failed[0]
        where = ", ".join(f"{name} = {value!r}" for name, value in columns.items())
        notes = " ".join(getattr(error, "__notes__", ()))
        return (
            f"{len(self.failed)} of {self.n_runs} runs failed; the first, with {where}: "
            f"{type(error).__name__}: {error} {notes}".rstrip()
            + " The table of the others is this error's frame; with a checkpoint they are kept."
        )


def sweep(
    grid: Mapping, *, n_replicates: int, seed, engine=run_loop, checkpoint=None, progress=iter,
    **fixed,
):  # fmt: skip
    """Run the loop at every point of a grid; returns a pandas.DataFrame with one row for each
    (grid point, replicate, generation).

    grid: argument of run_loop -> values to try, all combinations; a mapping label -> value in
        place of a list names the values in the table. Without labels, numbers and strings stand
        for themselves, a function by its name and a digest of its code, anything else by its repr
        where that says all. Labels differ.
        A name that is no argument is that of an axis of several at once, such as a model and its
        source: label -> dict of arguments.
    n_replicates: runs at each point. Replicate r has the same seed at every point, so that points
        are compared on the same real rows.
    engine: run_loop, or an exact chain (`exact.gaussian_chain`, `exact.categorical_chain`), which
        draws the replicates of a point at once; `metrics` are then those of its `to_frame`, and
        there is no checkpoint.
    checkpoint: a folder; every run of rows keeps itself in a folder of its own in it, so that the
        same sweep goes on where it was cut off, and a longer one keeps what is there.
    progress: a function of the iterable of finished runs, or points of a chain, such as tqdm, or
        None.
    fixed: every other argument of the engine.

    Raises SweepError where runs fail, when all others are done: its `frame` holds them. Where none
    succeeds it raises the error of the first.

    Runs go through joblib: wrap the call in `joblib.parallel_config(...)` to use more processes,
    threads or a Dask cluster. The table is the same whichever runs it.
    """
    import pandas as pd
    from joblib import Parallel, delayed

    check_type("progress", progress, (Callable, type(None)))
    check_callable("engine", engine, "engine(**arguments)")
    n_replicates = check_count("n_replicates", n_replicates, least=1)
    if not isinstance(grid, Mapping) or not grid:
        raise ValueError("grid must map at least one argument to the values to try; got none.")
    for name in OWN:
        if name in grid or name in fixed:
            raise ValueError(f"sweep sets {name} itself; take it out of the call.")
    if fixed.get("ledger") is not None or "ledger" in grid:
        raise ValueError("A ledger is of one run; give it to run_loop, and none to sweep.")
    root, progress = seed_of(seed), progress or iter
    points = [
        [dict(zip(grid, each, strict=True)) for each in zip(*point, strict=True)]
        for point in itertools.product(*(_labelled(name, values) for name, values in grid.items()))
    ]
    points = [(labels, _arguments(engine, values, fixed)) for labels, values in points]
    _check_columns(grid, [arguments.get("metrics") for _, arguments in points])
    if engine is not run_loop:
        shared = {"seed": seed, "n_replicates": n_replicates}
        check_choice("sweep: checkpoint of an exact chain", checkpoint, (None,))
        tables = (_chain(engine, labels, {**shared, **arguments}) for labels, arguments in points)
        return pd.concat(progress(_WithLength(tables, len(points))), ignore_index=True)
    tasks = []
    for labels, arguments in points:
        for replicate in range(n_replicates):  # a wider sweep keeps the first ones
            key = (root.entropy, (*root.spawn_key, replicate))
            tasks.append(({**labels, "replicate": replicate}, key, arguments))
    folder = None if checkpoint is None else check_path("checkpoint", checkpoint, is_folder=True)
    runs = Parallel(return_as="generator")(delayed(_run)(*task, folder) for task in tasks)
    done = list(progress(_WithLength(runs, len(tasks))))
    frame = pd.DataFrame.from_records([record for records, _ in done for record in records])
    failed = [(task[0], e) for task, (_, e) in zip(tasks, done, strict=True) if e is not None]
    if len(failed) == len(tasks):  # a fault of the call, or of all that it tries
        raise failed[0][1]
    if failed:
        raise SweepError(frame, failed, len(tasks)) from failed[0][1]
    return frame


def _chain(engine, labels: dict, settings: dict):
    """The frame of an exact chain, its labels first."""
    metrics = settings.pop("metrics", None)
    frame = engine(**settings).to_frame(metrics)
    both = sorted(set(labels) & set(frame.columns))
    if both:
        raise ValueError(f"The chain measures {both[0]!r} itself: it cannot be an axis.")
    return frame.assign(**labels)[[*labels, *frame.columns]]


def _run(columns: dict, key: tuple, arguments: dict, folder) -> tuple[list[dict], Exception | None]:
    """One run, as flat records, and the error that it ended in. key: (entropy, spawn key) of its
    seed."""
    entropy, spawn_key = key
    seed = np.random.SeedSequence(entropy, spawn_key=spawn_key)
    if folder is not None:
        point = sorted(
            (name, label.item() if isinstance(label, np.generic) else label)  # 5 is np.int64(5)
            for name, label in columns.items()
        )
        point = hashlib.sha256(repr(point).encode()).hexdigest()[:16]
        arguments = {**arguments, "checkpoint": folder / point}
    try:
        run = run_loop(seed=seed, keep="last", **arguments)
    except Exception as error:
        return [], error
    return [{**columns, **record} for record in run.records()], None


def _check_columns(grid: Mapping, sets: list) -> None:
    """Let pass sets of metrics that are called as no other column is."""
    names = {name for each in sets if isinstance(each, Mapping) for name in each}
    taken = sorted(names & {*grid, *COLUMNS})
    if taken:
        raise ValueError(
            f"A metric and a column of the grid are both called {taken[0]!r}; rename the metric."
        )


def _arguments(engine, values: dict, fixed: dict) -> dict:
    """All arguments of the engine at one point, those of an axis of several among them."""
    known, found = inspect.signature(engine).parameters, dict(fixed)
    for name, value in values.items():
        if name in known or not isinstance(value, Mapping):
            found[name] = value
            continue
        twice = sorted({*value} & {*found, *values, *OWN, "ledger"})
        if twice:
            raise ValueError(f"The axis {name!r} sets {twice[0]}, which has its value elsewhere.")
        found |= value
    return found


class _WithLength:
    """An iterable of which a progress bar can see the length."""

    def __init__(self, each, length: int):
        self.each, self.length = each, length

    def __iter__(self):
        return iter(self.each)

    def __len__(self):
        return self.length


def _labelled(name: str, values) -> list[tuple]:
    """(label, value) for each value to try."""
    if isinstance(values, Mapping):
        return list(values.items())
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise TypeError(f"grid[{name!r}] must be a list of values; {got(values)}.")
    plain = (bool, int, float, str, np.number)
    labels = [value if isinstance(value, plain) else described(value) for value in values]
    if twice := [label for label in labels if labels.count(label) > 1]:
        raise ValueError(
            f"grid[{name!r}] must hold different values; {got(twice[0])} more than once. A mapping "
            "label -> value tells alike ones apart."
        )
    return list(zip(labels, values, strict=True))
