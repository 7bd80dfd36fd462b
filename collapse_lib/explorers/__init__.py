"""Interactive figures: live in JupyterLab, live on a static page, still in print.

    live       LiveExplorer, the loop of an urn or a Gaussian, run by the page itself
    frames     FramesExplorer, what Python has run, scrubbed by generation and condition
    planner    Planner, what a remedy is worth, run by the page itself
    ring       Ring, the loop with every object of a run travelling round it
    engine     the loop's arithmetic in JavaScript
    view       what the figures' modules share: drawing, controls, links, limits and defaults
    host       what lets one ES module run in JupyterLab and on a page; how to add a figure

A figure's folder holds its Python beside its modules and its stylesheet.

This package imports anywidget and ipywidgets; `import collapse_lib` does not.
"""

from collapse_lib.explorers.frames import FramesExplorer
from collapse_lib.explorers.frames.panels import Bars, Density, Images, Points, Text
from collapse_lib.explorers.frames.record import Curve, Frames
from collapse_lib.explorers.live import LiveExplorer
from collapse_lib.explorers.planner import Planner
from collapse_lib.explorers.ring import Ring

__all__ = [
    "FIGURES",
    "Bars",
    "Curve",
    "Density",
    "Frames",
    "FramesExplorer",
    "Images",
    "LiveExplorer",
    "Planner",
    "Points",
    "Ring",
    "Text",
]

FIGURES = (LiveExplorer, FramesExplorer, Planner, Ring)  # what the pages of the book can show
