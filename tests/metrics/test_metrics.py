"""metrics: SciPy and closed forms as oracles, and the suite that every metric must pass."""

import functools
import inspect
import pickle
import tracemalloc
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.spatial.distance import cdist
from sentences import refusals, says
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import metrics
from collapse_lib.metrics import distances

pytestmark = pytest.mark.filterwarnings("ignore:.*their balls are empty")

quick = settings(deadline=None, max_examples=60, derandomize=True)
per_seed = pytest.mark.parametrize("seed", stat_seeds())


# --- the common suite: every public metric, found by inspection --------------------------------


@dataclass
class Density:
    """A stand-in for a model: standard normal log density."""

    def score_samples(self, rows):
        return stats.norm.logpdf(np.asarray(rows, dtype=float))


def examples():
    """An argument for each parameter name that metrics use; whole numbers serve as labels too."""
    rng = np.random.default_rng(5)
    return {
        "p": np.array([0.5, 0.3, 0.2, 0.0]),
        "q": np.array([0.1, 0.2, 0.3, 0.4]),
        "p0": np.array([0.6, 0.36, 0.03, 0.01]),
        "rows": rng.integers(0, 9, 60).astype(float),
        "reference": rng.integers(0, 12, 80).astype(float),
        "blocks": rng.integers(0, 9, (30, 6)).astype(float),
        "rows_a": rng.integers(0, 9, 60).astype(float),
        "rows_b": rng.integers(0, 9, 70).astype(float),
        "mean": np.array([0.5]),
        "std": np.array([1.5]),
        "reference_mean": np.array([0.0]),
        "reference_std": np.array([1.0]),
        "model": Density(),
    }


def public_metrics():
    found = {name: getattr(metrics, name) for name in dir(metrics)}
    return {
        name: function
        for name, function in sorted(found.items())
        if next(iter(inspect.signature(function).parameters)) != "metric"
    }


ALL = public_metrics()


def arguments(function):
    known = examples()
    return {
        name: known[name]
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is parameter.empty
    }


def broken_by_nan(function, name):
    given = arguments(function)
    given[name] = given[name].copy()
    given[name].flat[0] = np.nan
    return given


def counts(error, value):
    """Whether a sentence says how many of several values are at fault."""
    return " 1 of " in str(error) or (np.size(value) == 1 and "got nan" in str(error))


def suite_finds(function):
    """The suite itself, as a predicate: the fault that it finds in a metric, or None."""
    given = arguments(function)
    before = pickle.dumps(given)
    for value in given.values():
        if isinstance(value, np.ndarray):
            value.setflags(write=False)
    try:
        first = function(**given)
        second = function(**given)
    except ValueError as error:
        if "read-only" in str(error):
            return "changes its input"
        raise
    if pickle.dumps(given) != before:
        return "changes its input"
    if not np.array_equal(first, second):
        return "is not deterministic"
    if not np.isfinite(np.asarray(first, dtype=float)).all():
        return "is not finite"
    for name, value in given.items():
        if not isinstance(value, np.ndarray):
            continue
        try:
            function(**broken_by_nan(function, name))
        except ValueError as error:
            if f"{function.__name__}.{name}" not in str(error) or not counts(error, value):
                return f"does not count the NaN in {name}: {error}"
        else:
            return f"lets NaN pass in {name}"
    return None


def test_the_suite_finds_metrics():
    assert {"entropy", "mmd", "log_likelihood", "tail_coverage"} <= set(ALL)
    assert not {"of_sample", "against_reference", "of_model"} & set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_common_suite(name):
    assert suite_finds(ALL[name]) is None


@pytest.mark.parametrize("name", ALL)
def test_docstring_has_shapes_errors_and_source(name):
    text = inspect.getdoc(ALL[name])
    assert "Raises" in text and "Source:" in text and text.split("\n\n")[0].count("\n") == 0


def sorts_in_place(rows):
    if np.isnan(rows).any():
        raise ValueError("sorts_in_place.rows must be finite; got 1 NaN.")
    rows.sort()
    return float(rows[0])


def rolls_dice(rows):
    if np.isnan(rows).any():
        raise ValueError("rolls_dice.rows must be finite; got 1 NaN.")
    return float(rows[0] + np.random.default_rng().random())


