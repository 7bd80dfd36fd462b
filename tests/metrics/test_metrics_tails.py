"""Recall of the tails: SciPy, sums by hand, and what each measure must not make up for."""

import numpy as np
import pytest
from scipy import stats
from sentences import refusals

from collapse_lib import metrics


def test_gaussian_recall_is_scipys():
    mean, std = np.array([0.0, 0.3, -1.0]), np.array([0.8, 0.9, 0.5])
    low, high = stats.norm(2, 3).ppf([0.01, 0.99])
    fitted = stats.norm(2 + 3 * mean, 3 * std)
    expected = [np.minimum(mass / 0.01, 1) for mass in (fitted.cdf(low), fitted.sf(high))]
    got = metrics.gaussian_tail_recall(2 + 3 * mean, 3 * std, 2.0, 3.0)
    assert got == pytest.approx(np.mean(expected, axis=0), rel=1e-9)


def test_one_tail_does_not_make_up_for_the_other():
    assert metrics.gaussian_tail_recall(0.0, 1.0, 0.0, 1.0) == pytest.approx(1.0)
    assert metrics.gaussian_tail_recall(0.0, 2.0, 0.0, 1.0) == 1.0  # wider is no loss
    shifted = metrics.gaussian_tail_recall(3.0, 0.5, 0.0, 1.0)
    assert shifted == pytest.approx(0.5, abs=1e-6)  # one tail whole, the other gone
    assert metrics.gaussian_tail_recall(0.0, 0.0, 0.0, 1.0) == 0.0  # a point in the middle


def test_tail_recall_counts_what_is_given():
    p0 = np.array([0.8, 0.16, 0.03, 0.01])
    assert metrics.tail_recall(p0, p0) == 1.0
    dying = np.array([0.84, 0.15, 0.001, 0.009])
    rare = p0 <= 0.16  # 0.03 and 0.01 hold less than 5 %: the next one is needed
    by_hand = np.minimum(dying, p0)[rare].sum() / p0[rare].sum()
    assert metrics.tail_recall(dying, p0) == pytest.approx(by_hand)
    assert metrics.tail_coverage(dying, p0) == 1.0  # alive, if barely
    assert metrics.tail_recall(np.stack([p0, dying]), p0) == pytest.approx([1.0, by_hand])


def test_tail_recall_never_exceeds_coverage():
    rng = np.random.default_rng(0)
    p0 = rng.dirichlet(np.ones(30))
    p = rng.multinomial(400, p0, size=200) / 400
    recall, coverage = metrics.tail_recall(p, p0, 0.2), metrics.tail_coverage(p, p0, 0.2)
    assert np.all(recall <= coverage + 1e-12)
    assert np.mean(recall < coverage) > 0.5


def test_lower_tail_recall_finds_unlikely_rows():
    rng = np.random.default_rng(1)
    truth = stats.multivariate_normal([0, 0], np.eye(2))
    reference = truth.logpdf(rng.normal(size=(20_000, 2)))
    fresh = truth.logpdf(rng.normal(size=(5000, 2)))
    narrow = truth.logpdf(0.7 * rng.normal(size=(5000, 2)))
    assert metrics.lower_tail_recall(fresh, reference, 0.05) > 0.85
    # the radius beyond which a share 0.05 lies, seen from a law narrower by 0.7
    expected = 0.05 ** (1 / 0.7**2) / 0.05
    error = 4 * np.sqrt(0.05 * expected / 5000) / 0.05
    assert abs(metrics.lower_tail_recall(narrow, reference, 0.05) - expected) < error
    assert metrics.lower_tail_recall(reference - 9, reference, 0.05) == 1.0


test_refusals_are_sentences = refusals(
    (
        lambda: metrics.gaussian_tail_recall(0.0, -1.0, 0.0, 1.0),
        "gaussian_tail_recall.std must be in [0, 1e+150]; got -1.",
    ),
    (
        lambda: metrics.gaussian_tail_recall(0.0, 1.0, 0.0, 0.0),
        "gaussian_tail_recall.reference_std must be in [1e-150, 1e+150]; got 0.",
    ),
    (
        lambda: metrics.gaussian_tail_recall(0.0, 1.0, 0.0, 1.0, 0.5),
        "gaussian_tail_recall.tail must be in (0, 0.5); got 0.5.",
    ),
    (
        lambda: metrics.tail_recall([0.5, 0.5], [0.5, 0.5], 0.0),
        "tail_recall.tail_mass must be in (0, 1]; got 0.",
    ),
    (
        lambda: metrics.tail_recall([0.5, 0.5], [[0.5, 0.5]]),
        "tail_recall.p0 must have 1 axis; got shape (1, 2).",
    ),
    (
        lambda: metrics.lower_tail_recall(np.zeros(5), np.zeros(18), 0.05),
        "lower_tail_recall.reference must hold at least 19 rows for quantile 0.05; got 18; "
        "widen the quantile.",
    ),
    (
        lambda: metrics.lower_tail_recall(np.zeros((5, 2)), np.zeros(50)),
        "lower_tail_recall.rows needs rows of width 1; got rows of width 2.",
    ),
    (
        lambda: metrics.lower_tail_recall(np.zeros(5), np.zeros(50), 0.7),
        "lower_tail_recall.quantile must be in (0, 0.5); got 0.7.",
    ),
)
