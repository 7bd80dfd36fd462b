"""Inbreeding when rows are kept, against enumeration of every outcome for three rows."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sentences import refusals

from collapse_lib import theory

P = 0.3  # real share of the type that is counted
N = 3  # rows a generation


def draws(n, p):
    """(count, probability) of a binomial."""
    return [(j, stats.binom.pmf(j, n, p)) for j in range(n + 1)]


def thinned(hits, size, rows):
    """(count, probability) when `rows` of `size` are drawn without replacement."""
    if rows >= size:
        return [(hits, 1.0)]
    return [(j, stats.hypergeom.pmf(j, size, hits, rows)) for j in range(rows + 1)]


def moment(law, share, centre=P):
    """Variance of the fitted share about `centre` in units of centre (1 - centre)."""
    total = sum(chance * (share(state) - centre) ** 2 for state, chance in law.items())
    return total / (centre * (1 - centre))


def step(law, after):
    """One generation: after(state) gives (new state, probability) pairs."""
    new = {}
    for state, chance in law.items():
        for end, share in after(state):
            new[end] = new.get(end, 0.0) + chance * share
    return new


def pooled_by_enumeration(generations, m, budget):
    """F of the fitted share; the state is (hits in the pool, hits and rows trained on)."""
    law, size, found = {(j, j, N): chance for j, chance in draws(N, P)}, N, []
    for _ in range(generations):
        found.append(moment(law, lambda state: state[1] / state[2]))

        def after(state, size=size):
            hits, trained, rows = state
            for new, a in draws(N, trained / rows):
                for real, b in draws(m, P):
                    total, grown = hits + new + real, size + N + m
                    rows_next = min(budget, grown)
                    for kept, c in thinned(total, grown, rows_next):
                        yield (total, kept, rows_next), a * b * c

        law, size = step(law, after), size + N + m
    return found


@pytest.mark.parametrize("m", [0, 2])
@pytest.mark.parametrize("budget", [2, N, 5, np.inf])
def test_pooled_inbreeding_by_enumeration(m, budget):
    found = pooled_by_enumeration(4, m, budget)
    assert_allclose(theory.pooled_inbreeding(4, N, m, budget), found, rtol=1e-9)
    ignoring_fresh_rows = theory.pooled_inbreeding(4, N, 0, budget)
    assert m == 0 or np.abs(ignoring_fresh_rows - found).max() > 1e-3


@pytest.mark.parametrize(
    ("original", "k", "n"), [(N, N, N), (N, 1, 2), (5, 2, 3), (N, 0, N), (N, N, 0), (4, 2, 0)]
)
def test_reused_inbreeding_by_enumeration(original, k, n):
    for real_hits in range(1, original):  # given the real rows
        centre = real_hits / original
        law = {centre: 1.0}
        for t in range(1, 5):
            expected = theory.reused_inbreeding(original, k, n, t)
            assert_allclose(moment(law, lambda x: x, centre), expected, atol=1e-12)

            def after(share, real_hits=real_hits):
                for real, a in thinned(real_hits, original, k):
                    for new, b in draws(n, min(share, 1.0)):
                        yield (real + new) / (k + n), a * b

            law = step(law, after)


def test_reused_inbreeding_composes_to_the_truth():
    law = {}
    for hits, chance in draws(N, P):
        for new, share in draws(N, hits / N):
            state = (hits + new) / (2 * N)
            law[state] = law.get(state, 0.0) + chance * share
    from_real = theory.reused_inbreeding(N, N, N, 2)
    assert_allclose(theory.compose_inbreeding(1 / N, from_real), moment(law, lambda x: x))


def test_all_policies_meet_at_their_common_cases():
    t = np.arange(1, 9)
    replace = theory.inbreeding(t, 7)
    assert_allclose(theory.fresh_inbreeding(7, 0, t), replace)
    assert_allclose(theory.fresh_inbreeding_fixed_share(7, 0, t), replace)
    reused = theory.reused_inbreeding(7, 0, 7, t)
    assert_allclose(theory.compose_inbreeding(1 / 7, reused), replace)
    assert_allclose(theory.fresh_inbreeding(7, 1, t), 1 / 7)
    assert_allclose(theory.fresh_inbreeding_fixed_share(7, 7, t), 1 / 7)
    assert_allclose(theory.reused_inbreeding(7, 7, 0, t), 0, atol=1e-15)
    assert_allclose(1 - theory.accumulate_heterozygosity(t, 1, 7), theory.pooled_inbreeding(8, 7))


@pytest.mark.parametrize("n", [1, 2, 5, 100, 10**6])
def test_accumulate_product(n):
    i = np.arange(1, 5001)
    product = np.cumprod(1 - 1 / (n * i.astype(float) ** 2))
    assert_allclose(theory.accumulate_heterozygosity(i, 1, n), product, rtol=1e-11, atol=1e-15)
    assert_allclose(theory.accumulate_heterozygosity(np.inf, 1, n), theory.accumulate_limit(n))
    assert theory.accumulate_heterozygosity(0, 0.5, n) == 0.5
    wrong_by_one_generation = theory.accumulate_heterozygosity(i + 1, 1, n)
    assert n == 1 or np.abs(wrong_by_one_generation / product - 1).max() > 0.1 / n


def test_accumulate_as_quoted():
    assert_allclose(theory.accumulate_heterozygosity(200, 1, 10), 0.8439, atol=5e-5)
    assert_allclose(theory.accumulate_limit([10, 100]), [0.8434, 0.98363], atol=5e-5)
    n = 10.0 ** np.arange(2, 6)
    assert_allclose((1 - theory.accumulate_limit(n)) * n, np.pi**2 / 6, rtol=0.02)


def test_accumulate_freezes_extinction_at_generation_one():
    # once a type is in the pool its rows stay there: enumerate the pool's hits
    law, size = dict(draws(N, P)), N
    for _ in range(4):
        assert_allclose(law[0], theory.missed_probability(P, N))

        def after(hits, size=size):
            for new, chance in draws(N, hits / size):
                yield hits + new, chance

        law, size = step(law, after), size + N


def test_fresh_as_quoted():
    quoted = theory.fresh_inbreeding(100, [0.01, 0.05, 0.1])
    assert_allclose(quoted, [0.3367, 0.0939, 0.0505], atol=5e-5)
    assert_allclose(theory.fresh_inbreeding_fixed_share(10, 3), 0.1724, atol=5e-5)
    assert_allclose(theory.fresh_inbreeding(10, 0.3), 0.1789, atol=5e-5)
    assert_allclose(theory.reused_inbreeding(100, 100, 100), 0.00332, atol=5e-6)
    alpha, n = 0.3, 10  # the formula as it stands in the docstring
    assert_allclose(
        theory.fresh_inbreeding_fixed_share(n, 3), 1 / (n + (1 - alpha) - n * (1 - alpha) ** 2)
    )


def test_fresh_keeps_its_digits_at_web_scale():
    one_migrant = theory.fresh_inbreeding_fixed_share(1e12, 1)
    assert_allclose(one_migrant, 1 / 3, rtol=1e-9)
    assert_allclose(theory.fresh_inbreeding(1e12, 1e-12), 1 / 3, rtol=1e-9)


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.fresh_inbreeding(10, 1.5),
        "fresh_inbreeding.real_fraction must be in [0, 1]; got 1.5.",
    ),
    (
        lambda: theory.fresh_inbreeding_fixed_share(10, 11),
        (
            "fresh_inbreeding_fixed_share.n_fresh_rows must be at most n_samples; got "
            "n_fresh_rows = 11 with n_samples = 10."
        ),
    ),
    (
        lambda: theory.fresh_inbreeding(10, 0.5, 0),
        "fresh_inbreeding.t must be at least 1; got 0.",
    ),
    (
        lambda: theory.reused_inbreeding(5, 6, 1),
        (
            "reused_inbreeding.n_real must be at most n_original; got n_real = 6 with "
            "n_original = 5."
        ),
    ),
    (
        lambda: theory.reused_inbreeding(5, 0, 0),
        "reused_inbreeding.n_real + n_synthetic must be at least 1; got 0.",
    ),
    (
        lambda: theory.compose_inbreeding(0.5, 2),
        "compose_inbreeding.shares must be in [0, 1]; got 2.",
    ),
    (
        lambda: theory.pooled_inbreeding(3, 5, -1),
        "pooled_inbreeding.n_fresh must be at least 0; got -1.",
    ),
    (
        lambda: theory.accumulate_limit(0.5),
        "accumulate_limit.n_samples must be a whole number; got 0.5.",
    ),
)