def swallows_nan(rows):
    return float(np.nansum(rows))


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        (sorts_in_place, "changes its input"),
        (rolls_dice, "is not deterministic"),
        (swallows_nan, "lets NaN pass in rows"),
    ],
)
def test_the_suite_catches_broken_metrics(broken, fault):
    assert suite_finds(broken) == fault


# --- categories ----------------------------------------------------------------------------------

simplex = (
    st.integers(2, 8)
    .flatmap(
        lambda k: arrays(float, (2, k), elements=st.floats(0.0, 1.0)).filter(
            lambda a: (a.sum(axis=1) > 1e-3).all()
        )
    )
    .map(lambda a: a / a.sum(axis=1, keepdims=True))
)


@quick
@given(simplex)
def test_entropy_is_scipys_and_batched(pair):
    assert metrics.entropy(pair[0]) == pytest.approx(stats.entropy(pair[0]), abs=1e-12)
    assert np.array_equal(metrics.entropy(pair), [metrics.entropy(p) for p in pair])
    assert -1e-12 <= metrics.entropy(pair[0]) <= np.log(pair.shape[1]) + 1e-12


def test_entropy_of_uniform_and_point():
    assert metrics.entropy(np.full(7, 1 / 7)) == pytest.approx(np.log(7))
    assert metrics.entropy([0.0, 1.0]) == 0.0
    assert type(metrics.entropy([0.5, 0.5])) is float
    assert metrics.entropy(np.full((3, 4, 2), 0.5)).shape == (3, 4)


@quick
@given(simplex)
def test_heterozygosity_is_the_chance_of_two_unlike_draws(pair):
    p = pair[0]
    unlike = sum(p[i] * p[j] for i in range(len(p)) for j in range(len(p)) if i != j)
    assert metrics.heterozygosity(p) == pytest.approx(unlike, abs=1e-12)


@quick
@given(simplex)
def test_kl_is_scipys_and_never_negative(pair):
    p, q = pair
    expected = stats.entropy(p, q)
    assert metrics.kl_divergence(p, q) == pytest.approx(expected, abs=1e-12)
    assert metrics.kl_divergence(p, q) >= 0.0
    assert metrics.kl_divergence(p, p) == 0.0


def test_kl_is_infinite_only_where_q_misses_p():
    assert metrics.kl_divergence([0.5, 0.5], [1.0, 0.0]) == np.inf
    assert metrics.kl_divergence([1.0, 0.0], [0.5, 0.5]) == pytest.approx(np.log(2))
    batch = metrics.kl_divergence([[0.5, 0.5], [1.0, 0.0]], [1.0, 0.0])
    assert np.array_equal(batch, [np.inf, 0.0])


@quick
@given(simplex)
def test_total_variation_is_the_largest_gap_over_events(pair):
    p, q = pair
    k = len(p)
    events = (np.arange(2**k)[:, None] >> np.arange(k)) & 1
    assert metrics.total_variation(p, q) == pytest.approx(np.abs(events @ (p - q)).max(), abs=1e-12)
    assert metrics.total_variation(p, q) == metrics.total_variation(q, p)
    assert metrics.total_variation(p, q) <= np.sqrt(metrics.kl_divergence(p, q) / 2) + 1e-7


def test_tail_coverage_by_hand():
    p0 = np.array([0.55, 0.40, 0.03, 0.015, 0.005])
    assert metrics.tail_coverage([1, 0, 0, 0, 0], p0) == 0.0
    assert metrics.tail_coverage([0.9, 0, 0.1, 0, 0], p0) == pytest.approx(0.03 / 0.05)
    assert metrics.tail_coverage([0.9, 0, 0, 0, 0.1], p0) == pytest.approx(0.005 / 0.05)
    assert metrics.tail_coverage(p0, p0) == 1.0
    # with 2 % of the mass, the tail is the two rarest; the third no longer counts
    assert metrics.tail_coverage([0.9, 0, 0.1, 0, 0], p0, tail_mass=0.02) == 0.0
    batch = metrics.tail_coverage([[1, 0, 0, 0, 0], [0.9, 0, 0.1, 0, 0]], p0)
    assert batch == pytest.approx([0.0, 0.6])


