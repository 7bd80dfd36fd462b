"""The remaining closed forms against the exact engine or run_loop, with negative controls."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import run_loop, theory
from collapse_lib.exact import categorical_chain, gaussian_chain
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.linear import LinearRegression
from collapse_lib.policies import Accumulate, AccumulateSubsample, FreshReal, Replace
from collapse_lib.sources import Categories, GaussianSource, LinearRows, MultivariateGaussian

INPUTS = MultivariateGaussian([0.0, 0.0], np.eye(2))
seeds = pytest.mark.parametrize("seed", stat_seeds())


@seeds
@pytest.mark.parametrize("n", [5, 20])
def test_loss_fixation_and_its_time(n, seed):
    """CF2, CF3, CF4, CF7 on one long run of the exact engine."""
    p, length = 0.3, 20 * n
    share = categorical_chain(
        Replace(), [p, 1 - p], n_samples=n, n_generations=length, n_replicates=10_000, seed=seed
    ).probabilities[..., 0]
    t = np.array([1, 2, n, 3 * n])
    gone = share[:, t - 1] == 0
    assert_agrees(gone, theory.absent_probability(t, p, n))
    assert_rejects(gone, theory.absent_probability(t + 1, p, n))
    assert_rejects(gone, 1 - theory.survival_probability(n * p, t))  # asymptotic: n is too small
    alive = (share[:, t - 1] > 0) & (share[:, t - 1] < 1)
    assert_agrees(alive, theory.uncollapsed_probability(t, p, n))
    low, high = theory.uncollapsed_bounds(p, n, t)
    assert np.all(low < alive.mean(axis=0)) and np.all(alive.mean(axis=0) < high)
    assert_agrees(share[:, -1] == 1, theory.fixation_probability(p))
    assert_rejects(share[:, -1] == 1, theory.fixation_probability(1 - p))
    collapsed = (share == 0) | (share == 1)
    assert collapsed[:, -1].all()
    time = collapsed.argmax(axis=1) + 1  # generation 1 is the first that can have one type
    assert_agrees(time, theory.fixation_time(p, n))
    assert_rejects(time, theory.fixation_time(p, n) - 1)


@seeds
def test_loss_on_rows(on_rows, seed):
    share = on_rows(
        Categorical(2), Categories([0.3, 0.7]), Replace(), "probabilities_",
        n_samples=5, n_generations=5, n_runs=400, seed=seed,
    )[..., 0]  # fmt: skip
    t = np.arange(1, 6)
    assert_agrees(share == 0, theory.absent_probability(t, 0.3, 5))
    assert_rejects(share == 0, theory.absent_probability(t + 1, 0.3, 5))
    assert_agrees(share[:, 0] == 0, theory.missed_probability(0.3, 5))
    assert_rejects(share[:, 0] == 0, np.exp(-5 * 0.3) + 0.1)


@seeds
@pytest.mark.parametrize("n_fresh_rows", [1, 4])
def test_absence_with_fresh_rows(n_fresh_rows, seed):
    n, p = 20, 0.1
    share = categorical_chain(
        FreshReal(n_fresh_rows / n), [p, 1 - p], n_samples=n, n_generations=40,
        n_replicates=10_000, seed=seed,
    ).probabilities[..., 0]  # fmt: skip
    t = np.array([1, 2, 5, 40])
    found = share[:, t - 1] == 0
    assert_agrees(found, theory.absent_probability(t, p, n, n_fresh_rows))
    assert_rejects(found, theory.absent_probability(t, p, n, n_fresh_rows + 1))
    assert_rejects(found, theory.absent_probability(t, p, n))


@seeds
def test_survivors_among_many_types(seed):
    """CF5, CF6: a Zipf law of 2,000 types in 20,000 rows."""
    p = 1 / np.arange(1, 2001)
    p /= p.sum()
    n, t = 20_000, np.array([1, 2, 5, 10, 20])
    paths = categorical_chain(
        Replace(), p, n_samples=n, n_generations=20, n_replicates=100, seed=seed
    ).probabilities
    alive = (paths[:, t - 1] > 0).sum(axis=-1)  # (replicates, t)
    expected = theory.expected_survivors(p, n, t)
    assert_allclose(alive.mean(axis=0), expected, rtol=0.01)  # asymptotic: not to 4 errors
    assert_agrees(alive[:, 0], (1 - theory.missed_probability(p, n)).sum())
    assert_rejects(alive, theory.expected_survivors(p, n, t + 1))
    assert np.abs(theory.expected_survivors(p, n, t + 1) / expected - 1).min() > 0.02


@seeds
def test_growing_sizes(on_rows, seed):
    """CF8: generation i is fitted to what generation i - 1 published."""

    def growing(t):
        return 5 * t

    p, length = np.array([0.5, 0.3, 0.2]), 8
    sizes = [growing(1), *(growing(t) for t in range(1, length))]
    h0 = 1 - (p**2).sum()
    right = theory.heterozygosity_with_sizes(h0, sizes)
    wrong = theory.heterozygosity_with_sizes(h0, [growing(t) for t in range(1, length + 1)])
    paths = categorical_chain(
        Replace(), p, n_samples=growing, n_generations=length, n_replicates=10_000, seed=seed
    )
    exact = 1 - (paths.probabilities**2).sum(axis=-1)
    rows = on_rows(
        Categorical(3), Categories(p), Replace(), "probabilities_",
        n_samples=growing, n_generations=length, n_runs=300, seed=seed,
    )  # fmt: skip
    for found in (exact, 1 - (rows**2).sum(axis=-1)):
        assert_agrees(found, right)
        assert_rejects(found, wrong)
    variance = gaussian_chain(
        Replace(), n_samples=growing, n_generations=length, n_replicates=10_000, seed=seed
    ).variance
    assert_agrees(variance, right / h0)
    assert_rejects(variance, wrong / h0)


@seeds
@pytest.mark.parametrize("n", [5, 20])
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [1.0, 0.6])
def test_gaussian_replace(n, ddof, bias, seed):
    """CF12 to CF17 on the exact engine."""
    t = np.arange(1, 9)
    paths = gaussian_chain(
        Replace(), n_samples=n, n_generations=8, n_replicates=20_000, seed=seed, mean=3.0,
        std=2.0, ddof=ddof, sampling_bias=bias,
    )  # fmt: skip
    log_variance = np.log(paths.variance / 4)
    expected = theory.log_variance_mean(t, n, ddof, bias)
    assert_agrees(log_variance, expected)
    assert_rejects(log_variance, theory.log_variance_mean(t, n, 1 - ddof, bias))
    assert_rejects(log_variance, np.log(theory.variance_mean(t, n, ddof, bias)))
    square = (log_variance - expected) ** 2
    assert_agrees(square, theory.log_variance_variance(t, n))
    assert_rejects(square, 2 * t / n)
    std = np.sqrt(paths.variance)
    assert_agrees(std, theory.std_mean(t, n, ddof, bias, 2.0))
    assert_rejects(std, np.sqrt(theory.variance_mean(t, n, ddof, bias, 2.0)))
    early = slice(3)  # later means are carried by rare paths
    risk = ((paths.mean - 3) ** 2 + (std - 2) ** 2)[:, early]
    assert_agrees(risk, theory.wasserstein_risk(t, n, ddof, bias, 2.0)[early])
    assert_rejects(risk, theory.wasserstein_risk(t + 1, n, ddof, bias, 2.0)[early])
    row = (bias * paths.variance + (paths.mean - 3) ** 2)[:, early]
    assert_agrees(row, theory.sample_variance(t, n, ddof, bias, 2.0)[early])
    assert_rejects(row, theory.sample_variance(t, n, 1 - ddof, bias, 2.0)[early])
    if bias == 1:
        for threshold in (0.5, 1.5, 3.0):
            bound = theory.std_tail_bound(threshold, t, n, 2.0)
            assert np.all((std > threshold).mean(axis=0) <= bound)


@seeds
@pytest.mark.parametrize("ddof", [0, 1])
def test_gaussian_replace_on_rows(on_rows, ddof, seed):
    t, n = np.arange(1, 7), 5
    variance = on_rows(
        Gaussian(ddof=ddof), GaussianSource(), Replace(), "variance_",
        n_samples=n, n_generations=6, n_runs=400, seed=seed,
    )  # fmt: skip
    assert_agrees(np.log(variance), theory.log_variance_mean(t, n, ddof))
    assert_rejects(np.log(variance), theory.log_variance_mean(t, n, 1 - ddof))
    assert_agrees(np.sqrt(variance), theory.std_mean(t, n, ddof))
    assert_rejects(np.sqrt(variance), np.sqrt(theory.variance_mean(t, n, ddof)))


@seeds
def test_log_det_on_rows(on_rows, seed):
    source = MultivariateGaussian([0.0, 0.0], [[2.0, 0.5], [0.5, 1.0]])
    covariance = on_rows(
        Gaussian(), source, Replace(), "covariance_",
        n_samples=8, n_generations=4, n_runs=300, seed=seed,
    )  # fmt: skip
    log_det = np.linalg.slogdet(covariance)[1] - np.log(1.75)
    t = np.arange(1, 5)
    assert_agrees(log_det, theory.log_det_mean(t, 8, 2))
    assert_rejects(log_det, theory.log_det_mean(t, 8, 2, ddof=1))
    assert_rejects(log_det, 2 * theory.log_variance_mean(t, 8))


@seeds
def test_biased_accumulation_of_many_rows(seed):
    """CF19: at 10^8 rows sampling noise is gone and the formula must hold to four digits."""
    t = np.array([1, 2, 10, 100])
    variance = gaussian_chain(
        Accumulate(), n_samples=10**8, n_generations=100, n_replicates=4, seed=seed,
        sampling_bias=0.5,
    ).variance[:, t - 1]  # fmt: skip
    expected = theory.biased_accumulate_variance(t, 0.5)
    assert_allclose(variance, np.tile(expected, (4, 1)), rtol=2e-3)
    assert np.all(
        np.abs(variance[:, 1:] / theory.biased_accumulate_variance(t, 0.55)[1:] - 1) > 0.02
    )


@seeds
def test_subsample_error_of_many_rows(seed):
    """CF20 through the discrete loop, whose F is the same to first order in 1/N."""
    n, t = 2000, np.array([1, 2, 5, 20])
    share = categorical_chain(
        AccumulateSubsample(), [0.5, 0.5], n_samples=n, n_generations=20, n_replicates=4000,
        seed=seed,
    ).probabilities[:, t - 1, 0]  # fmt: skip
    error = (share - 0.5) ** 2 / 0.25 * n
    assert_agrees(error, theory.subsample_mean_error(t))
    assert_rejects(error, np.cumsum(1 / np.arange(1, 21) ** 2)[t - 1])  # Accumulate
    assert_rejects(error, t)  # Replace


@seeds
@pytest.mark.parametrize("bias", [1.0, 0.5])
def test_fresh_fixed_point(bias, seed):
    """CF21 at n_r = 5, n_s = 20, where the large-n formula is visibly off."""
    paths = gaussian_chain(
        FreshReal(0.2), n_samples=25, n_generations=60, n_replicates=20_000, seed=seed, ddof=1,
        sampling_bias=bias,
    )  # fmt: skip
    square, variance = paths.mean[:, -1] ** 2, paths.variance[:, -1]
    fixed = theory.fresh_fixed_point(5, 20, bias)
    assert_agrees(square, fixed.mean_drift)
    assert_agrees(variance, fixed.variance)
    assert_rejects(square, 1 / theory.effective_sample_size_limit(5, 20))
    assert_rejects(variance, theory.fresh_fixed_point(5, 20, bias, ddof=0).variance)


@seeds
@pytest.mark.parametrize("ratio", [1, 4])
def test_golden_weight(ratio, seed):
    """CF22 with 10 new real rows a generation, in units of their variance over 10."""
    rng, error = np.random.default_rng(seed), {}
    weights = {"golden": theory.golden_weight(ratio), "pooled": 1 / (1 + ratio)}
    for name, weight in weights.items():
        mean = np.zeros(20_000)
        for _ in range(60):
            real = rng.standard_normal(mean.size)
            synthetic = mean + rng.standard_normal(mean.size) / np.sqrt(ratio)
            mean = weight * real + (1 - weight) * synthetic
        error[name] = mean**2
        assert_agrees(error[name], theory.weighted_mean_error(weight, ratio))
    assert_agrees(error["golden"], theory.golden_weight(ratio))
    assert_rejects(error["pooled"], theory.golden_weight(ratio))


@seeds
def test_beating_generation_one(seed):
    """CF23 with so many rows that the fitted variance hardly moves."""
    t = np.array([2, 5, 10])
    mean = gaussian_chain(
        Replace(), n_samples=10**6, n_generations=10, n_replicates=20_000, seed=seed, ddof=1
    ).mean
    better = np.abs(mean[:, t - 1]) < np.abs(mean[:, :1])
    assert_agrees(better, theory.beats_first_probability(t))
    assert_rejects(better, theory.beats_first_probability(t + 1))


@seeds
def test_regression_replace_on_rows(on_rows, seed):
    """CF24 with new inputs in each generation."""
    weights, length = np.array([1.0, -2.0]), 4
    fitted = on_rows(
        LinearRegression(1.0, INPUTS), LinearRows(weights), Replace(), "weights_",
        n_samples=12, n_generations=length, n_runs=400, seed=seed,
    )  # fmt: skip
    risk, t = ((fitted - weights) ** 2).sum(axis=-1), np.arange(1, length + 1)
    assert_agrees(risk, theory.regression_risk_replace(t, 2, 12))
    assert_rejects(risk, theory.regression_risk_accumulate(t, 2, 12))
    assert_rejects(risk, t * 2 / 12 / 2)


@seeds
@pytest.mark.parametrize("policy", [Replace(), Accumulate()])
def test_regression_on_the_same_inputs(policy, seed):
    """CF24 where each run relabels its own inputs."""
    weights, t = np.array([1.0, -2.0]), np.arange(1, 5)
    rng, risks = np.random.default_rng(seed), []
    for child in range(300):
        design = rng.standard_normal((12, 2))
        run = run_loop(
            LinearRegression(1.0, design), LinearRows(weights, design=design), policy,
            n_samples=12, n_generations=4, seed=1000 * seed + child, n_reference=1,
        )  # fmt: skip
        risks.append([((g.model.weights_ - weights) ** 2).sum() for g in run])
    right, wrong = (
        theory.regression_risk_replace(t, 2, 12),
        theory.regression_risk_accumulate(t, 2, 12),
    )
    if isinstance(policy, Accumulate):
        right, wrong = wrong, right
    assert_agrees(risks, right)
    assert_rejects(risks, wrong)


@seeds
@pytest.mark.parametrize(
    ("policy", "right", "wrong"),
    [
        (Replace(), theory.kl_replace, theory.kl_accumulate),
        (Accumulate(), theory.kl_accumulate, theory.kl_replace),
    ],
)
def test_kl(policy, right, wrong, seed):
    """CF28 for five categories and for the Gaussian, n large beside t."""
    t, n, p = np.arange(1, 6), 10**5, np.array([0.3, 0.3, 0.2, 0.15, 0.05])
    fitted = categorical_chain(
        policy, p, n_samples=n, n_generations=5, n_replicates=3000, seed=seed
    ).probabilities
    paths = gaussian_chain(policy, n_samples=n, n_generations=5, n_replicates=3000, seed=seed)
    gaussian = (paths.variance + paths.mean**2 - 1 - np.log(paths.variance)) / 2
    for kl, k in [(special.rel_entr(fitted, p).sum(axis=-1), 4), (gaussian, 2)]:
        assert_agrees(kl, right(t, n, k))
        assert_rejects(kl, wrong(t, n, k))
        assert_rejects(kl, right(t, n, k + 1))


@seeds
@pytest.mark.parametrize("temperature", [0.8, 1.25])
def test_temperature_with_many_rows(temperature, seed):
    """CF35: the fitted model of generation g has been tempered g - 1 times."""
    p0, generations = np.array([0.4, 0.3, 0.2, 0.1, 0.0]), np.arange(1, 6)
    loop = {"n_samples": 10**12, "n_replicates": 2, "seed": seed, "temperature": temperature}
    fitted = categorical_chain(Replace(), p0, n_generations=5, **loop).probabilities[0]
    expected = theory.closed_loop_probabilities(p0, generations - 1, temperature)
    assert_allclose(fitted, expected, atol=2e-5)
    late = theory.closed_loop_probabilities(p0, generations, temperature)
    assert np.abs(fitted - late).max() > 0.01
    mixed = categorical_chain(FreshReal(0.25), p0, n_generations=80, **loop).probabilities[0, -1]
    assert_allclose(mixed, theory.tempered_fixed_point(p0, temperature, 0.25), atol=2e-5)
    assert np.abs(mixed - theory.tempered_fixed_point(p0, temperature, 0.3)).max() > 1e-3
