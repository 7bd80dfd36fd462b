"""The picture in the README: the first figure of the book, drawn by the same library."""

import numpy as np

from collapse_lib import exact, theory
from collapse_lib.plotting import Axis, Series, Theory, curves, palette
from collapse_lib.policies import Accumulate, Replace
from tools.environment import ROOT

PATH = ROOT / "book_assets" / "readme-figure.svg"


def readme_figure() -> str:
    """Return the picture as SVG with its own colours for light and dark paper."""
    t = np.arange(1, 201)
    series, laws = [], []
    for policy, role, law in (
        (Replace(), palette.SYNTHETIC, theory.heterozygosity),
        (Accumulate(), palette.REAL, theory.accumulate_heterozygosity),
    ):
        urns = exact.categorical_chain(
            policy, [0.9, 0.1], n_samples=100, n_generations=200, n_replicates=2000, seed=20
        ).probabilities
        diversity = (1 - (urns**2).sum(axis=2)).mean(axis=0)
        name = type(policy).__name__
        series.append(Series(name, t, diversity, role=role))
        laws.append(Theory(f"{name}, exact", t, law(t, 0.18, 100), "closed form"))
    figure = curves(
        series,
        theory=laws,
        name="readme",
        title="The diversity of an urn of coloured objects",
        caption="",
        alt="Under Replace the mean diversity of the urn falls towards zero; under Accumulate it "
        "stays almost where it was. Both lie on the dashed closed form.",
        x=Axis("generation"),
        y=Axis("two objects differ in colour", lower=0),
    )
    return figure.svg(standalone=True)


def write_readme_figure() -> int:
    PATH.write_text(readme_figure(), encoding="utf-8")
    return 0
