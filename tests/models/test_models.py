"""Every model of the library: the common suite, and what each must know."""

import dataclasses

import numpy as np
import pytest
from scipy import stats
from sklearn.neighbors import KernelDensity as SklearnDensity

from collapse_lib import check_model
from collapse_lib.discovery import public
from collapse_lib.models.base import GenerativeModel, Scorable
from collapse_lib.models.categorical import Categorical, tempered
from collapse_lib.models.classifier import LinearClassifier
from collapse_lib.models.diffusion import Diffusion
from collapse_lib.models.dirichlet import DirichletCategorical
from collapse_lib.models.edited import Edited
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.kde import KernelDensity, silverman_bandwidth
from collapse_lib.models.linear import LinearRegression
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.models.ngram import NGram
from collapse_lib.models.pretrained import Pretrained
from collapse_lib.models.transformer import Transformer
from collapse_lib.models.uniform import Uniform


def is_model(found):
    return dataclasses.is_dataclass(found) and hasattr(found, "fit") and hasattr(found, "sample")


MODELS = [model() for model in public("collapse_lib.models", is_model, below=True).values()]
ONE_SHAPE = (Categorical, DirichletCategorical, Edited, LinearClassifier, NGram, Uniform)


def rng(seed=0):
    return np.random.default_rng(seed)


def rows_for(model):
    if isinstance(model, (Categorical, DirichletCategorical)):
        return np.arange(60) % 4
    if isinstance(model, (Edited, NGram, Pretrained, Transformer)):
        return np.arange(240).reshape(60, 4) % 7
    rows = rng().normal(size=(60, 3))
    if isinstance(model, LinearClassifier):
        return np.column_stack([rows, rows[:, 0] + rng(1).normal(size=60) > 0])
    if isinstance(model, Uniform):
        return abs(rows[:, 0])
    return rows if isinstance(model, LinearRegression) else rows[:, 0]


def test_the_families_are_found():
    assert {type(model) for model in MODELS} >= {
        Categorical, Gaussian, GaussianMixture, KernelDensity, LinearRegression,
    }  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_model_passes_the_common_suite(model):
    if isinstance(model, (Diffusion, Pretrained, Transformer)):
        pytest.skip("on a small model in a file of its own")
    assert isinstance(model, GenerativeModel)
    check_model(model, rows_for(model))
    if not isinstance(model, ONE_SHAPE):
        check_model(model, rng(1).normal(size=(60, 2)))


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_making_a_model_only_stores(model):
    fields = {field.name for field in dataclasses.fields(model)}
    assert set(vars(model)) == fields


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_sampling_before_fitting_is_told(model):
    name = type(model).__name__
    for method in [lambda m: m.sample(3, rng=rng())] + [
        lambda m: m.score_samples(rows_for(m))
    ] * isinstance(model, Scorable):
        with pytest.raises(RuntimeError) as error:
            method(type(model)())
        assert str(error.value) == f"{name} is not fitted; call {name}.fit first."


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_rows_with_nan_are_counted(model):
    rows = rows_for(model).astype(float)
    rows[[3, 5]] = np.nan
    with pytest.raises(ValueError) as error:
        model.fit(rows, rng=rng())
    assert str(error.value) == (
        f"{type(model).__name__}.fit: 2 of 60 rows hold NaN or infinity (the first is row 3); "
        "drop or repair them."
    )


@pytest.mark.parametrize("model", MODELS, ids=repr)
def test_rows_of_a_wrong_kind_or_shape_are_told(model):
    name = type(model).__name__
    with pytest.raises(TypeError) as error:
        model.fit(np.array(["a", "b"]), rng=rng())
    assert str(error.value) == (
        f"{name}.fit needs rows of numbers; got an array of <U1 of shape (2,)."
    )
    with pytest.raises(ValueError, match=rf"^{name}\.fit needs rows of shape .*; got shape"):
        model.fit(np.zeros((4, 3, 2, 2)), rng=rng())
    with pytest.raises(ValueError, match=rf"^{name}\.fit needs at least \d+ rows?; got 0\.$"):
        model.fit(rows_for(model)[:0], rng=rng())


