"""Relabelled tumours: what is stored is what Dey and Donoho predict, and its parts are right."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from statcheck import assert_agrees, assert_rejects

from collapse_lib import theory
from collapse_lib.chapters import load
from collapse_lib.chapters.autophagy.relabel import (
    ARMS,
    EXPERIMENTS,
    LogisticRows,
    divergence,
    error_ratios,
    tumours,
)

T = np.arange(1, 21)


def excess(errors, ratio):
    """Per replicate, error minus ratio times the error of generation 1: of mean 0 where the mean
    errors have that ratio."""
    errors = errors.astype(float)
    return errors - ratio * errors[:, :1]


def test_what_is_stored_follows_the_universal_path():
    stored = load("relabel")
    kl = dict(zip(ARMS, stored.kl.values, strict=True))
    n, d = tumours()[0].shape
    for each in kl.values():
        assert_agrees(each[:, 0], theory.kl_replace(1, n, d))
        assert_rejects(each[:, 0], theory.kl_replace(1, n, d + 1))
    kept = theory.kl_accumulate(T, n, d) / theory.kl_accumulate(1, n, d)
    assert_agrees(excess(kl["Accumulate"], kept), 0)
    assert_rejects(excess(kl["Replace"], kept), 0)
    thinned = theory.subsample_mean_error(T)
    assert_agrees(excess(kl["AccumulateSubsample"], thinned), 0)
    assert_rejects(excess(kl["AccumulateSubsample"], kept), 0)
    # under Replace the growth is linear only at first: labels become easy to part by a line
    assert_agrees(excess(kl["Replace"][:, :3], T[:3]), 0)
    assert_rejects(excess(kl["Replace"], T), 0)
    assert np.all(np.diff(np.median(kl["Replace"], axis=0)[[0, 4, 9, 14, 19]]) > 0)


def test_error_ratios_have_the_error_of_a_ratio():
    rng = np.random.default_rng(0)
    first = rng.gamma(2, 1, (500, 40))
    errors = np.stack([first, 1.5 * first + rng.gamma(1, 0.5, first.shape)], axis=-1)
    ratios, claimed = error_ratios(errors)
    assert np.allclose(ratios[:, 0], 1) and np.allclose(claimed[:, 0], 0)
    assert_agrees(ratios[:, 1], 1.75)
    assert_rejects(ratios[:, 1], 1.5)
    assert claimed[:, 1].mean() == pytest.approx(ratios[:, 1].std(), rel=0.1)


def test_divergence_of_labels():
    p, logits = np.array([0.2, 0.9]), np.array([0.3, -1.0])
    q = 1 / (1 + np.exp(-logits))
    laws = stats.entropy(np.array([p, 1 - p]), np.array([q, 1 - q]))
    assert divergence(p, logits) == pytest.approx(laws.mean())
    assert np.isfinite(divergence(p, 1e4 * logits))


def test_the_source_labels_its_whole_design():
    design, labels = tumours()
    source = LogisticRows(design, np.array([0.5, -1.0, 0.0, 0.0]))
    assert design.shape == (569, 4) and labels.mean() == pytest.approx(357 / 569)
    assert np.allclose(design[:, 1:].mean(axis=0), 0) and np.allclose(design[:, 1:].std(axis=0), 1)
    draws = np.array([source(569, child) for child in np.random.default_rng(0).spawn(300)])
    assert np.array_equal(draws[7, :, :4], design)
    assert_agrees(draws[..., 4], 1 / (1 + np.exp(-(0.5 - design[:, 1]))))
    assert_rejects(draws[..., 4], 1 / (1 + np.exp(-(0.5 - design[:, 2]))))
    with pytest.raises(ValueError) as error:
        source(10, np.random.default_rng(0))
    assert str(error.value) == (
        "LogisticRows has a design of 569 inputs and was asked for 10 rows; set n_samples and "
        "n_reference to 569."
    )


def test_a_part_of_another_seed_is_told():
    (relabel,) = EXPERIMENTS
    stored = load("relabel")
    other = replace(relabel, part={"seed": 1, "n_replicates": 3, "n_generations": 2}).make_part()
    with pytest.raises(AssertionError, match="% of errors are not what is stored"):
        relabel.agrees(stored, other)
