"""Rows in containers of other libraries, wherever rows come in: the same values, or a sentence."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sentences import says

from collapse_lib import run_loop
from collapse_lib.arguments import as_array, check_numbers, check_rows
from collapse_lib.containers import MOST_ENTRIES
from collapse_lib.data import Dataset
from collapse_lib.metrics import log_likelihood, variance_ratio
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Replace
from collapse_lib.provenance import merkle_root
from collapse_lib.sources import from_array

torch = pytest.importorskip("torch")
ROWS = np.array([[0.0, 1.0], [2.0, -3.0], [0.5, 0.25], [4.0, 8.0], [-1.0, 2.0]])
TENSOR = torch.tensor(ROWS)
FRAME = pd.DataFrame(ROWS, columns=["a", "b"])

SAME = {
    "csr matrix": scipy.sparse.csr_matrix(ROWS),
    "csr array": scipy.sparse.csr_array(ROWS),
    "coo array": scipy.sparse.coo_array(ROWS),
    "dia matrix": scipy.sparse.dia_matrix(ROWS),
    "sparse frame": pd.DataFrame.sparse.from_spmatrix(scipy.sparse.csr_matrix(ROWS)),
    "tensor with gradient": TENSOR.clone().requires_grad_(),
    "parameter": torch.nn.Parameter(TENSOR),
    "bfloat16": TENSOR.bfloat16(),
    "bfloat16 with gradient": TENSOR.bfloat16().requires_grad_(),
    "half": TENSOR.half(),
    "float8": TENSOR.to(torch.float8_e5m2),
    "sparse tensor": TENSOR.to_sparse(),
    "negative bit": torch._neg_view(-TENSOR),
    "list of tensors": list(TENSOR.clone().requires_grad_().unbind()),
    "tuple of bfloat16": tuple(TENSOR.bfloat16()),
    "frame": FRAME,
    "frame that may lack values": FRAME.convert_dtypes(),
    "list": ROWS.tolist(),
}
INTAKES = {
    "as_array": lambda rows: as_array("here", rows),
    "check_rows": lambda rows: check_rows("here", rows),
    "check_numbers": lambda rows: check_numbers("here", rows),
    "Dataset": lambda rows: Dataset(rows, np.zeros(len(ROWS), int)).rows,
    "from_generation": lambda rows: Dataset.from_generation(rows, 3).rows,
    "from_array": lambda rows: from_array(rows).rows,
    "fit": lambda rows: np.array([Gaussian().fit(rows).mean_]),
    "measure": lambda rows: np.array([variance_ratio(rows, ROWS)]),
    "merkle": lambda rows: np.array([merkle_root(rows) == merkle_root(as_array("", rows))]),
}


@pytest.mark.parametrize("container", SAME)
@pytest.mark.parametrize("intake", INTAKES)
def test_the_values_are_those_of_the_array(container, intake):
    got, true = INTAKES[intake](SAME[container]), INTAKES[intake](ROWS)
    np.testing.assert_array_equal(np.asarray(got, float), np.asarray(true, float))


REFUSED = {
    "meta": (torch.empty(5, 2, device="meta"), "torch.float32 on meta"),
    "short meta": (torch.empty(5, 2, device="meta").bfloat16(), "torch.bfloat16 on meta"),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("check", [as_array, check_rows, check_numbers])
def test_a_tensor_without_numbers_is_told(kind, check):
    tensor, about = REFUSED[kind]
    with says(
        f"here is a tensor without plain numbers ({about}); give them as an array.", TypeError
    ):
        check("here", tensor)


def test_a_sparse_matrix_that_would_fill_the_memory_is_told():
    vast = scipy.sparse.csr_array((2**20, 2**20))
    sentence = (
        f"must have at most {MOST_ENTRIES} entries once it is written out; this sparse matrix has "
        "shape (1048576, 1048576). Choose rows or columns."
    )
    for intake, whose in ((Gaussian().fit, "Gaussian.fit"), (from_array, "your array")):
        with says(f"{whose} {sentence}"):
            intake(vast)
    with says(f"variance_ratio.rows {sentence}"):
        variance_ratio(vast, ROWS)


def test_whole_numbers_of_pandas_keep_every_digit():
    large = [2**53 + 1, 5]
    for values in (
        pd.Series(large, dtype="Int64"),
        pd.array(large),
        pd.Index(large, dtype="Int64"),
    ):
        assert as_array("here", values).tolist() == large
    assert as_array("here", pd.array([True, False])).tolist() == [1, 0]
    assert as_array("here", pd.DataFrame({"a": [1], "b": [0.5]}).convert_dtypes()).tolist() == [
        [1, 0.5]
    ]


@pytest.mark.parametrize(
    "column", [pd.array([1, None, 3]), pd.array([1.5, None, 3]), pd.array([True, None, False])]
)
def test_a_missing_value_of_pandas_is_missing(column):
    assert np.isnan(as_array("here", pd.Series(column))).tolist() == [False, True, False]
    with says("here: 1 of 3 rows hold NaN or infinity (the first is row 1); drop or repair them."):
        check_rows("here", pd.DataFrame({"a": column}))


@pytest.mark.parametrize("column", [["x", "y"], pd.Categorical(["x", "y"]), pd.array(["x", "y"])])
def test_texts_of_pandas_stay_texts(column):
    assert as_array("here", pd.Series(column)).tolist() == ["x", "y"]


def test_a_loop_on_tensors_is_the_loop_on_arrays():
    def source(n, rng):
        return torch.tensor(rng.normal(size=(n, 2)), requires_grad=True)

    class Sparse(Gaussian):
        def sample(self, n, *, rng):
            return torch.tensor(super().sample(n, rng=rng)).to_sparse()

    def run(model, source):
        run = run_loop(model, source, Replace(), n_samples=20, n_generations=3, seed=1)
        return run[-1].model.variance_

    plain = run(Gaussian(), lambda n, rng: rng.normal(size=(n, 2)))
    np.testing.assert_array_equal(run(Sparse(), source), plain)
    scores = log_likelihood(Gaussian().fit(ROWS), ROWS)
    assert log_likelihood(Gaussian().fit(ROWS), TENSOR.clone().requires_grad_()) == scores


@pytest.mark.parametrize("number", [3.0, None, {"a": 1}, {1, 2}])
def test_what_has_no_rows_is_told(number):
    with says("Dataset.rows must have a first axis of rows; got a single number."):
        Dataset.from_generation(number, 0)
