"""What the autoencoder experiments store: measured like with like, and checked array by array."""

from functools import lru_cache, partial

import ipywidgets as widgets
import numpy as np
import pytest
from scipy import stats

from collapse_lib.chapters import all_experiments, load
from collapse_lib.chapters.agree import arrays_of
from collapse_lib.chapters.shumailov.digit_frames import digit_frames
from collapse_lib.chapters.shumailov.vae import digits_model, digits_setup
from collapse_lib.chapters.shumailov.vae_measures import drawn
from collapse_lib.explorers import Curve, Frames, FramesExplorer, Images

RELEASED = ["vae-digits-released", "vae-mnist-released"]
NAMES = [*RELEASED, "vae-digits-honest"]
OF_GENERATIONS = ("tiles", "copies", "samples")
load = lru_cache(load)


@pytest.mark.parametrize("name", RELEASED)
def test_the_spread_falls_at_every_generation_in_every_seed(name):
    spread = load(name)["latent_spread"]  # (seeds, 1 + generations)
    assert spread.shape == (5, 6)
    assert (np.diff(spread[:, 1:], axis=1) < 0).all()


def test_with_its_noise_the_spread_does_not_fall_at_every_generation():
    spread = load("vae-digits-honest")["latent_spread"]
    assert spread.shape == (5, 21)
    assert (np.diff(spread[:, 1:6], axis=1) >= 0).any()
    released = load("vae-digits-released")["latent_spread"]
    assert released[:, 5].max() < spread[:, 5].min()


@pytest.mark.parametrize("name", NAMES)
def test_stored_measures_belong_together(name):
    stored = load(name)
    for end in ("", "_seen"):
        shares = stored[f"class_shares{end}"]
        assert np.allclose(shares.sum(axis=2), 1, atol=1e-5)
        assert np.allclose(stats.entropy(shares, axis=2), stored[f"class_entropy{end}"], atol=1e-5)
        assert np.array_equal(shares[:, 0], stored["class_shares"][:, 0])  # the held-out images
    assert stored["judge_accuracy"] > 0.95
    for grid in OF_GENERATIONS[: 3 if name == "vae-digits-honest" else 2]:
        assert stored[f"{grid}_read"].shape == stored[grid].shape[:2]


def test_both_loops_are_measured_on_decoder_means():
    released, honest = load("vae-digits-released"), load("vae-digits-honest")
    for name in ("class_shares", "class_entropy", "class_recall", "classifier_frechet"):
        assert np.array_equal(released[name], released[f"{name}_seen"])  # it sees the means
        assert not np.array_equal(honest[name], honest[f"{name}_seen"])
    first = released["latent_spread"][:, 1]  # of one law in both, whatever it hands on
    assert stats.ttest_ind(first, honest["latent_spread"][:, 1]).pvalue > 1e-3
    assert stats.ttest_ind(first, honest["latent_spread_seen"][:, 1]).pvalue < 1e-4


def test_means_and_what_is_seen_come_from_the_same_latents():
    rows, bench = digits_setup()
    for means_alone in (True, False):
        model = digits_model(epochs=1, sample_means=means_alone)
        model.fit(rows[:300], rng=np.random.default_rng(1))
        means, seen = drawn(model, 2000, np.random.default_rng(2))
        noise = (seen - means).std() / bench.pixel_max
        assert noise == pytest.approx(0 if means_alone else 0.3, abs=0.01)
        assert model.sample_means is means_alone


def test_noise_alone_changes_what_a_judge_reads():
    stored = load("vae-digits-honest")
    assert stored["control_real_accuracy"].max() < stored["judge_accuracy"] - 0.1
    assert stored["control_constant_class_entropy"].min() > 1.5  # of one image, 1,000 times
    spread = stored["latent_spread"][:, 0]  # of the real images, without noise
    assert (stored["control_constant_latent_spread"] > 0.5 * spread).all()
    assert (stored["control_real_latent_spread"] > spread).all()


def test_samples_are_the_tiles_with_their_noise():
    stored = load("vae-digits-honest")
    tiles = stored["tiles"].values
    noise = (stored["samples"].values - tiles.astype(float)) / 255
    inside = (tiles > 0) & (tiles < 255)  # not cut off
    assert noise[inside].std() == pytest.approx(0.3, abs=0.005)


def part_of(stored, t=2):
    """What the stored run says of its first seed and its first t generations."""
    return stored.isel(seed=slice(1), copied_seed=slice(1), generation=slice(t + 1), fit=slice(t))


def slice_of(name):
    stored = load(name)
    if name == "vae-mnist-released":  # made again for one epoch alone
        return stored, stored[["losses"]].isel(seed=slice(1), fit=slice(1), epoch=slice(1))
    return stored, part_of(stored)


