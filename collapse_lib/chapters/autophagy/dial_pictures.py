"""The dial as tiles, and its words counted."""

import numpy as np

from collapse_lib.chapters.autophagy.dial import ratios, verdict
from collapse_lib.chapters.autophagy.dial_families import FAMILIES
from collapse_lib.plotting import Axis, Bars, bars, mosaic, palette

__all__ = ["counts_figure", "dial_figure", "verdicts"]

ORDER = (
    "Replace",
    "MixReal",
    "FreshReal",
    "AccumulateSubsample",
    "Accumulate",
    "Anchored",
    "Accumulate, growing",
)  # from the policy under which fewest families stay
MARKS = {
    "stays": ("=", palette.CATEGORICAL[0]),
    "drifts": ("~", palette.CATEGORICAL[2]),
    "spreads out": ("+", palette.CATEGORICAL[5]),
    "collapses": ("\N{MINUS SIGN}", palette.CATEGORICAL[1]),
}  # from best to worst


def verdicts(stored):
    """A pandas.DataFrame of words of MARKS: a row a family, a column a policy in ORDER."""
    import pandas as pd

    table = ratios(stored).sel(policy=list(ORDER))
    pairs = zip(table.error.values.flat, table.diversity.values.flat, strict=True)
    words = np.array([verdict(*pair) for pair in pairs]).reshape(table.error.shape)
    return pd.DataFrame(words, index=table.family.values, columns=list(ORDER))


def dial_figure(stored, *, title, caption):
    """The words of the dial as tiles, families down and policies across, with a sign each.

    caption: what stands after the number of runs."""
    words, table = verdicts(stored), ratios(stored).sel(policy=list(ORDER))
    lasted = {family.name: family.n_generations for family in FAMILIES}
    details = [
        [
            _told(
                words.loc[family, policy], lasted[family], table.sel(family=family, policy=policy)
            )
            for policy in ORDER
        ]
        for family in words.index
    ]
    counted = _counts(words).items()
    alt = f"Of {len(words)} families, " + "; ".join(
        f"{policy}: {', '.join(f'{word} {count}' for word, count in counts.items())}"
        for policy, counts in counted
    )
    return mosaic(
        words.index, ORDER, words.to_numpy().tolist(), marks=MARKS, details=details,
        name="dial", title=title, caption=f"{_runs()} {caption}", alt=f"{alt}.",
    )  # fmt: skip


def counts_figure(stored, *, title, caption=""):
    """How many families get each word, a group of bars a policy."""
    counts = _counts(verdicts(stored))
    groups = [
        Bars(word, [counts[policy].get(word, 0) for policy in ORDER], role=role)
        for word, (_, role) in MARKS.items()
    ]
    return bars(
        ORDER, groups, value=Axis("families of models", lower=0, upper=len(FAMILIES)),
        name="dial-counts", title=title, caption=caption,
    )  # fmt: skip


def _runs():
    """How many runs the medians are of: most families' number, and that of the others by name."""
    names = {}
    for family in FAMILIES:
        names.setdefault(family.n_replicates, []).append(family.name)
    most, *fewer = sorted(names, reverse=True)
    others = "; ".join(f"{n} of {', '.join(names[n])}" for n in fewer)
    return f"Medians over {most} runs ({others}), at the last generation."


def _counts(words):
    """policy -> word -> how many families get it, in the order of MARKS, without zeros."""
    return {
        policy: {word: n for word in MARKS if (n := int((words[policy] == word).sum()))}
        for policy in ORDER
    }


def _told(word, generations, cell):
    said = f"{word} at {generations}: error times {float(cell.error):.3g}"
    left = float(cell.diversity)
    return said if np.isnan(left) else f"{said}, diversity {left:.2f}"