def test_tail_coverage_holds_ties_together():
    p0 = np.concatenate([[0.9], np.full(10, 0.01)])
    alive = np.array([0.5] + [0.05] * 4 + [0.05] * 6)
    alive[1:5] = 0.0
    alive /= alive.sum()
    # the tail of 5 % is reached after five of ten equal categories: all ten count
    assert metrics.tail_coverage(alive, p0) == pytest.approx(0.6)


@quick
@given(simplex, st.randoms(use_true_random=False), st.floats(0.01, 1.0))
def test_tail_coverage_ignores_the_order_of_categories(pair, random, mass):
    order = list(range(pair.shape[1]))
    random.shuffle(order)
    p, p0 = pair
    value = metrics.tail_coverage(p, p0, tail_mass=mass)
    assert metrics.tail_coverage(p[order], p0[order], tail_mass=mass) == pytest.approx(value)
    assert 0.0 <= value <= 1.0


def test_support_coverage_counts_kinds():
    assert metrics.support_coverage([1, 1, 2], [1, 2, 3, 4]) == 0.5
    assert metrics.support_coverage([9, 9], [1, 2]) == 0.0
    assert metrics.support_coverage(["a", "b", "z"], ["a", "b"]) == 1.0
    assert metrics.support_coverage(np.array(["a"], dtype=object), ["a", "bb"]) == 0.5
    assert metrics.support_coverage([[0, 1], [1, 0]], [[0, 1], [1, 1]]) == 0.5


@per_seed
def test_support_coverage_after_a_draw_is_the_closed_form(seed):
    p = np.array([0.5, 0.3, 0.15, 0.04, 0.01])
    rng = np.random.default_rng(seed)
    values = [
        metrics.support_coverage(rng.choice(5, size=40, p=p), np.arange(5)) for _ in range(2000)
    ]
    assert_agrees(values, (1 - (1 - p) ** 40).mean())
    assert_rejects(values, (1 - (1 - p) ** 20).mean())  # control: half the rows


@quick
@given(st.lists(st.integers(0, 4), min_size=1), st.lists(st.integers(0, 4), min_size=1))
def test_category_similarity_is_one_minus_total_variation(a, b):
    p, q = (np.bincount(rows, minlength=5) / len(rows) for rows in (a, b))
    similarity = metrics.category_similarity(a, b)
    assert similarity == pytest.approx(1 - metrics.total_variation(p, q))
    assert similarity == metrics.category_similarity(b, a)
    words = [[f"word {value}" for value in rows] for rows in (a, b)]
    assert metrics.category_similarity(*words) == similarity


# --- spread --------------------------------------------------------------------------------------


def test_variance_ratio_by_hand():
    rng = np.random.default_rng(0)
    reference = rng.normal(size=(50, 3))
    trace = np.trace(np.cov(0.5 * reference[:20].T)) / np.trace(np.cov(reference.T))
    assert metrics.variance_ratio(0.5 * reference[:20], reference) == pytest.approx(trace)
    assert metrics.variance_ratio(3.0 * reference + 7, reference) == pytest.approx(9.0)
    assert metrics.variance_ratio(np.ones((4, 3)), reference) == 0.0
    images = rng.normal(size=(9, 8, 8))
    assert metrics.variance_ratio(images, images) == 1.0


@per_seed
def test_tail_mass_is_one_for_fresh_rows(seed):
    rng = np.random.default_rng(seed)
    pairs = [(rng.random(200), rng.random(99)) for _ in range(1500)]
    assert_agrees([metrics.tail_mass(*pair, 0.1) for pair in pairs], 1.0)

    def linear(rows, reference):  # control: NumPy's default quantiles lie too far inside
        lower, upper = np.quantile(reference, [0.1, 0.9])
        return ((rows < lower) | (rows > upper)).mean() / 0.2

    assert_rejects([linear(*pair) for pair in pairs], 1.0)


def test_tail_mass_of_normal_rows_is_the_closed_form():
    reference = stats.norm.ppf((np.arange(9999) + 1) / 10000)
    rows = 0.5 * stats.norm.ppf((np.arange(9999) + 1) / 10000)
    expected = 2 * stats.norm.cdf(2 * stats.norm.ppf(0.05)) / 0.1
    assert metrics.tail_mass(rows, reference) == pytest.approx(expected, abs=0.003)
    assert metrics.tail_mass(np.zeros(9), reference) == 0.0
    columns = metrics.tail_mass(np.c_[rows, reference], np.c_[reference, reference])
    assert columns == pytest.approx((expected + 1) / 2, abs=0.003)


