"""Closed forms against the exact engine and against run_loop on rows, policy by policy.

Each case names a policy and what theory says of it; the negative controls are the same formula
counted from the generation before, the formula of another policy and, where fresh rows matter, the
one without them.
"""

from functools import partial

import numpy as np
import pytest
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory
from collapse_lib.exact import categorical_chain, gaussian_chain
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    MixReal,
    Replace,
)
from collapse_lib.sources import Categories, GaussianSource

P = np.array([0.5, 0.3, 0.2])
H0 = 1 - (P**2).sum()
T = 10
REPLICATES, RUNS = 10_000, 250  # of the exact engine, on rows of categories
SHORT = 3  # generations in which the mean variance under Replace is not carried by rare paths

seeds = pytest.mark.parametrize("seed", stat_seeds())


def replace(n, n_fresh=0, ddof=0, sampling_bias=1.0, length=T):
    t = np.arange(1, length + 1)
    return theory.Moments(
        theory.variance_mean(t, n, ddof, sampling_bias),
        theory.mean_drift(t, n, ddof, sampling_bias),
    )


def pooled(n, n_fresh=0, budget=np.inf, length=T, **options):
    return theory.pooled_moments(length, n, n_fresh, budget, **options)


def mixed(n, n_fresh=0, k=2, length=T, **options):
    return theory.reused_moments(length, n, k, n - k, **options)


def anchored(n, n_fresh=0, length=T, **options):
    return theory.reused_moments(length, n, n, n, **options)


def fresh(n, n_fresh=0, k=2, length=T, **options):
    return theory.fresh_moments(length, k, n - k, **options)


def thinned(n, n_fresh=0, **options):
    return pooled(n, n_fresh, budget=n, **options)


CASES = {  # policy, n_samples, n_fresh, Gaussian moments
    "replace-5": (Replace(), 5, 0, replace),
    "replace-20": (Replace(), 20, 0, replace),
    "replace-5-fresh": (Replace(), 5, 3, replace),  # ignores the fresh rows
    "accumulate-5": (Accumulate(), 5, 0, pooled),
    "accumulate-20": (Accumulate(), 20, 0, pooled),
    "accumulate-5-fresh": (Accumulate(), 5, 8, pooled),
    "subsample-5": (AccumulateSubsample(), 5, 0, thinned),
    "subsample-5-fresh": (AccumulateSubsample(), 5, 8, thinned),
    "subsample-5-budget": (AccumulateSubsample(budget=8), 5, 8, partial(pooled, budget=8)),
    "mix-5": (MixReal(0.4), 5, 0, mixed),
    "mix-20-fresh": (MixReal(0.1), 20, 7, mixed),
    "anchored-5": (Anchored(), 5, 0, anchored),
    "anchored-5-fresh": (Anchored(), 5, 8, anchored),
    "fresh-5": (FreshReal(0.4), 5, 0, fresh),
    "fresh-20-fresh": (FreshReal(0.1), 20, 7, fresh),
}
ON_ROWS = {"mix", "subsample"}  # they use single rows again: no exact form for the Gaussian
cases = pytest.mark.parametrize("case", CASES)


def wrong_moments(case, **options):
    """What theory says of something else: another policy and, for fresh rows, none."""
    policy, n, n_fresh, moments = CASES[case]
    other = pooled if isinstance(policy, Replace) else replace
    wrong = [other(n, 0, **options)]
    if n_fresh and isinstance(policy, Accumulate | AccumulateSubsample):
        wrong.append(moments(n, 0, **options))
    return wrong


def inbreeding_of(case):
    """F of the discrete loop: from the functions of `kept` where they exist."""
    policy, n, n_fresh, _ = CASES[case]
    t = np.arange(1, T + 1)
    match policy:
        case Replace():
            return theory.inbreeding(t, n)
        case Accumulate():
            return theory.pooled_inbreeding(T, n, n_fresh)
        case AccumulateSubsample(budget=budget):
            return theory.pooled_inbreeding(T, n, n_fresh, budget or n)
        case FreshReal():
            return theory.fresh_inbreeding_fixed_share(n, 2, t)
        case Anchored():
            return theory.compose_inbreeding(1 / n, theory.reused_inbreeding(n, n, n, t))
        case MixReal():
            return theory.compose_inbreeding(1 / n, theory.reused_inbreeding(n, 2, n - 2, t))


