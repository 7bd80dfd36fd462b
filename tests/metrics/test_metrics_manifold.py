"""Precision, recall, density, coverage: prdc, sums over all pairs, and laws that hold exactly."""

import contextlib
import io
import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from prdc import compute_prdc
from scipy.spatial.distance import cdist
from sentences import refusals
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import metrics
from collapse_lib.metrics import manifold

pytestmark = pytest.mark.filterwarnings("ignore:.*their balls are empty")

NAMES = ("precision", "recall", "density", "coverage")
per_seed = pytest.mark.parametrize("seed", stat_seeds())


def ours(rows, reference, k=5):
    return [getattr(metrics, name)(rows, reference, k) for name in NAMES]


def theirs(rows, reference, k=5):
    with contextlib.redirect_stdout(io.StringIO()):
        found = compute_prdc(reference, rows, nearest_k=k)
    return [found[name] for name in NAMES]


def by_pairs(rows, reference, k, inside=np.less):
    """The definitions, word by word, on the matrices of all distances."""
    own, real = (np.sort(cdist(each, each), axis=1)[:, k] for each in (rows, reference))
    apart = cdist(rows, reference)
    return [
        inside(apart, real).any(axis=1).mean(),
        inside(apart, own[:, None]).any(axis=0).mean(),
        inside(apart, real).sum() / (k * len(rows)),
        inside(apart.min(axis=0), real).mean(),
    ]


@per_seed
@pytest.mark.parametrize("width", [1, 2, 8, 9, 64])
@pytest.mark.parametrize(("n", "m", "k"), [(400, 700, 5), (300, 200, 1), (90, 600, 17)])
def test_equal_to_prdc(width, n, m, k, seed):
    rng = np.random.default_rng([seed, width, n])
    rows = 3 + 0.8 * rng.normal(size=(n, width))
    reference = 3.1 + rng.standard_t(3, size=(m, width))
    assert ours(rows, reference, k) == pytest.approx(theirs(rows, reference, k), rel=0, abs=1e-12)


def test_prdc_tells_a_wrong_neighbour_apart():
    rng = np.random.default_rng(0)
    rows, reference = rng.normal(size=(400, 2)), rng.normal(size=(500, 2))
    gaps = np.subtract(ours(rows, reference, 4), theirs(rows, reference, 5))
    assert np.all(np.abs(gaps) > 1e-4)


whole = st.integers(4, 14).flatmap(
    lambda n: arrays(float, (n, 2), elements=st.integers(0, 4).map(float))
)


@settings(deadline=None, max_examples=40, derandomize=True)
@given(whole, whole, st.integers(1, 3), st.booleans())
def test_ties_are_outside_whichever_way_is_taken(rows, reference, k, wide):
    if wide:  # columns that are all equal change no distance
        rows, reference = (np.pad(each, ((0, 0), (0, 9))) for each in (rows, reference))
    expected = by_pairs(rows, reference, k)
    assert ours(rows, reference, k) == pytest.approx(expected, rel=0, abs=1e-12)


def test_the_test_of_ties_can_fail():
    rows = np.array([[0.0], [1.0], [2.0], [4.0]])
    strict, loose = by_pairs(rows, rows + 1, 1), by_pairs(rows, rows + 1, 1, np.less_equal)
    assert ours(rows, rows + 1, 1) == strict
    assert strict != loose


@pytest.mark.parametrize("block", [1, 50])
@pytest.mark.parametrize("width", [2, 20])
def test_blocks_do_not_change_the_result(block, width, monkeypatch):
    rng = np.random.default_rng(3)
    rows, reference = rng.normal(size=(80, width)), rng.standard_cauchy(size=(90, width))
    expected = by_pairs(rows, reference, 3)
    monkeypatch.setattr(manifold, "BLOCK", block)
    monkeypatch.setattr(manifold, "LISTED", block)
    assert ours(rows, reference, 3) == pytest.approx(expected, rel=0, abs=1e-12)


