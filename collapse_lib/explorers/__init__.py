"""Interactive figures: live in JupyterLab, live on a static page, still in print.

    live       LiveExplorer, the loop of an urn or a Gaussian, run by the page itself
    host       what lets one ES module run in both places, and how to add a figure
    bundle     several ES modules joined into one text
    run_panel  the loop on rows in a kernel, streamed into a figure
    settings, measures, still   the state of a live figure, what it measures, how it looks in print

This package imports anywidget and ipywidgets; `import collapse_lib` does not.
"""

from collapse_lib.explorers.live import LiveExplorer

__all__ = ["LiveExplorer"]
