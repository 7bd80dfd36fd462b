"""What the engine promises beside its law: the same arrays on every load, and right summaries."""

import numpy as np
import pytest
from engine_page import POLICIES, SHARE, Engine, faulty

CASES = [("urn", policy) for policy in POLICIES] + [("gaussian", policy) for policy in POLICIES]
MEASURES = {"urn": ("share", "diversity", "gone"), "gaussian": ("variance", "mean", "risk")}


def settings(family="urn", policy="replace", **changes):
    return {
        "family": family, "counts": [60, 30, 10], "policy": policy, "real_fraction": SHARE,
        "n_samples": 30, "n_fresh": 2, "n_generations": 25, "n_replicates": 12, "seed": 7,
        "colour": 2, "measure": MEASURES[family][0],
    } | changes  # fmt: skip


def arrays(engine, **changes):
    found = engine.paths(**settings(**changes))
    return np.stack(found) if isinstance(found, tuple) else np.moveaxis(found, 2, 0)


@pytest.mark.parametrize(("family", "policy"), CASES)
def test_the_same_seed_gives_the_same_bits_in_every_page(browser, engine, source, family, policy):
    first = arrays(engine, family=family, policy=policy)
    again = arrays(engine, family=family, policy=policy)
    fresh_page = Engine(browser, source)
    elsewhere = arrays(fresh_page, family=family, policy=policy)
    fresh_page.close()
    assert first.tobytes() == again.tobytes() == elsewhere.tobytes()
    assert not np.array_equal(first, arrays(engine, family=family, policy=policy, seed=8))
    # the upper bits of a seed count too
    assert not np.array_equal(first, arrays(engine, family=family, policy=policy, seed=7 + 2**32))


@pytest.mark.parametrize(("family", "policy"), CASES)
def test_more_replicates_and_more_generations_leave_what_was_there(engine, family, policy):
    few = arrays(engine, family=family, policy=policy)
    more = arrays(engine, family=family, policy=policy, n_replicates=20)
    longer = arrays(engine, family=family, policy=policy, n_generations=40)
    assert np.array_equal(few, more[:, :12])
    assert np.array_equal(few, longer[:, :, :25])


@pytest.mark.parametrize(("family", "policy"), CASES)
def test_in_how_many_parts_a_run_is_drawn_makes_no_difference(engine, family, policy):
    asked = settings(family, policy)
    whole = engine.call("drawn", asked)
    parts = engine.call("inParts", asked, [1, 5, 12])
    assert parts["n_replicates"] == 12
    assert parts["values"].tobytes() == whole.tobytes()
    assert parts["first"].tobytes() == whole[:25].tobytes()


def test_parts_that_begin_in_the_wrong_place_are_noticed(browser, source):
    fault = "at = from * n_generations * K", "at = 0 * n_generations * K"
    with faulty(browser, source, *fault) as engine:
        asked = settings()
        parts = engine.call("inParts", asked, [1, 5, 12])
        assert not np.array_equal(parts["values"], engine.call("drawn", asked))


@pytest.mark.parametrize(("family", "policy"), CASES)
def test_a_page_draws_at_a_time_what_a_frame_has_time_for(engine, family, policy):
    usual = settings(
        family, policy, counts=[40, 30, 20, 10], n_samples=100, n_fresh=0, real_fraction=0.1
    )
    usual |= {"n_generations": 200, "n_replicates": 200}
    at_a_time = engine.call("runsAtATime", usual)
    cut = {("urn", "mix"), ("urn", "fresh"), ("gaussian", "mix")}
    assert (at_a_time == 200) == (policy != "subsample" and (family, policy) not in cut)
    assert at_a_time >= 5
    more = engine.call("runsAtATime", usual | {"n_generations": 1000, "n_replicates": 1000})
    assert 1 <= more < at_a_time
    assert engine.call("runsAtATime", usual | {"n_generations": 2, "n_replicates": 1}) == 1


def test_a_stream_that_does_not_start_anew_for_each_page_is_noticed(browser, source):
    fault = "(replicate ^ 0x1b873593)", "(replicate ^ (Math.random() * 2**31))"
    with faulty(browser, source, *fault) as engine:
        one, other = arrays(engine), arrays(engine)
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("temperature", [0.7, 1.0, 2.0])
@pytest.mark.parametrize("policy", POLICIES)
def test_dead_colours_stay_dead(engine, policy, temperature):
    shares = engine.paths(
        **settings(
            policy=policy, counts=[0, 96, 2, 2, 0], temperature=temperature, n_fresh=0,
            n_generations=40, n_replicates=200,
        )
    )  # fmt: skip
    assert np.allclose(shares.sum(axis=2), 1, rtol=0, atol=1e-12)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert (shares[:, :, [0, 4]] == 0).all()  # what the truth does not hold never comes
    dead = shares == 0
    revived = (dead[:, :-1] & ~dead[:, 1:]).any()
    assert revived == (policy in ("mix", "fresh", "subsample"))  # these look at real rows again


