"""collapse_lib: the loop of models trained on the output of models.

source -> mix -> fit -> sample -> measure -> record
"""

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
