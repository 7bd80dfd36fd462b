"""Sizes that grow with the generation."""

import numpy as np
import pytest
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib import run_loop, theory
from collapse_lib.exact import categorical_chain
from collapse_lib.loop import sizes
from collapse_lib.loop.described import described
from collapse_lib.loop.sizes import Growing
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Replace
from collapse_lib.sources import GaussianSource


def test_growing_sizes_are_whole_powers():
    assert [Growing(10, 2)(t) for t in (1, 2, 3)] == [10, 40, 90]
    assert [Growing(10, 0.5)(t) for t in (1, 2, 3, 4)] == [10, 14, 17, 20]
    assert [Growing(7, 0)(t) for t in (1, 50)] == [7, 7]
    assert type(Growing(1e3, 1.5)(7)) is int


def test_growing_is_described_by_what_it_is():
    growing = Growing(first=10, power=1.5)
    assert eval(repr(growing), vars(sizes)) == growing
    assert described(growing) == "Growing(first=10, power=1.5)"


def test_growing_reaches_the_rows_and_the_checkpoint(tmp_path):
    arguments = (Gaussian(), GaussianSource(), Replace())
    settings = {"n_generations": 4, "seed": 1, "n_reference": 1, "checkpoint": tmp_path}
    run = run_loop(*arguments, n_samples=Growing(5, 1), **settings)
    assert [len(g.sample) for g in run] == [5, 10, 15, 20]
    again = run_loop(*arguments, n_samples=Growing(5, 1), **settings)
    assert np.array_equal(run[3].sample, again[3].sample)
    with pytest.raises(ValueError, match="n_samples"):
        run_loop(*arguments, n_samples=Growing(5, 2), **settings)


@pytest.mark.parametrize("seed", stat_seeds())
@pytest.mark.parametrize("power", [0.5, 1.5])
def test_diversity_under_growing_samples(power, seed):
    p, size, length = np.array([0.5, 0.3, 0.2]), Growing(6, power), 40
    paths = categorical_chain(
        Replace(), p, n_samples=size, n_generations=length, n_replicates=4000, seed=seed
    )
    found = 1 - (paths.probabilities**2).sum(axis=-1)  # (replicates, generations)
    h0 = 1 - (p**2).sum()
    # generation 1 is fitted to size(1) real rows, generation t to the size(t - 1) samples before
    trained = [size(1)] + [size(t) for t in range(1, length)]
    assert_agrees(found, h0 * np.cumprod(1 - 1 / np.array(trained)))
    assert_agrees(found[:, -1], theory.heterozygosity_with_sizes(h0, trained)[-1])
    assert_rejects(found, theory.heterozygosity(np.arange(1, length + 1), h0, 6))  # no growth


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((0, 1), ValueError, "Growing.first must be at least 1; got 0."),
        ((2.5, 1), TypeError, "Growing.first must be a whole number; got 2.5."),
        ((2, -1), ValueError, "Growing.power must be finite and at least 0; got -1."),
        ((2, "t"), TypeError, "Growing.power must be a number; got 't'."),
    ],
)
def test_growth_outside_its_range_is_told(arguments, error, sentence):
    with pytest.raises(error) as caught:
        Growing(*arguments)
    assert str(caught.value) == sentence
