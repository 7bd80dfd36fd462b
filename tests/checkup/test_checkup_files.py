"""Files of every kind, and the command that reads them."""

import gzip
import json

import jsonschema
import numpy as np
import pytest
from checkup.conftest import mixed
from checkup.test_checkup_tables import SCHEMA
from PIL import Image

from collapse_lib.checkup import checkup, intake
from collapse_lib.checkup.command import main
from collapse_lib.checkup.files import read


@pytest.fixture
def table():
    rng = np.random.default_rng(1)
    table = mixed(300, rng)
    days = rng.integers(0, 900, 300).astype("timedelta64[D]")
    return table.assign(day=np.datetime64("2020-01-01") + days)


def parquet(table, path):
    import duckdb

    rows = duckdb.from_df(table)
    rows.write_parquet(str(path))


WRITERS = {
    "plain.csv": lambda table, path: table.to_csv(path, index=False),
    "german.csv": lambda table, path: table.to_csv(path, index=False, sep=";", decimal=","),
    "tabs.tsv": lambda table, path: table.to_csv(path, index=False, sep="\t"),
    "marked.csv": lambda table, path: table.to_csv(path, index=False, encoding="utf-8-sig"),
    "wide.csv": lambda table, path: table.to_csv(path, index=False, encoding="utf-16"),
    "packed.csv.gz": lambda table, path: table.to_csv(path, index=False),
    "rows.parquet": parquet,
    "rows.jsonl": lambda table, path: table.to_json(
        path, orient="records", lines=True, date_format="iso"
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_kind_of_table_gives_the_same_check_up(name, table, tmp_path):
    path = tmp_path / name
    WRITERS[name](table, path)
    told = checkup(path, table, n_deals=20).to_dict()
    assert told["inputs"][0]["path"] == str(path) and len(told["inputs"][0]["sha256"]) == 64
    relative = ("different categories", "coverage")  # in units of what chance gives
    values = [each["value"] for each in told["measures"] if each["name"] not in relative]
    np.testing.assert_allclose(values, 1, rtol=1e-4)
    assert len(values) > 15
    names = {each["name"] for each in told["measures"] if each["column"] == "day"}
    assert "spread" in names


def test_a_large_file_is_sampled_at_random_and_the_same_again(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("x\n" + "\n".join(map(str, range(5000))))
    first, again = (read(path, seed=1, most_rows=1000) for _ in range(2))
    assert (first.n_rows, len(first.table)) == (5000, 1000)
    assert first.table.equals(again.table)
    assert abs(first.table["x"].mean() - 2500) < 4 * 5000 / np.sqrt(12 * 1000)
    text = tmp_path / "long.txt"
    text.write_text("\n".join(f"line {k}" for k in range(5000)))
    lines = read(text, seed=1, most_rows=1000)
    assert (lines.n_rows, lines.table["text"].nunique()) == (5000, 1000)


def test_long_texts_are_sampled_by_their_length(monkeypatch):
    monkeypatch.setattr(intake, "MOST_CHARACTERS", 30_000)
    texts = ["word " * 50] * 1000  # 250 characters each
    given = intake.as_given("real", texts, 0)
    assert (given.n_rows, len(given.table)) == (1000, 120)


def test_a_long_line_is_cut_at_its_sentences(tmp_path):
    path = tmp_path / "one.txt"
    path.write_text("One two three four. " * 20_000 + "x" * 1_000_000, encoding="utf-8")
    rows = read(path, most_rows=100_000).table["text"]
    assert len(rows) > 1000 and rows.str.len().max() <= 1000
    assert rows.iloc[:100].str.endswith(".").all()


def test_arrays_and_pictures(tmp_path):
    rng = np.random.default_rng(2)
    np.save(tmp_path / "rows.npy", rng.normal(size=(60, 8, 8)))
    assert read(tmp_path / "rows.npy", most_rows=50).table.shape == (50, 64)
    folder = tmp_path / "pictures"
    folder.mkdir()
    for k in range(25):
        picture = rng.integers(0, 256, (20 + k, 30, 3), dtype=np.uint8)
        Image.fromarray(picture).save(folder / f"{k}.png")
    given = read(folder, most_rows=1000)
    assert given.table.shape == (25, 256) and given.notes[0].startswith("pictures in grey")
    report = checkup(folder, folder, n_deals=20)
    assert not report.lost and report.findings


FAULTS = {
    "empty.csv": (b"", "empty.csv is empty; give a file with something in it."),
    "head.csv": (b"a,b\n", "at least 20 rows on each side; head.csv has 0 rows."),
    "latin.csv": ("naïve,b\n1,2\n".encode("latin-1") * 30, "is not UTF-8 text; say which it is"),
    "noise.csv": (bytes(range(256)) * 10, "noise.csv cannot be read as a table: "),
    "bad.jsonl": (b'{"a": 1}\n{no\n' * 30, "bad.jsonl cannot be read as a table: "),
    "bad.parquet": (b"PAR1 and no more", "bad.parquet cannot be read as a table: "),
    "bad.npy": (b"numbers", "bad.npy must be an array of numbers as numpy.save writes it"),
    "blank.txt": (b" \n\n", "blank.txt holds no text; give a file with something in it."),
    "latin.txt": ("naïve\n".encode("latin-1"), "latin.txt is not UTF-8 text; say which it is"),
    "notes.docx": (b"x", "notes.docx must be one of .csv"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_that_cannot_be_read_is_one_sentence(name, tmp_path, capsys):
    data, sentence = FAULTS[name]
    (tmp_path / name).write_bytes(data)
    assert main(["checkup", str(tmp_path / name), str(tmp_path / name)]) == 2
    out, err = capsys.readouterr()
    assert sentence in err and err.count("\n") == 1 and not out


def test_a_file_that_is_not_there(tmp_path, capsys):
    assert main(["checkup", str(tmp_path / "no.csv")]) == 2
    assert "There is no file" in capsys.readouterr().err


def test_the_command_tells_by_exit_code_file_and_page(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(3)
    mixed(1500, rng).to_csv("real.csv", index=False)
    mixed(1500, rng).to_csv("same.csv", index=False)
    mixed(1500, rng, spread=0.6).to_csv("cut.csv", index=False)
    assert main(["checkup", "real.csv", "same.csv"]) == 0
    assert capsys.readouterr().out.startswith("Verdict: kept. ")
    typed = ["checkup", "real.csv", "cut.csv", "--json", "r.json", "--html", "r.html", "--quiet"]
    assert main([*typed, "--groups", "group"]) == 1
    assert capsys.readouterr().out == ""
    told = json.loads((tmp_path / "r.json").read_text("utf-8"))
    jsonschema.validate(told, SCHEMA)
    assert told["command"] == f"collapse {' '.join(typed)} --groups group"
    assert told["command"] in (tmp_path / "r.html").read_text("utf-8")
    assert main([*typed, "--fail-below", "0.1"]) == 0
    assert main(["checkup", "real.csv", "same.csv", "--fail-below", "0.999"]) == 2


def test_one_file_of_generations(tmp_path, capsys):
    rng = np.random.default_rng(4)
    rows = mixed(900, rng).assign(round=np.repeat([0, 1, 2], 300))
    with gzip.open(tmp_path / "all.csv.gz", "wt") as file:
        rows.to_csv(file, index=False)
    assert main(["checkup", str(tmp_path / "all.csv.gz"), "--generation", "round"]) == 0
    assert "each generation behaves as if drawn with" in capsys.readouterr().out


def test_help_names_the_exit_codes(capsys):
    with pytest.raises(SystemExit) as error:
        main(["checkup", "--help"])
    assert error.value.code == 0
    assert "2  it could not be told" in capsys.readouterr().out
