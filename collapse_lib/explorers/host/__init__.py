"""What lets one ES module run in JupyterLab and on a page that has no kernel."""

from collapse_lib.explorers.host.widget import StaticWidget

__all__ = ["StaticWidget"]
