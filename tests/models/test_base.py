"""What the library's models share: faults of a model not fitted, fields, whole numbers, deals."""

import copy
import pickle

import numpy as np
import pytest
from sentences import says

from collapse_lib.arguments import check_number
from collapse_lib.models.base import NotFitted, check_fields, check_indices, dealt
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.kde import KernelDensity


def test_what_is_not_learned_yet_is_told_and_what_does_not_exist_is_missing():
    model = Gaussian()
    with says("Gaussian is not fitted; call Gaussian.fit first.", NotFitted):
        _ = model.mean_
    assert not hasattr(model, "mean_") and not hasattr(model, "mean")
    with says("'Gaussian' object has no attribute 'mean'", AttributeError):
        _ = model.mean
    model.fit(np.arange(5.0))
    with says("'Gaussian' object has no attribute 'covariance_'", AttributeError):
        _ = model.covariance_
    for twin in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert (twin, twin.mean_) == (model, model.mean_)


def test_none_passes_where_it_is_the_default():
    check_fields(KernelDensity(), check_number, "bandwidth", above=0)
    with says("Gaussian.sampling_bias must be a number; got None.", TypeError):
        check_fields(Gaussian(sampling_bias=None), check_number, "sampling_bias")


@pytest.mark.parametrize("n", [None, 4])
def test_whole_numbers_below_n_become_ints(n):
    whole = check_indices("f", np.array([[0.0, 3.0]]), n)
    assert whole.dtype == np.int64 and whole.tolist() == [[0, 3]]
    allowed = "of 0 or more" if n is None else "from 0 to 3"
    with says(f"f needs whole numbers {allowed}; 1 of 2 are not (the first is -1)."):
        check_indices("f", np.array([3.0, -1.0]), n)


@pytest.mark.parametrize("n", [0, 3, 7, 20])
def test_a_deal_repeats_none_until_all_are_used(n):
    deal = dealt(7, n, np.random.default_rng(0))
    assert len(deal) == n
    counts = np.bincount(deal, minlength=7)
    assert np.ptp(counts) <= 1
