"""The live figure: the loop of an urn or of a Gaussian, run by the page itself."""

from collapse_lib.explorers.live.figure import LiveExplorer

__all__ = ["LiveExplorer"]
