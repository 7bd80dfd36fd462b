"""Eight definitions: each score by hand, the verdicts at their thresholds, and the stored loops."""

import numpy as np
import pytest
from scipy import stats
from sentences import refusals
from statcheck import assert_agrees, assert_rejects

from collapse_lib.verdicts import definitions, profile_frame
from collapse_lib.verdicts.definitions import profile

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
    short = definitions.diverging_risk(ONE[:, :7] * T[:7])
    assert short.collapsed is None
    assert short.sentence == "The run is shorter than 8 generations."
    gone = np.where(np.arange(12)[:, None] < 7, np.nan, ONE)
    assert definitions.entangled_modes(gone).collapsed is None
    assert definitions.entangled_modes(gone).sentence == (
        "In 7 of 12 runs no two neighbouring modes are left."
    )
    few_gone = np.where(np.arange(12)[:, None] < 6, np.nan, ONE)
    assert definitions.entangled_modes(few_gone).collapsed is True
    one_size = {name: value for name, value in calm().items() if "n" not in name.split("_")}
    assert verdicts(one_size)[4] is None
    infinite = np.where(T == 40, np.inf, np.ones((3, 12, 40)))
    assert definitions.scaling_change([1, 2, 3], infinite).sentence == (
        "An infinite risk has no slope."
    )


@pytest.mark.parametrize(("up", "collapsed"), [(16, True), (15, True), (14, None), (6, None)])
def test_a_verdict_needs_a_median_that_is_not_chance(up, collapsed):
    """Of 20 coins 15 heads are rare by a two-sided test at 5 %, and 14 are not."""
    assert stats.binomtest(15, 20).pvalue < 0.05 < stats.binomtest(14, 20).pvalue
    risk = np.ones((20, 2))
    risk[:, 1] += np.where(np.arange(20) < up, 0.1, -0.1)
    score = definitions.any_increase(risk)
    assert score.collapsed is collapsed
    told = "With 20 runs the median may lie anywhere from -0.1 to 0.1, on either side of that."
    assert score.sentence.endswith(told) is (collapsed is None)
    assert definitions.lost_tails(1.5 - risk).collapsed is (None if up < 15 else True)


def test_few_runs_must_be_of_one_mind():
    assert definitions.lost_tails([[0.4], [0.3], [0.45]]).collapsed is True
    assert definitions.lost_tails([[0.4], [0.3], [0.55]]).collapsed is None
    assert definitions.lost_tails([[0.4]]).collapsed is True


def test_chance_is_called_collapse_in_one_loop_of_forty_at_most():
    """Loops that do not change at all: any_increase is wrong, either way, in 4.1 % of them."""
    risk = 1 + 0.1 * np.random.default_rng(3).standard_normal((3000, 20, 2))
    found = [definitions.any_increase(each).collapsed for each in risk]
    expected = 2 * stats.binom.cdf(5, 20, 0.5)
    assert_agrees(np.array([verdict is not None for verdict in found]), expected)
    assert_rejects(np.array([verdict is not None for verdict in found]), 2 * expected)


def test_a_slope_may_change_either_way_but_not_both():
    n = np.array([10, 100])
    change = np.tile([-1.0, 1.0], 10)  # runs that disagree about the direction
    risk = np.ones((2, 20, 2))
    risk[1, :, 1] = 10**change
    assert definitions.scaling_change(n, risk).collapsed is None
    risk[1, :, 1] = 10 ** np.abs(change)
    assert definitions.scaling_change(n, risk).collapsed is True
    risk[1, :, 1] = 10 ** -np.abs(change)
    assert definitions.scaling_change(n, risk).collapsed is True
    risk[1, :, 1] = 10 ** (0.1 * change)
    assert definitions.scaling_change(n, risk).collapsed is False


def test_an_infinite_risk_has_collapsed():
    risk = np.where(T == 40, np.inf, ONE)
    assert definitions.catastrophic_increase(risk).value == np.inf
    for score in (
        definitions.catastrophic_increase(risk),
        definitions.any_increase(risk),
        definitions.diverging_risk(risk),
        definitions.diverging_risk(np.where(T >= 20, np.inf, ONE)),
    ):
        assert score.collapsed is True and score.value == score.lower == score.upper == np.inf
    some = np.where((T == 40) & (np.arange(12)[:, None] < 3), np.inf, 20 * ONE)
    some[:, 0] = 1
    score = definitions.catastrophic_increase(some)
    assert (score.value, score.lower, score.upper) == (20, 20, np.inf)
    assert score.collapsed is True


