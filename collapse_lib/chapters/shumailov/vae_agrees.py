"""Whether stored results of the autoencoder are whole, and agree with a part made again.

Three kinds of check: what is stored must agree with itself; a judge trained again must read the
stored images as it did; and generations fitted again must lie among the seeds. Another kind of
processor rounds differently. Digits moved by a millionth of full ink before the judge is trained
changed 1 % of its readings of small digits and 12 % of those of MNIST, where a judge of another
seed changed 18 % and 31 %; hence LEAST_ALIKE.
"""

import numpy as np
from scipy import stats

from collapse_lib.chapters.agree import arrays_of
from collapse_lib.chapters.shumailov.vae_measures import EACH, Bench

__all__ = ["agrees"]

LEAST_ALIKE = {True: 0.9, False: 0.8}  # share of equal readings: of small digits, of MNIST


def agrees(bench: Bench, stored, part) -> None:
    """AssertionError with a sentence where they part ways.

    A part with fewer epochs than what is stored is compared in its first epoch alone; what is
    stored of the rest must then agree with the stored images.
    """
    stored, part = arrays_of(stored), arrays_of(part)
    whole = part["losses"].shape[2] == stored["losses"].shape[2]
    _losses(stored, part)
    _classes(bench, stored)
    _readings(bench, stored, LEAST_ALIKE[whole])
    if whole:
        _images_again(stored, part)
        _measures_again(stored, part)
    else:
        _images_and_measures(bench, stored)


def _losses(stored, part):
    """The first epoch to a quarter of the spread over seeds, as few steps magnify no rounding."""
    losses = stored["losses"]  # (S, T, epochs)
    first = losses[:, 0, 0]
    gap = abs(float(part["losses"][0, 0, 0]) - float(first[0]))
    assert gap < 0.25 * first.std(ddof=1), f"the loss of the first epoch is off by {gap:.3g} nats"
    assert (losses[..., -1] < losses[..., 0]).all(), "the loss of a fit does not fall"
    bound = stored["bound"]  # (S, T)
    assert (bound[:, 1:] < bound[:, :1]).all(), "a later generation fits real images better"


def _classes(bench, stored):
    """Shares, their entropy and the recall are one and the same thing."""
    real = bench.judge.real_shares_
    for end in ("", "_seen"):
        shares = stored[f"class_shares{end}"].astype(float)  # (S, 1 + T, 10)
        assert np.allclose(shares.sum(axis=2), 1, atol=1e-5), f"class_shares{end} do not sum to 1"
        _same(stats.entropy(shares, axis=2), stored, f"class_entropy{end}", 1e-4)
        _same(np.minimum(shares / real, 1), stored, f"class_recall{end}", 1e-4)
        held_out = np.abs(
            shares[:, 0] - np.bincount(bench.read, minlength=10) / len(bench.read)
        ).max()
        assert held_out < 0.03, f"class_shares{end} of the held-out images are off by {held_out}"
        frechet = stored[f"classifier_frechet{end}"]
        known = np.abs(frechet[:, 0]).max() < 1e-2 and (frechet[:, 1:] > 1).all()
        assert known, f"classifier_frechet{end} is not 0 for the held-out images alone"
    _same(np.mean(bench.read == bench.labels), stored, "judge_accuracy", 0.03)


def _readings(bench, stored, least):
    """The judge reads the stored images as it did."""
    for name in ("tiles", "copies", "samples"):
        if name not in stored:
            continue
        read = np.array([bench.posterior(each).argmax(axis=1) for each in stored[name]])
        alike = np.mean(read == stored[f"{name}_read"])
        assert alike >= least, f"the judge reads only {alike:.0%} of the {name} as is stored"
    posterior = stored["copied_posterior"].astype(float)  # (S, 1 + T, 10, 10)
    assert np.allclose(posterior.sum(axis=3), 1, atol=0.01), "copied_posterior does not sum to 1"
    read = np.array([bench.posterior(each) for each in stored["copies"]])  # (1 + T, 40, 10)
    of_tiles = read.reshape(-1, 10, EACH, 10).mean(axis=2)
    gap = np.abs(of_tiles - posterior[0]).mean()
    assert gap < 0.05, f"copied_posterior is off that of the stored copies by {gap:.3g} on average"


def _images_again(stored, part):
    """The images of the first seed, within a quarter of what two images of it differ by."""
    for name in ("tiles", "copies", "samples"):
        if name not in stored:
            continue
        again = part[name].astype(float)
        kept = stored[name][: len(again)].astype(float)
        gap, allowed = np.abs(again - kept).mean(), kept.std(axis=1).mean() / 4
        assert gap < allowed, f"the {name} are off by {gap:.3g}, allowed are {allowed:.3g}"


def _measures_again(stored, part):
    """Every measure of the first seed, within 2 standard deviations over seeds.

    Where the digits were moved by a millionth of full ink before training, half of one was most.
    """
    skipped = ("tiles", "copies", "samples", "losses", "judge_accuracy")
    for name in sorted(set(stored) | set(part)):
        if name.startswith(skipped):
            continue
        again, seeds = part[name][0].astype(float), stored[name].astype(float)
        allowed = 2 * np.sqrt(seeds.var(axis=0, ddof=1).mean()) + 1e-6
        kept = seeds[0] if again.ndim == 0 or name.startswith("control") else seeds[0, : len(again)]
        gap = np.abs(again - kept).max()
        assert gap < allowed, f"{name} is off by {gap:.3g}, allowed are {allowed:.3g}"


def _images_and_measures(bench, stored):
    """The stored tiles are 40 images of the models that were measured: as far from real ones to a
    quarter, and less varied where the spread is less. All seeds agree to a factor of 2."""
    bound, loss = stored["bound"][:, 0], stored["losses"][:, 0, -1]
    gap = np.abs(bound + loss).max()
    assert gap < 0.03 * np.abs(loss).max(), f"the bound and the loss differ by {gap:.3g} nats"
    tiles = stored["tiles"] / 255
    frechet = [bench.frechet(each * bench.pixel_max) for each in tiles]
    varied = tiles.std(axis=1).mean(axis=(1, 2))
    for end in ("", "_seen"):
        distances, spread = stored[f"classifier_frechet{end}"], stored[f"latent_spread{end}"]
        off = np.abs(distances[0, 1:] / frechet - 1).max()
        assert off < 0.25, f"classifier_frechet{end} is off that of the tiles by {off:.0%}"
        for name, seeds in (("classifier_frechet", distances), ("latent_spread", spread)):
            lowest, highest = seeds[:, 1:].min(axis=0), seeds[:, 1:].max(axis=0)
            assert (lowest > highest / 2).all(), f"{name}{end} differs twofold between seeds"
        alike = np.corrcoef(spread[0, 1:], varied)[0, 1]
        assert alike > 0.9, f"latent_spread{end} and the variety of the tiles correlate {alike:.2f}"
        first = np.abs(spread[:, 0] - spread[:, 0].mean()).max()
        assert 0 < first < 0.1, f"latent_spread{end} of the held-out images is off by {first:.3g}"


def _same(expected, stored, name: str, atol: float):
    gap = np.abs(expected - stored[name]).max()
    assert gap < atol, f"{name} is off by {gap:.3g}, allowed are {atol:.3g}"
