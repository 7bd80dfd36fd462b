"""A user's own files: what is read, and one sentence for each that cannot be."""

import csv
import importlib.resources
import sys

import numpy as np
import pytest

from collapse_lib.sources import from_csv, from_text, penguins


def test_csv_columns(file):
    path = file("a,b,c\n1,2,0.5\n3,4,1e-3\n")
    whole = from_csv(path)
    assert whole.name == "mine.csv"
    assert whole.rows.tolist() == [[1, 2, 0.5], [3, 4, 0.001]]
    ints = from_csv(str(path), columns=("b", "a"))
    assert ints.rows.dtype == np.int64 and ints.rows.tolist() == [[2, 1], [4, 3]]
    assert from_csv(path, columns="c").rows.tolist() == [0.5, 0.001]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        ("\ufeffa,b\r\n1,2\r\n\r\n3,4\r\n", [[1, 2], [3, 4]]),  # from a spreadsheet
        ('"a, with comma","b"\n1,"2"\n', [[1, 2]]),
        ("a , b\n 1, 2\n", [[1, 2]]),
        ("yes,no\nTrue,False\nFalse,False\n", [[1, 0], [0, 0]]),
        ("a,b\nTrue,0.5\n", [[1, 0.5]]),
        ("a\n1\n2", [[1], [2]]),
        ("a,b\n-1.5e3,+7\n", [[-1500, 7]]),
    ],
)
def test_csv_dialects(file, content, rows):
    assert from_csv(file(content)).rows.tolist() == rows


def test_csv_with_a_byte_order_mark_keeps_the_name_of_its_first_column(file):
    assert from_csv(file("\ufeffa,b\n1,2\n"), columns="a").rows.tolist() == [1]


def test_csv_with_another_separator(file):
    assert from_csv(file("a;b\n1;2\n"), separator=";").rows.tolist() == [[1, 2]]


def test_csv_keeps_every_digit(file):
    values = np.random.default_rng(0).normal(size=1000) * 1e-7
    lines = "\n".join(["x", *map(repr, values.tolist())])
    assert np.array_equal(from_csv(file(lines), columns="x").rows, values)


def test_csv_with_an_unnamed_row_number(file):
    assert from_csv(file(",a\n0,5\n1,6\n"), columns="a").rows.tolist() == [5, 6]


