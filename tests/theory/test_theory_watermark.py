"""Strength and power of watermarks, and the limits of detection: by listing, by simulation."""

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import integrate, stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory

seeds = pytest.mark.parametrize("seed", stat_seeds())
LAW = np.array([0.4, 0.25, 0.2, 0.1, 0.05])


def test_marked_green_share_by_listing_every_colouring():
    for gamma, delta in [(0.25, 2.0), (0.5, 0.7), (0.1, 5.0), (0.5, 12.0)]:
        share = 0.0
        for colours in product([0, 1], repeat=len(LAW)):
            green = np.array(colours)
            chance = np.prod(np.where(green, gamma, 1 - gamma))
            raised = LAW * np.exp(delta * green)
            share += chance * (raised @ green) / raised.sum()
        assert_allclose(theory.marked_green_share(LAW, gamma, delta), share, rtol=1e-9)
    assert theory.marked_green_share([1.0], 0.25, 2.0) == pytest.approx(0.25)
    assert theory.marked_green_share(LAW, 0.25, 0.0) == 0.25
    flat = theory.marked_green_share(np.ones(100_000), 0.25, 2.0)  # all of the mean-field limit
    assert_allclose(flat, 0.25 * np.exp(2) / (0.25 * np.exp(2) + 0.75), rtol=1e-4)


def test_green_list_power_by_summing_the_binomial():
    for n, marked in [(25, 0.5), (200, 0.4)]:
        counts = np.arange(n + 1)
        null = stats.binom.pmf(counts, n, 0.25)
        p_values = null[::-1].cumsum()[::-1]
        expected = stats.binom.pmf(counts, n, marked)[p_values <= 1e-3].sum()
        assert_allclose(theory.green_list_power(marked, n, 0.25, 1e-3), expected, rtol=1e-9)
    assert theory.green_list_power(0.25, 200, 0.25, 1e-3) <= 1e-3


def test_green_list_z_is_its_formula():
    assert_allclose(theory.green_list_z(50, 100), 25 / np.sqrt(100 * 0.25 * 0.75))
    share = theory.marked_green_share(LAW)
    assert_allclose(
        theory.green_list_z(share * 200, 200), (share - 0.25) * np.sqrt(200 / (0.25 * 0.75))
    )


def gumbel_scores(rng, shape):
    """-ln(1 - r) of the winner, by the race itself; shape: of the scores."""
    r = rng.random((*shape, len(LAW)))
    winner = np.argmax(r ** (1 / LAW), axis=-1)
    return -np.log1p(-np.take_along_axis(r, winner[..., None], axis=-1)[..., 0])


@seeds
def test_gumbel_by_the_race(seed):
    sums = gumbel_scores(np.random.default_rng(seed), (20_000, 20)).sum(axis=1)
    assert_agrees(sums / 20, theory.gumbel_mean(LAW))
    assert_rejects(sums / 20, theory.gumbel_mean([1, 1, 1, 1, 1]))
    found = sums > stats.gamma.isf(1e-2, 20)
    assert_agrees(found, theory.gumbel_power(LAW, 20, 1e-2))
    assert_rejects(found, theory.gumbel_power(LAW, 22, 1e-2))


def test_gumbel_power_without_a_choice_is_the_false_alarm():
    for n in (4, 30, 300):
        assert_allclose(theory.gumbel_power([1.0], n, 1e-2), 1e-2, rtol=1e-7)


def test_gumbel_mean_is_an_integral_and_above_its_bound():
    def mean(p):  # E[-ln(1 - r)], r of density r^(1/p - 1) / p
        return integrate.quad(lambda r: -np.log1p(-r) * r ** (1 / p - 1) / p, 0, 1)[0]

    assert_allclose(theory.gumbel_mean(LAW), sum(p * mean(p) for p in LAW), rtol=1e-7)
    assert theory.gumbel_mean([1.0]) == pytest.approx(1.0)
    for law in (LAW, np.ones(50), 1 / np.arange(1, 400)):
        entropy = stats.entropy(law)
        assert theory.gumbel_mean(law) > theory.gumbel_bound(entropy)
    assert theory.gumbel_bound(0) == 1


def test_tournament_mean_by_listing_every_bit():
    mean = 0.0
    for bits in product([0, 1], repeat=len(LAW)):
        g = np.array(bits)
        wins = np.add.outer(g, g) > 0  # of two candidates the one with the larger bit
        mean += (np.outer(LAW, LAW) * wins).sum() / 2 ** len(LAW)
    assert_allclose(theory.tournament_mean(LAW), mean)


@seeds
def test_intact_share_on_tokens(seed):
    rng = np.random.default_rng(seed)
    old = rng.integers(8, size=(4000, 3))
    new = np.where(rng.random(old.shape) < 0.3, rng.integers(8, size=old.shape), old)
    intact = (new == old).all(axis=1)
    assert_agrees(intact, theory.intact_share(0.3, 2, 1 / 8))
    assert_rejects(intact, theory.intact_share(0.3, 3, 1 / 8))


