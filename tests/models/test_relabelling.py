"""Models that relabel: their inputs are those they were fitted to, a design, or a source's."""

import numpy as np
import pytest
from model_rows import labelled, rng
from sentences import refusals
from sklearn.datasets import load_breast_cancer, load_diabetes
from statcheck import assert_agrees, assert_rejects

from collapse_lib import run_loop, sweep
from collapse_lib.models.classifier import LinearClassifier
from collapse_lib.models.linear import LinearRegression
from collapse_lib.policies import Accumulate, FreshReal, Replace, Weighted
from collapse_lib.sources import LinearRows, MultivariateGaussian, from_array


def tumours():
    """(569, 5) a column of ones, three measurements as they come, and a label."""
    data = load_breast_cancer()
    inputs = data.data[:, [0, 1, 2]]
    return np.column_stack([np.ones(len(inputs)), inputs, data.target])


def patients():
    """(442, 6) a column of ones, four raw measurements, and a target of 25 to 346."""
    data = load_diabetes(scaled=False)
    return np.column_stack([np.ones(442), data.data[:, [0, 2, 3, 4]], data.target])


REAL = [(LinearClassifier, tumours()), (LinearRegression, patients())]


@pytest.mark.parametrize(("family", "table"), REAL, ids=["tumours", "patients"])
@pytest.mark.parametrize("policy", [Replace(), Accumulate(), FreshReal(0.1)], ids=repr)
def test_real_inputs_stay_real_in_a_loop(family, table, policy):
    run = run_loop(family(), from_array(table), policy, n_samples=200, n_generations=4, seed=1)
    real = {tuple(row) for row in table[:, :-1]}
    for generation in run:
        inputs = generation.sample[:, :-1]
        assert {tuple(row) for row in inputs} <= real
        error = table[:, 1:-1].std(axis=0) / np.sqrt(200)
        assert (np.abs(inputs[:, 1:].mean(axis=0) - table[:, 1:-1].mean(axis=0)) < 5 * error).all()
    if isinstance(policy, Replace):  # the same inputs, each once, in another order
        first, last = (np.sort(run[t].train.rows[:, :-1], axis=0) for t in (0, -1))
        assert np.array_equal(first, last)
        assert not np.array_equal(run[0].train.rows[:, :-1], run[-1].train.rows[:, :-1])


def test_a_regression_keeps_the_noise_of_real_targets():
    table = patients()
    fitted = LinearRegression().fit(table)
    theirs = np.linalg.lstsq(table[:, :-1], table[:, -1])
    assert np.allclose(fitted.weights_, theirs[0], rtol=1e-6)
    assert fitted.noise_ == pytest.approx(np.sqrt(theirs[1].item() / (442 - 5)))
    drawn = np.array([fitted.sample(442, rng=child)[:, -1].std() for child in rng(1).spawn(40)])
    assert_agrees(drawn, table[:, -1].std(), limit=8)
    known = LinearRegression(noise=1.0).fit(table)
    assert known.sample(442, rng=rng())[:, -1].std() < 0.8 * table[:, -1].std()


def test_a_classifier_of_raw_measurements_is_that_of_standardised_ones():
    table = tumours()
    standard = (table[:, 1:4] - table[:, 1:4].mean(axis=0)) / table[:, 1:4].std(axis=0)
    other = np.column_stack([np.ones(569), standard, table[:, -1]])
    raw, tidy = LinearClassifier().fit(table), LinearClassifier().fit(other)
    p = tidy.label_probabilities(other[:, :-1])
    assert np.allclose(raw.label_probabilities(table[:, :-1]), p, atol=1e-6)
    assert np.allclose(raw.weights_[1:], tidy.weights_[1:] / table[:, 1:4].std(axis=0), rtol=1e-5)


@pytest.mark.parametrize("family", [LinearClassifier, LinearRegression])
@pytest.mark.parametrize("n", [1, 30, 31, 75])
@pytest.mark.parametrize("given", [True, False])
def test_a_design_is_dealt_without_repeats_until_all_are_used(family, n, given):
    rows = labelled(30)
    design = rng(4).normal(size=(30, 2)) if given else rows[:, :2]
    fitted = family(design=design if given else None).fit(rows)
    drawn = fitted.sample(n, rng=rng(1))[:, :2]
    places = [int(np.flatnonzero((design == row).all(axis=1)).item()) for row in drawn]
    assert np.ptp(np.bincount(places, minlength=30)) <= 1
    if n == 30:
        assert np.array_equal(drawn, rng(1).permutation(design))


