"""What the suites share: how a fault is told, and the global random state."""

import random
import sys
from collections.abc import Callable

import numpy as np

__all__ = ["CheckFailed", "checks_in", "fail", "global_state", "stir_global_state"]


class CheckFailed(AssertionError):
    """A model or a policy broke its contract; the message names the fault."""


def fail(name: str, fault: str | None) -> None:
    """Raise CheckFailed where there is a fault: what comes after the name in its sentence."""
    if fault:
        raise CheckFailed(name + fault)


def checks_in(module: str) -> list[Callable]:
    """The functions `_check_...` of a module, in their order: the plainest fault is named first."""
    found = vars(sys.modules[module]).items()
    return [function for name, function in found if name.startswith("_check_")]


def global_state() -> dict[str, str]:
    state = {"numpy.random": repr(np.random.get_state()), "random": repr(random.getstate())}  # noqa: NPY002
    if "torch" in sys.modules:
        state["torch"] = repr(sys.modules["torch"].get_rng_state().numpy().tobytes())
    return state


def stir_global_state() -> None:
    np.random.random()  # noqa: NPY002
    random.random()
    if "torch" in sys.modules:
        sys.modules["torch"].rand(1)
