"""The three loops of model autophagy disorder on a grid, two moons and digits, with sampling bias.

Alemohammad et al. (arXiv:2307.01850) feed a model its own samples in three ways, and draw them
with a bias lambda towards the centre of each mode. Here the model is a mixture of normals, whose
covariances lambda multiplies, and every loop samples n rows a generation:

    synthetic    the n newest samples
    augmented    those, and the n first real rows, always the same
    accumulated  all samples so far, and the n first real rows
    fresh        the n newest samples, and n new real rows

Each fit starts from the model before it, so that a component keeps its place. Precision, recall,
density and coverage compare the samples with real rows that no model has seen. They depend on the
number of rows and on k: generation 0 is the real rows themselves, measured in the same way. Where a
mode has k samples or fewer, their balls reach over other modes and recall rises while modes die.
"""

from dataclasses import dataclass
from functools import cache, partial
from itertools import islice

import numpy as np

from collapse_lib.arguments import check_choice
from collapse_lib.chapters.autophagy.mad_agrees import agrees
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.loop import generations
from collapse_lib.metrics import coverage, density, precision, recall, variance_ratio
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.policies import Accumulate, Anchored, Latest, Replace
from collapse_lib.sources import Finite, TwoMoons, grid_mixture, mnist

__all__ = ["BIASES", "EXPERIMENTS", "LOOPS", "digit_images", "snapshots"]

MEASURES = {"precision": precision, "recall": recall, "density": density, "coverage": coverage}
UNIT = 1000  # whole numbers in a unit of a stored row
N_SCORES = 16  # principal components that a digit is written in
SIDE, SPACING = 5, 2.0


LOOPS = {
    "synthetic": Replace(),
    "augmented": Anchored(),
    "accumulated": Accumulate(),
    "fresh": Latest(),
}
BIASES = (1.0, 0.8, 0.5)


@dataclass(frozen=True)
class Setting:
    """What a loop learns: a source of real rows, the model, and where the first fit starts."""

    source: object
    model: GaussianMixture
    centres: np.ndarray | None = None  # of the modes, where there are some


def mad_loops(setting, *, seed, n_seeds, n_samples, n_generations, ks, kept, n_kept):
    """Arrays over the loops L of LOOPS, the biases B of BIASES, R seeds, and generations 0..T.

    precision, recall, density, coverage (L, B, R, T + 1, K): for each k of ks, of n_samples
        samples against as many real rows that no model has seen.
    variance (L, B, R, T + 1): total variance of the samples over that of those real rows; where the
        source has modes, of each row about the mean of its mode.
    alive (L, B, R, T + 1): modes that are the nearest of a sample, where the source has modes.
    kept_generations (S,); kept_rows (L, B, S, n_kept, d) int16: samples of the first seed, in
        units of 1 / UNIT.
    """
    setting = setting()
    n_runs = len(LOOPS), len(BIASES), n_seeds
    arrays = {name: np.empty((*n_runs, n_generations + 1, len(ks)), "f4") for name in MEASURES}
    arrays["variance"] = np.empty((*n_runs, n_generations + 1), "f4")
    if setting.centres is not None:
        arrays["alive"] = np.empty((*n_runs, n_generations + 1), np.uint8)
    rows_kept = []
    for i, (loop, policy) in enumerate(LOOPS.items()):
        for j, bias in enumerate(BIASES):
            for s in range(n_seeds):
                n_fresh = n_samples if loop == "fresh" else 0
                run = _run(setting, policy, bias, n_samples, n_fresh, seed + s)
                samples = _samples(islice(run, n_generations))
                for t, (rows, reference) in enumerate(samples):
                    for name, value in _measured(rows, reference, ks, setting.centres).items():
                        arrays[name][i, j, s, t] = value
                    if s == 0 and t in kept:
                        rows_kept.append(np.round(UNIT * rows[:n_kept]).astype(np.int16))
    within = [t for t in kept if t <= n_generations]
    arrays["kept_generations"] = np.array(within, np.uint8)
    shape = (len(LOOPS), len(BIASES), len(within), *rows_kept[0].shape)
    arrays["kept_rows"] = np.array(rows_kept).reshape(shape)
    return {
        name: each.astype(np.float16) if each.dtype == np.float32 else each
        for name, each in arrays.items()
    }


def _run(setting, policy, bias, n_samples, n_fresh, seed):
    model = GaussianMixture(**{**vars(setting.model), "sampling_bias": bias})
    if setting.centres is not None:  # the first fit starts from the truth
        k, d = setting.centres.shape
        precisions = np.tile(np.eye(d) / setting.source.covariances[0, 0, 0], (k, 1, 1))
        model.set_state(
            {"weights": np.full(k, 1 / k), "means": setting.centres, "precisions": precisions}
        )
    return generations(
        model, setting.source, policy, n_samples=n_samples, n_fresh=n_fresh, seed=seed,
        n_reference=n_samples, warm_start=True,
    )  # fmt: skip


