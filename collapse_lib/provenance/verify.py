"""verify: is a ledger what it was when it was written, and which record is the first that is not?

What protects from what. The chain alone finds every record that was changed, dropped, moved or put
in between, as long as not all later records were written anew. Who cuts records off the end, or
writes the rest of the chain anew from one record on, leaves a chain that fits: only a head that was
kept in another place (`ledger.head`: two numbers to print or publish) finds that. The file
<ledger>.head beside the ledger finds records that were lost from the end by accident, but nobody
who can write to both files. No hash tells whether what was recorded was true, nor whether it hangs
together: that a data set descends from what stands before it is looked at when a Ledger is opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from collapse_lib.arguments import (
    FLAG,
    check_path,
    check_type,
)
from collapse_lib.provenance.printable import printable
from collapse_lib.provenance.record import GENESIS, Head, Record, parse

__all__ = ["Verdict", "head_path", "read_beside", "verify", "walk"]


@dataclass(frozen=True)
class Verdict:
    """What `verify` found; str() says it.

    n_records: how many records from the first on are sound. head: of these. n_bytes: their bytes.
    fault: one sentence about the first altered record, or None. record: its number, or None.
    torn: bytes of a last record whose writer was killed. note: what is no fault but worth knowing.
    """

    n_records: int
    head: Head
    fault: str | None = None
    record: int | None = None
    n_bytes: int = 0
    torn: int = 0
    note: str | None = None

    @property
    def sound(self) -> bool:
        return self.fault is None

    def __str__(self) -> str:
        if self.fault:
            return self.fault
        return " ".join(filter(None, [f"All {self.n_records} records are sound.", self.note]))


def head_path(path) -> Path:
    """Where a ledger keeps its head beside itself."""
    path = Path(path)
    return path.with_name(path.name + ".head")


def verify(path, *, head: Head | None = None, grown: bool = False) -> Verdict:
    """Go through a ledger from its first record to its last.

    head: a head kept elsewhere; the ledger must end with it. Without one, the file <ledger>.head is
        used where there is one. Since a writer can be killed between the two, the ledger may then
        be one record ahead, or end in a torn one.
    grown: the ledger may have gone on since the head was taken.

    Raises FileNotFoundError where there is no ledger.
    """
    path = check_path("verify.path", path)
    return _verdict(path, head, check_type("verify.grown", grown, FLAG), keep=lambda record: None)


def read_beside(path: Path, keep: Callable[[Record], object]) -> Verdict:
    """`verify(path)`, which hands each sound record to `keep` as it goes."""
    return _verdict(Path(path), None, False, keep)


def _verdict(path: Path, head: Head | None, grown: bool, keep: Callable) -> Verdict:
    check_type("verify.head", head, (Head, type(None)))
    if not path.is_file():
        raise FileNotFoundError(f"There is no ledger at {path}.")
    beside = head is None and head_path(path).is_file()
    if beside:
        text = head_path(path).read_text("latin-1").strip("\0\n")
        try:
            head = Head.read(text) if text else None  # empty after a power cut: as good as none
        except ValueError:
            return Verdict(0, Head(0, GENESIS), f"{head_path(path)} is damaged; it holds no head.")
    with path.open("rb") as file:
        return walk(path.name, file, head, beside, grown, keep)


def walk(name: str, file, head: Head | None, beside: bool, grown: bool, keep) -> Verdict:
    """`verify` for the lines of an open file; beside: the head is the one beside the ledger."""
    previous, number, size, torn = GENESIS, 0, 0, 0
    counted = 0 if head is None else head.n_records
    may_be_torn = head is None or beside or grown

    def altered(record: int, why: str) -> Verdict:
        sentence = f"Record {record} of {name} was altered or lost: {why}."
        return Verdict(min(record, number), Head(number, previous), sentence, record)

    for line in file:
        if not line.endswith(b"\n"):
            torn = len(line)
            if number >= counted and may_be_torn:
                break
            return altered(number, f"it is torn after {torn} bytes")
        record = parse(line[:-1])
        if isinstance(record, str):
            return altered(number, record)
        if type(record.number) is not int or record.number != number:
            return altered(number, f"record {printable(record.number)} stands in its place")
        if record.previous != previous:
            if number and _vouched_for(record, file, head):
                return altered(number - 1, f"record {number} names another hash for it")
            return altered(number, "it does not follow from the record before it")
        previous, number = record.digest, number + 1
        if number == counted and previous != head.digest:
            return altered(number - 1, "it is not the record that the head names")
        size += len(line)
        keep(record)
    if number < counted:
        return altered(number, f"the head counts {counted} records")
    beyond = 0 if head is None else number - counted
    if beyond and not grown and not (beside and beyond == 1):
        return altered(counted, f"the head counts {counted} records, not {number}")
    notes = ["No head says where it should end."] if head is None else []
    if beyond:
        notes.append(f"The head was taken {beyond} record{'s' * (beyond > 1)} before the end.")
    if torn:
        notes.append(f"A torn record of {torn} bytes follows; opening the ledger sets it aside.")
    return Verdict(
        number, Head(number, previous), n_bytes=size, torn=torn, note=" ".join(notes) or None
    )


def _vouched_for(record: Record, file, head: Head | None) -> bool:
    """Whether what comes after a record names its hash: then the record before it is at fault."""
    for line in islice(file, 1):
        following = parse(line.removesuffix(b"\n"))
        return isinstance(following, Record) and following.previous == record.digest
    return head is None or head.digest == record.digest
