"""Checkpoint: a folder of .npz and JSON from which a killed run goes on. No pickle.

    run.json                what the run was made with
    generation-000001.npz   sample, origin and, for warm starts, the model's state
    generation-000001.json  metrics, and the digest of the .npz beside it

Each file is written under another name and then moved into place, the JSON last: a generation is
saved when its JSON is there. Nothing that was saved is ever deleted.
"""

import dataclasses
import hashlib
import json
import os
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from collapse_lib.data import Dataset

__all__ = ["Checkpoint", "Saved"]

FORMAT = 1


@dataclasses.dataclass(frozen=True, eq=False)
class Saved:
    """One generation as a checkpoint holds it."""

    sample: np.ndarray
    origin: np.ndarray
    metrics: Mapping[str, float]
    state: Mapping[str, np.ndarray]


class Checkpoint:
    """The folder of one run. Raises ValueError with one sentence when the folder belongs to a run
    with other settings or when a file in it is damaged. Nothing is written before the first
    generation is saved."""

    def __init__(self, folder, settings: dict):
        if not os.fspath(folder):
            raise ValueError("checkpoint must be the path of a folder; got an empty one.")
        self.folder = Path(folder)
        if self.folder.exists() and not self.folder.is_dir():
            raise ValueError(f"checkpoint must be a folder; {self.folder} is a file.")
        self._about_run = {"run.json": json.loads(json.dumps({"format": FORMAT, **settings}))}
        self._check_settings()
        paths = self.folder.iterdir() if self.folder.exists() else ()
        names = (re.fullmatch(r"generation-(\d+)\.json", path.name) for path in paths)
        indices = {int(name[1]) for name in names if name}
        self.newest = next(t for t in range(len(indices) + 1) if t + 1 not in indices)

    def _check_settings(self) -> None:
        path = self.folder / "run.json"
        if not path.exists():
            return
        found = self._read_json(path)
        for name, now in self._about_run["run.json"].items():
            if found.get(name) != now:
                raise ValueError(
                    f"The checkpoint in {self.folder} was made with {name} = {found.get(name)!r}; "
                    f"this run has {now!r}. Use another folder, or the same settings."
                )

    def check_original(self, original: Dataset) -> None:
        """Make sure that the source still gives the real rows that the run began with."""
        path = self.folder / "original.json"
        digest = {"original_rows": _digest(np.ascontiguousarray(original.rows).tobytes())}
        self._about_run["original.json"] = digest
        if path.exists() and self._read_json(path) != digest:
            raise ValueError(
                f"The source gives other real rows than those the checkpoint in {self.folder} "
                "began with. Use another folder, or the source as it was."
            )

    def load(self, t: int, n_samples: int, n_fresh: int) -> Saved | None:
        """What was saved of generation t, or None where the run has yet to get there. It must be
        of the sizes that this run has at t."""
        if t > self.newest:
            return None
        path = self._path(t, "npz")
        about = self._read_json(self._path(t, "json"))
        try:
            metrics = about["metrics"]
            if _digest(path.read_bytes() + _as_json(metrics)) != about["digest"]:
                raise ValueError("its digest differs")
            with np.load(path, allow_pickle=False) as arrays:
                found = dict(arrays)
            sample, origin = found.pop("sample"), found.pop("origin")
            state = {name.removeprefix("state."): array for name, array in found.items()}
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise self._damaged(path) from error
        if (len(sample), len(origin)) != (n_samples, n_samples + n_fresh):
            raise ValueError(
                f"Generation {t} in {self.folder} has {len(sample)} samples and "
                f"{len(origin) - len(sample)} new real rows; this run has {n_samples} and "
                f"{n_fresh}. Use another folder, or the same n_samples and n_fresh."
            )
        return Saved(sample, origin, metrics, state)

    def save(self, t: int, saved: Saved) -> None:
        """Write generation t; a kill at any moment leaves it either whole or not saved."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._about_run.items():
            if not (self.folder / name).exists():
                _write(self.folder / name, json.dumps(content, indent=1).encode())
        path = self._path(t, "npz")
        arrays = {f"state.{name}": array for name, array in saved.state.items()}
        arrays |= {"sample": saved.sample, "origin": saved.origin}
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez(file, **arrays)
        metrics = dict(saved.metrics)
        digest = _digest(part.read_bytes() + _as_json(metrics))
        os.replace(part, path)
        _write(self._path(t, "json"), _as_json({"digest": digest, "metrics": metrics}))

    def _path(self, t: int, suffix: str) -> Path:
        return self.folder / f"generation-{t:06d}.{suffix}"

    def _read_json(self, path: Path) -> dict:
        try:
            found = json.loads(path.read_text())
            if not isinstance(found, dict):
                raise ValueError("it holds no mapping")
        except (OSError, ValueError) as error:
            raise self._damaged(path) from error
        return found

    def _damaged(self, path: Path) -> ValueError:
        return ValueError(
            f"The checkpoint file {path} is damaged or missing. Everything else is untouched: "
            "restore it, or move that generation and all later ones away to go on from before it."
        )


def _as_json(content: dict) -> bytes:
    return json.dumps(content, sort_keys=True).encode()


def _write(path: Path, content: bytes) -> None:
    part = path.with_name(path.name + ".part")
    part.write_bytes(content)
    os.replace(part, path)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
