"""The models that are remedies or other families: what each must know, and its bad input."""

import numpy as np
import pytest
from scipy import optimize, stats
from statcheck import assert_agrees, assert_rejects

from collapse_lib import run_loop
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.classifier import LinearClassifier
from collapse_lib.models.corrected import Corrected, NormalTruth
from collapse_lib.models.dirichlet import DirichletCategorical
from collapse_lib.models.edited import Edited
from collapse_lib.models.extrapolated import Extrapolated
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.models.ngram import NGram
from collapse_lib.models.uniform import Uniform
from collapse_lib.policies import Replace


def rng(seed=0):
    return np.random.default_rng(seed)


def labelled(n=400, weights=(1.0, -2.0), seed=0):
    inputs = rng(seed).normal(size=(n, len(weights)))
    labels = rng(seed + 1).random(n) < 1 / (1 + np.exp(-inputs @ weights))
    return np.column_stack([inputs, labels])


def test_uniform_is_fitted_by_its_largest_row():
    fitted = Uniform().fit(np.array([0.5, 2.0, 1.0]))
    oracle = stats.uniform(0, 2.0)
    assert fitted.theta_ == 2.0
    rows = np.array([0.0, 1.9, 2.0, 2.1])
    assert np.array_equal(fitted.score_samples(rows), oracle.logpdf(rows))
    drawn = fitted.sample(3000, rng=rng())
    assert stats.kstest(drawn, oracle.cdf).pvalue > 1e-4
    assert stats.kstest(drawn, stats.uniform(0, 2.2).cdf).pvalue < 1e-4


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


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("penalty", [0.0, 3.0])
def test_classifier_maximises_the_penalised_likelihood(penalty, weighted):
    rows = labelled()
    weight = rng(5).random(400) if weighted else None

    def loss(weights):
        margins = (2 * rows[:, 2] - 1) * (rows[:, :2] @ weights)
        shares = 1.0 if weight is None else weight
        return (shares * np.logaddexp(0, -margins)).sum() + penalty * (weights**2).sum() / 2

    oracle = optimize.minimize(loss, np.zeros(2), tol=1e-10).x
    fitted = LinearClassifier(penalty).fit(rows, sample_weight=weight)
    assert np.allclose(fitted.weights_, oracle, atol=1e-4)
    assert not np.allclose(LinearClassifier(penalty + 3).fit(rows).weights_, oracle, atol=1e-2)
    if penalty == 0:
        assert np.allclose(
            LinearClassifier().fit(rows, sample_weight=weight).weights_, oracle, 1e-4
        )


def test_classifier_scores_are_log_probabilities():
    fitted = LinearClassifier().fit(labelled())
    rows = labelled(seed=3)
    p = fitted.label_probabilities(rows[:, :2])
    expected = stats.bernoulli(p).logpmf(rows[:, 2])
    assert np.allclose(fitted.score_samples(rows), expected)


@pytest.mark.parametrize("argmax", [False, True])
@pytest.mark.parametrize("noise", [0.0, 0.3])
def test_classifier_labels(argmax, noise):
    design = rng().normal(size=(5, 2))
    fitted = LinearClassifier(argmax=argmax, label_noise=noise, design=design).fit(labelled())
    draws = [fitted.sample(5, rng=child) for child in rng(1).spawn(1000)]
    order = [np.lexsort(drawn[:, :2].T) for drawn in draws]
    rows = np.array([drawn[i] for drawn, i in zip(draws, order, strict=True)])  # (1000, 5, 3)
    inputs = design[np.lexsort(design.T)]
    assert np.array_equal(rows[..., :2], np.broadcast_to(inputs, (1000, 5, 2)))
    p = fitted.label_probabilities(inputs)
    if argmax:
        p = (p > 0.5).astype(float)
    assert_agrees(rows[..., 2], p * (1 - noise) + (1 - p) * noise)
    assert_rejects(rows[..., 2], p * (0.8 - noise) + (1 - p) * (noise + 0.2))


