"""The loop: source -> mix -> fit -> sample -> measure -> record.

run         generations, run_loop: the sentence itself
steps       mix, fit, sample, measure, each with the checks that turn a fault into one sentence
history     what has been published so far; real_rows: the one door for real rows
streams     one random stream a step; sizes: numbers of rows, fixed or growing
generation  the records of a run; checkpoint, described: from which a killed run goes on
sweep       many runs as one table; bands: their median and quantiles; compare: two, in pairs
"""

from collapse_lib.loop.bands import Band, band
from collapse_lib.loop.compare import Comparison, compare
from collapse_lib.loop.generation import Generation, Trajectory
from collapse_lib.loop.run import generations, run_loop
from collapse_lib.loop.sizes import Growing
from collapse_lib.loop.sweep import SweepError, sweep

__all__ = [
    "Band",
    "Comparison",
    "Generation",
    "Growing",
    "SweepError",
    "Trajectory",
    "band",
    "compare",
    "generations",
    "run_loop",
    "sweep",
]
