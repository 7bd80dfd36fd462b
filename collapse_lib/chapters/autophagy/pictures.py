"""What the explorers of the chapter show: condition -> Frames, from the stored loops."""

from scipy.spatial import cKDTree

from collapse_lib.chapters.autophagy.diffusion import POINT
from collapse_lib.chapters.autophagy.mad import digit_images, snapshots
from collapse_lib.chapters.autophagy.shares import MEASURES, POLICY_OF, in_words
from collapse_lib.explorers import Curve, Frames, Images, Points
from collapse_lib.loop import band
from collapse_lib.metrics import precision, recall
from collapse_lib.plotting import Cloud, Panel, palette, scatter_panels
from collapse_lib.plotting.marks import Axis

__all__ = ["balls", "cloud_conditions", "digit_conditions", "moon_conditions", "picture_conditions"]

SQUARE = {"x": (-6, 6), "y": (-6, 6)}
MOONS = {"x": (-1.6, 2.6), "y": (-1.1, 1.6)}


def balls(stored, *, loop, bias, generation, n_rows=60, k=2):
    """Two panels: balls around a few real rows, and around as many samples of a stored loop.

    stored: `mad-moons`; k: a ball holds the k nearest rows of its own kind. Returns a BookFigure.
    """
    rows = dict(zip(*snapshots(stored, loop, bias), strict=True))
    real, sample = rows[0][:n_rows], rows[generation][:n_rows]
    p, r = precision(sample, real, k), recall(sample, real, k)
    said = (
        f"{p:.0%} of these {n_rows} samples lie in a ball around a real row, and {r:.0%} of the "
        f"{n_rows} real rows in a ball around a sample."
    ).replace("%", " %")
    clouds = {
        "precision": [Cloud("real rows", real, palette.REAL, _radii(real, k)),
                      Cloud("samples", sample, palette.SYNTHETIC)],
        "recall": [Cloud("samples", sample, palette.SYNTHETIC, _radii(sample, k)),
                   Cloud("real rows", real, palette.REAL)],
    }  # fmt: skip
    return scatter_panels(
        [Panel(title, marks) for title, marks in clouds.items()], x=Axis("x"), y=Axis("y"),
        name="balls", title="Precision asks the real balls, recall those of the samples",
        caption=f"Two moons, {in_words(bias)}, generation {generation}; a ball holds the "
        f"{k} nearest of its own kind.",
        alt=said,
    )  # fmt: skip


def moon_conditions(stored, *, loops, biases, k):
    """Loop and bias -> Frames of the rows of two moons and the measures of ten seeds."""
    roles = {"real": palette.REAL, "sample": palette.SYNTHETIC}
    found = {}
    for loop, bias in _pairs(loops, biases):
        at, rows = snapshots(stored, loop, bias)
        kinds = [["real" if t == 0 else "sample"] * rows.shape[1] for t in at]
        points = Points("rows", rows, groups=kinds, roles=roles, **MOONS)
        found[_named(loop, bias)] = Frames(at, [points], _bands(stored, loop, bias, at, k))
    return found


def digit_conditions(stored, *, loops, biases, k):
    """Loop and bias -> Frames of digits and the measures of ten seeds."""
    found = {}
    for loop, bias in _pairs(loops, biases):
        at, scores = snapshots(stored, loop, bias)
        images = Images("samples", digit_images(scores), levels=16)
        found[_named(loop, bias)] = Frames(at, [images], _bands(stored, loop, bias, at, k))
    return found


def cloud_conditions(stored):
    """Loop and bias -> Frames of 25 clouds that a diffusion model draws, and means of its seeds."""
    found = {}
    for loop, bias in _pairs(stored.loop.values, stored.bias.values):
        one = stored.sel(loop=loop, bias=bias)
        points = Points("samples", one.points.values * POINT, **SQUARE)
        found[_named(loop, bias)] = Frames(one.generation.values, [points], _means(one, MEASURES))
    return found


def picture_conditions(stored):
    """Bias -> Frames of digits that a diffusion model draws, and means of its seeds."""
    found = {}
    for bias in stored.bias.values:
        one = stored.sel(bias=bias)
        tags = one.pictures_read.values.astype(str)
        images = Images("samples", one.pictures.values / 255, levels=16, tags=tags)
        found[in_words(bias)] = Frames(one.generation.values, [images], _means(one, MEASURES[:2]))
    return found


def _pairs(loops, biases):
    return [(loop, bias) for loop in loops for bias in biases]


def _named(loop, bias):
    return f"{POLICY_OF[loop]}, {in_words(bias)}"


def _share(name):
    return Axis(name, lower=0, upper=1)


def _bands(stored, loop, bias, at, k):
    runs = stored.sel(loop=loop, bias=bias, generation=at, k=k)
    return [Curve(name, *band(runs[name].values), axis=_share(name)) for name in MEASURES]


def _means(one, names):
    return [Curve(name, one[name].mean("seed").values, axis=_share(name)) for name in names]


def _radii(rows, k):
    return cKDTree(rows).query(rows, k + 1)[0][:, -1]  # the first neighbour is the row itself
