"""What the figures of the chapter on recursion are drawn from."""

import numpy as np
import pytest

from collapse_lib import exact, policies, run_loop, sources, theory
from collapse_lib.chapters.recursion import pictures
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.kde import KernelDensity

WORLD = sources.Categories.of(yellow=90, blue=10)
MODEL = Categorical(n_categories=2)


def test_urns_are_what_each_generation_learned_from():
    run = run_loop(MODEL, WORLD, policies.Replace(), n_samples=100, n_generations=4, seed=3)
    painted = pictures.urns(run, WORLD.names, [1, 4])
    assert list(painted) == ["generation 1", "generation 4"]
    assert painted["generation 4"]["blue"] == run[2].sample.sum()
    assert sum(painted["generation 1"].values()) == 100


def test_fates_follow_the_law_of_absence():
    paths = exact.categorical_chain(
        policies.Replace(), [0.9, 0.1], n_samples=20, n_generations=30, n_replicates=4000, seed=3
    )
    wide = pictures.fates(paths).pivot(index="generation", columns="fate", values="runs (%)")
    assert wide.sum(axis=1).to_numpy() == pytest.approx(np.full(30, 100))
    law = 100 * theory.absent_probability(np.arange(1, 31), 0.1, 20)
    error = np.sqrt(law * (100 - law) / 4000)
    assert (np.abs(wide["blue gone"] - law) < 4 * error).all()
    assert (np.abs(wide["yellow gone"] - law) > 4 * error).any()  # the check can fail


def test_words_are_missed_or_in_the_copy():
    counts, copied = np.array([1, 1, 1, 2, 2, 5]), np.array([0, 2, 0, 1, 4, 0])
    assert pictures.missed(counts, copied, {"once": 1, "twice": 2}) == {
        "once": {"in the copy": 1, "missed": 2},
        "twice": {"in the copy": 2, "missed": 0},
    }


def test_survival_is_a_share_of_equally_frequent_words():
    shares = np.array([[[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]])  # one run, two copies, three words
    frame = pictures.survival(exact.CategoricalPaths(shares), np.array([2, 1, 1]), [1, 2], [1, 2])
    found = frame.set_index(["copies", "occurrences"])["alive"].to_dict()
    assert found == {
        ("after 1", 1): 50, ("after 1", 2): 100, ("after 2", 1): 0, ("after 2", 2): 100,
    }  # fmt: skip


def test_training_sets_tell_the_origin_of_their_rows():
    chosen = {"new": policies.Replace(), "all": policies.Accumulate(), "mix": policies.MixReal(0.2)}
    sets = pictures.training_sets(chosen, MODEL, WORLD, n_samples=10, generation=4, seed=3)
    assert [tuple(found.values()) for found in sets.values()] == [
        (0, 0, 10),
        (10, 20, 10),
        (2, 0, 8),
    ]


def test_each_image_has_one_kind():
    class Sign:
        def predict(self, rows):
            return (rows[:, 0] > 0).astype(float)

    run = run_loop(
        KernelDensity(bandwidth=0.5), sources.digits(), policies.Replace(),
        n_samples=30, n_generations=3, seed=3,
    )  # fmt: skip
    frame = pictures.kinds_of(run, Sign(), kinds=range(2))
    assert frame.groupby("generation")["images"].sum().tolist() == [30] * 3
    assert frame.query("kind == '1'")["images"].tolist() == [
        int((g.sample[:, 0] > 0).sum()) for g in run
    ]


def test_a_copier_widens_by_its_law_and_a_loop_has_the_variance_given():
    places = np.linspace(-30, 30, 601)
    copier, loop = pictures.bells_of(places, np.array([1.0, 0.5, 0.2, 0.1]), after=[1, 4])
    for mark, variance in zip(
        (*copier.marks, *loop.marks),
        (theory.photocopy_variance(1, 0, 1.0), theory.photocopy_variance(4, 0, 1.0), 1.0, 0.1),
        strict=True,
    ):
        weights = mark.median * 0.1
        assert weights.sum() == pytest.approx(1, abs=1e-3)
        assert weights @ places**2 == pytest.approx(variance, rel=2e-3)
