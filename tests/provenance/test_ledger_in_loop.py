"""run_loop enters what it does into a ledger, and does the same with one as without."""

from dataclasses import dataclass

import numpy as np
import pytest
from sentences import says

from collapse_lib import run_loop
from collapse_lib.data import Dataset
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Accumulate, FreshReal, MixReal, Replace
from collapse_lib.provenance import (
    Ledger,
    check_proof,
    lineage,
    merkle_root,
    origin_shares,
    prove,
    verify,
)


def source(n, rng):
    return rng.normal(size=n)


def run(ledger=None, policy=Replace(), n_generations=6, source=source, **changes):
    settings = {"n_samples": 12, "seed": 4, "n_reference": 5, **changes}
    return run_loop(
        Gaussian(), source, policy, n_generations=n_generations, ledger=ledger, **settings
    )


CASES = [
    {},
    {"policy": Accumulate(), "n_fresh": 2},
    {"policy": Accumulate(), "n_fresh": 2, "keep": "last"},
    {"policy": MixReal(0.25)},
    {"policy": FreshReal(0.25)},
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_run_with_a_ledger_is_the_run_without(tmp_path, case):
    plain = run(**case)
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        logged = run(ledger, **case)
    assert verify(ledger.path, head=ledger.head).sound
    for a, b in zip(plain, logged, strict=True):
        if a.sample is not None:
            assert np.array_equal(a.sample, b.sample) and np.array_equal(a.train.rows, b.train.rows)


def test_what_was_done_is_what_is_entered(tmp_path):
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        trajectory = run(ledger, policy=Accumulate(), n_fresh=2)
    (entered,) = [r.content for r in ledger.records() if r.kind == "run"]
    name, settings = entered["name"], entered["settings"]
    assert settings["policy"] == "Accumulate()" and settings["seed"] == [[4], []]
    assert settings["model"] == "Gaussian(ddof=0, sampling_bias=1.0)"
    assert (settings["n_samples"], settings["n_fresh"]) == (12, 2)

    def content(of):
        return ledger.find(f"{name}/{of}").content

    assert content("original")["root"] == merkle_root(trajectory[0].train.rows)
    assert content("model-1")["trained_on"] == f"{name}/original"
    for g in trajectory:
        assert content(f"sample-{g.index}")["root"] == merkle_root(g.sample)
        assert content(f"fresh-{g.index}")["rows"] == 2
        if g.index == 1:
            continue
        train = content(f"train-{g.index}")
        assert train["root"] == merkle_root(g.train.rows)
        assert content(f"model-{g.index}")["trained_on"] == f"{name}/train-{g.index}"
        origin, counts = np.unique(g.train.origin, return_counts=True)
        names = [f"{name}/sample-{k}" if k else f"{name}/source" for k in origin]
        assert [(p["from"], p["rows"]) for p in train["parts"]] == list(
            zip(names, counts.tolist(), strict=True)
        )
    rows = trajectory[3].train.rows
    assert check_proof(content("train-4")["root"], rows[20], prove(rows, 20))


def test_a_run_that_goes_on_or_is_repeated_adds_what_is_missing(tmp_path):
    path, folder = tmp_path / "ledger.jsonl", tmp_path / "saved"
    case = {"policy": MixReal(0.25), "n_fresh": 1}
    with Ledger(tmp_path / "whole.jsonl") as whole:
        run(whole, **case)
    with Ledger(path) as ledger:
        run(ledger, n_generations=3, checkpoint=folder, **case)
    with Ledger(path) as ledger:
        run(ledger, checkpoint=folder, **case)
    assert path.read_bytes() == whole.path.read_bytes()
    with Ledger(path) as ledger:
        run(ledger, **case)  # without the checkpoint: the same rows once more
    assert path.read_bytes() == whole.path.read_bytes()


def test_a_ledger_that_fell_behind_the_checkpoint_catches_up(tmp_path):
    run(checkpoint=tmp_path / "saved", policy=Accumulate())
    with Ledger(tmp_path / "late.jsonl") as late:
        run(late, checkpoint=tmp_path / "saved", policy=Accumulate(), keep="last")
    with Ledger(tmp_path / "whole.jsonl") as whole:
        run(whole, policy=Accumulate())
    assert late.path.read_bytes() == whole.path.read_bytes()


def test_two_runs_share_a_ledger_under_names_of_their_own(tmp_path):
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        run(ledger, n_generations=2)
        n_records = len(ledger)
        run(ledger, n_generations=2, seed=5)
        assert len(ledger) == 2 * n_records
        names = [r.content["name"] for r in ledger.records() if r.kind == "run"]
        assert lineage(ledger, f"{names[0]}/sample-2").rows == 12
        assert np.array_equal(origin_shares(ledger, names[1]), [[1, 0], [0, 1]])
        with says(
            "lineage: dataset must name one of the 8 data sets of ledger.jsonl; 2 of them end so: "
            "'sample-2'."
        ):
            lineage(ledger, "sample-2")
        with says(f"origin_shares.run must be one of {names[0]!r}, {names[1]!r}; got None."):
            origin_shares(ledger)


def test_other_rows_under_the_same_settings_are_refused(tmp_path):
    scale = [1.0]

    @dataclass
    class Hidden:
        def __call__(self, n, rng):
            return scale[0] * rng.normal(size=n)

    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        run(ledger, source=Hidden())
        n_records = len(ledger)
        (name,) = [r.content["name"] for r in ledger.records() if r.kind == "run"]
        scale[0] = 2.0
        with says(
            f"{name}/original has other rows now than ledger.jsonl holds for it. Use another "
            "ledger, or the source and the versions that the run began with."
        ):
            run(ledger, source=Hidden())
        assert len(ledger) == n_records


def test_weights_are_said(tmp_path):
    @dataclass
    class Halved:
        def __call__(self, history, source, rng):
            rows = history[-1]
            return Dataset(rows.rows, rows.origin, np.full(len(rows), 0.5))

    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        run(ledger, policy=Halved(), n_generations=3)
    train = next(r for r in ledger.records() if r.content.get("name", "").endswith("train-2"))
    assert train.content["about"]["weighted"] is True
    said = " (By rows; a fit weighed them otherwise.)"
    for name in ("train-2", "sample-2", "sample-3"):  # and whatever descends from it
        assert lineage(ledger, name).weighted and str(lineage(ledger, name)).endswith(said)
    for name in ("original", "sample-1"):
        assert not lineage(ledger, name).weighted and said not in str(lineage(ledger, name))


@pytest.mark.parametrize("wrong", ["ledger.jsonl", Ledger])
def test_what_is_no_ledger_is_told(wrong):
    with says(
        f"ledger must be of type Ledger; got {wrong!r}. Make one as Ledger(path).",
        TypeError,
    ):
        run(wrong)


# --- lineage, against closed forms ----------------------------------------------------------------


def test_fresh_real_rows_shorten_the_lines_to_a_geometric_law(tmp_path):
    """With a real share a at each generation a line meets d models with probability
    a (1 - a)^(d - 1), and all t of them with (1 - a)^(t - 1)."""
    a, t = 0.25, 9
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        run(ledger, policy=FreshReal(a), n_generations=t)
    found = lineage(ledger, f"sample-{t}")
    law = [a * (1 - a) ** (d - 1) for d in range(1, t)] + [(1 - a) ** (t - 1)]
    assert list(found.by_line) == list(range(1, t + 1))
    assert list(found.by_line.values()) == pytest.approx(law, rel=1e-12)
    assert found.mean_models == pytest.approx((1 - (1 - a) ** t) / a, rel=1e-12)
    assert found.by_depth == {t: 1.0} and found.real_share == 0 and found.synthetic_share == 1
    train = lineage(ledger, f"train-{t}")
    assert train.by_depth == pytest.approx({0: a, t - 1: 1 - a})
    assert str(train).endswith(
        f"train-9: 12 rows, 25.0% real, at most 8 models deep, {train.mean_models:.2f} on average."
    )


def test_kept_rows_shorten_the_lines_to_harmonic_numbers(tmp_path):
    """Where everything is kept, a line is the path to the root of a random recursive tree: the
    generating function of its length is the product of (z + k - 1) / k over k = 1, ..., t, with
    the harmonic number H_t as its mean."""
    t = 8
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        run(ledger, policy=Accumulate(), n_generations=t)
    law = np.array([1.0])
    for k in range(1, t + 1):
        law = np.convolve(law, [(k - 1) / k, 1 / k])
    found = lineage(ledger, f"sample-{t}")
    assert [found.by_line.get(d, 0.0) for d in range(t + 1)] == pytest.approx(law, abs=1e-15)
    assert found.mean_models == pytest.approx(sum(1 / k for k in range(1, t + 1)), rel=1e-12)
    assert found.by_depth == {t: 1.0}


def test_replacing_everything_makes_every_line_the_longest(tmp_path):
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        run(ledger)
    assert lineage(ledger, "sample-6").by_line == {6: 1.0}
    assert lineage(ledger, "original").by_depth == {0: 1.0}
    assert np.array_equal(origin_shares(ledger), np.eye(6))


def test_a_data_set_entered_by_hand(tmp_path):
    rows = np.arange(10)
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        ledger.source("books")
        ledger.dataset("crawl", rows[:4], [("books", 4)])
        ledger.model("a", trained_on="crawl")
        ledger.dataset("mixed", rows, [("crawl", 4), ("a", 6)], licence="unknown")
        ledger.model("b", trained_on="mixed")
        ledger.dataset("newest", rows, [("mixed", 5), ("b", 5)])
    found = lineage(ledger, "newest")
    assert found.by_depth == pytest.approx({0: 0.2, 1: 0.3, 2: 0.5})
    assert found.by_line == pytest.approx({0: 0.2, 1: 0.3 + 0.5 * 0.4, 2: 0.5 * 0.6})
    with says(
        "lineage: dataset must name one of the 3 data sets of ledger.jsonl; none is called so: "
        "'books'."
    ):
        lineage(ledger, "books")