def _samples(run):
    """(rows, unseen real rows) of generation 0, the first real rows, and of all that follow."""
    for generation in run:
        if generation.index == 1:
            yield generation.train.rows, generation.reference
        yield generation.sample, generation.reference


def _measured(rows, reference, ks, centres) -> dict:
    found = {name: [each(rows, reference, k) for k in ks] for name, each in MEASURES.items()}
    if centres is None:
        return found | {"variance": variance_ratio(rows, reference)}
    apart, real = (_within_modes(each, centres) for each in (rows, reference))
    return found | {"variance": variance_ratio(apart, real), "alive": _n_modes(rows, centres)}


def _nearest(rows, centres):
    return ((rows[:, None] - centres) ** 2).sum(axis=-1).argmin(axis=1)  # (n,)


def _n_modes(rows, centres) -> int:
    return len(np.unique(_nearest(rows, centres)))


def _within_modes(rows, centres):
    """The rows, each less the mean of the rows of its mode."""
    mode = _nearest(rows, centres)
    counts = np.bincount(mode, minlength=len(centres))
    sums = np.stack([np.bincount(mode, column, len(centres)) for column in rows.T], axis=1)
    return rows - (sums / np.maximum(counts, 1)[:, None])[mode]


def snapshots(stored, loop: str, bias: float) -> tuple[np.ndarray, np.ndarray]:
    """(S,) generations and (S, n_kept, d) samples of the first seed, of one loop and one bias.

    stored: of one of the experiments here. loop: one of LOOPS; bias: one of BIASES. Raises
    ValueError with one sentence for another.
    """
    check_choice("snapshots: loop", loop, list(LOOPS))
    check_choice("snapshots: bias", bias, list(BIASES))
    rows = stored.kept_rows.sel(loop=loop, bias=bias).values
    return stored.kept.values, rows / UNIT


def digit_images(scores) -> np.ndarray:
    """(..., 28, 28) images of digits from their principal scores (..., 16), 1 for full ink."""
    mean, basis, unit, _ = _principal()
    images = mean + unit * (np.asarray(scores, dtype=float) @ basis)
    return np.clip(images / 255, 0, 1).reshape(*images.shape[:-1], 28, 28)


@cache
def _principal():
    """Mean (784,), basis (16, 784), the unit of a score, and the scores of 5,000 digits."""
    rows = mnist().rows
    mean = rows.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(rows, rowvar=False))  # ascending
    basis = vectors[:, : -N_SCORES - 1 : -1].T
    largest = np.abs(basis).argmax(axis=1)
    basis *= np.sign(basis[np.arange(N_SCORES), largest])[:, None]  # the sign is arbitrary
    scores = (rows - mean) @ basis.T
    unit = scores.std()
    return mean, basis, unit, scores / unit


def _grid():
    source = grid_mixture(SIDE, SPACING, 0.2)
    model = GaussianMixture(SIDE**2, tol=1e-4, max_iter=100, reg_covar=1e-8)
    return Setting(source, model, source.means)


def _moons():
    return Setting(TwoMoons(0.1), GaussianMixture(12, reg_covar=1e-8))


def _digits():
    source = Finite(_principal()[-1], "digits")
    return Setting(source, GaussianMixture(10))


_PART = {"n_seeds": 1, "n_generations": 2}

_DIMS = {
    "loop bias seed generation k": "precision recall density coverage",
    "loop bias seed generation": "variance alive",
    "kept": "kept_generations",
    "loop bias kept row column": "kept_rows",
}


_COORDS = {
    "loop": list(LOOPS),
    "bias": BIASES,
    "seed": lambda settings: [settings["seed"] + s for s in range(settings["n_seeds"])],
    "generation": lambda settings: range(settings["n_generations"] + 1),
    "k": "ks",
    "kept": lambda settings: [t for t in settings["kept"] if t <= settings["n_generations"]],
}


EXPERIMENTS = (
    Experiment(
        "mad-grid",
        partial(mad_loops, _grid),
        {"seed": 41, "n_seeds": 10, "n_samples": 500, "n_generations": 20, "ks": [1, 5],
         "kept": [0, 1, 2, 3, 5, 10, 20], "n_kept": 250},
        _PART,
        agrees, _DIMS, _COORDS,
    ),
    Experiment(
        "mad-moons",
        partial(mad_loops, _moons),
        {"seed": 42, "n_seeds": 10, "n_samples": 500, "n_generations": 10, "ks": [1, 5],
         "kept": [0, 1, 2, 3, 5, 10], "n_kept": 250},
        _PART,
        agrees, _DIMS, _COORDS,
    ),
    Experiment(
        "mad-digits",
        partial(mad_loops, _digits),
        {"seed": 43, "n_seeds": 10, "n_samples": 400, "n_generations": 9, "ks": [5],
         "kept": [0, 1, 2, 5, 9], "n_kept": 30},
        _PART,
        agrees, _DIMS, _COORDS,
    ),
)  # fmt: skip
