"""Packages that only some sources need."""

import importlib
from types import ModuleType

__all__ = ["need"]


def need(module: str, whose: str, package: str | None = None) -> ModuleType:
    """Import a module, or say which package to install (ModuleNotFoundError)."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        missing = package or module
        raise ModuleNotFoundError(
            f"{whose} needs the package {missing}; install it with: "
            f"python -m pip install {missing}",
            name=error.name,
        ) from error
