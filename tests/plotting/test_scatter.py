"""Clouds in the plane."""

import numpy as np
from figures import rings
from sentences import says

from collapse_lib.plotting import Axis, Cloud, Panel, scatter_panels


def test_a_thinned_cloud_says_so():
    assert rings().caption == (
        "Medians of 200 replicates. At most 300 rows of each cloud are drawn. Outside the axes: 2 "
        "of the 2,150 rows of generation 1, 4 of the 2,150 rows of generation 10 and 4 of the "
        "2,150 rows of generation 100."
    )
    assert len(rings().table["generation 1, real: first"]) == 300


def test_discs_have_the_radii_that_were_given():
    rows = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0]])
    words = {"name": "discs", "title": "Discs", "caption": "", "alt": "Three dots with discs."}
    words |= {"x": Axis("x"), "y": Axis("y")}
    bare, round_ = (
        scatter_panels([Panel("a", [Cloud("real", rows, radii=radii)])], **words)
        for radii in (None, [0.5, 1.0, 0.0])
    )
    assert round_.svg().count("<path") > bare.svg().count("<path")
    with says("Cloud 'real' needs arrays of one shape; got rows (3,), radii (2,)."):
        Cloud("real", rows, radii=[1, 2])
    with says(
        "Cloud 'real': radii must be finite and at least 0; 1 of 3 are not (the first is -1)."
    ):
        Cloud("real", rows, radii=[1, 2, -1])
