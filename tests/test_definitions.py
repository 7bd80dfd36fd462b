"""Eight definitions: each score by hand, the verdicts at their thresholds, and the stored loops."""

import numpy as np
import pytest
from scipy import stats

from collapse_lib import definitions
from collapse_lib.definitions import profile
from collapse_lib.experiments import definitions as loops
from collapse_lib.experiments import load

T = np.arange(1, 41)
ONE = np.ones((12, 40))


def calm():
    """Measures of a loop in which nothing happens; risk moves by chance."""
    risk = 0.02 * np.exp(0.1 * np.random.default_rng(0).standard_normal((12, 40)))
    return {
        "risk": risk,
        "variance": ONE,
        "tail": ONE,
        "outside": 0.001 * ONE,
        "overlap": 0.02 * ONE,
        "n_samples": [100, 200, 400],
        "risk_by_n": risk * np.array([4, 2, 1])[:, None, None],
    }


def verdicts(measures, **more):
    return [score.collapsed for score in profile(**measures, **more)]


def test_a_calm_loop_collapses_by_no_definition():
    assert not any(verdicts(calm()))


@pytest.mark.parametrize(
    ("change", "collapsed"),
    [
        ({"risk": ONE * T}, {1, 2, 3}),
        ({"risk": ONE * (2 - 1 / T)}, {2}),
        ({"risk": ONE * np.minimum(T, 12)}, {1, 2}),
        ({"risk": ONE / T}, set()),
        ({"variance": ONE * 0.97**T}, {4}),
        ({"risk_by_n": ONE * (1 + T / 4) ** np.array([0, 1, 2])[:, None, None]}, {5}),
        ({"tail": ONE * 0.9**T}, {6}),
        ({"outside": ONE * 0.001 * T}, {7}),
        ({"overlap": ONE * np.minimum(0.02 * T, 1)}, {8}),
    ],
)
def test_each_definition_sees_its_own(change, collapsed):
    found = verdicts({**calm(), **change})
    assert {k for k, verdict in enumerate(found, 1) if verdict} == collapsed


def test_values_by_hand():
    risk = np.linspace([0.01, 0.02, 0.03], [0.05, 0.3, 0.2], 16, axis=1)  # (3, 16)
    assert definitions.catastrophic_increase(risk).value == pytest.approx(0.2 / 0.03)
    assert definitions.any_increase(risk).value == pytest.approx(0.17)
    assert definitions.diverging_risk(ONE * T**0.5).value == pytest.approx(0.5)
    variance = definitions.collapsing_variance(1 - risk)
    assert variance.value == pytest.approx(0.8)
    expected = np.quantile([0.95, 0.7, 0.8], [0.1, 0.9])
    assert (variance.lower, variance.upper) == pytest.approx(tuple(expected))
    assert variance.sentence == (
        "The variance ends at 0.8 of the real one. Below 0.5 counts as collapse."
    )
    assert str(variance) == f"Collapsing variance: not collapsed. {variance.sentence}"


def test_the_slope_is_scipys():
    rng = np.random.default_rng(1)
    n = np.array([50, 100, 200, 400])
    risk = rng.uniform(0.5, 2, (4, 1, 2)) / n[:, None, None]
    slopes = [stats.linregress(np.log(n), np.log(risk[:, 0, t])).slope for t in (0, 1)]
    score = definitions.scaling_change(n, risk)
    assert score.value == pytest.approx(slopes[1] - slopes[0])
    assert f"{slopes[0]:.2f} to {slopes[1]:.2f}" in score.sentence


def test_what_cannot_be_told_is_none():
    rng = np.random.default_rng(3)
    chance = definitions.any_increase(1 + 0.1 * rng.standard_normal((20, 9)))
    assert chance.collapsed is None and chance.sentence.endswith("runs: that may be chance.")
    n, noise = np.array([1, 2]), np.exp(rng.standard_normal((2, 20, 9)))
    assert definitions.scaling_change(n, noise, threshold=0).collapsed is None
    assert definitions.scaling_change(n, noise, threshold=9).collapsed is False
    short = definitions.diverging_risk(ONE[:, :7] * T[:7])
    assert short.collapsed is None
    assert short.sentence.endswith("The run is shorter than 8 generations.")
    gone = np.where(np.arange(12)[:, None] < 7, np.nan, ONE)
    assert definitions.entangled_modes(gone).collapsed is None
    assert definitions.entangled_modes(gone).sentence == (
        "In 7 of 12 runs no two neighbouring modes are left."
    )
    few_gone = np.where(np.arange(12)[:, None] < 6, np.nan, ONE)
    assert definitions.entangled_modes(few_gone).collapsed is True
    one_size = {name: value for name, value in calm().items() if "n" not in name.split("_")}
    assert verdicts(one_size)[4] is None


