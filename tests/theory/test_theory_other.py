"""Regression, divergence, temperature and photocopy against independent computations."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import ndimage, special, stats
from sentences import refusals

from collapse_lib import theory


def test_one_fit_is_the_mean_of_an_inverse_wishart():
    for d, rows in [(1, 3), (3, 9), (10, 111)]:
        expected = np.trace(np.atleast_2d(stats.invwishart(rows, np.eye(d)).mean()))
        assert_allclose(theory.regression_risk_replace(1, d, rows), expected)
        assert_allclose(theory.regression_risk_accumulate(1, d, rows, 3), 9 * expected)


def risk_given_inputs(inputs, accumulate):
    """E |w_t - w|^2 for unit noise given the inputs of every generation, (t, T, d), exactly.

    The fitted weights are linear in the noise: carry the matrix of coefficients.
    """
    t, rows, d = inputs.shape
    weights, stacked, labels, risks = np.zeros((d, 0)), [], [], []
    for g in range(t):
        noise = np.zeros((rows, t * rows))
        noise[:, g * rows : (g + 1) * rows] = np.eye(rows)
        before = inputs[g] @ weights if g else 0
        stacked, labels = [*stacked, inputs[g]], [*labels, before + noise]
        x, y = (np.vstack(a if accumulate else a[-1:]) for a in (stacked, labels))
        weights = np.linalg.lstsq(x, y)[0]
        risks.append((weights**2).sum())
    return np.array(risks)


def test_relabelling_the_same_inputs_is_exact():
    design = np.random.default_rng(1).standard_normal((7, 2))
    same = np.broadcast_to(design, (5, 7, 2))
    one_fit = np.trace(np.linalg.inv(design.T @ design))
    t = np.arange(1, 6)
    shape = theory.regression_risk_accumulate(t, 2, 7) / theory.regression_risk_accumulate(1, 2, 7)
    assert_allclose(risk_given_inputs(same, accumulate=True), one_fit * shape)
    shape = theory.regression_risk_replace(t, 2, 7) / theory.regression_risk_replace(1, 2, 7)
    assert_allclose(risk_given_inputs(same, accumulate=False), one_fit * shape)


def test_new_inputs_stay_below_the_accumulate_formula():
    rng = np.random.default_rng(2)
    risks = [risk_given_inputs(rng.standard_normal((4, 8, 2)), True) for _ in range(400)]
    assert np.all(np.mean(risks, axis=0)[1:] < theory.regression_risk_accumulate([2, 3, 4], 2, 8))


def test_regression_as_quoted():
    assert_allclose(theory.regression_risk_replace([10, 50], 10, 111), [1, 5])
    quoted = theory.regression_risk_accumulate([10, 50], 10, 111)
    assert_allclose(quoted, [0.155, 0.1625], atol=5e-5)
    assert_allclose(theory.regression_risk_accumulate(np.inf, 10, 111), np.pi**2 / 60)


def test_inverse_squares_in_the_regression_risk():
    t = np.arange(200)
    sums = np.concatenate([[0.0], np.cumsum(1 / t[1:] ** 2)])
    # the sum is a difference of numbers near pi^2/6
    assert_allclose(theory.regression_risk_accumulate(t, 1, 3), sums, atol=1e-15)


def test_kl_is_the_first_order_of_the_exact_binomial():
    n, p = 800, 0.3
    share = np.arange(n + 1) / n
    kl = special.rel_entr(share, p) + special.rel_entr(1 - share, 1 - p)  # KL(model, truth)
    law = stats.binom.pmf(np.arange(n + 1), n, p)
    step = np.array([stats.binom.pmf(np.arange(n + 1), n, x) for x in share])
    for t in range(1, 4):
        assert_allclose(law @ kl, theory.kl_replace(t, n, 1), rtol=0.01)
        assert abs(law @ kl / theory.kl_replace(t, n, 2) - 1) > 0.4
        law = law @ step


@pytest.mark.parametrize("t", [1, 4])
def test_kl_is_the_first_order_of_the_exact_gaussian(t):
    n = 10_000
    square = theory.mean_drift(t, n) + theory.variance_mean(t, n)
    exact = (square - 1 - theory.log_variance_mean(t, n)) / 2  # E KL(model, truth)
    assert_allclose(exact, theory.kl_replace(t, n, 2), rtol=1e-3)


def test_kl_as_quoted():
    unit = 9 / 4000  # k/(2N) for ten types, N = 2000
    assert_allclose(theory.kl_replace([1, 10], 2000, 9), [unit, 10 * unit])
    accumulated = theory.kl_accumulate([1, 2, 5, 10], 2000, 9) / unit
    assert_allclose(accumulated, [1, 1.25, 1.46, 1.55], atol=5e-3)
    assert_allclose(theory.kl_accumulate(np.inf, 2000, 9), np.pi**2 / 6 * unit)


def zipf(n_types):
    p = 1 / np.arange(1, n_types + 1)
    return p / p.sum()


def entropy(p):
    return special.entr(p).sum(axis=-1)


@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.4])
def test_closed_loop_is_repeated_tempering(temperature):
    p = np.array([0.5, 0.3, 0.0, 0.2])
    path = theory.closed_loop_probabilities(p, np.arange(5), temperature)
    now = p
    for t in range(5):
        assert_allclose(path[t], now)
        now = now ** (1 / temperature)
        now /= now.sum()
    assert np.all(path[:, 2] == 0)
    wrong = theory.closed_loop_probabilities(p, 3, temperature**2)
    assert temperature == 1 or np.abs(path[3] - wrong).max() > 0.01


def test_closed_loop_limits():
    p = [2.0, 2.0, 1.0, 0.0]
    cold = theory.closed_loop_probabilities(p, [5000, np.inf], 0.9)
    assert_allclose(cold, [[0.5, 0.5, 0, 0]] * 2)
    assert_allclose(theory.closed_loop_probabilities(p, np.inf, 1.1), [1 / 3, 1 / 3, 1 / 3, 0])
    assert_allclose(theory.closed_loop_probabilities(p, np.inf, 1), [0.4, 0.4, 0.2, 0])


def test_closed_loop_as_quoted():
    p = zipf(1000)
    assert_allclose(entropy(p), 5.191, atol=5e-4)
    cold = entropy(theory.closed_loop_probabilities(p, [10, 20], 0.9))
    assert_allclose(cold, [0.751, 0.024], atol=5e-4)
    hot = entropy(theory.closed_loop_probabilities(p, [10, 50], 1.1))
    assert_allclose(hot, [6.787, np.log(1000)], atol=5e-4)


def test_fixed_point_solves_its_equation():
    p = zipf(1000)
    for alpha, quoted in [(0.01, 0.14), (0.1, 1.30), (0.5, 4.61)]:
        fixed = theory.tempered_fixed_point(p, 0.9, alpha)
        tempered = theory.closed_loop_probabilities(fixed, 1, 0.9)
        assert_allclose(fixed, alpha * p + (1 - alpha) * tempered, atol=1e-12)
        assert_allclose(entropy(fixed), quoted, atol=5e-3)
    assert_allclose(theory.tempered_fixed_point(p, 0.9, 1), p)
    assert_allclose(theory.tempered_fixed_point(p, 1, 0.2), p)


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


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.regression_risk_replace(1, 10, 11),
        ValueError,
        "regression_risk_replace.n_samples must be at least n_features + 2, or the risk is "
        "infinite; got n_samples = 11 with n_features = 10.",
    ),
    (
        lambda: theory.kl_replace(1, 10, 0),
        ValueError,
        "kl_replace.n_parameters must be at least 1; got 0.",
    ),
    (
        lambda: theory.closed_loop_probabilities([1, -1], 1, 0.5),
        ValueError,
        "closed_loop_probabilities.p0 must be finite and at least 0; got -1.",
    ),
    (
        lambda: theory.closed_loop_probabilities([1], 1, 0),
        ValueError,
        "closed_loop_probabilities.temperature must be finite and above 0; got 0.",
    ),
    (
        lambda: theory.closed_loop_probabilities([1], 1, [0.5, 0.6]),
        TypeError,
        "closed_loop_probabilities.temperature must be a number; got [0.5, 0.6].",
    ),
    (
        lambda: theory.tempered_fixed_point([1, 2], 0.5, 0),
        ValueError,
        "tempered_fixed_point.real_fraction must be in (0, 1]; got 0.",
    ),
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
)