def test_classifier_with_labels_that_a_line_parts_stays_finite():
    inputs = rng().normal(size=(50, 2))
    rows = np.column_stack([inputs, inputs[:, 0] > 0])
    fitted = LinearClassifier().fit(rows)
    assert np.isfinite(fitted.weights_).all()
    assert fitted.score_samples(rows).min() > np.log(0.5)


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


def bigram_text(n=60):
    """Blocks in which 0 is followed by 1 nine times in ten, and other words by any."""
    draw, blocks = rng(), []
    for _ in range(n):
        words = [draw.integers(4)]
        while len(words) < 12:
            certain = words[-1] == 0 and draw.random() < 0.9
            words.append(1 if certain else draw.integers(4))
        blocks.append(words)
    return np.array(blocks)


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("options", [{}, {"sampling_weight": 0.7}, {"temperature": 2.0}], ids=str)
def test_token_probabilities_are_those_sampled(order, options):
    text = bigram_text()
    fitted = NGram(order, 4, **options).fit(text)
    found = fitted.token_probabilities(text[:3])
    for block, row in zip(text[:3], found, strict=True):
        one_by_one = [fitted.sampling_probabilities(block[:i])[w] for i, w in enumerate(block)]
        assert np.allclose(row, one_by_one)
    drawn = np.array([fitted.redraw(text[:3], rng=child) for child in rng(3).spawn(800)])
    law = np.array([[fitted.sampling_probabilities(b[:i]) for i in range(12)] for b in text[:3]])
    assert_agrees(drawn[..., None] == np.arange(4), law)
    assert_rejects(drawn[..., None] == np.arange(4), 1 / 4)


def test_editing_changes_predictable_words_only():
    text = bigram_text()
    text[:, 0] = 4 + np.arange(60)  # the first word tells the block, and is never predictable
    fitted = Edited(NGram(2, 64), 0.8).fit(text, rng=rng())
    p = fitted.model_.token_probabilities(text)
    assert 0.02 < fitted.edited_share() == (p > 0.8).mean() < 0.5
    deals = np.array([fitted.sample(60, rng=child) for child in rng(1).spawn(300)])
    deals = np.array([deal[np.argsort(deal[:, 0])] for deal in deals])  # (300, 60, 12)
    same = deals == text
    assert same[:, p <= 0.8].all()
    edited = p > 0.8
    assert_agrees(same[:, edited].mean(axis=1), p[edited].mean())
    assert_rejects(same[:, edited].mean(axis=1), 1)


def test_editing_nothing_deals_the_blocks_themselves():
    text = bigram_text()
    drawn = Edited(NGram(2, 4), 1.0).fit(text, rng=rng()).sample(150, rng=rng(1))
    for deal in (drawn[:60], drawn[60:120]):
        assert sorted(map(tuple, deal)) == sorted(map(tuple, text))
    assert not np.array_equal(drawn[:60], text)
    assert not np.array_equal(drawn[:60], drawn[60:120])


