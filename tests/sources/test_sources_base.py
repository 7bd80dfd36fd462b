"""Finite sources: the protocol of dealing, and the sentences for rows that cannot be used."""

import itertools
import pickle

import joblib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import says
from statcheck import assert_agrees, assert_rejects, stat_seeds

from collapse_lib.sources import (
    Dealing,
    Finite,
    SourceExhausted,
    digits,
    from_array,
    labelled_digits,
    penguin_species,
    penguins,
    python_topics,
)


def rng(seed=0):
    return np.random.default_rng(seed)


def row_numbers(n, name="your array"):
    """A finite source whose rows tell which row they are."""
    return from_array(np.arange(n), name)


@pytest.fixture(params=[digits, labelled_digits, penguins, penguin_species, python_topics])
def source(request):
    return request.param()


# The protocol


@given(
    n_rows=st.integers(1, 80),
    draws=st.lists(st.integers(0, 30), max_size=12),
    n_reference=st.integers(0, 40),
    seed=st.integers(0, 2**32),
)
def test_deals_every_row_once_and_none_that_is_held_out(n_rows, draws, n_reference, seed):
    dealing = row_numbers(n_rows).start(rng(seed))
    held_out, to_deal = dealing.reference(n_rows), n_rows - n_rows // 5
    assert len(held_out) == n_rows // 5
    assert np.array_equal(dealing.reference(n_reference), held_out[:n_reference])
    dealt = []
    for n in draws:
        if n > to_deal - len(dealt):
            with pytest.raises(SourceExhausted):
                dealing(n, rng())
        else:
            dealt.extend(dealing(n, rng()))
        assert dealing.dealt == len(dealt)
        assert dealing.left == to_deal - len(dealt)
    dealt.extend(dealing(dealing.left, rng()))
    assert sorted([*dealt, *held_out]) == list(range(n_rows))


@given(n_rows=st.integers(1, 60), cuts=st.lists(st.integers(0, 60)), seed=st.integers(0, 2**32))
def test_order_does_not_depend_on_how_the_rows_are_asked_for(n_rows, cuts, seed):
    source = row_numbers(n_rows)
    at_once, piecewise = source.start(rng(seed)), source.start(rng(seed))
    n = at_once.left
    cuts = [0, *sorted(min(cut, n) for cut in cuts), n]
    parts = [piecewise(b - a) for a, b in itertools.pairwise(cuts)]
    assert np.array_equal(np.concatenate(parts), at_once(n))


def test_real_sources_keep_the_protocol(source):
    dealing = source.start(rng(1))
    n, held_out = len(source), dealing.reference(10**9)
    assert len(dealing) == n and dealing.name == source.name
    assert len(held_out) == n // 5 and len(dealing.reference(7)) == 7
    dealt = dealing(dealing.left, rng())
    assert dealt.dtype == held_out.dtype == source.rows.dtype
    everything = np.concatenate([dealt, held_out]).reshape(n, -1)
    as_given = source.rows.reshape(n, -1)
    assert np.array_equal(np.sort(everything.view(), axis=0), np.sort(as_given, axis=0))
    with pytest.raises(SourceExhausted):
        dealing(1, rng())


def test_same_seed_same_order_and_other_seed_other_order(source):
    first, again, other = (source.start(rng(seed)) for seed in (3, 3, 4))
    rows = first(100, rng(0))
    assert np.array_equal(rows, again(100, rng(99)))  # the rng of the call is not used
    assert not np.array_equal(rows, other(100, rng(0)))
    assert np.array_equal(first.reference(50), again.reference(50))
    assert not np.array_equal(first.reference(50), other.reference(50))


def test_exhaustion_names_the_numbers_and_consumes_nothing():
    dealing = row_numbers(344, "penguins").start(rng())
    dealing(8, rng())
    expected = (
        "penguins has 268 rows left to deal of 276 and was asked for 300; lower n_samples, "
        "n_fresh or n_generations, or give a larger source."
    )
    with pytest.raises(SourceExhausted) as error:
        dealing(300, rng())
    assert str(error.value) == expected
    assert isinstance(error.value, ValueError)
    untouched = row_numbers(344, "penguins").start(rng())
    assert np.array_equal(dealing(268, rng()), untouched(276, rng())[8:])


