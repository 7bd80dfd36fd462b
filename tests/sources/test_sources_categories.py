"""Sources of kinds: shares, names, and exact proportions."""

import pickle

import numpy as np
import pytest
from scipy import stats
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib.sources import Categories, FiniteCategories, FixedProportions


def rng(seed=0):
    return np.random.default_rng(seed)


def indicators(rows, n_kinds):
    """(n, K): which kind each row is."""
    return rows[:, None] == np.arange(n_kinds)


@pytest.mark.parametrize("seed", stat_seeds())
def test_categories_have_the_probabilities_they_say(seed):
    p = [0.6, 0.25, 0.1, 0.05]
    rows = Categories(p)(20_000, rng(seed))
    assert rows.dtype.kind == "i" and rows.shape == (20_000,)
    assert_agrees(indicators(rows, 4), p)
    assert_rejects(indicators(rows, 4), [0.6, 0.25, 0.08, 0.07])


@pytest.mark.parametrize("seed", stat_seeds())
def test_categories_are_independent_draws(seed):
    """The count of one kind over many draws varies as a binomial; fixed proportions do not."""

    def squared_deviations(source, draws=2000):
        counts = [np.sum(source(50, rng((seed, k))) == 1) for k in range(draws)]
        return (np.array(counts) - 5.0) ** 2

    binomial = stats.binom(50, 0.1).var()
    assert_agrees(squared_deviations(Categories.of(yellow=90, blue=10)), binomial)
    assert_rejects(squared_deviations(FixedProportions.of(yellow=90, blue=10)), binomial)


def test_a_kind_of_probability_zero_never_comes():
    rows = Categories([0.5, 0.0, 0.5])(10_000, rng())
    assert set(rows.tolist()) == {0, 2}


def test_same_rng_same_rows():
    for source in (Categories([0.3, 0.7]), FixedProportions([3, 7])):
        assert np.array_equal(source(100, rng(2)), source(100, rng(2)))
        assert not np.array_equal(source(100, rng(2)), source(100, rng(3)))
        assert len(source(0, rng())) == 0