@pytest.mark.parametrize(
    ("model", "rows", "sentence"),
    [
        (
            Uniform(),
            np.array([1.0, -2.0, -1.0]),
            "Uniform.fit needs rows of 0 or more; 2 of 3 rows are below 0 (the least is -2). Shift "
            "them so that the known end is 0.",
        ),
        (
            DirichletCategorical(prior=-1),
            np.arange(3),
            "DirichletCategorical.prior must be a finite number of 0 or more, or (K,) of them; got "
            "-1.",
        ),
        (
            DirichletCategorical(prior=(1, 2), n_categories=3),
            np.arange(3),
            "DirichletCategorical.n_categories must be 2, the length of prior, or None; got 3.",
        ),
        (
            DirichletCategorical(posterior="mean"),
            np.arange(3),
            "DirichletCategorical.posterior must be True or False; got 'mean'.",
        ),
        (
            DirichletCategorical(prior=(1, 2)),
            np.arange(3),
            "DirichletCategorical needs whole numbers from 0 to 1; 1 of 3 rows are not (the first "
            "is 2).",
        ),
        (
            LinearClassifier(penalty=-1),
            labelled(),
            "LinearClassifier.penalty must be finite and 0 or more; got -1.",
        ),
        (
            LinearClassifier(argmax=1),
            labelled(),
            "LinearClassifier.argmax must be True or False; got 1.",
        ),
        (
            LinearClassifier(label_noise=1.5),
            labelled(),
            "LinearClassifier.label_noise must be in [0, 1]; got 1.5.",
        ),
        (
            LinearClassifier(),
            np.array([[0.0, 1.0], [1.0, 2.0], [1.0, 0.5]]),
            "LinearClassifier.fit needs labels of 0 or 1 in the last column; 2 of 3 rows have "
            "another (the first is 2).",
        ),
        (
            LinearClassifier(),
            np.ones((3, 2)),
            "LinearClassifier.fit needs rows of both labels; all 3 have label 1. Give it more "
            "rows.",
        ),
        (
            LinearClassifier(),
            np.ones((3, 1)),
            "LinearClassifier.fit needs an input column and a label; got shape (3, 1).",
        ),
        (
            Corrected(strength=-1),
            np.arange(3.0),
            "Corrected.strength must be finite and 0 or more; got -1.",
        ),
        (
            Corrected(correct=0.5),
            np.arange(3.0),
            "Corrected.correct must be a function correct(rows, model), such as NormalTruth(); got "
            "0.5.",
        ),
        (
            Corrected(correct=lambda rows, model: rows[:-1]),
            np.arange(3.0),
            "Corrected.correct must return rows of shape (4,), like those it is given; it returned "
            "shape (3,).",
        ),
        (
            Corrected(Categorical()),
            np.arange(3),
            "NormalTruth needs a model that learns mean_ and variance_, such as Gaussian; got "
            "Categorical.",
        ),
        (
            Extrapolated(strength=-1),
            np.arange(3.0),
            "Extrapolated.strength must be finite and 0 or more; got -1.",
        ),
        (
            Extrapolated(n_auxiliary=1),
            np.arange(3.0),
            "Extrapolated.n_auxiliary must be at least 2; got 1.",
        ),
        (
            Extrapolated(ddof=2),
            np.arange(3.0),
            "Extrapolated.ddof must be 0 or 1; got 2.",
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
        (
            GaussianMixture(sampling_bias=-0.5),
            np.arange(3.0),
            "GaussianMixture.sampling_bias must be finite and 0 or more; got -0.5.",
        ),
        (
            Edited(threshold=1.5),
            bigram_text(3),
            "Edited.threshold must be in [0, 1]; got 1.5.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bad_input_is_told_in_one_sentence(model, rows, sentence):
    with pytest.raises((TypeError, ValueError)) as error:
        model.fit(rows, rng=rng(2)).sample(4, rng=rng())
    assert str(error.value) == sentence


def test_classifier_relabels_its_design_only():
    design = rng().normal(size=(30, 2))
    fitted = LinearClassifier(design=design).fit(labelled())
    with pytest.raises(ValueError) as error:
        fitted.sample(10, rng=rng())
    assert str(error.value) == (
        "LinearClassifier.sample relabels the 30 rows of `design`; it cannot give 10. Set "
        "n_samples to 30."
    )


@pytest.mark.parametrize(
    ("model", "rows"),
    [
        (LinearClassifier(), labelled()),
        (Edited(NGram(2, 4)), bigram_text()),
        (DirichletCategorical((1.0, 2.0)), np.arange(50) % 2),
        (Corrected(), np.arange(50.0)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_runs_in_the_loop(model, rows):
    def source(n, rng):
        return rows[rng.choice(len(rows), size=n)]

    run = run_loop(model, source, Replace(), n_samples=40, n_generations=3, seed=0)
    again = run_loop(model, source, Replace(), n_samples=40, n_generations=3, seed=0)
    assert np.array_equal(run[-1].sample, again[-1].sample)
    assert run[-1].sample.shape == (40, *rows.shape[1:])
