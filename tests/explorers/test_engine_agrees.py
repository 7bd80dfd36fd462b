"""The engine in the page, Python's exact engine, the loop on rows and theory: one law.

Every comparison is a function of an engine, so that the same function can be shown an engine with
one fault put in by hand, which it must reject.
"""

import numpy as np
import pytest
from engine_page import POLICIES, SHARE, faulty
from policy_theory import inbreeding, moments
from statcheck import assert_agrees, assert_same_law, stat_seeds

from collapse_lib import exact, run_loop
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.sources import GaussianSource

P = np.array([0.5, 0.3, 0.15, 0.05])
COUNTS = [50, 30, 15, 5]
SIZES = [5, 20, 100, 10**6, 10**12]
T, REPLICATES = 6, 4000
MOST_THINNED_BY_NUMPY = 10**9
MIXED = ("mix", "subsample")  # they use single rows again


def gap(shares, n):
    """Shares about the real ones in standard deviations of a first fit, so that they can be
    compared at every n."""
    return (shares - P) * np.sqrt(n)


def settings_of_urn(policy, n, n_fresh, seed, **changes):
    return {
        "family": "urn", "counts": COUNTS, "policy": policy, "real_fraction": SHARE, "n_samples": n,
        "n_fresh": n_fresh, "n_generations": T, "n_replicates": REPLICATES, "seed": seed,
    } | changes  # fmt: skip


def urn_agrees_with_python(engine, policy, n, n_fresh, temperature, seed):
    ours = engine.paths(**settings_of_urn(policy, n, n_fresh, seed, temperature=temperature))
    peer = exact.categorical_chain(
        POLICIES[policy], P, n_samples=n, n_fresh=n_fresh, n_generations=T,
        n_replicates=REPLICATES, seed=seed, temperature=temperature,
    ).probabilities  # fmt: skip
    assert np.allclose(ours.sum(axis=2), 1, rtol=0, atol=1e-12)
    assert_same_law(gap(ours, n)[:, :, 1:], gap(peer, n)[:, :, 1:])
    if n <= 100:
        assert_same_law((ours == 0).mean(axis=2), (peer == 0).mean(axis=2))


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.5])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("policy", POLICIES)
def test_the_urn_has_the_law_of_pythons_exact_engine(engine, policy, n, temperature, seed):
    if policy in MIXED and T * n > MOST_THINNED_BY_NUMPY:
        n = 10**8
    urn_agrees_with_python(engine, policy, n, 0, temperature, seed)


@pytest.mark.parametrize("n", [5, 20, 10**6])
@pytest.mark.parametrize("policy", ["replace", "accumulate", "subsample"])
def test_the_urn_with_new_real_rows_published_beside_the_samples(engine, policy, n):
    urn_agrees_with_python(engine, policy, n, 3 * n // 5, 1.0, seed=1)


def urn_agrees_with_theory(engine, policy, n, n_fresh, seed):
    ours = engine.paths(**settings_of_urn(policy, n, n_fresh, seed))
    loss = inbreeding(policy, n, n_fresh, T)[:, None]
    assert_agrees(gap(ours, n), 0)  # a martingale in every policy
    assert_agrees(gap(ours, n) ** 2, n * loss * P * (1 - P))


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("policy", POLICIES)
def test_the_urn_has_the_moments_of_theory(engine, policy, n, seed):
    urn_agrees_with_theory(engine, policy, n, 0, seed)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("policy", ["accumulate", "subsample"])
def test_the_urn_with_new_rows_has_the_moments_of_theory(engine, policy, n):
    urn_agrees_with_theory(engine, policy, n, n, seed=2)


def settings_of_gaussian(policy, n, n_fresh, bias, ddof, seed):
    return {
        "family": "gaussian", "policy": policy, "real_fraction": SHARE, "n_samples": n,
        "n_fresh": n_fresh, "sampling_bias": bias, "ddof": ddof, "n_generations": T,
        "n_replicates": REPLICATES, "seed": seed,
    }  # fmt: skip


def gaussian_agrees_with_python(engine, policy, n, n_fresh, bias, ddof, seed):
    mean, variance = engine.paths(**settings_of_gaussian(policy, n, n_fresh, bias, ddof, seed))
    peer = exact.gaussian_chain(
        POLICIES[policy], n_samples=n, n_fresh=n_fresh, n_generations=T, n_replicates=REPLICATES,
        seed=seed, ddof=ddof, sampling_bias=bias,
    )  # fmt: skip
    middle = np.log(peer.variance.mean(axis=0))
    ours, theirs = ((np.log(v) - middle) * np.sqrt(n) for v in (variance, peer.variance))
    assert_same_law(ours, theirs)
    assert_same_law(mean * np.sqrt(n), peer.mean * np.sqrt(n))


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [0.6, 1.0])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("policy", ["replace", "accumulate", "fresh", "anchored"])
def test_the_gaussian_has_the_law_of_pythons_exact_engine(engine, policy, n, bias, ddof, seed):
    gaussian_agrees_with_python(engine, policy, n, 0, bias, ddof, seed)


