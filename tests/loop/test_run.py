"""The loop: what it promises of its results, and how it tells faults."""

from dataclasses import dataclass
from itertools import islice

import numpy as np
import pytest
from sklearn.mixture import GaussianMixture as SklearnMixture

from collapse_lib import Dataset, generations, run_loop
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.policies import Accumulate, AccumulateSubsample, FreshReal, MixReal, Replace
from collapse_lib.sources import from_array


def source(n, rng):
    return rng.normal(size=n)


def run(model=None, source=source, policy=Replace(), **changes):
    settings = {"n_samples": 20, "n_generations": 5, "seed": 1, "n_reference": 10} | changes
    return run_loop(model or Gaussian(), source, policy, **settings)


def test_generation_one_is_fitted_to_real_rows_and_the_next_to_its_samples():
    first, second, *_ = run()
    assert first.index == 1 and first.train.real_fraction == 1
    assert first.model.mean_ == first.train.rows.mean()
    assert np.array_equal(second.train.rows, first.sample)
    assert (second.train.origin == 1).all()


def test_a_longer_run_keeps_its_prefix():
    short, long = run(n_generations=3), run(n_generations=6)
    for a, b in zip(short, long, strict=False):
        assert np.array_equal(a.sample, b.sample)


def test_one_more_metric_changes_nothing():
    plain = run()
    greedy = run(metrics={"draws": lambda g: np.random.default_rng(0).normal()})
    assert np.array_equal(plain[-1].sample, greedy[-1].sample)


def test_policies_see_the_same_real_rows():
    runs = [run(policy=p, n_fresh=4) for p in (Replace(), Accumulate(), MixReal(0.5))]
    originals = [trajectory[0].train.rows for trajectory in runs]
    assert all(np.array_equal(originals[0], rows) for rows in originals)
    assert all(np.array_equal(runs[0][0].reference, r[0].reference) for r in runs)
    fresh = run(policy=Accumulate(), n_fresh=4)[-1].train
    assert len(fresh.of_origin(0)) == 20 + 4 * 4


def test_seeds_make_the_run():
    assert np.array_equal(run(seed=1)[-1].sample, run(seed=1)[-1].sample)
    assert not np.array_equal(run(seed=1)[-1].sample, run(seed=2)[-1].sample)
    child, other = np.random.SeedSequence(1).spawn(2)
    assert np.array_equal(run(seed=child)[-1].sample, run(seed=child)[-1].sample)
    assert not np.array_equal(run(seed=child)[-1].sample, run(seed=other)[-1].sample)


def test_the_generator_and_run_loop_agree():
    stream = generations(Gaussian(), source, Replace(), n_samples=20, seed=1, n_reference=10)
    for a, b in zip(islice(stream, 5), run(), strict=True):
        assert np.array_equal(a.sample, b.sample) and a.index == b.index


def test_growing_samples_and_fresh_rows():
    trajectory = run(policy=Accumulate(), n_samples=lambda t: 10 * t, n_fresh=lambda t: t - 1)
    assert [len(g.sample) for g in trajectory] == [10, 20, 30, 40, 50]
    assert [len(g.train) for g in trajectory] == [10, 20, 41, 73, 116]
    assert len(trajectory[-1].train.of_origin(0)) == 10 + 0 + 1 + 2 + 3


def test_accumulated_training_sets_are_views_of_one_buffer():
    trajectory = run(policy=Accumulate(), n_fresh=2)
    last = trajectory[-1].train.rows
    assert all(np.shares_memory(last, g.train.rows) for g in trajectory)
    assert all(np.shares_memory(last, g.sample) for g in trajectory[:-1])


def test_keep_last_lets_the_rest_go_and_changes_nothing():
    metrics = {"variance": lambda g: g.model.variance_}
    everything, last = run(metrics=metrics), run(metrics=metrics, keep="last")
    assert np.array_equal(everything.column("variance"), last.column("variance"))
    assert np.array_equal(everything[-1].sample, last[-1].sample)
    assert last[0].train is None and last[0].model is None and last[0].sample is None
    assert last[-1].model.mean_ == everything[-1].model.mean_


