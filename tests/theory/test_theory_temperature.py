"""Temperature without noise: repeated tempering and its fixed points."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special
from sentences import refusals
from statcheck import stat_seeds

from collapse_lib import theory

seeds = pytest.mark.parametrize("seed", stat_seeds())


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


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.closed_loop_probabilities([1, -1], 1, 0.5),
        ValueError,
        (
            "closed_loop_probabilities.p0 must be finite and at least 0; 1 of 2 are not (the "
            "first is -1)."
        ),
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
)
