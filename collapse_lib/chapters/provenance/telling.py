"""Frames behind the sections on detectors: flags by base rate, a real model's readings, a loss."""

from collapse_lib import metrics, theory
from collapse_lib.watermarks.detection import auroc

__all__ = ["flagged", "lost", "read_by_smollm"]

WRITTEN = {"replace": "at temperature 1", "replace, beam of 5": "by a beam of 5"}
RIGHT, WRONG = "synthetic, as flagged", "by people, wrongly flagged"


def flagged(*, hit_rate, false_alarm_rate, percents, n):
    """A tidy frame of n flagged texts for collections of which some per cent are synthetic: how
    many of them are, by Bayes' rule. Its attrs["said"] says the same in words."""
    import pandas as pd

    rows, said = [], []
    for percent in percents:
        right = round(n * float(theory.flag_precision(percent / 100, hit_rate, false_alarm_rate)))
        collection = f"{percent} % synthetic"
        for text, count in ((RIGHT, right), (WRONG, n - right)):
            rows.append({"collection": collection, "text": text, "flagged texts": count})
        said.append(f"of a collection that is {collection}, {n - right} are by people")
    frame = pd.DataFrame.from_records(rows)
    frame.attrs["said"] = f"Of {n:,} flagged texts {'; '.join(said)}."
    return frame


def read_by_smollm(told):
    """A tidy frame of AUROC by how the text was written and by seed, from the stored experiment
    "detection": SmolLM2 reads real blocks and what its copies of generation 1 wrote."""
    import pandas as pd

    first = told.sel(generation=1)
    rows = [
        {"written": words, "seed": f"seed {seed}", "replicate": 0,
         "auroc": auroc(first.lm_machine.sel(arm=arm).isel(seed=seed), human)}
        for arm, words in WRITTEN.items()
        for seed, human in enumerate(told.lm_human.values)
    ]  # fmt: skip
    return pd.DataFrame.from_records(rows)


def lost(generation):
    """Metric: how far the diversity of a model of two kinds lies below that of a fair coin, %."""
    return 100 * (1 - metrics.heterozygosity(generation.model.probabilities_) / 0.5)