@pytest.mark.parametrize(("n_rows", "n_held_out"), [(1, 0), (4, 0), (5, 1), (9, 1), (10, 2)])
def test_small_sources_hold_out_one_row_in_five(n_rows, n_held_out):
    dealing = row_numbers(n_rows).start(rng())
    assert len(dealing.reference(1000)) == n_held_out
    assert dealing.left == n_rows - n_held_out


def test_a_source_that_was_not_started_deals_one_draw():
    rows = row_numbers(100)(80, rng())
    assert len(set(rows.tolist())) == 80
    with pytest.raises(SourceExhausted):
        row_numbers(100)(81, rng())


@pytest.mark.parametrize(
    ("n", "error", "fault"),
    [
        (-1, ValueError, "at least 0; got -1"),
        (2.5, TypeError, "a whole number; got 2.5"),
        ("3", TypeError, "a whole number; got '3'"),
        (None, TypeError, "a whole number; got None"),
    ],
)
def test_number_of_rows_must_be_a_whole_number(n, error, fault):
    dealing = row_numbers(10).start(rng())
    with says(f"your array.n must be {fault}.", error):
        dealing(n, rng())
    with says(f"your array.n_reference must be {fault}.", error):
        dealing.reference(n)
    assert dealing.dealt == 0


def fates(start, seed, n_starts=2000):
    """(n_starts, 4) of ten rows: number and number squared of the row dealt first, and the means
    of both over the rows held out."""
    dealings = [start(rng((seed, k))) for k in range(n_starts)]
    first = np.array([dealing(1) for dealing in dealings])  # (n_starts, 1)
    held_out = np.array([dealing.reference(2) for dealing in dealings])  # (n_starts, 2)
    moments = [rows**power for rows in (first, held_out) for power in (1, 2)]
    return np.column_stack([moment.mean(axis=1) for moment in moments])


@pytest.mark.parametrize("seed", stat_seeds())
def test_every_row_is_as_likely_to_be_dealt_first_or_held_out(seed):
    expected = np.array([4.5, 28.5, 4.5, 28.5])  # mean and mean square of 0 .. 9
    source = row_numbers(10)
    assert_agrees(fates(source.start, seed), expected)
    in_file_order = fates(lambda rng: Dealing(source, np.arange(10)), seed)
    for column in range(4):
        assert_rejects(in_file_order[:, column], expected[column])


# The rows


def test_rows_are_a_read_only_copy():
    given = np.arange(12.0).reshape(6, 2)
    before = given.copy()
    given.flags.writeable = False
    source = Finite(given)
    dealing = source.start(rng())
    dealt, held_out = dealing(5), dealing.reference(1)
    dealt[:] = held_out[:] = -1
    assert np.array_equal(given, before) and np.array_equal(source.rows, before)
    with pytest.raises(ValueError, match="read-only"):
        source.rows[0] = 0
    writeable = before.copy()
    source = Finite(writeable)
    writeable[:] = -1
    assert np.array_equal(source.rows, before)


@pytest.mark.parametrize(
    ("given", "dtype"),
    [
        ([1, 2, 3], np.int64),
        (np.array([True, False]), np.int64),
        (np.array([250, 3], np.uint8), np.int64),
        ([0.5, 1.5], np.float64),
        (np.ones((2, 3, 3), np.float32), np.float32),
        (np.ma.masked_array([1, 2], mask=[False, False]), np.int64),
    ],
)
def test_dtype_of_rows(given, dtype):
    source = Finite(given)
    assert source.rows.dtype == dtype
    assert np.array_equal(source.rows, np.asarray(given))


