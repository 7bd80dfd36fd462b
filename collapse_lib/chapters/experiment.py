"""Experiment: how a stored result is made, and how a part of it is checked."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np

from collapse_lib.discovery import modules_of

__all__ = ["Experiment", "all_experiments", "named"]


@dataclass(frozen=True)
class Experiment:
    """One long run whose result is stored.

    name: lower-case words joined by dashes; the name of the stored file.
    make: make(**settings) -> name -> array; the same settings give the same arrays on one machine.
    settings: of the stored run, the seed among them; plain numbers, texts and lists of them.
    part: settings put in place of those for the part that a test makes again, in seconds.
    agrees: agrees(stored, part), two xarray.Datasets, raises AssertionError, with a sentence, where
        they part ways. Results of torch differ between processors in their last digits, and
        training magnifies them: such experiments compare within the spread over seeds.
    dims: names of dimensions, joined by spaces -> the arrays that have them, joined by spaces or,
        where their names hold spaces, in a list.
    coords: dimension -> its values, the name of the setting that lists them, or a function of the
        settings. A dimension `generation` is 1 ... n_generations where nothing else is said.
    """

    name: str
    make: Callable[..., dict[str, np.ndarray]]
    settings: Mapping[str, Any]
    part: Mapping[str, Any]
    agrees: Callable[[Any, Any], None]
    dims: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    coords: Mapping[str, str | Sequence | Callable] = field(default_factory=dict)

    def __post_init__(self):
        unknown = sorted(set(self.part) - set(self.settings))
        if unknown:
            raise ValueError(
                f"Experiment {self.name}: part sets {unknown[0]!r}, which is none of its settings "
                f"{sorted(self.settings)}."
            )
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))
        object.__setattr__(self, "part", MappingProxyType(dict(self.part)))

    @property
    def folder(self) -> Path:
        """Where the result is stored: "stored" beside the module of `make`."""
        make = getattr(self.make, "func", self.make)  # of a partial
        return Path(inspect.getfile(make)).parent / "stored"

    def dims_of(self, name: str) -> list[str]:
        """The names of the dimensions of an array.

        Raises KeyError when `dims` does not tell them.
        """
        for dims, names in self.dims.items():
            if name in (names.split() if isinstance(names, str) else names):
                return dims.split()
        raise KeyError(f"Experiment {self.name}: dims do not name the dimensions of {name!r}.")

    def coords_of(self, settings: Mapping[str, Any], dims: Mapping[str, list]) -> dict[str, list]:
        """dimension -> its values under some settings, for those of `dims` that have some."""
        known = {"generation": lambda s: range(1, s["n_generations"] + 1), **self.coords}
        found = {}
        for dim in sorted({dim for each in dims.values() for dim in each} & set(known)):
            values = known[dim]
            if isinstance(values, str):
                values = settings[values]
            found[dim] = list(values(settings) if callable(values) else values)
        return found

    def make_part(self):
        """The part, made now: an xarray.Dataset like the stored one."""
        settings = {**self.settings, **self.part}
        arrays = self.make(**settings)
        dims = {name: self.dims_of(name) for name in arrays}
        return named(arrays, dims, self.coords_of(settings, dims))


def named(arrays: Mapping[str, np.ndarray], dims: Mapping[str, list], coords: Mapping[str, list]):
    """An xarray.Dataset of arrays with these names of dimensions, and the values along some."""
    import xarray

    return xarray.Dataset({name: (dims[name], each) for name, each in arrays.items()}, coords)


def all_experiments() -> dict[str, Experiment]:
    """name -> Experiment, from the tuples EXPERIMENTS of the chapters' modules.

    Raises ValueError when two have one name.
    """
    found: dict[str, Experiment] = {}
    for module in modules_of("collapse_lib.chapters", below=True):
        for each in getattr(module, "EXPERIMENTS", ()):
            if each.name in found:
                raise ValueError(f"Two experiments are called {each.name!r}; rename one of them.")
            found[each.name] = each
    return found
