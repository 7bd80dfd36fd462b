"""A checkpoint resumes a killed run with the same result to the last bit, and loses nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

import numpy as np
import pytest

from collapse_lib import run_loop
from collapse_lib.loop.described import described
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.mixture import GaussianMixture
from collapse_lib.policies import Accumulate, AccumulateSubsample, FreshReal, MixReal, Replace
from collapse_lib.sources import from_array


def source(n, rng):
    return rng.normal(size=n)


METRICS = {"variance": lambda g: np.var(g.sample)}


def run(
    checkpoint=None, model=None, source=source, policy=Replace(), n_generations=6, n_samples=15,
    **changes,
):  # fmt: skip
    return run_loop(
        model or Gaussian(),
        source,
        policy,
        n_samples=n_samples,
        n_generations=n_generations,
        seed=4,
        n_reference=5,
        metrics=METRICS,
        checkpoint=checkpoint,
        **changes,
    )


def assert_same(a, b):
    assert len(a) == len(b)
    assert np.array_equal(a.column("variance"), b.column("variance"))
    for x, y in zip(a, b, strict=True):
        if x.sample is not None and y.sample is not None:
            assert np.array_equal(x.sample, y.sample)
            assert np.array_equal(x.train.rows, y.train.rows)
            assert np.array_equal(x.train.origin, y.train.origin)
            assert np.array_equal(x.model.sample(3, rng=np.random.default_rng(0)),
                                  y.model.sample(3, rng=np.random.default_rng(0)))  # fmt: skip


CASES = [
    {},
    {"policy": Accumulate(), "n_fresh": 2},
    {"policy": AccumulateSubsample()},
    {"policy": MixReal(0.4)},
    {"policy": FreshReal(0.2), "source": from_array(np.arange(200.0))},
    {"model": GaussianMixture(max_iter=3), "warm_start": True},
    {"model": GaussianMixture(max_iter=3), "warm_start": True, "keep": "last"},
    {"keep": "last"},
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_run_in_two_halves_equals_one_run(tmp_path, case):
    whole = run(**case)
    run(tmp_path, n_generations=3, **case)
    assert_same(run(tmp_path, **case), whole)
    assert_same(run(tmp_path, **case), whole)  # once more, with nothing left to do
    assert_same(run(tmp_path, n_generations=2, **case), run(n_generations=2, **case))


def test_saved_generations_are_not_sampled_or_measured_again(tmp_path):
    class Counting(Gaussian):
        samples = 0

        def sample(self, n, *, rng):
            Counting.samples += 1
            return super().sample(n, rng=rng)

    run(tmp_path, model=Counting(), n_generations=4)
    assert Counting.samples == 4
    run(tmp_path, model=Counting(), n_generations=6)
    assert Counting.samples == 6


SCRIPT = """
import sys, time
import numpy as np
from collapse_lib import run_loop
from collapse_lib.loop.described import described
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Accumulate

class Slow(Gaussian):
    def fit(self, rows, *, rng=None):
        time.sleep(0.05)
        return super().fit(rows)

def source(n, rng):
    return rng.normal(size=n)

run_loop(Slow(), source, Accumulate(), n_samples=15, n_generations=200, seed=4, n_reference=5,
         checkpoint=sys.argv[1])
