"""What was accepted without a word, and is refused or kept right now."""

import numpy as np
import pytest
from sentences import refusals

from collapse_lib import Dataset, theory
from collapse_lib.sources import rarest, zipf_shares
from collapse_lib.verdicts import categorical_measures, definitions, profile
from collapse_lib.watermarks.detection import rates

NAN = float("nan")
PATHS = np.full((3, 9), 0.5)
SHARES = np.full((2, 3, 2), 0.5)


def no_verdict(score):
    return (
        lambda: score(PATHS, NAN),
        f"{score(PATHS, 0.5).name}: threshold must be a number; got nan.",
    )


test_a_threshold_that_is_no_number_gives_no_verdict = refusals(
    no_verdict(definitions.lost_tails),
    no_verdict(definitions.any_increase),
    no_verdict(definitions.catastrophic_increase),
    no_verdict(definitions.diverging_risk),
    no_verdict(definitions.collapsing_variance),
    no_verdict(definitions.hallucinated_mass),
    no_verdict(definitions.entangled_modes),
    (
        lambda: definitions.scaling_change([10, 20], np.ones((2, 3, 9)), NAN),
        "scaling_change.threshold must be a number; got nan.",
    ),
    (
        lambda: rates([1.0, 2.0], [0.0, 1.0], NAN),
        "rates.threshold must be a number; got nan.",
    ),
    (lambda: zipf_shares(5, NAN), "zipf_shares.exponent must be finite; got nan."),
    (
        lambda: profile(
            risk=PATHS, variance=PATHS, tail=PATHS, outside=PATHS, overlap=PATHS,
            thresholds={"lost_tails": NAN},
        ),
        "Disappearance of real tail data: threshold must be a number; got nan.",
    ),
)  # fmt: skip


test_what_is_no_share_or_count_is_refused = refusals(
    (
        lambda: zipf_shares(2.5),
        TypeError,
        "zipf_shares.n_categories must be a whole number; got 2.5.",
    ),
    (
        lambda: categorical_measures(SHARES, [0.5, 0.5], floor=2),
        "categorical_measures.floor must be in [0, 1); got 2.",
    ),
    (
        lambda: categorical_measures(SHARES, [0.5, 0.5], floor=NAN),
        "categorical_measures.floor must be in [0, 1); got nan.",
    ),
    (
        lambda: Dataset.from_generation(np.zeros(3), 1.5),
        TypeError,
        "Dataset.from_generation.t must be a whole number; got 1.5.",
    ),
    (
        lambda: rarest(np.array([0.5, 0.5]), NAN),
        "rarest.tail_mass must be in (0, 1]; got nan.",
    ),
    (
        lambda: theory.uniform_maximum(3, 10, accumulate="no"),
        TypeError,
        "uniform_maximum.accumulate must be of type bool; got 'no'.",
    ),
    (
        lambda: theory.c4("7"),
        TypeError,
        "c4.n_samples must be a number or an array of numbers; got '7'.",
    ),
    (
        lambda: theory.inbreeding([1, 2], [5, 6, 7]),
        "inbreeding needs arguments that broadcast; got t (2,), n_samples (3,).",
    ),
    (
        lambda: theory.wasserstein_risk(0, 3, std=1.7e308),
        "wasserstein_risk has no value for these arguments, since its terms leave the floats; "
        "take numbers of a moderate scale.",
    ),
)


def test_weights_are_the_dataset_s_own():
    given = np.array([1.0, 2.0])
    dataset = Dataset(np.zeros(2), np.zeros(2, int), given)
    given[0] = -1
    assert dataset.weights.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        dataset.weights[0] = np.nan


def test_zipf_shares_of_far_exponents_are_shares():
    for exponent in (0.0, 1.0, 700.0, -2.0):
        shares = zipf_shares(5, exponent)
        assert shares.sum() == pytest.approx(1)
        assert shares == pytest.approx(np.arange(1.0, 6) ** -exponent / sum(
            np.arange(1.0, 6) ** -exponent))  # fmt: skip
