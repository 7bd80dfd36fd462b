"""Interactive figures: live in JupyterLab, live on a static page, still in print.

    live       LiveExplorer, the loop of an urn or a Gaussian, run by the page itself
    frames     FramesExplorer, what Python has run, scrubbed by generation and condition
    planner    Planner, what a remedy is worth, run by the page itself
    host       what lets one ES module run in both places, and how to add a figure
    bundle     several ES modules joined into one text
    run_box, run_panel, frames_run   a run in a kernel, streamed into a figure
    settings, measures, still   the state of a live figure, what it measures, how it looks in print
    view       what several figures share: modules, style, and settings.json with limits, defaults
    frames_panels, frames_record, frames_packing, frames_still   the same for a frames figure
    planner_settings, planner_forecast   the same for a planner

This package imports anywidget and ipywidgets; `import collapse_lib` does not.
"""

from collapse_lib.explorers.frames import FramesExplorer
from collapse_lib.explorers.frames.panels import Bars, Density, Images, Points, Text
from collapse_lib.explorers.frames.record import Curve, Frames
from collapse_lib.explorers.live import LiveExplorer
from collapse_lib.explorers.planner import Planner

__all__ = [
    "Bars",
    "Curve",
    "Density",
    "Frames",
    "FramesExplorer",
    "Images",
    "LiveExplorer",
    "Planner",
    "Points",
    "Text",
]
