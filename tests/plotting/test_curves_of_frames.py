"""curves and Curve take tidy frames: medians and bands over the replicates."""

import numpy as np
import pandas
import pytest
from sentences import says

from collapse_lib.explorers.frames import Curve
from collapse_lib.plotting import Axis, Series, curves, palette

WORDS = {
    "name": "frame",
    "title": "What remains",
    "caption": "Median and 80 % band.",
    "alt": "Two curves fall.",
}


def tidy(n_replicates=7):
    rng = np.random.default_rng(3)
    return pandas.DataFrame(
        [
            {"policy": policy, "replicate": i, "generation": t, "variance": rng.exponential() / t}
            for policy in ("Replace", "Keep")
            for i in range(n_replicates)
            for t in (1, 2, 5)
        ]
    )


def drawn(frame, **more):
    return curves(frame, **({"x": "generation", "y": "variance", "by": "policy"} | WORDS | more))


def test_medians_and_bands_are_those_of_pandas():
    frame = tidy().sample(frac=1, random_state=0)
    figure = drawn(frame)
    assert next(iter(figure.table)) == "generation"
    assert figure.table["generation"] == pytest.approx([1, 2, 5])
    for policy, part in frame.groupby("policy"):
        at = part.groupby("generation")["variance"]
        for column, share in ((policy, 0.5), (f"{policy}, lower", 0.1), (f"{policy}, upper", 0.9)):
            assert figure.table[column] == pytest.approx(at.quantile(share), rel=1e-12)


def test_level_sets_the_band():
    frame = tidy()
    part = frame[frame["policy"] == "Keep"]
    found = Series.from_frame(part, "generation", "variance", level=0.5)
    at = part.groupby("generation")["variance"]
    assert found.lower == pytest.approx(at.quantile(0.25), rel=1e-12)
    assert found.upper == pytest.approx(at.quantile(0.75), rel=1e-12)


def test_a_frame_draws_what_its_series_draw():
    frame = tidy()
    series = [
        Series.from_frame(
            frame[frame["policy"] == policy], "generation", "variance", label=policy, role=role
        )
        for policy, role in zip(("Replace", "Keep"), palette.CATEGORICAL, strict=False)
    ]
    y = Axis("variance", log=True)
    by_hand = curves(series, x=Axis("generation"), y=y, **WORDS)
    assert drawn(frame, y=y).html() == by_hand.html()
    assert WORDS["alt"] in by_hand.html() and "Data table" in by_hand.html()


def test_one_run_is_a_line_and_a_whole_frame_one_series():
    frame = tidy(1)
    assert list(drawn(frame).table) == ["generation", "Replace", "Keep"]
    whole = drawn(frame[frame["policy"] == "Keep"], by=None)
    assert list(whole.table) == ["generation", "variance"]
    assert palette.SYNTHETIC.css in whole.svg()


def test_roles_are_the_callers():
    roles = {"Replace": palette.SYNTHETIC, "Keep": palette.REAL}
    svg = drawn(tidy(), roles=roles).svg()
    assert palette.REAL.css in svg and palette.SYNTHETIC.css in svg
    with says("curves: label of a role must be one of 'Keep'; got 'Replace'."):
        drawn(tidy(), roles={"Keep": palette.REAL})


def test_what_a_frame_must_have():
    frame = tidy()
    has = "it has 'policy', 'replicate', 'generation', 'variance'."
    with says(f"curves: frame must have a column 'error'; {has}"):
        drawn(frame, y="error")
    with says(f"curves: frame must have a column 'rule'; {has}"):
        drawn(frame, by="rule")
    with says(
        "Series.from_frame: frame must have a column 'replicate'; it has 'policy', 'generation', "
        "'variance'."
    ):
        Curve.of(frame.drop(columns="replicate"), "variance")
    with says("Series.from_frame: level must be in (0, 1); got 1."):
        drawn(frame, level=1)
    with says(
        "Series.from_frame: each replicate must have one row at each generation; got several. "
        "Choose the rows of one setting, or tell the settings apart with `by`."
    ):
        drawn(frame, by=None)
    many = pandas.concat(frame.assign(policy=str(k)) for k in range(7))
    many = many.drop_duplicates(["policy", "replicate", "generation"])
    with says("curves: by must give at most 6 lines; got 7."):
        drawn(many)


def test_a_curve_of_a_frame():
    frame = tidy()
    part = frame[frame["policy"] == "Keep"]
    curve = Curve.of(part, "variance", role=palette.REAL)
    at = part.groupby("generation")["variance"]
    assert curve.label == "variance" and curve.role is palette.REAL
    for found, share in ((curve.values, 0.5), (curve.lower, 0.1), (curve.upper, 0.9)):
        assert found == pytest.approx(at.quantile(share), rel=1e-12)
    assert Curve.of(part[part["replicate"] == 0], "variance", label="one").lower is None
