"""Counts of rows: checked whole numbers, fixed or growing with the generation."""

import operator

__all__ = ["MOST_ROWS", "check_count", "size_at"]

MOST_ROWS = 2**63 - 1  # what an int64 count holds


def check_count(name: str, value, *, least: int, most: int = MOST_ROWS) -> int:
    """The value as an int in [least, most], or one sentence (TypeError, ValueError)."""
    try:
        number = operator.index(value)
    except TypeError:
        if isinstance(value, float) and value.is_integer():
            number = int(value)  # 1e6 is a fair way to write a million
        else:
            raise TypeError(f"{name} must be a whole number; got {value!r}.") from None
    if not least <= number <= most:
        limit = f"at least {least}" if number < least else f"at most {most}"
        raise ValueError(f"{name} must be {limit}; got {number}.")
    return number


def size_at(name: str, size, t: int, *, least: int, most: int = MOST_ROWS) -> int:
    """The size at generation t of a size that is an int or a function of t."""
    if callable(size):
        return check_count(f"{name}({t})", size(t), least=least, most=most)
    return check_count(name, size, least=least, most=most)
