"""The claims of the chapter `stages`."""

from functools import cache

import numpy as np
from scipy import stats

from collapse_lib.chapters.claims import Kind, claim
from collapse_lib.chapters.stages.definitions import LOOPS, profile_arrays
from collapse_lib.chapters.stages.loops import enters, noticed, stored_loops, times_by_size
from collapse_lib.chapters.store import load
from collapse_lib.sources import zipf_shares
from collapse_lib.verdicts import gaussian_late_time, profile, profile_frame, tail_loss_time

SURESH = "Suresh et al. 2024"


@cache
def _loops():
    return stored_loops(load("stages-mixture"), load("vae-mnist-released"))


@cache
def _noticed():
    return noticed(_loops()).query("loop == 'clusters'").groupby("measure")["generation"].median()


@cache
def _stages():
    """Per loop: the lower median of what is not always reached."""
    return enters(_loops()).groupby("loop").quantile(0.5, interpolation="lower")


@cache
def _by_size():
    found = times_by_size(load("stages-gaps"))
    return found.groupby(["loop", "stage", "n_samples"])["generation"].median()


@cache
def _scores():
    stored = load("definitions")
    names = [loop.name for loop in LOOPS]
    return profile_frame({name: profile(**profile_arrays(stored, name)) for name in names})


def _clusters(measure):
    chosen = _loops().query("loop == 'clusters'")
    return chosen.groupby("generation")[measure].median()


def _factor(loop, n):
    return _by_size()[loop, "late", n] / _by_size()[loop, "early", n]


def _number(loop, verdict):
    return len(_scores().query("loop == @loop and verdict == @verdict"))


def _score(loop, meaning):
    return float(_scores().set_index(["loop", "meaning"])["value"][loop, meaning])


@claim(Kind.STORED, "{:.0f}")
def clusters_loss_noticed():
    return _noticed()["loss on real rows"]


@claim(Kind.STORED, "{:.0f}")
def clusters_minority_noticed():
    return _noticed()["minority coverage"]


@claim(Kind.STORED, "{:.0f}")
def clusters_variance_noticed():
    return _noticed()["variance"]


@claim(Kind.STORED, "{:.1f}")
def clusters_old_model_noticed():
    return _noticed()["gain on own rows"]


@claim(Kind.STORED, "{:.2f}")
def clusters_gain_at_500():
    return _clusters("gain on own rows")[500]


@claim(Kind.STORED, "{:.2f}")
def clusters_recall_dips_to():
    return _clusters("tail recall")[:20].min()


@claim(Kind.STORED, "{:.2f}")
def clusters_recall_back_to():
    recall = _clusters("tail recall")
    return recall[recall[:20].idxmin() :].max()


@claim(Kind.STORED, "{:.0f}")
def clusters_early():
    return _stages()["early"]["clusters"]


@claim(Kind.STORED, "{:.0f}")
def clusters_late():
    return _stages()["late"]["clusters"]


@claim(Kind.STORED, "{:.0f}")
def clusters_late_runs():
    return np.isfinite(enters(_loops()).query("loop == 'clusters'")["late"]).sum()


@claim(Kind.STORED, "{:.0f} %")
def clusters_variance_when_early():
    return 100 * enters(_loops()).query("loop == 'clusters'")["spread when early"].median()


@claim(Kind.STORED, "{:.0f} %")
def digits_variance_when_early():
    return 100 * enters(_loops()).query("loop == 'digits'")["spread when early"].median()


@claim(Kind.PROVED, "{:.2f}", source="Chhikara and Folks 1989")
def late_over_n():
    return gaussian_late_time(1_000_000) / 1_000_000


@claim(Kind.STORED, "{:.0f}")
def bell_factor_at_thousand():
    return _factor("bell curve", 1000)


@claim(Kind.STORED, "{:.0f}")
def bell_factor_at_hundred_thousand():
    return _factor("bell curve", 100_000)


@claim(Kind.STORED, "{:.0f} %")
def bell_early_error():
    """The standard error of the median, from the runs half a binomial deviation around it."""
    early = np.sort(load("stages-gaps").gaussian_early.sel(gaussian_size=1_000_000))
    apart = round(np.sqrt(len(early)) / 2)
    lower, upper = early[[len(early) // 2 - apart, len(early) // 2 + apart]]
    return 100 * (upper - lower) / 2 / np.median(early)


@claim(Kind.STORED, "{:.0f}")
def bell_factor_at_million():
    return _factor("bell curve", 1_000_000)


@claim(Kind.STORED, "{:.0f}")
def words_factor_at_hundred_thousand():
    return _factor("words", 100_000)


@claim(Kind.STORED, "{:.0f}")
def words_early_at_hundred_thousand():
    return _by_size()["words", "early", 100_000]


@claim(Kind.STORED, "{:,.0f}")
def words_late_at_hundred_thousand():
    return _by_size()["words", "late", 100_000]


@claim(Kind.COMPUTED, "{:.0f}", source=SURESH)
def words_early_forecast():
    return tail_loss_time(zipf_shares(200), 100_000)


@claim(Kind.STORED, "{:.0f}")
def replace_meets():
    return _number("Replace", "collapsed")


@claim(Kind.STORED, "{:.0f}")
def kernel_density_meets():
    return _number("Replace, kernel density", "collapsed")


@claim(Kind.STORED, "{:.0f}")
def accumulate_meets():
    return _number("Accumulate", "collapsed")


@claim(Kind.STORED, "{:.0f}")
def verdicts_open():
    return (_scores()["verdict"] == "cannot tell").sum()


@claim(Kind.STORED, "{:.0f} %")
def kernel_density_outside():
    return 100 * _score("Replace, kernel density", "Appearance of hallucinated data")


@claim(Kind.STORED, "{:.2f}")
def kernel_density_variance():
    return _score("Replace, kernel density", "Collapsing variance")


@claim(Kind.COMPUTED, "{:.0f}", source="Conover 1999")
def runs_that_must_agree():
    """Of 20 runs, how many must lie on one side before chance is out at 5 %."""
    return 21 - max(int(stats.binom.ppf(0.025, 20, 0.5)), 1)
