"""The exact engine: the same law as the loop on rows, at any n."""

import numpy as np
import pytest
from statcheck import assert_agrees, assert_same_law

from collapse_lib import Dataset, exact, run_loop
from collapse_lib.metrics import heterozygosity
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    MixReal,
    Replace,
    Resampled,
)
from collapse_lib.sources import Categories, GaussianSource

P = np.array([0.5, 0.3, 0.15, 0.05])
CATEGORICAL = [
    Replace(),
    Accumulate(),
    AccumulateSubsample(),
    AccumulateSubsample(budget=8),
    MixReal(0.4),
    FreshReal(0.4),
    Anchored(),
    Resampled(Replace()),
]
GAUSSIAN = [Replace(), Accumulate(), FreshReal(0.4), Anchored()]
SIZES = [5, 20]
N_GENERATIONS, ON_ROWS, EXACT = 6, 200, 4000


def on_rows(model, source, policy, n, n_fresh, value):
    """(replicates, generations) of a value of the fitted model, from run_loop."""
    return np.array(
        [
            run_loop(
                model,
                source,
                policy,
                n_samples=n,
                n_fresh=n_fresh,
                n_generations=N_GENERATIONS,
                seed=seed,
                n_reference=1,
                metrics={"value": lambda g: value(g.model)},
                keep="last",
            ).column("value")
            for seed in range(ON_ROWS)
        ]
    )


@pytest.mark.parametrize("n_fresh", [0, 3])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("policy", CATEGORICAL, ids=repr)
def test_categorical_law_is_that_of_rows(policy, n, n_fresh):
    paths = exact.categorical_chain(
        policy, P, n_samples=n, n_fresh=n_fresh, n_generations=N_GENERATIONS,
        n_replicates=EXACT, seed=1,
    )  # fmt: skip
    rows = on_rows(
        Categorical(n_categories=4), Categories(P), policy, n, n_fresh,
        lambda model: heterozygosity(model.probabilities_),
    )  # fmt: skip
    assert_same_law(heterozygosity(paths.probabilities), rows)
    assert_agrees(paths.probabilities[:, :, 3], P[3])  # a martingale in every policy


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("n_fresh", [0, 3])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("policy", GAUSSIAN, ids=repr)
def test_gaussian_law_is_that_of_rows(policy, n, n_fresh, ddof):
    settings = {"mean": 2.0, "std": 3.0, "ddof": ddof, "sampling_bias": 0.8}
    paths = exact.gaussian_chain(
        policy, n_samples=n, n_fresh=n_fresh, n_generations=N_GENERATIONS,
        n_replicates=EXACT, seed=1, **settings,
    )  # fmt: skip
    model, source = Gaussian(ddof=ddof, sampling_bias=0.8), GaussianSource(2.0, 3.0)
    variances = on_rows(model, source, policy, n, n_fresh, lambda m: np.log(m.variance_))
    assert_same_law(np.log(paths.variance), variances)
    means = on_rows(model, source, policy, n, n_fresh, lambda m: (m.mean_ - 2.0) ** 2)
    assert_same_law((paths.mean - 2.0) ** 2, means)


def test_the_comparison_above_can_fail():
    arguments = {"n_samples": 20, "n_generations": N_GENERATIONS, "n_replicates": EXACT, "seed": 1}
    right = exact.gaussian_chain(Replace(), ddof=1, **arguments)
    wrong = exact.gaussian_chain(Replace(), ddof=0, **arguments)
    with pytest.raises(AssertionError):
        assert_same_law(np.log(right.variance), np.log(wrong.variance[:ON_ROWS]))
    right = exact.categorical_chain(FreshReal(0.4), P, **arguments)
    wrong = exact.categorical_chain(Replace(), P, **arguments)
    with pytest.raises(AssertionError):
        assert_same_law(
            heterozygosity(right.probabilities), heterozygosity(wrong.probabilities[:ON_ROWS])
        )


@pytest.mark.parametrize("temperature", [0.7, 1.0, 1.5])
def test_temperature_acts_as_on_rows(temperature):
    paths = exact.categorical_chain(
        Replace(), P, n_samples=20, n_generations=N_GENERATIONS, n_replicates=EXACT, seed=1,
        temperature=temperature,
    )  # fmt: skip
    rows = on_rows(
        Categorical(4, temperature), Categories(P), Replace(), 20, 0,
        lambda model: heterozygosity(model.probabilities_),
    )  # fmt: skip
    assert_same_law(heterozygosity(paths.probabilities), rows)


