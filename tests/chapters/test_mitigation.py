"""The chapter `mitigation`: its laws agree with loops, its cast with what it says, its map too."""

import re
from pathlib import Path

import numpy as np
import pytest
from statcheck import assert_agrees, assert_rejects

from collapse_lib import exact, metrics, run_loop, sources
from collapse_lib.chapters import load
from collapse_lib.chapters.mitigation.cast import Shifted, Unusual, is_true, labelled
from collapse_lib.chapters.mitigation.laws import URN, anchored_left, fresh_left, shifted_error
from collapse_lib.chapters.mitigation.remedies import BellWithIll, ratios, verdict
from collapse_lib.data import Dataset
from collapse_lib.policies import Anchored, FreshReal, Replace, Weighted
from collapse_lib.policies.detectors import GoldenWeight


def left(policy, n_samples, temperature):
    p = exact.categorical_chain(
        policy, URN, n_samples=n_samples, n_generations=150, n_replicates=1500, seed=3,
        temperature=temperature,
    ).probabilities[:, -1]  # fmt: skip
    return metrics.heterozygosity(p) / metrics.heterozygosity(URN)


def test_the_laws_of_real_rows_agree_with_exact_chains():
    t = np.array([150])
    assert_agrees(left(Anchored(), 100, 1.0), anchored_left(1.0, t)[0])
    assert_rejects(left(Anchored(), 100, 0.9), anchored_left(1.0, t)[0])
    assert_agrees(left(FreshReal(0.1), 100, 1.0), fresh_left(1.0, [0.1])[0])
    many = left(FreshReal(0.1), 10**7, 0.9)
    assert many.mean() == pytest.approx(fresh_left(0.9, [0.1])[0], abs=2e-3)


def test_the_law_of_a_shift_agrees_with_the_loop():
    policy, source = Weighted(FreshReal(0.5), GoldenWeight(0.618)), sources.GaussianSource()
    errors = np.array([
        run_loop(Shifted(shift=0.1), source, policy, n_samples=2000, n_generations=10, seed=seed,
                 keep="last")[-1].model.mean_ ** 2
        for seed in range(60)
    ])  # fmt: skip
    assert_agrees(errors, shifted_error(1000, 0.618, 0.1))
    assert_rejects(errors, shifted_error(1000, 0.618, 0.0))


def test_labels_are_true_until_they_are_turned():
    rows = labelled(500, np.random.default_rng(1))
    assert is_true(rows).all()
    rows[:100, -1] = 1 - rows[:100, -1]
    assert is_true(rows).sum() == 400


def test_the_detector_of_the_unusual_passes_the_common():
    rows = np.repeat([0, 7], 4000)
    passed = Unusual(common=5, passed=0.3)(
        Dataset.from_generation(rows, 1), np.random.default_rng(1)
    )
    assert passed[:4000].all() and passed[4000:].mean() == pytest.approx(0.3, abs=0.03)


def test_each_ill_does_what_it_is_called():
    def fitted(n_generations=5, **ill):
        run = run_loop(
            BellWithIll(**ill), sources.GaussianSource(), Replace(), n_samples=200_000,
            n_generations=n_generations, seed=2,
        )  # fmt: skip
        return run[-1].model.mean_, run[-1].model.variance_

    assert fitted(sampling_bias=0.9) == pytest.approx((0, 0.9**4), abs=0.02)
    assert fitted(widening=0.04) == pytest.approx((0, 1.2), abs=0.02)
    assert fitted(shift=0.1) == pytest.approx((0.4, 1), abs=0.02)
    assert fitted(shift=0.1, correction=1.0) == pytest.approx((0.1, 1), abs=0.02)
    assert fitted(n_generations=60, prior=100_000.0) == pytest.approx((0.3, 1), abs=0.02)


def test_the_rows_of_the_map_are_the_sections_in_their_order():
    chapter = (Path(__file__).parents[2] / "chapters/mitigation.ipynb").read_text(encoding="utf-8")
    headings = re.findall(r"## ([^\\]+)\\n", chapter)
    rows = list(ratios(load("remedies")).index)
    assert [heading for heading in headings if heading in rows] == rows


def test_the_map_says_what_the_prose_says():
    left = ratios(load("remedies"))
    words = left.map(verdict)
    kept = ("Keep everything", "Keep the first real rows", "Add new real rows")
    for remedy in (*kept, "Weigh the real rows"):
        assert set(words.loc[remedy]) == {"undoes most"}
    for remedy in (
        "Correct the samples",
        "Edit rather than write",
        "Throw out what looks synthetic",
    ):
        assert set(words.loc[remedy]) == {"undoes most", "undoes some"}
    assert words.loc["Push away from own samples", "chance"] == "makes it worse"
    one = {
        "Let the data grow": "chance",
        "Decode plainly": "bias",
        "Ask a verifier": "wrong form",
        "Keep minorities in": "fixed shift",
    }
    for remedy, ill in one.items():
        assert set(words.loc[remedy].drop(ill)) == {"does little"}
        assert words.loc[remedy, ill] in ("undoes most", "undoes some")
    assert verdict(0.3) == "undoes most" and verdict(1.41) == "makes it worse"
