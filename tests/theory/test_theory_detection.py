"""Theory of detectors and of groups at fixed shares: by hand, and against loops on rows."""

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import run_loop, theory
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Filtered, FreshReal, Replace, Stratified, Weighted
from collapse_lib.policies.detectors import Detector, GoldenWeight, HumanWeight
from collapse_lib.sources import Categories, GaussianSource

seeds = pytest.mark.parametrize("seed", stat_seeds())


def test_detector_share_as_bayes_says():
    assert_allclose(theory.real_share_after(0.1, 0.9, 0.05), 0.095 / (0.095 + 0.09))
    assert_allclose(theory.real_share_after([0, 0.3, 1], 0.5, 0.5), [0, 0.3, 1])
    assert theory.real_share_after(0.2, 0.1, 0.6) < 0.2  # worse than a coin


@pytest.mark.parametrize("d_prime", [0.0, 0.5, 1.5])
def test_weighted_share_by_quadrature(d_prime):
    alpha, score = 0.2, np.linspace(-20, 20, 40_001)
    real, synthetic = (stats.norm.pdf(score, m) for m in (d_prime / 2, -d_prime / 2))
    weight, mixed = np.exp(d_prime * score), alpha * real + (1 - alpha) * synthetic
    mean, square = (np.trapezoid(mixed * weight**k, score) for k in (1, 2))
    share = alpha * np.trapezoid(real * weight, score) / mean
    assert_allclose(theory.real_share_weighted(alpha, d_prime), share, rtol=1e-9)
    assert_allclose(theory.weighted_effective_share(alpha, d_prime), mean**2 / square, rtol=1e-9)


def test_weighted_share_at_its_ends():
    assert_allclose(theory.real_share_weighted([0, 0, 1, 0.1], [0, 50, 50, 50]), [0, 0, 1, 1])
    found = theory.weighted_effective_share([0, 0, 1, 0.1], [0, 50, 1, 50])
    assert_allclose(found, [1, 0, np.exp(-1), 0])


def trained(policy, seed, n_samples, n_runs):
    """The training sets of generation 2 of many runs."""
    return [
        run_loop(
            Gaussian(), GaussianSource(), policy,
            n_samples=n_samples, n_generations=2, n_reference=1, seed=child,
        )[1].train
        for child in np.random.SeedSequence(seed).spawn(n_runs)
    ]  # fmt: skip


@seeds
def test_real_share_behind_a_detector_on_rows(seed):
    policy = Filtered(FreshReal(0.2), Detector(hit_rate=0.7, false_alarm_rate=0.1))
    found = [train.real_fraction for train in trained(policy, seed, 2000, 200)]
    assert_agrees(found, theory.real_share_after(0.2, 0.7, 0.1))
    assert_rejects(found, theory.real_share_after(0.2, 0.7, 0.13))
    assert_rejects(found, theory.real_share_after(0.2, 0.1, 0.7))  # hit and false alarm exchanged


@seeds
def test_real_share_by_weight_on_rows(seed):
    trains = trained(Weighted(FreshReal(0.2), HumanWeight(0.7)), seed, 20_000, 60)
    share = [t.weights[t.origin == 0].sum() / t.weights.sum() for t in trains]
    assert_agrees(share, theory.real_share_weighted(0.2, 0.7))
    assert_rejects(share, theory.real_share_weighted(0.2, 0.8))
    effective = [t.weights.sum() ** 2 / (t.weights**2).sum() / len(t) for t in trains]
    assert_agrees(effective, theory.weighted_effective_share(0.2, 0.7))
    assert_rejects(effective, theory.weighted_effective_share(0.2, 0.8))


class KnownStd:
    """A normal of variance 1 of which the mean alone is fitted."""

    def fit(self, rows, *, rng, sample_weight=None):
        self.mean_ = np.average(rows, weights=sample_weight)
        return self

    def sample(self, n, *, rng):
        return rng.normal(self.mean_, size=n)


