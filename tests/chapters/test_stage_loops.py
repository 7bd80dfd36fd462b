"""The loops of the chapter `stages` as tidy frames."""

import numpy as np
import pytest

from collapse_lib import exact
from collapse_lib.chapters import load
from collapse_lib.chapters.stages.definitions import LOOPS, profile_arrays
from collapse_lib.chapters.stages.loops import (
    MEASURES,
    STAGED_BY,
    enters,
    four_loops,
    noticed,
    stored_loops,
    times_by_size,
)
from collapse_lib.chapters.stages.pictures import SHORTER, thinned, verdict_map
from collapse_lib.policies import Replace
from collapse_lib.sources import zipf_shares
from collapse_lib.verdicts import first_noticed, profile, profile_frame, two_stages


@pytest.fixture(scope="module")
def stored():
    return load("stages-mixture"), load("vae-mnist-released")


@pytest.fixture(scope="module")
def loops(stored):
    settings = {"n_generations": 40, "n_replicates": 12, "seed": 1}
    bell = exact.gaussian_chain(Replace(), n_samples=50, **settings)
    words = exact.categorical_chain(Replace(), zipf_shares(30), n_samples=100, **settings)
    return four_loops(bell, words, *stored)


def test_four_loops_hold_what_each_measures(loops, stored):
    assert list(loops.columns) == ["loop", "replicate", "generation", *MEASURES]
    assert loops["loop"].unique().tolist() == list(STAGED_BY)
    held = loops.groupby("loop")[list(MEASURES)].count() > 0
    for loop, names in STAGED_BY.items():
        assert held.loc[loop, list(names)].all()
    assert not held.loc["bell curve", "perplexity"] and held.loc["words", "perplexity"]
    assert (loops["loss on real rows"] >= 0).all()
    clusters, digits = stored
    found = loops.query("loop == 'clusters' and replicate == 3 and generation == 1500")
    assert found["variance"].item() == clusters["variance"].sel(replicate=3, generation=1500)
    found = loops.query("loop == 'digits' and replicate == 2 and generation == 4")
    ratio = digits["latent_spread"].sel(seed=2, generation=4) / digits["latent_spread"][2, 0]
    assert found["variance"].item() == pytest.approx(float(ratio**2))
    alone = stored_loops(*stored)
    assert alone["loop"].unique().tolist() == ["clusters", "digits"]


def test_noticed_and_enters_are_the_verdicts(loops, stored):
    clusters, _ = stored
    found = noticed(loops).query("loop == 'clusters' and measure == 'variance'")
    expected = first_noticed(clusters["variance"].values, generations=clusters.generation.values)
    assert found["generation"].tolist() == expected.tolist()
    assert "digits" not in set(noticed(loops)["loop"])
    found = enters(loops).query("loop == 'clusters'")
    expected = two_stages(
        clusters["minority coverage"], clusters["variance"], generations=clusters.generation.values
    )
    assert found["early"].tolist() == expected.early.tolist()
    assert found["late"].tolist() == expected.late.tolist()
    at = np.median(expected.early)
    spread = clusters["variance"].sel(generation=at).values
    assert found["spread when early"].tolist() == spread.tolist()
    sooner = enters(loops, spread_level=0.5).query("loop == 'clusters'")
    assert (sooner["late"].to_numpy() <= expected.late).all()


def test_times_by_size_keep_their_runs():
    gaps = load("stages-gaps")
    found = times_by_size(gaps).query("loop == 'words' and stage == 'late' and n_samples == 3000")
    assert found["generation"].tolist() == gaps["zipf_late"].values[1].tolist()


def test_the_map_says_how_many_meanings_each_loop_meets():
    stored = load("definitions")
    scores = profile_frame({a.name: profile(**profile_arrays(stored, a.name)) for a in LOOPS})
    figure = verdict_map(scores)
    assert list(figure.table["row"]) == list(SHORTER.values())
    n_met = sum(str(text).startswith("collapsed") for text in figure.table["Replace"])
    assert f"Replace: {n_met} met" in figure.alt


def test_thinned_generations_are_ever_further_apart():
    found = thinned(range(1, 1001))
    assert found[0] == 1 and found[-1] == 1000 and len(found) <= 60
    assert (np.diff(found)[1:] >= np.diff(found)[:-1] - 1).all()
