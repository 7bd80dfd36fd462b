"""The frames figure: what Python has run, scrubbed by generation and condition."""

from collapse_lib.explorers.frames.figure import FramesExplorer
from collapse_lib.explorers.frames.panels import Bars, Density, Images, Points, Text
from collapse_lib.explorers.frames.record import Curve, Frames

__all__ = ["Bars", "Curve", "Density", "Frames", "FramesExplorer", "Images", "Points", "Text"]
