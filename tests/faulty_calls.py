"""Functions that are at fault in each way that `python -m tools odd` counts."""

import os

import numpy as np

from collapse_lib.arguments import check_numbers

__all__ = ["beyond", "changes", "dies", "never_ends", "raw", "says_nan", "sound"]


def sound(p):
    return float(check_numbers("sound.p", p, axes=1).sum())


def raw(p):
    return float(np.dot(p, p))


def never_ends(p):
    while np.size(p) != 3:
        pass


def dies(p):
    if not isinstance(p, np.ndarray):
        os._exit(3)


def says_nan(p):
    return float("nan")


def changes(p):
    if isinstance(p, np.ndarray) and p.dtype == float and p.size:
        p.flat[0] += 1


def beyond(p):
    return float("inf")
