"""LinearClassifier: its likelihood, its labels and its design."""

import numpy as np
import pytest
from model_rows import fault_is, labelled, rng, runs_in_the_loop
from scipy import optimize, stats
from statcheck import assert_agrees, assert_rejects

from collapse_lib.models.classifier import LinearClassifier


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("penalty", [0.0, 3.0])
def test_classifier_maximises_the_penalised_likelihood(penalty, weighted):
    rows = labelled()
    weight = rng(5).random(400) if weighted else None

    def loss(weights):
        margins = (2 * rows[:, 2] - 1) * (rows[:, :2] @ weights)
        shares = np.ones(400) if weight is None else weight
        squares = shares @ rows[:, :2] ** 2 / shares.sum()  # the unit of each input
        penalised = penalty * (squares * weights**2).sum() / 2
        return (shares * np.logaddexp(0, -margins)).sum() + penalised

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


@pytest.mark.parametrize(
    ("model", "rows", "sentence"),
    [
        (
            LinearClassifier(penalty=-1),
            labelled(),
            "LinearClassifier.penalty must be finite and at least 0; got -1.",
        ),
        (
            LinearClassifier(argmax=1),
            labelled(),
            "LinearClassifier.argmax must be of type bool; got 1.",
        ),
        (
            LinearClassifier(label_noise=1.5),
            labelled(),
            "LinearClassifier.label_noise must be in [0, 1]; got 1.5.",
        ),
        (
            LinearClassifier(),
            np.array([[0.0, 1.0], [1.0, 2.0], [1.0, 0.5]]),
            "LinearClassifier.fit: the last column needs whole numbers from 0 to 1; 2 of 3 are not "
            "(the first is 2).",
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
            "LinearClassifier.fit: input columns must be at least 1; got 0.",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_bad_input_is_told_in_one_sentence(model, rows, sentence):
    fault_is(model, rows, sentence)


def test_it_runs_in_the_loop():
    runs_in_the_loop(LinearClassifier(), labelled())