def test_csv_of_penguins_agrees_with_the_package(file):
    source = importlib.resources.files("palmerpenguins") / "data" / "penguins.csv"
    lines = list(csv.reader(source.read_text().splitlines()))
    measured = "\n".join(",".join(line) for line in lines if line[2] != "NA")
    columns = ("bill_length_mm", "body_mass_g")
    rows = from_csv(file(measured), columns).rows
    assert np.array_equal(rows, penguins(columns).rows)


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        ("", {}, "mine.csv is empty; give a file with something in it."),
        (" \n\n", {}, "mine.csv is empty; give a file with something in it."),
        ("a,b\n", {}, "mine.csv has a header and no rows; give at least one row of numbers."),
        (
            "1,2\n3,4\n",
            {},
            "mine.csv must start with a line of column names; its first line holds only numbers. "
            "Add such a line, or set header=False and the columns are called '0', '1', ...",
        ),
        (
            "a,b\n1,2\n3,4,5\n",
            {},
            "mine.csv must have the same number of values in every line; the header has 2 and "
            "line 3 has 3. Mend that line, or set separator.",
        ),
        (
            'a,b\n"1\n",2\n3\n',
            {},
            "mine.csv must have the same number of values in every line; the header has 2 and "
            "line 4 has 1. Mend that line, or set separator.",
        ),
        ("a,a\n1,2\n", {}, "mine.csv has two columns called 'a'; rename one of them."),
        (
            ",a\n0,5\n",
            {},
            "mine.csv has a column without a name, often a row number; name it, or choose columns "
            "with columns=(...) from 'a'.",
        ),
        (
            "size,kind,price\n1,red,2\n2,blue,3\n",
            {},
            "mine.csv must hold numbers in column 'kind'; row 1 after the header is 'red'. "
            "Columns of numbers are: 'size', 'price'. Choose them with columns=('size', 'price').",
        ),
        (
            "size\n1\n2\nbig\n",
            {},
            "mine.csv must hold numbers in column 'size'; row 3 after the header is 'big'. "
            "Columns of numbers are: none. Its texts are categories with columns='size', "
            "as_categories=True.",
        ),
        (
            "a;b\n1;2\n",
            {"separator": ","},
            "mine.csv must hold numbers in column 'a;b'; row 1 after the header is '1;2'. "
            "Columns of numbers are: none. Its texts are categories with columns='a;b', "
            "as_categories=True.",
        ),
        (
            "a,b\n1,2\n3,\n5,NA\n",
            {},
            "mine.csv must have a finite value in every row of column 'b'; 2 of 3 are missing or "
            "infinite, the first in row 2 after the header. Drop or fill these rows, or leave "
            "them out with dropna=True.",
        ),
        (
            "a,b\n1,True\n3,\n",
            {},
            "mine.csv must have a finite value in every row of column 'b'; 1 of 2 are missing or "
            "infinite, the first in row 2 after the header. Drop or fill these rows, or leave "
            "them out with dropna=True.",
        ),
        (
            "a\n1\ninf\n",
            {},
            "mine.csv must have a finite value in every row of column 'a'; 1 of 2 are missing or "
            "infinite, the first in row 2 after the header. Drop or fill these rows.",
        ),
        (
            "a,b\n1,2\n",
            {"columns": ("b", "c")},
            "from_csv.columns must be columns of mine.csv, which has 'a', 'b'; got 'c'.",
        ),
        (
            "a,b\n1,2\n",
            {"columns": ()},
            "from_csv.columns must be columns of mine.csv, which has 'a', 'b'; got none.",
        ),
        (
            ",".join(f"c{k}" for k in range(20)) + "\n" + ",".join("1" * 20) + "\n",
            {"columns": "x"},
            "from_csv.columns must be columns of mine.csv, which has 'c0', 'c1', 'c2', 'c3', "
            "'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10', 'c11' and 8 more; got 'x'.",
        ),
        (
            "a,b\n1,2\n",
            {"separator": ", "},
            "from_csv.separator must be one character, or None for the one that all lines share; "
            "got ', '.",
        ),
        (
            'a,b\n1,2\n"x,3\n',
            {},
            "mine.csv cannot be read as CSV; line 3: a quotation mark is opened and never closed. "
            "Mend that line.",
        ),
        (
            b"a,b\n1,\xff\n",
            {},
            "mine.csv must be UTF-8 text; line 2 holds the byte 0xff, which is not. Save the file "
            "as UTF-8, or name its encoding, such as encoding='cp1252'.",
        ),
    ],
)
def test_csv_sentences(file, content, options, message):
    with pytest.raises(ValueError) as error:
        from_csv(file(content), **options)
    assert str(error.value) == message


def test_text(file):
    words = from_text(file("\ufeffTo be,\nor not to be.", "hamlet.txt"))
    assert words.name == "hamlet.txt"
    assert words.vocabulary == ("be", "to", "not", "or")
    assert words.tokens.tolist() == [1, 0, 3, 2, 1, 0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "mine.txt is empty; give a file with something in it."),
        ("1 2 3 --", "mine.txt holds no words; give a text with letters in it."),
        (
            b"caf\xe9",
            "mine.txt must be UTF-8 text; line 1 holds the byte 0xe9, which is not. Save the file "
            "as UTF-8, or name its encoding, such as encoding='cp1252'.",
        ),
    ],
)
def test_text_sentences(file, content, message):
    with pytest.raises(ValueError) as error:
        from_text(file(content, "mine.txt"))
    assert str(error.value) == message


@pytest.mark.parametrize("read", [from_csv, from_text])
@pytest.mark.parametrize("path", ["nowhere.csv", "."])
def test_a_path_without_a_file(read, path):
    with pytest.raises(FileNotFoundError) as error:
        read(path)
    assert str(error.value) == (
        f"{read.__name__}.path must name a file; there is none at {path!r}. Check the spelling "
        "and the folder that Python runs in."
    )


def test_csv_without_pandas(file, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ModuleNotFoundError) as error:
        from_csv(file("a\n1\n"))
    assert str(error.value) == (
        "from_csv needs the package pandas; install it with: python -m pip install pandas"
    )


@pytest.mark.parametrize("columns", [5, 0.5, True])
def test_columns_that_are_no_names_are_told(tmp_path, columns):
    path = tmp_path / "mine.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(TypeError) as raised:
        from_csv(path, columns=columns)
    assert str(raised.value) == f"from_csv.columns must hold several; got {columns!r}."
