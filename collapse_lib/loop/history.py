"""History: what has been published so far, in as little memory as the policy allows."""

from collections.abc import Sequence

import numpy as np

from collapse_lib.data import Dataset

__all__ = ["History"]


class History(Sequence):
    """history[0]: the original real rows; history[t]: all that was published at generation t.

    pooled=True keeps every row in one growing buffer, so that `pool()` and each history[t] are
    views of it and no row is held twice. `capacity` (rows) avoids re-allocation when the length
    of the run is known.
    pooled=False keeps only history[0] and history[-1]: for policies that read nothing else.
    """

    def __init__(self, *, pooled: bool, capacity: int = 0):
        self._pooled = pooled
        self._capacity = capacity
        self._ends = [0]  # row number at which each entry ends, in the buffer
        self._entries: list[Dataset | None] = []
        self._rows = self._origin = None

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[i] for i in range(*index.indices(len(self)))]
        entry = self._entries[index]
        if entry is None:
            raise LookupError(
                f"history[{index}] was let go: the policy declares newest_only = True and so may "
                "read history[0] and history[-1] alone; drop that declaration to keep everything."
            )
        return entry

    def append(self, entry: Dataset) -> Dataset:
        """Add what one generation published; returns the entry as it is kept (read-only rows)."""
        if self._pooled:
            entry = self._into_buffer(entry)
        else:
            if len(self) > 1:
                self._entries[-1] = None
            entry = Dataset(_read_only(entry.rows), entry.origin)
        self._entries.append(entry)
        return entry

    def pool(self) -> Dataset:
        """Everything published so far, oldest first: a view of the buffer."""
        if not self._pooled:
            return Dataset.concat(self)
        return self._view(0, self._ends[-1])

    def _into_buffer(self, entry: Dataset) -> Dataset:
        start, stop = self._ends[-1], self._ends[-1] + len(entry)
        if self._rows is None:
            self._allocate(max(self._capacity, stop), entry, entry.rows.dtype)
        dtype = np.result_type(self._rows.dtype, entry.rows.dtype)
        if stop > len(self._rows):
            self._allocate(2 * stop, entry, dtype)
        elif dtype != self._rows.dtype:
            self._allocate(len(self._rows), entry, dtype)
        self._rows[start:stop] = entry.rows
        self._origin[start:stop] = entry.origin
        self._ends.append(stop)
        return self._view(start, stop)

    def _allocate(self, size: int, entry: Dataset, dtype) -> None:
        rows = np.empty((size, *entry.rows.shape[1:]), dtype)
        origin = np.empty(size, np.int32)
        if self._rows is not None:
            filled = self._ends[-1]
            rows[:filled] = self._rows[:filled]
            origin[:filled] = self._origin[:filled]
        self._rows, self._origin = rows, origin
        # Entries made before now would keep the old buffer alive: look at the new one instead.
        spans = zip(self._ends[:-1], self._ends[1:], strict=True)
        self._entries = [self._view(start, stop) for start, stop in spans]

    def _view(self, start: int, stop: int) -> Dataset:
        return Dataset(_read_only(self._rows[start:stop]), _read_only(self._origin[start:stop]))


def _read_only(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view
