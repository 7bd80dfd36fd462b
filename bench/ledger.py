"""A ledger of 10^5 records: reading and checking it, against json and hashlib alone."""

import hashlib
import json
import tempfile
from pathlib import Path

import numpy as np

from bench.timing import paired
from collapse_lib.provenance import merkle_root, verify
from collapse_lib.provenance.record import GENESIS, Head, line_of, parse

__all__ = ["CASES", "written"]


def written(path: Path, n: int) -> Head:
    """Write n records of the size that a run writes, at once and unsynced; return the head."""
    previous = GENESIS
    with path.open("wb") as file:
        for number in range(n):
            name = f"run-0123456789ab/sample-{number}"
            content = {"name": name, "rows": 1000, "root": previous, "parts": [{"rows": number}]}
            line = line_of(number, "dataset", content, previous)
            previous = parse(line).digest
            file.write(line + b"\n")
    return Head(n, previous)


def _plainly(path: Path) -> int:
    """What any check needs at least: one hash and one reading of each line."""
    with path.open("rb") as file:
        return sum(len(hashlib.sha256(line).digest()) + len(json.loads(line)) for line in file)


def ledger_verified(n=100_000, rounds=3):
    """verify of 10^5 records, against json.loads and one SHA-256 of each line. Aim: at most 3."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        head = written(path, n)
        if not verify(path, head=head).sound:
            raise ValueError("The ledger of the benchmark is not sound.")
        pair = paired(
            lambda: verify(path, head=head), lambda: _plainly(path), rounds=rounds, warmup=0
        )
    return pair, 3


def rows_hashed(n=100_000, rounds=3):
    """merkle_root of 10^5 rows of 8 numbers, against twice as many calls of SHA-256 on 64 bytes.
    Aim: at most 2.5."""
    rows = np.random.default_rng(0).normal(size=(n, 8))
    block = bytes(64)

    def plainly():
        return [hashlib.sha256(block).digest() for _ in range(2 * n)]

    return paired(lambda: merkle_root(rows), plainly, rounds=rounds, warmup=0), 2.5


CASES = [ledger_verified, rows_hashed]
