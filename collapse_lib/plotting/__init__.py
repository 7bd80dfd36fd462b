"""Arrays to figures that show in JupyterLab, on the static page and in print.

Nothing statistical is computed here: medians, bands and counts come from the caller. Colours come
from palette.json, by what they mean: palette.REAL, palette.SYNTHETIC, palette.THEORY, palette.BAND,
palette.CATEGORICAL.
"""

from collapse_lib.plotting import palette
from collapse_lib.plotting.areas import areas
from collapse_lib.plotting.bars import Bars, bars
from collapse_lib.plotting.curves import curves
from collapse_lib.plotting.descent import descent
from collapse_lib.plotting.figure import BookFigure
from collapse_lib.plotting.images import Strip, image_strip
from collapse_lib.plotting.lineage import lineage_drawing
from collapse_lib.plotting.marks import Axis, Histogram, Series, Theory
from collapse_lib.plotting.multiples import Panel, small_multiples
from collapse_lib.plotting.scatter import Cloud, scatter_panels
from collapse_lib.plotting.spans import spans
from collapse_lib.plotting.table import BookTable, table
from collapse_lib.plotting.tiles import heat, mosaic, waffle

__all__ = [
    "Axis",
    "Bars",
    "BookFigure",
    "BookTable",
    "Cloud",
    "Histogram",
    "Panel",
    "Series",
    "Strip",
    "Theory",
    "areas",
    "bars",
    "curves",
    "descent",
    "heat",
    "image_strip",
    "lineage_drawing",
    "mosaic",
    "palette",
    "scatter_panels",
    "small_multiples",
    "spans",
    "table",
    "waffle",
]
