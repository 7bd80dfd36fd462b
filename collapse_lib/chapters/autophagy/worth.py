"""What rows are worth: curves with their peaks, and where a loop with new real rows settles."""

import numpy as np

from collapse_lib import theory
from collapse_lib.exact import gaussian_chain
from collapse_lib.plotting import Panel, Series, palette, small_multiples
from collapse_lib.plotting.marks import Axis
from collapse_lib.policies import FreshReal

__all__ = ["harmless", "number_or_share", "peaks", "settled", "worth_curves"]

SIZES = (100, 1000, 10_000)
SETTLED = 200  # generations, in which 100 rows have long settled


def worth_curves(n_real, n_synthetic, biases):
    """A Series for each sampling bias: what n_real rows and the synthetic ones beside them,
    (n,) counts, are worth in real rows, by `theory.effective_sample_size`."""
    return [
        Series(
            f"variance \N{MULTIPLICATION SIGN} {bias:g}",
            n_synthetic,
            theory.effective_sample_size(n_real, n_synthetic, bias),
            role=role,
        )
        for bias, role in zip(biases, palette.CATEGORICAL, strict=False)
    ]


def peaks(lines):
    """The highest points of those Series that fall again, as one Series of points."""
    turning = [line for line in lines if line.median.argmax() < len(line.x) - 1]
    tops = [line.median.argmax() for line in turning]
    places = [line.x[top] for line, top in zip(turning, tops, strict=True)]
    heights = [line.median[top] for line, top in zip(turning, tops, strict=True)]
    return Series("the most that it is worth", places, heights, role=palette.THEORY, points=True)


def harmless(n_real, biases):
    """A pandas.DataFrame of the most synthetic rows that do no harm, by `theory`: a row for each
    count of n_real, a column a sampling bias."""
    import pandas as pd

    columns = {
        f"variance \N{MULTIPLICATION SIGN} {bias:g}": theory.synthetic_threshold(n_real, bias)
        for bias in biases
    }
    return pd.DataFrame(columns, index=pd.Index(n_real, name="real rows"))


def settled(n_real, sampling_bias, *, n_samples=100, n_replicates=10_000, seed=20):
    """A Series of the mean variance at which the exact chain under FreshReal settles, with two
    standard errors either way. n_real: counts of new real rows among n_samples."""
    last = [
        gaussian_chain(
            FreshReal(count / n_samples), n_samples=n_samples, n_generations=SETTLED,
            n_replicates=n_replicates, sampling_bias=sampling_bias, seed=seed,
        ).variance[:, -1]
        for count in n_real
    ]  # fmt: skip
    mean, error = np.mean(last, axis=1), np.std(last, axis=1, ddof=1) / np.sqrt(n_replicates)
    return Series(
        f"{n_samples} rows, run", n_real, mean, mean - 2 * error, mean + 2 * error,
        role=palette.SYNTHETIC, points=True,
    )  # fmt: skip


def number_or_share(n_real, sampling_bias, *, seed, title, caption):
    """Two panels, honest and biased: the mean variance that is left in the end by the number of new
    real rows a generation, a line for each of SIZES by `theory.fresh_fixed_point`, and points of
    the exact chain for the first.

    n_real: counts, up to the first of SIZES, that are run. Returns a BookFigure.
    """
    panels = []
    biased = f"bias: variance \N{MULTIPLICATION SIGN} {sampling_bias:g}"
    for head, bias in (("chance alone", 1.0), (biased, sampling_bias)):
        marks = []
        for size, role in zip(SIZES, palette.CATEGORICAL, strict=False):
            counts = np.unique(np.geomspace(1, size, 40).round())
            fixed = theory.fresh_fixed_point(counts, size - counts, bias, ddof=0)
            marks.append(Series(f"{size:,} rows", counts, fixed.variance, role=role))
        run = settled(n_real, bias, n_samples=SIZES[0], seed=seed)
        panels.append(Panel(head, [*marks, run]))
    honest, biased = (panel.marks for panel in panels)
    alt = (
        f"{panels[0].title}: one new real row leaves a share of {honest[0].median[0]:.2f} of the "
        f"variance with {SIZES[0]} rows and {honest[-2].median[0]:.2f} with {SIZES[-1]:,}; the "
        f"lines are one. {panels[1].title}: ten leave {_at(biased[0], 10):.2f} and "
        f"{_at(biased[-2], 10):.3f}; each line is the one before, moved to ten times the number."
    )
    return small_multiples(
        panels, x=Axis("new real rows in each generation", log=True),
        y=Axis("variance left in the end", lower=0, upper=1),
        name="number-or-share", title=title, caption=caption, alt=alt,
    )  # fmt: skip


def _at(line, x):
    return np.interp(x, line.x, line.median)
