"""The planner: what a remedy is worth, run by the page itself."""

from collapse_lib.explorers.planner.figure import Planner

__all__ = ["Planner"]
