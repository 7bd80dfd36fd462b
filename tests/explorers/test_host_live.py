"""LiveExplorer in Python: its settings, its still figure, its size, and Run in Python."""

import gzip
import json

import numpy as np
import pytest
from statcheck import assert_agrees, assert_rejects, stat_seeds
from traitlets import TraitError

from collapse_lib.explorers import LiveExplorer
from collapse_lib.explorers.live.figure import PREDICT
from collapse_lib.explorers.live.measures import ensemble, law, model_of, of_generation, source_of
from collapse_lib.explorers.live.settings import LIVE, policy_of, state_of
from collapse_lib.loop.generation import Generation
from collapse_lib.models.kde import KernelDensity
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.policies import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    MixReal,
    Replace,
)
from collapse_lib.sources import MultivariateGaussian

POLICIES = (
    Replace(),
    Accumulate(),
    AccumulateSubsample(),
    MixReal(0.2),
    FreshReal(0.2),
    Anchored(),
)
TEXTS = {"title": "A title", "caption": "A caption.", "alt": "The share of blue falls."}
HOSTILE = '<img src=x onerror="window.stolen = 1"></script><script>window.stolen = 2</script>'
SMALL = {"n_samples": 12, "n_generations": 8, "n_replicates": 40}


def explorer(name="urn", **settings):
    return LiveExplorer(name, **(TEXTS | settings))


# --- settings ---------------------------------------------------------------------------------


def test_python_and_the_page_read_limits_and_defaults_from_one_file():
    assert json.loads(json.dumps(explorer().meta["settings"])) == LIVE
    urn = state_of(counts={"yellow": 90, "blue": 10})
    assert urn == {name: LIVE["defaults"][name] for name in urn}
    assert {*LIVE["defaults"]} - {*urn} == {"autoplay", "revealed", "guess"}
    figure = explorer(n_generations=LIVE["limits"]["n_generations"][1])
    for name, (least, most, _) in LIVE["limits"].items():
        if name not in ("colour", "n_generations"):  # which hang together with others
            for value in (least, most):
                figure.state = figure.state | {name: value}
                assert figure.state[name] == value
        with pytest.raises(ValueError):
            figure.state = figure.state | {name: most + 1}


def test_settings_become_a_state_of_plain_json():
    state = state_of(
        counts={"yellow": 90, "blue": np.int64(10)}, policy=MixReal(0.25), n_samples=1e6, n_fresh=5,
        n_generations=30, seed=7, measure="gone", colour="yellow", runs=3,
    )  # fmt: skip
    assert json.loads(json.dumps(state)) == {
        "v": 2, "family": "urn", "counts": [90, 10], "names": ["yellow", "blue"], "policy": "mix",
        "n_samples": 1_000_000, "real_fraction": 0.25, "n_fresh": 5, "sampling_bias": 1.0,
        "temperature": 1.0, "ddof": 0, "n_generations": 30, "n_replicates": 200, "seed": 7,
        "measure": "gone", "colour": 0, "runs": 3, "t": 30,
    }  # fmt: skip
    assert state_of()["family"] == "gaussian"
    assert state_of()["measure"] == "variance"


@pytest.mark.parametrize("policy", POLICIES, ids=repr)
def test_policies_make_the_round_trip(policy):
    assert policy_of(state_of(policy=policy)) == policy


