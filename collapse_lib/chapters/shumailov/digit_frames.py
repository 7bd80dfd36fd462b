"""digit_frames: the autoencoder's loops on digits, run in the learner's kernel for a figure."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import numpy as np

from collapse_lib.arguments import check_choice, check_count
from collapse_lib.chapters.shumailov.vae import (
    digits_model,
    digits_setup,
    honest_loop,
    released_loop,
)
from collapse_lib.chapters.shumailov.vae_measures import N_READ, drawn, grids

__all__ = ["digit_frames"]

IMAGES = ("tiles", "copies", "samples")
MEASURES = ("latent_spread", "class_shares", "class_entropy", "class_recall", "classifier_frechet")
NAMES = (*IMAGES, *MEASURES, *(f"{name}_seen" for name in MEASURES))
FEWEST_ROWS = 10


def digit_frames(
    settings: Mapping[str, Any], *, labels: Mapping[str, str], seed: int = 0
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (generation, {label: value}) of one run, for FramesExplorer.with_python.

        labels = {"tiles": "new images", "latent_spread": "latent spread"}
        figure.with_python(partial(digit_frames, labels=labels),
                           {"n_generations": (1, 20, 5), "epochs": (2, 100, 30),
                            "rows": (200, 1437, 1437), "keep_noise": Checkbox(False)})

    settings: n_generations; epochs of each fit; rows, how many real digits, at most 1,437;
        keep_noise, whether the next model sees samples with their noise (honest_loop) or the
        decoder's means (released_loop).
    labels: of the figure, by the names of the stored arrays: "tiles" and "copies", 40 images with 1
        for full ink, and what the judge reads in them; "samples", the tiles as the next model sees
        them; measures such as "latent_spread" or "class_entropy_seen".

    The measures are those of the stored experiments, and the first run of a kernel trains the
    judge. Raises ValueError or TypeError with one sentence for what cannot be run.
    """
    n_generations, epochs, n_rows = (
        check_count(f"digit_frames: {name}", settings[name], least=least)
        for name, least in (("n_generations", 1), ("epochs", 1), ("rows", FEWEST_ROWS))
    )
    for name in labels:
        check_choice("digit_frames: a name of labels", name, NAMES)
    keep_noise = bool(settings["keep_noise"])
    rows, bench = digits_setup()
    check_count("digit_frames: rows", n_rows, most=len(rows))
    return _frames(bench, rows[:n_rows], n_generations, epochs, keep_noise, labels, seed)


def _frames(bench, rows, n_generations, epochs, keep_noise, labels, seed):
    loop = honest_loop if keep_noise else released_loop
    model = digits_model(epochs=epochs, sample_means=not keep_noise)
    rng, models = np.random.default_rng([seed, 0]), []
    for fitted in islice(loop(model, rows, seed=seed), n_generations):
        models.append(fitted)
        found = _images(bench, models, seed)
        for end, drawn_rows in zip(("", "_seen"), drawn(fitted, N_READ, rng), strict=True):
            measures = bench.measures(drawn_rows, models[0])
            found |= {f"{name}{end}": value for name, value in measures.items()}
        yield len(models), {label: found[name] for name, label in labels.items()}


def _images(bench, models, seed) -> dict[str, tuple[np.ndarray, list[str]]]:
    """The last of each grid, and what is read in its tiles."""
    kept = grids(bench, models, seed)
    found = {
        name: (kept[name][-1] / 255, list(map(str, kept[f"{name}_read"][-1])))
        for name in IMAGES
        if name in kept
    }
    return {"samples": found["tiles"]} | found  # without noise the next model sees the tiles
