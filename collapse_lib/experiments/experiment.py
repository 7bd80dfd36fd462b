"""Experiment: how a stored result is made, and how a part of it is checked."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

__all__ = ["Experiment", "all_experiments"]

Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Experiment:
    """One long run whose result is stored.

    name: lower-case words joined by dashes; the name of the stored file.
    make: make(**settings) -> name -> array; the same settings give the same arrays on one machine.
    settings: of the stored run, the seed among them; plain numbers, texts and lists of them.
    part: settings put in place of those for the part that a test makes again, in seconds.
    agrees: agrees(stored, part) raises AssertionError, with a sentence, where the two part ways.
        Results of torch differ between processors in their last digits, and training magnifies
        them: such experiments compare within the spread over seeds.
    """

    name: str
    make: Callable[..., dict[str, np.ndarray]]
    settings: Mapping[str, Any]
    part: Mapping[str, Any]
    agrees: Callable[[Arrays, Arrays], None]

    def __post_init__(self):
        unknown = sorted(set(self.part) - set(self.settings))
        if unknown:
            raise ValueError(
                f"Experiment {self.name}: part sets {unknown[0]!r}, which is none of its settings "
                f"{sorted(self.settings)}."
            )
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))
        object.__setattr__(self, "part", MappingProxyType(dict(self.part)))

    def make_part(self) -> dict[str, np.ndarray]:
        """The arrays of the part, made now."""
        return self.make(**{**self.settings, **self.part})


def all_experiments() -> dict[str, Experiment]:
    """name -> Experiment, from the tuple EXPERIMENTS of every module of this package.

    Raises ValueError when two have one name.
    """
    package = importlib.import_module("collapse_lib.experiments")
    found: dict[str, Experiment] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("_"):
            continue
        members = importlib.import_module(f"{package.__name__}.{module.name}")
        for each in getattr(members, "EXPERIMENTS", ()):
            if each.name in found:
                raise ValueError(f"Two experiments are called {each.name!r}; rename one of them.")
            found[each.name] = each
    return found
