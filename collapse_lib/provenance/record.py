"""Record: one line of a ledger, chained to the line before it by SHA-256.

    {"digest":"<hash>","record":{"content":...,"kind":...,"number":...,"previous":"<hash>"}}

The digest is that of the bytes of the inner object. JSON is canonical: keys sorted, no spaces,
ASCII alone, finite numbers; so equal content is equal bytes, and every byte of a line counts.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from collapse_lib.arguments import (
    check_count,
    got,
)

__all__ = ["GENESIS", "Head", "Record", "canonical", "parse"]

# What the first record names as its predecessor; another format would start from another one.
GENESIS = hashlib.sha256(b"collapse_lib ledger, format 1").hexdigest()
BEFORE, BETWEEN, AFTER = b'{"digest":"', b'","record":', b"}"
START = len(BEFORE) + 64 + len(BETWEEN)
HASH = re.compile(r"[0-9a-f]{64}")
ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)
STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
DEEPEST = 100  # levels of content: what every reader of JSON takes
FIELDS = {"content", "kind", "number", "previous"}


class Record(NamedTuple):
    """number: 0, 1, ... in the ledger. kind: what it is about. content: a mapping of JSON values.
    previous: digest of the record before. digest: its own."""

    number: int
    kind: str
    content: Mapping[str, Any]
    previous: str
    digest: str


@dataclass(frozen=True)
class Head:
    """How far a ledger had come: the number of its records and the digest of the last of them.

    It is short enough to print, to publish or to keep in another place, as `str(head)`.
    `Head.read(text)` reads it back. Raises ValueError for numbers or digests that are none.
    """

    n_records: int
    digest: str

    def __post_init__(self):
        check_count("Head.n_records", self.n_records)
        if not isinstance(self.digest, str) or not HASH.fullmatch(self.digest):
            raise ValueError(
                f"Head.digest must be 64 hexadecimal digits in lower case; {got(self.digest)}."
            )

    def __str__(self) -> str:
        return f"{self.n_records} {self.digest}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """The head that was written as `text`."""
        found = re.fullmatch(r"(\d+) ([0-9a-f]{64})\s*", text)
        if not found:
            raise ValueError(
                f'A head is written as "<number of records> <64 hexadecimal digits>"; {got(text)}.'
            )
        return cls(int(found[1]), found[2])


def canonical(content) -> bytes:
    """Content as canonical JSON. Raises ValueError or TypeError from json where it is no JSON."""
    return ENCODER.encode(content).encode()


def line_of(number: int, kind: str, content: Mapping, previous: str) -> bytes:
    """The line of a new record, without its end of line."""
    inner = {"content": content, "kind": kind, "number": number, "previous": previous}
    try:
        text = canonical(inner)
        same = _loaded(text) == inner
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(f"The content of a {kind} record must be JSON; {error}.") from None
    if not same:
        raise TypeError(
            f"The content of a {kind} record must come back from JSON as it was; {got(content)}. "
            "Use lists for tuples and texts for keys."
        )
    return BEFORE + hashlib.sha256(text).hexdigest().encode() + BETWEEN + text + AFTER


def _loaded(text: bytes):
    """What canonical JSON holds. Raises ValueError for what is nested too deep."""
    depth, may_be_deep = 0, text.count(b"[") + text.count(b"{") > DEEPEST
    for sign in re.findall(rb"[][{}]", STRING.sub(b"", text)) if may_be_deep else ():
        depth += 1 if sign in b"[{" else -1
        if depth > DEEPEST:
            raise ValueError(f"it is nested more than {DEEPEST} levels deep")
    return json.loads(text)


def parse(line: bytes) -> Record | str:
    """The record that a line (without its end) holds, or what is wrong with that line."""
    start, text = line[:START], line[START:-1]
    if not (start.startswith(BEFORE) and start.endswith(BETWEEN) and line.endswith(AFTER)):
        return "it is no record of a ledger"
    digest = start[len(BEFORE) : len(BEFORE) + 64].decode("latin-1")
    if hashlib.sha256(text).hexdigest() != digest:
        return "its content does not have the hash that it states"
    try:
        inner = _loaded(text)
        written = set(inner) == FIELDS and canonical(inner) == text
        plain = isinstance(inner["content"], dict) and isinstance(inner["kind"], str)
    except (TypeError, ValueError, KeyError, RecursionError):
        written = plain = False
    if not (written and plain):
        return "it is not written in canonical form"
    return Record(inner["number"], inner["kind"], inner["content"], inner["previous"], digest)
