"""Ledgers that no Ledger wrote, though every hash fits: found where they are first read."""

import hashlib
import json

import numpy as np
import pytest
from sentences import says

from collapse_lib.provenance import Head, Ledger, lineage, origin_shares, verify
from collapse_lib.provenance.prov_export import prov_json
from collapse_lib.provenance.record import GENESIS, canonical, line_of, parse

WEB = ("source", {"name": "web", "about": {}})
ROOT = "0" * 64


def dataset(name="set", parts=(("web", 3),), rows=3, **changes):
    parts = [{"from": parent, "rows": n} for parent, n in parts]
    return "dataset", {"name": name, "rows": rows, "root": ROOT, "parts": parts, **changes}


def chained(path, *entries):
    """A ledger of (kind, content), with all hashes as they should be; returns its head."""
    previous, lines = GENESIS, []
    for number, (kind, content) in enumerate(entries):
        lines.append(line_of(number, kind, content, previous))
        previous = parse(lines[-1]).digest
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return Head(len(lines), previous)


FORGED = [
    ([("source", {})], "a source needs a name that is not empty; got None"),
    ([("run", {"name": ["a"]})], "a run needs a name that is not empty; got ['a']"),
    ([WEB, WEB], "a source is called web already; a name is given once"),
    ([("source", {"name": "a", "about": 3})], "source a: about must be of type Mapping; got 3"),
    ([("run", {"name": "r", "settings": []})],
     "run r: settings must be of type Mapping; got []"),
    ([WEB, ("model", {"name": "m"})],
     "model m: trained_on must name a dataset that was entered before; got None"),
    ([WEB, ("model", {"name": "m", "trained_on": "web"})],
     "model m: trained_on must name a dataset that was entered before; got web"),
    ([("dataset", {"name": "set"})], "dataset set: rows must be a whole number; got None"),
    ([WEB, dataset(root=None)], "dataset set: root must be of type str; got None"),
    ([WEB, dataset(parts=[("gone", 3)])],
     "dataset set: parts must name a source or dataset or model that was entered before; got gone"),
    ([WEB, dataset(parts=[("set", 3)])],
     "dataset set: parts must name a source or dataset or model that was entered before; got set"),
    ([WEB, dataset(parts=[([1], 3)])],
     "dataset set: parts must name a source or dataset or model that was entered before; got [1]"),
    ([WEB, dataset(parts=[("web", 0), ("web", 3)])],
     "dataset set: rows of web must be at least 1; got 0"),
    ([WEB, dataset(parts=[("web", "3")])],
     "dataset set: rows of web must be a whole number; got '3'"),
    ([WEB, dataset(rows=4)], "dataset set: rows of all parts must be at least 4; got 3"),
    ([WEB, dataset(rows=10**20, parts=[("web", 10**20)])],
     f"dataset set: rows must be at most {2**63 - 1}; got {10**20}"),
    ([WEB, (dataset()[0], dataset()[1] | {"parts": {"from": "web"}})],
     "dataset set: parts must be of type list; got {'from': 'web'}"),
    ([WEB, (dataset()[0], dataset()[1] | {"parts": [3]})],
     "dataset set: part must be of type Mapping; got 3"),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "why"), FORGED, ids=lambda value: str(value)[:40])
def test_a_record_that_names_what_is_not_there_is_a_fault(tmp_path, entries, why):
    path = tmp_path / "ledger.jsonl"
    chained(path, *entries)
    number = len(entries) - 1
    assert verify(path).sound  # every hash fits
    with says(f"Record {number} of ledger.jsonl fits its hash, but no Ledger wrote it: {why}."):
        Ledger(path)
    with Ledger(tmp_path / "other.jsonl") as ledger:
        for kind, content in entries[:-1]:
            ledger.add(kind, content)
        with pytest.raises((TypeError, ValueError)) as told:
            ledger.add(*entries[-1])
        assert str(told.value) == f"{why}."


def test_what_is_sound_is_read_by_all(tmp_path):
    path = tmp_path / "ledger.jsonl"
    trained = ("model", {"name": "m", "trained_on": "set"})
    sampled = dataset("s\u202e\n", [("m", 2), ("web", 1)])
    head = chained(path, WEB, dataset(), trained, sampled, ("run", {"name": "r"}), ("note", {}))
    assert verify(path, head=head).sound
    ledger = Ledger(path)
    assert lineage(ledger, "s\u202e\n").by_depth == {0: 1 / 3, 1: 2 / 3}
    names = {"ledger:web", "ledger:set", "ledger:m", "ledger:s%E2%80%AE%0A"}
    assert set(json.loads(prov_json(ledger))["entity"]) == names
    assert np.array_equal(origin_shares(ledger), [[1.0]])


