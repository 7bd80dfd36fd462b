"""What the generations of an autoencoder of digits are measured by, and the images that are kept.

Two sets of 1,000 images of each generation are measured alike, both of the same latents: the
decoder's means (what the model draws without its noise), and what the next model is trained on,
whose arrays end in "_seen". Where a loop leaves the noise out the two are the same.
"""

import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from collapse_lib.metrics import frechet_distance
from collapse_lib.models.image_judge import ImageJudge

__all__ = [
    "EACH",
    "N_READ",
    "Bench",
    "as_bytes",
    "controls",
    "copied_posterior",
    "drawn",
    "grids",
    "latent_spread",
    "measured_run",
]

N_READ = 1000  # rows sampled from each generation to be measured
EACH = 4  # tiles of each class
TILES = 10 * EACH
MEASURE, GRID, NOISE, CONTROL = 2, 3, 4, 5  # streams beside those of the seeds


@dataclass(frozen=True)
class Bench:
    """What all generations of an experiment are measured with.

    judge: trained on the real images; held_out: real images that neither it nor a model was fitted
    to, and their labels; pixel_max: the value of full ink.
    """

    judge: ImageJudge
    held_out: np.ndarray
    labels: np.ndarray
    pixel_max: float

    def measures(self, rows, encoder) -> dict[str, np.ndarray]:
        """Of one set of images; encoder: the model whose latents are spread."""
        return {
            "latent_spread": latent_spread(encoder, rows),
            "class_shares": self.judge.class_shares(rows),
            "class_entropy": self.judge.class_entropy(rows),
            "class_recall": self.judge.class_recall(rows),
            "classifier_frechet": self.frechet(rows),
        }

    @cached_property
    def read(self) -> np.ndarray:
        """The class that the judge reads in each held-out image."""
        return self.judge.predict(self.held_out)

    @cached_property
    def _features(self) -> np.ndarray:
        return self.judge.features(self.held_out)

    def frechet(self, rows) -> float:
        """The judge's classifier_frechet of images to those held out."""
        return frechet_distance(self.judge.features(rows), self._features)

    def of_each_class(self, n: int) -> tuple[np.ndarray, np.ndarray]:
        """The first n images of each class among those held out, and their labels."""
        chosen = np.concatenate([np.flatnonzero(self.labels == k)[:n] for k in range(10)])
        return self.held_out[chosen], self.labels[chosen].astype(int)

    def posterior(self, images) -> np.ndarray:
        """(n, 10) probabilities that the judge gives to images in units of 255 for full ink."""
        return self.judge.probabilities(images / 255 * self.pixel_max)


def latent_spread(model, rows) -> float:
    """Standard deviation of the encoder's means of images, root mean square over the latents."""
    means, _ = model.encode(rows)  # (n, latent)
    return float(np.sqrt(means.var(axis=0).mean()))


def drawn(model, n: int, rng) -> tuple[np.ndarray, np.ndarray]:
    """n images of fresh latents, as the decoder's means and as the next model sees them."""
    without_noise, same = copy.copy(model), copy.deepcopy(rng)
    without_noise.sample_means = True
    return without_noise.sample(n, rng=same), model.sample(n, rng=rng)


def copied(models, rows) -> list[np.ndarray]:
    """Real images, and their copies: encoded and decoded by one model after the other, by means."""
    copies = [rows]
    for model in models:
        copies.append(model.decode(model.encode(copies[-1])[0]))
    return copies


def measured_run(bench: Bench, models, seed: int) -> dict[str, np.ndarray]:
    """One run; where there is one more generation than models, the first is the held-out images."""
    rng = np.random.default_rng([seed, 0, MEASURE])
    pairs = [drawn(model, N_READ, rng) for model in models]
    found = {
        "bound": [model.bound(bench.held_out, rng=rng).mean() for model in models],
        "losses": [model.losses_ for model in models],
    }
    for k, suffix in enumerate(("", "_seen")):
        sets = [bench.held_out, *(pair[k] for pair in pairs)]
        each = [bench.measures(rows, models[0]) for rows in sets]
        found |= {name + suffix: [measures[name] for measures in each] for name in each[0]}
    return _as_floats(found)


def controls(bench: Bench, encoder, noise_std: float, seed: int) -> dict[str, np.ndarray]:
    """What the same noise does to images that are no model's: the held-out ones ("control_real_"),
    and 1,000 times their mean image, all variety gone ("control_constant_")."""
    rng = np.random.default_rng([seed, 0, CONTROL])
    same = np.repeat(bench.held_out.mean(axis=0)[None], N_READ, axis=0)
    found = {}
    for name, rows in (("real", bench.held_out), ("constant", same)):
        noisy = rows + noise_std * rng.standard_normal(rows.shape)
        measures = bench.measures(noisy, encoder)
        if name == "real":
            measures["accuracy"] = bench.judge.accuracy(noisy, bench.labels)
        found |= {f"control_{name}_{measure}": value for measure, value in measures.items()}
    return _as_floats(found)


def copied_posterior(bench: Bench, models, n_each: int) -> np.ndarray:
    """(1 + T, 10, 10) mean probability of each class (last axis) among the copies of n_each
    held-out images of each class; generation 0 are the images themselves."""
    rows, labels = bench.of_each_class(n_each)
    read = [bench.posterior(as_bytes(each, bench.pixel_max)) for each in copied(models, rows)]
    means = [[each[labels == k].mean(axis=0) for k in range(10)] for each in read]
    return np.array(means, dtype=np.float16)


def grids(bench: Bench, models, seed: int) -> dict[str, np.ndarray]:
    """Images of 40 tiles in units of 255 for full ink, and what the judge reads in each: "tiles",
    means of the same latents in every generation; "samples", the same with the noise that the next
    model sees, where there is any; "copies" of real images, four of each class."""
    top, latent = bench.pixel_max, models[0].latent
    latents = np.random.default_rng([seed, 0, GRID]).standard_normal((TILES, latent))
    rng = np.random.default_rng([seed, 0, NOISE])
    means = [model.decode(latents) for model in models]
    found = {
        "tiles": as_bytes(means, top),
        "copies": as_bytes(copied(models, bench.of_each_class(EACH)[0]), top),
    }
    if not models[0].sample_means:
        noisy = [with_noise(m, each, rng) for m, each in zip(models, means, strict=True)]
        found["samples"] = np.rint(np.array(noisy) / top * 255).astype(np.int16)  # may be negative
    read = {
        f"{name}_read": np.array([bench.posterior(each).argmax(axis=1) for each in images])
        for name, images in found.items()
    }
    return found | {name: classes.astype(np.uint8) for name, classes in read.items()}


def with_noise(model, means, rng) -> np.ndarray:
    """The decoder's means with the observation noise of the model."""
    top = model.pixel_max
    return model.observation.draw(means / top, model.noise_std_ / top, rng) * top


def as_bytes(images, pixel_max: float) -> np.ndarray:
    """Images as whole numbers from 0 to 255, which is full ink."""
    return np.rint(np.clip(np.array(images) / pixel_max, 0, 1) * 255).astype(np.uint8)


def _as_floats(found: dict) -> dict[str, np.ndarray]:
    return {name: np.array(values, dtype=np.float32) for name, values in found.items()}