@per_seed
@pytest.mark.parametrize("width", [1, 3, 12])
def test_density_and_coverage_of_one_law_are_their_closed_forms(width, seed):
    rng = np.random.default_rng([seed, width])
    n, m, k = 30, 20, 2
    pairs = [(rng.random((n, width)), rng.random((m, width))) for _ in range(250)]
    missed = np.prod((m - np.arange(1, k + 1)) / (n + m - np.arange(1, k + 1)))
    found = np.array([(metrics.density(*pair, k), metrics.coverage(*pair, k)) for pair in pairs])
    assert_agrees(found, [1.0, 1 - missed])
    loose = (k + 1) / k, 1 - missed * (m - k - 1) / (n + m - k - 1)  # control: balls of k + 1
    for column, wrong in zip(found.T, loose, strict=True):
        assert_rejects(column, wrong)


def test_what_each_of_them_sees():
    rng = np.random.default_rng(5)
    real = rng.normal(size=(1500, 2))
    fresh, narrow = rng.normal(size=(1500, 2)), 0.3 * rng.normal(size=(1500, 2))
    half = np.abs(fresh)  # one quarter of the plane, as good as real rows
    wrong = fresh + 30
    at = {name: dict(zip(NAMES, ours(rows, real), strict=True)) for name, rows in
          [("fresh", fresh), ("narrow", narrow), ("half", half), ("wrong", wrong)]}  # fmt: skip
    assert at["narrow"]["precision"] > at["fresh"]["precision"] > 0.95
    assert at["narrow"]["recall"] < 0.7 < 0.95 < at["fresh"]["recall"]
    assert at["half"]["precision"] > 0.95 and 0.2 < at["half"]["coverage"] < 0.4
    assert list(at["wrong"].values()) == [0.0] * 4


def test_one_outlier_among_the_reference_makes_any_row_good():
    rng = np.random.default_rng(6)
    real, wrong = rng.normal(size=(500, 2)), rng.normal(20, 1, size=(500, 2))
    assert metrics.precision(wrong, real) == 0.0
    outlier = np.vstack([real, [[40.0, 40.0]]])
    assert metrics.precision(wrong, outlier) == 1.0
    assert metrics.density(wrong, outlier) < 0.25
    assert metrics.coverage(wrong, outlier) < 0.01


def test_recall_is_precision_of_the_exchanged_and_images_are_rows():
    rng = np.random.default_rng(7)
    rows, reference = rng.normal(size=(60, 4, 4)), rng.normal(size=(70, 4, 4))
    assert metrics.recall(rows, reference) == metrics.precision(reference, rows)
    flat = rows.reshape(60, -1), reference.reshape(70, -1)
    assert ours(rows, reference) == ours(*flat)
    far = [each + 1e6 for each in flat]
    assert ours(*far) == pytest.approx(ours(*flat), abs=1e-12)  # far from 0 no digit is lost


def test_a_collapsed_sample_is_measured_too():
    rng = np.random.default_rng(8)
    real, point = rng.normal(size=(300, 2)), np.zeros((300, 2))
    assert metrics.precision(point, real) == 1.0
    assert metrics.recall(point, real) == 0.0
    assert ours(point, point) == [0.0] * 4  # balls of no size hold nothing


@pytest.mark.parametrize("width", [2, 64])
def test_many_rows_stay_small_in_memory(width):
    rng = np.random.default_rng(9)
    rows, reference = rng.normal(size=(4000, width)), rng.normal(size=(4000, width))
    ours(rows[:50], reference[:50])
    tracemalloc.start()
    ours(rows, reference)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6  # one 4000 x 4000 matrix of distances alone would take 128 MB


ROWS, REAL = np.arange(8.0), np.arange(6.0)