@pytest.mark.parametrize("length", [8, 9, 15, 40, 41])
def test_a_risk_in_proportion_to_t_has_the_power_one(length):
    risk = np.ones((3, 1)) * np.arange(1, length + 1)
    assert definitions.diverging_risk(risk).value == pytest.approx(1.0)
    assert definitions.diverging_risk(risk**0.5).value == pytest.approx(0.5)


def test_verdicts_are_plain_and_thresholds_are_arguments():
    measures = {**calm(), "variance": 0.6 * ONE}
    assert verdicts(measures)[3] is False
    assert verdicts(measures, thresholds={"collapsing_variance": 0.7})[3] is True
    for score in profile(**measures):
        assert type(score.collapsed) in (bool, type(None)) and type(score.value) is float


def test_a_profile_is_a_tidy_frame():
    scores = profile(**{**calm(), "variance": 0.4 * ONE})
    frame = profile_frame({"a": scores, "b": scores[:4]})
    assert frame["loop"].tolist() == ["a"] * 8 + ["b"] * 4
    assert frame.query("loop == 'a'")["meaning"].tolist() == [score.name for score in scores]
    assert frame["verdict"].tolist()[3::8] == ["collapsed", "collapsed"]
    assert frame["value"].tolist()[:8] == [score.value for score in scores]
    alone = profile_frame(scores)
    assert "loop" not in alone and alone["sentence"].tolist() == [s.sentence for s in scores]
    short = {name: a if name == "n_samples" else a[..., :7] for name, a in calm().items()}
    assert profile_frame(profile(**short))["verdict"].tolist()[2] == "cannot tell"


test_refusals_are_sentences = refusals(
    (
        lambda: definitions.lost_tails([1.0, 2.0]),
        "lost_tails.tail must have 2 axes; got shape (2,).",
    ),
    (
        lambda: definitions.any_increase([[1.0, np.nan]]),
        "any_increase.risk must be a number; 1 of 2 are not (the first is nan).",
    ),
    (
        lambda: definitions.scaling_change([1, 2], np.ones((3, 4, 5))),
        "scaling_change needs n_samples (F,) and risk (F, R, T); got shapes (2,) and (3, 4, 5).",
    ),
    (
        lambda: definitions.scaling_change([1, 2], np.full((2, 3, 4), np.nan)),
        (
            "scaling_change.risk at the first and the last generation must be above 0; 12 of 12"
            " are not (the first is nan)."
        ),
    ),
    (
        lambda: definitions.scaling_change([100, 100], np.ones((2, 3, 4))),
        "The number of different scaling_change.n_samples must be at least 2; got 1.",
    ),
    (
        lambda: definitions.scaling_change([0, 100], np.ones((2, 3, 4))),
        "scaling_change.n_samples must be finite and above 0; 1 of 2 are not (the first is 0).",
    ),
    (
        lambda: definitions.catastrophic_increase([[0.0, 1.0]]),
        "catastrophic_increase.risk at generation 1 must be finite and above 0; got 0.",
    ),
    (
        lambda: definitions.catastrophic_increase([[-1.0, 1.0]]),
        "catastrophic_increase.risk at generation 1 must be finite and above 0; got -1.",
    ),
    (
        lambda: definitions.any_increase([[np.inf, 1.0]]),
        "any_increase.risk at generation 1 must be finite; got inf.",
    ),
    (
        lambda: definitions.diverging_risk(np.where(T == 20, 0.0, ONE)),
        (
            "diverging_risk.risk at generation 20 must be above 0; 12 of 12 are not (the first "
            "is 0)."
        ),
    ),
    (
        lambda: profile(**{**calm(), "tail": ONE[:, :30]}),
        (
            "profile needs arrays of one shape; got risk (12, 40), variance (12, 40), tail (12,"
            " 30), outside (12, 40), overlap (12, 40)."
        ),
    ),
    (
        lambda: profile(**calm(), thresholds={"variance": 0.1}),
        (
            "a name in profile.thresholds must be one of 'catastrophic_increase', "
            "'any_increase', 'diverging_risk', 'collapsing_variance', 'scaling_change', "
            "'lost_tails', 'hallucinated_mass', 'entangled_modes'; got 'variance'."
        ),
    ),
)
