"""GaussianMixture: its components, its sampling bias and its threads."""

import numpy as np
import pytest
from model_rows import fault_is, rng
from statcheck import assert_agrees, assert_rejects

from collapse_lib.models.mixture import GaussianMixture


def test_mixture_finds_its_components_and_shuffles_its_samples():
    rows = np.concatenate([rng(1).normal(-4, 1, size=(300, 2)), rng(2).normal(4, 1, size=(100, 2))])
    fitted = GaussianMixture(n_components=2, n_init=3).fit(rows, rng=rng())
    order = np.argsort(fitted.means_[:, 0])
    assert np.allclose(fitted.means_[order], [[-4, -4], [4, 4]], atol=0.4)
    assert np.allclose(fitted.weights_[order], [0.75, 0.25], atol=0.01)
    head = fitted.sample(4000, rng=rng(3))[:1000]
    z = (np.mean(head[:, 0] > 0) - 0.25) / np.sqrt(0.25 * 0.75 / 1000)
    assert abs(z) < 4
    sorted_head = fitted._mixture.sample(4000)[0][:1000]  # scikit-learn's own order
    assert abs((np.mean(sorted_head[:, 0] > 0) - 0.25) / np.sqrt(0.25 * 0.75 / 1000)) > 4


def test_mixture_with_a_sampling_bias():
    rows = np.concatenate([rng().normal(-9, 1, (100, 2)), rng(1).normal(9, 3, (300, 2))])
    plain = GaussianMixture().fit(rows, rng=rng())
    biased = GaussianMixture(sampling_bias=0.25).fit(rows, rng=rng())
    assert np.array_equal(plain.covariances_, biased.covariances_)
    assert np.array_equal(plain.score_samples(rows), biased.score_samples(rows))
    drawn = biased.sample(20_000, rng=rng(2))
    for mean, covariance, weight in zip(
        biased.means_, biased.covariances_, biased.weights_, strict=True
    ):
        near = np.sign(drawn[:, 0]) == np.sign(mean[0])
        squares = (drawn[near] - mean) ** 2
        assert_agrees(squares, 0.25 * np.diag(covariance))
        assert_rejects(squares, np.diag(covariance))
        assert_agrees(near, weight)


@pytest.mark.parametrize(
    ("model", "rows", "sentence"),
    [
        (
            GaussianMixture(sampling_bias=-0.5),
            np.arange(3.0),
            "GaussianMixture.sampling_bias must be finite and at least 0; got -0.5.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bad_input_is_told_in_one_sentence(model, rows, sentence):
    fault_is(model, rows, sentence)


def test_mixtures_fitted_in_threads_leave_the_thread_limits_alone():
    from concurrent.futures import ThreadPoolExecutor

    from threadpoolctl import threadpool_info

    rows = rng().normal(size=(100, 2))
    before = [pool["num_threads"] for pool in threadpool_info()]
    with ThreadPoolExecutor(4) as pool:
        fits = [pool.submit(GaussianMixture().fit, rows, rng=rng(i)) for i in range(12)]
        for each in fits:
            each.result()
    assert [pool["num_threads"] for pool in threadpool_info()] == before
