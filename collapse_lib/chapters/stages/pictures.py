"""The chapter's own figures: two explorers, and the map of verdicts."""

import numpy as np
from scipy.special import ndtr

from collapse_lib.chapters.stages.definitions import MEASURES as SCORED
from collapse_lib.chapters.stages.definitions import profile_arrays
from collapse_lib.chapters.stages.loops import GAIN, LOSS, MEASURES
from collapse_lib.explorers import Bars, Curve, Frames, FramesExplorer, Text
from collapse_lib.loop import band
from collapse_lib.plotting import Axis, mosaic, palette
from collapse_lib.plotting.drawing.text import MINUS
from collapse_lib.verdicts import profile

__all__ = ["eight_meanings", "verdict_map", "which_measure"]

SHARE = Axis("share of the real value", lower=0)
AXES = dict.fromkeys(MEASURES, SHARE)
AXES |= {LOSS: Axis(f"{LOSS} (nats)", log=True), GAIN: Axis(f"{GAIN} (nats)")}
SCORE_AXES = {
    "risk": Axis("risk (nats)", log=True),
    "variance": SHARE,
    "tail": SHARE,
    "outside": Axis("share of mass", lower=0),
    "overlap": Axis("valley over peak", lower=0),
}
LEAST_LOSS = 1e-4  # nats; what is less is drawn there
SHOWN = 60
SHORTER = {
    "Catastrophic increase of population risk": "risk grows catastrophically",
    "Any increase of population risk": "risk grows at all",
    "Asymptotically diverging population risk": "risk diverges",
    "Collapsing variance": "variance collapses",
    "Change in scaling law": "scaling law changes",
    "Disappearance of real tail data": "real tails disappear",
    "Appearance of hallucinated data": "hallucinated data appear",
    "Entanglement of real data modes": "real modes entangle",
}  # what a definition is called -> what fits beside its tiles
MARKS = {
    "collapsed": ("\N{BULLET}", palette.CATEGORICAL[1]),
    "not collapsed": ("\N{EN DASH}", palette.CATEGORICAL[0]),
    "cannot tell": ("?", palette.BAND),
}


def which_measure(loops, bell, words):
    """The explorer of the four loops. loops: as `four_loops` gives them; bell, words: the chains,
    whose first run is drawn as bars."""
    panels = {"bell curve": _bell_bars(bell), "words": _word_bars(words)}
    conditions = {}
    for loop, part in loops.groupby("loop", sort=False):
        chosen = thinned(part["generation"].unique())
        part = part[part["generation"].isin(chosen)].assign(
            **{LOSS: part[LOSS].clip(lower=LEAST_LOSS)}
        )
        curves = [
            Curve.of(part, measure, axis=AXES[measure], role=palette.CATEGORICAL[number])
            for number, measure in enumerate(MEASURES)
            if part[measure].notna().any()
        ]
        shown = [panels[loop](chosen - 1)] if loop in panels else []
        conditions[loop] = Frames(chosen, shown, curves)
    return FramesExplorer(
        "which-measure",
        title="Four loops, seen by six measures",
        choose="Loop",
        try_this="Guess which curve leaves its place first, and which goes the wrong way. Then "
        "move the generation.",
        caption="Curves: median and central 80 % of all runs. Bars: the model of one run.",
        alt="In every loop the rare part of the data falls to half of its real share while the "
        "spread is still close to its real value; where the run is long, the spread follows much "
        "later.",
        conditions=conditions,
    )


def thinned(generations) -> np.ndarray:
    """About SHOWN of them, ever further apart."""
    generations = np.sort(np.asarray(generations))
    places = np.geomspace(1, len(generations), SHOWN).astype(int) - 1
    return generations[np.unique(places)]