def test_dead_colours_stay_dead_at_a_million_million_rows(engine):
    counts = [1e12, 1, 1, 0, 1, 1e6]
    shares = engine.paths(
        **settings(counts=counts, n_samples=10**12, n_generations=200, n_replicates=50)
    )
    dead = shares == 0
    assert dead[:, :, 3].all()
    assert dead[:, -1, [1, 2, 4]].mean() > 0.9
    assert not (dead[:, :-1] & ~dead[:, 1:]).any()
    counted = shares * 10**12
    assert np.allclose(counted, counted.round(), rtol=0, atol=1e-3)


@pytest.mark.parametrize("family", MEASURES)
def test_what_is_measured(engine, family):
    found = engine.paths(**settings(family))
    if family == "urn":
        expected = {
            "share": found[:, :, 2],
            "diversity": 1 - (found**2).sum(axis=2),
            "gone": (found[:, :, 2] == 0).astype(float),
        }
    else:
        mean, variance = found
        expected = {
            "variance": variance, "mean": mean, "risk": mean**2 + (np.sqrt(variance) - 1) ** 2,
        }  # fmt: skip
    for measure in MEASURES[family]:
        values = engine.call("drawn", settings(family, measure=measure)).reshape(12, 25)
        assert np.allclose(values, expected[measure], rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("replicates", [1, 2, 10, 11, 200])
@pytest.mark.parametrize("family", MEASURES)
def test_band_is_numpys_quantiles_and_mean(engine, family, replicates):
    asked = settings(family, n_replicates=replicates)
    values = engine.call("drawn", asked).reshape(replicates, 25)
    band = engine.call("bandOf", asked)
    expected = np.quantile(values, [0.1, 0.5, 0.9], axis=0)
    assert np.allclose([band["lower"], band["median"], band["upper"]], expected, atol=1e-15)
    assert np.allclose(band["mean"], values.mean(axis=0), atol=1e-15)


def test_luck_and_times_of_extinction(engine):
    asked = settings(n_replicates=50)
    values = engine.call("drawn", asked).reshape(50, 25)
    luck = engine.call("luck", values.ravel().tolist(), 50, 25, 3, 4)
    column = values[:, 3]
    below, level = (column < column[3]).sum(), (column == column[3]).sum()
    assert luck == pytest.approx((below + level / 2) / 50)
    times = engine.call("times", asked)
    gone = values == 0
    expected = np.where(gone.any(axis=1), gone.argmax(axis=1) + 1, np.nan)
    assert np.array_equal(times, expected, equal_nan=True)
    assert 0 < np.isnan(times).mean() < 1
    assert np.isnan(engine.call("times", settings("gaussian"))).all()


def test_real_rows_are_rounded_as_python_rounds_them(engine):
    for n in (10, 15, 25, 101, 10**6 + 1, 10**12):
        for share in (0, 0.05, 0.1, 0.15, 0.25, 0.3, 0.5, 0.7, 0.9, 1):
            assert engine.call("realRows", {"real_fraction": share, "n_samples": n}) == round(
                share * n
            )


SENTENCES = [
    (
        {"family": "gaussian", "policy": "mix", "n_samples": 10**5},
        "This policy uses single rows again, and the mean and variance of normal rows do not tell "
        "how a part of them would look: set n to 10000 or less, or run it in Python.",
    ),
    (
        {"family": "gaussian", "policy": "subsample", "n_samples": 5000, "n_generations": 500,
         "n_replicates": 200},
        "This policy uses single rows again, and there are too many here for a page; lower n, the "
        "generations or the replicates, or run it in Python.",
    ),
    (
        {"policy": "accumulate", "n_samples": 10**12, "n_fresh": 10**12, "n_generations": 9000},
        "The pool grows beyond 2^53 rows, which is more than a count in a page holds; lower n, the "
        "new rows or the generations.",
    ),
    (
        {"n_generations": 10**5, "n_replicates": 1000},
        "This is more than a page should draw; lower the generations or the replicates.",
    ),
    ({"counts": [0, 0]}, "No colour has a real share; give one of them a count above 0."),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "sentence"), SENTENCES)
def test_what_has_no_live_form_is_told_in_one_sentence(engine, changes, sentence):
    asked = settings(**changes)
    assert engine.call("unsupported", asked) == sentence
    with pytest.raises(Exception, match="Error") as error:
        engine.call("simulate", asked)
    assert sentence in str(error.value)


@pytest.mark.parametrize(("family", "policy"), CASES)
def test_the_usual_settings_all_have_a_live_form(engine, family, policy):
    usual = settings(family, policy, n_samples=100, n_generations=200, n_replicates=200, n_fresh=0)
    assert engine.call("unsupported", usual) is None
    if family == "urn":
        assert (
            engine.call("unsupported", usual | {"n_samples": 10**12, "n_generations": 1000}) is None
        )
