"""Uniform: its fit by the largest row."""

import numpy as np
import pytest
from model_rows import fault_is, rng
from scipy import stats

from collapse_lib.models.uniform import Uniform


def test_uniform_is_fitted_by_its_largest_row():
    fitted = Uniform().fit(np.array([0.5, 2.0, 1.0]))
    oracle = stats.uniform(0, 2.0)
    assert fitted.theta_ == 2.0
    rows = np.array([0.0, 1.9, 2.0, 2.1])
    assert np.array_equal(fitted.score_samples(rows), oracle.logpdf(rows))
    drawn = fitted.sample(3000, rng=rng())
    assert stats.kstest(drawn, oracle.cdf).pvalue > 1e-4
    assert stats.kstest(drawn, stats.uniform(0, 2.2).cdf).pvalue < 1e-4


@pytest.mark.parametrize(
    ("model", "rows", "sentence"),
    [
        (
            Uniform(),
            np.array([1.0, -2.0, -1.0]),
            "Uniform.fit: rows must be finite and at least 0; 2 of 3 are not (the first is -2).",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bad_input_is_told_in_one_sentence(model, rows, sentence):
    fault_is(model, rows, sentence)
