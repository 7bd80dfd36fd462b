"""Units: a measure of numbers has a unit that is told, or none; or it refuses rows of numbers.

Every public measure is found by looking. What is not told in POWERS has no unit.
"""

import inspect

import numpy as np
import pytest
from scipy import stats
from sentences import says

from collapse_lib import metrics

pytestmark = pytest.mark.filterwarnings("ignore:.*their balls are empty")

POWERS = {"wasserstein": 1, "gaussian_wasserstein": 1, "ball_radii": 1, "frechet_distance": 2}
POWERS["perplexity"] = 1  # of a density: one over the geometric mean of what it gives a value
ONE_VALUE = ("wasserstein", "lower_tail_recall")  # a row
OF_OTHERS = {"p", "q", "p0", "blocks", "metric"}  # arguments that are no rows of numbers
UNITS = [(scale, 0.0) for scale in (1e-9, 3e-5, 1e5, 1e9)]
UNITS += [(scale, scale * shift) for scale in (1e-9, 1, 1e9) for shift in (-1e6, 1e6)]


def of_numbers(found):
    """Whether a measure takes rows, or means and standard deviations; not adapters of measures."""
    return not OF_OTHERS & set(inspect.signature(found).parameters)


ALL = {name: getattr(metrics, name) for name in dir(metrics)}
FOUND = {name: found for name, found in ALL.items() if of_numbers(found)}


def tables():
    rng = np.random.default_rng(0)
    return {
        "normal": (rng.normal(size=(90, 2)), 1.3 * rng.normal(size=(99, 2))),
        "lattice": (rng.integers(0, 9, (90, 2)) / 10, rng.integers(0, 9, (99, 2)) / 10),
        "wide": (rng.normal(size=(90, 12)), rng.normal(size=(99, 12))),
        "wide lattice": (rng.integers(0, 2, (90, 12)) / 10, rng.integers(0, 2, (99, 12)) / 10),
        "permuted": (rng.permutation(60)[:, None] / 10, rng.permutation(99)[:, None] / 7),
        "far row": (np.r_[rng.normal(size=(89, 2)), [[1e4, 0]]], rng.normal(size=(99, 2))),
    }


def normal(mean, std):
    class Normal:
        def score_samples(self, rows):
            return stats.norm.logpdf(rows, mean, std).sum(axis=1)

    return Normal()


def value(found, rows, reference, scale, shift):
    """A measure of rows in another unit, in which all its arguments are."""
    name = found.__name__
    if name in ONE_VALUE:
        rows, reference = rows[:, :1], reference[:, :1]
    known = {
        "rows": scale * rows + shift,
        "reference": scale * reference + shift,
        "mean": 0.5 * scale + shift,
        "std": 1.5 * scale,
        "reference_mean": 0.1 * scale + shift,
        "reference_std": scale,
        "model": normal(shift, scale),
    }
    known |= {"rows_a": known["rows"], "rows_b": known["reference"]}
    arguments = {name: known[name] for name in inspect.signature(found).parameters if name in known}
    got = np.asarray(found(**arguments))
    if name == "log_likelihood":
        return got + rows.shape[1] * np.log(scale)
    return got / scale ** POWERS.get(name, 0)


def fault_of(found):
    """The unit and the rows in which a measure is another, or None."""
    for kind, pair in tables().items():
        first = value(found, *pair, 1.0, 0.0)
        for unit in UNITS:
            # far from 0 rows keep 10 digits, of which squares lose some
            near = 1e-6 if unit[1] else 1e-9
            if not np.allclose(value(found, *pair, *unit), first, rtol=near, atol=near):
                return kind, unit
    return None


def test_the_measures_are_found():
    assert {*POWERS, *ONE_VALUE, "mmd", "tail_mass", "recall", "log_likelihood"} <= set(FOUND)


@pytest.mark.parametrize("found", FOUND.values(), ids=list(FOUND))
def test_a_measure_has_the_unit_that_is_told(found):
    try:
        fault = fault_of(found)
    except ValueError as error:
        assert "needs labels, whole numbers or text; got fractions" in str(error)
    else:
        assert fault is None


def floored(rows, reference):
    """Broken: an absolute floor under the variance."""
    return rows.var() / (reference.var() + 1e-6)


def of_squares(rows, reference):
    """Broken: a variance from squares, which far from 0 lose their digits."""
    return ((rows**2).mean() - rows.mean() ** 2) / reference.var()


def in_millimetres(rows):
    """Broken: a length that claims to have no unit."""
    return np.ptp(rows)


def tied_by_digits(rows, reference):
    """Broken: the share of rows with two nearest neighbours, by an absolute tolerance."""
    gaps = np.sort(np.abs(rows[:, :1] - reference[:, 0]), axis=1)
    return np.mean(gaps[:, 1] - gaps[:, 0] < 1e-12)


@pytest.mark.parametrize("broken", [floored, of_squares, in_millimetres, tied_by_digits])
def test_the_suite_catches_a_broken_measure(broken):
    assert fault_of(broken) is not None


@pytest.mark.parametrize("shift", [0.0, 1e6, -1e9])
def test_ties_stay_ties_far_from_zero(shift):
    rows = np.arange(40.0)[:, None]
    thirds = rows / 3  # neighbours at equal distances, but for rounding
    found = metrics.precision(thirds + shift, thirds + shift, k=1)
    assert found == 1.0  # each row is the middle of a ball
    between = metrics.precision(thirds[1:-1] + 1 / 3 + shift, thirds[::2] + shift, k=1)
    assert between == metrics.precision(rows[1:-1] + 1, rows[::2], k=1)
    mixed = [metrics.sample_similarity(a[::3] + shift, np.delete(a, np.s_[::3], 0) + shift)
             for a in (rows, thirds)]  # fmt: skip
    assert mixed[0] == pytest.approx(mixed[1])


def test_a_far_row_leaves_the_ties_of_others_alone():
    zero, near, far = np.zeros(3), np.array([1.0, 0, 0]), np.full(3, -1e14)
    half = near / 2
    assert metrics.precision([half], [zero, near, far], k=1) == 1.0
    assert metrics.recall([zero, near, far], [half], k=1) == 1.0


def test_a_far_row_ties_no_others():
    rng = np.random.default_rng(2)
    rows, reference = rng.normal(size=(500, 1)), rng.normal(size=(99, 1))
    reference[reference.argmax()] = 1e15
    near = reference.copy()
    near[near.argmax()] = 5.0  # beyond the quantile too, so that the quantile is the same
    assert metrics.tail_mass(rows, reference) == metrics.tail_mass(rows, near)


@pytest.mark.parametrize("scale", [1e-9, 0.3, 1e9])
def test_a_quantile_on_a_row_counts_it_in_any_unit(scale):
    reference = np.arange(1.0, 1000.0) / 7
    for quantile in (0.05, 0.1, 0.29, 0.3):
        for shift in (0.0, 1e6):
            rows = scale * (reference + shift)
            found = metrics.lower_tail_recall(rows, rows, quantile)
            assert found == pytest.approx(min(round(1000 * quantile) / 999 / quantile, 1.0))


@pytest.mark.parametrize("value", [0.1, 1e-9, 1e9])
def test_a_bandwidth_of_rounding_is_none(value):
    reference = np.full(9, value)
    reference[1::2] *= 1 + 2e-16
    with says(
        "mmd.bandwidth must be given where the median distance between reference rows is 0; "
        "got None."
    ):
        metrics.mmd([1.0, 2.0], reference)