def test_records_and_frame():
    trajectory = run(metrics={"n": lambda g: len(g.train)}, policy=Accumulate())
    assert trajectory.records() == [{"generation": t, "n": 20.0 * t} for t in range(1, 6)]
    assert trajectory.to_frame().columns.tolist() == ["generation", "n"]
    assert len(trajectory) == 5 and len(trajectory[1:3]) == 2
    assert repr(trajectory) == "Trajectory(5 generations; metrics: n)"
    with pytest.raises(KeyError) as error:
        trajectory.column("m")
    assert error.value.args[0] == (
        "Trajectory.column: no metric is called 'm'; this run has ['n']."
    )


def test_progress_sees_every_generation():
    seen = []

    def progress(steps):
        for step in steps:
            seen.append(step)
            yield step

    assert len(run(progress=progress)) == 5
    assert seen == list(range(5))


def test_samples_and_training_rows_are_read_only():
    generation = run(policy=Accumulate())[-1]
    for rows in (generation.sample, generation.train.rows, generation.reference):
        with pytest.raises(ValueError, match="read-only"):
            rows[0] = 0


def test_the_model_that_was_given_stays_unfitted():
    model = Gaussian()
    run(model)
    assert not hasattr(model, "mean_")


def test_a_finite_source_holds_out_its_reference_and_deals_each_row_once():
    rows = np.arange(100.0)
    trajectory = run(
        source=from_array(rows), policy=FreshReal(0.25), n_reference=1000, n_generations=8
    )
    reference = set(trajectory[0].reference.tolist())
    assert len(reference) == 20
    real = [g.train.of_origin(0).rows.tolist() for g in trajectory]
    dealt = [row for part in real for row in part]
    assert len(dealt) == len(set(dealt)) == 20 + 7 * 5
    assert not reference & set(dealt)


def test_a_finite_source_that_runs_out_names_the_generation_and_its_remedy():
    rows = np.arange(50.0)
    with pytest.raises(ValueError) as error:
        run(source=from_array(rows), policy=Accumulate(), n_fresh=7)
    assert str(error.value).startswith("While drawing for generation 3: your array has 6 rows left")
    assert "lower n_samples, n_fresh or n_generations" in str(error.value)


def test_warm_start_goes_on_from_the_state_before():
    def two_humps(n, rng):
        return rng.normal(size=n) + 6 * rng.integers(0, 2, size=n)

    changes = {"source": two_humps, "n_samples": 200, "n_generations": 4}
    cold = run(GaussianMixture(max_iter=1), **changes)
    warm = run(GaussianMixture(max_iter=1), warm_start=True, **changes)
    assert np.array_equal(cold[0].model.means_, warm[0].model.means_)
    assert not np.array_equal(cold[1].model.means_, warm[1].model.means_)
    with pytest.raises(TypeError) as error:
        run(Gaussian(), warm_start=True)
    assert str(error.value) == (
        "warm_start needs a model with fit and sample and get_state and set_state; "
        "Gaussian has no get_state."
    )


class Mute:
    def fit(self, rows, *, rng):
        return self


@dataclass
class Bad(Gaussian):
    fault: str = ""

    def fit(self, rows, *, rng=None):
        super().fit(rows)
        return None if self.fault == "returns nothing" else self

    def sample(self, n, *, rng):
        rows = super().sample(n, rng=rng)
        if self.fault == "too few":
            return rows[1:]
        if self.fault == "nan":
            rows[:3] = np.nan
        return rows


def one_short(n, rng):
    return rng.normal(size=n - 1)


def with_nan(n, rng):
    return np.where(np.arange(n) == 4, np.nan, 1.0)


class NoRows:
    def __call__(self, history, source, rng):
        return history[0].take(slice(0, 0))


