"""The planner's arithmetic: JavaScript, Python's exact engine and theory are one law."""

from itertools import product

import numpy as np
import pytest
from engine_page import Engine, faulty
from planner_page import forecast_source, planner
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import theory
from collapse_lib.explorers.planner.forecast import forecast, remainder
from collapse_lib.explorers.planner.settings import WORLDS, plan_of
from collapse_lib.policies import Accumulate, FreshReal, MixReal

RUNS = 600
PLANS = {
    "no detector": {"policy": FreshReal(0.2)},
    "a good detector": {"policy": FreshReal(0.1), "hit_rate": 0.9, "false_alarm_rate": 0.05},
    "a bad detector": {"policy": FreshReal(0.5), "hit_rate": 0.1, "false_alarm_rate": 0.8},
    "all synthetic caught": {"policy": FreshReal(0.3), "hit_rate": 1, "false_alarm_rate": 0.4},
    "all real thrown out": {"policy": FreshReal(0.4), "hit_rate": 0.2, "false_alarm_rate": 1},
    "nothing real": {"policy": FreshReal(0.0), "hit_rate": 0.7},
    "all real": {"policy": FreshReal(1.0), "false_alarm_rate": 0.7},
    "less than half a row": {"policy": MixReal(0.01)},
    "the originals": {"policy": MixReal(0.2), "hit_rate": 0.5, "false_alarm_rate": 0.1},
    "sharper": {"policy": MixReal(0.1), "temperature": 0.8},
    "flatter": {"policy": FreshReal(0.1), "temperature": 1.3, "hit_rate": 0.3},
    "all is kept": {"policy": Accumulate()},
    "all is kept and more": {"policy": Accumulate(), "n_fresh": 5},
    "all is kept, sharper": {"policy": Accumulate(), "temperature": 0.7, "n_fresh": 2},
    "50 words": {"policy": FreshReal(0.1), "world": "words", "hit_rate": 0.6, "n_samples": 60},
    "two kinds": {"policy": FreshReal(0.1), "world": "urn", "hit_rate": 0.6},
    "very many": {"policy": FreshReal(0.1), "n_samples": 10**12, "hit_rate": 0.6},
    "no row is marked": {"policy": FreshReal(0.1), "hit_rate": 0.9, "adoption": 0},
    "half is marked": {"policy": FreshReal(0.1), "hit_rate": 0.9, "adoption": 0.5},
    "all is marked": {"policy": MixReal(0.1), "hit_rate": 0.9, "adoption": 1},
}  # fmt: skip


def state_of_plan(name, measure="diversity", **changes):
    given = {"n_samples": 20, "n_generations": 8, "n_replicates": RUNS, "seed": 1}
    return plan_of(**given | PLANS[name] | {"measure": measure} | changes)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return forecast_source(tmp_path_factory.mktemp("planner"))


@pytest.fixture(scope="module")
def page(browser, source):
    engine = Engine(browser, source)
    yield engine
    engine.close()


def counts_of(state):
    return WORLDS[state["world"]]["counts"]


def runs_of(page, state, bare=False):
    """(replicates, generations) as shares, from the page."""
    values = page.call("runsOf", state, counts_of(state), bare)
    return values.reshape(RUNS, -1) / 100


def assert_same_runs(ours, theirs):
    """Means within 4 standard errors of each other; medians within 4 of theirs, by the share of
    runs on either side of the other's median."""
    error = np.sqrt((ours.var(axis=0, ddof=1) + theirs.var(axis=0, ddof=1)) / RUNS)
    assert np.all(np.abs(ours.mean(axis=0) - theirs.mean(axis=0)) < 4 * error + 1e-9)
    middle = np.median(theirs, axis=0)
    sides = [(v > middle + 1e-9) - 1.0 * (v < middle - 1e-9) for v in (ours, theirs)]
    error = np.sqrt(sum(side.var(axis=0, ddof=1) for side in sides) / RUNS)
    gap = np.abs(sides[0].mean(axis=0) - sides[1].mean(axis=0))
    assert np.all(gap < 4 * error + 1e-9)


def page_agrees_with_python(page, name, measure, seed=0):
    state = state_of_plan(name, measure, seed=seed)
    found = forecast(state)
    assert_same_runs(runs_of(page, state), found.remedy)
    assert_same_runs(runs_of(page, state, bare=True), found.bare)


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("measure", ["diversity", "kinds"])
@pytest.mark.parametrize("name", PLANS)
def test_the_page_has_the_law_of_pythons_exact_engine(page, name, measure, seed):
    page_agrees_with_python(page, name, measure, seed)


@pytest.mark.parametrize("measure", ["diversity", "kinds"])
@pytest.mark.parametrize("name", PLANS)
def test_the_closed_form_is_the_mean_of_the_runs(page, name, measure):
    state = state_of_plan(name, measure)
    found, drawn = forecast(state), page.call("meanOf", state, counts_of(state))
    assert (found.law is None) == (drawn is None)
    if drawn is None:
        is_known = state["temperature"] == 1 and (measure == "diversity")
        assert not is_known
        return
    assert drawn["values"] == pytest.approx(100 * found.law.values, rel=1e-9)
    if state["n_samples"] > 10**6:
        assert found.law.values == pytest.approx(1, abs=1e-6)
        return
    for values in (found.remedy, runs_of(page, state)):
        assert_agrees(values, found.law.values)
        shifted = found.law.values + 6 * values.std(axis=0, ddof=1).max() / np.sqrt(RUNS)
        assert_rejects(values, shifted + 1e-6)


