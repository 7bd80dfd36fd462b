"""Corrected: rows moved part of the way to the truth."""

import numpy as np
import pytest
from model_rows import fault_is, rng, runs_in_the_loop
from scipy import stats

from collapse_lib.models.categorical import Categorical
from collapse_lib.models.corrected import Corrected, NormalTruth
from collapse_lib.models.gaussian import Gaussian


def test_a_correction_of_full_strength_gives_the_truth():
    rows = rng().normal(5.0, 3.0, size=(40, 2))
    truth = NormalTruth(np.array([0.0, 1.0]), 2.0)
    drawn = Corrected(Gaussian(), truth, 1e9).fit(rows, rng=rng()).sample(3000, rng=rng(1))
    for column, mean in zip(drawn.T, truth.mean, strict=True):
        assert stats.kstest(column, stats.norm(mean, 2.0).cdf).pvalue > 1e-4
        assert stats.kstest(column, stats.norm(mean, 3.0).cdf).pvalue < 1e-4


def test_a_correction_moves_each_row_on_its_own_way():
    rows = rng().normal(5.0, 3.0, size=50)
    plain = Gaussian().fit(rows).sample(100, rng=rng(1))
    none = Corrected(strength=0.0).fit(rows, rng=rng()).sample(100, rng=rng(1))
    assert np.array_equal(none, plain)
    half = Corrected(Gaussian(), lambda x, model: x + model.mean_, 1.0).fit(rows, rng=rng())
    assert np.allclose(half.sample(100, rng=rng(1)), plain + rows.mean() / 2)
    same = NormalTruth()(np.full(3, 2.0), Gaussian().fit(np.full(4, 2.0)))
    assert np.array_equal(same, np.zeros(3))  # all rows equal: they go to the true mean


@pytest.mark.parametrize(
    ("model", "rows", "sentence"),
    [
        (
            Corrected(strength=-1),
            np.arange(3.0),
            "Corrected.strength must be finite and at least 0; got -1.",
        ),
        (
            Corrected(correct=0.5),
            np.arange(3.0),
            "Corrected.correct must be callable as correct(rows, model); got 0.5.",
        ),
        (
            Corrected(correct=lambda rows, model: rows[:-1]),
            np.arange(3.0),
            "Corrected.correct needs arrays of one shape; got given (4,), returned (3,).",
        ),
        (
            Corrected(Categorical()),
            np.arange(3),
            "NormalTruth needs a model that learns mean_ and variance_, such as Gaussian; got "
            "Categorical.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bad_input_is_told_in_one_sentence(model, rows, sentence):
    fault_is(model, rows, sentence)


def test_it_runs_in_the_loop():
    runs_in_the_loop(Corrected(), np.arange(50.0))