REFUSED = {
    "n_samples": ({"n_samples": 5}, ValueError,
                  "LiveExplorer.n_samples must be at least 10; got 5."),
    "n_fresh": ({"n_fresh": -1}, ValueError, "LiveExplorer.n_fresh must be at least 0; got -1."),
    "sampling_bias": ({"sampling_bias": 1.5}, ValueError,
                      "LiveExplorer.sampling_bias must be in [0.5, 1]; got 1.5."),
    "text": ({"n_samples": "100"}, TypeError,
             "LiveExplorer.n_samples must be a whole number; got '100'."),
    "seed": ({"seed": 0.5}, TypeError, "LiveExplorer.seed must be a whole number; got 0.5."),
    "t": ({"t": 300}, ValueError, "LiveExplorer.t must be at most 200; got 300."),
    "family": ({"family": "beta"}, ValueError,
               "LiveExplorer.family must be one of 'urn', 'gaussian'; got 'beta'."),
    "measure": ({"measure": "share"}, ValueError,
                "LiveExplorer.measure must be one of 'variance', 'mean', 'risk'; got 'share'."),
    "colour": ({"counts": {"a": 1, "b": 2}, "colour": "c"}, ValueError,
               "LiveExplorer.colour must be one of 'a', 'b'; got 'c'."),
    "counts": ({"counts": {"a": 1}}, ValueError,
               "len(LiveExplorer.counts) must be at least 2; got 1."),
    "no counts": ({"counts": {"a": 0, "b": 0}}, ValueError,
                  "sum(LiveExplorer.counts) must be finite and above 0; got 0."),
    "negative": ({"counts": {"a": 3, "b": -1}}, ValueError,
                 "LiveExplorer.counts must be in [0, 1e+12]; got -1."),
    "predict": ({"predict": {"question": "How many?"}}, ValueError,
                "LiveExplorer.predict must have answer, lower, question, t, unit, upper; got "
                "{'question': 'How many?'}."),
    "answer": ({"predict": dict.fromkeys(PREDICT, "mode")}, ValueError,
               "LiveExplorer.predict.answer must be one of 'median', 'mean'; got 'mode'."),
}  # fmt: skip


