"""Theory of verification: against independent computations, and against loops on rows."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import run_loop, theory
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Filtered, Replace
from collapse_lib.policies.detectors import Ball, NoisyVerifier
from collapse_lib.sources import Categories, GaussianSource

seeds = pytest.mark.parametrize("seed", stat_seeds())
RATES = [(1, 1), (0.9, 0.3), (0.7, 0.05)]


def test_breakdown_points_as_quoted():
    found = theory.breakdown_point([1, 0.9, 0.7], [1, 0.3, 0.05])
    assert_allclose(found, [0.5, 0.75, 0.7 / 0.75])


def test_at_the_breakdown_point_half_of_what_is_kept_is_wrong():
    phi, psi = np.array([0.9, 0.7, 0.2]), np.array([0.3, 0.05, 0.9])
    point = theory.breakdown_point(phi, psi)
    assert_allclose(theory.kept_accuracy(point, phi, psi), 0.5)
    assert np.all(theory.kept_accuracy(point - 0.02, phi, psi) > 0.5)
    assert np.all(theory.kept_accuracy(point + 0.02, phi, psi) < 0.5)


def linear_accuracy(p_wrong, phi, psi, n=20_000):
    """Accuracy of least squares on verified labels: two classes, a share p_wrong flipped."""
    rng = np.random.default_rng(1)
    rows, truth = rng.normal(size=(n, 5)), np.array([1.0, 0, 0, 0, 0])
    right = rng.random(n) >= p_wrong
    labels = np.sign(rows @ truth) * np.where(right, 1, -1)
    kept = rng.random(n) < np.where(right, phi, psi)
    weights = np.linalg.lstsq(rows[kept], labels[kept])[0]
    return np.mean(np.sign(rows @ weights) == np.sign(rows @ truth))


@pytest.mark.parametrize(("phi", "psi"), RATES)
def test_a_linear_classifier_breaks_down_there(phi, psi):
    point = theory.breakdown_point(phi, psi)
    assert linear_accuracy(point - 0.05, phi, psi) > 0.8
    assert linear_accuracy(point + 0.05, phi, psi) < 0.2


def is_correct(rows):
    return rows == 0


@pytest.mark.parametrize(("phi", "psi"), RATES)
@seeds
def test_accuracy_of_what_is_kept_on_rows(phi, psi, seed):
    """Given the model the kept labels are right with the share that theory says, at any n."""
    policy = Filtered(Replace(), NoisyVerifier(is_correct, phi, psi))
    gain, wrong = [], []
    for child in np.random.SeedSequence(seed).spawn(150):
        run = run_loop(
            Categorical(2), Categories([0.3, 0.7]), policy,
            n_samples=60, n_generations=4, n_reference=1, seed=child,
        )  # fmt: skip
        right = np.array([g.model.probabilities_[0] for g in run])
        told = theory.kept_accuracy(1 - right[:-1], phi, psi)
        gain.append(right[1:] - told)
        wrong.append(right[1:] - theory.kept_accuracy(1 - right[:-1], phi, 0.5 * psi))
    assert_agrees(gain, 0.0)
    assert_rejects(wrong, 0.0)


@pytest.mark.parametrize("mean", [-3.0, 0.2, 1.5, 6.0])
@pytest.mark.parametrize("radius", [0.01, 0.7, 4.0])
def test_one_step_in_the_ball_is_the_truncated_normal(mean, radius):
    centre, std = 0.5, 0.8
    path = theory.verified_normal([1, 2], centre, radius, mean, std)
    low, high = (centre - radius - mean) / std, (centre + radius - mean) / std
    cut = stats.truncnorm(low, high, loc=mean, scale=std)
    assert_allclose(path.mean, [mean, cut.mean()], rtol=1e-9)
    # scipy's variance loses digits in narrow balls and far tails
    assert_allclose(path.variance, [std**2, cut.var()], rtol=1e-4 if radius < 0.1 else 1e-7)


def test_a_wide_ball_changes_nothing_and_a_far_one_takes_everything():
    path = theory.verified_normal([1, 50], 3.0, 60.0)
    assert_allclose([path.mean, path.variance], [[0, 0], [1, 1]], atol=1e-12)
    far = theory.verified_normal(2, 1000.0, 1.0)
    assert_allclose(far.mean, 999, atol=2e-3)  # an exponential of rate 999 beyond the near edge
    assert_allclose(far.variance, 1 / 999**2, rtol=0.01)


def test_known_variance_leads_to_the_verifier_and_not_to_the_truth():
    path = theory.verified_normal(np.arange(1, 60), 1.0, 1.0, std_known=True)
    assert_allclose(path.mean[-1], 1.0, atol=1e-12)  # the truth is 0
    gap = 1 - path.mean
    assert_allclose(gap[9] / gap[8], stats.truncnorm(-1, 1).var(), rtol=1e-3)
    assert_allclose(path.variance, 1)


def test_refitted_variance_holds_the_mean_up_on_its_way():
    path = theory.verified_normal(np.array([1, 10, 100, 1000]), 0.0, 1.0, 0.5, 0.3)
    assert np.all(np.diff(path.mean) < 0) and np.all(np.diff(path.variance) < 0)
    assert path.mean[-1] > 0.3 and path.variance[-1] < 0.3 * path.variance[0]
    # near the end a change of the mean costs (distance to the edge) times as much variance
    late = theory.verified_normal(np.array([3000, 3001]), 0.0, 1.0, 0.5, 0.3)
    assert_allclose(np.diff(late.variance) / np.diff(late.mean), 1 - late.mean[0], rtol=0.05)


@dataclass
class KnownStd:
    """A normal of which the mean alone is fitted."""

    std: float = 1.0

    def fit(self, rows, *, rng):
        self.mean_, self.variance_ = rows.mean(), self.std**2
        return self

    def sample(self, n, *, rng):
        return rng.normal(self.mean_, self.std, size=n)


@pytest.mark.parametrize("model", [Gaussian(), KnownStd()], ids=repr)
@seeds
def test_ball_on_rows(on_rows, model, seed):
    centre, radius, length = 0.8, 1.0, 5
    mean, variance = on_rows(
        model, GaussianSource(), Filtered(Replace(), Ball(centre, radius)), "mean_", "variance_",
        n_samples=5000, n_generations=length, n_runs=40, seed=seed,
    )  # fmt: skip
    t, known = np.arange(1, length + 1), isinstance(model, KnownStd)
    right = theory.verified_normal(t, centre, radius, std_known=known)
    assert_agrees(mean, right.mean)
    assert_agrees(variance, right.variance)
    wrong = theory.verified_normal(t, centre, radius, std_known=not known)
    assert_rejects(mean, wrong.mean)
    assert_rejects(mean, theory.verified_normal(t, centre, 1.1 * radius, std_known=known).mean)
    assert_rejects(mean, 0.0)  # the truth


test_bad_arguments_get_one_sentence = refusals(
    (
        lambda: theory.breakdown_point(0, 0),
        ValueError,
        "breakdown_point.keep_correct + keep_wrong must be finite and above 0; got 0.",
    ),
    (
        lambda: theory.kept_accuracy(1, 0.5, 0),
        ValueError,
        "kept_accuracy: the share kept must be finite and above 0; got 0.",
    ),
    (
        lambda: theory.verified_normal(1, 0, 0),
        ValueError,
        "verified_normal.radius must be in (0, 1e+150]; got 0.",
    ),
    (
        lambda: theory.verified_normal(1, [0, 1], 1),
        TypeError,
        "verified_normal.centre must be a number; got [0, 1].",
    ),
    (
        lambda: theory.verified_normal(0, 0, 1),
        ValueError,
        "verified_normal.t must be at least 1; got 0.",
    ),
)
