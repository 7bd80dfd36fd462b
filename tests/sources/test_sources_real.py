"""Real data from packages, against the files that those packages bring along."""

import csv
import importlib.resources
import subprocess
import sys

import numpy as np
import pytest
from sklearn.datasets import load_digits

from collapse_lib.sources import digits, labelled_digits, penguin_species, penguins, real


def penguin_file():
    path = importlib.resources.files("palmerpenguins") / "data" / "penguins.csv"
    return list(csv.DictReader(path.read_text().splitlines()))


def test_digits():
    flat, images = digits(), digits(flat=False)
    assert flat.rows.shape == (1797, 64) and images.rows.shape == (1797, 8, 8)
    assert np.array_equal(flat.rows.reshape(-1, 8, 8), images.rows)
    assert np.array_equal(flat.rows, load_digits().data)
    assert flat.rows.min() == 0 and flat.rows.max() == 16
    assert digits() is flat  # kept for the whole process


def test_labelled_digits():
    rows = labelled_digits().rows
    assert rows.shape == (1797, 65)
    assert np.array_equal(rows[:, :64], digits().rows)
    assert np.array_equal(rows[:, 64], load_digits().target)
    counts = np.bincount(rows[:, 64].astype(int))
    assert len(counts) == 10 and counts.min() >= 170  # all digits about equally often


def test_penguins():
    birds = [bird for bird in penguin_file() if bird["bill_length_mm"] != "NA"]
    expected = [[float(bird[column]) for column in real.MEASUREMENTS] for bird in birds]
    source = penguins()
    assert source.rows.shape == (342, 4) and len(penguin_file()) == 344
    assert np.array_equal(source.rows, expected)
    assert np.array_equal(penguins("body_mass_g").rows, source.rows[:, 3])
    two = penguins(("flipper_length_mm", "bill_length_mm"))
    assert np.array_equal(two.rows, source.rows[:, [2, 0]])


def test_penguin_species():
    source = penguin_species()
    assert [source.names[row] for row in source.rows] == [b["species"] for b in penguin_file()]
    assert source.names == ("Adelie", "Gentoo", "Chinstrap")
    assert source.counts.tolist() == [152, 124, 68]
    assert 0.19 < source.probabilities[2] < 0.20


@pytest.mark.parametrize(
    ("columns", "got"), [(("species",), "'species'"), ("wings", "'wings'"), ((), "none")]
)
def test_columns_that_are_not_there(columns, got):
    with pytest.raises(ValueError) as error:
        penguins(columns)
    assert str(error.value) == (
        "penguins.columns must be some of bill_length_mm, bill_depth_mm, flipper_length_mm, "
        f"body_mass_g; got {got}."
    )


@pytest.mark.parametrize(
    ("make", "cached", "module", "message"),
    [
        (
            digits,
            digits,
            "sklearn.datasets",
            "digits needs the package scikit-learn; install it with: "
            "python -m pip install scikit-learn",
        ),
        (
            penguins,
            real._load_penguins,
            "palmerpenguins",
            "penguins needs the package palmerpenguins; install it with: "
            "python -m pip install palmerpenguins",
        ),
    ],
)
def test_a_package_that_is_not_installed(make, cached, module, message, monkeypatch):
    cached.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ModuleNotFoundError) as error:
        make()
    assert str(error.value) == message


def test_the_package_imports_nothing_heavy():
    code = (
        "import sys, collapse_lib.sources; "
        "print(sorted({'pandas', 'sklearn', 'torch', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
