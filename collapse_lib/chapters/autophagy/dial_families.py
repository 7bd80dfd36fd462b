"""The families of the dial: each model of the library, its real rows and two measures.

Both measures are of one generation. `error` says how far the model is from the truth; `diversity`
how much of the truth's variety it still makes, and a regression has none of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from collapse_lib import sources
from collapse_lib.metrics import (
    against_reference,
    heterozygosity,
    log_likelihood,
    of_model,
    of_sample,
    perplexity,
    variance_ratio,
    vocabulary_size,
    wasserstein,
)
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.classifier import LinearClassifier
from collapse_lib.models.dirichlet import DirichletCategorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.kde import KernelDensity
from collapse_lib.models.linear import LinearRegression
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.models.ngram import NGram
from collapse_lib.models.ppca import ProbabilisticPCA
from collapse_lib.models.uniform import Uniform
from collapse_lib.sources import zipf_shares

__all__ = ["FAMILIES", "Family"]

SHARES = zipf_shares(10)
WEIGHTS = np.ones(5)
INPUTS = sources.MultivariateGaussian(np.zeros(5), np.eye(5))
GRID = sources.grid_mixture(2, 4.0, 0.5)
PLANE = sources.MultivariateGaussian(np.zeros(4), np.diag([4.0, 1.0, 0.25, 0.25]))


@dataclass(frozen=True)
class Family:
    """name; make() -> (model, source, metrics), the metrics being "error" and mostly "diversity";
    n_samples, n_generations and n_replicates of its runs."""

    name: str
    make: Callable[[], tuple[Any, Callable, Mapping[str, Callable]]]
    n_samples: int = 100
    n_generations: int = 200
    n_replicates: int = 20


def _categories(model) -> Callable:
    metrics = {"error": _squared_gap, "diversity": _variety}
    return lambda: (model, sources.Categories(SHARES), metrics)


def _bell(model) -> Callable:
    metrics = {"error": _bell_risk, "diversity": _bell_variance}
    return lambda: (model, sources.GaussianSource(), metrics)


def _rows(model, source, error) -> Callable:
    metrics = {"error": error, "diversity": against_reference(variance_ratio)}
    return lambda: (model, source, metrics)


def _bigrams():
    blocks = sources.docstrings("numpy").blocks(32)
    metrics = {"error": of_model(perplexity), "diversity": of_sample(vocabulary_size)}
    return NGram(2, len(blocks.vocabulary)), blocks, metrics


def _transformer():
    from collapse_lib.models.transformer import Transformer
    from collapse_lib.sources.prose import read_docstrings
    from collapse_lib.sources.tokens import BytePairs

    text = "\n\n".join(read_docstrings("numpy"))[:1_000_000]
    pairs = BytePairs.learn(text, 500)
    model = Transformer(len(pairs), width=64, steps=100)
    metrics = {"error": of_model(perplexity), "diversity": of_sample(vocabulary_size)}
    return model, pairs.blocks(text, 32), metrics


def _autoencoder():
    from collapse_lib.models.vae import VAE

    return _rows(
        VAE(latent=2, epochs=100, batch_size=64, pixel_max=1.0), sources.TwoMoons(), MARGINALS
    )()


def _diffusion():
    from collapse_lib.models.diffusion import Diffusion

    return _rows(Diffusion(steps=1000), sources.TwoMoons(), MARGINALS)()


def _squared_gap(generation):
    return ((generation.model.probabilities_ - SHARES) ** 2).sum()


def _variety(generation):
    return heterozygosity(generation.model.probabilities_)


def _bell_risk(generation):
    model = generation.model
    return model.mean_**2 + (np.sqrt(model.variance_) - 1) ** 2


def _bell_variance(generation):
    return generation.model.variance_


def _end_gap(generation):
    return (generation.model.theta_ - 1) ** 2


def _end(generation):
    return generation.model.theta_


def _weight_gap(generation):
    return ((generation.model.weights_ - WEIGHTS) ** 2).sum()


def _grid_excess(generation):
    rows = generation.reference
    return GRID.score_samples(rows).mean() - log_likelihood(generation.model, rows)


def _plane_excess(generation):
    rows = generation.reference
    return PLANE.score_samples(rows).mean() - log_likelihood(generation.model, rows)


def _squared_wasserstein(rows, reference):
    """Of numbers; summed over the columns of rows of several."""
    columns = rows.reshape(len(rows), -1).T, reference.reshape(len(reference), -1).T
    return sum(wasserstein(*pair) ** 2 for pair in zip(*columns, strict=True))


def uniform_rows(n, rng):
    """(n,) rows between 0 and 1."""
    return rng.uniform(size=n)


def labelled_rows(n, rng):
    """(n, 6) five normal inputs and a label, 1 with the probability of the logistic law."""
    inputs = rng.standard_normal((n, len(WEIGHTS)))
    chance = 1 / (1 + np.exp(-inputs @ WEIGHTS))
    return np.column_stack([inputs, rng.random(n) < chance])


MARGINALS = against_reference(_squared_wasserstein)
FAMILIES = (
    Family("categories", _categories(Categorical(10))),
    Family("categories, temperature 0.9", _categories(Categorical(10, temperature=0.9))),
    Family("categories with a prior", _categories(DirichletCategorical(1.0, n_categories=10))),
    Family("bell curve", _bell(Gaussian())),
    Family("bell curve, variance cut to 0.8", _bell(Gaussian(sampling_bias=0.8))),
    Family("uniform", lambda: (Uniform(), uniform_rows, {"error": _end_gap, "diversity": _end})),
    Family("mixture of four normals", _rows(GaussianMixture(4), GRID, _grid_excess), 200, 100, 10),
    Family(
        "kernel density, fixed width",
        _rows(KernelDensity(0.3), sources.GaussianSource(), MARGINALS),
        n_generations=100,
    ),
    Family(
        "kernel density, Silverman's width",
        _rows(KernelDensity(), sources.GaussianSource(), MARGINALS),
        n_generations=100,
    ),
    Family("linear VAE", _rows(ProbabilisticPCA(2), PLANE, _plane_excess)),
    Family(
        "linear VAE, means as samples",
        _rows(ProbabilisticPCA(2, 0.25, sample_means=True), PLANE, _plane_excess),
    ),
    Family(
        "linear regression",
        lambda: (
            LinearRegression(noise=1.0, design=INPUTS),
            sources.LinearRows(WEIGHTS),
            {"error": _weight_gap},
        ),
    ),
    Family(
        "logistic regression",
        lambda: (LinearClassifier(design=INPUTS), labelled_rows, {"error": _weight_gap}),
        200,
        50,
        10,
    ),
    Family("bigrams", _bigrams, 200, 20, 10),
    Family("autoencoder", _autoencoder, 500, 10, 2),
    Family("diffusion", _diffusion, 500, 10, 2),
    Family("transformer", _transformer, 300, 5, 2),
)
