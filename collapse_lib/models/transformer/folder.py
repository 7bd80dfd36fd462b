"""A Transformer in a folder: weights.safetensors and model.json. Nothing is pickled."""

import json
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np

from collapse_lib.arguments import check_path
from collapse_lib.models.decoding import Beam, Sample

__all__ = ["read_folder", "write_folder"]

WEIGHTS, ABOUT = "weights.safetensors", "model.json"
DECODINGS = {"Sample": Sample, "Beam": Beam}


def write_folder(model, folder) -> None:
    """Write what a fitted Transformer is and has learned. The device is left to the reader."""
    from safetensors.numpy import save_file

    arrays = {f"network.{name}": array for name, array in model.get_state().items()}
    arrays["losses"] = model.losses_
    if model.prompts_ is not None:
        arrays["prompts"] = model.prompts_
    own = {"device", "decoding"}
    about = {
        "fields": {f.name: getattr(model, f.name) for f in fields(model) if f.name not in own},
        "decoding": {type(model.decoding).__name__: asdict(model.decoding)},
        "n_tokens_": model.n_tokens_,
        "length_": model.length_,
    }
    folder = check_path("Transformer.save", folder, is_folder=True)
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    save_file(arrays, folder / WEIGHTS)
    (folder / ABOUT).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def read_folder(folder) -> tuple[dict, dict, dict[str, np.ndarray]]:
    """The fields of the Transformer, its sizes n_tokens_ and length_, and its arrays by name.

    Raises FileNotFoundError for a missing file and ValueError for one that is damaged.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    folder = check_path("Transformer.load", folder, is_folder=True, must_exist=True)
    for name in (ABOUT, WEIGHTS):
        check_path("Transformer.load", folder / name, must_exist=True)
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        ((kind, settings),) = about["decoding"].items()
        settings = {**about["fields"], "decoding": DECODINGS[kind](**settings)}
        sizes = {name: int(about[name]) for name in ("n_tokens_", "length_")}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _damaged(folder / ABOUT) from error
    try:
        return settings, sizes, load_file(folder / WEIGHTS)
    except (SafetensorError, OSError, ValueError) as error:
        raise _damaged(folder / WEIGHTS) from error


def _damaged(path: Path) -> ValueError:
    why = "is cut short, damaged or not of a Transformer; save the model again"
    return ValueError(f"{path} {why}.")