@pytest.mark.parametrize("n", [10, 100, 12_340])
def test_fixed_proportions_are_exact(n):
    rows = FixedProportions.of(yellow=90, blue=10)(n, rng(n))
    assert np.bincount(rows).tolist() == [n * 9 // 10, n // 10]


@pytest.mark.parametrize("seed", stat_seeds())
def test_fixed_proportions_come_in_random_order(seed):
    source = FixedProportions.of(yellow=90, blue=10)
    draws = np.array([source(20, rng((seed, k))) for k in range(2000)])  # (draws, 20)

    def places_of_blue(draws):
        return np.nonzero(draws)[1].reshape(len(draws), 2)  # two blue objects a draw

    # Two places out of 0 .. 19: their mean is 9.5 and their difference 21 / 3.
    for draws_in_order, check in ((draws, assert_agrees), (np.sort(draws), assert_rejects)):
        places = places_of_blue(draws_in_order)
        check(places.mean(axis=1), 9.5)
        check(np.diff(places)[:, 0], 7.0)


def test_fixed_proportions_with_a_kind_of_count_zero():
    source = FixedProportions([2, 0, 4], ("a", "b", "c"))
    assert np.bincount(source(9, rng())).tolist() == [3, 0, 6]
    assert source.probabilities.tolist() == [1 / 3, 0, 2 / 3]


@pytest.mark.parametrize("source", [Categories([0.5, 0.0, 0.5]), FixedProportions([1, 0, 1])])
def test_score_samples_is_the_log_probability(source):
    with np.errstate(divide="ignore"):
        expected = np.log([0.5, 0.0, 0.5, 0.0, 0.0])
    assert np.array_equal(source.score_samples(np.array([0, 1, 2, 3, -1])), expected)
    with pytest.raises(ValueError) as error:
        source.score_samples([0.0, 1.0])
    assert str(error.value) == (
        "score_samples needs rows of shape (n,) with int dtype; got (2,) with dtype float64."
    )


def test_names_repr_equality_and_pickle():
    drawn, fixed = Categories.of(yellow=90, blue=10), FixedProportions.of(yellow=90, blue=10)
    assert repr(drawn) == "Categories(probabilities=[0.9, 0.1], names=('yellow', 'blue'))"
    assert repr(fixed) == "FixedProportions(counts=[90, 10], names=('yellow', 'blue'))"
    for source in (drawn, fixed):
        back = pickle.loads(pickle.dumps(source))
        assert source == eval(repr(source)) == back and hash(source) == hash(back)
    assert drawn.probabilities.tolist() == fixed.probabilities.tolist() == [0.9, 0.1]
    assert drawn.names == ("yellow", "blue")
    assert Categories([0.2, 0.8]).names == ("0", "1")
    assert not drawn.probabilities.flags.writeable


def test_finite_categories_number_kinds_by_count_then_name():
    source = FiniteCategories.from_labels(["b", "a", "c", "c"], "mine")
    assert source.names == ("c", "a", "b")
    assert source.rows.tolist() == [2, 1, 0, 0]
    assert source.counts.tolist() == [2, 1, 1]
    assert source.probabilities.tolist() == [0.5, 0.25, 0.25]


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (
            lambda: Categories([0.5, 0.4]),
            ValueError,
            "Categories.probabilities must sum to 1; got 0.9. Divide counts by their sum.",
        ),
        (
            lambda: Categories([1.5, -0.5]),
            ValueError,
            (
                "Categories.probabilities must be finite and at least 0; 1 of 2 are not (the "
                "first is -0.5)."
            ),
        ),
        (
            lambda: Categories([np.nan, 1.0]),
            ValueError,
            (
                "Categories.probabilities must be finite and at least 0; 1 of 2 are not (the "
                "first is nan)."
            ),
        ),
        (
            lambda: Categories([]),
            ValueError,
            "Categories.probabilities must have 1 axis; got shape (0,).",
        ),
        (
            lambda: Categories("many"),
            TypeError,
            "Categories.probabilities must be a number or an array of numbers; got 'many'.",
        ),
        (
            lambda: Categories([0.5, 0.5], ("a",)),
            ValueError,
            "Categories.names must be 2 different strings, one for each kind; got 1, 1 of them "
            "different.",
        ),
        (
            lambda: Categories([0.5, 0.5], ("a", "a")),
            ValueError,
            "Categories.names must be 2 different strings, one for each kind; got 2, 1 of them "
            "different.",
        ),
        (
            lambda: Categories.of(a=0, b=0),
            ValueError,
            "The sum of Categories.of weights must be finite and above 0; got 0.",
        ),
        (
            lambda: Categories([0.5, 0.5])(-1, rng()),
            ValueError,
            "Categories.n must be at least 0; got -1.",
        ),
        (
            lambda: FixedProportions([0.9, 0.1]),
            ValueError,
            "FixedProportions.counts must be a whole number; 2 of 2 are not (the first is 0.9).",
        ),
        (
            lambda: FixedProportions.of(yellow=90, blue=10)(95, rng()),
            ValueError,
            "FixedProportions can only give multiples of 10 rows and was asked for 95; change "
            "the number, or use Categories, whose shares hold on average.",
        ),
        (
            lambda: FiniteCategories([0, 2], "mine", ("a", "b")),
            ValueError,
            "mine holds the kind 2 and names only 2 kinds.",
        ),
        (
            lambda: FiniteCategories([0.5], "mine", ("a",)),
            ValueError,
            "mine must hold one int a row, 0 or more; got shape (1,) with dtype float64 and least "
            "entry 0.5.",
        ),
    ],
)
def test_sentences(make, kind, message):
    with pytest.raises(kind) as error:
        make()
    assert str(error.value) == message
