"""Helpers of the tests of the view: a small figure of an urn or of a bell curve."""

from collapse_lib.explorers import LiveExplorer

SMALL = {"n_samples": 12, "n_generations": 20, "n_replicates": 16}


def explorer(name="urn", **settings):
    """A LiveExplorer of an urn, or of a Gaussian with family="gaussian"."""
    if settings.get("family") != "gaussian":
        settings = {"counts": {"yellow": 90, "blue": 10}} | settings
    texts = {"title": "A title", "caption": "A caption.", "alt": "The loop, run by the page."}
    return LiveExplorer(name, **(texts | settings))
