"""Work counted and not timed: a test of growth must not depend on the machine's mood."""

import sys


def calls(work) -> int:
    """How many calls of Python and C functions work() makes."""
    count = 0

    def noted(frame, event, argument):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(noted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
