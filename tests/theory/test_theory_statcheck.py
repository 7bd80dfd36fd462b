"""The z-test helper itself: what it passes, what it rejects, what it refuses."""

import numpy as np
import pytest
from scipy import stats
from statcheck import assert_agrees, assert_rejects, stat_seeds, z_score


@pytest.fixture
def values():
    return np.random.default_rng(5).normal(2.0, 3.0, size=(400, 3))


def test_z_score_is_the_one_sample_t_statistic(values):
    expected = np.array([2.0, 1.9, 2.5])
    np.testing.assert_allclose(z_score(values, expected), stats.ttest_1samp(values, expected)[0])


def test_agreement_and_rejection_exclude_each_other(values):
    assert_agrees(values, 2.0)
    assert_rejects(values, [2.0, 2.0, 3.0])
    with pytest.raises(AssertionError, match="is off by"):
        assert_agrees(values, [2.0, 2.0, 3.0])
    with pytest.raises(AssertionError, match="a wrong value passes"):
        assert_rejects(values, 2.0)


def test_equal_replicates_must_equal_the_expected_value():
    assert_agrees(np.full(50, 0.1), 0.1)
    assert_rejects(np.full(50, 0.1), 0.1 + 1e-9)


@pytest.mark.parametrize("bad", [np.ones(5), np.full(50, np.nan)])
def test_too_few_or_broken_values_are_refused(bad):
    with pytest.raises(ValueError):
        z_score(bad, 1.0)


@pytest.mark.parametrize(
    ("setting", "seeds"), [(None, [0]), ("7", [7]), ("2-5", [2, 3, 4, 5]), ("0-0", [0])]
)
def test_seeds_come_from_the_environment(monkeypatch, setting, seeds):
    monkeypatch.delenv("COLLAPSE_TEST_SEEDS", raising=False)
    if setting:
        monkeypatch.setenv("COLLAPSE_TEST_SEEDS", setting)
    assert stat_seeds() == seeds
