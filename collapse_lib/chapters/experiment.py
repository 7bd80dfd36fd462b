"""Experiment: how a stored result is made, and how a part of it is checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from collapse_lib.discovery import modules_of

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
