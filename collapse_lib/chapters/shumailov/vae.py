"""A VAE that learns from its own images: in the way of the released code, and with its noise.

`released_loop` follows the code released with Shumailov et al. (arXiv:2305.17493): each generation
trains on the decoder's means of fresh latents, drawn anew for every batch, so there is no finite
sample to blame; what is lost at every generation is the variance that the model calls noise.
`honest_loop` is run_loop with Replace: finitely many rows, sampled with their noise. The images
are fewer than in that code (1,437 or 4,000 in place of 60,000) and so are the steps; on MNIST the
network is narrower (16 and 32 channels in place of 64 and 128) so that five seeds run in minutes.
On the small digits pixels are normal with one fixed standard deviation, so that the two loops part
in nothing but their sampling, and theory.ppca_eigenvalues is the same loop made linear. Both loops
are measured on decoder means, like with like; see _vae_measures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np

from collapse_lib.chapters.experiment import Experiment
from collapse_lib.chapters.shumailov.vae_agrees import agrees
from collapse_lib.chapters.shumailov.vae_measures import (
    Bench,
    controls,
    copied_posterior,
    grids,
    latent_spread,
    measured_run,
)
from collapse_lib.loop import generations
from collapse_lib.models.image_judge import ImageJudge
from collapse_lib.policies import Replace
from collapse_lib.sources import Finite, digits, labelled_digits, labelled_mnist, mnist

__all__ = [
    "EXPERIMENTS",
    "digits_model",
    "digits_setup",
    "honest_loop",
    "latent_spread",
    "released_loop",
]

JUDGE, SPLIT = range(2)  # streams beside those of the seeds


@dataclass(frozen=True)
class Images:
    """Real images: as a source, with labels, and the value of full ink."""

    source: Finite
    labelled: Finite
    pixel_max: float


def released_loop(model, rows, *, seed) -> Iterator:
    """The fitted models of one run, without end; generation 1 is fitted to the real rows.

    model: a VAE with sample_means=True. Every later generation draws each batch from the decoder of
    the one before: as many rows an epoch as there are real rows, none of them seen twice.
    """
    fitted = replace(model).fit(rows, rng=np.random.default_rng([seed, 1]))
    for t in range(2, 2**31):
        yield fitted
        teacher, rng = fitted, np.random.default_rng([seed, t])
        fitted = replace(model).fit_stream(
            lambda n, rng, teacher=teacher: teacher.sample(n, rng=rng), len(rows), rng=rng
        )


def honest_loop(model, rows, *, seed) -> Iterator:
    """The fitted models of run_loop under Replace, with as many samples as real rows."""

    def source(n, rng):
        return rows[:n]

    run = generations(model, source, Replace(), n_samples=len(rows), seed=seed, n_reference=1)
    for generation in run:
        yield generation.model


@lru_cache(maxsize=2)
def _setup(load, seed: int, judge_epochs: int) -> tuple[np.ndarray, Bench]:
    """The real images to train on, and a bench with the fifth that is kept out."""
    images = load()
    rows, labels = images.source.rows, images.labelled.rows[:, -1]
    order = np.random.default_rng([seed, SPLIT]).permutation(len(rows))
    real, held_out = order[: len(rows) * 4 // 5], order[len(rows) * 4 // 5 :]
    judge = ImageJudge(epochs=judge_epochs).fit(
        rows[real], labels[real], rng=np.random.default_rng([seed, JUDGE])
    )
    return rows[real], Bench(judge, rows[held_out], labels[held_out], images.pixel_max)


def _model(network, noise_std, **fields):
    from collapse_lib.models.vae import VAE, BernoulliPixels, GaussianPixels

    observation = BernoulliPixels() if noise_std is None else GaussianPixels(noise_std)
    return VAE(network=network(), observation=observation, **fields)


def digits_model(**fields):
    """The model of the stored experiments on digits; fields: epochs, sample_means."""
    known = {"latent": RELEASED["latent"], "pixel_max": digits_setup()[1].pixel_max}
    return _model(_mlp, RELEASED["noise_std"], **known | fields)


def digits_setup() -> tuple[np.ndarray, Bench]:
    """The real digits to train on, and the bench, of the stored experiments on digits."""
    return _setup(_digits, RELEASED["seed"], RELEASED["judge_epochs"])


def _make(load, network, loop, *, seed, n_seeds, n_generations, epochs, latent, judge_epochs,
          copied_seeds, copied_each, noise_std=None):  # fmt: skip
    """Arrays over seeds and generations; see _vae_measures. noise_std: of a pixel, as a share of
    full ink; None for BernoulliPixels. copied_each: held-out images of each class that are copied
    in the first copied_seeds seeds."""
    rows, bench = _setup(load, seed, judge_epochs)
    model = _model(
        network,
        noise_std,
        latent=latent,
        epochs=epochs,
        pixel_max=bench.pixel_max,
        sample_means=loop is released_loop,
    )
    found = {"judge_accuracy": np.float32(bench.judge.accuracy(bench.held_out, bench.labels))}
    runs, copies = [], []
    for s in range(seed, seed + n_seeds):
        models = loop(model, rows, seed=s)
        fitted = [next(models) for _ in range(n_generations)]
        runs.append(measured_run(bench, fitted, s))
        if noise_std is not None:
            runs[-1] |= controls(bench, fitted[0], noise_std * bench.pixel_max, s)
        if s < seed + copied_seeds:
            copies.append(copied_posterior(bench, fitted, copied_each))
        if s == seed:
            found |= grids(bench, fitted, s)
    found["copied_posterior"] = np.array(copies)
    return found | {name: np.stack([run[name] for run in runs]) for name in runs[0]}


def _digits() -> Images:
    return Images(digits(flat=False), labelled_digits(), 16.0)


def _mnist() -> Images:
    return Images(mnist(flat=False), labelled_mnist(), 255.0)


def _mlp():
    from collapse_lib.models.vae import MLP

    return MLP(hidden=(128,))


def _conv():
    from collapse_lib.models.vae import Conv

    return Conv(channels=(16, 32))


RELEASED = {"seed": 0, "n_seeds": 5, "n_generations": 5, "epochs": 100, "latent": 8,
            "judge_epochs": 10, "copied_seeds": 5, "copied_each": 30, "noise_std": 0.3}  # fmt: skip
ON_MNIST = {"epochs": 30, "latent": 20, "copied_seeds": 1, "copied_each": 4, "noise_std": None}
SLICE = {"n_seeds": 1, "n_generations": 2, "copied_seeds": 1}


def _agrees(load, stored, part) -> None:
    agrees(_setup(load, RELEASED["seed"], RELEASED["judge_epochs"])[1], stored, part)


_NUMBERS = ("latent_spread", "class_entropy", "classifier_frechet")
_BY_CLASS = ("class_shares", "class_recall")
_CONTROLS = ("real", "constant")
_DIMS = {
    "": "judge_accuracy",
    "fit picture y x": "tiles samples",
    "generation picture y x": "copies",
    "fit picture": "tiles_read samples_read",
    "generation picture": "copies_read",
    "copied_seed generation class class_read": "copied_posterior",
    "seed fit": "bound",
    "seed fit epoch": "losses",
    "seed generation": [f"{name}{seen}" for name in _NUMBERS for seen in ("", "_seen")],
    "seed generation class": [f"{name}{seen}" for name in _BY_CLASS for seen in ("", "_seen")],
    "seed": [f"control_{of}_{name}" for of in _CONTROLS for name in (*_NUMBERS, "accuracy")],
    "seed class": [f"control_{of}_{name}" for of in _CONTROLS for name in _BY_CLASS],
}


_COORDS = {
    "generation": lambda settings: range(settings["n_generations"] + 1),
    "fit": lambda settings: range(1, settings["n_generations"] + 1),
    "class": range(10),
    "class_read": range(10),
}


EXPERIMENTS = (
    Experiment(
        "vae-digits-released",
        partial(_make, _digits, _mlp, released_loop),
        RELEASED,
        SLICE,
        partial(_agrees, _digits),
        _DIMS,
        _COORDS,
    ),
    Experiment(
        "vae-digits-honest",
        partial(_make, _digits, _mlp, honest_loop),
        RELEASED | {"n_generations": 20},
        SLICE,
        partial(_agrees, _digits),
        _DIMS,
        _COORDS,
    ),
    Experiment(
        "vae-mnist-released",
        partial(_make, _mnist, _conv, released_loop),
        RELEASED | ON_MNIST,
        SLICE | {"n_generations": 1, "epochs": 1},
        partial(_agrees, _mnist),
        _DIMS,
        _COORDS,
    ),
)