FAULTS = [
    (
        {"model": Mute()},
        TypeError,
        "A model must come with fit and sample; Mute has no sample.",
    ),
    (
        {"model": SklearnMixture()},
        TypeError,
        "GaussianMixture must have fit(rows, *, rng) and sample(n, *, rng), with all its "
        "randomness from rng; the models of collapse_lib.models do, and wrap those of "
        "scikit-learn.",
    ),
    (
        {"model": Bad(fault="returns nothing")},
        TypeError,
        "Bad.fit must return the model itself; it returned None.",
    ),
    (
        {"model": Bad(fault="too few")},
        ValueError,
        "Bad.sample in generation 1 must return rows of shape (20,); got shape (19,).",
    ),
    (
        {"model": Bad(fault="nan")},
        ValueError,
        "Bad.sample in generation 1: 3 of 20 rows hold NaN or infinity (the first is row 0); the "
        "model has broken down: give it more rows or regularise it.",
    ),
    (
        {"source": 3},
        TypeError,
        "source must be callable as source(n, rng); got 3. Wrap your own rows with "
        "collapse_lib.sources.from_array(rows).",
    ),
    (
        {"source": one_short},
        ValueError,
        "one_short must return rows of shape (10,); got shape (9,).",
    ),
    (
        {"source": with_nan},
        ValueError,
        "with_nan: 1 of 10 rows hold NaN or infinity (the first is row 4); clean the data before "
        "the loop.",
    ),
    (
        {"policy": "replace"},
        TypeError,
        "policy must be callable as policy(history, source, rng); got 'replace'. Give an object "
        "such as Replace().",
    ),
    ({"n_samples": 0}, ValueError, "n_samples must be at least 1; got 0."),
    ({"n_samples": 2**63}, ValueError, f"n_samples must be at most {2**63 - 1}; got {2**63}."),
    ({"n_samples": 2.5}, TypeError, "n_samples must be a whole number; got 2.5."),
    ({"n_samples": lambda t: 3 - t}, ValueError, "n_samples(3) must be at least 1; got 0."),
    ({"n_fresh": -1}, ValueError, "n_fresh must be at least 0; got -1."),
    ({"n_generations": 0}, ValueError, "n_generations must be at least 1; got 0."),
    ({"n_reference": 0}, ValueError, "n_reference must be at least 1; got 0."),
    ({"seed": -1}, ValueError, "seed must be at least 0; got -1."),
    (
        {"seed": None},
        TypeError,
        "seed must be a whole number; got None.",
    ),
    ({"keep": "some"}, ValueError, "keep must be one of 'all', 'last'; got 'some'."),
    (
        {"metrics": [len]},
        TypeError,
        "metrics must be of type Mapping; got [<built-in function len>]. It maps a name to a "
        "function, metric(generation).",
    ),
    (
        {"metrics": {"rows": lambda g: [1, 2]}},
        TypeError,
        "metric 'rows' must return one number; in generation 1 it returned [1, 2].",
    ),
    (
        {"model": Gaussian(ddof=1), "n_samples": 1},
        ValueError,
        "Gaussian.fit needs at least 2 rows; got 1.",
    ),
]


@pytest.mark.parametrize(("changes", "kind", "sentence"), FAULTS)
def test_faults_are_told_in_one_sentence(changes, kind, sentence):
    with pytest.raises(kind) as error:
        run(**changes)
    assert str(error.value) == sentence


def test_a_policy_that_returns_no_rows_or_no_dataset_is_told():
    with pytest.raises(ValueError, match=r"returned no rows to train on in generation 2\.$"):
        run(policy=NoRows())
    with pytest.raises(
        TypeError, match=r"returns in generation 2 must be of type Dataset; got \[1\.0\]"
    ):
        run(policy=lambda history, source, rng: [1.0])


def test_faults_of_arguments_are_told_before_the_first_generation():
    with pytest.raises(ValueError, match="n_samples"):
        generations(Gaussian(), source, Replace(), n_samples=0, seed=1)