# --- distances -----------------------------------------------------------------------------------

numbers = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=30)


@quick
@given(numbers, numbers)
def test_wasserstein_order_one_is_scipys(a, b):
    ours = metrics.wasserstein(a, b, order=1)
    assert ours == pytest.approx(stats.wasserstein_distance(a, b), rel=1e-9, abs=1e-9)
    assert metrics.wasserstein(b, a, order=1) == pytest.approx(ours, rel=1e-12, abs=1e-12)
    assert metrics.wasserstein(a, b, order=2) >= ours - 1e-9 * (1 + ours)


@quick
@given(numbers, numbers, st.floats(1.0, 6.0))
def test_wasserstein_of_unequal_sizes_is_that_of_repeated_rows(a, b, order):
    repeated = np.sort(np.repeat(a, len(b))), np.sort(np.repeat(b, len(a)))
    expected = np.mean(np.abs(repeated[0] - repeated[1]) ** order) ** (1 / order)
    assert metrics.wasserstein(a, b, order) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_wasserstein_of_normal_quantiles_is_the_gaussian_formula():
    grid = stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000)
    ours = metrics.wasserstein(1.0 + 0.5 * grid, grid)
    assert ours == pytest.approx(metrics.gaussian_wasserstein(1.0, 0.5, 0.0, 1.0), rel=1e-4)
    assert metrics.gaussian_wasserstein(1.0, 0.5, 0.0, 1.0) == pytest.approx(np.sqrt(1.25))
    paths = metrics.gaussian_wasserstein(np.zeros((3, 4)), np.ones((3, 4)), 0.0, 1.0)
    assert np.array_equal(paths, np.zeros((3, 4)))


def brute_mmd(rows, reference, bandwidth):
    def kernel(a, b):
        return np.exp(-cdist(a, b, "sqeuclidean") / (2 * bandwidth**2))

    n, m = len(rows), len(reference)
    a, b = kernel(rows, rows), kernel(reference, reference)
    return (
        (a.sum() - np.trace(a)) / (n * (n - 1))
        + (b.sum() - np.trace(b)) / (m * (m - 1))
        - 2 * kernel(rows, reference).mean()
    )


@pytest.mark.parametrize("block", [1, 50, 2**21])
def test_mmd_is_brute_force_in_any_blocks(block, monkeypatch):
    rng = np.random.default_rng(3)
    rows, reference = rng.normal(1e4, 1, (31, 2)), rng.normal(1e4 + 1, 1, (40, 2))
    monkeypatch.setattr(distances, "BLOCK", block)
    expected = brute_mmd(rows, reference, 1.3)
    assert metrics.mmd(rows, reference, 1.3) == pytest.approx(expected, abs=1e-10)
    median = np.median(cdist(reference, reference)[np.triu_indices(40, 1)])
    expected = brute_mmd(rows, reference, median)
    assert metrics.mmd(rows, reference) == pytest.approx(expected, abs=1e-10)


def gaussian_mmd(shift, width, bandwidth):
    """Closed form in one dimension: the kernel is a normal density up to a factor."""

    def mean_kernel(gap, variance):
        total = bandwidth**2 + variance
        return bandwidth / np.sqrt(total) * np.exp(-(gap**2) / (2 * total))

    return mean_kernel(0, 2 * width**2) + mean_kernel(0, 2.0) - 2 * mean_kernel(shift, 1 + width**2)


@per_seed
def test_mmd_is_unbiased_for_normals(seed):
    rng = np.random.default_rng(seed)
    pairs = [(0.4 + 0.8 * rng.normal(size=25), rng.normal(size=35)) for _ in range(3000)]
    ours = [metrics.mmd(a, b, 1.0) for a, b in pairs]
    assert_agrees(ours, gaussian_mmd(0.4, 0.8, 1.0))
    biased = [value + 1 / 25 for value in ours]  # control: the diagonal left in
    assert_rejects(biased, gaussian_mmd(0.4, 0.8, 1.0))


