"""The loops that the chapter follows, as tidy frames: what is measured, and when it shows."""

import numpy as np

from collapse_lib.exact.chain import tidy
from collapse_lib.sources import zipf_shares
from collapse_lib.verdicts import categorical_measures, first_noticed, gaussian_measures, two_stages

__all__ = [
    "MEASURES",
    "STAGED_BY",
    "enters",
    "four_loops",
    "noticed",
    "stored_loops",
    "times_by_size",
]

LOSS, GAIN = "loss on real rows", "gain on own rows"
MEASURES = ("tail recall", "minority coverage", "variance", "perplexity", LOSS, GAIN)
STAGED_BY = {
    "bell curve": ("tail recall", "variance"),
    "words": ("minority coverage", "perplexity"),
    "clusters": ("minority coverage", "variance"),
    "digits": ("minority coverage", "variance"),
}


def four_loops(bell, words, clusters, digits):
    """A pandas.DataFrame with the columns loop, replicate, generation and MEASURES, NaN where a
    loop has no such measure.

    bell: an exact Gaussian chain on N(0, 1); words: an exact categorical chain on the shares of
    Zipf's law; clusters, digits: the stored runs `stages-mixture` and `vae-mnist-released`. The
    losses are nats, at least 0; the others but the gain are shares of their real values.
    """
    shares = zipf_shares(words.probabilities.shape[-1])
    return _joined(
        {
            "bell curve": tidy(**gaussian_measures(*bell)),
            "words": tidy(**categorical_measures(words.probabilities, shares)),
            **_stored(clusters, digits),
        }
    )


def stored_loops(clusters, digits):
    """The two of `four_loops` that need no run."""
    return _joined(_stored(clusters, digits))


def noticed(loops, runs: int = 10):
    """When each run first left the range of honest first models: a pandas.DataFrame with the
    columns loop, measure, replicate and generation, of the loops with that many runs.

    loops: as `four_loops` gives them. NaN where a loop has no such measure."""
    import pandas as pd

    parts = []
    for loop, part in loops.groupby("loop", sort=False):
        if part["replicate"].nunique() < runs:
            continue
        for measure in MEASURES:
            paths = _paths(part, measure)
            absent = paths.isna().all(axis=None)
            when = np.nan if absent else first_noticed(paths, generations=paths.columns)
            parts.append(
                pd.DataFrame({"replicate": paths.index, "generation": when}).assign(
                    loop=loop, measure=measure
                )
            )
    return pd.concat(parts, ignore_index=True)


def enters(loops, **levels):
    """When each run enters the two stages: a pandas.DataFrame with the columns loop, replicate,
    early, late (inf: not within the run), last, and `spread when early`, the spread of that run at
    the generation that is the median of early.

    loops: as `four_loops` gives them; levels: of `two_stages`. STAGED_BY names the measures."""
    import pandas as pd

    parts = []
    for loop, part in loops.groupby("loop", sort=False):
        tail, spread = (_paths(part, measure) for measure in STAGED_BY[loop])
        found = two_stages(tail, spread, generations=tail.columns, **levels)
        then = spread.loc[:, : np.median(found.early)].iloc[:, -1]
        parts.append(
            pd.DataFrame(
                {"loop": loop, "replicate": tail.index, "early": found.early, "late": found.late}
            ).assign(last=found.last, **{"spread when early": then.to_numpy()})
        )
    return pd.concat(parts, ignore_index=True)


def times_by_size(gaps):
    """The stored run `stages-gaps` as a pandas.DataFrame: loop, n_samples, stage, replicate and
    generation (inf: not within the run)."""
    import pandas as pd

    parts = [
        gaps[f"{stored}_{stage}"]
        .rename({f"{stored}_size": "n_samples", f"{stored}_run": "replicate"})
        .rename("generation")
        .to_dataframe()
        .reset_index()
        .assign(loop=loop, stage=stage)
        for loop, stored in (("bell curve", "gaussian"), ("words", "zipf"))
        for stage in ("early", "late")
    ]
    return pd.concat(parts, ignore_index=True)


def _stored(clusters, digits):
    return {"clusters": clusters.to_dataframe().reset_index(), "digits": _of_digits(digits)}


def _joined(frames):
    import pandas as pd

    joined = pd.concat([frame.assign(loop=loop) for loop, frame in frames.items()])
    joined[LOSS] = (-joined["real rows"]).clip(lower=0)
    joined = joined.rename(columns={"own rows": GAIN})
    return joined.reindex(columns=["loop", "replicate", "generation", *MEASURES]).reset_index(
        drop=True
    )


def _paths(part, measure):
    return part.pivot(index="replicate", columns="generation", values=measure)


def _of_digits(digits):
    import xarray as xr

    real, fitted = digits.sel(generation=0), digits.sel(generation=slice(1, None))
    bound = digits["bound"].rename(fit="generation")
    measured = {
        "minority coverage": fitted["class_recall"].min("class"),
        "variance": (fitted["latent_spread"] / real["latent_spread"]) ** 2,
        "perplexity": np.exp(fitted["class_entropy"] - real["class_entropy"]),
        "real rows": bound - bound.max("generation"),
    }
    tables = [array.rename(name).reset_coords(drop=True) for name, array in measured.items()]
    return xr.merge(tables).to_dataframe().reset_index().rename(columns={"seed": "replicate"})
