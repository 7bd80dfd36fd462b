"""History: what has been published so far, in as little memory as the policy allows."""

import itertools
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
        self._pooled, self._capacity = pooled, capacity
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
        return self._view(0, self._ends[-1]) if self._pooled else Dataset.concat(self)

    def _into_buffer(self, entry: Dataset) -> Dataset:
        start, stop = self._ends[-1], self._ends[-1] + len(entry)
        held = entry.rows[:0] if self._rows is None else self._rows
        dtype = np.result_type(held.dtype, entry.rows.dtype)
        size = len(held) if stop <= len(held) else max(self._capacity, 2 * stop if start else stop)
        if size > len(held) or dtype != held.dtype:
            rows, origin = np.empty((size, *held.shape[1:]), dtype), np.empty(size, np.int32)
            if start:
                rows[:start], origin[:start] = held[:start], self._origin[:start]
            self._rows, self._origin = rows, origin
            # Entries made before now would keep the old buffer alive: look at the new one instead.
            self._entries = [self._view(*ends) for ends in itertools.pairwise(self._ends)]
        self._rows[start:stop], self._origin[start:stop] = entry.rows, entry.origin
        self._ends.append(stop)
        return self._view(start, stop)

    def _view(self, start: int, stop: int) -> Dataset:
        return Dataset(_read_only(self._rows[start:stop]), _read_only(self._origin[start:stop]))


def _read_only(array: np.ndarray) -> np.ndarray:
    view = array.view()
    view.flags.writeable = False
    return view
