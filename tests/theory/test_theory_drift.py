"""Drift, fixation and survival against transition matrices and enumeration."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sentences import refusals

from collapse_lib import theory


def matrix(n, p=lambda x: x):
    """Transition matrix of a count in n rows when each is a hit with probability p(count/n)."""
    counts = np.arange(n + 1)
    return np.array([stats.binom.pmf(counts, n, p(j / n)) for j in counts])


def law(n, p, t):
    """Law of the count at generation t, by matrix powers."""
    first = stats.binom.pmf(np.arange(n + 1), n, p)
    return first @ np.linalg.matrix_power(matrix(n), t - 1)


@pytest.mark.parametrize("n", [1, 2, 5, 40])
@pytest.mark.parametrize("t", [1, 2, 7])
def test_heterozygosity_is_the_moment_of_the_transition_matrix(n, t):
    share = np.arange(n + 1) / n
    expected = law(n, 0.3, t) @ (2 * share * (1 - share))
    assert_allclose(theory.heterozygosity(t, 2 * 0.3 * 0.7, n), expected, atol=1e-14)
    variance = law(n, 0.3, t) @ (share - 0.3) ** 2
    assert_allclose(theory.inbreeding(t, n), variance / (0.3 * 0.7), atol=1e-13)
    wrong_by_one_generation = theory.heterozygosity(t + 1, 2 * 0.3 * 0.7, n)
    assert n == 1 or abs(wrong_by_one_generation - expected) > 1e-3


def test_heterozygosity_as_quoted():
    assert_allclose(theory.heterozygosity([10, 100], 1, 100), [0.9044, 0.3660], atol=5e-5)
    uniform = 1 - 1 / 100
    assert_allclose(1 - theory.heterozygosity(50, uniform, 200), 0.2295, atol=5e-5)


def test_heterozygosity_keeps_its_digits_at_web_scale():
    assert_allclose(theory.heterozygosity(1e12, 1, 1e12), np.exp(-1), rtol=1e-11)
    assert_allclose(theory.inbreeding(1, 1e12), 1e-12, rtol=1e-10)
    assert theory.heterozygosity(np.inf, 1, 10) == 0
    assert theory.heterozygosity(0, 0.4, 1) == 0.4


def test_changing_sizes():
    assert_allclose(
        theory.heterozygosity_with_sizes(0.7, np.full(6, 9)),
        theory.heterozygosity(np.arange(1, 7), 0.7, 9),
    )
    i = np.arange(1, 10_001)
    assert_allclose(theory.heterozygosity_with_sizes(1, np.full(100, 100))[-1], 0.366, atol=5e-4)
    linear = theory.heterozygosity_with_sizes(1, 100 * i)[[99, 9999]]
    assert_allclose(linear, [0.9494, 0.9067], atol=5e-5)
    assert_allclose(theory.heterozygosity_with_sizes(1, 100 * i**2)[-1], 0.9836, atol=5e-5)
    kept = theory.accumulate_heterozygosity(np.arange(1, 51), 1, 7)
    assert_allclose(theory.heterozygosity_with_sizes(1, 7 * i[:50] ** 2), kept)


def test_missed_probability():
    q = np.array([0, 0.01, 0.3, 1])
    assert_allclose(theory.missed_probability(q, 25), stats.binom.pmf(0, 25, q))
    assert_allclose(theory.missed_probability(0.0005, 1000), 0.6065, atol=5e-5)
    assert_allclose(theory.missed_probability(0.1, 100), 2.66e-5, atol=5e-8)


@pytest.mark.parametrize("n", [2, 5, 30])
def test_fixation_probability_is_where_the_chain_ends(n):
    assert_allclose(law(n, 0.3, 5000)[-1], theory.fixation_probability(0.3), rtol=1e-9)


@pytest.mark.parametrize("n", [2, 5, 30])
def test_fixation_time_is_the_sum_of_the_survival_curve(n):
    t = np.arange(1, 60 * n)
    expected = 1 + theory.uncollapsed_probability(t, 0.3, n).sum()  # t = 0 is uncollapsed
    assert_allclose(theory.fixation_time(0.3, n), expected, rtol=1e-9)


def test_fixation_time_as_quoted():
    exact = theory.fixation_time([0.1, 0.5, 0.01], 100)
    assert_allclose(exact, [63.45, 136.60, 10.54], atol=5e-3)
    diffusion = theory.fixation_time_diffusion([0.1, 0.5], 100)
    assert_allclose(diffusion, [65.02, 138.63], atol=5e-3)
    assert np.all(theory.fixation_time([0, 1], 10) == 0)
    assert theory.fixation_time(0.4, 1) == 1


def test_fixation_time_tends_to_the_diffusion():
    n = np.array([50, 200, 800])
    exact = [theory.fixation_time(0.5, size) for size in n]
    gaps = 1 - exact / theory.fixation_time_diffusion(0.5, n)
    assert np.all(gaps > 0)
    assert np.all(gaps[:-1] > 3 * gaps[1:])  # it closes as ln(N)/N


@pytest.mark.parametrize("n", [1, 3, 20])
def test_absent_probability_is_the_matrix_power(n):
    for t in (1, 2, 9):
        assert_allclose(theory.absent_probability(t, 0.3, n), law(n, 0.3, t)[0])


def test_absent_probability_as_quoted():
    blue = theory.absent_probability([1, 10, 20, 50, 100, 200, 400], 0.1, 100)
    assert_allclose(blue, [3e-5, 0.162, 0.374, 0.648, 0.786, 0.864, 0.895], atol=5e-4)
    assert_allclose(theory.absent_probability(100, 0.9, 100), 0.019, atol=5e-4)
    assert_allclose(blue[0], theory.missed_probability(0.1, 100))


@pytest.mark.parametrize(("n", "k"), [(4, 1), (5, 2), (3, 3)])
def test_absence_with_fresh_rows_by_enumeration(n, k):
    p, now = 0.3, dict(enumerate(stats.binom.pmf(np.arange(n + 1), n, 0.3)))
    for t in range(1, 6):
        assert_allclose(theory.absent_probability(t, p, n, k), now[0])
        share = np.array([now[j] for j in range(n + 1)])
        moment = share @ (np.arange(n + 1) / n - p) ** 2 / (p * (1 - p))
        assert_allclose(theory.fresh_inbreeding_fixed_share(n, k, t), moment)
        after = dict.fromkeys(range(n + 1), 0.0)
        for j, chance in now.items():
            for new in range(n - k + 1):
                for real in range(k + 1):
                    after[new + real] += (
                        chance * stats.binom.pmf(new, n - k, j / n) * stats.binom.pmf(real, k, p)
                    )
        now = after


def test_bernoulli_migration_matches_its_transition_matrix():
    for alpha, f, extinct in [(0.01, 0.3367, 0.42), (0.05, 0.0939, None), (0.1, 0.0505, 0.016)]:
        step = matrix(100, lambda x, alpha=alpha: (1 - alpha) * x + alpha * 0.1)
        now, share = stats.binom.pmf(np.arange(101), 100, 0.1), np.arange(101) / 100
        for t in range(1, 4):
            variance = now @ (share - 0.1) ** 2 / 0.09
            assert_allclose(theory.fresh_inbreeding(100, alpha, t), variance)
            now = now @ step
        now = now @ np.linalg.matrix_power(step, 4000)
        assert_allclose(now @ (share - 0.1) ** 2 / 0.09, theory.fresh_inbreeding(100, alpha))
        assert_allclose(theory.fresh_inbreeding(100, alpha), f, atol=5e-5)
        assert extinct is None or abs(now[0] - extinct) < 5e-3


def test_bounds_hold_the_exact_probability():
    for n in (2, 10, 100):
        for p in (0.01, 0.3, 0.5):
            t = np.array([1, 2, 10, 50])
            low, high = theory.uncollapsed_bounds(p, n, t)
            exact = theory.uncollapsed_probability(t, p, n)
            assert np.all(low <= exact * (1 + 1e-9)) and np.all(exact <= high * (1 + 1e-9))
    exact = theory.uncollapsed_probability(10, 0.01, 100)
    assert_allclose(exact, 0.1614, atol=5e-5)
    assert_allclose(theory.uncollapsed_bounds(0.01, 100, 10), [0.0358, 1.79], atol=1e-3)


def test_survival_exponents():
    g = theory.survival_exponents(100_000)
    quoted = [1, 0.63212, 0.31208, 0.17225, 0.03838, 0.01954]
    assert_allclose(g[[0, 1, 4, 9, 49, 99]], quoted, atol=5e-6)
    k = np.arange(1, g.size + 1)
    assert np.all(g >= 1 / k) and np.all(g <= 3 / k)
    assert abs(k[-1] * g[-1] - 2) < 1e-3


def test_survival_exponents_are_the_poisson_branching_law():
    # P(extinct by t) of one founder: t-fold iterate of the generating function exp(s - 1) at 0.
    extinct = [0.0]
    for _ in range(20):
        extinct.append(np.exp(extinct[-1] - 1))
    assert_allclose(theory.survival_probability(1, np.arange(1, 21)), 1 - np.array(extinct[1:]))


@pytest.mark.parametrize("count", [1, 5, 20])
def test_survival_tends_to_the_exact_matrix(count):
    t = np.array([1, 5, 20])
    gaps = [
        np.abs(
            theory.survival_probability(count, t) / (1 - theory.absent_probability(t, count / n, n))
            - 1
        ).max()
        for n in (200, 1600)
    ]
    assert gaps[1] < 0.01 and gaps[1] < gaps[0] / 4


def test_survival_as_quoted():
    quoted = theory.survival_probability([5, 20], [10, 100])
    assert_allclose(quoted, [0.5774, 0.3235], atol=5e-5)
    assert_allclose(theory.survival_probability(1, 10), 0.1582, atol=5e-5)
    assert theory.survival_probability(0, 3) == 0


def test_expected_survivors_adds_up_the_types():
    p = np.array([0.5, 0.3, 0.15, 0.05])
    by_hand = [sum(theory.survival_probability(40 * share, t) for share in p) for t in (1, 4)]
    assert_allclose(theory.expected_survivors(p, 40, [1, 4]), by_hand)
    assert theory.expected_survivors(p, 40, 1).shape == ()


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.heterozygosity(1, 0.5, 0),
        ValueError,
        "heterozygosity.n_samples must be at least 1; got 0.",
    ),
    (
        lambda: theory.heterozygosity([1, 2.5], 0.5, 5),
        ValueError,
        "heterozygosity.t must be a whole number; 1 of 2 are not (the first is 2.5).",
    ),
    (
        lambda: theory.heterozygosity(1, 1.5, 5),
        ValueError,
        "heterozygosity.h0 must be in [0, 1]; got 1.5.",
    ),
    (
        lambda: theory.heterozygosity(1, float("nan"), 5),
        ValueError,
        "heterozygosity.h0 must be in [0, 1]; got nan.",
    ),
    (
        lambda: theory.inbreeding("two", 5),
        TypeError,
        "inbreeding.t must be a number or an array of numbers; got 'two'.",
    ),
    (
        lambda: theory.heterozygosity_with_sizes(1, 5),
        ValueError,
        "heterozygosity_with_sizes.sizes must have 1 axis; got shape ().",
    ),
    (
        lambda: theory.missed_probability(-0.1, 5),
        ValueError,
        "missed_probability.q must be in [0, 1]; got -0.1.",
    ),
    (
        lambda: theory.fixation_time(0.5, 5000),
        ValueError,
        (
            "fixation_time.n_samples must be at most 2000, since it solves a matrix of that"
            " size; for more rows use fixation_time_diffusion or survival_probability; got "
            "n_samples = 5000."
        ),
    ),
    (
        lambda: theory.absent_probability(1, [0.5], 5),
        TypeError,
        "absent_probability.p must be a number; got [0.5].",
    ),
    (
        lambda: theory.absent_probability(1, 0.5, [5, 6]),
        TypeError,
        "absent_probability.n_samples must be a whole number; got [5, 6].",
    ),
    (
        lambda: theory.absent_probability(1, 0.5, 5, 6),
        ValueError,
        (
            "absent_probability.n_fresh_rows must be at most n_samples; got n_fresh_rows = "
            "6 with n_samples = 5."
        ),
    ),
    (
        lambda: theory.survival_probability(-1, 5),
        ValueError,
        "survival_probability.expected_count must be finite and at least 0; got -1.",
    ),
    (
        lambda: theory.expected_survivors([0.0, 0.0], 5, 1),
        ValueError,
        "the sum of expected_survivors.p must be finite and above 0; got 0.",
    ),
    (
        lambda: theory.expected_survivors(0.5, 5, 1),
        ValueError,
        "expected_survivors.p must have 1 axis; got shape ().",
    ),
)