FAULTS = [
    # text, what a slip of the hand would make of it, the plan that must notice
    ("real_fraction * (1 - false_alarm_rate)", "real_fraction * false_alarm_rate",
     "a good detector"),
    ("(1 - real_fraction) * (1 - adoption * hit_rate)",
     "(1 - real_fraction) * adoption * hit_rate", "a good detector"),
    ("(1 - adoption * hit_rate)", "(1 - hit_rate)", "half is marked"),
    ("adoption = 1 }", "adoption = 0 }", "a good detector"),
    ("const real_share = real / left", "const real_share = real_fraction", "a bad detector"),
    ("shares[j] > 0", "shares[j] >= 0", "no detector"),
    ("real_fraction, n_fresh: s.n_fresh", "real_fraction, n_fresh: 0", "all is kept and more"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "name"), FAULTS)
def test_a_fault_put_in_by_hand_is_noticed(browser, source, right, wrong, name):
    measure = "kinds" if "shares[j]" in right else "diversity"
    with faulty(browser, source, right, wrong) as page, pytest.raises(AssertionError):
        page_agrees_with_python(page, name, measure)


@pytest.mark.parametrize("n", [10, 1000, 10**12])
@pytest.mark.parametrize("share", [0, 0.003, 0.5, 1])
def test_the_remainder_is_the_same_in_the_page_and_in_python(page, share, n):
    for hits, alarms, marked in product((0, 0.35, 1), (0, 0.2, 1), (None, 0, 0.3, 1)):
        state = plan_of(
            policy=FreshReal(share),
            n_samples=n,
            hit_rate=hits,
            false_alarm_rate=alarms,
            adoption=marked,
        )
        drawn = page.call("remainderOf", state)
        try:
            found = remainder(share, hits, alarms, n, *([] if marked is None else [marked]))
        except ValueError:
            assert drawn is None
            assert page.call("problemOf", state, [1, 1]).startswith("The detector throws out")
            continue
        assert [drawn[key] for key in ("left", "real_share", "real_rows", "collected")] == [*found]


def test_the_remainder_is_what_a_detector_leaves_of_rows():
    rng = np.random.default_rng(1)
    share, hits, alarms = 0.3, 0.7, 0.2
    real = rng.random((200, 2000)) < share
    kept = rng.random(real.shape) >= np.where(real, alarms, hits)
    found = remainder(share, hits, alarms, 500)
    assert_agrees(kept.mean(axis=1), found.left)
    assert_agrees((real & kept).sum(axis=1) / kept.sum(axis=1), found.real_share)
    assert_rejects((real & kept).sum(axis=1) / kept.sum(axis=1), share)
    assert found.collected * found.left == pytest.approx(500)
    assert found.real_rows == round(500 * found.real_share)


@pytest.mark.parametrize("adoption", [0, 0.3, 1])
def test_only_marked_rows_can_be_hit(adoption):
    rng = np.random.default_rng(2)
    share, hits, alarms = 0.2, 0.9, 0.1
    real, marked, caught = (rng.random((200, 2000)) < p for p in (share, adoption, hits))
    kept = np.where(real, rng.random(real.shape) >= alarms, ~(marked & caught))
    real_shares = (real & kept).sum(axis=1) / kept.sum(axis=1)
    found = remainder(share, hits, alarms, 500, adoption)
    assert_agrees(kept.mean(axis=1), found.left)
    assert_agrees(real_shares, found.real_share)
    law = theory.real_share_after(share, adoption * hits, alarms)
    assert found.real_share == pytest.approx(law, rel=1e-12)
    if adoption < 1:
        assert_rejects(real_shares, remainder(share, hits, alarms, 500).real_share)


@pytest.mark.parametrize("adoption, hit_rate", [(1, 0.9), (0, 0), (0.5, 0.45)])
def test_adoption_is_a_factor_of_the_hit_rate_and_nothing_else(page, adoption, hit_rate):
    plans = {"adoption": adoption, "hit_rate": 0.9}, {"hit_rate": hit_rate}
    marked, plain, uncaught = (
        state_of_plan("no detector", false_alarm_rate=0.1, **given) for given in (*plans, {})
    )
    assert np.array_equal(forecast(marked).remedy, forecast(plain).remedy)
    assert np.array_equal(runs_of(page, marked), runs_of(page, plain))
    assert np.array_equal(forecast(marked).remedy, forecast(uncaught).remedy) == (adoption == 0)


@pytest.mark.parametrize("share, hits, alarms", [(0, 1, 0.3), (1, 0.3, 1), (0.5, 1, 1)])
def test_nothing_left_is_told_in_a_sentence(share, hits, alarms):
    with pytest.raises(ValueError) as caught:
        planner(policy=FreshReal(share), hit_rate=hits, false_alarm_rate=alarms)
    assert str(caught.value) == (
        "Planner: the detector throws out everything that is collected, so nothing is left to "
        f"train on; got real fraction {share}, hit rate {hits}, false-alarm rate {alarms}; let it "
        "catch less, or collect other rows."
    )