def eight_meanings(stored):
    """The explorer of the stored run `definitions`."""
    t = stored["generation"].values
    roles = dict(zip(SCORED, palette.CATEGORICAL, strict=False))
    conditions = {}
    for loop in stored["loop"].values:
        arrays = profile_arrays(stored, loop)
        marked = Text("meanings that hold so far are marked", [_so_far(arrays, k) for k in t])
        curves = [
            Curve(name, *band(arrays[name]), axis=axis, role=roles[name])
            for name, axis in SCORE_AXES.items()
        ]
        conditions[str(loop)] = Frames(t, [marked], curves)
    return FramesExplorer(
        "eight-meanings",
        title="Five loops, eight meanings",
        choose="Loop",
        try_this="Choose a loop and move through its generations: which meanings light up, and "
        "when?",
        caption="Median and central 80 % of 20 runs of 100 rows a generation.",
        alt="Under Replace the risk rises while variance and tails fall; under Accumulate little "
        "moves; the kernel density keeps its tails and gains variance but puts mass where no data "
        "are.",
        conditions=conditions,
        start={"generation": int(t[-1])},
    )


def verdict_map(scores):
    """A tile for each meaning and loop of a frame as `profile_frame` gives it, with the scores in
    its data table."""
    loops, meanings = scores["loop"].unique(), scores["meaning"].unique()
    wide = scores.assign(said=scores.apply(_scored, axis=1)).pivot(
        index="meaning", columns="loop", values=["verdict", "said"]
    )
    words, details = (wide[name].loc[meanings, loops] for name in ("verdict", "said"))
    met = scores[scores["verdict"] == "collapsed"].groupby("loop").size()
    open_ = scores[scores["verdict"] == "cannot tell"].groupby("loop").size()
    counts = [
        f"{loop}: {met.get(loop, 0)} met, {open_.get(loop, 0)} cannot be told" for loop in loops
    ]
    return mosaic(
        [SHORTER[meaning] for meaning in meanings],
        loops,
        words.to_numpy(),
        marks=MARKS,
        details=details.to_numpy(),
        name="verdicts",
        title="Has it collapsed? Eight answers for each loop",
        caption="Each tile is the median of 20 runs against a threshold. Where chance could have "
        "put it on the other side, it cannot be told. The data table has the scores.",
        alt=f"Of the {len(meanings)} meanings, {'; '.join(counts)}.",
    )


def _scored(score):
    value = "" if np.isnan(score["value"]) else f": {score['value']:.3g}"
    return f"{score['verdict']}{value}".replace("-", MINUS)


def _so_far(arrays, t):
    """The eight names, each with whether it holds for the first t generations."""
    seen = {key: a if key == "n_samples" else a[..., :t] for key, a in arrays.items()}
    return [(f"{score.name}.", score.collapsed is True) for score in profile(**seen)]


def _bell_bars(bell):
    edges = np.append(-np.inf, np.linspace(-3, 3, 13))
    cut = np.append(edges, np.inf)
    names = ["below -3", *(f"{a:g} to {a + 0.5:g}" for a in edges[1:-1]), "above 3"]

    def bars(chosen):
        mean, std = bell.mean[0, chosen, None], np.sqrt(bell.variance[0, chosen, None])
        mass = np.diff(ndtr((cut - mean) / std), axis=1)  # (T, 14)
        return Bars(
            "mass by place, in real standard deviations",
            mass,
            [name.replace("-", MINUS) for name in names],
        )

    return bars


def _word_bars(words):
    n_words = words.probabilities.shape[-1]
    starts = 2 ** np.arange(int(np.log2(n_words)) + 1)  # ranks 1, 2 to 3, 4 to 7, ...
    ends = np.minimum(2 * starts - 1, n_words)
    names = ["1", *(f"{a} to {b}" for a, b in zip(starts[1:], ends[1:], strict=True))]

    def bars(chosen):
        mass = np.add.reduceat(words.probabilities[0, chosen], starts - 1, axis=1)
        return Bars("mass by real rank of the word", mass, names)

    return bars
