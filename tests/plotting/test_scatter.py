"""Clouds in the plane."""

from figures import rings


def test_a_thinned_cloud_says_so():
    assert rings().caption == (
        "Medians of 200 replicates. At most 300 rows of each cloud are drawn."
    )
    assert len(rings().table["generation 1, real: first"]) == 300
