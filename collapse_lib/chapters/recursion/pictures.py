"""Results of the chapter `recursion` as what its figures draw."""

import re

import numpy as np

from collapse_lib.loop import run_loop

UNIT = re.compile(r"_(mm|cm|m|km|g|kg|s|h)$")

FATES = ("blue gone", "both left", "yellow gone")


def urns(run, names, generations):
    """What a run over categories learned from, for a waffle: title -> colour -> objects."""
    chosen = {f"generation {g.index}": g for g in run if g.index in generations}
    return {
        title: dict(zip(names, np.bincount(g.train.rows, minlength=len(names)), strict=True))
        for title, g in chosen.items()
    }


def fates(paths):
    """The runs of an urn of two colours that hold one or both, in per cent, as a tidy frame.

    paths: CategoricalPaths; columns: generation, fate (blue is category 1), runs (%).
    """
    import pandas as pd

    blue = paths.probabilities[..., 1]  # (n_replicates, n_generations)
    gone, alone = (blue == 0).mean(axis=0), (blue == 1).mean(axis=0)
    shares = dict(zip(FATES, (gone, 1 - gone - alone, alone), strict=True))
    frame = pd.DataFrame(shares).rename_axis("generation").mul(100)
    frame.index += 1
    return frame.melt(var_name="fate", value_name="runs (%)", ignore_index=False).reset_index()


def missed(counts, copied, occurrences):
    """Words of a text by whether its copy holds them, for a waffle.

    counts, copied: (K,) occurrences in the text and in its copy; occurrences: title -> which count.
    """
    fields = {}
    for title, number in occurrences.items():
        there = copied[counts == number] > 0
        fields[title] = {"in the copy": int(there.sum()), "missed": int((~there).sum())}
    return fields


def survival(paths, counts, groups, after):
    """Words that are left of those with equally many occurrences, in per cent, as a tidy frame.

    paths: CategoricalPaths whose generation k is the k-th copy; counts: (K,) in the real text;
    groups: numbers of occurrences; after: numbers of copies. Columns: replicate, occurrences,
    copies, alive.
    """
    import pandas as pd

    records = [
        (replicate, int(c), f"after {k}", 100 * share)
        for k in after
        for c in groups
        for replicate, share in enumerate(
            (paths.probabilities[:, k - 1, counts == c] > 0).mean(axis=1)
        )
    ]
    return pd.DataFrame(records, columns=["replicate", "occurrences", "copies", "alive"])


def training_sets(policies, model, source, *, n_samples, generation, seed):
    """What each policy trains on in one generation, by `origin`, for a waffle: title -> counts."""
    fields = {}
    for title, policy in policies.items():
        run = run_loop(
            model, source, policy, n_samples=n_samples, n_generations=generation, seed=seed
        )
        origin = run[-1].train.origin
        fields[title] = {
            "real": int((origin == 0).sum()),
            "older samples": int(((origin > 0) & (origin < generation - 1)).sum()),
            "newest samples": int((origin == generation - 1).sum()),
        }
    return fields


def kinds_of(run, reader, kinds):
    """How many samples of each generation a reader takes for each kind, as a tidy frame.

    reader: a fitted classifier; kinds: its classes. Columns: generation, kind, images.
    """
    import pandas as pd

    read = {g.index: reader.predict(g.sample) for g in run}
    records = [
        (t, f"{kind:g}", int((found == kind).sum())) for t, found in read.items() for kind in kinds
    ]
    return pd.DataFrame(records, columns=["generation", "kind", "images"])


def bells_of(places, variances, *, after):
    """Two panels of bells: a dot in a copier that blurs by one unit, and a loop that narrows.

    places: (n,) evenly spaced about 0; variances: (T,) of the loop in generations 1, 2, ...;
    after: numbers of copies.
    """
    from scipy.ndimage import gaussian_filter1d
    from scipy.stats import norm

    from collapse_lib.plotting import Panel, Series, palette

    unit = 1 / (places[1] - places[0])  # in places
    copier, loop = [], []
    for role, k in zip(palette.CATEGORICAL, after, strict=False):
        page = np.where(np.abs(places) < 0.5 / unit, unit, 0.0)
        for _ in range(k):
            page = gaussian_filter1d(page, unit, mode="constant")
        bell = norm.pdf(places, scale=np.sqrt(variances[k - 1]))
        copier.append(Series(f"after {k}", places, page, role=role))
        loop.append(Series(f"after {k}", places, bell, role=role))
    return [Panel("a copier blurs", copier), Panel("a loop samples", loop)]


def drifting(run, source, generations, *, name):
    """Real rows beside the samples of some generations, one panel each: a BookFigure.

    run: of a source of tables. Of more than two columns the first two are drawn, and a single one
    over the number of the row. The axes reach a little further than the real rows.
    """
    from collapse_lib.plotting import Cloud, Panel, palette, scatter_panels

    def plane(rows):
        rows = np.asarray(rows, dtype=float).reshape(len(rows), -1)
        return np.column_stack([rows, np.arange(1, len(rows) + 1)])[:, :2]

    def clouds(t):
        sampled = Cloud("sampled", plane(run[t - 1].sample), role=palette.SYNTHETIC)
        return [Cloud("real", real, role=palette.REAL), sampled]

    real = plane(run[0].train.rows)
    x, y = _axes(source, real)
    spreads = [plane(run[t - 1].sample)[:, 0].std() for t in generations]
    said = zip(spreads, generations, strict=True)
    called = source.name.capitalize() if source.name.isalpha() else source.name
    return scatter_panels(
        [Panel(f"generation {t}", clouds(t)) for t in generations],
        name=name,
        title=f"{called} drawn by models that learned from models",
        caption=f"One run of {len(real)} rows a generation. Blue: real rows. Orange: samples of "
        "that generation's model.",
        alt=f"Real rows and samples at {len(generations)} generations. Real rows spread along "
        f"{x.label} by {real[:, 0].std():.3g}, and samples by "
        + ", ".join(f"{spread:.3g} at generation {t}" for spread, t in said)
        + ".",
        x=x,
        y=y,
    )


def _axes(source, rows):
    """Two Axis named by the columns, each a fifth longer than the real rows (n, 2) are spread."""
    from collapse_lib.plotting import Axis

    width = np.asarray(source.rows).reshape(len(source.rows), -1).shape[1]
    names = [*source.columns, *(f"column {k}" for k in range(len(source.columns) + 1, width + 1))]
    names = [*(UNIT.sub(r" (\1)", each).replace("_", " ") for each in names), "row"][:2]
    lower, upper = rows.min(axis=0), rows.max(axis=0)
    room = np.where(upper > lower, 0.1 * (upper - lower), 1.0)
    ends = zip(names, lower - room, upper + room, strict=True)
    return [Axis(name, lower=low, upper=high) for name, low, high in ends]
