"""Detection by likelihood: the area against scikit-learn, the sign flip, what a flag is worth."""

import numpy as np
import pytest
from scipy import stats
from sentences import says
from sklearn.metrics import roc_auc_score
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory
from collapse_lib.chapters import load
from collapse_lib.models.ngram import NGram
from collapse_lib.watermarks.detection import auroc, likelihood_scores, rates

seeds = pytest.mark.parametrize("seed", stat_seeds())
LAW = 1 / np.arange(2, 32)


def rng(seed=0):
    return np.random.default_rng(seed)


def test_auroc_is_scikit_learns():
    machine, human = rng().integers(9, size=80), rng(1).integers(7, size=50)  # ties
    labels = np.repeat([1, 0], [80, 50])
    expected = roc_auc_score(labels, np.concatenate([machine, human]))
    assert auroc(machine, human) == pytest.approx(expected)
    assert auroc(human, machine) == pytest.approx(1 - expected)
    assert auroc([2.0], [1.0]) == 1 and auroc([1.0], [1.0]) == 0.5


def test_scores_are_per_token():
    rows = rng().choice(30, p=LAW / LAW.sum(), size=(200, 12))
    model = NGram(1).fit(rows, rng=rng())
    scores = likelihood_scores(model, rows)
    assert np.allclose(scores, [np.log(model.next_probabilities()[row]).mean() for row in rows])


@seeds
def test_no_detector_of_normal_scores_beats_the_bound(seed):
    """The best of them is the mean of n scores; its area is known, and the bound is above it."""
    for n in (1, 8):
        human = rng([seed, n, 0]).normal(0.0, size=(40, 300, n)).mean(axis=2)
        machine = rng([seed, n, 1]).normal(0.5, size=(40, 300, n)).mean(axis=2)
        areas = [auroc(*pair) for pair in zip(machine, human, strict=True)]
        assert_agrees(areas, stats.norm.cdf(0.5 * np.sqrt(n / 2)))
        bound = theory.auroc_bound(theory.tv_normals(0.5, n))
        assert np.mean(areas) < bound
        assert_rejects(areas, bound)


@seeds
def test_the_sign_flips_with_the_temperature(seed):
    """Writer and human share one law: colder text is likelier than people's, hotter text less."""
    words = rng(seed).choice(30, p=LAW / LAW.sum(), size=(1200, 25))
    writer_rows, reader_rows, human = np.split(words, 3)
    detector = NGram(1).fit(reader_rows, rng=rng())
    area = {}
    for temperature in (0.7, 1.0, 1.5):
        writer = NGram(1, temperature=temperature).fit(writer_rows, rng=rng())
        machine = writer.sample(400, rng=rng(seed + 1))
        area[temperature] = auroc(
            likelihood_scores(detector, machine), likelihood_scores(detector, human)
        )
    error = 1 / np.sqrt(6 * 400)  # of the area of two equal laws, 400 texts each
    assert abs(area[1.0] - 0.5) < 4 * error
    assert area[0.7] > 0.5 + 4 * error
    assert area[1.5] < 0.5 - 4 * error


@seeds
def test_rates_and_the_worth_of_a_flag(seed):
    machine, human = rng(seed).normal(1, size=4000), rng(seed + 1).normal(size=4000)
    hit, alarm = rates(machine, human, 0.5)
    assert hit == (machine >= 0.5).mean() and alarm == (human >= 0.5).mean()
    is_machine = rng(seed + 2).random(60_000) < 0.05
    score = np.where(
        is_machine,
        rng(seed + 3).choice(machine, 60_000),
        rng(seed + 4).choice(human, 60_000),
    )
    flagged = is_machine[score >= 0.5]
    assert_agrees(flagged, theory.flag_precision(0.05, hit, alarm))
    assert_rejects(flagged, hit)


def test_the_stored_detectors_say_what_the_book_says():
    stored = load("detection")
    settings = stored.attrs["settings"]
    areas = dict(zip(settings["temperatures"], stored["auroc"].values.mean(axis=0), strict=True))
    assert areas[0.5][-1] > 0.9 and areas[1.5][-1] < 0.4  # the sign flip
    assert (np.diff(areas[0.7]) > 0).all()  # more text, a surer detector
    human = stored["lm_human"].values  # (R, H)
    drawn, beam = stored["lm_machine"].values  # (R, G, M): a pretrained model's text
    for r, scores in enumerate(human):
        assert auroc(drawn[r, 0], scores) < 0.45 and auroc(beam[r, 0], scores) > 0.9


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: likelihood_scores(object(), np.zeros((2, 3))),
            "likelihood_scores.model.score_samples must be callable as "
            "score_samples(rows); got None.",
        ),
        (
            lambda: likelihood_scores(NGram(), np.zeros((2, 0))),
            "likelihood_scores.rows: tokens of a text must be at least 1; got 0.",
        ),
        (
            lambda: auroc([], [1.0]),
            "auroc.machine must have 1 axis; got shape (0,).",
        ),
        (
            lambda: rates([1.0], [np.nan], 0.0),
            "rates.human must be a number; got nan.",
        ),
    ],
)
def test_faults_are_sentences(call, sentence):
    with says(sentence, (TypeError, ValueError)):
        call()
