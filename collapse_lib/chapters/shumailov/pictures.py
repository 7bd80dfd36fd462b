"""What the chapter draws: frames for its figures, from stored runs."""

from dataclasses import dataclass

import numpy as np

from collapse_lib import theory
from collapse_lib.chapters.shumailov.mixture import density_grids
from collapse_lib.loop import band
from collapse_lib.plotting import Axis, Theory

__all__ = [
    "LABELS",
    "digits_of",
    "directions",
    "distances",
    "kinds",
    "lost_in_law",
    "mixture_frames",
    "narrowing",
    "states",
    "widths",
]

LABELS = {
    "tiles": "new images",
    "copies": "copies of real digits",
    "latent_spread": "latent spread",
    "class_entropy": "class entropy (nats)",
    "classifier_frechet": "distance to real digits",
}
RECALL = "recall of the least drawn digit"
SPREAD = Axis("standard deviation, geometric mean of two axes", log=True)
ALIVE = 0.0005  # the weight of half a row in a thousand
ENDS = {"x": (-6, 6), "y": (-6, 6)}


def mixture_frames(stored):
    """Snapshots of two runs, and the spread of the widest living component over all runs."""
    from collapse_lib.explorers import Curve, Density, Frames

    shown = stored.sel(snapshot=slice(1, None))
    xx, xy, yy = (shown.snapshot_covariances.sel(entry=name) for name in ("xx", "xy", "yy"))
    sd = (xx * yy - xy**2).clip(1e-16) ** 0.25  # replicate, snapshot, component
    widest = sd.where(shown.snapshot_weights > ALIVE, 0).max("component").values
    grids = [density_grids(stored, run, half_width=6, side=72)[1:] for run in (0, 1)]
    panels = [Density(f"run {k + 1}", each, **ENDS) for k, each in enumerate(grids)]
    curve = Curve("widest component", *band(widest), axis=SPREAD)
    return Frames(shown.snapshot.values, panels, [curve])


def widths(blobs):
    """A tidy frame: for each experiment its runs from the narrowest to the widest at the last
    generation, with the width of the widest component and how many are alive."""
    import pandas as pd

    parts = []
    for name, stored in blobs.items():
        end = stored.isel(generation=-1)
        width = np.exp(end.log_spread.max("component").values)
        order = np.argsort(width)
        parts.append(
            pd.DataFrame(
                {
                    "experiment": name,
                    "replicate": 0,
                    "run": np.arange(1, len(width) + 1),
                    "width": width[order],
                    "alive": end.alive.values[order],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def states(ends):
    """Of `widths`, how many runs of each experiment have both components, or one: a tidy frame."""
    named = ends.assign(state=np.where(ends.alive == 2, "both components alive", "one alive"))
    return named.groupby(["experiment", "state"], sort=False).size().reset_index(name="runs")


def narrowing(stored, generations=(500, 1000, 2000)):
    """Mean change of the log width since generation 1 at some generations, its standard error, what
    the theorem gives, and how many standard errors the two are apart."""
    import pandas as pd

    runs = stored[["followed", "expected"]].mean("component").sel(generation=list(generations))
    gap = runs.followed - runs.expected
    error = gap.std("replicate", ddof=1) / np.sqrt(gap.sizes["replicate"])
    columns = {
        "runs": runs.followed.mean("replicate"),
        "theorem": runs.expected.mean("replicate"),
        "error of the gap": error,
        "gap in errors": gap.mean("replicate") / error,
    }
    index = pd.Index(generations, name="generation")
    return pd.DataFrame({name: each.values for name, each in columns.items()}, index)


def digits_of(stored, n_images=40, columns=8):
    """The images of one seed and what they are read as; measures over all seeds."""
    from collapse_lib.explorers import Curve, Frames, Images

    generations = stored.fit.values
    chosen = slice(None, None, stored.sizes["picture"] // n_images)
    panels, runs = [], {RECALL: stored.class_recall.min("class")}
    for name, label in LABELS.items():
        if name in ("tiles", "copies"):
            images, read = (
                stored[key].isel(picture=chosen).values[-len(generations) :]
                for key in (name, f"{name}_read")
            )
            panels.append(Images(label, images / 255, read.astype(str), columns, levels=16))
        else:
            runs[label] = stored[name]
    curves = [
        Curve(label, *band(found.sel(generation=generations).values), axis=Axis(label, lower=0))
        for label, found in runs.items()
    ]
    return Frames(generations, panels, curves)


def kinds(released, honest):
    """What a judge reads in new images, a row each: medians over seeds."""
    import pandas as pd

    asked = {
        "real digits": released.sel(generation=0),
        "decoder means, generation 5": released.sel(generation=5),
        "samples with noise, generation 5": honest.sel(generation=5),
        "samples with noise, generation 20": honest.sel(generation=20),
    }
    found = {
        name: [each.class_entropy.median().item(), each.class_recall.min("class").median().item()]
        for name, each in asked.items()
    }
    constant = released.control_constant_class_entropy, released.control_constant_class_recall
    found["one image, with noise on it"] = [
        constant[0].median().item(),
        constant[1].min("class").median().item(),
    ]
    columns = ["class entropy, nats", RECALL]
    return pd.DataFrame.from_dict(found, orient="index", columns=columns).rename_axis("images")


def distances(found):
    """A tidy frame (rows, source, replicate, generation, distance) of what `error_sources` gives,
    found: a label of the number of rows -> that."""
    import pandas as pd

    parts = []
    for label, sources in found.items():
        for name, values in sources.items():
            replicate, t = np.indices(values.shape).reshape(2, -1)
            columns = {"rows": label, "source": name, "replicate": replicate, "generation": t}
            parts.append(pd.DataFrame({**columns, "distance": values.ravel()}))
    return pd.concat(parts, ignore_index=True).query("generation > 0")


def directions(d):
    """Metrics of a run: the variance of the sample in each of d directions, the widest first."""
    return {f"direction {k + 1}": _Direction(k) for k in range(d)}


def lost_in_law(variances, noise, n_generations):
    """The law of each direction of a linear decoder whose noise is left out, as Theory marks."""
    t = np.arange(1, n_generations + 1)
    laws = theory.ppca_eigenvalues(t, variances, noise).T
    return [
        Theory(f"line from {first:g}", t, law, "derived here")
        for first, law in zip(variances, laws, strict=True)
    ]


@dataclass(frozen=True)
class _Direction:
    """The variance of the samples of a generation in one direction."""

    k: int

    def __call__(self, generation):
        return np.sort(generation.sample.var(axis=0))[::-1][self.k]
