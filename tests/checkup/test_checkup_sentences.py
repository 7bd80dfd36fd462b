"""Tables that cannot be checked: one sentence each."""

import numpy as np
import pandas as pd
import pytest

from collapse_lib.checkup import checkup

GOOD = pd.DataFrame({"a": np.arange(40) % 7, "b": np.linspace(0, 1, 40)})


@pytest.mark.parametrize(
    ("tables", "options", "sentence"),
    [
        ((GOOD, GOOD[:0]), {}, "at least 20 rows on each side; synthetic has 0 rows."),
        ((GOOD[:1], GOOD), {}, "at least 20 rows on each side; real has 1 row."),
        ((GOOD,), {}, "checkup needs at least one synthetic table; got none."),
        (
            (GOOD, GOOD.rename(columns=str.upper)),
            {},
            "a column that both tables share and that can be measured; real has a, b, synthetic "
            "has A, B.",
        ),
        (
            (GOOD[["a"]] * 0, GOOD[["a"]] * 0),
            {},
            "can be measured; a: the same value in every row.",
        ),
        ((GOOD * np.nan, GOOD * np.nan), {}, "measured; a: all values are missing; b: all values"),
        ((GOOD, GOOD), {"groups": "c"}, "a column in checkup.groups must be one of 'a', 'b'; got"),
        ((GOOD, GOOD), {"level": 0.7}, "checkup.level must be in (0, 0.5); got 0.7."),
        ((GOOD, GOOD), {"n_deals": 9}, "checkup.n_deals must be at least 20; got 9."),
        ((GOOD, GOOD, GOOD), {"n_deals": 30}, "checkup.n_deals must be at least 40; got 30."),
        ((GOOD, GOOD), {"source": "a"}, "takes one table where a column tells its rows apart."),
        ((GOOD,), {"generation": "c"}, "checkup.generation must be one of 'a', 'b'; got 'c'."),
    ],
)
def test_a_fault_is_one_sentence(tables, options, sentence):
    with pytest.raises(ValueError) as error:
        checkup(*tables, **options)
    assert sentence in str(error.value) and "\n" not in str(error.value)


def test_what_is_no_table_is_named():
    with pytest.raises(TypeError, match="real must be a DataFrame, an array, a list of texts"):
        checkup(3, GOOD)


def test_columns_of_another_kind_are_left_out_and_named():
    report = checkup(GOOD, GOOD.assign(b="x y"), n_deals=99)
    left_out = report.to_dict()["inputs"][1]["columns_left_out"]
    assert left_out == {"b": "numbers in the real rows, text in synthetic ones"}
    assert "Left out: b" in repr(report)
