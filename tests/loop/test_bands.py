"""band: medians and quantiles over runs."""

import numpy as np
import pytest

from collapse_lib.loop.bands import band


def test_band_is_the_median_and_the_central_quantiles():
    runs = np.random.default_rng(0).permuted(np.tile(np.arange(101.0), (3, 1)), axis=1).T
    median, lower, upper = band(runs)
    assert median.tolist() == [50.0] * 3
    assert np.allclose(lower, 10) and np.allclose(upper, 90)
    assert np.allclose(band(runs, level=0.5).lower, 25)


def test_faults_are_told_in_one_sentence():
    with pytest.raises(ValueError) as error:
        band(np.ones((3, 2)), level=1.0)
    assert str(error.value) == "band: level must be in (0, 1); got 1."
    with pytest.raises(ValueError) as error:
        band(np.ones((0, 2)))
    assert str(error.value) == "band needs at least one run; got none."