"""


def test_a_killed_run_resumes_with_the_same_result(tmp_path):
    folder = tmp_path / "run"
    child = subprocess.Popen([sys.executable, "-c", SCRIPT, str(folder)])
    deadline = time.monotonic() + 60
    while len(list(folder.glob("generation-*.json"))) < 4 and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    child.wait()
    saved = len(list(folder.glob("generation-*.json")))
    assert 4 <= saved < 200
    # The script's source and model live in __main__: tell the checkpoint that they are these.
    about = json.loads((folder / "run.json").read_text())
    about |= {"source": described(source), "model": described(Gaussian())}
    (folder / "run.json").write_text(json.dumps(about))

    arguments = {"n_samples": 15, "n_generations": saved + 3, "seed": 4, "n_reference": 5}
    resumed = run_loop(Gaussian(), source, Accumulate(), checkpoint=folder, **arguments)
    whole = run_loop(Gaussian(), source, Accumulate(), **arguments)
    for a, b in zip(resumed, whole, strict=True):
        assert np.array_equal(a.sample, b.sample) and np.array_equal(a.train.rows, b.train.rows)
    assert not list(folder.glob("*.part"))


def test_other_settings_are_refused_by_name(tmp_path):
    run(tmp_path)
    with pytest.raises(ValueError) as error:
        run(tmp_path, policy=Accumulate())
    assert str(error.value) == (
        f"The checkpoint in {tmp_path} was made with policy = 'Replace()'; this run has "
        "'Accumulate()'. Use another folder, or the same settings."
    )


def test_sizes_that_grow_otherwise_are_refused(tmp_path):
    run(tmp_path, n_samples=lambda t: 10 + t)
    assert len(run(tmp_path, n_samples=lambda t: 10 + t)) == 6
    with pytest.raises(ValueError, match=r"was made with n_samples = .*<lambda> \[\w{12}\]"):
        run(tmp_path, n_samples=lambda t: 9 + 2 * t)


def test_sizes_that_a_global_changes_are_refused(tmp_path, monkeypatch):
    run(tmp_path, n_samples=size_of)
    monkeypatch.setitem(GROWTH, "rows", 2)  # a mapping, which no description looks into
    with pytest.raises(ValueError) as error:
        run(tmp_path, n_samples=size_of)
    assert str(error.value) == (
        f"Generation 2 in {tmp_path} has 12 samples and 0 new real rows; this run has 14 and 0. "
        "Use another folder, or the same n_samples and n_fresh."
    )


GROWTH = {"rows": 1}


def size_of(t):
    return 10 + (t if t == 1 else GROWTH["rows"] * t)


@dataclass
class Shifted(Gaussian):
    by: np.ndarray = field(default_factory=lambda: np.zeros(2000))

    def sample(self, n, *, rng):
        return super().sample(n, rng=rng) + self.by[-1]


class Plain:
    def __init__(self, shift):
        self.shift = shift

    def fit(self, rows, *, rng):
        self.mean_ = rows.mean()
        return self

    def sample(self, n, *, rng):
        return rng.normal(self.mean_ + self.shift, 1, size=n)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"model": Plain(0.0)}, {"model": Plain(1.0)}),
        ({"model": Shifted()}, {"model": Shifted(by=np.ones(2000))}),
        ({"source": source}, {"source": lambda n, rng: rng.normal(size=n)}),
        ({"policy": lambda h, s, r: h[-1]}, {"policy": lambda h, s, r: h[0]}),
    ],
)
def test_other_parts_are_told_apart_whatever_their_repr(tmp_path, before, after):
    run(tmp_path, **before)
    run(tmp_path, **before)
    with pytest.raises(ValueError, match="Use another folder, or the same settings"):
        run(tmp_path, **after)


def test_another_metric_of_the_same_name_is_refused(tmp_path):
    def loop(metric):
        return run_loop(
            Gaussian(), source, Replace(), n_samples=9, n_generations=3, seed=1,
            metrics={"m": metric}, checkpoint=tmp_path,
        )  # fmt: skip

    loop(lambda g: g.index)
    loop(lambda g: g.index)
    with pytest.raises(ValueError, match="was made with metrics"):
        loop(lambda g: g.index + 1)


def test_a_metric_changed_in_the_file_is_noticed(tmp_path):
    run(tmp_path)
    path = tmp_path / "generation-000002.json"
    about = json.loads(path.read_text())
    about["metrics"]["variance"] = 99.0
    path.write_text(json.dumps(about))
    with pytest.raises(ValueError, match="is damaged or missing"):
        run(tmp_path)


def test_a_run_that_never_started_leaves_the_folder_free(tmp_path):
    few = from_array(np.arange(40.0))
    arguments = {"n_generations": 2, "seed": 1, "checkpoint": tmp_path / "run"}
    with pytest.raises(ValueError, match="While drawing for the original real rows"):
        run_loop(Gaussian(), few, Replace(), n_samples=100, **arguments)
    assert not (tmp_path / "run").exists()
    assert len(run_loop(Gaussian(), few, Replace(), n_samples=20, **arguments)) == 2


def test_a_count_is_the_same_however_it_is_written(tmp_path):
    run(tmp_path, n_samples=15)
    assert_same(run(tmp_path, n_samples=np.int64(15)), run(n_samples=15.0))


def test_another_source_is_noticed_by_its_rows(tmp_path):
    rows = np.arange(200.0)
    run(tmp_path, source=from_array(rows))
    with pytest.raises(ValueError) as error:
        run(tmp_path, source=from_array(rows + 1))
    assert "The source gives other real rows" in str(error.value) or "source = " in str(error.value)


@pytest.mark.parametrize("name", ["generation-000002.npz", "generation-000002.json", "run.json"])
@pytest.mark.parametrize("damage", [b"", b"half of it", None])
def test_a_damaged_file_is_named_and_nothing_is_lost(tmp_path, name, damage):
    run(tmp_path)
    path = tmp_path / name
    content = path.read_bytes()
    if damage is None:
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))  # one flipped bit
    else:
        path.write_bytes(damage)
    others = {p: p.read_bytes() for p in tmp_path.iterdir() if p != path}
    with pytest.raises(ValueError) as error:
        run(tmp_path, n_generations=8)
    assert str(error.value) == (
        f"The file {path} is damaged or missing. Everything else is untouched: restore "
        "it, or move that generation and all later ones away to go on from before it."
    )
    assert {p: p.read_bytes() for p in tmp_path.iterdir() if p != path} == others


def test_the_remedy_for_a_damaged_file_works(tmp_path):
    whole = run()
    run(tmp_path)
    (tmp_path / "generation-000004.npz").write_bytes(b"")
    for path in sorted(tmp_path.glob("generation-*")):
        if path.name >= "generation-000004":
            path.unlink()
    assert_same(run(tmp_path), whole)


def test_a_fault_in_the_middle_of_a_run_keeps_what_was_made(tmp_path):
    class Breaks(Gaussian):
        def sample(self, n, *, rng):
            rows = super().sample(n, rng=rng)
            Breaks.calls = getattr(Breaks, "calls", 0) + 1
            return rows if Breaks.calls < 4 else rows[1:]

    with pytest.raises(
        ValueError, match=r"in generation 4 must return rows of shape \(15,\); got shape \(14,\)"
    ):
        run(tmp_path, model=Breaks())
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(
        ["original.json", "run.json"]
        + [f"generation-{t:06d}.{suffix}" for t in (1, 2, 3) for suffix in ("json", "npz")]
    )


def test_no_pickle_is_read(tmp_path):
    run(tmp_path)
    path = tmp_path / "generation-000001.npz"
    np.savez(path, sample=np.array([{}], dtype=object), origin=np.zeros(1))
    with pytest.raises(ValueError, match="damaged or missing"):
        run(tmp_path)


def test_a_file_in_place_of_the_folder_is_told(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(ValueError) as error:
        run(path)
    assert str(error.value) == f"checkpoint must be the path of a folder; {path} is none."
    assert path.read_text() == "mine"