def test_rows_may_be_images_or_whole_numbers():
    @dataclass
    class Images:
        def fit(self, rows, *, rng):
            self.mean_ = rows.mean(axis=0)
            return self

        def sample(self, n, *, rng):
            return self.mean_ + rng.normal(size=(n, *self.mean_.shape))

    def images(n, rng):
        return rng.integers(0, 16, size=(n, 8, 8))

    for policy in (Replace(), Accumulate(), AccumulateSubsample()):
        trajectory = run(Images(), images, policy)
        assert trajectory[-1].sample.shape == (20, 8, 8)
        assert trajectory[-1].sample.dtype == float
    labels = run(Categorical(n_categories=4), lambda n, rng: rng.integers(0, 4, size=n))
    assert labels[-1].sample.dtype.kind == "i"


def test_history_is_a_sequence_of_datasets_for_a_policy_of_ones_own():
    seen = []

    def newest_two(history, source, rng):
        seen.append([type(entry) for entry in history])
        return Dataset.concat(history[-2:])

    trajectory = run(policy=newest_two)
    assert len(trajectory[-1].train) == 40
    assert seen[-1] == [Dataset] * 5


def test_a_source_and_a_model_that_reuse_their_memory_do_no_harm():
    buffer = np.empty(20)

    def reusing(n, rng):
        return rng.standard_normal(out=buffer[:n])

    @dataclass
    class Reuses(Gaussian):
        def sample(self, n, *, rng):
            buffer[:n] = super().sample(n, rng=rng)
            return buffer[:n]

    trajectory = run(Reuses(), reusing)
    rows = [trajectory[0].train.rows, *(g.sample for g in trajectory)]
    assert len({tuple(r) for r in rows}) == 6
    assert not set(trajectory[0].reference) & set(trajectory[0].train.rows)


def test_a_model_may_have_slots_and_may_spawn_streams():
    class Slotted:
        __slots__ = ("mean",)

        def fit(self, rows, *, rng):
            self.mean = rows.mean()
            return self

        def sample(self, n, *, rng):
            first, second = rng.spawn(2)
            return self.mean + np.concatenate([first.normal(size=n - 5), second.normal(size=5)])

    assert np.array_equal(run(Slotted())[-1].sample, run(Slotted())[-1].sample)


def test_the_reference_is_no_training_row_and_has_its_own_stream():
    first = run(n_reference=20)[0]
    assert not set(first.reference) & set(first.train.rows)


def test_origin_is_told_after_many_generations():
    trajectory = run(policy=Accumulate(), n_generations=300, n_samples=2)
    assert trajectory[-1].train.origin.max() == 299


SLIPS = [
    (
        {"model": Gaussian},
        TypeError,
        "Gaussian is a class; make an object of it by calling it, as in Gaussian().",
    ),
    (
        {"policy": Replace},
        TypeError,
        "policy must be callable as policy(history, source, rng); got "
        "<class 'collapse_lib.policies.mixing.Replace'>. Give an object such as Replace().",
    ),
    (
        {"metrics": {"a": 3}},
        TypeError,
        "metrics['a'] must be callable as metric(generation); got 3.",
    ),
    (
        {"metrics": {"generation": len}},
        ValueError,
        "A metric's name must be a text other than generation, replicate; got 'generation'.",
    ),
    (
        {"source": lambda n, rng: np.array([object()] * n)},
        TypeError,
        "<lambda> needs rows of numbers; got an array of object of shape (10,).",
    ),
    (
        {"source": from_array(np.arange(4.0)), "n_samples": 2},
        ValueError,
        "your array has too few rows to hold any out as a reference; give it at least 5.",
    ),
]


@pytest.mark.parametrize(("changes", "kind", "sentence"), SLIPS)
def test_common_slips_are_told_in_one_sentence(changes, kind, sentence):
    with pytest.raises(kind) as error:
        run(**({"n_generations": 1} | changes))
    assert str(error.value) == sentence