@pytest.mark.parametrize("family", [LinearClassifier, LinearRegression])
def test_new_inputs_come_from_a_source(family):
    law = MultivariateGaussian([3.0, -90.0], np.diag([1.0, 100.0]))
    fitted = family(design=law).fit(labelled())
    drawn = fitted.sample(2000, rng=rng(1))[:, :2]
    assert np.array_equal(drawn, law(2000, rng(1)))
    assert_agrees(drawn, [3.0, -90.0])
    assert_rejects(drawn, [0.0, 0.0])


def test_what_is_kept_is_a_copy():
    rows = labelled()
    fitted = LinearRegression().fit(rows)
    before = fitted.sample(9, rng=rng(1))
    rows[:] = 0
    assert np.array_equal(fitted.sample(9, rng=rng(1)), before)


def few_large(dataset, rng):
    """Weights that leave out tumours of a radius above 16 among the samples."""
    return np.where(dataset.rows[:, 1] < 16, 1.0, 0.0)


def test_inputs_of_weighted_rows_are_drawn_in_proportion():
    rows = labelled(4)
    weights = np.array([0.0, 1.0, 1.0, 2.0])
    fitted = LinearRegression(noise=1.0).fit(rows, sample_weight=weights)
    drawn = fitted.sample(4000, rng=rng(1))[:, :1] == rows[:, 0]
    assert_agrees(drawn, weights / 4)
    assert_rejects(drawn, np.full(4, 0.25))
    table = tumours()
    run = run_loop(LinearClassifier(), from_array(table), Weighted(Replace(), few_large),
                   n_samples=100, n_generations=2, seed=1)  # fmt: skip
    assert run[0].sample[:, 1].max() > 20 > 16 > run[1].sample[:, 1].max()


def test_a_regression_with_fixed_inputs_is_two_lines():
    inputs = rng(3).normal(5, 2, size=(12, 2))
    source = LinearRows([1.0, -2.0], design=inputs)
    run = run_loop(LinearRegression(1.0), source, Replace(), n_samples=12, n_generations=3, seed=0)
    for generation in run:
        assert np.array_equal(np.sort(generation.sample[:, :2], axis=0), np.sort(inputs, axis=0))


def test_a_sweep_couples_a_model_and_a_source_that_share_a_design():
    designs = {"narrow": rng(3).normal(size=(12, 2)), "wide": rng(4).normal(0, 9, size=(20, 2))}
    cases = {
        label: {
            "model": LinearRegression(1.0, design),
            "source": LinearRows([1.0, -2.0], design=design),
            "n_samples": len(design),
        }
        for label, design in designs.items()
    }
    measured = {"risk": lambda g: ((g.model.weights_ - [1.0, -2.0]) ** 2).sum()}
    frame = sweep({"design": cases, "policy": [Replace()]}, n_replicates=60, n_generations=2,
                  seed=0, metrics=measured)  # fmt: skip
    for label, design in designs.items():
        risk = np.trace(np.linalg.inv(design.T @ design)) * np.array([1, 2])
        found = frame[frame["design"] == label].pivot(
            index="replicate", columns="generation", values="risk"
        )
        assert_agrees(found.to_numpy(), risk)
        assert_rejects(found.to_numpy(), risk[::-1])


def sampled(model):
    return model.fit(labelled()).sample(5, rng=rng())


test_refusals_are_sentences = refusals(
    (
        lambda: sampled(LinearRegression(design=np.ones((4, 3)))),
        "LinearRegression.design needs rows of width 2; got rows of width 3.",
    ),
    (
        lambda: sampled(LinearClassifier(design=np.ones(4))),
        "LinearClassifier.design needs rows of shape (n, d); got shape (4,).",
    ),
    (
        lambda: sampled(LinearClassifier(design=lambda n, rng: np.ones((n, 3)))),
        "LinearClassifier.design needs rows of width 2; got rows of width 3.",
    ),
    (
        lambda: sampled(LinearRegression(design=lambda n, rng: np.ones((n + 1, 2)))),
        "LinearRegression.design: the number of inputs must be one of 5; got 6.",
    ),
)
