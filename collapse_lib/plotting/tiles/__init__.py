"""Figures made of tiles: words (`mosaic`), numbers (`heat`) and counted objects (`waffle`)."""

from collapse_lib.plotting.tiles.heat import heat
from collapse_lib.plotting.tiles.mosaic import mosaic

__all__ = ["heat", "mosaic"]