@pytest.mark.parametrize("settings, error, sentence", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_shown_is_refused_in_a_sentence(settings, error, sentence):
    with pytest.raises(error) as caught:
        explorer(**settings)
    assert str(caught.value) == sentence


@pytest.mark.parametrize("name, value, error, sentence", [
    ("n_samples", 1, ValueError, "LiveExplorer.state.n_samples must be at least 10; got 1."),
    ("n_fresh", -1, ValueError, "LiveExplorer.state.n_fresh must be at least 0; got -1."),
    ("colour", 2, ValueError, "LiveExplorer.state.colour must be at most 1; got 2."),
    ("names", ["a"], ValueError,
     "LiveExplorer.state needs arrays of one shape; got counts (2,), names (1,)."),
    ("policy", "mixed", ValueError,
     "LiveExplorer.state.policy must be one of 'replace', 'accumulate', 'subsample', 'anchored', "
     "'mix', 'fresh'; got 'mixed'."),
    ("v", 1, ValueError, "LiveExplorer.state.v must be one of 2; got 1."),
])  # fmt: skip
def test_a_state_that_cannot_be_shown_is_refused_by_its_key(name, value, error, sentence):
    figure = explorer()
    with pytest.raises(error) as caught:
        figure.state = figure.state | {name: value}
    assert str(caught.value) == sentence


def test_a_policy_of_ones_own_is_sent_to_the_rows():
    with pytest.raises(TypeError) as caught:
        explorer(policy=AccumulateSubsample(budget=7))
    assert str(caught.value) == (
        "LiveExplorer.policy must be Replace(), Accumulate(), AccumulateSubsample(), MixReal(a), "
        "FreshReal(a) or Anchored(); got AccumulateSubsample(budget=7). "
        "LiveExplorer.with_python(policy=...) runs any policy on rows."
    )


def test_traits_keep_what_the_page_adds_and_refuse_what_cannot_run():
    figure = explorer()
    figure.state = figure.state | {"n_samples": 1000, "revealed": True, "guess": None}
    assert figure.state["n_samples"] == 1000
    assert figure.state["revealed"] is True
    with pytest.raises((TraitError, ValueError)):
        figure.state = figure.state | {"n_samples": 1}
    assert figure.state["n_samples"] == 1000


# --- the still figure -------------------------------------------------------------------------


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("measure", ["share", "diversity", "gone", "variance", "mean", "risk"])
@pytest.mark.parametrize("policy", POLICIES, ids=repr)
def test_the_dashed_law_is_the_mean_of_the_drawn_runs(policy, measure, seed):
    urn = {"counts": {"yellow": 6, "blue": 3, "green": 1}} if measure in (
        "share", "diversity", "gone") else {}  # fmt: skip
    settings = {
        "policy": policy,
        "measure": measure,
        "n_samples": 20,
        "n_fresh": 3,
        "seed": 100 + seed,
    }
    state = state_of(n_generations=10, n_replicates=1000, **settings, **urn)
    known = law(state)
    if known is None:
        assert measure in ("gone", "risk")
        return
    values = ensemble(state)
    assert_agrees(values, known.values)
    shifted = known.values + 6 * values.std(axis=0, ddof=1).max() / np.sqrt(len(values))
    assert_rejects(values, shifted)


def test_no_law_is_drawn_where_none_is_known():
    urn = {"counts": {"yellow": 90, "blue": 10}} | SMALL
    assert law(state_of(**urn, temperature=0.9)) is None
    still = explorer(**urn, temperature=0.9).still()
    assert list(still.table) == ["generation", "40 runs", "40 runs, lower", "40 runs, upper"]
    assert still.caption.endswith("no closed form is known.")
    assert law(state_of(**urn | {"n_samples": 10**6}, measure="gone")) is None


@pytest.mark.parametrize("policy", POLICIES, ids=repr)
@pytest.mark.parametrize("family", ["urn", "gaussian"])
def test_every_policy_has_a_still_figure(family, policy):
    figure = explorer(family=family, policy=policy, runs=2, **SMALL)
    values = ensemble(figure.state) * (100 if family == "urn" else 1)
    still = figure.still()
    assert np.allclose(still.table["40 runs"], np.median(values, axis=0))
    assert np.allclose(still.table["40 runs, run 2"], values[1])
    assert len(still.table["mean in law"]) == 8
    assert still.html() == figure.still().html()


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_live_figures_are_sound_and_hostile_names_are_text(browser, shown, scheme):
    urn = explorer(counts={"yellow": 90, HOSTILE: 10}, **SMALL)
    gauss = explorer("gauss", **SMALL)
    with shown(browser, urn.html(), gauss.html(), scheme=scheme) as (page, faults):
        assert page.locator(".cl-live").count() == 2
        assert page.locator(".cl-live svg, .cl-live canvas").count() >= 2
        assert "<img src=x" in page.locator("#fig-urn").text_content()
        assert page.evaluate("window.stolen") is None
        assert page.locator("main img").count() == 0
    assert faults == []


def test_without_javascript_the_urn_stands_still_with_its_numbers(browser, shown):
    figure = explorer(counts={"yellow": 90, HOSTILE: 10}, **SMALL)
    with shown(browser, figure.html(), java_script_enabled=False) as (page, faults):
        assert page.locator("#fig-urn svg").bounding_box()["height"] > 100
        assert page.locator("#fig-urn figcaption p").text_content().startswith("A caption. Median")
        assert page.locator("#fig-urn tbody tr").count() == 8
        assert page.locator("main img").count() == 0
    assert faults == []


def test_host_and_explorer_weigh_less_than_40_kb():
    figure = explorer()
    parts = {"module": figure._esm, "style": figure._css}
    sizes = {name: len(gzip.compress(text.encode(), 9)) for name, text in parts.items()}
    assert sum(sizes.values()) < 40_000, sizes
    assert len(gzip.compress(figure.html().encode(), 9)) < 50_000


def test_the_text_is_steady():
    assert repr(explorer()) == repr(explorer()) == "Explorer urn: The share of blue falls."
    assert explorer().html() == explorer().html()
    assert repr(explorer().with_python()) == (
        "Explorer urn: The share of blue falls. With Run in Python."
    )


# --- Run in Python ----------------------------------------------------------------------------


def ran(panel):
    """Run to the end; return the frames."""
    panel.start()
    assert panel.wait(20)
    return panel.explorer.frames


@pytest.mark.parametrize("family", ["urn", "gaussian"])
def test_run_in_python_streams_the_loop_on_rows(family):
    figure = explorer(family=family, n_samples=50, n_generations=6, seed=3)
    panel, seen = figure.with_python(), []
    figure.observe(lambda change: seen.append(len(change["new"])), names="frames")
    frames = ran(panel)
    assert [t for t, _ in frames] == [1, 2, 3, 4, 5, 6]
    assert seen == [1, 2, 3, 4, 5, 6]
    assert panel.progress.value == panel.progress.max == 6
    assert panel.said.value == "Done: 6 generations on rows."
    assert not panel.run_button.disabled
    assert panel.stop_button.disabled
    values = [value for _, value in frames]
    assert ran(panel) == frames
    assert len(set(values)) > 1
    json.dumps(frames, allow_nan=False)


def test_stop_ends_the_run_after_the_generation_at_work():
    figure = explorer(n_generations=1000)
    panel = figure.with_python()

    def tell(change):
        if len(change["new"]) == 4:
            panel.stop_button.click()

    figure.observe(tell, names="frames")
    assert len(ran(panel)) == 4
    assert panel.said.value == "Stopped: 4 generations on rows."


def test_a_model_and_a_policy_of_ones_own():
    figure = explorer(n_samples=50, n_generations=4)
    panel = figure.with_python(
        model=KernelDensity(bandwidth=0.5), policy=AccumulateSubsample(budget=30)
    )
    assert [t for t, _ in ran(panel)] == [1, 2, 3, 4]
    panel = figure.with_python(measure=lambda generation: np.inf)
    assert [value for _, value in ran(panel)] == [None] * 4


def test_what_goes_wrong_in_a_run_is_said_in_the_panel():
    figure = explorer(n_samples=50, n_generations=4)
    plane = MultivariateGaussian(np.zeros(2), np.eye(2))
    panel = figure.with_python(model=GaussianMixture(n_components=1), source=plane)
    assert ran(panel) == []
    assert panel.said.value == (
        "ValueError: This figure measures rows of one number each; the source gives rows of shape "
        "(2,). Choose one column, or give with_python a measure."
    )
    assert not panel.run_button.disabled
    panel = explorer(n_samples=10**9, policy=Accumulate()).with_python()
    assert ran(panel) == []
    assert panel.said.value == (
        "ValueError: Python would have to hold 201,000,000,000 rows, and this panel stops at "
        "20,000,000; lower n or the generations. The curves above need no rows and go on to 10^12."
    )


@pytest.mark.parametrize("broken", ["settings", "total"])
def test_what_goes_wrong_before_a_run_is_said_and_run_can_be_pressed_again(broken):
    panel = explorer(n_samples=50, n_generations=4).with_python()

    def fails(*_):
        raise ValueError("No settings.")

    setattr(panel, broken, fails)
    panel.start()
    assert panel.wait(20)
    assert panel.said.value == "ValueError: No settings."
    assert not panel.run_button.disabled and panel.stop_button.disabled
    delattr(panel, broken)
    assert [t for t, _ in ran(panel)] == [1, 2, 3, 4]


def test_measures_of_rows_are_those_of_the_model_where_it_tells():
    class Silent:
        pass

    urn = state_of(counts={"yellow": 1, "blue": 1}, measure="diversity")
    rows = source_of(urn)(1000, np.random.default_rng(1))
    fitted = model_of(urn).fit(rows, rng=None)
    told = Generation(1, None, fitted, rows[:10], rows, {})
    silent = Generation(1, None, Silent(), rows, rows, {})
    p = np.bincount(rows) / 1000
    assert of_generation(told, urn) == of_generation(silent, urn) == pytest.approx(1 - p @ p)
    normal = state_of(measure="risk")
    rows = source_of(normal)(1000, np.random.default_rng(1))
    told = Generation(1, None, model_of(normal).fit(rows, rng=None), rows[:10], rows, {})
    silent = Generation(1, None, Silent(), rows, rows, {})
    risk = rows.mean() ** 2 + (rows.std() - 1) ** 2
    assert of_generation(told, normal) == pytest.approx(risk)
    assert of_generation(silent, normal) == pytest.approx(risk)