@pytest.mark.parametrize(
    ("rows", "kind", "message"),
    [
        (
            [[1.0, np.nan], [1.0, 2.0], [np.inf, np.nan]],
            ValueError,
            "mine must be finite; 2 of 3 rows hold NaN or infinity, the first is row 0 (counted "
            "from 0). Drop or fill them.",
        ),
        (
            np.ma.masked_array([1, 2, 3], mask=[0, 1, 0]),
            ValueError,
            "mine must be finite; 1 of 3 rows hold NaN or infinity, the first is row 1 (counted "
            "from 0). Drop or fill them.",
        ),
        ([], ValueError, "mine holds no rows; got shape (0,). Give at least one row."),
        (
            np.empty((3, 0)),
            ValueError,
            "mine holds no rows; got shape (3, 0). Give at least one row.",
        ),
        (
            ["a", "b"],
            TypeError,
            "mine must hold numbers; got dtype <U1. Turn it into ints or floats first.",
        ),
        (
            [1.0, None],
            TypeError,
            "mine must hold numbers; got dtype object. Turn it into ints or floats first.",
        ),
        (
            [1j],
            TypeError,
            "mine must hold numbers; got dtype complex128. Turn it into ints or floats first.",
        ),
        (
            [[1, 2], [3]],
            ValueError,
            "mine must be one rectangular array, first axis = rows; got rows of unequal lengths. "
            "Pad or cut them to one length.",
        ),
        (
            7,
            ValueError,
            "mine must be an array whose first axis is the rows; got a single int. Put the rows "
            "in a list or an array.",
        ),
        (
            np.array([2**63], np.uint64),
            ValueError,
            "mine must hold ints of at most 9223372036854775807; got 9223372036854775808.",
        ),
    ],
)
def test_rows_that_cannot_be_used(rows, kind, message):
    with pytest.raises(kind) as error:
        from_array(rows, "mine")
    assert str(error.value) == message


@pytest.mark.parametrize("name", ["", None, 3])
def test_name_must_be_a_string(name):
    with pytest.raises(TypeError) as error:
        Finite([1, 2], name)
    assert str(error.value) == f"Finite.name must be a string that is not empty; got {name!r}."


# Records


def test_repr_is_stable_and_tells_the_rows_apart():
    assert repr(Finite([1, 2, 3], "mine")) == "Finite(rows=[1, 2, 3], name='mine')"
    long = Finite(np.arange(100.0))
    assert repr(long) == repr(Finite(np.arange(100.0)))
    assert repr(long).startswith("Finite(rows=<float64 (100,) ")
    assert repr(long) != repr(Finite(np.arange(100.0) + 1))
    dealing = Finite([1, 2, 3, 4, 5], "mine").start(rng())
    dealing(1)
    assert repr(dealing) == (
        "Dealing(Finite(rows=[1, 2, 3, 4, 5], name='mine'), 1 of 4 dealt, 1 held out)"
    )


def test_equality_is_by_value():
    one, same = Finite([1, 2, 3]), Finite([1, 2, 3])
    assert one == same and hash(one) == hash(same)
    for other in (Finite([1, 2, 4]), Finite([1.0, 2.0, 3.0]), Finite([1, 2, 3], "other"), "Finite"):
        assert one != other


def test_frozen():
    with pytest.raises(AttributeError):
        Finite([1]).name = "other"


def first_rows(source):
    return source.start(np.random.default_rng(5))(3)


def test_pickles(source):
    back = pickle.loads(pickle.dumps(source))
    assert back == source and repr(back) == repr(source)
    assert not back.rows.flags.writeable


def test_travels_to_other_processes():
    sources = [penguins(), row_numbers(300_000)]  # joblib hands the second over as a memory map
    with joblib.parallel_config(backend="loky", n_jobs=2):
        dealt = joblib.Parallel()(joblib.delayed(first_rows)(source) for source in sources)
    for source, rows in zip(sources, dealt, strict=True):
        assert np.array_equal(rows, first_rows(source))


def test_a_pickled_dealing_goes_on_where_it_was():
    dealing = row_numbers(50).start(rng())
    dealing(13)
    back = pickle.loads(pickle.dumps(dealing))
    assert back.dealt == 13
    assert np.array_equal(back(20), dealing(20))
    assert np.array_equal(back.reference(5), dealing.reference(5))


def test_exhaustion_can_be_pickled_and_raised_again_with_more_words():
    error = pickle.loads(pickle.dumps(SourceExhausted("gone")))
    assert type(error)(f"generation 3: {error}").args == ("generation 3: gone",)
