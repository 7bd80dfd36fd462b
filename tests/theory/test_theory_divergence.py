"""The Kullback-Leibler divergence of any regular family, to first order."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import special, stats
from sentences import refusals
from statcheck import stat_seeds

from collapse_lib import theory

seeds = pytest.mark.parametrize("seed", stat_seeds())


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


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.kl_replace(1, 10, 0),
        ValueError,
        "kl_replace.n_parameters must be at least 1; got 0.",
    ),
)
