"""Figures made of tiles: words (`mosaic`), numbers (`heat`) and counted objects (`waffle`)."""

from collapse_lib.plotting.tiles.heat import heat
from collapse_lib.plotting.tiles.mosaic import mosaic
from collapse_lib.plotting.tiles.waffle import waffle

__all__ = ["heat", "mosaic", "waffle"]
