"""Path data and its short numbers."""

import pytest
from figures import points_of
from hypothesis import given, settings
from hypothesis import strategies as st

from collapse_lib.plotting.drawing.paths import compact, short

quick = settings(deadline=None, max_examples=60, derandomize=True)


places = st.lists(
    st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=2, max_size=20, unique=True
)


@quick
@given(places)
def test_compact_paths_keep_every_point(points):
    data = "M {} {} ".format(*points[0]) + " ".join("L {} {}".format(*p) for p in points[1:])
    written = points_of(compact(data))
    rounded = [(round(x * 10) / 10, round(y * 10) / 10) for x, y in points]
    kept = [p for i, p in enumerate(rounded) if i < 2 or p != rounded[i - 1]]
    assert written == [pytest.approx(p, abs=1e-6) for p in kept]
    assert len(compact(data)) <= len(data)


def test_compact_keeps_dots_and_closes():
    assert compact("M 1 2 L 1 2 M 3 4 L 3 4") == "M1 2l0 0m2 2l0 0"
    assert compact("M 0 0 L 10 0 L 10 5.04 z M 1 1 L 2 -2") == "M0 0l10 0 0 5zm1 1l1-3"
    assert compact("M 0 0 C 1 1 2 2 3 3 Q 4 4 5 5") == "M0 0c1 1 2 2 3 3q1 1 2 2"


@pytest.mark.parametrize(
    ("number", "text"), [(12.0, "12"), (-0.3, "-.3"), (0.04, "0"), (-0.04, "0"), (1.26, "1.3")]
)
def test_short_numbers(number, text):
    assert short(number) == text
