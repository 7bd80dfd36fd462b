"""collapse_lib: the loop of models trained on the output of models.

source -> mix -> fit -> sample -> measure -> record
"""

from importlib import import_module
from pathlib import Path

from collapse_lib.checks import check_model, check_policy
from collapse_lib.data import Dataset
from collapse_lib.loop import Generation, Trajectory, generations, run_loop, sweep

__version__ = "0.1.0"
__all__ = [
    "Dataset",
    "Generation",
    "Trajectory",
    "check_model",
    "check_policy",
    "generations",
    "run_loop",
    "sweep",
]


def __getattr__(name: str):
    """A room, such as collapse_lib.models, imported when it is first asked for."""
    if not name.startswith("_") and Path(__file__).with_name(name).joinpath("__init__.py").exists():
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
