"""sweep: one tidy table, the same whatever runs it."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config
from sentences import refusals

from collapse_lib import exact, run_loop, sweep
from collapse_lib.loop import SweepError
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Accumulate, Filtered, MixReal, Replace
from collapse_lib.sources import GaussianSource


def variance(generation):
    return generation.model.variance_


GRID = {"policy": [Replace(), Accumulate(), MixReal(0.2)], "n_samples": [5, 20]}
FIXED = {
    "model": Gaussian(),
    "source": GaussianSource(),
    "n_generations": 4,
    "n_reference": 10,
    "metrics": {"variance": variance},
}


def table(grid=GRID, n_replicates=3, seed=7, **changes):
    return sweep(grid, n_replicates=n_replicates, seed=seed, **{**FIXED, **changes})


def test_one_row_for_each_point_replicate_and_generation():
    frame = table()
    assert frame.columns.tolist() == ["policy", "n_samples", "replicate", "generation", "variance"]
    assert len(frame) == 3 * 2 * 3 * 4
    assert not frame.duplicated(["policy", "n_samples", "replicate", "generation"]).any()
    assert frame["policy"].unique().tolist() == [
        "Replace()", "Accumulate()", "MixReal(real_fraction=0.2)",
    ]  # fmt: skip


def test_a_row_is_what_run_loop_gives():
    frame = table()
    picked = frame.query("policy == 'Accumulate()' and n_samples == 20 and replicate == 1")
    seed = np.random.SeedSequence(7, spawn_key=(1,))
    run = run_loop(policy=Accumulate(), n_samples=20, seed=seed, **FIXED)
    assert np.array_equal(picked["variance"], run.column("variance"))


def test_points_share_their_real_rows_and_replicates_do_not():
    first = table().query("generation == 1 and n_samples == 20")
    assert (first.groupby("replicate")["variance"].nunique() == 1).all()
    assert first["variance"].nunique() == 3


def test_more_replicates_keep_the_first_ones():
    few, many = table(n_replicates=2), table(n_replicates=3)
    kept = many.query("replicate < 2").reset_index(drop=True)
    pd.testing.assert_frame_equal(few, kept)


def test_labels_name_the_values():
    frame = table({"n_samples": {"few": 5, "growing": lambda t: 5 * t}}, policy=Replace())
    assert frame["n_samples"].unique().tolist() == ["few", "growing"]


@pytest.mark.parametrize("backend", ["sequential", "loky", "threading"])
def test_backends_give_equal_tables(backend):
    with parallel_config(backend=backend, n_jobs=2):
        other = table()
    pd.testing.assert_frame_equal(other, table(), check_exact=True)


def test_a_dask_cluster_of_two_workers_gives_an_equal_table(tmp_path):
    from dask import config
    from dask.distributed import Client, LocalCluster

    with (
        config.set({"distributed.worker.profile.enabled": False}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
            local_directory=str(tmp_path),
        ) as cluster,
        Client(cluster) as client,
    ):  # fmt: skip
        assert len(client.scheduler_info()["workers"]) == 2
        with parallel_config(backend="dask"):
            other = table()
    pd.testing.assert_frame_equal(other, table(), check_exact=True)


def test_the_comparison_of_tables_can_fail():
    with pytest.raises(AssertionError):
        pd.testing.assert_frame_equal(table(seed=8), table(), check_exact=True)


def test_faults_are_told_in_one_sentence():
    with pytest.raises(ValueError) as error:
        table({})
    assert str(error.value) == (
        "grid must map at least one argument to the values to try; got none."
    )
    with pytest.raises(ValueError) as error:
        table(keep="all")
    assert str(error.value) == "sweep sets keep itself; take it out of the call."
    with pytest.raises(ValueError) as error:
        table(metrics={"policy": variance})
    assert str(error.value) == (
        "A metric and a column of the grid are both called 'policy'; rename the metric."
    )
    with pytest.raises(TypeError) as error:
        table({"n_samples": 5})
    assert str(error.value) == "grid['n_samples'] must be a list of values; got 5."
    with pytest.raises(ValueError) as error:
        table(n_replicates=0)
    assert str(error.value) == "n_replicates must be at least 1; got 0."
    with pytest.raises(ValueError) as error:
        table({"n_samples": [0]}, policy=Replace())
    assert str(error.value) == "n_samples must be at least 1; got 0."


# --- runs that fail ------------------------------------------------------------------------------


def broken(generation):
    if generation.index == 3 and len(generation.sample) == 5:
        raise ZeroDivisionError("the rows are few")
    return 0.0


def test_a_failing_run_says_where_and_the_others_are_kept(tmp_path):
    metrics = {"variance": variance, "odd": broken}
    with pytest.raises(SweepError) as caught:
        table(metrics=metrics, n_replicates=2, checkpoint=tmp_path)
    assert str(caught.value) == (
        "6 of 12 runs failed; the first, with policy = 'Replace()', n_samples = 5, replicate = 0: "
        "ZeroDivisionError: the rows are few This was in generation 3, in metric 'odd'. The table "
        "of the others is this error's frame; with a checkpoint they are kept."
    )
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    whole = table(n_replicates=2).query("n_samples == 20").reset_index(drop=True)
    kept = caught.value.frame.drop(columns="odd")
    pd.testing.assert_frame_equal(kept, whole)
    assert len(caught.value.failed) == 6


@pytest.mark.parametrize(
    ("changes", "whose"),
    [
        ({"model": Gaussian(sampling_bias=0.0)}, "sample"),
        ({"policy": Filtered(Replace(), keep=lambda train, rng: 1 / 0)}, "policy Filtered"),
    ],
)
def test_an_error_notes_whose_function_it_was_in(changes, whose, monkeypatch):
    def fails(self, n, *, rng):
        raise ZeroDivisionError

    if whose == "sample":
        monkeypatch.setattr(Gaussian, "sample", fails)
        whose = "Gaussian.sample"
    arguments = {"model": Gaussian(), "policy": Replace(), **changes}
    with pytest.raises(ZeroDivisionError) as caught:
        run_loop(source=GaussianSource(), n_samples=5, n_generations=3, seed=1, **arguments)
    assert any(whose in note for note in caught.value.__notes__)


def test_a_sweep_goes_on_from_its_checkpoint(tmp_path):
    seen = []
    fitted = Counted.fits = 0
    first = table({"policy": [Replace()]}, n_samples=5, model=Counted(), checkpoint=tmp_path)
    fitted, Counted.fits = Counted.fits, 0
    again = table(
        {"policy": [Replace()]}, n_samples=5, model=Counted(), checkpoint=tmp_path,
        progress=lambda runs: seen.append(len(runs)) or runs,
    )  # fmt: skip
    pd.testing.assert_frame_equal(first, again)
    assert seen == [3] and Counted.fits < fitted


def test_a_sweep_over_functions_goes_on_in_another_process(tmp_path):
    """Their repr names an address, which no other process has."""
    code = (
        "import sys; from test_sweep import *\n"
        "grid = {'n_samples': [lambda t: 5, lambda t: 5 + t, np.int64(7)], 'policy': [Replace()]}\n"
        "frame = table(grid, n_replicates=2, checkpoint=sys.argv[1])\n"
        "print(*frame['n_samples'].unique(), sep='; ')"
    )
    labels, folders = set(), set()
    for padding in (0, 1):
        run = [sys.executable, "-c", f"pad = [object()] * {padding}\n{code}", str(tmp_path)]
        done = subprocess.run(
            run, capture_output=True, text=True, check=True, cwd=Path(__file__).parent,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        labels.add(done.stdout)
        folders |= {path.name for path in tmp_path.iterdir()}
    assert len(labels) == 1 and "0x" not in labels.pop() and len(folders) == 6
    table({"n_samples": [7], "policy": [Replace()]}, n_replicates=2, checkpoint=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == folders  # 7 is np.int64(7)


def test_a_chain_tells_its_progress_and_keeps_no_checkpoint(tmp_path):
    seen = []
    chain = {
        "engine": exact.gaussian_chain, "n_replicates": 2, "seed": 1, "policy": Replace(),
        "n_generations": 3,
    }  # fmt: skip
    frame = sweep(
        {"n_samples": [5, 9]}, progress=lambda each: seen.append(len(each)) or each, **chain
    )
    assert seen == [2] and len(frame) == 2 * 2 * 3
    with pytest.raises(ValueError) as error:
        sweep({"n_samples": [5]}, checkpoint=tmp_path, **chain)
    assert str(error.value).startswith(
        "sweep: checkpoint of an exact chain must be one of None; got PosixPath("
    )


def test_an_error_of_a_sweep_comes_back_from_another_process():
    with pytest.raises(SweepError) as caught:
        table(metrics={"odd": broken}, n_replicates=1)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert str(copy) == str(caught.value)
    pd.testing.assert_frame_equal(copy.frame, caught.value.frame)
    assert [columns for columns, _ in copy.failed] == [c for c, _ in caught.value.failed]


class Counted(Gaussian):
    fits = 0

    def fit(self, rows, *, rng=None):
        Counted.fits += 1
        return super().fit(rows)


test_what_a_sweep_refuses = refusals(
    (
        lambda: table({"n_samples": [5, 9, 5.0]}, policy=Replace()),
        "grid['n_samples'] must hold different values; got 5 more than once. A mapping label -> "
        "value tells alike ones apart.",
    ),
    (
        lambda: table({"policy": [Replace(), Replace()]}, n_samples=5),
        "grid['policy'] must hold different values; got 'Replace()' more than once. A mapping "
        "label -> value tells alike ones apart.",
    ),
    (
        lambda: table(ledger=object()),
        "A ledger is of one run; give it to run_loop, and none to sweep.",
    ),
    (
        lambda: table({"policy": [Replace()], "metrics": {"a": {"policy": variance}}}, n_samples=5),
        "A metric and a column of the grid are both called 'policy'; rename the metric.",
    ),
    (
        lambda: table({"policy": [Replace()], "metrics": [{"replicate": variance}]}, n_samples=5),
        "A metric and a column of the grid are both called 'replicate'; rename the metric.",
    ),
)
