"""sweep: one tidy table, the same whatever runs it."""

import numpy as np
import pandas as pd
import pytest
from joblib import parallel_config

from collapse_lib import run_loop, sweep
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Accumulate, MixReal, Replace
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
        table(checkpoint="here")
    assert str(error.value) == "sweep sets checkpoint itself; take it out of the call."
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
