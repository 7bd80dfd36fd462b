"""The closed forms that the figures draw, against collapse_lib.theory, and what they are called."""

import numpy as np
import pytest
from engine_page import POLICIES, SHARE, faulty
from policy_theory import inbreeding, moments

from collapse_lib import theory

COUNTS = [50, 30, 15, 5]
H0 = 1 - 0.25 - 0.09 - 0.0225 - 0.0025
T = 60
t = np.arange(1, T + 1)
SIZES = [10, 100, 4321, 10**6, 10**12]


def law(engine, **changes):
    """(values or None, label, exact)"""
    usual = {"counts": COUNTS, "real_fraction": SHARE, "n_generations": T, "colour": 3}
    found = engine.call("law", usual | changes)
    return (None, "", None) if found is None else (found["values"], found["label"], found["exact"])


@pytest.mark.parametrize("n_fresh", [0, 7])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("policy", POLICIES)
def test_diversity_and_share(engine, policy, n, n_fresh):
    asked = {"policy": policy, "n_samples": n, "n_fresh": n_fresh}
    diversity, label, exact = law(engine, measure="diversity", **asked)
    assert exact
    assert "mean diversity" in label
    assert np.allclose(diversity, (1 - inbreeding(policy, n, n_fresh, T)) * H0, rtol=1e-12)
    share, _, exact = law(engine, measure="share", **asked)
    assert exact
    assert np.allclose(share, 0.05, rtol=1e-15)


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [0.7, 1])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("policy", POLICIES)
def test_variance_and_mean(engine, policy, n, bias, ddof):
    asked = {
        "family": "gaussian",
        "policy": policy,
        "n_samples": n,
        "n_fresh": 7,
        "sampling_bias": bias,
    }
    values, label, exact = law(engine, measure="variance", ddof=ddof, **asked)
    assert exact
    assert label.startswith("mean variance")
    expected = moments(policy, n, 7, T, ddof=ddof, bias=bias).variance
    assert np.allclose(values, expected, rtol=1e-11)
    values, _, exact = law(engine, measure="mean", ddof=ddof, **asked)
    assert exact
    assert (values == 0).all()


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("bias", [0.7, 1])
@pytest.mark.parametrize("n", [2, 5, *SIZES])
def test_variance_and_risk_under_replace(engine, n, bias, ddof):
    asked = {"family": "gaussian", "n_samples": n, "sampling_bias": bias, "ddof": ddof}
    values = law(engine, measure="variance", **asked)[0]
    assert np.allclose(values, theory.variance_mean(t, n, ddof, bias), rtol=1e-11)
    risk = law(engine, measure="risk", **asked)[0]
    assert np.allclose(risk, theory.wasserstein_risk(t, n, ddof, bias), rtol=1e-9)


@pytest.mark.parametrize("n", [10, 41, 100, 300])
@pytest.mark.parametrize("policy", ["replace", "fresh"])
def test_gone_is_exact_for_few_rows(engine, policy, n):
    k = round(0.1 * n) if policy == "fresh" else 0
    values, label, exact = law(
        engine, measure="gone", policy=policy, n_samples=n, real_fraction=0.1
    )
    assert exact
    assert "exact" in label
    assert np.allclose(values, theory.absent_probability(t, 0.05, n, k), rtol=1e-9, atol=1e-15)


def test_gone_is_an_approximation_for_more_and_says_so(engine):
    values, label, exact = law(engine, measure="gone", n_samples=2000)
    assert exact is False
    assert "approximation" in label
    assert np.allclose(values, 1 - theory.survival_probability(100, t), rtol=1e-12)
    assert np.abs(values - theory.absent_probability(t, 0.05, 2000)).max() < 0.02


@pytest.mark.parametrize(
    "changes",
    [
        {"measure": "share", "temperature": 0.9},
        {"measure": "diversity", "temperature": 1.1},
        {"measure": "gone", "policy": "accumulate"},
        {"measure": "gone", "n_samples": 2000, "colour": 0},
        {"measure": "gone", "n_samples": 2000, "policy": "fresh"},
        {"measure": "risk", "family": "gaussian", "policy": "anchored"},
    ],
)
def test_where_no_law_is_known_none_is_drawn(engine, changes):
    assert law(engine, **changes)[0] is None


FAULTS = [
    ("gain + (1 - loss) * f", "gain + (1 + loss) * f",
     (test_diversity_and_share, "replace", 100, 0)),
    ("(1 - f) * diversity", "(1 + f) * diversity", (test_diversity_and_share, "mix", 100, 0)),
    ("k * (2 - k / n)", "k * (2 + k / n)", (test_diversity_and_share, "fresh", 100, 0)),
    ("n * (1 - path[t])", "n * (1 + path[t])", (test_diversity_and_share, "subsample", 100, 0)),
    ("a * a * m + within / n", "a * a * m - within / n",
     (test_variance_and_mean, "fresh", 100, 1, 0)),
    ("(square - mean) * size) / (size - 1)", "(square + mean) * size) / (size - 1)",
     (test_variance_and_mean, "accumulate", 100, 1, 0)),
    ("n * (mean + sampling_bias * fitted)", "n * (mean - sampling_bias * fitted)",
     (test_variance_and_mean, "anchored", 100, 1, 0)),
    ("- 2 * Math.expm1(logStd)", "+ 2 * Math.expm1(logStd)",
     (test_variance_and_risk_under_replace, 100, 1, 0)),
    ("-1 / (8 * x)", "1 / (8 * x)", (test_variance_and_risk_under_replace, 100, 1, 0)),
    ("chances[i] * row[j]", "-chances[i] * row[j]",
     (test_gone_is_exact_for_few_rows, "replace", 41)),
    ("g = -Math.expm1(-g)", "g = Math.expm1(-g)",
     (test_gone_is_an_approximation_for_more_and_says_so,)),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "notices"), FAULTS)
def test_a_sign_put_wrong_by_hand_is_noticed(browser, source, right, wrong, notices):
    compare, *case = notices
    with faulty(browser, source, right, wrong) as engine, pytest.raises(AssertionError):
        compare(engine, *case)