def test_gaussian_is_the_normal_distribution():
    rows = rng().normal(2.0, 3.0, size=50)
    for ddof in (0, 1):
        fitted = Gaussian(ddof=ddof).fit(rows)
        assert fitted.mean_ == pytest.approx(rows.mean())
        assert fitted.variance_ == pytest.approx(rows.var(ddof=ddof))
        oracle = stats.norm(fitted.mean_, np.sqrt(fitted.variance_))
        assert np.allclose(fitted.score_samples(rows), oracle.logpdf(rows))
        drawn = fitted.sample(5000, rng=rng(1))
        assert stats.kstest(drawn, oracle.cdf).pvalue > 1e-4
        assert stats.kstest(drawn, stats.norm(0, 1).cdf).pvalue < 1e-4


def test_gaussian_in_many_dimensions():
    rows = rng().normal(size=(80, 3)) @ np.array([[2, 0, 0], [1, 1, 0], [0, 0.5, 0.3]])
    fitted = Gaussian(ddof=1, sampling_bias=0.5).fit(rows)
    assert np.allclose(fitted.covariance_, np.cov(rows.T))
    oracle = stats.multivariate_normal(fitted.mean_, fitted.covariance_)
    assert np.allclose(fitted.score_samples(rows), oracle.logpdf(rows))
    drawn = fitted.sample(200_000, rng=rng(1))
    assert np.allclose(np.cov(drawn.T), 0.5 * fitted.covariance_, atol=0.02)


def test_gaussian_on_fewer_rows_than_dimensions_samples_in_their_plane():
    rows = rng().normal(size=(3, 5))
    fitted = Gaussian().fit(rows)
    drawn = fitted.sample(10, rng=rng(1))
    assert np.linalg.matrix_rank(drawn - fitted.mean_, tol=1e-6) == 2
    with pytest.raises(ValueError) as error:
        fitted.score_samples(rows)
    assert str(error.value) == (
        "Gaussian.score_samples: the fitted covariance is singular, so there is no density; fit "
        "to more rows than dimensions."
    )


def test_weights_count_rows():
    rows, weights = np.array([0.0, 1.0, 5.0]), np.array([1.0, 2.0, 1.0])
    repeated = np.array([0.0, 1.0, 1.0, 5.0])
    assert Gaussian().fit(rows, sample_weight=weights).variance_ == pytest.approx(repeated.var())
    labels = np.array([0, 2, 2])
    assert Categorical().fit(labels, sample_weight=weights).probabilities_.tolist() == [
        0.25,
        0,
        0.75,
    ]
    table = np.column_stack([rng().normal(size=(9, 2)), np.arange(9.0)])
    twice = LinearRegression().fit(np.concatenate([table, table[:1]])).weights_
    once = LinearRegression().fit(table, sample_weight=np.array([2.0] + [1] * 8)).weights_
    assert np.allclose(once, twice)


def test_categorical_counts_and_samples():
    fitted = Categorical(n_categories=5).fit(np.array([0, 0, 1, 3]))
    assert fitted.probabilities_.tolist() == [0.5, 0.25, 0, 0.25, 0]
    drawn = fitted.sample(8000, rng=rng())
    counts = np.bincount(drawn, minlength=5)
    assert counts[2] == counts[4] == 0
    assert stats.chisquare(counts[[0, 1, 3]], [4000, 2000, 2000]).pvalue > 1e-4
    assert stats.chisquare(counts[[0, 1, 3]], [3000, 3000, 2000]).pvalue < 1e-4
    assert fitted.score_samples(np.array([0, 2])).tolist() == [np.log(0.5), -np.inf]


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_tempered_probabilities(temperature):
    p = np.array([[0.5, 0.3, 0.2, 0.0], [0.1, 0.9, 0.0, 0.0]])
    power = p ** (1 / temperature)
    assert np.allclose(tempered(p, temperature), power / power.sum(axis=1, keepdims=True))


def test_categories_that_do_not_fit_are_told():
    with pytest.raises(ValueError) as error:
        Categorical(n_categories=3).fit(np.array([0, 1, 3, -1]))
    assert str(error.value) == (
        "Categorical.fit needs whole numbers from 0 to 2; 2 of 4 are not (the first is 3)."
    )
    with pytest.raises(ValueError) as error:
        Categorical().fit(np.array([0, 0.5]))
    assert str(error.value) == (
        "Categorical.fit needs whole numbers of 0 or more; 1 of 2 are not (the first is 0.5)."
    )


