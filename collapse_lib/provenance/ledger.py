"""Ledger: an append-only file of what data is made of, in which nothing can be changed unseen.

    ledger.jsonl        one record a line (record.py), each chained to the one before
    ledger.jsonl.head   how far it had come (verify.py says what that protects from)
    ledger.jsonl.torn   what was set aside of records whose writer was killed, if any

A record holds no time and no name of a machine: the same run gives the same bytes.
"""

import os
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from collapse_lib.arguments import check_count, check_path, check_type, got
from collapse_lib.provenance.entries import NAMED, check_entry
from collapse_lib.provenance.lock import lock
from collapse_lib.provenance.merkle import merkle_root
from collapse_lib.provenance.record import GENESIS, Head, Record, line_of, parse
from collapse_lib.provenance.run_log import RunLog
from collapse_lib.provenance.verify import head_path, read_beside

__all__ = ["Ledger"]


class Ledger:
    """A ledger to read and to write, made where there is none yet.

    path: the file. It is verified when it is opened; a torn last record, left by a writer that was
    killed, is set aside, and `repaired` says so in a sentence. Each record is written at once and
    pushed to the disk before `add` returns. One Ledger writes at a time: the first record locks the
    file until `close`, the end of a `with` block, or the end of the process, however it ends.

    Raises ValueError with one sentence for a ledger that was altered, or whose records descend from
    what it does not hold.
    """

    def __init__(self, path):
        self.path = check_path("Ledger.path", path)
        self.repaired: str | None = None
        self._file = None
        self._load()

    def __len__(self) -> int:
        return self._head.n_records

    def __repr__(self) -> str:
        return f"Ledger({self.path.name!r}: {len(self)} records)"

    def __del__(self):
        if getattr(self, "_file", None) is not None:
            self.close()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *error) -> None:
        self.close()

    @property
    def head(self) -> Head:
        """How far it has come. Keep it in another place to prove later that nothing was changed."""
        return self._head

    def records(self) -> Iterator[Record]:
        """All records, oldest first."""
        return iter(tuple(self._records))

    def find(self, name: str) -> Record | None:
        """The source, data set, model or run of this name, or None."""
        return self._named.get(name)

    def source(self, name: str, **about) -> Record:
        """Enter a source of real rows. That they are real is what you declare, not what a hash can
        show. about: anything else to be known, as JSON."""
        return self.add("source", {"name": name, "about": about})

    def model(self, name: str, *, trained_on: str, **about) -> Record:
        """Enter a model and the name of the data set that it was fitted to."""
        return self.add("model", {"name": name, "trained_on": trained_on, "about": about})

    def dataset(self, name: str, rows, parts: Sequence[tuple[str, int]], **about) -> Record:
        """Enter a data set by the Merkle root over its rows (n, ...); the rows are not stored.

        parts: (name, number of rows) of each source, model or data set that rows came from; the
        numbers must sum to n.

        Raises ValueError for numbers that do not, or a name that the ledger does not hold.
        """
        rows = np.asarray(rows)
        root = merkle_root(rows)
        counts = [check_count(f"dataset {name}: rows of {parent}", n) for parent, n in parts]
        content = {
            "name": name,
            "rows": len(rows),
            "shape": list(rows.shape[1:]),
            "dtype": rows.dtype.newbyteorder("<").str,
            "root": root,
            "parts": [
                {"from": parent, "rows": n} for (parent, _), n in zip(parts, counts, strict=True)
            ],
            "about": about,
        }
        return self.add("dataset", content)

    def begin(self, settings: Mapping) -> RunLog:
        """What `run_loop(..., ledger=...)` calls: the log of one run, or its continuation."""
        return RunLog(self, settings)

    def add(self, kind: str, content: Mapping) -> Record:
        """Write one record and return it when it is on the disk.

        kind: "source", "dataset", "model" and "run" carry a name of their own; others are free.
        content: JSON values only, at most 100 levels deep.

        Raises ValueError for a name that is taken, or while another Ledger writes to the file, or
        for a descent from what the ledger does not hold.
        """
        if not isinstance(kind, str) or not kind:
            raise ValueError(f"Ledger.add: kind must be a text that is not empty; {got(kind)}.")
        check_type("Ledger.add.content", content, Mapping)
        self._open()
        check_entry(kind, content, self._kind_of)
        line = line_of(len(self), kind, dict(content), self._head.digest)
        record = parse(line)
        try:
            self._append(line + b"\n", Head(record.number + 1, record.digest))
        except BaseException:
            self.close()  # what is on the disk is read again before the next record
            self._size = -1
            raise
        self._keep(record)
        self._size += len(line) + 1
        return record

    def close(self) -> None:
        """Let others write. The ledger can still be read, and goes on at the next `add`."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _kind_of(self, name: str) -> str | None:
        return self._named[name].kind if name in self._named else None

    def _take(self, record: Record) -> None:
        """Keep a record that was read, if it is one that a Ledger writes."""
        try:
            check_entry(record.kind, record.content, self._kind_of)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"Record {record.number} of {self.path.name} fits its hash, but no Ledger wrote "
                f"it: {error}"
            ) from None
        self._keep(record)

    def _keep(self, record: Record) -> None:
        self._records.append(record)
        self._head = Head(record.number + 1, record.digest)
        if record.kind in NAMED:
            self._named[record.content["name"]] = record

    def _load(self) -> None:
        """Read and verify the file, and set a torn record at its end aside."""
        self._records: list[Record] = []
        self._named: dict[str, Record] = {}
        self._head, self._size = Head(0, GENESIS), 0
        if not self.path.exists():
            if head_path(self.path).exists():
                raise ValueError(
                    f"{self.path} is gone, though {head_path(self.path).name} counts records of "
                    "it; restore it, or choose another path."
                )
            return
        verdict = read_beside(self.path, self._take)
        if not verdict.sound:
            raise ValueError(f"{verdict.fault} Nothing was written; restore the file first.")
        self._size = verdict.n_bytes
        if verdict.torn and self._file is None:
            try:
                self._file = lock(self.path)
            except BlockingIOError:
                return  # that record is being written just now
            try:
                self._repair()
            finally:
                self.close()
        elif verdict.torn:
            self._repair()

    def _repair(self) -> None:
        """Set aside whatever follows the last whole record. Needs the lock."""
        with self.path.open("rb") as file:
            file.seek(self._size)
            tail = file.read()
        if not tail or tail.endswith(b"\n"):
            return  # its writer has finished since
        aside = self.path.with_name(self.path.name + ".torn")
        with aside.open("ab") as file:
            file.write(tail + b"\n")
            file.flush()
            os.fsync(file.fileno())
        os.truncate(self.path, self._size)
        self.repaired = (
            f"The last record of {self.path.name}, number {len(self)}, was torn after {len(tail)} "
            f"bytes and was set aside in {aside.name}; the {len(self)} before it are whole."
        )

    def _open(self) -> None:
        """Hold the lock, with everything read that is in the file."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._file = lock(self.path)
            except BlockingIOError:
                raise ValueError(
                    f"{self.path} is being written by another Ledger, here or in another process; "
                    "close that one first."
                ) from None
            if os.fstat(self._file.fileno()).st_size != self._size:
                try:
                    self._load()
                except BaseException:
                    self.close()
                    raise
        here = self.path.stat() if self.path.exists() else None
        ours = os.fstat(self._file.fileno())
        if here is None or here.st_size != self._size or not os.path.samestat(here, ours):
            self.close()
            raise ValueError(
                f"{self.path} was changed by something else while it was open; open it again."
            )

    def _append(self, line: bytes, head: Head) -> None:
        """One write, pushed to the disk, then the new head."""
        if self._file.write(line) != len(line):
            raise OSError(f"{self.path} could not be written in full; is the disk full?")
        os.fsync(self._file.fileno())
        beside = head_path(self.path)
        part = beside.with_name(beside.name + ".part")
        part.write_text(f"{head}\n")  # not pushed: a lost head costs a note, a record would be lost
        os.replace(part, beside)