@pytest.mark.parametrize("n", [2, 5, 20, 10**6])
@pytest.mark.parametrize("policy", ["replace", "accumulate"])
def test_the_gaussian_with_new_real_rows_published_beside_the_samples(engine, policy, n):
    gaussian_agrees_with_python(engine, policy, n, max(3 * n // 5, 1), 0.8, 0, seed=1)


def gaussian_agrees_with_theory(engine, policy, n, bias, ddof, seed, n_fresh=0):
    mean, variance = engine.paths(**settings_of_gaussian(policy, n, n_fresh, bias, ddof, seed))
    expected = moments(policy, n, n_fresh, T, ddof=ddof, bias=bias)
    assert_agrees(mean * np.sqrt(n), 0)
    assert_agrees(mean**2 * n, expected.mean_drift * n)
    assert_agrees(variance, expected.variance)


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [0.6, 1.0])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("policy", POLICIES)
def test_the_gaussian_has_the_moments_of_theory(engine, policy, n, bias, ddof, seed):
    if policy in MIXED:
        n = min(n, 100)
    gaussian_agrees_with_theory(engine, policy, n, bias, ddof, seed)


@pytest.mark.parametrize("policy", ["accumulate", "subsample"])
def test_the_gaussian_with_new_rows_has_the_moments_of_theory(engine, policy):
    gaussian_agrees_with_theory(engine, policy, 20, 0.8, 0, seed=2, n_fresh=12)


def gaussian_agrees_with_rows(engine, policy, n, n_fresh):
    mean, variance = engine.paths(**settings_of_gaussian(policy, n, n_fresh, 0.8, 0, seed=1))
    runs = [
        run_loop(
            Gaussian(sampling_bias=0.8), GaussianSource(), POLICIES[policy], n_samples=n,
            n_fresh=n_fresh, n_generations=T, seed=seed, n_reference=1, keep="last",
            metrics={"mean": lambda g: g.model.mean_, "variance": lambda g: g.model.variance_},
        )
        for seed in range(200)
    ]  # fmt: skip
    assert_same_law(mean, [run.column("mean") for run in runs])
    assert_same_law(np.log(variance), np.log([run.column("variance") for run in runs]))


@pytest.mark.parametrize("n_fresh", [0, 3])
@pytest.mark.parametrize("n", [5, 20])
@pytest.mark.parametrize("policy", MIXED)
def test_where_single_rows_are_used_again_the_law_is_that_of_the_loop_on_rows(
    engine, policy, n, n_fresh
):
    gaussian_agrees_with_rows(engine, policy, n, n_fresh)


URN = urn_agrees_with_python
NORMAL = gaussian_agrees_with_python
NORMAL_THEORY = gaussian_agrees_with_theory
FAULTS = [
    # text, what a slip of the hand would make of it, what must notice
    ("/ temperature);", "* temperature);", (URN, "replace", 20, 0, 0.7, 1)),
    ("size = 2 * n;", "size = 2 * n; train.set(first);", (URN, "anchored", 20, 0, 1.0, 1)),
    ("poolSize += n + n_fresh", "poolSize += n - n_fresh", (URN, "accumulate", 20, 3, 1.0, 1)),
    ("rows.mean += share * gap", "rows.mean -= share * gap", (NORMAL, "fresh", 20, 0, 1.0, 0, 1)),
    ("squares + share", "squares - share", (NORMAL, "accumulate", 20, 0, 1.0, 0, 1)),
    ("(size - 1) / 2)", "(size + 1) / 2)", (NORMAL, "replace", 20, 0, 1.0, 0, 1)),
    ("const newest = sampling_bias * variance", "const newest = variance",
     (NORMAL, "fresh", 100, 0, 0.6, 0, 1)),
    ("mean + Math.sqrt(variance / size)", "-mean + Math.sqrt(variance / size)",
     (NORMAL_THEORY, "anchored", 20, 1.0, 0, 1)),
    ("joinDrawn(stream, train, n - k, mean[t - 1]", "joinDrawn(stream, train, n - k, -mean[t - 1]",
     (NORMAL_THEORY, "mix", 20, 1.0, 0, 1)),
    ("mean[t - 1] + std *", "mean[t - 1] - mean[t - 1] + std *",
     (NORMAL_THEORY, "subsample", 20, 1.0, 0, 1)),
    ("drawUniform(stream) * (size - i)", "drawUniform(stream) * (k - i)",
     (gaussian_agrees_with_rows, "subsample", 20, 3)),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "notices"), FAULTS)
def test_a_fault_put_in_by_hand_is_noticed(browser, source, right, wrong, notices):
    compare, *case = notices
    with faulty(browser, source, right, wrong) as engine, pytest.raises(AssertionError):
        compare(engine, *case)
