"""A small diffusion model in the loop: three policies in the plane, and pictures of digits.

After Alemohammad et al., arXiv:2307.01850, who train larger ones on faces and on MNIST: with and
without a bias towards the middle of what the model knows. Precision is how good the rows are,
recall how much of the real law they still reach; see `metrics.precision`.
"""

import numpy as np

from collapse_lib.chapters.agree import arrays_of
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.chapters.shumailov.vae import digits_setup
from collapse_lib.chapters.shumailov.vae_measures import as_bytes
from collapse_lib.loop import generations
from collapse_lib.metrics import coverage, mmd, precision, recall
from collapse_lib.policies import Anchored, FreshReal, Replace
from collapse_lib.sources import grid_mixture

__all__ = ["EXPERIMENTS", "POLICIES", "SOURCE", "modes_kept"]

POLICIES = {"replace": Replace(), "anchored": Anchored(), "half fresh": FreshReal(0.5)}
SOURCE = grid_mixture(side=5, spacing=2.0, std=0.2)
FULL_SHARE = 0.25  # of its fair share of the rows, with which a mode counts as kept
POINT = 1e-3  # the unit that points are stored in
K = 5  # neighbours of precision, recall and coverage


def loops(
    *, policies, biases, seeds, n_samples, n_generations, n_shown, **training
) -> dict[str, np.ndarray]:
    """Measures (policies, biases, seeds, generations) of loops on 25 modes.

    precision, recall, coverage, mmd: of the samples to fresh real rows, as many; variance: sum over
    the columns, in proportion to the law's; modes: how many of the 25 are kept. real_* (seeds,):
    the same of real rows. points (policies, biases, generations, n_shown, 2): samples of the first
    seed in units of POINT; real_points (n_shown, 2).
    """
    from collapse_lib.models.diffusion import Diffusion

    shape = len(policies), len(biases), len(seeds), n_generations
    found = {name: np.zeros(shape, np.float32) for name in MEASURES}
    found |= {f"real_{name}": np.zeros(len(seeds), np.float32) for name in MEASURES}
    found["points"] = np.zeros((*shape[:2], n_generations, n_shown, 2), np.int16)
    for i, policy in enumerate(policies):
        for j, bias in enumerate(biases):
            model = Diffusion(sampling_bias=bias, **training)
            for s, seed in enumerate(seeds):
                run = generations(
                    model,
                    SOURCE,
                    POLICIES[policy],
                    n_samples=n_samples,
                    seed=seed,
                    n_reference=n_samples,
                )
                for t, generation in zip(range(n_generations), run, strict=False):
                    for name, measure in MEASURES.items():
                        found[name][i, j, s, t] = measure(generation.sample, generation.reference)
                        if t == 0:  # its training rows are the real ones
                            real = measure(generation.train.rows, generation.reference)
                            found[f"real_{name}"][s] = real
                    if s == 0:
                        found["points"][i, j, t] = _stored(generation.sample[:n_shown])
                    if (i, j, s, t) == (0, 0, 0, 0):
                        found["real_points"] = _stored(generation.train.rows[:n_shown])
    return found


def modes_kept(rows) -> int:
    """How many modes of SOURCE have FULL_SHARE of their share of the rows (n, 2), counting those
    within 3 standard deviations of a mode."""
    reach = 3 * np.sqrt(SOURCE.covariances[0, 0, 0])
    near = np.linalg.norm(rows[:, None] - SOURCE.means, axis=2) < reach  # (n, 25)
    return int(np.sum(near.mean(axis=0) >= FULL_SHARE * SOURCE.weights))


MEASURES = {
    "precision": lambda rows, real: precision(rows, real, K),
    "recall": lambda rows, real: recall(rows, real, K),
    "coverage": lambda rows, real: coverage(rows, real, K),
    "mmd": lambda rows, real: mmd(rows, real, 1.0),
    "variance": lambda rows, real: rows.var(axis=0).sum() / np.trace(SOURCE.covariance),
    "modes": lambda rows, real: modes_kept(rows),
}


def digits(*, biases, seeds, n_generations, n_shown, **training) -> dict[str, np.ndarray]:
    """Measures (biases, seeds, generations) of loops under Replace on pictures of 8 x 8 digits.

    class_entropy: of the classes that a judge reads, in nats; classifier_frechet: from held-out
    digits; confidence: the judge's mean probability of the class it reads; precision, recall: of
    the judge's features, to held-out digits, as many; variance: mean over the pixels, in proportion
    to that of the real digits. real_* (): the same of the real digits that the first model is
    fitted to. pictures (biases, generations, n_shown, 8, 8): of the first seed, 255 for full ink;
    pictures_read (biases, generations, n_shown): the class that the judge reads.
    """
    from collapse_lib.models.diffusion import Diffusion

    rows, bench = digits_setup()
    shape = len(biases), len(seeds), n_generations
    found = {f"real_{name}": np.float32(x) for name, x in _measured(bench, rows, rows).items()}
    found |= {name: np.zeros(shape, np.float32) for name in DIGIT_MEASURES}
    pictures = np.zeros((shape[0], n_generations, n_shown, 8, 8), np.uint8)
    read = np.zeros(pictures.shape[:3], np.uint8)

    def source(n, rng):
        return rows[:n]

    for j, bias in enumerate(biases):
        model = Diffusion(sampling_bias=bias, waves=(), **training)
        for s, seed in enumerate(seeds):
            run = generations(
                model, source, Replace(), n_samples=len(rows), seed=seed, n_reference=1
            )
            for t, generation in zip(range(n_generations), run, strict=False):
                sample = generation.sample
                for name, value in _measured(bench, sample, rows).items():
                    found[name][j, s, t] = value
                if s == 0:
                    pictures[j, t] = as_bytes(sample[:n_shown], bench.pixel_max)
                    read[j, t] = bench.posterior(pictures[j, t]).argmax(axis=1)
    return found | {"pictures": pictures, "pictures_read": read}