def test_mmd_of_many_rows_stays_small_in_memory():
    rng = np.random.default_rng(1)
    rows, reference = rng.normal(size=(4000, 2)), rng.normal(size=(4000, 2))
    metrics.mmd(rows[:9], reference[:9])
    tracemalloc.start()
    metrics.mmd(rows, reference)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64e6  # one 4000 x 4000 kernel alone would take 128 MB


# --- similarity ----------------------------------------------------------------------------------


def brute_crossing_ratio(a, b):
    pooled, label = np.concatenate([a, b]), np.repeat([0, 1], [len(a), len(b)])
    gaps = cdist(pooled, pooled)
    np.fill_diagonal(gaps, np.inf)
    nearest = gaps <= gaps.min(axis=1, keepdims=True) * (1 + 1e-9)
    across = (nearest & (label[:, None] != label)).sum(axis=1) / nearest.sum(axis=1)
    n, m = len(a), len(b)
    return across.mean() * (n + m) * (n + m - 1) / (2 * n * m)


whole = st.integers(1, 12).flatmap(
    lambda n: arrays(float, (n, 2), elements=st.integers(0, 3).map(float))
)


@quick
@given(whole, whole)
def test_sample_similarity_is_brute_force_even_with_ties(a, b):
    similarity = metrics.sample_similarity(a, b)
    assert similarity == pytest.approx(min(1.0, brute_crossing_ratio(a, b)))
    assert similarity == pytest.approx(metrics.sample_similarity(b, a))
    assert similarity == pytest.approx(metrics.sample_similarity(a[::-1], b))
    assert 0.0 <= similarity <= 1.0


@per_seed
def test_sample_similarity_is_one_in_expectation_for_one_law(seed):
    rng = np.random.default_rng(seed)
    same = np.array(
        [
            distances._crossing_ratio(rng.normal(size=(5, 2)), rng.normal(size=(7, 2)))
            for _ in range(4000)
        ]
    )
    assert_agrees(same, 1.0)
    assert_rejects(same * 11 / 12, 1.0)  # control: as if a row could be its own neighbour
    apart = [
        metrics.sample_similarity(rng.normal(size=(40, 2)), rng.normal(0.7, 1, size=(90, 2)))
        for _ in range(100)
    ]
    assert_rejects(apart, 1.0)  # control: two laws


def test_sample_similarity_of_separated_and_equal_rows():
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(50, 3))
    assert metrics.sample_similarity(rows, rows + 100) == 0.0
    assert metrics.sample_similarity(rows, rows) == 1.0
    assert metrics.sample_similarity(np.zeros(9), np.zeros(5)) == pytest.approx(1.0)


# --- likelihood and adapters ---------------------------------------------------------------------


def test_log_likelihood_is_the_mean_and_honest_about_zero_density():
    rows = np.array([0.0, 1.0, -2.0])
    expected = stats.norm.logpdf(rows).mean()
    assert metrics.log_likelihood(Density(), rows) == pytest.approx(expected)

    class Uniform:
        def score_samples(self, rows):
            with np.errstate(divide="ignore"):
                return np.log((np.abs(rows) <= 1).astype(float))

    assert metrics.log_likelihood(Uniform(), rows) == -np.inf


@dataclass
class Turn:
    """What a metric sees of a generation."""

    sample: Any = field(default_factory=lambda: np.array([0.0, 1.0, 2.0]))
    reference: Any = field(default_factory=lambda: np.array([0.0, 2.0, 4.0]))
    model: Any = field(default_factory=Density)


@pytest.mark.parametrize(
    ("adapted", "expected"),
    [
        (metrics.of_sample(np.mean), 1.0),
        (metrics.against_reference(metrics.variance_ratio), 0.25),
        (metrics.against_reference(functools.partial(metrics.wasserstein, order=1)), 1.0),
        (metrics.of_model(metrics.log_likelihood), stats.norm.logpdf([0.0, 2.0, 4.0]).mean()),
    ],
)
def test_adapters_return_floats_and_pickle(adapted, expected):
    value = pickle.loads(pickle.dumps(adapted))(Turn())
    assert type(value) is float and value == pytest.approx(expected)


