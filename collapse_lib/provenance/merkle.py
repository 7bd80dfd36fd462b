"""Merkle trees over rows: one hash that stands for a whole data set, and proofs of single rows.

The tree is that of RFC 6962, section 2.1: a leaf is SHA-256(0x00, row), a node SHA-256(0x01, left,
right), and an odd one out moves up as it is, so that no row counts twice. RFC 6962 signs the number
of leaves beside the root of its tree; here it goes into the root, SHA-256(0x02, number of rows as 8
bytes, big-endian, root of the tree), so that a proof cannot be passed off for another place.
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from collapse_lib.arguments import as_array, check_count, check_type

__all__ = ["Proof", "check_proof", "merkle_root", "prove"]

LEAF, NODE, ROOT = b"\x00", b"\x01", b"\x02"
MOST_ROWS = 2**64 - 1  # what 8 bytes can count


@dataclass(frozen=True)
class Proof:
    """That one row stands in a data set.

    index: number of the row, from 0. n_rows: rows of the data set. path: the hashes beside the way
    up from the row to the root, as hexadecimal texts, lowest first: about log2(n_rows) of them.
    """

    index: int
    n_rows: int
    path: tuple[str, ...]


def merkle_root(rows) -> str:
    """The root over the rows of an array (n, ...), as 64 hexadecimal digits.

    A row is told by its dtype, its shape and its bytes (little-endian), so that equal numbers in
    another dtype have another root. The root binds the number of rows too. Source: RFC 6962,
    section 2.1, doi:10.17487/RFC6962, for the tree; the number of rows is added here.

    Raises ValueError where there are no rows, TypeError for rows that are no numbers or texts.
    """
    rows = _plain(rows, "merkle_root")
    level = _leaves(rows)
    while len(level) > 1:
        level = _above(level)
    return _bound(len(rows), level[0])


def prove(rows, index: int) -> Proof:
    """The proof that row `index` stands in these rows (n, ...). Raises ValueError for an index that
    is not one of theirs."""
    rows = _plain(rows, "prove")
    at = check_count("prove.index", index, most=len(rows) - 1)
    level, path = _leaves(rows), []
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            path.append(level[beside].hex())
        level, at = _above(level), at // 2
    return Proof(int(index), len(rows), tuple(path))


def check_proof(root: str, row, proof: Proof) -> bool:
    """Whether the row (...) is row proof.index of the proof.n_rows rows that have this root.

    The row must have the dtype that it had in the data set. Only the row, the root and the proof
    are needed, not the other rows. The root binds the number of rows, and with it the place: a
    proof that names another number or another place fails.
    """
    check_type("check_proof.proof", proof, Proof)
    found = _leaves(_plain(as_array("check_proof.row", row)[None], "check_proof"))[0]
    if not all(isinstance(n, (int, np.integer)) for n in (proof.index, proof.n_rows)):
        return False
    at, last, path = int(proof.index), int(proof.n_rows) - 1, list(proof.path)
    if not 0 <= at <= last < MOST_ROWS:
        return False
    while last:
        if at % 2 or at < last:  # else the odd one out, which moves up as it is
            if not path:
                return False
            try:
                beside = bytes.fromhex(path.pop(0))
            except ValueError:
                return False
            found = _node(beside, found) if at % 2 else _node(found, beside)
        at, last = at // 2, last // 2
    return not path and _bound(proof.n_rows, found) == root


def _plain(rows, whose: str) -> np.ndarray:
    rows = as_array(f"{whose}: rows", rows)
    if rows.dtype.kind not in "biufcUS":
        raise TypeError(
            f"{whose}: rows must hold numbers or texts; got dtype {rows.dtype}. "
            "Turn them into an array of one such dtype first."
        )
    check_count(f"{whose}: axes of rows", rows.ndim, least=1)
    check_count(f"{whose}: len(rows)", len(rows), least=1)
    return np.ascontiguousarray(rows, dtype=rows.dtype.newbyteorder("<"))


def _leaves(rows: np.ndarray) -> list[bytes]:
    shape = "x".join(map(str, rows.shape[1:]))
    start = hashlib.sha256(LEAF + f"{rows.dtype.str};{shape};".encode())
    content = memoryview(rows.tobytes())
    size = rows.nbytes // len(rows)
    found = []
    for at in range(0, len(content), size) if size else [0] * len(rows):
        leaf = start.copy()
        leaf.update(content[at : at + size])
        found.append(leaf.digest())
    return found


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE + left + right).digest()


def _bound(n_rows: int, tree_root: bytes) -> str:
    return hashlib.sha256(ROOT + int(n_rows).to_bytes(8, "big") + tree_root).hexdigest()


def _above(level: list[bytes]) -> list[bytes]:
    paired = [_node(level[k], level[k + 1]) for k in range(0, len(level) - 1, 2)]
    return paired + level[len(level) - 1 :] if len(level) % 2 else paired
