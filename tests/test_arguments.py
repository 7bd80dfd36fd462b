"""One check for each kind of argument, one sentence for each kind of fault."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import refusals, says

from collapse_lib import arguments
from collapse_lib.arguments import (
    FLAG,
    MOST_ROWS,
    check_callable,
    check_choice,
    check_columns,
    check_count,
    check_counts,
    check_number,
    check_numbers,
    check_path,
    check_probabilities,
    check_rows,
    check_same_shape,
    check_several,
    check_share,
    check_size,
    check_type,
)
from collapse_lib.metrics._labels import check_labels

FAULTS = [
    (
        lambda: check_type("A.on", "no", FLAG),
        TypeError,
        "A.on must be of type bool; got 'no'.",
    ),
    (lambda: check_several("A.all", "ab"), TypeError, "A.all must hold several; got 'ab'."),
    (
        lambda: check_several("A.names", ["a", 1], str),
        TypeError,
        "an entry of A.names must be of type str; got 1.",
    ),
    (
        lambda: check_numbers("A.x", [0.5 + 1j]),
        TypeError,
        "A.x must be a number or an array of numbers; got [(0.5+1j)].",
    ),
    (
        lambda: check_numbers("A.x", ["1"]),
        TypeError,
        "A.x must be a number or an array of numbers; got ['1'].",
    ),
    (
        lambda: check_numbers("A.x", [10**400]),
        ValueError,
        "A.x must be finite; got inf.",
    ),
    (
        lambda: check_number("A.x", pd.DataFrame({"a": [1, 2]})),
        TypeError,
        "A.x must be a number; got a 0 1 1 2.",
    ),
    (lambda: check_count("A.n", 1.5), TypeError, "A.n must be a whole number; got 1.5."),
    (lambda: check_count("A.n", "7"), TypeError, "A.n must be a whole number; got '7'."),
    (lambda: check_count("A.n", math.nan), TypeError, "A.n must be a whole number; got nan."),
    (lambda: check_count("A.n", 0, least=1), ValueError, "A.n must be at least 1; got 0."),
    (lambda: check_count("A.n", 9, most=8), ValueError, "A.n must be at most 8; got 9."),
    (lambda: check_count("A.n", np.int64(-1)), ValueError, "A.n must be at least 0; got -1."),
    (lambda: check_size("n", lambda t: t - 9, 3), ValueError, "n(3) must be at least 0; got -6."),
    (lambda: check_number("A.x", "1"), TypeError, "A.x must be a number; got '1'."),
    (lambda: check_number("A.x", True), TypeError, "A.x must be a number; got True."),
    (lambda: check_number("A.x", math.inf), ValueError, "A.x must be finite; got inf."),
    (
        lambda: check_number("A.x", -1, least=0),
        ValueError,
        "A.x must be finite and at least 0; got -1.",
    ),
    (lambda: check_number("A.x", 0, above=0), ValueError, "A.x must be finite and above 0; got 0."),
    (
        lambda: check_number("A.x", 3, most=2),
        ValueError,
        "A.x must be finite and at most 2; got 3.",
    ),
    (lambda: check_number("A.x", 2, below=2), ValueError, "A.x must be finite and below 2; got 2."),
    (
        lambda: check_number("A.x", math.nan, infinite=True),
        ValueError,
        "A.x must be a number; got nan.",
    ),
    (lambda: check_number("A.x", 0, above=0, most=1), ValueError, "A.x must be in (0, 1]; got 0."),
    (lambda: check_number("A.x", 1, least=0, below=1), ValueError, "A.x must be in [0, 1); got 1."),
    (
        lambda: check_share("MixReal.real_fraction", 1.5),
        ValueError,
        "MixReal.real_fraction must be in [0, 1]; got 1.5.",
    ),
    (lambda: check_share("A.x", np.float64(2)), ValueError, "A.x must be in [0, 1]; got 2."),
    (
        lambda: check_numbers("A.x", ["a"]),
        TypeError,
        "A.x must be a number or an array of numbers; got ['a'].",
    ),
    (
        lambda: check_numbers("A.x", [[1.0]], axes=1),
        ValueError,
        "A.x must have 1 axis; got shape (1, 1).",
    ),
    (lambda: check_numbers("A.x", [], axes=1), ValueError, "A.x must have 1 axis; got shape (0,)."),
    (
        lambda: check_numbers("A.x", [1.0], axes=2),
        ValueError,
        "A.x must have 2 axes; got shape (1,).",
    ),
    (
        lambda: check_numbers("A.x", [0.5, 2.0], most=1),
        ValueError,
        "A.x must be finite and at most 1; 1 of 2 are not (the first is 2).",
    ),
    (
        lambda: check_counts("f.t", [1, 2.5]),
        ValueError,
        ("f.t must be a whole number; 1 of 2 are not (the first is 2.5)."),
    ),
    (
        lambda: check_counts("f.t", [3, 1], least=2),
        ValueError,
        "f.t must be at least 2; 1 of 2 are not (the first is 1).",
    ),
    (
        lambda: check_counts("f.t", math.inf),
        ValueError,
        "f.t must be a whole number; got inf.",
    ),
    (
        lambda: check_probabilities("p", 0.5),
        ValueError,
        "p must have an axis of at least one category; got shape ().",
    ),
    (
        lambda: check_probabilities("p", [0.5, 0.4]),
        ValueError,
        "p must sum to 1; got 0.9. Divide counts by their sum.",
    ),
    (
        lambda: check_probabilities("p", [1.5, -0.5]),
        ValueError,
        "p must be finite and at least 0; 1 of 2 are not (the first is -0.5).",
    ),
    (lambda: check_rows("M.fit", [["a"]]), TypeError, "M.fit needs rows of numbers; got [['a']]."),
    (
        lambda: check_rows("M.fit", 3.0),
        ValueError,
        "M.fit needs rows of shape (n,) or (n, d); got shape ().",
    ),
    (
        lambda: check_rows("M.fit", np.zeros((2, 2)), ndim=(1,)),
        ValueError,
        "M.fit needs rows of shape (n,); got shape (2, 2).",
    ),
    (
        lambda: check_rows("M.fit", [1.0], least=2),
        ValueError,
        "M.fit needs at least 2 rows; got 1.",
    ),
    (
        lambda: check_rows("M.fit", [[1.0, 2.0]], width=3),
        ValueError,
        "M.fit needs rows of width 3; got rows of width 2.",
    ),
    (
        lambda: check_rows("M.fit", [1.0, math.nan, math.inf]),
        ValueError,
        "M.fit: 2 of 3 rows hold NaN or infinity (the first is row 1); drop or repair them.",
    ),
    (
        lambda: check_labels("f", [0.5]),
        ValueError,
        "f needs labels, whole numbers or text; got fractions.",
    ),
    (
        lambda: check_labels("f", ["a", None]),
        ValueError,
        "f needs a label in every row; 1 of 2 are missing; drop or fill them first.",
    ),
    (
        lambda: check_labels("f", np.array(["a", 1], object)),
        TypeError,
        "f needs labels of one kind; got numbers and text.",
    ),
    (
        lambda: check_labels("f", np.array([], str)),
        ValueError,
        "f needs at least one label; got shape (0,).",
    ),
    (
        lambda: check_choice("A.x", "c", ("a", "b")),
        ValueError,
        "A.x must be one of 'a', 'b'; got 'c'.",
    ),
    (lambda: check_choice("A.x", [1], {"a": 1}), ValueError, "A.x must be one of 'a'; got [1]."),
    (lambda: check_type("A.x", 1, str), TypeError, "A.x must be of type str; got 1."),
    (
        lambda: check_type("A.x", 1, (str, list), "Give names."),
        TypeError,
        "A.x must be of type str or list; got 1. Give names.",
    ),
    (
        lambda: check_callable("source", 3, "source(n, rng)"),
        TypeError,
        "source must be callable as source(n, rng); got 3.",
    ),
    (
        lambda: check_callable("policy", int, "policy(h, s, r)", "Make one."),
        TypeError,
        "policy must be callable as policy(h, s, r); got <class 'int'>. Make one.",
    ),
    (lambda: check_path("A.path", ""), TypeError, "A.path must be the path of a file; got ''."),
    (
        lambda: check_path("A.path", 3, is_folder=True),
        TypeError,
        "A.path must be the path of a folder; got 3.",
    ),
    (
        lambda: check_path("A.path", "no/such", must_exist=True),
        FileNotFoundError,
        f"A.path: there is no file {Path('no/such')}.",
    ),
    (
        lambda: check_columns("curves", [1], "t"),
        TypeError,
        "curves must be a pandas.DataFrame; got [1].",
    ),
    (
        lambda: check_columns("curves", pd.DataFrame({"a": [1]}), "a", "t"),
        ValueError,
        "curves must have a column 't'; it has 'a'.",
    ),
    (
        lambda: check_same_shape("f", tail=np.zeros(2), spread=np.zeros(3)),
        ValueError,
        "f needs arrays of one shape; got tail (2,), spread (3,).",
    ),
]


test_a_fault_is_one_sentence = refusals(*FAULTS)


def test_every_check_is_held_to_its_sentences():
    """A check without a fault above would be one whose sentence nobody has read."""
    named = {name for call, _, _ in FAULTS for name in call.__code__.co_names}
    assert named >= {name for name in arguments.__all__ if name.startswith("check_")}


def test_what_is_allowed_comes_back_in_its_type():
    assert check_count("n", 1e6) == 1_000_000 and isinstance(check_count("n", np.int8(3)), int)
    assert check_count("n", MOST_ROWS, most=MOST_ROWS) == MOST_ROWS
    assert check_size("n", lambda t: 2 * t, 3) == 6 and check_size("n", 5, 3) == 5
    assert isinstance(check_number("x", np.float32(0.5)), float)
    assert check_number("x", -math.inf, infinite=True) == -math.inf
    assert check_counts("t", [1, math.inf], infinite=True).tolist() == [1.0, math.inf]
    assert check_rows("f", np.zeros((2, 3, 4)), width=12).shape == (2, 3, 4)
    assert check_rows("f", [True, False]).dtype == float
    assert check_labels("f", ["a", "b"]).shape == (2, 1)
    assert check_choice("x", "a", ("a",)) == "a"
    assert check_type("x", 1, int) == 1
    assert check_callable("f", len, "f(x)") is len
    check_same_shape("f", a=np.zeros(3), b=np.ones(3))


def test_rows_of_floats_are_not_copied():
    rows = np.zeros((3, 2))
    assert check_rows("f", rows) is rows


def test_a_file_is_no_folder(tmp_path):
    assert check_path("p", str(tmp_path), is_folder=True, must_exist=True) == tmp_path
    with says(f"p must be the path of a file; {tmp_path} is none."):
        check_path("p", tmp_path)


@given(st.lists(st.floats(0.01, 1e3), min_size=1, max_size=50))
def test_probabilities_sum_to_one_and_float32_will_do(weights):
    shares = np.array(weights) / np.sum(weights)
    checked = check_probabilities("p", shares.astype(np.float32))
    assert checked.sum() == pytest.approx(1, abs=1e-15 * len(weights))
    assert checked == pytest.approx(shares, rel=1e-5)


def test_many_float32_probabilities_stay_within_the_tolerance():
    shares = np.random.default_rng(1).dirichlet(np.ones(100_000)).astype(np.float32)
    assert check_probabilities("p", shares).sum() == pytest.approx(1, abs=1e-12)


def test_masked_values_are_never_counted():
    masked = np.ma.masked_array([1.0, 2.0, 900.0], mask=[False, False, True])
    for check in (check_numbers, check_counts, check_rows, check_probabilities):
        with says("here has masked values; drop them or fill them first."):
            check("here", masked)
    whole = np.ma.masked_array([1.0, 2.0], mask=[False, False])
    assert check_numbers("here", whole).tolist() == [1.0, 2.0]


def test_tensors_are_taken_off_their_graph():
    torch = pytest.importorskip("torch")
    for tensor in (torch.ones(3, requires_grad=True), torch.ones(3, dtype=torch.bfloat16)):
        assert check_numbers("here", tensor).tolist() == [1, 1, 1]
        assert check_rows("here", tensor).tolist() == [1, 1, 1]


def test_rows_of_unequal_lengths_are_told():
    for check in (check_numbers, check_rows):
        with says("here must be rectangular; got rows of unequal lengths."):
            check("here", [[1.0], [1.0, 2.0]])
