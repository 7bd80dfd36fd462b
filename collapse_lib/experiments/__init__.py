"""Long runs, stored as small data: what a chapter reads where running would take too long.

One module a topic, each with a tuple EXPERIMENTS. `python -m collapse_lib.experiments NAME` makes
one anew and stores it; `load(NAME)` reads it. A test makes a part of each again and compares.
"""

from collapse_lib.experiments.experiment import Experiment, all_experiments
from collapse_lib.experiments.store import Stored, load

__all__ = ["Experiment", "Stored", "all_experiments", "load"]