# --- sentences -----------------------------------------------------------------------------------

NAN = float("nan")
REFUSED = [
    (
        lambda: metrics.entropy([NAN, 1.0]),
        "entropy.p must be finite and at least 0; 1 of 2 are not (the first is nan).",
    ),
    (
        lambda: metrics.entropy([]),
        ("entropy.p must have an axis of at least one category; got shape (0,)."),
    ),
    (
        lambda: metrics.entropy(0.5),
        "entropy.p must have an axis of at least one category; got shape ().",
    ),
    (
        lambda: metrics.heterozygosity([-0.25, 1.25]),
        "heterozygosity.p must be finite and at least 0; 1 of 2 are not (the first is -0.25).",
    ),
    (
        lambda: metrics.kl_divergence([[0.5, 0.5], [3.0, 4.0]], [0.5, 0.5]),
        "kl_divergence.p must sum to 1; got 7. Divide counts by their sum.",
    ),
    (
        lambda: metrics.total_variation([0.5, 0.5], [0.2, 0.3, 0.5]),
        "total_variation needs the same categories on the last axis of both arrays; "
        "got shapes (2,) and (3,).",
    ),
    (
        lambda: metrics.tail_coverage([0.5, 0.5], [0.5, 0.5], tail_mass=0),
        "tail_coverage.tail_mass must be in (0, 1]; got 0.",
    ),
    (
        lambda: metrics.tail_coverage([0.5, 0.5], [[0.5, 0.5]]),
        "tail_coverage.p0 must have 1 axis; got shape (1, 2).",
    ),
    (
        lambda: metrics.support_coverage([0.5], [1.0]),
        "support_coverage.rows needs labels, whole numbers or text; got fractions.",
    ),
    (
        lambda: metrics.category_similarity(np.array(["a", None], dtype=object), ["a"]),
        (
            "category_similarity.rows_a needs a label in every row; 1 of 2 are missing; drop or"
            " fill them first."
        ),
    ),
    (
        lambda: metrics.variance_ratio([1.0], [1.0, 2.0]),
        "variance_ratio.rows needs at least 2 rows; got 1.",
    ),
    (
        lambda: metrics.variance_ratio([1.0, 2.0], [3.0, 3.0]),
        "variance_ratio.reference must vary; got rows that are all equal.",
    ),
    (
        lambda: metrics.variance_ratio(np.ones((2, 3)), np.ones((2, 4))),
        "variance_ratio needs rows of one width; got 3 and 4 values a row.",
    ),
    (
        lambda: metrics.tail_mass([1.0], np.arange(18.0)),
        "tail_mass.reference must hold at least 19 rows for quantile 0.05; got 18; "
        "widen the quantile.",
    ),
    (
        lambda: metrics.tail_mass([1.0], [1.0], quantile=0.5),
        "tail_mass.quantile must be in (0, 0.5); got 0.5.",
    ),
    (
        lambda: metrics.wasserstein(np.ones((4, 2)), np.ones((3, 2))),
        ("wasserstein.rows must hold one value a row; got 2; for rows of several values use mmd."),
    ),
    (
        lambda: metrics.wasserstein([1.0], [2.0], order=0.5),
        "wasserstein.order must be finite and at least 1; got 0.5.",
    ),
    (
        lambda: metrics.gaussian_wasserstein(0.0, -1.0, 0.0, 1.0),
        "gaussian_wasserstein.std must be finite and at least 0; got -1.",
    ),
    (
        lambda: metrics.gaussian_wasserstein([0.0, 0.0], [1.0, 1.0, 1.0], 0.0, 1.0),
        "gaussian_wasserstein needs shapes that broadcast; got (2,), (3,), (), ().",
    ),
    (
        lambda: metrics.mmd([1.0, 2.0], [1.0, 2.0], bandwidth=0),
        "mmd.bandwidth must be finite and above 0; got 0.",
    ),
    (
        lambda: metrics.mmd([1.0, 2.0], [1.0, 1.0, 1.0]),
        "mmd.bandwidth must be given where the median distance between reference rows is 0; "
        "got None.",
    ),
    (
        lambda: metrics.log_likelihood(Density(), np.array([])),
        "log_likelihood.rows needs at least 1 row; got 0.",
    ),
    (
        lambda: metrics.log_likelihood(Density(), np.ones((3, 2))),
        "log_likelihood needs one score a row, shape (3,); got (3, 2) from Density.score_samples.",
    ),
]
REFUSED_TYPES = [
    (
        lambda: metrics.entropy(["a", "b"]),
        "entropy.p must be a number or an array of numbers; got ['a', 'b'].",
    ),
    (
        lambda: metrics.support_coverage(["a"], [1]),
        "support_coverage needs labels of one kind; got numbers and text.",
    ),
    (
        lambda: metrics.log_likelihood(object(), [1.0]),
        "log_likelihood.model must have score_samples(rows); got object.",
    ),
    (
        lambda: metrics.of_sample(0.5),
        "of_sample.metric must be a function of arrays; got float.",
    ),
]