def test_a_training_set_of_a_later_model_is_told(tmp_path):
    path = tmp_path / "ledger.jsonl"
    trained = ("model", {"name": "m", "trained_on": "set"})
    late = dataset("r/sample-7", [("m", 3)])
    run = ("run", {"name": "r"})
    chained(path, WEB, dataset(), trained, run, late, dataset("r/train-2", [("r/sample-7", 3)]))
    assert verify(path).sound
    with says("origin_shares: generation of r/sample-7 must be at most 1; got 7."):
        origin_shares(Ledger(path))


@pytest.mark.parametrize("brackets", ["[]", "{}"])
def test_content_may_be_a_hundred_levels_deep_and_no_more(tmp_path, brackets):
    def nested(levels):
        inner = 1
        for _ in range(levels):
            inner = [inner] if brackets == "[]" else {"a": inner, '[[{\\"': "]}["}
        return {"inner": inner}

    path = tmp_path / "ledger.jsonl"
    with Ledger(path) as ledger:
        ledger.add("run", {"name": "deep", "settings": nested(97)})
        for levels in (98, 300, 5000):
            with pytest.raises(TypeError, match=r"content of a run record must be JSON; "):
                ledger.add("run", {"name": "deeper", "settings": nested(levels)})
    assert verify(path).n_records == 1
    assert "deep" in prov_json(Ledger(path))


def test_a_line_that_is_nested_too_deep_is_a_fault(tmp_path):
    inner = b'{"content":{"a":' + b"[" * 10**5 + b"]" * 10**5 + b'},"kind":"note","number":0,'
    inner += b'"previous":"' + GENESIS.encode() + b'"}'
    digest = hashlib.sha256(inner).hexdigest().encode()
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(b'{"digest":"' + digest + b'","record":' + inner + b"}\n")
    assert verify(path).fault == (
        "Record 0 of ledger.jsonl was altered or lost: it is not written in canonical form."
    )


def test_long_names_are_cut_where_they_are_told(tmp_path):
    path = tmp_path / "ledger.jsonl"
    chained(path, ("model", {"name": "x" * 300_000, "trained_on": "y" * 300_000}))
    with pytest.raises(ValueError) as told:
        Ledger(path)
    assert len(str(told.value)) < 1000
    chained(path, ("source", {"name": "x" * 300_000}), ("source", {"name": "x" * 300_000}))
    with pytest.raises(ValueError) as told:
        Ledger(path)
    assert len(str(told.value)) < 500
    text = canonical({"number": "z" * 300_000}).decode()
    with pytest.raises(ValueError) as told:
        Head.read(text)
    assert len(str(told.value)) < 300


def a_chain(n, pooled):
    """n models, each fitted to the newest rows or to all that were published before."""
    yield WEB
    for t in range(n):
        drawn = [(f"sample-{k}", 1) for k in (range(t) if pooled else range(t)[-1:])]
        parts = [("web", 3), *drawn]
        yield dataset(f"train-{t}", parts, 3 + len(drawn))
        yield "model", {"name": f"model-{t}", "trained_on": f"train-{t}"}
        yield dataset(f"sample-{t}", [(f"model-{t}", 1)], 1)


def test_a_lineage_keeps_what_it_needs_and_no_more_than_it_may(tmp_path, monkeypatch):
    path = tmp_path / "ledger.jsonl"
    monkeypatch.setitem(lineage.__globals__, "MOST_SHARES", 400)
    chained(path, *a_chain(100, pooled=False))
    found = lineage(Ledger(path), "sample-99")
    assert max(found.by_depth) == 100 and sum(found.by_line.values()) == pytest.approx(1)
    chained(path, *a_chain(20, pooled=True))
    assert max(lineage(Ledger(path), "sample-19").by_depth) == 20
    chained(path, *a_chain(40, pooled=True))
    with pytest.raises(ValueError) as told:
        lineage(Ledger(path), "sample-39")
    assert str(told.value).startswith(
        "lineage: shares to be kept for sample-39 must be at most 400; got 4"
    )
