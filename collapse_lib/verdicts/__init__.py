"""Has it collapsed, by which definition, and when.

Shumailov et al. (arXiv:2305.17493) call collapse early while the model loses the tails, and late
when it has little left of the original, often with much reduced variance. They give no levels. The
levels here are ours, and are arguments: early is the first generation at which the recall of the
tails is below `tail_level`, late the first at which the spread (variance, or perplexity, as a share
of the real one) is below `spread_level`.

    definitions, score   eight definitions of the literature, each scored on paths of a loop
    when                 first_below, two_stages, first_noticed: generations from paths of a measure
    measures             gaussian_measures, categorical_measures: many measures of one loop
    laws                 when the stages come, in closed form
"""

from collapse_lib.verdicts.definitions import profile
from collapse_lib.verdicts.laws import gaussian_late_time, tail_loss_time
from collapse_lib.verdicts.measures import categorical_measures, gaussian_measures
from collapse_lib.verdicts.score import profile_frame
from collapse_lib.verdicts.when import (
    NEVER,
    SPREAD_LEVEL,
    TAIL_LEVEL,
    Stages,
    first_below,
    first_noticed,
    two_stages,
)

__all__ = [
    "NEVER",
    "SPREAD_LEVEL",
    "TAIL_LEVEL",
    "Stages",
    "categorical_measures",
    "first_below",
    "first_noticed",
    "gaussian_late_time",
    "gaussian_measures",
    "profile",
    "profile_frame",
    "tail_loss_time",
    "two_stages",
]
