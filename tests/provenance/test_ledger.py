"""The ledger: every alteration is found and located, a killed writer loses one record at most."""

import hashlib
import io
import json
import os
import signal
import struct
import subprocess
import sys
import time
from collections import Counter

import numpy as np
import pytest
from effort import calls
from hypothesis import given, settings
from hypothesis import strategies as st
from sentences import says

from bench.ledger import written
from collapse_lib.provenance import Head, Ledger, Proof, check_proof, merkle_root, prove, verify
from collapse_lib.provenance.record import GENESIS, canonical, line_of, parse
from collapse_lib.provenance.verify import walk

quick = settings(deadline=None, max_examples=40, derandomize=True)


def a_ledger(path, n=6):
    """A ledger of n records, as a Ledger writes them."""
    with Ledger(path) as ledger:
        for number in range(n):
            ledger.add("note", {"text": f"the {number}th", "value": number / 7})
    return ledger.head


# --- Merkle trees ---------------------------------------------------------------------------------


def by_definition(leaves):
    """RFC 6962, section 2.1, word for word: split at the largest power of two below n."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    pair = by_definition(leaves[:k]) + by_definition(leaves[k:])
    return hashlib.sha256(b"\x01" + pair).digest()


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33])
def test_the_root_is_that_of_rfc_6962_with_the_number_of_rows(n):
    rows = np.random.default_rng(n).normal(size=(n, 3))
    leaves = [hashlib.sha256(b"\x00<f8;3;" + row.tobytes()).digest() for row in rows]
    bound = b"\x02" + struct.pack(">Q", n) + by_definition(leaves)
    assert merkle_root(rows) == hashlib.sha256(bound).hexdigest()


ROWS = np.array([[0, 1], [2, 3], [4, 5]])


@pytest.mark.parametrize(
    "other",
    [
        ROWS.astype(np.int32),
        ROWS.astype(float),
        ROWS.reshape(3, 2, 1),
        ROWS[::-1],
        ROWS[:2],
        np.vstack([ROWS, ROWS[-1:]]),  # an odd row is promoted, not doubled
        np.array([[0, 1], [2, 3], [4, 6]]),
    ],
    ids=["int32", "float", "shape", "order", "fewer", "last twice", "one number"],
)
def test_other_rows_have_another_root(other):
    assert merkle_root(other) != merkle_root(ROWS)


def test_the_root_does_not_depend_on_the_memory_of_the_rows():
    root = merkle_root(ROWS)
    assert merkle_root(np.asfortranarray(ROWS)) == merkle_root(ROWS.astype(">i8")) == root
    assert merkle_root(np.repeat(ROWS, 2, axis=0)[::2]) == root


@quick
@given(n=st.integers(1, 40), data=st.data())
def test_one_row_is_proved_and_no_other(n, data):
    index = data.draw(st.integers(0, n - 1))
    rows = np.random.default_rng(n).integers(0, 1000, (n, 2)) + 1000 * np.arange(n)[:, None]
    root, proof = merkle_root(rows), prove(rows, index)
    assert check_proof(root, rows[index], proof)
    assert len(proof.path) <= max(n - 1, 0).bit_length()
    for other in set(range(n)) - {index}:
        assert not check_proof(root, rows[other], proof)
        assert not check_proof(root, rows[index], Proof(other, n, proof.path))
    assert not check_proof(root, rows[index], Proof(n, n, proof.path))
    for path in (proof.path[:-1], (*proof.path, root), tuple("zz" for _ in proof.path)):
        assert path == proof.path or not check_proof(root, rows[index], Proof(index, n, path))
    assert not check_proof(root, rows[index].astype(float), proof)


def test_a_proof_holds_for_no_other_number_of_rows():
    """Row 2 of 3 has the same way up as row 1 of 2: only the number of rows in the root tells."""
    root, proof = merkle_root(ROWS), prove(ROWS, 2)
    assert check_proof(root, ROWS[2], proof)
    assert not check_proof(root, ROWS[2], Proof(1, 2, proof.path))
    for n in range(1, 10):
        rows = np.arange(n)
        for index in range(n):
            root, path = merkle_root(rows), prove(rows, index).path
            held = [
                (k, m)
                for m in range(12)
                for k in range(-1, m + 1)
                if check_proof(root, rows[index], Proof(k, m, path))
            ]
            assert held == [(index, n)]


@pytest.mark.parametrize("place", [(2.0, 3), (2, 3.0), (2, 3 + 2**64), ("2", 3), (None, 3)])
def test_a_proof_of_no_place_is_no_proof(place):
    assert not check_proof(merkle_root(ROWS), ROWS[2], Proof(*place, prove(ROWS, 2).path))


def test_rows_that_have_no_root_are_told():
    with says("merkle_root: len(rows) must be at least 1; got 0."):
        merkle_root(np.empty((0, 2)))
    with says(
        "merkle_root: rows must hold numbers or texts; got dtype object. Turn them into an array "
        "of one such dtype first.",
        TypeError,
    ):
        merkle_root(np.array([None]))
    with says("prove.index must be at most 2; got 3."):
        prove(ROWS, 3)


# --- alterations ----------------------------------------------------------------------------------


def lines_of(content):
    return content.splitlines(keepends=True)


def flipped(lines, rng):
    i = int(rng.integers(len(lines)))
    at = int(rng.integers(len(lines[i])))
    line = bytearray(lines[i])
    line[at] ^= 1 << int(rng.integers(8))
    return [*lines[:i], bytes(line), *lines[i + 1 :]], i


def deleted(lines, rng):
    i = int(rng.integers(len(lines)))
    return lines[:i] + lines[i + 1 :], i


def swapped(lines, rng):
    i, j = sorted(rng.choice(len(lines), 2, replace=False).tolist())
    lines = list(lines)
    lines[i], lines[j] = lines[j], lines[i]
    return lines, i


def truncated(lines, rng):
    content = b"".join(lines)
    content = content[: int(rng.integers(len(content)))]
    return [content], content.count(b"\n")


def truncated_between_records(lines, rng):
    i = int(rng.integers(len(lines)))
    return lines[:i], i


def appended(lines, rng):
    n = len(lines)
    fitting = line_of(n, "note", {"text": "forged"}, parse(lines[-1][:-1]).digest) + b"\n"
    choices = [fitting, lines[int(rng.integers(n))], rng.bytes(40), rng.bytes(40) + b"\n"]
    return [*lines, choices[int(rng.integers(4))]], n


def rehashed(lines, rng):
    """One record with other content, whose own hash fits again."""
    i = int(rng.integers(len(lines)))
    record = parse(lines[i][:-1])
    content = {**record.content, "value": float(rng.random())}
    return [*lines[:i], line_of(i, "note", content, record.previous) + b"\n", *lines[i + 1 :]], i


ALTERATIONS = (
    flipped, deleted, swapped, truncated, truncated_between_records, appended, rehashed,
)  # fmt: skip


def missed(content, head, n, seed, check):
    """Of n random alterations, those that were not found, or not where they were made."""
    rng = np.random.default_rng(seed)
    lines, wrong, kinds = lines_of(content), [], Counter()
    for _ in range(n):
        alter = ALTERATIONS[int(rng.integers(len(ALTERATIONS)))]
        altered, record = alter(lines, rng)
        verdict = check(b"".join(altered), head)
        kinds[alter.__name__] += 1
        if verdict.record != record:
            wrong.append((alter.__name__, record, str(verdict)))
    return wrong, kinds


def test_ten_thousand_alterations_are_found_and_located(tmp_path):
    path = tmp_path / "ledger.jsonl"
    head = a_ledger(path, n=7)
    content = path.read_bytes()

    def in_memory(altered, head):
        return walk(path.name, io.BytesIO(altered), head, False, False, lambda record: None)

    def on_disk(altered, head):
        path.write_bytes(altered)
        return verify(path, head=head)

    wrong, kinds = missed(content, head, 10_000, seed=1, check=in_memory)
    assert wrong == []
    assert len(kinds) == len(ALTERATIONS) and min(kinds.values()) > 1_000
    assert missed(content, head, 100, seed=2, check=on_disk)[0] == []
    path.write_bytes(content)
    assert verify(path, head=head).sound


def test_without_a_head_kept_elsewhere_a_fitting_end_is_not_found(tmp_path):
    """What the chain alone cannot find, and verify.py says so: the test above needs the head."""
    path = tmp_path / "ledger.jsonl"
    head = a_ledger(path)
    lines = lines_of(path.read_bytes())
    (tmp_path / "ledger.jsonl.head").unlink()
    path.write_bytes(b"".join(lines[:4]))
    assert verify(path).sound
    assert str(verify(path)) == "All 4 records are sound. No head says where it should end."
    assert verify(path, head=head).record == 4
    other = tmp_path / "other.jsonl"
    previous = GENESIS
    with other.open("wb") as file:  # the whole chain written anew
        for number in range(6):
            line = line_of(number, "note", {"text": "another history"}, previous)
            previous = parse(line).digest
            file.write(line + b"\n")
    assert verify(other).sound
    assert str(verify(other, head=head)) == (
        "Record 5 of other.jsonl was altered or lost: it is not the record that the head names."
    )


def test_the_head_beside_finds_lost_ends(tmp_path):
    path = tmp_path / "ledger.jsonl"
    a_ledger(path)
    lines = lines_of(path.read_bytes())
    path.write_bytes(b"".join(lines[:4]))
    sentence = "Record 4 of ledger.jsonl was altered or lost: the head counts 6 records."
    assert str(verify(path)) == sentence
    with says(f"{sentence} Nothing was written; restore the file first."):
        Ledger(path)
    (tmp_path / "ledger.jsonl.head").write_text("six")
    assert str(verify(path)) == f"{path}.head is damaged; it holds no head."


def test_a_ledger_that_went_on_since_its_head_was_taken(tmp_path):
    path = tmp_path / "ledger.jsonl"
    head = a_ledger(path, n=3)
    with Ledger(path) as ledger:
        ledger.add("note", {"text": "one more"})
        assert ledger.head == Head.read(str(ledger.head)) != head
    assert verify(path, head=head).record == 3
    assert str(verify(path, head=head, grown=True)) == (
        "All 4 records are sound. The head was taken 1 record before the end."
    )


def test_each_fault_has_its_sentence(tmp_path):
    path = tmp_path / "ledger.jsonl"
    head = a_ledger(path, n=4)
    lines = lines_of(path.read_bytes())

    def fault(altered):
        path.write_bytes(b"".join(altered))
        return str(verify(path, head=head)).removeprefix("Record ")

    start = "1 of ledger.jsonl was altered or lost: "
    changed = [lines[0], lines[1].replace(b"1th", b"2th"), *lines[2:]]
    assert fault(changed) == f"{start}its content does not have the hash that it states."
    assert fault([lines[0], b"hello\n"]) == f"{start}it is no record of a ledger."
    assert fault([lines[0], *lines[2:]]) == f"{start}record 2 stands in its place."
    record = parse(lines[1][:-1])
    anew = line_of(1, "note", {"text": "anew"}, record.previous) + b"\n"
    assert fault([lines[0], anew, *lines[2:]]) == f"{start}record 2 names another hash for it."
    astray = line_of(1, "note", {"text": "anew"}, "0" * 64) + b"\n"
    assert fault([lines[0], astray]) == f"{start}it does not follow from the record before it."
    assert fault([lines[0], lines[1][:30]]) == f"{start}it is torn after 30 bytes."
    inner = json.dumps(json.loads(lines[1])["record"])  # spaces between the same content
    spaced = f'{{"digest":"{hashlib.sha256(inner.encode()).hexdigest()}","record":{inner}}}\n'
    assert fault([lines[0], spaced.encode()]) == f"{start}it is not written in canonical form."
    path.unlink()
    with says(f"There is no ledger at {path}.", FileNotFoundError):
        verify(path)


# --- writers that were killed, and writers at once ------------------------------------------------

WRITER = """
import sys
from collapse_lib.provenance import Ledger
with Ledger(sys.argv[1]) as ledger:
    for number in range(10**6):
        ledger.add("note", {"number": len(ledger), "filler": "x" * 2000})
