"""compare: differences of two loops, in pairs of runs."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sentences import refusals

from collapse_lib import exact, sweep
from collapse_lib.loop import compare
from collapse_lib.policies import Anchored, Replace

SIZES = {"n_samples": 30, "n_generations": 10, "n_replicates": 40, "seed": 3}


def frames():
    return [exact.gaussian_chain(policy, **SIZES).to_frame() for policy in (Replace(), Anchored())]


def tidy(values, generation=1):
    values = np.asarray(values, dtype=float)
    return pd.DataFrame(
        {"replicate": np.arange(len(values)), "generation": generation, "m": values}
    )


def test_it_is_students_paired_interval():
    a, b = frames()
    found = compare(a, b, "variance")
    last = [frame[frame.generation == 10].variance.to_numpy() for frame in (a, b)]
    peer = stats.ttest_rel(last[1], last[0]).confidence_interval(0.95)
    assert found.difference == pytest.approx((last[1] - last[0]).mean())
    assert (found.lower, found.upper) == pytest.approx((peer.low, peer.high))
    assert found.n_pairs == 40 and found.difference > 0  # the first rows keep the variance
    assert str(found).endswith("40 pairs of runs)")


def test_pairs_tell_what_separate_samples_do_not():
    rng = np.random.default_rng(1)
    common = 100 * rng.normal(size=20)
    found = compare(tidy(common), tidy(common + 1 + 0.1 * rng.normal(size=20)), "m")
    assert 0.8 < found.lower < 1 < found.upper < 1.2
    alike = compare(tidy(common), tidy(common), "m", generation=1)
    assert alike[:3] == (0, 0, 0)


def test_replicates_of_a_sweep_are_pairs():
    grid = {"policy": {"newest": Replace(), "kept": Anchored()}}
    frame = sweep(grid, engine=exact.gaussian_chain, **SIZES)
    parts = [part for _, part in frame.groupby("policy", sort=False)]
    assert compare(*parts, "variance") == compare(*frames(), "variance")


test_what_it_refuses = refusals(
    (
        lambda: compare(tidy([1, 2]), tidy([1, 2], generation=2), "m"),
        "compare: both frames must have generation 1 or more; they share 0 generations.",
    ),
    (
        lambda: compare(tidy([1, 2]), tidy([1, 2]), "m", generation=7),
        "compare: both frames must have generation 7; they share 1 generations.",
    ),
    (
        lambda: compare(tidy([1]), tidy([1]), "m"),
        "compare: replicates in both frames must be at least 2; got 1.",
    ),
    (
        lambda: compare(tidy([1, np.nan, 3]), tidy([1, 2, 3]), "m"),
        "compare: m of a at generation 1 must be finite; 1 of 3 are not (the first is nan).",
    ),
    (
        lambda: compare(tidy([1, 2, 3]), tidy([1, np.inf, -np.inf]), "m"),
        "compare: m of b at generation 1 must be finite; 2 of 3 are not (the first is inf).",
    ),
    (
        lambda: compare(pd.concat([tidy([1, 2])] * 2), tidy([1, 2]), "m"),
        "compare: a must have one row a replicate at generation 1; choose the rows of one setting.",
    ),
    (
        lambda: compare(tidy([1, 2]), tidy([1, 2]), "n"),
        "compare: a must have a column 'n'; it has 'replicate', 'generation', 'm'.",
    ),
)
