"""Labels keep every digit: no two of them become one on the way through floats."""

import numpy as np
import pandas as pd
import pytest

from collapse_lib import metrics

BIG = 2**53
PAIRS = [
    ([BIG + 1], [BIG]),
    (np.array([2**64 - 1], np.uint64), np.array([2**64 - 2], np.uint64)),
    (np.array([2**64 - 1], np.uint64), np.array([-1])),
    ([2**63, -1], [2**63 + 1, -2]),
    (pd.Series([BIG + 1], dtype="Int64"), pd.Series([BIG], dtype="Int64")),
    ([10**30 + 1], [10**30]),
    (np.array([BIG + 1]), np.array([float(BIG)])),
    ([[BIG + 1, 0]], [[BIG, 0]]),
]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_two_large_labels_stay_two(a, b):
    assert metrics.category_similarity(a, b) == metrics.support_coverage(a, b) == 0
    assert metrics.category_similarity(a, a) == metrics.support_coverage(b, b) == 1


@pytest.mark.parametrize(("a", "b"), PAIRS[:-1])
def test_two_large_tokens_stay_two(a, b):
    assert metrics.surviving_vocabulary(a, b) == 0
    assert metrics.surviving_vocabulary(b, b) == 1
    assert metrics.vocabulary_size(a) == len(a)


def test_large_tokens_are_counted_apart():
    tokens = [BIG + 1, BIG, BIG, BIG + 1]
    assert metrics.hapax_share([BIG, BIG + 1]) == 1
    assert metrics.ngram_types(tokens, 1) == 2 and metrics.distinct_n(tokens, 2) == 1
    assert metrics.distinct_n([10**30, 10**30 + 1], 1) == 1


def test_equal_labels_of_other_types_are_equal():
    for whole in ([1, 2], np.array([1.0, 2.0]), np.array([1, 2], np.uint8), [1, 2.0]):
        assert metrics.category_similarity(whole, [2, 1]) == 1


def test_missing_labels_of_pandas_are_told():
    with pytest.raises(ValueError) as error:
        metrics.category_similarity(np.array([1, pd.NA], dtype=object), [1])
    assert str(error.value) == (
        "category_similarity.rows_a needs a label in every row; 1 of 2 are missing; drop or fill "
        "them first."
    )
