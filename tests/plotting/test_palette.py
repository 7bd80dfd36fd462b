"""The palette: colours that all eyes tell apart, in one file."""

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import collapse_lib
from collapse_lib.plotting import (
    palette,
)

PAPERS = {"light": ["#FFFFFF"], "dark": ["#111111", "#14181E", "#222832"]}
# Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, severity 1
VISION = {
    "full": np.eye(3),
    "no red cones": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "no green cones": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def linear_light(colour):
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    """The ratio of WCAG 2.2, from 1 to 21."""
    low, high = sorted(linear_light(c) @ [0.2126, 0.7152, 0.0722] for c in (a, b))
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    """CIE L*a*b* under D65 of linear sRGB."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    t = np.array(to_xyz) @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.089]
    f = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(a, b, vision):
    return np.linalg.norm(
        lab(VISION[vision] @ linear_light(a)) - lab(VISION[vision] @ linear_light(b))
    )


COLOURED = [role for role in palette.ALL if role.light != palette.CURRENT]
TOLD_APART = [palette.REAL, palette.SYNTHETIC, *palette.CATEGORICAL]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("role", COLOURED, ids=lambda role: role.name)
def test_colours_stand_out_from_paper(role, paper):
    assert min(contrast(getattr(role, paper), ground) for ground in PAPERS[paper]) >= 3.0


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("paper", PAPERS)
def test_colours_are_told_apart_by_all_eyes(paper, vision):
    values = [getattr(role, paper) for role in TOLD_APART]
    assert min(difference(a, b, vision) for a, b in combinations(values, 2)) > 12


def test_the_colour_tests_can_fail():
    assert contrast("#F0E442", "#FFFFFF") < 3.0  # yellow on white
    assert difference("#2E8B2E", "#A06A00", "no red cones") < 12  # green and brown
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_palette_is_the_json_file():
    file = Path(collapse_lib.__file__).with_name("plotting") / "palette.json"
    stored = json.loads(file.read_text())
    assert palette.REAL.light == stored["roles"]["real"]["light"] == "#0072B2"
    assert palette.SYNTHETIC.dark == stored["roles"]["synthetic"]["dark"]
    assert [r.light for r in palette.CATEGORICAL] == [c["light"] for c in stored["categorical"]]
    assert len({role.light for role in palette.ALL}) == len(palette.ALL)


def test_no_other_file_holds_a_data_colour():
    root = Path(collapse_lib.__file__).parent
    values = {value.lower() for role in COLOURED for value in (role.light, role.dark)}
    holders = [
        path.name
        for path in root.rglob("*")
        if path.suffix in (".py", ".css", ".js", ".json") and path.name != "palette.json"
        if any(value in path.read_text().lower() for value in values)
    ]
    assert holders == []


def test_css_has_light_dark_and_print():
    css = palette.css()
    assert css.startswith(":root{--cl-real:#0072B2;--cl-synthetic:#D55E00;")
    assert 'html[data-theme="dark"]{--cl-real:#56B4E9;--cl-synthetic:#FF8A3D;' in css
    assert "@media print{:root," in css and css.count("{") == css.count("}")
    assert "--cl-category-6:" in css and "--cl-theory:currentColor" in css