def test_kernel_density_follows_the_scale_of_the_data():
    rows = rng().normal(size=100)
    small, large = KernelDensity().fit(rows), KernelDensity().fit(1000 * rows)
    assert large.bandwidth_ == pytest.approx(1000 * small.bandwidth_)
    expected = (4 / 3) ** 0.2 * rows.std(ddof=1) * 100**-0.2
    assert silverman_bandwidth(rows) == pytest.approx(expected)
    oracle = stats.gaussian_kde(rows, bw_method="silverman")
    assert np.allclose(small.score_samples(rows), oracle.logpdf(rows), atol=1e-6)
    drawn = small.sample(20_000, rng=rng(1))
    variance = rows.var() + small.bandwidth_**2
    z = (drawn.var() - variance) / (variance * np.sqrt(2 / 20_000))
    assert abs(z) < 4
    assert abs((drawn.var() - rows.var()) / (rows.var() * np.sqrt(2 / 20_000))) > 4
    ignores_scale = SklearnDensity(bandwidth="silverman").fit(1000 * rows[:, None]).bandwidth_
    assert ignores_scale < 1


def test_kernel_density_faults():
    with pytest.raises(ValueError) as error:
        KernelDensity(bandwidth=0).fit(np.arange(3.0))
    assert str(error.value) == "KernelDensity.bandwidth must be in (0, 1e+150]; got 0."
    with pytest.raises(ValueError) as error:
        KernelDensity().fit(np.ones(5))
    assert str(error.value) == (
        "KernelDensity.fit: all rows are equal, so no bandwidth can be computed from them; set "
        "KernelDensity.bandwidth."
    )


def test_linear_regression_is_least_squares():
    inputs = rng().normal(size=(200, 3))
    target = inputs @ np.array([1.0, -2.0, 0.5]) + 0.1 * rng(1).normal(size=200)
    fitted = LinearRegression(noise=None).fit(np.column_stack([inputs, target]))
    assert np.allclose(fitted.weights_, np.linalg.solve(inputs.T @ inputs, inputs.T @ target))
    assert fitted.noise_ == pytest.approx(0.1, rel=0.2)
    rows = fitted.sample(5000, rng=rng(2))
    residual = rows[:, -1] - rows[:, :-1] @ fitted.weights_
    assert stats.kstest(residual / fitted.noise_, "norm").pvalue > 1e-4
    assert stats.kstest(residual, "norm").pvalue < 1e-4


def test_linear_regression_relabels_the_same_inputs():
    design = rng().normal(size=(30, 2))
    model = LinearRegression(design=design).fit(np.column_stack([design, np.zeros(30)]))
    rows = model.sample(30, rng=rng(1))
    assert np.array_equal(np.unique(rows[:, :2], axis=0), np.unique(design, axis=0))
    assert not np.array_equal(rows[:, :2], design)


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (Gaussian(ddof=2), "Gaussian.ddof must be one of 0, 1; got 2."),
        (
            Gaussian(sampling_bias=-1),
            "Gaussian.sampling_bias must be finite and at least 0; got -1.",
        ),
        (Gaussian(sampling_bias="1"), "Gaussian.sampling_bias must be a number; got '1'."),
        (KernelDensity(bandwidth=[1]), "KernelDensity.bandwidth must be a number; got [1]."),
        (
            GaussianMixture(n_components=2.5),
            "GaussianMixture.n_components must be a whole number; got 2.5.",
        ),
        (GaussianMixture(max_iter=0), "GaussianMixture.max_iter must be at least 1; got 0."),
        (
            GaussianMixture(tol=np.inf),
            "GaussianMixture.tol must be finite and at least 0; got inf.",
        ),
        (
            Categorical(n_categories="a"),
            "Categorical.n_categories must be a whole number; got 'a'.",
        ),
        (
            Categorical(temperature=0),
            "Categorical.temperature must be finite and above 0; got 0.",
        ),
        (LinearRegression(noise=True), "LinearRegression.noise must be a number; got True."),
    ],
)
def test_hyperparameters_out_of_range_are_told(model, sentence):
    with pytest.raises((TypeError, ValueError)) as error:
        model.fit(np.arange(5.0), rng=rng())
    assert str(error.value) == sentence


def test_a_category_that_was_never_seen_scores_minus_infinity():
    fitted = Categorical().fit(np.array([0, 1]))
    assert fitted.score_samples(np.array([0, 7])).tolist() == [np.log(0.5), -np.inf]
    with pytest.raises(ValueError, match=r"needs whole numbers of 0 or more; 1 of 1 are not"):
        fitted.score_samples(np.array([-1]))