DIGIT_MEASURES = (
    "class_entropy",
    "classifier_frechet",
    "confidence",
    "precision",
    "recall",
    "variance",
)


def _measured(bench, images, rows) -> dict[str, float]:
    judge, held_out = bench.judge, bench.judge.features(bench.held_out)
    features = judge.features(images[: len(held_out)])
    values = (
        judge.class_entropy(images),
        bench.frechet(images),
        judge.probabilities(images).max(axis=1).mean(),
        precision(features, held_out, K),
        recall(features, held_out, K),
        images.var(axis=0).sum() / rows.var(axis=0).sum(),
    )
    return dict(zip(DIGIT_MEASURES, values, strict=True))


def _stored(points):
    return np.rint(np.clip(points / POINT, -(2**15), 2**15 - 1)).astype(np.int16)


def _agree(stored, part, names) -> None:
    """The first generation of the first condition and seed: measures within four times the spread
    over seeds, and what real rows give, which nothing learned has touched, the same."""
    for name in names:
        first = (0,) * (stored[name].ndim - 2)
        seeds, again = stored[name][(*first, slice(None), 0)], float(part[name].ravel()[0])
        gap, spread = abs(again - float(seeds[0])), float(seeds.std(ddof=1))
        allowed = max(4 * spread, LEAST_SPREAD * abs(float(seeds.mean())))
        assert gap < allowed, f"{name} is off by {gap:.3g}, allowed are {allowed:.3g}"


def _loops_agree(stored, part) -> None:
    stored, part = arrays_of(stored), arrays_of(part)
    _agree(stored, part, MEASURES)
    for name in MEASURES:
        kept, again = stored[f"real_{name}"][0], part[f"real_{name}"][0]
        assert np.isclose(kept, again, rtol=1e-4, atol=1e-5), f"real_{name} is {again}, not {kept}"
    shown = len(part["real_points"])
    same = np.array_equal(part["real_points"], stored["real_points"][:shown])
    assert same, "the real points are not the stored ones"
    gap = mmd(part["points"][0, 0, 0] * POINT, stored["points"][0, 0, 0] * POINT, 1.0)
    assert gap < POINTS_APART, f"the points are of another law: their mmd is {gap:.3g}"
    variance = (stored["points"] * POINT).var(axis=3).sum(axis=3) / np.trace(SOURCE.covariance)
    off = np.abs(variance / stored["variance"][:, :, 0] - 1).max()
    assert off < 0.2, f"the stored points vary by {off:.0%} more or less than is stored"


def _digits_agree(stored, part) -> None:
    stored, part = arrays_of(stored), arrays_of(part)
    _agree(stored, part, DIGIT_MEASURES)
    for name in DIGIT_MEASURES:
        kept, again = stored[f"real_{name}"], part[f"real_{name}"]
        assert np.isclose(kept, again, rtol=0.1), f"real_{name} is {again}, not {kept}"
    again, kept = part["pictures"][0, 0].astype(float), stored["pictures"][0, 0].astype(float)
    gap, allowed = np.abs(again - kept).mean(), kept.std(axis=0).mean() / 2
    assert gap < allowed, f"the pictures are off by {gap:.3g}, allowed are {allowed:.3g}"
    _, bench = digits_setup()
    read = np.array(
        [[bench.posterior(x).argmax(axis=1) for x in row] for row in stored["pictures"]]
    )
    alike = np.mean(read == stored["pictures_read"])
    assert alike > LEAST_ALIKE, f"the judge reads only {alike:.0%} of the pictures as is stored"


LEAST_SPREAD = 0.02  # of a measure, in proportion: where three seeds lie close by chance
POINTS_APART = 0.02  # the mmd of two sets of points of one law is below 0.01
LEAST_ALIKE = 0.9  # as in vae_agrees
TRAINING = {"steps": 2000, "batch_size": 256, "learning_rate": 5e-3, "width": 64, "layers": 3}

_DIMS = {
    "loop bias seed generation": "precision recall coverage mmd variance modes",
    "seed": [f"real_{name}" for name in MEASURES],
    "loop bias generation row axis": "points",
    "row axis": "real_points",
}
_DIGIT_DIMS = {
    "bias seed generation": DIGIT_MEASURES,
    "": [f"real_{name}" for name in DIGIT_MEASURES],
    "bias generation picture y x": "pictures",
    "bias generation picture": "pictures_read",
}


_COORDS = {"bias": "biases", "seed": "seeds", "loop": "policies"}


EXPERIMENTS = (
    Experiment(
        "diffusion-loops",
        loops,
        {
            "policies": list(POLICIES),
            "biases": [1.0, 0.6],
            "seeds": [1, 2, 3],
            "n_samples": 1000,
            "n_generations": 6,
            "n_shown": 300,
        }
        | TRAINING,
        {"policies": ["replace"], "biases": [1.0], "seeds": [1], "n_generations": 1},
        _loops_agree,
        _DIMS,
        _COORDS,
    ),
    Experiment(
        "diffusion-digits",
        digits,
        {"biases": [1.0, 0.6], "seeds": [1, 2, 3], "n_generations": 6, "n_shown": 40}
        | TRAINING
        | {"width": 192, "layers": 4, "learning_rate": 4e-3},
        {"biases": [1.0], "seeds": [1], "n_generations": 1},
        _digits_agree,
        _DIGIT_DIMS,
        _COORDS,
    ),
)
