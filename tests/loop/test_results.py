"""Results: tidy frames of runs and chains, trajectories on disk, bands over frames."""

import inspect
import json

import numpy as np
import pytest
from sentences import shown

from collapse_lib import Trajectory, exact, generations, run_loop, sweep
from collapse_lib.data import Dataset
from collapse_lib.loop import band
from collapse_lib.loop.files import write_pair
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.policies import Accumulate, FreshReal, MixReal, Replace, Weighted
from collapse_lib.sources import GaussianSource


def run(policy=Replace(), **changes):
    settings = {"n_samples": 30, "n_generations": 8, "seed": 3, "n_reference": 5, **changes}
    metrics = {"z": lambda g: g.model.variance_, "a": lambda g: np.nan if g.index == 2 else g.index}
    return run_loop(Gaussian(), GaussianSource(), policy, metrics=metrics, **settings)


def first_half_double(train: Dataset, rng):
    return np.where(np.arange(len(train)) < len(train) // 2, 2.0, 1.0)


CASES = [
    {},
    {"policy": Accumulate(), "n_fresh": 2},
    {"policy": MixReal(0.3), "n_fresh": 3},
    {"policy": FreshReal(0.5), "keep": "last"},
    {"policy": Accumulate(), "keep": "last"},
    {"policy": Weighted(Replace(), first_half_double)},
]


@pytest.mark.parametrize("case", CASES, ids=shown)
def test_a_trajectory_comes_back_from_disk_without_its_models(tmp_path, case):
    saved = run(**case)
    saved.save(tmp_path / "run")
    loaded = Trajectory.load(tmp_path / "run")
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "trajectory.json", "trajectory.npz",
    }  # fmt: skip
    assert len(loaded) == len(saved)
    for a, b in zip(saved, loaded, strict=True):
        assert a.index == b.index and b.model is None
        assert list(a.metrics) == list(b.metrics)
        assert np.array_equal(list(a.metrics.values()), list(b.metrics.values()), equal_nan=True)
        assert np.array_equal(a.reference, b.reference)
        assert (a.sample is None) == (b.sample is None) and (a.train is None) == (b.train is None)
        if a.sample is not None:
            assert np.array_equal(a.sample, b.sample) and a.sample.dtype == b.sample.dtype
            assert np.array_equal(a.train.rows, b.train.rows)
            assert np.array_equal(a.train.origin, b.train.origin)
            assert (a.train.weights is None) == (b.train.weights is None)
            assert a.train.weights is None or np.array_equal(a.train.weights, b.train.weights)
            with pytest.raises(ValueError, match="read-only"):
                b.sample[0] = 0
    assert saved.to_frame().equals(loaded.to_frame())


def test_a_part_of_a_trajectory_and_images_are_saved_too(tmp_path):
    images = run_loop(
        Gaussian(), lambda n, rng: rng.normal(size=(n, 2)).astype(np.float32), Accumulate(),
        n_samples=9, n_generations=5, seed=1, n_reference=4,
    )  # fmt: skip
    images[2:4].save(tmp_path)
    loaded = Trajectory.load(tmp_path)
    assert [g.index for g in loaded] == [3, 4]
    assert np.array_equal(loaded[1].train.rows, images[3].train.rows)
    assert np.array_equal(loaded[0].sample, images[2].sample)


def test_rows_that_share_memory_are_written_once(tmp_path):
    trajectory = run(Accumulate(), n_samples=500, n_generations=40)
    trajectory.save(tmp_path)
    one_copy = 41 * 500 * (8 + 4)
    assert (tmp_path / "trajectory.npz").stat().st_size < 1.2 * one_copy
    loaded = Trajectory.load(tmp_path)
    assert np.shares_memory(loaded[-1].train.rows, loaded[0].train.rows)


@pytest.mark.parametrize("name", ["trajectory.npz", "trajectory.json"])
@pytest.mark.parametrize("damage", ["flipped", "gone"])
def test_a_damaged_trajectory_is_told(tmp_path, name, damage):
    run().save(tmp_path)
    path = tmp_path / name
    content = path.read_bytes()
    path.unlink()
    if damage == "flipped":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ValueError) as error:
        Trajectory.load(tmp_path)
    assert str(error.value) == (
        f"The file {path} is damaged or missing. Restore it, or save the trajectory again."
    )


def test_a_metric_changed_in_a_saved_trajectory_is_noticed(tmp_path):
    run().save(tmp_path)
    path = tmp_path / "trajectory.json"
    about = json.loads(path.read_text())
    about["generations"][3]["metrics"]["z"] = 99.0
    path.write_text(json.dumps(about))
    with pytest.raises(ValueError, match="is damaged or missing"):
        Trajectory.load(tmp_path)


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"generations": [{}]},
        {"generations": [{"train": None, "sample": ["gone", 0, 1], "reference": None}]},
        {"generations": [{"train": [1], "sample": None, "reference": None}]},
        {"generations": 3},
    ],
)
def test_a_trajectory_of_another_hand_is_told(tmp_path, about):
    write_pair(tmp_path / "trajectory", {"rows-0": np.zeros(3)}, about)
    with pytest.raises(ValueError, match="is damaged or missing"):
        Trajectory.load(tmp_path)