@pytest.mark.parametrize(
    ("weight", "error"),
    [
        (GoldenWeight(), theory.golden_weight(3)),
        (GoldenWeight(0.9), theory.weighted_mean_error(0.9, 3)),
    ],
    ids=repr,
)
@seeds
def test_golden_weight_on_rows(on_rows, weight, error, seed):
    n_real, length = 4, 6  # 12 synthetic rows: k = 3
    mean = on_rows(
        KnownStd(), GaussianSource(), Weighted(FreshReal(0.25), weight), "mean_",
        n_samples=4 * n_real, n_generations=length, n_runs=1000, seed=seed,
    )  # fmt: skip
    found = mean[:, -1] ** 2 * n_real
    assert_agrees(found, error)
    assert_rejects(found, theory.weighted_mean_error(0.25, 3))  # all rows alike


def test_stratified_drift_by_listing_the_counts():
    q, n, s = 2, 5, 0.3
    counts = range(1, n + 1)

    def keep(m):
        return (1 if m >= q else 1 - 1 / m) * (1 - 1 / q)

    total = kept = 0.0
    for a, b, c in product(counts, repeat=3):
        p = stats.binom.pmf([a, b, c], n, [s, a / n, q / n]).prod()
        total, kept = total + p, kept + p * (1 - 1 / a) * keep(b) * keep(c)
    found = theory.stratified_heterozygosity([1, 2, 3, 4], 0.6, q, n, s)
    first = stats.binom.pmf(counts, n, s) / (1 - (1 - s) ** n)
    assert_allclose(found[0], 0.6 * first @ (1 - 1 / np.array(counts)))
    assert_allclose(found[2], 0.6 * kept / total)
    later = stats.binom.pmf(counts, n, q / n)
    assert_allclose(found[3] / found[2], later @ [keep(m) for m in counts] / later.sum())


def second_group(rows):
    return rows // 2


@seeds
def test_stratified_on_rows(on_rows, seed):
    p, shares, n, length = [0.3, 0.2, 0.3, 0.2], (0.6, 0.4), 40, 8
    found = on_rows(
        Categorical(4), Categories(p), Stratified(Replace(), second_group, shares),
        "probabilities_", n_samples=n, n_generations=length, n_runs=800, seed=seed,
    )  # fmt: skip
    minority = found[..., 2:]  # (runs, generations, types)
    share = minority.sum(axis=-1)
    assert_allclose(share[:, 1:], 16 / 40)  # no drift between the groups
    assert np.ptp(share[:, 0]) > 0.1
    inside = 1 - ((minority / share[..., None]) ** 2).sum(axis=-1)
    h0, t = 1 - 0.6**2 - 0.4**2, np.arange(1, length + 1)
    assert_agrees(inside, theory.stratified_heterozygosity(t, h0, 16, n, real_share=0.5))
    assert_rejects(inside, theory.heterozygosity(t, h0, n))
    assert_rejects(inside, theory.heterozygosity(t, h0, 16))  # as if m never fell below q


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.real_share_after(0.5, 1, 1),
        ValueError,
        "real_share_after: the share let through must be finite and above 0; got 0.",
    ),
    (
        lambda: theory.real_share_weighted(0.5, -1),
        ValueError,
        "real_share_weighted.d_prime must be finite and at least 0; got -1.",
    ),
    (
        lambda: theory.weighted_effective_share(1.5, 1),
        ValueError,
        "weighted_effective_share.real_fraction must be in [0, 1]; got 1.5.",
    ),
    (
        lambda: theory.stratified_heterozygosity(1, 0.5, 10, 10),
        ValueError,
        (
            "stratified_heterozygosity.n_group must be smaller than n_samples; got n_group "
            "= 10 with n_samples = 10."
        ),
    ),
    (
        lambda: theory.stratified_heterozygosity(1, [0.5], 1, 10),
        TypeError,
        "stratified_heterozygosity.h0 must be a number; got [0.5].",
    ),
)