"""


def test_a_killed_writer_loses_at_most_the_record_it_was_writing(tmp_path):
    path = tmp_path / "ledger.jsonl"
    known = 0
    for round_ in range(3):
        child = subprocess.Popen([sys.executable, "-c", WRITER, str(path)])
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if path.exists() and path.read_bytes().count(b"\n") > known + 5 + round_:
                break
            time.sleep(0.01)
        child.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        child.wait()
        whole = path.read_bytes().count(b"\n")
        assert verify(path).sound and verify(path).n_records == whole > known
        ledger = Ledger(path)
        assert [record.content["number"] for record in ledger.records()] == list(range(whole))
        known = whole
    with Ledger(path) as ledger:
        ledger.add("note", {"number": known})
    assert verify(path, head=ledger.head).sound


@pytest.mark.parametrize("left", [1, 40, 100, -1])
def test_a_torn_record_is_set_aside_and_said(tmp_path, left):
    path = tmp_path / "ledger.jsonl"
    a_ledger(path, n=4)
    lines = lines_of(path.read_bytes())
    following = line_of(4, "note", {"text": "torn"}, parse(lines[-1][:-1]).digest) + b"\n"
    torn = following[:left]
    path.write_bytes(b"".join(lines) + torn)
    assert str(verify(path)) == (
        f"All 4 records are sound. A torn record of {len(torn)} bytes follows; opening the ledger "
        "sets it aside."
    )
    with Ledger(path) as ledger:
        assert ledger.repaired == (
            f"The last record of ledger.jsonl, number 4, was torn after {len(torn)} bytes and was "
            "set aside in ledger.jsonl.torn; the 4 before it are whole."
        )
        assert path.read_bytes() == b"".join(lines)
        ledger.add("note", {"text": "torn"})
    assert path.read_bytes() == b"".join(lines) + following
    assert (tmp_path / "ledger.jsonl.torn").read_bytes() == torn + b"\n"
    assert Ledger(path).repaired is None


def test_a_record_that_the_head_knows_is_not_taken_for_torn(tmp_path):
    path = tmp_path / "ledger.jsonl"
    a_ledger(path, n=4)
    content = path.read_bytes()[:-1]
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"\ARecord 3 of ledger.jsonl was altered or lost: it is"):
        Ledger(path)
    assert path.read_bytes() == content


def test_a_writer_killed_before_the_head_was_written_goes_on(tmp_path):
    path = tmp_path / "ledger.jsonl"
    a_ledger(path, n=3)
    old = (tmp_path / "ledger.jsonl.head").read_text()
    a_ledger(path, n=1)
    (tmp_path / "ledger.jsonl.head").write_text(old)
    assert str(verify(path)) == (
        "All 4 records are sound. The head was taken 1 record before the end."
    )
    assert a_ledger(path, n=1) == verify(path).head
    assert verify(path).note is None
    (tmp_path / "ledger.jsonl.head").write_text(old)  # two records behind: no writer leaves that
    assert verify(path).record == 3


def test_a_write_that_fails_leaves_the_ledger_as_it_was(tmp_path, monkeypatch):
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.add("note", {"text": "first"})

    def full(descriptor):
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="no space left"):
            ledger.add("note", {"text": "second"})
    ledger.add("note", {"text": "third"})
    ledger.close()
    assert verify(ledger.path, head=ledger.head).sound
    assert [r.content["text"] for r in ledger.records()] == ["first", "second", "third"]


def test_one_ledger_writes_at_a_time(tmp_path):
    path = tmp_path / "ledger.jsonl"
    first, second = Ledger(path), Ledger(path)
    first.add("note", {"text": "first"})
    with says(
        f"{path} is being written by another Ledger, here or in another process; close that one "
        "first."
    ):
        second.add("note", {"text": "second"})
    first.close()
    second.add("note", {"text": "second"})  # it reads what the other wrote before it goes on
    assert [record.content["text"] for record in second.records()] == ["first", "second"]
    second.close()
    first.add("note", {"text": "third"})
    assert len(first) == 3 and verify(path, head=first.head).sound
    path.write_bytes(path.read_bytes() + b"x")
    with says(f"{path} was changed by something else while it was open; open it again."):
        first.add("note", {"text": "fourth"})


def test_a_file_replaced_by_an_equal_one_is_not_written_to(tmp_path):
    """The lock and the open file are those of the old one: a record would go where nobody looks."""
    path, copy = tmp_path / "ledger.jsonl", tmp_path / "copy"
    with Ledger(path) as ledger:
        ledger.add("note", {"text": "first"})
        copy.write_bytes(path.read_bytes())
        os.replace(copy, path)
        with says(f"{path} was changed by something else while it was open; open it again."):
            ledger.add("note", {"text": "second"})
        ledger.add("note", {"text": "second"})  # opened again, it goes on in the new one
    assert verify(path).n_records == len(Ledger(path)) == 2


# --- what goes in ---------------------------------------------------------------------------------


@quick
@given(
    st.dictionaries(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False,
                                                                  allow_infinity=False) | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=8,
        ),
        max_size=4,
    )
)  # fmt: skip
def test_any_json_comes_back_and_is_one_line(content):
    line = line_of(0, "note", content, GENESIS)
    assert b"\n" not in line
    record = parse(line)
    assert record.content == json.loads(json.dumps(content)) and record.kind == "note"
    assert canonical(record.content) == canonical(content)


def test_bad_input_is_told(tmp_path):
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with ledger:
        ledger.source("web")
        with says("a source is called web already; a name is given once."):
            ledger.source("web")
        with says("dataset crawl: rows of all parts must be at least 3; got 2."):
            ledger.dataset("crawl", ROWS, [("web", 2)])
        with says(
            "dataset crawl: parts must name a source or dataset or model that was entered before; "
            "got wob."
        ):
            ledger.dataset("crawl", ROWS, [("wob", 3)])
        with says("dataset crawl: rows of web must be at least 1; got 0."):
            ledger.dataset("crawl", ROWS, [("web", 3), ("web", 0)])
        with says("model m: trained_on must name a dataset that was entered before; got web."):
            ledger.model("m", trained_on="web")
        with says("a model needs a name that is not empty; got None."):
            ledger.add("model", {})
        with says("Ledger.add: kind must be a text that is not empty; got 3."):
            ledger.add(3, {})
        with says("Ledger.add.content must be of type Mapping; got 3.", TypeError):
            ledger.add("note", 3)
        with says(
            "The content of a note record must come back from JSON as it was; got {'a': (1, 2)}. "
            "Use lists for tuples and texts for keys.",
            TypeError,
        ):
            ledger.add("note", {"a": (1, 2)})
        with pytest.raises(TypeError, match=r"\AThe content of a note record must be JSON; "):
            ledger.add("note", {"a": float("nan")})
    assert len(Ledger(ledger.path)) == 1
    with says("Ledger.path must be the path of a file; got ''.", TypeError):
        Ledger("")
    with says(f"Ledger.path must be the path of a file; {tmp_path} is none."):
        Ledger(tmp_path)
    with says("Head.n_records must be at least 0; got -1."):
        Head(-1, GENESIS)
    with says("Head.digest must be 64 hexadecimal digits in lower case; got 'ab'."):
        Head(1, "ab")
    with says(
        "A head is written as \"<number of records> <64 hexadecimal digits>\"; got '12'.",
    ):
        Head.read("12")
    ledger.path.unlink()
    with says(
        f"{ledger.path} is gone, though ledger.jsonl.head counts records of it; restore it, or "
        "choose another path."
    ):
        Ledger(ledger.path)


def test_many_records_verify_with_work_in_proportion(tmp_path):
    """10^5 records in seconds: `python -m bench ledger_verified`."""

    def work(n):
        head = written(tmp_path / f"{n}.jsonl", n)
        assert verify(tmp_path / f"{n}.jsonl", head=head).sound
        return calls(lambda: verify(tmp_path / f"{n}.jsonl", head=head))

    assert work(2_000) < 5 * work(500)
