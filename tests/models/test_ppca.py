"""Probabilistic PCA: its fit, and what a loop on its decoder means loses."""

import numpy as np
import pytest
from scipy import stats
from sklearn.decomposition import PCA
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib.models.ppca import ProbabilisticPCA
from collapse_lib.theory import ppca_eigenvalues


def rng(seed=0):
    return np.random.default_rng(seed)


def correlated_rows(n=300):
    return rng(1).normal(size=(n, 4)) @ rng(2).normal(size=(4, 4)) + 3.0


@pytest.mark.parametrize("q", [1, 2, 3])
def test_it_agrees_with_scikit_learn(q):
    rows = correlated_rows()
    ours, theirs = ProbabilisticPCA(q).fit(rows), PCA(q).fit(rows)
    n = len(rows)  # scikit-learn divides by n - 1
    assert ours.noise_variance_ * n / (n - 1) == pytest.approx(theirs.noise_variance_)
    assert np.allclose(np.abs(ours.components_ @ theirs.components_.T), np.eye(q), atol=1e-9)
    covariance = ours.components_.T * ours.latent_variances_ @ ours.components_
    covariance += ours.noise_variance_ * np.eye(4)
    assert np.allclose(covariance * n / (n - 1), theirs.get_covariance())
    oracle = stats.multivariate_normal(rows.mean(axis=0), covariance)
    assert np.allclose(ours.score_samples(rows), oracle.logpdf(rows))
    assert not np.allclose(ours.score_samples(rows), oracle.logpdf(rows + 0.1))


def test_as_many_components_as_values_leave_no_noise():
    rows = correlated_rows()
    fitted = ProbabilisticPCA(4).fit(rows)
    assert fitted.noise_variance_ == 0
    oracle = stats.multivariate_normal(rows.mean(axis=0), np.cov(rows.T, ddof=0))
    assert np.allclose(fitted.score_samples(rows), oracle.logpdf(rows))


@pytest.mark.parametrize("means", [False, True])
def test_samples_have_the_covariance_of_the_model(means):
    fitted = ProbabilisticPCA(2, sample_means=means).fit(correlated_rows())
    signal = fitted.components_.T * fitted.latent_variances_ @ fitted.components_
    noise = fitted.noise_variance_ * np.eye(4)
    drawn = np.stack([np.cov(fitted.sample(500, rng=rng(i)).T) for i in range(40)])
    assert_agrees(drawn, signal + (0 if means else noise))
    assert_rejects(drawn, signal + (noise if means else 0))


@pytest.mark.parametrize("seed", stat_seeds())
def test_decoder_means_lose_the_noise_at_every_generation(seed):
    true, noise, n, generations = np.array([5.0, 2.0, 1.2]), 0.25, 20_000, 3
    lost = {True: [], False: []}
    for means in lost:
        for replicate in range(40):
            stream = np.random.default_rng([seed, replicate])
            rows = stream.normal(size=(n, 3)) * np.sqrt(true)
            path = [np.sort(np.linalg.eigvalsh(np.cov(rows.T)))[::-1]]
            for _ in range(generations):
                model = ProbabilisticPCA(3, noise_variance=noise, sample_means=means).fit(rows)
                rows = model.sample(n, rng=stream)
                path.append(np.sort(np.linalg.eigvalsh(np.cov(rows.T)))[::-1])
            lost[means].append(-np.diff(path, axis=0))  # (generations, 3)
    assert_agrees(lost[True], noise)
    assert_rejects(lost[True], 1.1 * noise)
    assert_agrees(lost[False], 0.0)
    law = -np.diff(ppca_eigenvalues(np.arange(generations + 1), true, noise), axis=0)
    assert_agrees(lost[True], law)


def test_the_law_is_the_one_of_the_list():
    law = ppca_eigenvalues([0, 1, 2, 10], [5, 2, 1.2, 0.4], 0.5)
    expected = [[5, 2, 1.2, 0.4], [4.5, 1.5, 0.7, 0], [4, 1, 0.2, 0], [0, 0, 0, 0]]
    assert np.allclose(law, expected)
    assert ppca_eigenvalues(3, [5.0], 0).tolist() == [5.0]
    with pytest.raises(ValueError) as error:
        ppca_eigenvalues(1, 5.0, 0.1)
    assert str(error.value) == "ppca_eigenvalues.eigenvalues must have 1 axis; got shape ()."


def test_a_direction_below_the_noise_is_dropped():
    rows = np.column_stack([3 * rng().normal(size=200), 0.1 * rng(1).normal(size=200)])
    fitted = ProbabilisticPCA(2, noise_variance=0.5, sample_means=True).fit(rows)
    assert fitted.latent_variances_[0] > 5 and fitted.latent_variances_[1] == 0
    assert np.linalg.matrix_rank(fitted.sample(50, rng=rng()) - fitted.mean_, tol=1e-9) == 1


def test_constant_and_single_rows_just_work():
    for rows in (np.full((9, 3), 2.0), np.full((1, 3), 2.0)):
        fitted = ProbabilisticPCA(2).fit(rows)
        assert np.array_equal(fitted.sample(4, rng=rng()), np.full((4, 3), 2.0))
    with pytest.raises(ValueError) as error:
        fitted.score_samples(rows)
    assert str(error.value) == (
        "ProbabilisticPCA.score_samples: the fitted distribution is flat in some direction, so "
        "there is no density; set noise_variance, or use fewer components."
    )


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (
            ProbabilisticPCA(3),
            "ProbabilisticPCA.n_components must be at most 2; got 3.",
        ),
        (
            ProbabilisticPCA(1, noise_variance=-1),
            "ProbabilisticPCA.noise_variance must be finite and at least 0; got -1.",
        ),
    ],
)
def test_what_does_not_fit_is_told(model, sentence):
    with pytest.raises(ValueError) as error:
        model.fit(np.zeros((5, 2)))
    assert str(error.value) == sentence
