"""The stored loops of the chapter as tidy frames of shares, a panel a measure and a bias."""

import numpy as np

__all__ = ["POLICY_OF", "by_measure", "ends", "with_kinds"]

MEASURES = ("precision", "recall", "coverage")
POLICY_OF = {
    "synthetic": "Replace",
    "augmented": "Anchored",
    "accumulated": "Accumulate",
    "fresh": "FreshReal",  # as many new real rows as samples
    "replace": "Replace",
    "anchored": "Anchored",
    "half fresh": "FreshReal",
}


def by_measure(stored, biases, measures=MEASURES):
    """A tidy pandas.DataFrame of measures of the loops under some biases.

    stored: an xarray.Dataset of the experiments of `mad` or `diffusion`, of one k; biases: values
    of its axis `bias`; measures: names of its arrays, each a share. Columns: panel, which names
    measure and bias; bias, in words; policy, where there are several loops; seed, generation and
    share. The panels of one bias stand together.
    """
    chosen = stored[list(measures)].sel(bias=list(biases)).to_array("measure")
    frame = chosen.transpose("bias", "measure", ...).to_dataframe("share").reset_index()
    frame["panel"] = frame.measure + " \u03bb " + frame.bias.map("{:g}".format)
    frame["bias"] = frame.bias.map(in_words)
    if "loop" in frame:
        frame["policy"] = frame.pop("loop").map(POLICY_OF)
    return frame


def ends(frame, by="policy"):
    """What a frame of `by_measure` comes to, in words: a sentence a panel, medians over seeds."""
    last = frame[frame.generation == frame.generation.max()]
    medians = last.groupby(["panel", by], sort=False).share.median()
    return " ".join(
        f"{panel}: in the end "
        + ", ".join(f"{label} {share:.2f}" for (_, label), share in part.items())
        + "."
        for panel, part in medians.groupby("panel", sort=False)
    )


def in_words(bias):
    """A sampling bias in words."""
    return "honest" if bias == 1 else f"variance \N{MULTIPLICATION SIGN} {bias:g}"


def with_kinds(stored, n_classes=10):
    """The dataset with one more array, `kinds`: e to the power of the class entropy, as a share of
    the classes. It is 1 where all classes are equally frequent."""
    return stored.assign(kinds=np.exp(stored.class_entropy) / n_classes)
