"""One dial: the sweep over policies and families, what is stored of it, and its verdicts."""

import numpy as np
import pytest
from joblib import parallel_config

from collapse_lib import theory
from collapse_lib.chapters import load
from collapse_lib.chapters.autophagy.dial import EXPERIMENTS, POLICIES, dial, ratios, verdict
from collapse_lib.chapters.autophagy.dial_families import FAMILIES

NAMES = [family.name for family in FAMILIES]
SMALL = {
    "seed": 3,
    "families": ["categories", "bell curve", "uniform", "linear regression", "logistic regression"],
    "most_generations": 5,
    "most_replicates": 2,
}


def equal(one, other) -> bool:
    return set(one) == set(other) and all(
        np.array_equal(one[name], other[name], equal_nan=True) for name in one
    )


def test_a_two_worker_dask_cluster_gives_the_table_that_one_process_gives():
    distributed = pytest.importorskip("distributed")
    alone = dial(**SMALL)
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    )
    with cluster, distributed.Client(cluster), parallel_config(backend="dask"):
        shared = dial(**SMALL)
    assert equal(alone, shared)
    assert not equal(alone, dial(**SMALL | {"seed": 4}))


def test_every_family_is_stored_under_every_policy():
    stored = load("dial")
    assert stored.attrs["settings"]["families"] == NAMES
    table = ratios(stored)
    assert table.sizes == {"family": len(FAMILIES), "policy": len(POLICIES)}
    for family in FAMILIES:
        error = stored.error.sel(family=family.name)
        made = error.dropna("generation", how="all").dropna("replicate", how="all")
        looked_at = made.generation.values
        assert made.shape == (len(POLICIES), family.n_replicates, len(looked_at))
        assert looked_at[0] == 1 and looked_at[-1] == family.n_generations
        assert np.isfinite(made).all()
        first, last = (made.sel(generation=t).median("replicate") for t in looked_at[[0, -1]])
        changes, left = (table[name].sel(family=family.name) for name in ("error", "diversity"))
        assert np.allclose(changes, last / first.median())
        assert left.notnull().all() or left.isnull().all()


def test_every_policy_starts_from_the_same_first_generation():
    stored = load("dial")
    for name in NAMES[:-3]:  # networks of torch too, but to rounding only
        first = stored.error.sel(family=name, generation=1).dropna("replicate").values
        assert (first == first[0]).all()


def test_regression_is_where_theory_puts_it():
    stored = load("dial")
    t = stored.generation.values
    laws = {
        "Replace": theory.regression_risk_replace(t, 5, 100),
        "Accumulate": theory.regression_risk_accumulate(t, 5, 100),
    }
    z = {}
    for policy in laws:
        error = stored.error.sel(family="linear regression", policy=policy).values
        mean, se = error.mean(axis=0), error.std(axis=0, ddof=1) / np.sqrt(len(error))
        z |= {(policy, law): (mean - values) / se for law, values in laws.items()}
    assert np.abs(z["Replace", "Replace"]).max() < 4
    assert z["Accumulate", "Accumulate"].max() < 4  # with new inputs the law is an upper bound
    assert np.abs(z["Replace", "Accumulate"]).max() > 4
    assert np.abs(z["Accumulate", "Replace"]).max() > 4


@pytest.mark.parametrize(
    ("error", "diversity", "word"),
    [
        (1.0, 1.0, "stays"),
        (2.0, 0.5, "stays"),
        (2.1, 0.6, "drifts"),
        (100.0, np.nan, "drifts"),
        (1.0, np.nan, "stays"),
        (1.0, 0.49, "collapses"),
        (100.0, 0.49, "collapses"),
        (1.0, 2.1, "spreads out"),
    ],
)
def test_verdicts(error, diversity, word):
    assert verdict(error, diversity) == word


def test_the_part_is_of_cheap_families():
    (experiment,) = EXPERIMENTS
    assert set(experiment.part["families"]) < set(experiment.settings["families"])
