"""DirichletCategorical: its posterior and what it is without a prior."""

import numpy as np
import pytest
from model_rows import fault_is, rng, runs_in_the_loop
from scipy import stats
from statcheck import assert_agrees, assert_rejects

from collapse_lib.models.categorical import Categorical
from collapse_lib.models.dirichlet import DirichletCategorical


@pytest.mark.parametrize("prior", [0.5, (0.5, 2.0, 0.0)])
def test_dirichlet_posterior(prior):
    rows = np.array([0, 0, 1, 0, 1])
    counts = np.array([3.0, 2.0, 0.0]) + prior
    possible = counts > 0
    law = stats.dirichlet(counts[possible])
    fits = [
        DirichletCategorical(prior, n_categories=3).fit(rows, rng=child).probabilities_
        for child in rng().spawn(2000)
    ]
    assert_agrees(fits, counts / counts.sum())
    drawn = np.array(fits)[:, possible]
    assert_agrees((drawn - law.mean()) ** 2, law.var())
    assert_rejects((drawn - law.mean()) ** 2, stats.dirichlet(1.5 * counts[possible]).var())
    mean = DirichletCategorical(prior, False, 3).fit(rows, rng=rng())
    assert np.allclose(mean.probabilities_, counts / counts.sum())
    with np.errstate(divide="ignore"):
        expected = np.log(mean.probabilities_)[[0, 2]]
    assert np.array_equal(mean.score_samples(np.array([0, 2])), expected)


def test_without_a_prior_the_posterior_mean_is_maximum_likelihood():
    rows = rng().integers(0, 5, size=50)
    ours = DirichletCategorical(0, posterior=False).fit(rows, rng=rng())
    assert np.array_equal(ours.probabilities_, Categorical().fit(rows).probabilities_)
    assert ours.score_samples(np.array([9])).tolist() == [-np.inf]


@pytest.mark.parametrize(
    ("model", "rows", "sentence"),
    [
        (
            DirichletCategorical(prior=-1),
            np.arange(3),
            "DirichletCategorical.prior must be finite and at least 0; got -1.",
        ),
        (
            DirichletCategorical(prior=(1, 2), n_categories=3),
            np.arange(3),
            "DirichletCategorical.n_categories must be one of None, 2; got 3.",
        ),
        (
            DirichletCategorical(posterior="mean"),
            np.arange(3),
            "DirichletCategorical.posterior must be of type bool; got 'mean'.",
        ),
        (
            DirichletCategorical(prior=(1, 2)),
            np.arange(3),
            "DirichletCategorical.fit needs whole numbers from 0 to 1; 1 of 3 are not (the first "
            "is 2).",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bad_input_is_told_in_one_sentence(model, rows, sentence):
    fault_is(model, rows, sentence)


def test_it_runs_in_the_loop():
    runs_in_the_loop(DirichletCategorical((1.0, 2.0)), np.arange(50) % 2)