@pytest.mark.parametrize("name", NAMES)
def test_every_stored_array_counts(name):
    agrees = all_experiments()[name].agrees
    stored, part = slice_of(name)
    agrees(stored, part)
    for array in stored:
        with pytest.raises(AssertionError, match=r"\w"):
            agrees(stored.assign({array: 0 * stored[array]}), part)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda s: {"losses": s["losses"][1:2, :2]}, "the loss of the first epoch is off by"),
        (lambda s: {"latent_spread": s["latent_spread"][:1, 1:4]}, "latent_spread is off by"),
        (lambda s: {"classifier_frechet": s["classifier_frechet"][:1, [0, 2, 3]]},
         "classifier_frechet is off by"),
        (lambda s: {"bound": s["bound"][:1, 1:3]}, "bound is off by"),
        (lambda s: {"tiles": s["tiles"][1:3]}, "the tiles are off by"),
        (lambda s: {"control_real_accuracy": s["judge_accuracy"][None]},
         "control_real_accuracy is off by"),
    ],
)  # fmt: skip
def test_a_slice_of_another_run_is_refused(change, told):
    stored, part = slice_of("vae-digits-released")
    with pytest.raises(AssertionError, match=f"^{told}"):
        others = {key: (part[key].dims, array) for key, array in change(arrays_of(stored)).items()}
        all_experiments()["vae-digits-released"].agrees(stored, part.assign(others))


LABELS = {"tiles": "new images", "copies": "copies of real digits", "samples": "as seen",
          "latent_spread": "latent spread", "class_entropy_seen": "entropy"}  # fmt: skip


def figure():
    stored = arrays_of(load("vae-digits-released"))
    panels = [Images(LABELS[key], stored["tiles"] / 255, stored["tiles_read"].astype(str))
              for key in OF_GENERATIONS]  # fmt: skip
    curves = [Curve(LABELS[key], stored[key][0, 1:])
              for key in ("latent_spread", "class_entropy_seen")]  # fmt: skip
    return FramesExplorer(
        "digits", title="Digits", caption="Digits.", alt="Digits.",
        conditions={"stored": Frames(np.arange(1, 6), panels, curves)},
    )  # fmt: skip


@pytest.mark.parametrize("keep_noise", [0, 1])
def test_a_learner_runs_the_loop_in_the_figure(keep_noise):
    settings = {"n_generations": 2, "epochs": 2, "rows": 200, "keep_noise": keep_noise}
    frames = list(digit_frames(settings, labels=LABELS))
    assert [generation for generation, _ in frames] == [1, 2]
    shown = figure()
    shown.begin_run()
    for generation, values in frames:
        assert list(values) == list(LABELS.values())
        images, tags = values["new images"]
        assert images.shape == (40, 8, 8) and len(tags) == 40 and set(tags) <= set("0123456789")
        assert np.array_equal(values["as seen"][0], images) is not bool(keep_noise)
        assert 0 < values["latent spread"] < 2
        shown.add_frame(generation, values)
    assert shown.run_generations == [1, 2]
    again = list(digit_frames(settings, labels=LABELS))
    assert again[1][1]["latent spread"] == frames[1][1]["latent spread"]


def test_a_checkbox_and_sliders_are_settings():
    run = partial(digit_frames, labels={"latent_spread": "latent spread"})
    panel = figure().with_python(
        run, {"n_generations": (1, 5, 1), "epochs": (1, 9, 2), "rows": (10, 1437, 50),
              "keep_noise": widgets.Checkbox(True)},
    )  # fmt: skip
    assert [text for _, text in panel.stream(panel.settings())] == ["Generation 1."]


@pytest.mark.parametrize(
    ("settings", "labels", "sentence"),
    [
        ({"n_generations": 0}, {}, "digit_frames: n_generations must be at least 1; got 0."),
        ({"rows": 3}, {}, "digit_frames: rows must be at least 10; got 3."),
        ({"rows": 1438}, {}, "digit_frames: rows must be at most 1437; got 1438."),
        (
            {},
            {"tile": "new images"},
            "digit_frames: a name of labels must be one of 'tiles', 'copies', 'samples', "
            "'latent_spread', 'class_shares', 'class_entropy', 'class_recall', "
            "'classifier_frechet', 'latent_spread_seen', 'class_shares_seen', "
            "'class_entropy_seen', 'class_recall_seen', 'classifier_frechet_seen'; got 'tile'.",
        ),
    ],
)
def test_what_cannot_be_run_is_told(settings, labels, sentence):
    known = {"n_generations": 1, "epochs": 1, "rows": 100, "keep_noise": 0}
    with pytest.raises(ValueError) as error:
        next(digit_frames(known | settings, labels=labels))
    assert str(error.value) == sentence
