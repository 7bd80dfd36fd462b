"""Stored results: arrays in an .npz, and beside it in JSON what made them."""

import json
import os
import platform
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from collapse_lib.chapters.experiment import Experiment

__all__ = ["FOLDER", "Stored", "load", "store"]

FOLDER = Path(__file__).parent
PACKAGES = ("numpy", "scipy", "scikit-learn", "torch")


@dataclass(frozen=True)
class Stored:
    """A stored result.

    arrays: name -> array. about: settings, command, seconds, machine, python, versions, and dims
    and coords, the names of the arrays' dimensions and their values. `stored[name]` is an array as
    it was stored, `stored.name` the same with its dimensions named.
    """

    arrays: dict[str, np.ndarray]
    about: dict[str, Any]

    def __getitem__(self, name: str) -> np.ndarray:
        return self.arrays[name]

    def __getattr__(self, name: str):
        if name.startswith("_") or name not in self.arrays:
            raise AttributeError(f"No array is called {name!r}; there are {sorted(self.arrays)}.")
        return self.named(name)

    def named(self, name: str):
        """The array as an xarray.DataArray: `.sel(loop="synthetic").median("seed")`."""
        import xarray

        dims = self.about["dims"][name]
        known = {**self.arrays, **self.about["coords"]}  # an array called as its dimension is one
        coords = {dim: known[dim] for dim in dims if dim in known}
        return xarray.DataArray(self.arrays[name], coords, dims, name)

    def to_frame(self, *names: str):
        """The named arrays, of one shape, as a pandas DataFrame: a row an element."""
        import xarray

        return xarray.merge([self.named(name) for name in names]).to_dataframe().reset_index()

    def __repr__(self):
        about = self.about
        return (
            f"{about['command']} took {about['seconds']:.0f} s on {about['machine']}; "
            f"settings {about['settings']}"
        )


def load(name: str, folder: Path = FOLDER) -> Stored:
    """Read a stored result.

    Raises FileNotFoundError, with the command that makes it, when there is none, and ValueError
    when its two files are not of the same run.
    """
    arrays_path, about_path = _paths(name, folder)
    if not (arrays_path.exists() and about_path.exists()):
        stored = sorted(path.stem for path in folder.rglob("*.npz"))
        raise FileNotFoundError(
            f"No result is stored as {name!r}; there are {stored}. Make it with `{_command(name)}`."
        )
    about = json.loads(about_path.read_text(encoding="utf-8"))
    with np.load(arrays_path, allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    shapes = {key: list(array.shape) for key, array in arrays.items()}
    if shapes != about["shapes"]:
        raise ValueError(
            f"The two files of {name!r} are not of the same run; make both again with "
            f"`{_command(name)}`."
        )
    return Stored(arrays, about)


def store(experiment: Experiment, folder: Path | None = None) -> Stored:
    """Make the arrays of an experiment, write them and what made them, and return both.

    folder: without one, the folder "stored" beside the module that makes them.
    """
    folder = folder or experiment.folder
    began = time.perf_counter()
    arrays = experiment.make(**experiment.settings)
    seconds = time.perf_counter() - began
    coords = experiment.coords(experiment.settings)
    about = {
        "command": _command(experiment.name),
        "settings": dict(experiment.settings),
        "seconds": round(seconds, 1),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {package: version(package) for package in PACKAGES},
        "shapes": {key: list(np.shape(array)) for key, array in arrays.items()},
        "dims": {key: experiment.dims_of(key) for key in arrays},
        "coords": {dim: list(values) for dim, values in coords.items()},
    }
    arrays_path, about_path = _paths(experiment.name, folder)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(arrays_path, **arrays)
    about_path.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
    return load(experiment.name, folder)


def _paths(name: str, folder: Path) -> tuple[Path, Path]:
    found = next(folder.glob(f"*/stored/{name}.json"), folder / f"{name}.json")
    return found.with_suffix(".npz"), found


def _command(name: str) -> str:
    return f"python -m collapse_lib.chapters store {name}"
