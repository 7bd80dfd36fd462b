"""What stands behind the notebooks: a folder a chapter, and the kit that all of them share."""

from collapse_lib.chapters.claims import Claim, Kind, claim, claims_of
from collapse_lib.chapters.exercises import Exercise, check_answer, exercise
from collapse_lib.chapters.experiment import Experiment, all_experiments
from collapse_lib.chapters.quoted import Quoted, quoted_of
from collapse_lib.chapters.store import load

__all__ = [
    "Claim",
    "Exercise",
    "Experiment",
    "Kind",
    "Quoted",
    "all_experiments",
    "check_answer",
    "claim",
    "claims_of",
    "exercise",
    "load",
    "quoted_of",
]