def test_no_folder_and_a_file_in_its_place_are_told(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        Trajectory.load(tmp_path / "none")
    assert str(error.value) == f"Trajectory.load: folder: there is no folder {tmp_path / 'none'}."
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ValueError) as error:
        run().save(tmp_path / "notes.txt")
    assert str(error.value) == (
        f"Trajectory.save: folder must be the path of a folder; {tmp_path / 'notes.txt'} is none."
    )
    run().save(tmp_path)
    run(n_generations=2).save(tmp_path)
    assert len(Trajectory.load(tmp_path)) == 2


SIZES = {"n_samples": 20, "n_generations": 4, "n_replicates": 3, "seed": 1}


def test_exact_chains_give_tidy_frames():
    bells = exact.gaussian_chain(Replace(), **SIZES)
    frame = bells.to_frame()
    assert frame.columns.tolist() == ["replicate", "generation", "mean", "variance"]
    assert frame["replicate"].tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert frame["generation"].tolist() == [1, 2, 3, 4] * 3
    picked = frame.query("replicate == 1 and generation == 3").iloc[0]
    assert picked["mean"] == bells.mean[1, 2] and picked["variance"] == bells.variance[1, 2]

    urns = exact.categorical_chain(Replace(), [0.7, 0.2, 0.1], **SIZES)
    frame = urns.to_frame()
    assert frame.columns.tolist() == ["replicate", "generation", "category", "probability"]
    assert len(frame) == 3 * 4 * 3
    for k in range(3):
        one = frame.query("category == @k").pivot(
            index="replicate", columns="generation", values="probability"
        )
        assert np.array_equal(one.to_numpy(), urns.probabilities[:, :, k])
        assert one.columns.tolist() == [1, 2, 3, 4]


def test_a_band_over_a_frame_is_that_over_its_array():
    paths = exact.gaussian_chain(Replace(), **{**SIZES, "n_replicates": 41})
    over_frame, over_array = band(paths.to_frame(), "variance"), band(paths.variance)
    assert all(np.array_equal(a, b) for a, b in zip(over_frame, over_array, strict=True))
    wider = band(paths.to_frame(), "variance", level=0.9)
    assert (wider.upper >= over_frame.upper).all() and (wider.lower <= over_frame.lower).all()
    alone = run()
    assert np.array_equal(band(alone.to_frame(), "z").median, alone.column("z"))


def test_bands_by_a_column_are_those_of_its_parts():
    frame = sweep(
        {"policy": {"new": Replace(), "all": Accumulate()}, "n_samples": [5, 9]},
        n_replicates=4, seed=1, model=Gaussian(), source=GaussianSource(), n_generations=3,
        metrics={"variance": lambda g: g.model.variance_},
    )  # fmt: skip
    few = frame.query("n_samples == 5")
    bands = band(few, "variance", by="policy")
    assert list(bands) == ["new", "all"]
    for name, found in bands.items():
        part = few.loc[few["policy"] == name, "variance"].to_numpy().reshape(4, 3)
        assert np.array_equal(found.median, np.median(part, axis=0))
    assert list(band(frame, "variance", by=["policy", "n_samples"])) == [
        ("new", 5), ("new", 9), ("all", 5), ("all", 9),
    ]  # fmt: skip


def test_a_band_over_a_column_that_is_not_there_is_told():
    frame = exact.gaussian_chain(Replace(), **SIZES).to_frame()
    with pytest.raises(ValueError) as error:
        band(frame, "variances")
    assert str(error.value) == (
        "band: runs must have a column 'variances'; it has 'replicate', 'generation', 'mean', "
        "'variance'."
    )
    with pytest.raises(TypeError) as error:
        band(np.ones((2, 3)), "variance")
    assert str(error.value).startswith("band: runs must be a pandas.DataFrame; got an array")


def test_the_arguments_of_a_run_are_shown_and_missed_by_name():
    shown = list(inspect.signature(generations).parameters)
    assert shown == [
        "model", "source", "policy", "n_samples", "seed", "n_fresh", "metrics", "n_reference",
        "warm_start",
    ]  # fmt: skip
    assert list(inspect.signature(run_loop).parameters) == [
        *shown, "n_generations", "progress", "checkpoint", "ledger", "keep",
    ]  # fmt: skip
    assert "n_replicates" in inspect.signature(exact.gaussian_chain).parameters
    with pytest.raises(TypeError, match="missing a required argument: 'seed'"):
        run_loop(Gaussian(), GaussianSource(), Replace(), n_samples=3, n_generations=2)
    with pytest.raises(TypeError, match="got an unexpected keyword argument 'n_sample'"):
        generations(Gaussian(), GaussianSource(), Replace(), n_sample=3, n_samples=3, seed=1)
