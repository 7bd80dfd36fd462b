"""Gaussian loops that keep rows: limits, common cases and a plain simulation on rows."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import optimize
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory

T = 6


def test_ml_moments_are_inbreeding():
    """ddof = 0 without bias: drift F, variance 1 - F, whatever the policy."""
    pairs = [
        (theory.pooled_moments(T, 5), theory.pooled_inbreeding(T, 5)),
        (theory.pooled_moments(T, 5, 3, 5), theory.pooled_inbreeding(T, 5, 3, 5)),
        (theory.pooled_moments(T, 5, 0, 2), theory.pooled_inbreeding(T, 5, 0, 2)),
        (
            theory.fresh_moments(T, 2, 3),
            theory.fresh_inbreeding_fixed_share(5, 2, np.arange(1, T + 1)),
        ),
    ]
    for original, k, n in [(5, 5, 5), (5, 2, 3), (5, 0, 5), (6, 2, 1), (5, 3, 0)]:
        reused = theory.reused_inbreeding(original, k, n, np.arange(1, T + 1))
        from_truth = theory.compose_inbreeding(1 / original, reused)
        pairs.append((theory.reused_moments(T, original, k, n), from_truth))
    for moments, inbreeding in pairs:
        assert_allclose(moments.mean_drift, inbreeding, rtol=1e-12)
        assert_allclose(moments.variance, 1 - inbreeding, rtol=1e-12)


def test_closed_forms_of_accumulate():
    t = np.arange(1, T + 1)
    moments = theory.pooled_moments(T, 5)
    assert_allclose(theory.accumulate_variance(t, 5, std=2), 4 * moments.variance)
    assert_allclose(theory.accumulate_mean_drift(t, 5, std=2), 4 * moments.mean_drift)
    assert_allclose(theory.accumulate_variance(np.inf, 5), theory.accumulate_limit(5))
    assert_allclose(theory.accumulate_mean_drift([1, np.inf], 1e12), [1e-12, np.pi**2 / 6e12])


def test_accumulate_as_quoted():
    assert_allclose(theory.accumulate_variance(200, [5, 100]), [0.7027, 0.9837], atol=5e-5)
    assert_allclose(theory.accumulate_limit(5), 0.7020, atol=5e-5)
    assert_allclose(theory.accumulate_mean_drift(200, 100), 0.0163, atol=5e-5)


def test_biased_accumulation():
    quoted = theory.biased_accumulate_variance([10, 100, 1000], 0.5)
    assert_allclose(quoted, [0.3524, 0.1127, 0.0357], atol=5e-5)
    t, bias = np.arange(1, 60), 0.3
    by_steps = np.cumprod(np.concatenate([[1.0], (t + bias) / (t + 1)]))[:-1]
    assert_allclose(theory.biased_accumulate_variance(t, bias), by_steps)
    many_rows = theory.pooled_moments(59, 10**9, sampling_bias=bias)
    assert_allclose(many_rows.variance, by_steps, rtol=1e-7)
    slope = np.diff(np.log(theory.biased_accumulate_variance([100, 1000], 0.5))) / np.log(10)
    assert_allclose(slope, -0.4995, atol=5e-5)
    assert_allclose(theory.biased_accumulate_variance(t, 1), 1)
    assert_allclose(theory.biased_accumulate_variance(t, 0), 1 / t)


def test_subsample_mean_error():
    t = np.array([1, 2, 3, 5, 10, 20, 50])
    quoted = [1, 1.75, 2.083, 2.391, 2.649, 2.788, 2.875]
    assert_allclose(theory.subsample_mean_error(t), quoted, atol=5e-4)
    n = 10**8
    finite = theory.pooled_moments(50, n, budget=n).mean_drift[t - 1]
    assert_allclose(theory.subsample_mean_error(t), finite * n, rtol=1e-6)
    limit = theory.subsample_mean_error(np.inf)
    assert_allclose(theory.subsample_mean_error(10**6), limit, rtol=1e-5)
    assert_allclose(limit, 2.935, atol=5e-4)


def test_fresh_fixed_point_is_where_the_moments_settle():
    for real, synthetic in [(5, 20), (100, 900), (3, 0), (1, 1), (1, 30)]:
        for bias in (0, 0.5, 1):
            for ddof in (0, 1):
                path = theory.fresh_moments(3000, real, synthetic, ddof, bias)
                fixed = theory.fresh_fixed_point(real, synthetic, bias, ddof)
                assert_allclose(path.variance[-1], fixed.variance, rtol=1e-9)
                assert_allclose(path.mean_drift[-1], fixed.mean_drift, rtol=1e-9)
                assert_allclose(fixed.effective_sample_size, 1 / fixed.mean_drift)


def test_fresh_fixed_point_as_quoted():
    fixed = theory.fresh_fixed_point([100, 100, 5], [100, 900, 20])
    assert_allclose(fixed.effective_sample_size, [149.7, 189.2, 8.33], atol=0.06)
    limit = theory.effective_sample_size_limit([100, 100, 5], [100, 900, 20])
    assert_allclose(limit, [150, 190, 9])
    biased = theory.fresh_fixed_point(100, [100, 900], 0.5)
    assert_allclose(biased.variance, [0.668, 0.182], atol=5e-4)
    ratio = theory.fresh_fixed_point(10**9, 4 * 10**9).effective_sample_size / 10**9
    assert_allclose(ratio, 1.8, rtol=1e-6)


@pytest.mark.parametrize("ratio", [0.2, 1, 2, 10])
def test_golden_weight_is_the_minimum(ratio):
    best = optimize.minimize_scalar(
        lambda weight: theory.weighted_mean_error(weight, ratio),
        bounds=(1e-3, 1),
        method="bounded",
        options={"xatol": 1e-10},
    )
    assert_allclose(theory.golden_weight(ratio), best.x, rtol=1e-6)
    assert_allclose(theory.golden_weight(ratio), best.fun, rtol=1e-9)
    error = 1.0
    for _ in range(2000):
        error = best.x**2 + (1 - best.x) ** 2 * (error + 1 / ratio)
    assert_allclose(error, best.fun)


def test_golden_weight_as_quoted():
    golden = (np.sqrt(5) - 1) / 2
    assert_allclose(theory.golden_weight([0, 1, 2, 10]), [1, golden, 0.5, 0.270], atol=5e-4)
    assert_allclose(theory.weighted_mean_error(0.5, 1), 2 / 3)


def test_beating_generation_one_is_an_orthant_probability():
    t = np.array([2, 3, 5, 10, 50, 1000])
    # S_t - S_1 and S_t + S_1 must have opposite signs; their correlation is sqrt((t-1)/(t+3))
    orthant = np.arccos(np.sqrt((t - 1) / (t + 3))) / np.pi
    assert_allclose(theory.beats_first_probability(t), orthant)
    quoted = [0.3524, 0.25, 0.1872, 0.0886]
    assert_allclose(theory.beats_first_probability([2, 5, 10, 50]), quoted, atol=5e-5)


def pool_on_rows(rng, n_replicates, generations, n, m, budget, ddof, bias):
    """(mean, variance) of each generation, (n_replicates, generations), by drawing every row."""
    pool = rng.standard_normal((n_replicates, n))
    means, variances = [], []
    for t in range(generations):
        train = pool
        if t and budget < pool.shape[1]:
            train = rng.permuted(pool, axis=1)[:, :budget]
        means.append(train.mean(axis=1))
        variances.append(train.var(axis=1, ddof=ddof))
        new = rng.standard_normal((n_replicates, n)) * np.sqrt(bias * variances[-1])[:, None]
        fresh = rng.standard_normal((n_replicates, m))
        pool = np.hstack([pool, new + means[-1][:, None], fresh])
    return np.stack(means, axis=1), np.stack(variances, axis=1)


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize(
    "settings",
    [
        {"n_samples": 5, "ddof": 1},
        {"n_samples": 5, "budget": 5, "ddof": 1},
        {"n_samples": 4, "budget": 3, "n_fresh": 2, "sampling_bias": 0.5},
        {"n_samples": 3, "budget": 7, "ddof": 1, "sampling_bias": 0.7},
        {"n_samples": 10, "n_fresh": 5, "ddof": 1, "sampling_bias": 0.6},
    ],
)
def test_pooled_moments_on_rows(settings, seed):
    full = {"n_fresh": 0, "budget": np.inf, "ddof": 0, "sampling_bias": 1.0} | settings
    mean, variance = pool_on_rows(
        np.random.default_rng(seed),
        20_000,
        5,
        *(full[name] for name in ("n_samples", "n_fresh", "budget", "ddof", "sampling_bias")),
    )
    expected = theory.pooled_moments(5, **full)
    assert_agrees(variance, expected.variance)
    assert_agrees(mean**2, expected.mean_drift)
    for name, wrong in (("ddof", 1 - full["ddof"]), ("sampling_bias", 0.85)):
        assert_rejects(variance, theory.pooled_moments(5, **(full | {name: wrong})).variance)
    if np.isfinite(full["budget"]):
        assert_rejects(mean**2, theory.pooled_moments(5, **(full | {"budget": np.inf})).mean_drift)
    if full["n_fresh"]:
        assert_rejects(mean**2, theory.pooled_moments(5, **(full | {"n_fresh": 0})).mean_drift)


def mixed_on_rows(rng, n_replicates, generations, original, k, n, ddof, bias, fresh):
    """As `pool_on_rows`, for k real rows (the same ones again, or fresh ones) and n newest."""
    real = rng.standard_normal((n_replicates, original))
    train, means, variances = real, [], []
    for _ in range(generations):
        means.append(train.mean(axis=1))
        variances.append(train.var(axis=1, ddof=ddof))
        new = rng.standard_normal((n_replicates, n)) * np.sqrt(bias * variances[-1])[:, None]
        again = rng.permuted(real, axis=1)[:, :k]
        if fresh:
            again = rng.standard_normal((n_replicates, k))
        train = np.hstack([again, new + means[-1][:, None]])
    return np.stack(means, axis=1), np.stack(variances, axis=1)


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [0.5, 1])
def test_reused_and_fresh_moments_on_rows(ddof, bias, seed):
    rng = np.random.default_rng(seed)
    for k, n in [(5, 5), (2, 3)]:  # Anchored, MixReal
        mean, variance = mixed_on_rows(rng, 20_000, 5, 5, k, n, ddof, bias, fresh=False)
        expected = theory.reused_moments(5, 5, k, n, ddof, bias)
        assert_agrees(variance, expected.variance)
        assert_agrees(mean**2, expected.mean_drift)
        wrong = theory.fresh_moments(5, k, n, ddof, bias)
        assert_rejects(variance, wrong.variance)
        assert_rejects(mean**2, wrong.mean_drift)
    mean, variance = mixed_on_rows(rng, 20_000, 5, 5, 2, 3, ddof, bias, fresh=True)
    expected = theory.fresh_moments(5, 2, 3, ddof, bias)
    assert_agrees(variance, expected.variance)
    assert_agrees(mean**2, expected.mean_drift)
    wrong = theory.reused_moments(5, 5, 2, 3, ddof, bias)
    assert_rejects(variance, wrong.variance)
    assert_rejects(mean**2, wrong.mean_drift)


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.pooled_moments(3, 1),
        "pooled_moments.n_samples must be at least 2; got 1.",
    ),
    (
        lambda: theory.pooled_moments(3, 5, budget=2, ddof=2),
        "pooled_moments.ddof must be smaller than n_samples; got ddof = 2 with n_samples = 2.",
    ),
    (
        lambda: theory.reused_moments(3, 5, 6, 1),
        ("reused_moments.n_real must be at most n_original; got n_real = 6 with n_original = 5."),
    ),
    (
        lambda: theory.fresh_moments(3, 1, 0),
        "fresh_moments.n_real + n_synthetic must be at least 2; got 1.",
    ),
    (
        lambda: theory.fresh_fixed_point(0, 5),
        "fresh_fixed_point.n_real must be at least 1; got 0.",
    ),
    (
        lambda: theory.fresh_fixed_point(5, 5, 1.5),
        "fresh_fixed_point.sampling_bias must be in [0, 1]; got 1.5.",
    ),
    (
        lambda: theory.golden_weight(-1),
        "golden_weight.ratio must be finite and at least 0; got -1.",
    ),
    (
        lambda: theory.weighted_mean_error(1.5, 1),
        "weighted_mean_error.weight must be in (0, 1]; got 1.5.",
    ),
    (
        lambda: theory.beats_first_probability(1),
        "beats_first_probability.t must be at least 2; got 1.",
    ),
    (
        lambda: theory.biased_accumulate_variance(0, 0.5),
        "biased_accumulate_variance.t must be at least 1; got 0.",
    ),
    (
        lambda: theory.subsample_mean_error(0),
        "subsample_mean_error.t must be at least 1; got 0.",
    ),
)