def heterozygosity(probabilities):
    return 1 - (probabilities**2).sum(axis=-1)


def check_categorical(case, probabilities):
    found = heterozygosity(probabilities)  # (replicates, T)
    right = H0 * (1 - inbreeding_of(case))
    assert_agrees(found, right)
    for wrong in wrong_moments(case):
        assert_rejects(found, H0 * wrong.variance)
    assert_rejects(found, np.concatenate([[H0], right[:-1]]))


@cases
@seeds
def test_categorical_on_the_exact_engine(case, seed):
    policy, n, n_fresh, _ = CASES[case]
    paths = categorical_chain(
        policy, P, n_samples=n, n_generations=T, n_replicates=REPLICATES, seed=seed,
        n_fresh=n_fresh,
    )  # fmt: skip
    check_categorical(case, paths.probabilities)


@cases
@seeds
def test_categorical_on_rows(on_rows, case, seed):
    policy, n, n_fresh, _ = CASES[case]
    found = on_rows(
        Categorical(3), Categories(P), policy, "probabilities_",
        n_samples=n, n_fresh=n_fresh, n_generations=T, n_runs=RUNS, seed=seed,
    )  # fmt: skip
    check_categorical(case, found)


def check_gaussian(case, mean, variance, **options):
    policy, n, n_fresh, moments = CASES[case]
    length = variance.shape[1]
    right = moments(n, n_fresh, length=length, **options)
    early = slice(SHORT if isinstance(policy, Replace) else length)
    assert_agrees(variance[:, early], right.variance[early])
    assert_agrees(mean[:, early] ** 2, right.mean_drift[early])
    for wrong in wrong_moments(case, length=length, **options):
        assert_rejects(variance, wrong.variance)
    if n == 5:  # with more rows the two estimates are hard to tell apart
        options["ddof"] = 1 - options["ddof"]
        other_estimate = moments(n, n_fresh, length=length, **options)
        assert_rejects(variance[:, early], other_estimate.variance[early])


@pytest.mark.parametrize("case", [case for case in CASES if case.split("-")[0] not in ON_ROWS])
@pytest.mark.parametrize("ddof", [0, 1])
@seeds
def test_gaussian_on_the_exact_engine(case, ddof, seed):
    policy, n, n_fresh, moments = CASES[case]
    paths = gaussian_chain(
        policy, n_samples=n, n_generations=T, n_replicates=REPLICATES, seed=seed, ddof=ddof,
        n_fresh=n_fresh, sampling_bias=0.8,
    )  # fmt: skip
    check_gaussian(case, paths.mean, paths.variance, ddof=ddof, sampling_bias=0.8)
    unbiased = moments(n, n_fresh, ddof=ddof)
    assert_rejects(paths.variance[:, :SHORT], unbiased.variance[:SHORT])


FEW_ROWS = [case for case, (_, n, *_) in CASES.items() if n == 5]
BIASED = ["replace-5", "accumulate-5-fresh", "subsample-5", "mix-5", "fresh-5"]


@pytest.mark.parametrize(
    ("case", "ddof", "sampling_bias"),
    [(case, 0, 1.0) for case in FEW_ROWS] + [(case, 1, 0.6) for case in BIASED],
)
@seeds
def test_gaussian_on_rows(on_rows, case, ddof, sampling_bias, seed):
    policy, n, n_fresh, _ = CASES[case]
    mean, variance = on_rows(
        Gaussian(ddof, sampling_bias), GaussianSource(), policy, "mean_", "variance_",
        n_samples=n, n_fresh=n_fresh, n_generations=4, n_runs=800, seed=seed,
    )  # fmt: skip
    check_gaussian(case, mean, variance, ddof=ddof, sampling_bias=sampling_bias)
