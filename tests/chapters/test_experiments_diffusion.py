"""What the diffusion experiments store: what their loops did, and that every array counts."""

import numpy as np
import pytest

from collapse_lib.chapters import all_experiments, load
from collapse_lib.chapters.autophagy.diffusion import DIGIT_MEASURES, MEASURES, SOURCE, modes_kept

REPLACE, ANCHORED, FRESH = range(3)
UNBIASED, BIASED = range(2)


def first_part(name):
    """What the stored run says of its first condition, seed and generation."""
    stored, whole = load(name), ("points", "pictures", "pictures_read")
    first = stored.isel(seed=slice(1), generation=slice(1))
    kept = [key for key in stored if key.startswith("real_") or key in whole]
    return stored, first.drop_vars(kept).merge(stored[kept], join="outer")


def test_modes_are_counted():
    rows = SOURCE(2000, np.random.default_rng(0))
    assert modes_kept(rows) == 25
    assert modes_kept(rows[rows[:, 0] > -1]) == 15
    assert modes_kept(rows + 1.0) == 0  # between the modes


def test_a_bias_loses_the_outer_modes_under_replace():
    stored = load("diffusion-loops")
    last = {name: stored[name].values[REPLACE, :, :, -1] for name in MEASURES}  # (biases, seeds)
    assert stored["real_modes"].min() == 25
    assert (last["modes"][BIASED] < last["modes"][UNBIASED]).all()
    for name in ("coverage", "recall", "variance"):
        assert (last[name][BIASED] < last[name][UNBIASED]).all(), name
    assert (last["precision"][BIASED] > last["precision"][UNBIASED]).all()
    assert last["variance"][BIASED].max() < 0.6 < last["variance"][UNBIASED].min()


@pytest.mark.parametrize("policy", [ANCHORED, FRESH])
def test_real_rows_keep_more_of_the_law(policy):
    stored = load("diffusion-loops")
    for name in ("coverage", "modes", "variance"):
        kept = stored[name].values[policy, BIASED, :, -1]
        assert kept.min() > stored[name].values[REPLACE, BIASED, :, -1].max(), name


def test_biased_digits_vary_less_at_every_generation():
    stored = {name: each.values for name, each in load("diffusion-digits").items()}
    assert (np.diff(stored["variance"][BIASED], axis=1) < 0).all()
    assert (stored["variance"][BIASED] < stored["variance"][UNBIASED]).all()
    assert (stored["recall"][BIASED, :, -1] < stored["recall"][UNBIASED, :, -1]).all()


@pytest.mark.parametrize("name", ["diffusion-loops", "diffusion-digits"])
def test_every_measure_of_a_part_counts(name):
    agrees = all_experiments()[name].agrees
    stored, part = first_part(name)
    agrees(stored, part)
    measures = MEASURES if name == "diffusion-loops" else DIGIT_MEASURES
    for key in [*measures, *(f"real_{measure}" for measure in measures)]:
        with pytest.raises(AssertionError, match=f"^{key} is "):
            agrees(stored, part.assign({key: part[key] + 1}))
    shown = "points" if name == "diffusion-loops" else "pictures"
    with pytest.raises(AssertionError, match=f"the .*{shown} "):
        agrees(stored, part.assign({shown: 0 * part[shown]}))


def test_settings_of_both():
    for name in ("diffusion-loops", "diffusion-digits"):
        assert load(name).attrs["settings"]["biases"] == [1.0, 0.6]
