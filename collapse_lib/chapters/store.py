"""Stored results: arrays in an .npz, and beside it in JSON what made them and names their axes."""

import json
import os
import platform
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np

from collapse_lib.chapters.experiment import Experiment, named
from collapse_lib.loop.files import BROKEN, damaged, read_arrays, read_json

__all__ = ["FOLDER", "load", "store"]

MOST_BYTES = 2**30  # of arrays that are read from one file
FOLDER = Path(__file__).parent
PACKAGES = ("numpy", "scipy", "scikit-learn", "torch")


def load(name: str, folder: Path = FOLDER):
    """Read a stored result as an xarray.Dataset: arrays with named axes.

    load("mad-digits").precision.sel(loop="synthetic", bias=0.5).median("seed")

    Floats come as float64, so that means of them do not round. attrs: settings, command, seconds,
    machine, python and versions of what made it.

    Raises FileNotFoundError, with the command that makes it, when there is none, and ValueError
    when its two files are not of the same run, are damaged, or state more than 1 GiB of arrays.
    """
    arrays_path, about_path = _paths(name, folder)
    if not (arrays_path.exists() and about_path.exists()):
        stored = sorted(path.stem for path in folder.rglob("*.npz"))
        raise FileNotFoundError(
            f"No result is stored as {name!r}; there are {stored}. Make it with `{_command(name)}`."
        )
    remedy = f"Make it again with `{_command(name)}`."
    about = read_json(about_path, remedy)
    try:
        arrays = read_arrays(arrays_path.read_bytes(), most=MOST_BYTES)
    except BROKEN as error:
        raise damaged(arrays_path, remedy) from error
    if {key: list(array.shape) for key, array in arrays.items()} != about.pop("shapes"):
        raise ValueError(
            f"The two files of {name!r} are not of the same run; make both again with "
            f"`{_command(name)}`."
        )
    for key, array in arrays.items():
        arrays[key] = array.astype(float) if array.dtype.kind == "f" else array
    return named(arrays, about.pop("dims"), about.pop("coords")).assign_attrs(about)


def store(experiment: Experiment, folder: Path | None = None):
    """Make the arrays of an experiment, write them and what made them, and return what `load` does.

    folder: without one, the folder "stored" beside the module that makes them.
    """
    folder = folder or experiment.folder
    began = time.perf_counter()
    arrays = experiment.make(**experiment.settings)
    seconds = time.perf_counter() - began
    dims = {key: experiment.dims_of(key) for key in arrays}
    about = {
        "command": _command(experiment.name),
        "settings": dict(experiment.settings),
        "seconds": round(seconds, 1),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "versions": {package: version(package) for package in PACKAGES},
        "shapes": {key: list(np.shape(array)) for key, array in arrays.items()},
        "dims": dims,
        "coords": experiment.coords_of(experiment.settings, dims),
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