test_refusals_are_sentences = refusals(*REFUSED)
test_wrong_types_are_sentences = refusals(
    *((call, TypeError, sentence) for call, sentence in REFUSED_TYPES)
)


def test_nan_scores_are_counted():
    class Lost:
        def score_samples(self, rows):
            return np.full(len(rows), NAN)

    with says(
        "log_likelihood needs scores that are numbers; got 2 NaN among 2 from Lost.score_samples."
    ):
        metrics.log_likelihood(Lost(), [1.0, 2.0])


# --- ties and constants --------------------------------------------------------------------------


def test_tied_rows_keep_their_tails():
    tied = np.tile([1, 2, 3, 4, 5], 20)
    assert metrics.tail_mass(tied, tied) == pytest.approx(1.01 / 1.05)  # of Weibull, as untied rows
    assert metrics.tail_mass([1.1 - 1.0] * 20, [0.1] * 20) == 1.0  # one value, but for rounding
    assert metrics.tail_mass([1] * 50 + [5] * 50, tied) == pytest.approx(2.5 * 1.01 / 1.05)
    assert metrics.tail_mass([3] * 50, tied) == 0.0


@per_seed
@pytest.mark.parametrize(
    "law",
    [
        lambda rng: rng.integers(0, 2, 200),
        lambda rng: rng.integers(0, 9, (200, 3)),
        lambda rng: rng.poisson(3, 200),
        lambda rng: rng.normal(size=200).round(1),
    ],
)
def test_fresh_tied_rows_have_a_tail_mass_near_one(law, seed):
    rng = np.random.default_rng(seed)
    found = np.mean([metrics.tail_mass(law(rng), law(rng)) for _ in range(300)])
    assert 0.9 < found < 1.1


@pytest.mark.parametrize("value", [0.1, 1e-9, 1e9, -7.3, 0.0])
def test_what_differs_by_rounding_alone_does_not_vary(value):
    with says("variance_ratio.reference must vary; got rows that are all equal."):
        metrics.variance_ratio([0, 1, 2], [value] * 3)
    assert metrics.variance_ratio([value] * 3, [0, 1, 2]) == 0.0
    both = np.c_[[value] * 3, [0, 1, 2]]
    assert metrics.variance_ratio(both, both) == 1.0


@pytest.mark.parametrize("scale", [1e-160, 1e-9, 1e9, 1e160])
def test_a_ratio_of_variances_has_no_unit(scale):
    rows, reference = np.array([0.0, 1, 3]), np.array([0.0, 2, 6])
    assert metrics.variance_ratio(scale * rows, scale * reference) == pytest.approx(0.25)
    if scale < 1e9:
        moved = metrics.variance_ratio(scale * rows + 1e6 * scale, scale * reference)
        assert moved == pytest.approx(0.25)


def test_similarity_of_equal_rows_counts_each_of_them():
    one, other = np.zeros((3, 2)), np.zeros((5, 2))
    assert metrics.sample_similarity(one, other) == 1.0
    apart = np.r_[one, [[9.0, 9.0]]]  # the nearest of the stray row are all eight
    n, m = 4, 5
    across = 3 * 5 / 7 + 5 * 3 / 7 + 5 / 8
    expected = across * (n + m - 1) / (2 * n * m)
    assert metrics.sample_similarity(apart, other) == pytest.approx(min(expected, 1.0))
    assert metrics.sample_similarity(one, other + 1.0) == 0.0