test_refusals_are_sentences = refusals(
    (
        lambda: metrics.precision(ROWS, REAL, 6),
        "precision.k must be a whole number of at least 1 and below len(reference) = 6; got 6.",
    ),
    (
        lambda: metrics.recall(ROWS, REAL, 8),
        "recall.k must be a whole number of at least 1 and below len(rows) = 8; got 8.",
    ),
    (
        lambda: metrics.density(ROWS, REAL, 0),
        "density.k must be a whole number of at least 1 and below len(reference) = 6; got 0.",
    ),
    (
        lambda: metrics.coverage(ROWS, REAL, 2.5),
        "coverage.k must be a whole number of at least 1 and below len(reference) = 6; got 2.5.",
    ),
    (
        lambda: metrics.coverage(ROWS, np.ones((6, 2))),
        "coverage needs rows of one width; got 1 and 2 values a row.",
    ),
    (
        lambda: metrics.precision([0.0, np.nan], REAL),
        (
            "precision.rows: 1 of 2 rows hold NaN or infinity (the first is row 1); drop or"
            " repair them."
        ),
    ),
)


def test_balls_reach_to_the_kth_neighbour():
    rows = np.array([[0.0, 0.0], [1.0, 0.0], [3.0, 0.0], [3.0, 4.0]])
    assert metrics.ball_radii(rows, k=1) == pytest.approx([1, 1, 2, 4])
    assert metrics.ball_radii(rows, k=2) == pytest.approx([3, 2, 3, np.sqrt(20)])


def test_one_far_row_hides_no_near_difference():
    e, h, x = np.zeros(9), np.zeros(9), np.zeros(9)
    h[0], x[0] = 0.5, 1.0
    far = np.full(9, -1e6)
    assert metrics.precision([h], [e, x, far], k=1) == 1.0
    assert metrics.recall([e, x, far], [h, h], k=1) == metrics.recall([e, x], [h, h], k=1) == 1.0
    assert metrics.coverage([h], [e, x, far], k=1) == pytest.approx(2 / 3)  # far reaches to e only
    assert metrics.density([h], [e, x, far], k=1) == 2.0


@pytest.mark.parametrize("d", [2, 9, 20])
@pytest.mark.parametrize("kind", ["far", "tied"])
def test_prdc_agrees_on_far_and_on_tied_rows(d, kind):
    rng = np.random.default_rng(d)
    rows, reference = rng.normal(size=(2, 120, d))
    if kind == "tied":
        rows, reference = rows.round(), reference.round()
    else:
        rows[:3] -= 1e7
        reference[:3] *= 1e6
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = compute_prdc(reference, rows, 4)
    for name, value in theirs.items():
        assert getattr(metrics, name)(rows, reference, 4) == pytest.approx(value, abs=1e-12), name


@pytest.mark.parametrize("d", [2, 9, 20])
def test_far_and_tied_rows_are_told_exactly(d):
    """In whole numbers, where nothing is rounded."""
    rng = np.random.default_rng(d)
    rows, reference = rng.integers(-2, 3, (2, 90, d))
    reference[:3] += 10**6
    k = 3
    apart = ((rows[:, None] - reference) ** 2).sum(axis=2)  # (n, m) int64
    among = np.sort(((reference[:, None] - reference) ** 2).sum(axis=2), axis=1)[:, k]
    inside = apart < among
    assert metrics.precision(rows, reference, k) == inside.any(axis=1).mean()
    assert metrics.density(rows, reference, k) == pytest.approx(inside.sum() / (k * len(rows)))
    assert metrics.coverage(rows, reference, k) == inside.any(axis=0).mean()


def test_empty_balls_of_real_rows_are_told():
    tied = np.tile([1, 2, 3, 4, 5], 20)
    with pytest.warns(UserWarning, match=r"precision\.reference: 100 of 100 rows equal 5 others"):
        assert metrics.precision(tied, tied) == 0.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        metrics.precision(np.zeros(20), np.arange(20.0))  # collapsed rows are what it is for
        metrics.recall(np.zeros(20), np.arange(20.0))
