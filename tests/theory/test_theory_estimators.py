"""The largest row, kernels and photocopies, in closed form and on loops."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, ndimage, stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import run_loop, theory
from collapse_lib.models.kde import KernelDensity
from collapse_lib.models.uniform import Uniform
from collapse_lib.policies import Accumulate, Replace
from collapse_lib.sources import GaussianSource

INF = float("inf")
seeds = pytest.mark.parametrize("seed", stat_seeds())
T = np.arange(1, 7)


def test_photocopy_against_repeated_blurring():
    grid = np.linspace(-30, 30, 1201)
    page, wave = stats.norm.pdf(grid, 0, 1.5), np.cos(2 * np.pi * grid[:-1] / 12)
    width = grid[1] - grid[0]
    for t in range(4):
        share = page / page.sum()
        assert_allclose(share @ grid**2, theory.photocopy_variance(t, 1.5, 0.8), rtol=1e-4)
        left = theory.photocopy_amplitude(t, 2 * np.pi / 12, 0.8)
        assert_allclose(wave.max(), left, rtol=1e-4)
        page = ndimage.gaussian_filter1d(page, 0.8 / width, truncate=7)
        wave = ndimage.gaussian_filter1d(wave, 0.8 / width, mode="wrap", truncate=7)


def test_the_largest_of_uniform_rows():
    n = 7
    mean, _ = integrate.quad(lambda x: 1 - x**n, 0, 1)
    assert_allclose(theory.uniform_maximum(1, n), mean)
    assert_allclose(theory.uniform_maximum([0, 1, 4], n, end=3), 3 * mean ** np.array([0, 1, 4]))
    assert_allclose(theory.uniform_maximum([0, 1, 4], n, True), [1, mean, mean])
    assert_allclose(theory.uniform_maximum(100, 100), 0.3697, atol=5e-5)


def test_kernel_densities_as_recursions():
    n, h, v = 6, 0.4, 5 / 6 * 4.0
    growing = theory.silverman_variance_factor(n)
    for t in range(1, 6):
        assert_allclose(theory.kde_variance(t, n, h, std=2.0), v)
        v = (1 - 1 / n) * (v + h**2)
    assert_allclose(theory.kde_variance(INF, n, h), (n - 1) * h**2)
    assert_allclose(theory.kde_variance([1, 5], n, 0), theory.variance_mean([1, 5], n))
    assert_allclose(growing, (1 - 1 / n) * (1 + (4 / 3) ** 0.4 * n**-0.4 * n / (n - 1)))
    assert np.all(theory.silverman_variance_factor([2, 50, 10**6]) > 1)


def uniform_rows(n, rng):
    return rng.uniform(0, 3, size=n)


@seeds
@pytest.mark.parametrize("policy", [Replace(), Accumulate()])
def test_the_largest_row(on_rows, policy, seed):
    """CF38."""
    accumulate = isinstance(policy, Accumulate)
    found = on_rows(
        Uniform(), uniform_rows, policy, "theta_",
        n_samples=8, n_generations=6, n_runs=300, seed=seed,
    )  # fmt: skip
    assert_agrees(found, theory.uniform_maximum(T, 8, accumulate, end=3))
    assert_rejects(found, theory.uniform_maximum(T, 8, not accumulate, end=3))
    assert_rejects(found, theory.uniform_maximum(T, 12, accumulate, end=3))
    if accumulate:
        assert np.all(found == found[:, :1])


def variance_of_training_rows(generation):
    return generation.train.rows.var()


@seeds
@pytest.mark.parametrize("bandwidth", [0.5, None])
def test_kernel_densities(bandwidth, seed):
    """CF39: a fixed bandwidth settles, Silverman's explodes."""
    n = 10
    found = [
        run_loop(
            KernelDensity(bandwidth), GaussianSource(), Replace(), n_samples=n, n_generations=6,
            metrics={"variance": variance_of_training_rows}, n_reference=1, seed=child,
        ).column("variance")
        for child in np.random.SeedSequence(seed).spawn(150)
    ]  # fmt: skip
    exploding = (1 - 1 / n) * theory.silverman_variance_factor(n) ** (T - 1)
    settling = theory.kde_variance(T, n, 0.5)
    right, wrong = (settling, exploding) if bandwidth else (exploding, settling)
    assert_agrees(found, right)
    assert_rejects(found, wrong)
    assert_rejects(found, theory.kde_variance(T, n, 0.0))


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.photocopy_variance(1.5, 1, 1),
        ValueError,
        "photocopy_variance.t must be a whole number; got 1.5.",
    ),
    (
        lambda: theory.photocopy_amplitude(1, np.nan, 1),
        ValueError,
        "photocopy_amplitude.omega must be finite; got nan.",
    ),
    (
        lambda: theory.photocopy_amplitude(1, 1, -1),
        ValueError,
        "photocopy_amplitude.blur_std must be finite and at least 0; got -1.",
    ),
    (
        lambda: theory.uniform_maximum(1, 0),
        "uniform_maximum.n_samples must be at least 1; got 0.",
    ),
    (
        lambda: theory.kde_variance(0, 5, 1),
        "kde_variance.t must be at least 1; got 0.",
    ),
    (
        lambda: theory.silverman_variance_factor(1),
        "silverman_variance_factor.n_samples must be at least 2; got 1.",
    ),
)
