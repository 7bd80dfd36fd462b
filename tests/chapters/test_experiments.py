"""Stored results: each is whole, small, and a part of it made again agrees."""

import json

import numpy as np
import pytest

from collapse_lib.chapters import Experiment, all_experiments, load
from collapse_lib.chapters.__main__ import main
from collapse_lib.chapters.agree import matching
from collapse_lib.chapters.experiment import named
from collapse_lib.chapters.store import FOLDER, store

EXPERIMENTS = all_experiments()
MOST_BYTES = 400_000


def squares(*, seed, n):
    return {"squares": np.arange(seed, seed + n, dtype=float) ** 2}


def same_squares(stored, part):
    assert matching(stored, part).equals(part), "the squares have changed"


TOY = Experiment("toy", squares, {"seed": 3, "n": 5}, {"n": 2}, same_squares, {"number": "squares"})


@pytest.mark.parametrize("name", sorted(EXPERIMENTS))
def test_a_part_made_again_agrees(name):
    experiment = EXPERIMENTS[name]
    stored = load(name)
    try:
        part = experiment.make_part()
    except ModuleNotFoundError as error:
        if "requirements-pretrained.txt" not in str(error):
            raise
        pytest.skip(str(error))
    experiment.agrees(stored, part)


@pytest.mark.parametrize("name", sorted(EXPERIMENTS))
def test_what_is_stored_was_made_with_the_settings_of_today(name):
    settings = json.loads(json.dumps(dict(EXPERIMENTS[name].settings)))
    assert load(name).attrs["settings"] == settings


def test_every_stored_file_belongs_to_an_experiment_and_is_small():
    stored = [path for path in FOLDER.glob("*/stored/*") if path.suffix in (".npz", ".json")]
    assert {path.stem for path in stored} == set(EXPERIMENTS)
    assert max(path.stat().st_size for path in stored) < MOST_BYTES


@pytest.mark.parametrize("name", sorted(EXPERIMENTS))
def test_every_stored_array_has_named_axes(name):
    experiment, stored = EXPERIMENTS[name], load(name)
    dims = {key: experiment.dims_of(key) for key in stored.data_vars}
    coords = experiment.coords_of(experiment.settings, dims)
    assert {dim: stored[dim].values.tolist() for dim in stored.indexes} == coords
    with np.load(experiment.folder / f"{name}.npz") as arrays:
        assert set(arrays) == set(stored.data_vars)
        for key, array in arrays.items():
            assert list(stored[key].dims) == dims[key]
            assert np.array_equal(stored[key], array, equal_nan=array.dtype.kind == "f")
            assert stored[key].dtype == (float if array.dtype.kind == "f" else array.dtype)


def test_a_value_is_found_by_its_name():
    stored = load("mad-digits")
    named = stored.precision.sel(loop="augmented", bias=0.5, generation=9, k=5)
    assert named.median("seed") == np.median(stored["precision"].values[1, 2, :, 9, 0])
    frame = stored[["precision", "recall"]].to_dataframe().reset_index()
    assert list(frame) == ["loop", "bias", "seed", "generation", "k", "precision", "recall"]
    assert len(frame) == stored["precision"].size


def test_an_array_that_is_not_there_is_told():
    with pytest.raises(AttributeError, match="'speed'"):
        load("relabel").speed  # noqa: B018


def test_dims_must_name_every_array(tmp_path):
    toy = Experiment("toy", squares, {"seed": 3, "n": 5}, {}, same_squares)
    with pytest.raises(KeyError, match="dims do not name the dimensions of 'squares'"):
        store(toy, tmp_path)


def test_store_and_load(tmp_path):
    made = store(TOY, tmp_path)
    again = load("toy", tmp_path)
    assert np.array_equal(made["squares"], [9, 16, 25, 36, 49])
    assert np.array_equal(again["squares"], made["squares"])
    assert again.attrs["settings"] == {"seed": 3, "n": 5}
    assert again.attrs["command"] == "python -m collapse_lib.chapters store toy"
    TOY.agrees(again, TOY.make_part())


def test_a_part_that_differs_is_told(tmp_path):
    made = store(TOY, tmp_path)
    with pytest.raises(AssertionError, match="the squares have changed"):
        TOY.agrees(made, named(squares(seed=4, n=2), {"squares": ["number"]}, {}))


def test_load_names_the_command_for_what_is_missing(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        load("toy", tmp_path)
    assert str(caught.value) == (
        "No result is stored as 'toy'; there are []. "
        "Make it with `python -m collapse_lib.chapters store toy`."
    )


def test_load_refuses_files_of_two_runs(tmp_path):
    store(TOY, tmp_path)
    np.savez_compressed(tmp_path / "toy.npz", squares=np.zeros(3))
    with pytest.raises(ValueError) as caught:
        load("toy", tmp_path)
    assert str(caught.value) == (
        "The two files of 'toy' are not of the same run; make both again with "
        "`python -m collapse_lib.chapters store toy`."
    )


def test_a_part_may_only_change_settings():
    with pytest.raises(ValueError) as caught:
        Experiment("toy", squares, {"seed": 3}, {"m": 2}, same_squares)
    assert str(caught.value) == (
        "Experiment toy: part sets 'm', which is none of its settings ['seed']."
    )


def test_the_command_lists_and_refuses(capsys):
    assert main(["store"]) == 0
    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == set(EXPERIMENTS)
    with pytest.raises(SystemExit):
        main(["store", "nothing-of-this-name"])
    assert "no experiment is called 'nothing-of-this-name'" in capsys.readouterr().err
