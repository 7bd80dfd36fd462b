"""Extrapolated: its natural parameters, and what it is at strength 0."""

import numpy as np
import pytest
from model_rows import fault_is, rng
from statcheck import assert_agrees, assert_rejects

from collapse_lib.models.extrapolated import Extrapolated
from collapse_lib.models.gaussian import Gaussian


def test_extrapolation_of_none_is_the_gaussian():
    rows = rng().normal(size=(60, 2)) @ np.array([[2.0, 0.0], [1.0, 1.0]])
    plain, none = Gaussian().fit(rows), Extrapolated(0.0).fit(rows, rng=rng())
    assert np.allclose(none.covariance_, plain.covariance_)
    assert np.allclose(none.mean_, plain.mean_)
    assert np.allclose(none.score_samples(rows), plain.score_samples(rows))
    line = rows[:, 0]
    none = Extrapolated(0.0, ddof=1).fit(line, rng=rng())
    assert np.allclose(none.score_samples(line), Gaussian(1).fit(line).score_samples(line))


@pytest.mark.parametrize("columns", [0, slice(0, 2)])
def test_extrapolated_parameters(columns):
    rows = (rng().normal(size=(60, 2)) @ np.array([[2.0, 0.0], [1.0, 1.0]]))[:, columns]
    fitted = Extrapolated(0.5, 30).fit(rows, rng=rng(7))
    first = Gaussian().fit(rows)
    second = Gaussian().fit(first.sample(30, rng=rng(7)))
    a, b = (np.linalg.inv(np.cov(each.T, ddof=0).reshape(2 * [rows[0].size])) for each in (
        rows, first.sample(30, rng=rng(7)),
    ))  # fmt: skip
    covariance = np.linalg.inv(1.5 * a - 0.5 * b)
    mean = covariance @ (
        1.5 * a @ np.atleast_1d(first.mean_) - 0.5 * b @ np.atleast_1d(second.mean_)
    )
    assert np.allclose(fitted.mean_, mean)
    assert np.allclose(getattr(fitted, "covariance_", fitted.variance_), covariance)
    drawn = fitted.sample(20_000, rng=rng(1)).reshape(20_000, -1)
    assert_agrees(drawn, mean)
    assert_agrees((drawn - mean) ** 2, np.diag(covariance))
    assert_rejects((drawn - mean) ** 2, np.diag(np.linalg.inv(a)))


@pytest.mark.parametrize(
    ("model", "rows", "sentence"),
    [
        (
            Extrapolated(strength=-1),
            np.arange(3.0),
            "Extrapolated.strength must be finite and at least 0; got -1.",
        ),
        (
            Extrapolated(n_auxiliary=1),
            np.arange(3.0),
            "Extrapolated.n_auxiliary must be at least 2; got 1.",
        ),
        (
            Extrapolated(ddof=2),
            np.arange(3.0),
            "Extrapolated.ddof must be one of 0, 1; got 2.",
        ),
        (
            Extrapolated(50.0, 2),
            np.arange(3.0),
            "Extrapolated.fit: the extrapolated precision is not positive definite; lower strength "
            "from 50 or raise n_auxiliary.",
        ),
        (
            Extrapolated(),
            np.ones(3),
            "Extrapolated.fit: the rows are flat in some direction, so there is no precision; fit "
            "to more rows than dimensions, not all equal.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bad_input_is_told_in_one_sentence(model, rows, sentence):
    fault_is(model, rows, sentence)