@pytest.mark.parametrize("policy", CATEGORICAL[:-1], ids=repr)
def test_dead_categories_stay_dead_without_new_real_rows(policy):
    p = np.array([0.0, 0.96, 0.02, 0.02])
    paths = exact.categorical_chain(
        policy, p, n_samples=30, n_generations=40, n_replicates=200, seed=2
    ).probabilities
    assert np.allclose(paths.sum(axis=2), 1)
    assert (paths[:, :, 0] == 0).all()
    alive = paths > 0
    revived = (~alive[:, :-1] & alive[:, 1:]).any()
    draws_old_or_new_rows_again = (MixReal, FreshReal, AccumulateSubsample)
    assert revived == isinstance(policy, draws_old_or_new_rows_again)


def test_dead_categories_stay_dead_at_internet_scale():
    """NumPy's multinomial hands what rounding leaves to the last category, dead or alive."""
    types, n = 200_000, 10**12
    p = 1 / np.arange(1, types + 1.0)
    p[-1000:] = 0
    p /= p.sum()
    chain = exact.categorical_generations(Replace(), p, n_samples=n, n_replicates=1, seed=3)
    for _ in range(5):
        fitted = next(chain)[0]
        assert (fitted[-1000:] == 0).all()
        assert fitted.sum() == pytest.approx(1, abs=1e-12)
        rare = slice(150_000, types - 1000)
        z = (fitted[rare].sum() - p[rare].sum()) / np.sqrt(p[rare].sum() / n)
        assert abs(z) < 4 * np.sqrt(5)


def test_a_million_million_rows_cost_a_single_draw():
    paths = exact.gaussian_chain(
        Accumulate(), n_samples=10**12, n_generations=50, n_replicates=100, seed=1, n_fresh=10**11
    )
    assert_agrees((paths.variance - 1) * 1e6, 0)
    assert 0 < paths.variance.std() < 1e-5


@pytest.mark.parametrize("policy", [Replace(), Accumulate(), FreshReal(0.5)], ids=repr)
def test_a_longer_chain_keeps_its_prefix(policy):
    def chain(length):
        return exact.gaussian_chain(
            policy, n_samples=9, n_generations=length, n_replicates=4, seed=5, n_fresh=2
        )

    assert np.array_equal(chain(3).variance, chain(8).variance[:, :3])


def test_shapes_and_growing_sizes():
    gaussian = exact.gaussian_chain(
        Replace(), n_samples=lambda t: 10 * t, n_generations=4, n_replicates=3, seed=1
    )
    assert gaussian.mean.shape == gaussian.variance.shape == (3, 4)
    categorical = exact.categorical_chain(
        Replace(), P, n_samples=lambda t: 10 * t, n_generations=4, n_replicates=3, seed=1
    )
    assert categorical.probabilities.shape == (3, 4, 4)
    counts = categorical.probabilities * np.array([10, 10, 20, 30])[:, None]
    assert np.allclose(counts, counts.round())


def test_the_real_probabilities_that_were_given_stay_as_they_were():
    p = np.array([0.9, 0.1])
    exact.categorical_chain(Replace(), p, n_samples=9, n_generations=9, n_replicates=2, seed=1)
    assert p.tolist() == [0.9, 0.1]


def test_a_policy_of_ones_own_made_of_the_same_verbs_runs_here_too():
    def newest_and_first(history, source, rng):
        newest = history[-1].of_origin(len(history) - 1)
        return type(newest).concat([history[0], newest, type(newest).from_generation(
            source(2, rng), 0)])  # fmt: skip

    paths = exact.categorical_chain(
        newest_and_first, P, n_samples=20, n_generations=N_GENERATIONS, n_replicates=EXACT, seed=1
    )
    rows = on_rows(
        Categorical(4), Categories(P), newest_and_first, 20, 0,
        lambda model: heterozygosity(model.probabilities_),
    )  # fmt: skip
    assert_same_law(heterozygosity(paths.probabilities), rows)


NO_FORM = (
    "This policy re-uses single rows, and the mean and variance of normal rows do not tell how a "
    "part of them would look: no exact form exists. Run it on rows: "
    "run_loop(Gaussian(), GaussianSource(), policy, ...)."
)


def gaussian(policy=Replace(), **changes):
    settings = {"n_samples": 10, "n_generations": 3, "n_replicates": 2, "seed": 1} | changes
    return exact.gaussian_chain(policy, **settings)


def categorical(policy=Replace(), p=(0.9, 0.1), **changes):
    settings = {"n_samples": 10, "n_generations": 3, "n_replicates": 2, "seed": 1} | changes
    return exact.categorical_chain(policy, p, **settings)


