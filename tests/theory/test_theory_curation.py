"""Theory of curation: every group listed, limits, and loops on rows."""

from itertools import product

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import run_loop, theory
from collapse_lib.models.categorical import Categorical
from collapse_lib.policies import Curated, FreshReal, Replace
from collapse_lib.sources import Categories

seeds = pytest.mark.parametrize("seed", stat_seeds())
REWARD = np.array([0.0, 0.3, -1.0, 2.0])
TYPES = np.array([0.4, 0.3, 0.3, 0.0])
GRID = np.linspace(0, 1, 6)


def curated_by_hand(p, reward, n_choices):
    """One round, by listing every group of K samples."""
    chosen = np.zeros(len(p))
    for group in product(range(len(p)), repeat=n_choices):
        group = np.array(group)
        taken = np.exp(reward[group])
        np.add.at(chosen, group, p[group].prod() * taken / taken.sum())
    return chosen


@pytest.mark.parametrize("n_choices", [1, 2, 3, 5])
@pytest.mark.parametrize("scale", [1.0, 12.0])
def test_curation_is_that_of_every_group(n_choices, scale):
    found = theory.curated_probabilities(TYPES, scale * REWARD, [1, 2, 3], n_choices)
    now = TYPES
    for t in range(3):
        assert_allclose(found[t], now, atol=1e-12)
        now = curated_by_hand(now, scale * REWARD, n_choices)
    other = theory.curated_probabilities(TYPES, scale * REWARD, 2, n_choices + 1)
    assert np.abs(found[1] - other).max() > 1e-3


def test_many_choices_are_a_tilt_by_the_reward():
    t = np.arange(1, 8)
    found = theory.curated_probabilities(TYPES, REWARD, t, np.inf)
    tilted = TYPES * np.exp((t[:, None] - 1) * REWARD)
    assert_allclose(found, tilted / tilted.sum(axis=1, keepdims=True), rtol=1e-12)
    many = theory.curated_probabilities(TYPES, REWARD, t, 100_000)
    assert_allclose(many, found, atol=1e-4)
    assert np.abs(theory.curated_probabilities(TYPES, REWARD, t, 10) - found).max() > 1e-3


@pytest.mark.parametrize("n_choices", [2, 7])
def test_curation_raises_the_reward_by_at_least_its_variance(n_choices):
    p = theory.curated_probabilities(np.ones(6), GRID, np.arange(1, 12), n_choices)
    worth = np.exp(GRID)
    mean, variance = p @ worth, p @ worth**2 - (p @ worth) ** 2
    bound = (n_choices - 1) / n_choices * variance[:-1] / worth.max()
    assert np.all(np.diff(mean) >= bound)
    if n_choices == 2:
        assert_allclose([np.diff(mean)[0], bound[0]], [0.0952, 0.0637], atol=5e-5)


def test_a_real_share_as_quoted():
    for alpha, quoted in [(0.5, 0.607), (0.1, 0.892), (0.05, 0.945)]:
        p = theory.curated_probabilities(np.ones(6), GRID, 400, np.inf, alpha)
        assert_allclose(p @ GRID, quoted, atol=6e-4)


def test_without_real_rows_diversity_goes_and_with_them_it_stays():
    alone = theory.curated_probabilities(np.ones(6), GRID, 400)
    assert alone[-1] > 1 - 1e-6
    shares = (0.5, 0.1, 0.05)
    kept = [theory.curated_probabilities(np.ones(6), GRID, 400, 2, alpha) for alpha in shares]
    diversity = [1 - (p**2).sum() for p in kept]
    assert np.all(np.array(diversity) > 0.1) and np.all(np.diff(diversity) < 0)
    for alpha, p in zip(shares, kept, strict=True):  # it has settled
        again = theory.curated_probabilities(p, GRID, 2)[()]
        assert_allclose(alpha / 6 + (1 - alpha) * again, p, atol=1e-9)


def worth_of(rows):
    return REWARD[rows]


@pytest.mark.parametrize("n_choices", [2, 3])
@pytest.mark.parametrize("real_fraction", [0.0, 0.25])
@seeds
def test_curated_on_rows(n_choices, real_fraction, seed):
    """Given the model before, the mean of the curated shares is that of theory, at any n."""
    policy = FreshReal(real_fraction) if real_fraction else Replace()
    policy = Curated(policy, worth_of, n_choices)
    p, n = np.array([0.4, 0.3, 0.2, 0.1]), 48
    kept = (1 - real_fraction) / n_choices
    alpha = real_fraction / (real_fraction + kept)
    right, wrong, biased = [], [], []
    for child in np.random.SeedSequence(seed).spawn(300):
        run = run_loop(
            Categorical(4), Categories(p), policy,
            n_samples=n, n_generations=3, n_reference=1, seed=child,
        )  # fmt: skip
        now = np.array([g.model.probabilities_ for g in run])  # (3, 4)
        assert len(run[2].train) == n * (real_fraction + kept)

        def told(k, alpha, before=now[:-1]):
            chosen = [theory.curated_probabilities(b, REWARD, 2, k) for b in before]
            return alpha * p + (1 - alpha) * np.array(chosen)

        right.append(now[1:] - told(n_choices, alpha))
        wrong.append(now[1:] - told(n_choices + 1, alpha))
        biased.append(now[1:] - told(n_choices, alpha + 0.2))
    assert_agrees(right, 0.0)
    assert_rejects(wrong, 0.0)
    assert_rejects(biased, 0.0)


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.curated_probabilities([1, 1], [0], 1),
        ValueError,
        "curated_probabilities needs arrays of one shape; got reward (1,), p0 (2,).",
    ),
    (
        lambda: theory.curated_probabilities([1, 1], [0, np.nan], 1),
        ValueError,
        "curated_probabilities.reward must be finite; 1 of 2 are not (the first is nan).",
    ),
    (
        lambda: theory.curated_probabilities([1, 1], [0, 1], 0),
        ValueError,
        "curated_probabilities.t must be at least 1; got 0.",
    ),
    (
        lambda: theory.curated_probabilities([1, 1], [0, 1], 1, 2, [0.1]),
        TypeError,
        "curated_probabilities.real_fraction must be a number; got [0.1].",
    ),
)