def test_verdicts_are_plain_and_thresholds_are_arguments():
    measures = {**calm(), "variance": 0.6 * ONE}
    assert verdicts(measures)[3] is False
    assert verdicts(measures, thresholds={"collapsing_variance": 0.7})[3] is True
    for score in profile(**measures):
        assert type(score.collapsed) in (bool, type(None)) and type(score.value) is float


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: definitions.lost_tails([1.0, 2.0]),
            "lost_tails.tail must have the shape (R, T); got (2,).",
        ),
        (
            lambda: definitions.any_increase([[1.0, np.nan]]),
            "any_increase.risk must not be NaN; got 1 NaN among 2 values.",
        ),
        (
            lambda: definitions.scaling_change([1, 2], np.ones((3, 4, 5))),
            "scaling_change needs n_samples (F,) and risk (F, R, T); got shapes (2,) and "
            "(3, 4, 5).",
        ),
        (
            lambda: profile(**calm(), thresholds={"variance": 0.1}),
            "profile.thresholds names 'variance', which is none of the eight scores "
            "['catastrophic_increase', 'any_increase', 'diverging_risk', 'collapsing_variance', "
            "'scaling_change', 'lost_tails', 'hallucinated_mass', 'entangled_modes'].",
        ),
    ],
)
def test_refusals_are_sentences(call, sentence):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == sentence


# --- the stored loops ----------------------------------------------------------------------------


def test_measures_on_the_grid_by_closed_forms():
    """A normal N(1, 2^2) against the truth, whose moments and masses are known."""
    density = stats.norm(1, 2).pdf(loops.GRID)
    truth = loops.truth()
    real_variance = truth.covariance[0, 0]
    assert loops.variance(density) == pytest.approx(4 / real_variance, rel=1e-6)
    rows = truth(400_000, np.random.default_rng(0))
    gaps = truth.score_samples(rows) - stats.norm(1, 2).logpdf(rows[:, 0])
    assert abs(loops.risk(density) - gaps.mean()) < 4 * gaps.std() / np.sqrt(len(gaps))
    low, high = np.quantile(rows, [0.01, 0.99])
    masses = stats.norm(1, 2).cdf(low), stats.norm(1, 2).sf(high)
    expected = np.mean([min(mass / 0.01, 1) for mass in masses])
    assert loops.tail(density) == pytest.approx(expected, rel=0.02)
    real = np.exp(truth.score_samples(loops.GRID[:, None]))
    assert loops.risk(real) == pytest.approx(0, abs=1e-9)
    assert loops.tail(real) == loops.variance(real) == pytest.approx(1.0)
    assert loops.outside(real) == pytest.approx(0.001, rel=0.05)
    assert loops.overlap(real) < 0.05 < 0.9 < loops.overlap(stats.norm(0, 9).pdf(loops.GRID))
    assert np.isnan(loops.overlap(stats.norm(-3, 0.3).pdf(loops.GRID)))  # two modes are lost


def test_the_profile_changes_with_the_policy_and_the_model():
    stored = load("definitions")
    scores = {
        loop.name: profile(**loops.profile_arrays(stored, k)) for k, loop in enumerate(loops.LOOPS)
    }
    found = {name: [score.collapsed for score in each] for name, each in scores.items()}
    replaced, kept = found["Replace"], found["Accumulate"]
    assert replaced[0] and replaced[1] and replaced[2] and replaced[5]
    assert kept[1] and not (kept[0] or kept[2] or kept[3] or kept[5])
    blurred = found["Replace, kernel density"]
    assert blurred[6] and not (blurred[3] or blurred[5])
    filled = {name: each[7].value for name, each in scores.items()}
    others = [value for name, value in filled.items() if name != "Replace, kernel density"]
    assert filled["Replace, kernel density"] > 5 * max(others)  # only the blur fills the valleys
    assert len({tuple(verdicts) for verdicts in found.values()}) >= 4
