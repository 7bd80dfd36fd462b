"""Your data: what synthetic rows have lost, and whether chance or bias took it.

    checkup(real, *synthetic, groups=None, text=None, seed=0) -> Report

The same from a shell: `collapse checkup REAL SYNTHETIC`. What files and pages need beyond the
library is its extra `collapse-lib[checkup]`. `schema.json` describes `Report.to_dict()`.
"""

from collapse_lib.checkup.checkup import checkup
from collapse_lib.checkup.report import Report

__all__ = ["Report", "checkup"]
