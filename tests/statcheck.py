"""Statistical comparison of replicates with an expected value, in standard errors.

    assert_agrees(values, expected)     every |z| stays below LIMIT
    assert_rejects(values, wrong)       the negative control: some |z| goes above LIMIT

values has replicates along its first axis; expected broadcasts against the other axes. Seeds are
fixed: `stat_seeds` gives [0], or the range in COLLAPSE_TEST_SEEDS, such as 0-99. A true formula
exceeds LIMIT = 4 once in 16,000 comparisons.
"""

import os

import numpy as np

LIMIT = 4.0


def stat_seeds():
    """Seeds for pytest.mark.parametrize: [0], or those of COLLAPSE_TEST_SEEDS ("7" or "0-99")."""
    first, _, last = os.environ.get("COLLAPSE_TEST_SEEDS", "0").partition("-")
    return list(range(int(first), int(last or first) + 1))


def z_score(values, expected):
    """(mean of values - expected) in standard errors; replicates along the first axis.

    Where the replicates do not differ at all the error of the mean is nothing but rounding: z is 0
    if the mean agrees to 12 digits, else infinite.
    """
    values = np.asarray(values, dtype=float)
    if len(values) < 30:
        raise ValueError(f"z_score needs at least 30 replicates; got {len(values)}.")
    if not np.isfinite(values).all():
        raise ValueError("z_score needs finite values.")
    gap = values.mean(axis=0) - expected
    error = np.broadcast_to(values.std(axis=0, ddof=1) / np.sqrt(len(values)), gap.shape)
    rounding = 1e-12 * np.maximum(np.abs(expected), np.abs(values).max(axis=0))
    certain = error <= rounding
    exact = np.where(np.abs(gap) <= rounding, 0.0, np.inf)
    return np.where(certain, exact, gap / np.where(certain, 1.0, error))


def assert_agrees(values, expected, limit=LIMIT):
    """Raise AssertionError, with z, unless every mean is within `limit` standard errors."""
    z = np.abs(z_score(values, expected))
    if not np.all(z < limit):
        raise AssertionError(
            f"the mean of {len(values)} replicates is off by |z| = {z.max():.1f} (limit {limit}): "
            f"means {np.mean(values, axis=0)}, expected {expected}"
        )


def assert_rejects(values, wrong, limit=LIMIT):
    """Raise AssertionError unless `wrong` is told apart from the mean by more than `limit`."""
    z = np.abs(z_score(values, wrong))
    if not np.any(z > limit):
        raise AssertionError(
            f"a wrong value passes: |z| is at most {z.max():.1f} (limit {limit}) over "
            f"{len(values)} replicates; give the test more power"
        )


def assert_same_law(a, b, limit=LIMIT):
    """Raise AssertionError unless the means of two sets of replicates, and their mean squares,
    are within `limit` standard errors of each other; replicates along the first axis of both."""
    for power, name in ((1, "means"), (2, "mean squares")):
        x, y = np.asarray(a, dtype=float) ** power, np.asarray(b, dtype=float) ** power
        error = np.sqrt(x.var(axis=0, ddof=1) / len(x) + y.var(axis=0, ddof=1) / len(y))
        z = np.abs(x.mean(axis=0) - y.mean(axis=0)) / np.maximum(error, 1e-300)
        if not np.all(z < limit):
            raise AssertionError(
                f"the {name} differ by |z| = {z.max():.1f} (limit {limit}): "
                f"{x.mean(axis=0)} and {y.mean(axis=0)}"
            )