FAULTS = [
    (lambda: gaussian(MixReal(0.5)), ValueError, NO_FORM),
    (lambda: gaussian(AccumulateSubsample()), ValueError, NO_FORM),
    (
        lambda: categorical(MixReal(0.5), n_samples=10**9),
        ValueError,
        "Thinning 1000000000 rows needs a hypergeometric draw, and NumPy's stops at 10^9; use a "
        "smaller n_samples, or a policy that thins nothing twice, such as FreshReal or Accumulate.",
    ),
    (
        lambda: categorical(n_samples=2**53 + 1),
        ValueError,
        f"n_samples must be at most {2**53}; got {2**53 + 1}.",
    ),
    (
        lambda: categorical(Accumulate(), n_samples=2**52),
        ValueError,
        f"The number of rows to train on must be at most {2**53}; got {3 * 2**52}.",
    ),
    (
        lambda: gaussian(n_samples=2**63),
        ValueError,
        f"n_samples must be at most {2**63 - 1}; got {2**63}.",
    ),
    (
        lambda: gaussian(Accumulate(), n_samples=2**62),
        ValueError,
        "The pool has grown to 9.22e+18 rows, more than a 64-bit count holds; lower n_samples or "
        "n_generations.",
    ),
    (
        lambda: gaussian(ddof=1, n_samples=1),
        ValueError,
        "ddof = 1 needs at least 2 rows; got 1.",
    ),
    (lambda: gaussian(ddof=2), ValueError, "ddof must be one of 0, 1; got 2."),
    (lambda: gaussian(std="1"), TypeError, "std must be a number; got '1'."),
    (
        lambda: exact.categorical_chain(
            Replace(), ["a"], n_samples=3, n_generations=2, n_replicates=2, seed=1
        ),
        TypeError,
        "p must be a number or an array of numbers; got ['a'].",
    ),
    (lambda: gaussian(std=-1), ValueError, "std must be in [0, 1e+100]; got -1."),
    (lambda: gaussian(mean=np.nan), ValueError, "mean must be in [-1e+100, 1e+100]; got nan."),
    (
        lambda: gaussian(sampling_bias=np.inf),
        ValueError,
        "sampling_bias must be in [0, 1e+100]; got inf.",
    ),
    (lambda: gaussian(n_replicates=0), ValueError, "n_replicates must be at least 1; got 0."),
    (
        lambda: gaussian("Replace"),
        TypeError,
        "policy must be callable as policy(history, source, rng); got 'Replace'. Give an object "
        "such as Replace().",
    ),
    (
        lambda: categorical(p=(0.9, 0.2)),
        ValueError,
        "p must sum to 1; got 1.1. Divide counts by their sum.",
    ),
    (
        lambda: categorical(p=(1.1, -0.1)),
        ValueError,
        "p must be finite and at least 0; 1 of 2 are not (the first is -0.1).",
    ),
    (
        lambda: categorical(p=((1.0,),)),
        ValueError,
        "p must have 1 axis; got shape (1, 1).",
    ),
    (
        lambda: categorical(temperature=0),
        ValueError,
        "temperature must be finite and above 0; got 0.",
    ),
    (
        lambda: gaussian(lambda history, source, rng: Dataset.concat([history[0].rows])),
        AttributeError,
        "The exact engine holds no single rows, so a policy cannot ask for `rows` there; run it "
        "on rows with run_loop.",
    ),
    (
        lambda: gaussian(lambda history, source, rng: history[-2], n_generations=4),
        TypeError,
        "The exact engine keeps the first generation, the newest and the pool, so a policy cannot "
        "ask for history[-2] there; run it on rows with run_loop.",
    ),
]


@pytest.mark.parametrize(("broken", "kind", "sentence"), FAULTS)
def test_faults_are_told_in_one_sentence(broken, kind, sentence):
    with pytest.raises(kind) as error:
        broken()
    assert str(error.value) == sentence


def test_a_part_of_a_sample_can_be_used_once_and_not_twice():
    def twice(history, source, rng):
        newest = history[-1].of_origin(len(history) - 1)
        return type(newest).concat([newest.subsample(3, rng), newest.subsample(3, rng)])

    with pytest.raises(ValueError) as error:
        gaussian(twice)
    assert str(error.value) == (
        "This policy uses single rows of one sample more than once, so sums are not enough; run "
        "it on rows with run_loop."
    )


def test_a_pool_does_not_tell_origins_and_says_so():
    def real_of_the_pool(history, source, rng):
        return history.pool().of_origin(0)

    with pytest.raises(ValueError) as error:
        categorical(real_of_the_pool, n_fresh=5)
    assert str(error.value) == (
        "The exact engine keeps a pool as sums, which no longer tell which generation a row came "
        "from; run this policy on rows with run_loop."
    )


def test_fresh_rows_are_those_of_their_own_generation():
    """n_fresh as a function: new rows published at t = 1 alone stay in the pool for ever."""
    paths = exact.categorical_chain(
        Accumulate(), P, n_samples=5, n_fresh=lambda t: 10**6 if t == 1 else 0,
        n_generations=3, n_replicates=50, seed=1,
    )  # fmt: skip
    assert np.abs(paths.probabilities[:, 1] - P).max() < 0.01
    assert np.abs(paths.probabilities[:, 0] - P).max() > 0.01
