"""A VAE that learns from its own images: in the way of the released code, and with its noise.

`released_loop` follows the code released with Shumailov et al. (arXiv:2305.17493): each generation
trains on the decoder's means of fresh latents, drawn anew for every batch, so there is no finite
sample to blame; what is lost at every generation is the variance that the model calls noise.
`honest_loop` is run_loop with Replace: finitely many rows, sampled with their noise. The images
are fewer than in that code (1,437 or 4,000 in place of 60,000) and so are the steps; on MNIST the
network is narrower (16 and 32 channels in place of 64 and 128) so that five seeds run in minutes.
On the small digits pixels are normal with one fixed standard deviation, so that the two loops part
in nothing but their sampling, and theory.ppca_eigenvalues is the same loop made linear.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from collapse_lib.experiments.experiment import Experiment
from collapse_lib.judges import ImageJudge
from collapse_lib.loop import generations
from collapse_lib.policies import Replace
from collapse_lib.sources import Finite, digits, labelled_digits, labelled_mnist, mnist

__all__ = ["EXPERIMENTS", "honest_loop", "latent_spread", "released_loop"]

N_READ = 1000  # rows sampled from each generation to be measured
JUDGE, SPLIT, MEASURE, TILES = range(4)  # streams beside those of the seeds


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


def latent_spread(model, rows) -> float:
    """Standard deviation of the encoder's means of images, root mean square over the latents."""
    means, _ = model.encode(rows)  # (n, latent)
    return float(np.sqrt(means.var(axis=0).mean()))


def _make(load, network, loop, *, seed, n_seeds, n_generations, epochs, latent, judge_epochs,
          noise_std=None):  # fmt: skip
    """Arrays over seeds and generations; where there is one more generation than models, the first
    is that of the real images kept out of training. noise_std: of a pixel, as a share of full ink;
    None for BernoulliPixels."""
    from collapse_lib.models.vae import VAE, BernoulliPixels, GaussianPixels

    images = load()
    rows, labels = images.source.rows, images.labelled.rows[:, -1]
    order = np.random.default_rng([seed, SPLIT]).permutation(len(rows))
    real, held_out = order[: len(rows) * 4 // 5], order[len(rows) * 4 // 5 :]
    judge = ImageJudge(epochs=judge_epochs).fit(
        rows[real], labels[real], rng=np.random.default_rng([seed, JUDGE])
    )
    model = VAE(
        network=network(),
        latent=latent,
        observation=BernoulliPixels() if noise_std is None else GaussianPixels(noise_std),
        epochs=epochs,
        pixel_max=images.pixel_max,
        sample_means=loop is released_loop,
    )
    found = {"judge_accuracy": np.float32(judge.accuracy(rows[held_out], labels[held_out]))}
    runs = []
    for s in range(n_seeds):
        models = loop(model, rows[real], seed=seed + s)
        fitted = [next(models) for _ in range(n_generations)]
        runs.append(_measured(fitted, rows[held_out], judge, seed + s))
        if s == 0:
            chosen = [i for k in range(10) for i in held_out[labels[held_out] == k][:4]]
            found |= _grids(fitted, rows[chosen], judge, seed)
    return found | {name: np.stack([run[name] for run in runs]) for name in runs[0]}


def _measured(fitted, held_out, judge, seed) -> dict[str, np.ndarray]:
    """What each generation of one run is measured by; the classes and distances by the judge."""
    rng = np.random.default_rng([seed, 0, MEASURE])
    seen = [held_out, *(model.sample(N_READ, rng=rng) for model in fitted)]
    shares = [judge.class_shares(rows) for rows in seen]
    measured = {
        "latent_spread": [latent_spread(fitted[0], rows) for rows in seen],
        "class_shares": shares,
        "class_entropy": [judge.class_entropy(rows) for rows in seen],
        "class_recall": [judge.class_recall(rows) for rows in seen],
        "classifier_frechet": [judge.classifier_frechet(rows, held_out) for rows in seen],
        "bound": [model.bound(held_out, rng=rng).mean() for model in fitted],
        "losses": [model.losses_ for model in fitted],
    }
    return {name: np.array(values, dtype=np.float32) for name, values in measured.items()}


def _grids(fitted, real, judge, seed) -> dict[str, np.ndarray]:
    """Images of 40 tiles: from the same latents in every generation; and real images, four of each
    class, copied by one generation after the other (encoded and decoded, means alone)."""
    latents = np.random.default_rng([seed, 0, TILES]).standard_normal((40, fitted[0].latent))
    tiles = [model.decode(latents) for model in fitted]
    copies = [real]
    for model in fitted:
        copies.append(model.decode(model.encode(copies[-1])[0]))
    top = fitted[0].pixel_max
    grids = {"tiles": np.array(tiles), "copies": np.array(copies)}
    found = {
        f"{name}_read": np.array([judge.predict(each) for each in grid], dtype=np.uint8)
        for name, grid in grids.items()
    }
    return found | {
        name: np.rint(np.clip(grid / top, 0, 1) * 255).astype(np.uint8)
        for name, grid in grids.items()
    }


def _agrees(stored, part) -> None:
    """The first epoch to a quarter of the spread over seeds, since few steps magnify no rounding;
    what whole fits lead to within 4 standard deviations over seeds."""
    first = stored["losses"][:, 0, 0]
    gap = abs(float(part["losses"][0, 0, 0]) - float(first[0]))
    assert gap < 0.25 * first.std(ddof=1), f"the loss of the first epoch is off by {gap:.3g} nats"
    if part["losses"].shape[2] < stored["losses"].shape[2]:
        return  # fewer epochs: nothing else is to be compared
    again = part["latent_spread"][0]
    spread = stored["latent_spread"]
    allowed = 4 * np.sqrt(spread.var(axis=0, ddof=1).mean())
    gap = np.abs(again - spread[:, : len(again)].mean(axis=0)).max()
    assert gap < allowed, f"the latent spread is off by {gap:.3g}, allowed are {allowed:.3g}"


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
            "judge_epochs": 10}  # fmt: skip
SLICE = {"n_seeds": 1, "n_generations": 2, "judge_epochs": 1}

EXPERIMENTS = (
    Experiment(
        "vae-digits-released",
        partial(_make, _digits, _mlp, released_loop),
        RELEASED | {"noise_std": 0.3},
        SLICE,
        _agrees,
    ),
    Experiment(
        "vae-digits-honest",
        partial(_make, _digits, _mlp, honest_loop),
        RELEASED | {"noise_std": 0.3, "n_seeds": 3, "n_generations": 20},
        SLICE,
        _agrees,
    ),
    Experiment(
        "vae-mnist-released",
        partial(_make, _mnist, _conv, released_loop),
        RELEASED | {"epochs": 30, "latent": 20},
        SLICE | {"n_generations": 1, "epochs": 1},
        _agrees,
    ),
)