@seeds
def test_radioactivity_budget_gives_half_the_power(seed):
    n = theory.radioactivity_tokens(0.1, 0.683)
    assert_allclose(theory.radioactivity_z(n, 0.1, 0.683), 4.26)
    share = 0.25 + 0.1 * (0.683 - 0.25)
    green = np.random.default_rng(seed).binomial(round(n), share, size=4000)
    found = theory.green_list_z(green, round(n)) >= 4.26
    assert_agrees(found, 0.5)
    assert_rejects(theory.green_list_z(green, round(n)), theory.radioactivity_z(n, 0.11, 0.683))
    assert theory.radioactivity_tokens(0.0, 0.683) == np.inf


def test_best_detector_of_normal_scores_is_under_the_bound():
    for n in (1, 4, 64):
        tv = integrate.quad(
            lambda x, m: abs(stats.norm.pdf(x) - stats.norm.pdf(x, m)) / 2,
            -10, 20, args=(0.5 * np.sqrt(n),), points=[0.25 * np.sqrt(n)],
        )[0]  # fmt: skip
        assert_allclose(theory.tv_normals(0.5, n), tv, rtol=1e-6)
        best = stats.norm.cdf(0.5 * np.sqrt(n / 2))
        assert 0.5 < best < theory.auroc_bound(tv)
    assert theory.auroc_bound(0) == 0.5 and theory.auroc_bound(1) == 1


def test_auroc_bound_is_attained_and_no_two_laws_pass_it():
    tv = 0.3  # one side alone, both, the other side alone
    p, q = np.array([tv, 1 - tv, 0]), np.array([0, 1 - tv, tv])
    assert_allclose(auroc(p, q), tv + (1 - tv) * tv + (1 - tv) ** 2 / 2)
    assert_allclose(auroc(p, q), theory.auroc_bound(tv))
    rng = np.random.default_rng(0)
    for _ in range(200):
        p, q = rng.dirichlet(np.ones(4), 2)
        assert auroc(p, q) <= theory.auroc_bound(abs(p - q).sum() / 2) + 1e-12


def auroc(p, q):
    """Of the likelihood ratio: P(a draw of p beats one of q), ties worth one half."""
    with np.errstate(divide="ignore"):
        ratio = p / q
    above = np.greater.outer(ratio, ratio) + np.equal.outer(ratio, ratio) / 2
    return p @ above @ q


def test_product_bounds_hold_the_exact_distance():
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.3, 0.3, 0.4])
    for n in (1, 3, 6):
        texts = np.array(list(product(range(3), repeat=n)))
        joint = [law[texts].prod(axis=1) for law in (p, q)]
        tv = abs(np.subtract(*joint)).sum() / 2
        low, high = theory.tv_products(p, q, n)
        assert low < tv < high
    shares = np.linspace(0, 1, 10_001)[:, None]
    listed = np.log((p**shares * q ** (1 - shares)).sum(axis=1)).min()
    assert_allclose(theory.chernoff_information(p, q), -listed, rtol=1e-6)
    assert theory.chernoff_information(p, p) == pytest.approx(0, abs=1e-12)
    assert theory.chernoff_information([1, 0], [0, 1]) == np.inf
    assert theory.tv_products([1, 0], [0, 1], 5) == (1.0, 1.0)
    assert_allclose(theory.chernoff_information([1, 0], [0.5, 0.5]), np.log(2), rtol=1e-6)


@seeds
def test_precision_of_a_flag_by_counting(seed):
    rng = np.random.default_rng(seed)
    synthetic = rng.random(200_000) < 0.02
    flagged = rng.random(200_000) < np.where(synthetic, 0.9, 0.05)
    assert_agrees(synthetic[flagged], theory.flag_precision(0.02, 0.9, 0.05))
    assert_rejects(synthetic[flagged], theory.flag_precision(0.04, 0.9, 0.05))
    passed = theory.real_share_after(0.98, 0.9, 0.05)
    assert_agrees(~synthetic[~flagged], passed)


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.green_list_z(5, 4),
        "green_list_z.n_green must be at most n_scored; got n_green = 5 with n_scored = 4.",
    ),
    (
        lambda: theory.marked_green_share(LAW, 1.0),
        "marked_green_share.green_share must be in (0, 1); got 1.",
    ),
    (
        lambda: theory.gumbel_power(LAW, 1),
        "gumbel_power.n_scored must be at least 4; got 1.",
    ),
    (lambda: theory.auroc_bound(1.1), "auroc_bound.tv must be in [0, 1]; got 1.1."),
    (
        lambda: theory.tv_products([1, 1], [1], 2),
        "tv_products needs arrays of one shape; got p (2,), q (1,).",
    ),
    (
        lambda: theory.flag_precision(0.5, 0, 0),
        "flag_precision: the share flagged must be finite and above 0; got 0.",
    ),
    (
        lambda: theory.radioactivity_tokens(0.1, 0.6, z=0),
        "radioactivity_tokens.z must be finite and above 0; got 0.",
    ),
)
