"""Record: a frozen dataclass whose fields may be arrays."""

import hashlib
from dataclasses import fields

import numpy as np

__all__ = ["Record"]

LONGEST_SHOWN = 16  # entries of an array or a tuple that a repr writes out


class Record:
    """Value semantics for frozen dataclasses with array fields.

    Arrays are kept as read-only copies, so that the caller's array is neither changed nor shared.
    Records are equal when their types and all their fields are, bit for bit. A repr writes small
    arrays out and names long ones by dtype, shape and the first digits of their SHA-256, so that
    it is the same in every process.

    Decorate subclasses with `@dataclass(frozen=True, eq=False, repr=False)`.
    """

    def _keep(self, name: str, array: np.ndarray) -> np.ndarray:
        """Store a read-only, C-ordered copy of the array as the field `name`."""
        array = np.array(array, order="C")
        array.flags.writeable = False
        object.__setattr__(self, name, array)
        return array

    def _key(self) -> tuple:
        return tuple(_bits(getattr(self, field.name)) for field in fields(self))

    def __eq__(self, other) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self is other or self._key() == other._key()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._key()))

    def __repr__(self) -> str:
        values = ((each, getattr(self, each.name)) for each in fields(self))
        shown = (
            f"{each.name}={_summary(value)}"
            for each, value in values
            if not (each.kw_only and value == each.default)
        )
        return f"{type(self).__name__}({', '.join(shown)})"

    def __setstate__(self, state: dict) -> None:
        # Pickling forgets that an array is read-only.
        self.__dict__.update(state)
        for value in self.__dict__.values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False


def _bits(value):
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    return value


def _summary(value) -> str:
    if isinstance(value, np.ndarray):
        if value.size <= LONGEST_SHOWN:
            return repr(value.tolist())
        digest = hashlib.sha256(value.tobytes()).hexdigest()
        return f"<{value.dtype} {value.shape} {digest[:8]}>"
    if isinstance(value, tuple) and len(value) > LONGEST_SHOWN:
        return f"<{len(value)} entries, the first {value[0]!r}>"
    return repr(value)
