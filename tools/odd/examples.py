"""Valid arguments, by the names of parameters; and by call where a name means something else."""

import tempfile
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

from collapse_lib import run_loop, sweep
from collapse_lib.data import Dataset as Rows
from collapse_lib.metrics import entropy
from collapse_lib.models import Gaussian, NGram
from collapse_lib.policies import MixReal, Replace
from collapse_lib.policies.detectors import Detector, GoldenWeight
from collapse_lib.provenance import Head, Ledger, merkle_root, prove
from collapse_lib.sources import Finite, GaussianSource
from collapse_lib.watermarks import Gumbel

__all__ = ["BY_CALL", "BY_NAME"]


def normal(*shape):
    return np.random.default_rng(5).normal(size=shape)


def tokens(n=12, length=8, k=6):
    return np.random.default_rng(6).integers(0, k, (n, length))


def labelled(n=60):
    inputs = normal(n, 2)
    return np.column_stack([inputs, inputs[:, 0] + 0.5 * normal(n, 3)[:, 2] > 0])


def first_column(rows):
    return np.reshape(rows, (len(rows), -1))[:, 0]


def even(rows):
    return np.arange(len(rows)) % 2 == 0


def identity(rows, rng):
    return rows


METRICS = {"spread": lambda generation: float(generation.sample.std())}


def run(seed=3):
    return run_loop(
        Gaussian(),
        GaussianSource(),
        Replace(),
        n_samples=20,
        n_generations=3,
        seed=seed,
        metrics=METRICS,
    )


EVEN = np.arange(20) % 2


def sweep_frame(n_samples=20):
    frame = sweep(
        {"n_samples": [n_samples]},
        n_replicates=3,
        seed=1,
        model=Gaussian(),
        source=GaussianSource(),
        policy=Replace(),
        n_generations=2,
        metrics=METRICS,
    )
    return frame.drop(columns="n_samples")


def history():
    return [Rows.from_generation(normal(20), t) for t in range(3)]


def ngram():
    return NGram(n_tokens=6).fit(tokens(), rng=np.random.default_rng(1))


def file(name, text):
    path = Path(tempfile.mkdtemp(prefix="odd")) / name
    path.write_text(text, "utf-8")
    return path


NOTEBOOK = """{"cells": [{"cell_type": "markdown", "metadata": {}, "id": "a",
    "source": "One sentence stands here. And another one stands beside it."}],
    "nbformat": 4, "nbformat_minor": 5, "metadata": {}}"""


def ledger():
    kept = Ledger(Path(tempfile.mkdtemp(prefix="odd")) / "ledger.jsonl")
    kept.source("birds")
    kept.dataset("rows", normal(5), [("birds", 5)])
    return kept


def run_ledger():
    kept = Ledger(Path(tempfile.mkdtemp(prefix="odd")) / "ledger.jsonl")
    run_loop(
        Gaussian(), GaussianSource(), Replace(), n_samples=5, n_generations=2, seed=1, ledger=kept
    )
    return kept


def score():
    from collapse_lib.verdicts.definitions import lost_tails

    return lost_tails(paths())


def picture():
    from collapse_lib.provenance.pictures import as_png

    return as_png(np.arange(64, dtype=np.uint8).reshape(8, 8))


def frame():
    return run().to_frame()


def paths(k=3):
    return np.random.default_rng(2).random((4, k)) * 0.5 + 0.25


BY_NAME = {
    # rows and laws
    "rows": lambda: normal(40, 2),
    "reference": lambda: normal(30, 2) + 0.2,
    "rows_a": lambda: tokens(1, 40)[0],
    "rows_b": lambda: tokens(1, 30)[0],
    "blocks": tokens,
    "origin": lambda: np.arange(40) % 3,
    "p": lambda: np.array([0.5, 0.3, 0.2]),
    "q": lambda: np.array([0.2, 0.3, 0.5]),
    "p0": lambda: np.array([0.6, 0.3, 0.1]),
    "probabilities": lambda: np.array([0.5, 0.3, 0.2]),
    "reward": lambda: np.array([0.5, 1.0, 2.0]),
    "prior": lambda: np.array([1.0, 2.0, 3.0]),
    "start": lambda: np.array([0.2, 0.3, 0.5]),
    "weights": lambda: np.array([0.25, 0.75]),
    "means": lambda: np.array([[0.0, 0.0], [1.0, 2.0]]),
    "covariances": lambda: np.array([np.eye(2), 2 * np.eye(2)]),
    "covariance": lambda: np.eye(2),
    "counts": lambda: np.array([4, 3, 5]),
    "eigenvalues": lambda: np.array([3.0, 2.0, 0.5]),
    "sizes": lambda: [10, 20, 40],
    "shares": lambda: (0.5, 0.5),
    "mean": lambda: 0.5,
    "std": lambda: 1.5,
    "variance": lambda: paths() + 0.5,
    "reference_mean": lambda: 0.0,
    "reference_std": lambda: 1.0,
    "centre": lambda: 0.5,
    "radius": lambda: 1.5,
    "a": run,
    "b": lambda: run(4),
    "runs": lambda: [run(), run(4)],
    "measure": lambda: "spread",
    # numbers
    **dict.fromkeys(["n_samples", "n_original"], lambda: 50),
    **dict.fromkeys(["n_real", "n_synthetic", "n_samples_generator", "n"], lambda: 20),
    **dict.fromkeys(["t", "n_generations", "n_replicates", "n_tokens", "n_categories"], lambda: 6),
    **dict.fromkeys(["n_features", "n_parameters", "n_group", "n_fresh_rows"], lambda: 3),
    "n_fresh": lambda: 2,
    **dict.fromkeys(["n_scored", "n_rows"], lambda: 12),
    "n_green": lambda: 7,
    "n_records": lambda: 4,
    "context": lambda: 2,
    "index": lambda: 1,
    "seed": lambda: 3,
    "key": lambda: 11,
    "sampling_bias": lambda: 0.9,
    "strength": lambda: 0.5,
    "ratio": lambda: 0.5,
    "weight": lambda: 0.5,
    "shift": lambda: 0.7,
    "tv": lambda: 0.4,
    "omega": lambda: 0.5,
    "blur_std": lambda: 0.4,
    "bandwidth": lambda: 0.3,
    "noise_variance": lambda: 0.2,
    "shrinkage": lambda: 0.9,
    "temperature": lambda: 0.9,
    "expected_count": lambda: 2.5,
    "d_prime": lambda: 1.2,
    "h0": lambda: 0.5,
    "power": lambda: 0.5,
    "first": lambda: 10,
    "entropy": lambda: 1.1,
    "threshold": lambda: 0.4,
    "level": lambda: 0.5,
    "width": lambda: 6.0,
    "share": lambda: 0.3,
    "tail_mass": lambda: 0.1,
    **dict.fromkeys(
        [
            "real_fraction",
            "hit_rate",
            "false_alarm_rate",
            "keep_correct",
            "keep_wrong",
            "p_wrong",
            "synthetic_fraction",
            "synthetic_share",
            "marked_share",
            "rho",
            "edited_share",
        ],
        lambda: 0.3,
    ),
    # objects
    "model": Gaussian,
    "source": GaussianSource,
    "policy": Replace,
    "rng": lambda: np.random.default_rng(4),
    "metric": lambda: entropy,
    "history": history,
    "generations": lambda: list(run()),
    "scheme": lambda: Gumbel(3),
    "train": lambda: None,
    "sample": lambda: normal(20),
    "keep": lambda: Detector(0.5, 0.1),
    "group": lambda: even,
    "correct": lambda: even,
    "grid": lambda: {"n_samples": [10, 20]},
    # verdicts
    "risk": lambda: paths(5) + 0.5,
    "tail": paths,
    "spread": paths,
    "outside": paths,
    "overlap": paths,
    "values": paths,
    # watermarks
    "texts": tokens,
    "others": lambda: tokens()[::-1].copy(),
    "contexts": lambda: tokens(2, 5),
    "marked": tokens,
    "plain": tokens,
    "machine": lambda: normal(20) + 1,
    "human": lambda: normal(20),
    "student": lambda: NGram(n_tokens=6),
    # files and records
    "text": lambda: "one fish two fish red fish",
    "ledger": ledger,
    "dataset": lambda: "rows",
    "digest": lambda: "0" * 64,
    "picture": picture,
    "array": lambda: np.arange(64, dtype=np.uint8).reshape(8, 8),
    "name": lambda: "a-name",
    # plots
    "label": lambda: "a label",
    "title": lambda: "A title",
    "caption": lambda: "A caption.",
    "alt": lambda: "A line falls.",
}


def plot(name):
    """What makes a mark or an axis, without matplotlib before it is asked for."""
    return lambda *given, **more: getattr(import_module("collapse_lib.plotting"), name)(
        *given, **more
    )


series, axis, panel = plot("Series"), plot("Axis"), plot("Panel")
AXES = {"x": lambda: axis("generation"), "y": lambda: axis("value")}
T = np.arange(1.0, 5.0)
PLOTS = {
    "plotting.Bars": {"values": lambda: T},
    "plotting.BookTable": {"heads": lambda: ("a", "b"), "rows": lambda: (("1", "2"),)},
    "plotting.Histogram": {"edges": lambda: np.arange(5.0), "heights": lambda: T},
    "plotting.Panel": {"marks": lambda: [series("a", T, T)]},
    "plotting.Series": {"x": lambda: T, "median": lambda: 1 / T},
    "plotting.Strip": {"images": lambda: np.ones((2, 3, 3))},
    "plotting.Theory": {"x": lambda: T, "values": lambda: 1 / T, "source": lambda: "a law"},
    "plotting.areas": {
        "x": lambda: T,
        "shares": lambda: np.full((2, 4), 0.5),
        "labels": lambda: ["a", "b"],
        "value": lambda: axis("share"),
        "along": lambda: axis("generation"),
    },
    "plotting.bars": {
        "categories": lambda: ["a", "b"],
        "groups": lambda: [plot("Bars")("one", [1.0, 2.0])],
        "value": lambda: axis("value"),
        "name": lambda: "a-name",
        "title": lambda: "A title",
        "caption": lambda: "A caption.",
        "alt": lambda: "A line falls.",
    },
    "plotting.curves": {
        "series": lambda: [series("a", T, 1 / T)],
        **AXES,
        "name": lambda: "a-name",
        "title": lambda: "A title",
        "caption": lambda: "A caption.",
        "alt": lambda: "A line.",
    },
    "plotting.heat": {
        "rows": lambda: ["a", "b"],
        "columns": lambda: ["c", "d", "e"],
        "values": lambda: np.arange(6.0).reshape(2, 3),
        "value": lambda: "a value",
    },
    "plotting.image_strip": {"strips": lambda: [plot("Strip")("a", np.ones((2, 3, 3)))]},
    "plotting.lineage_drawing": {"shares": lambda: np.array([[1.0, 0.0], [0.5, 0.5]])},
    "plotting.scatter_panels": {
        "panels": lambda: [panel("p", [plot("Cloud")("a", normal(9, 2))])],
        **AXES,
    },
    "plotting.small_multiples": {
        "panels": lambda: [panel("p", [series("a", T, 1 / T)])],
        **AXES,
        "name": lambda: "a-name",
        "title": lambda: "A title",
        "caption": lambda: "A caption.",
        "alt": lambda: "A line falls.",
    },
    "plotting.table": {"frame": lambda: pd.DataFrame({"a": ["x", "y"], "b": [1.0, 2.0]})},
    "plotting.waffle": {"counts": lambda: {"a": 4, "b": 3}, "value": lambda: "rows"},
}


BY_CALL = {
    **{
        f"metrics.{name}": {"rows": lambda: tokens(1, 40)[0], "reference": lambda: tokens(1, 30)[0]}
        for name in ("support_coverage", "surviving_vocabulary", "vocabulary_size", "hapax_share")
    },
    **{
        f"metrics.{name}": {"rows": lambda: normal(40), "reference": lambda: normal(30)}
        for name in ("lower_tail_recall", "tail_mass")
    },
    "metrics.distinct_n": {"rows": tokens},
    "metrics.ngram_types": {"rows": tokens},
    "metrics.zipf_exponent": {"rows": lambda: np.repeat([0, 1, 2, 3], [9, 5, 3, 2])},
    "metrics.wasserstein": {"rows": lambda: normal(40), "reference": lambda: normal(30)},
    "metrics.log_likelihood": {"model": lambda: Gaussian().fit(normal(40, 2))},
    "metrics.perplexity": {"model": ngram, "rows": tokens},
    "theory.absent_probability": {"p": lambda: 0.1},
    "theory.uncollapsed_probability": {"p": lambda: 0.1},
    "theory.regression_risk_overparametrised": {"n_samples": lambda: 3, "n_features": lambda: 6},
    "theory.compose_inbreeding": {"shares": lambda: 0.2},
    "watermarks.detection.likelihood_scores": {"model": ngram, "rows": tokens},
    "watermarks.attacks.paraphrased": {"model": ngram},
    "watermarks.radioactivity.trace": {"rows": tokens},
    "watermarks.radioactivity.diet": {"n_rows": lambda: 8},
    "verdicts.tail_loss_time": {"p": lambda: np.array([0.6, 0.35, 0.05])},
    "verdicts.categorical_measures": {
        "probabilities": lambda: np.full((2, 3, 4), 0.25),
        "p": lambda: np.array([0.5, 0.3, 0.15, 0.05]),
    },
    "verdicts.gaussian_measures": {"mean": paths, "variance": paths},
    "verdicts.first_noticed": {"values": lambda: normal(12, 4)},
    "verdicts.profile": {"risk": lambda: paths() + 0.5},
    "verdicts.profile_frame": {"profiles": lambda: {"one": [score()]}},
    "verdicts.definitions.scaling_change": {
        "n_samples": lambda: [10, 20, 40],
        "risk": lambda: 1 / (1 + np.arange(60.0).reshape(3, 4, 5)),
    },
    "verdicts.Stages": {
        "early": lambda: np.array([1.0, 2.0]),
        "late": lambda: np.array([3.0, 4.0]),
        "last": lambda: 9,
        "tail_level": lambda: 0.5,
        "spread_level": lambda: 0.1,
    },
    "loop.Band": {name: lambda: normal(4) for name in ("median", "lower", "upper")},
    "loop.band": {"runs": lambda: normal(8, 4)},
    "loop.compare": {"a": sweep_frame, "b": lambda: sweep_frame(30)},
    "Generation": {"reference": lambda: normal(20), "model": Gaussian},
    "run_loop": {"n_samples": lambda: 20},
    "sweep": {
        "fixed": lambda: {
            "model": Gaussian(),
            "source": GaussianSource(),
            "policy": Replace(),
            "n_generations": 2,
        },
    },
    "Dataset": {"weights": lambda: np.ones(40)},
    "exact.CategoricalPaths": {"probabilities": lambda: np.full((2, 3, 4), 0.25)},
    "exact.GaussianPaths": {"mean": lambda: normal(4, 3), "variance": lambda: normal(4, 3) ** 2},
    "policies.Curated": {"policy": lambda: MixReal(0.5), "reward": lambda: first_column},
    "policies.Filtered": {"policy": lambda: MixReal(0.5)},
    "policies.Resampled": {"policy": lambda: MixReal(0.5)},
    "policies.Stratified": {"policy": lambda: MixReal(0.5)},
    "policies.Weighted": {"policy": lambda: MixReal(0.5), "weight": GoldenWeight},
    "policies.detectors.GoldenWeight": {"history": lambda: [None, Rows(normal(20), EVEN)]},
    "sources.Dealing": {"source": lambda: Finite(normal(40)), "order": lambda: np.arange(40)},
    "sources.Blocks": {"rows": lambda: tokens(20), "vocabulary": lambda: tuple("abcdef")},
    "sources.Words": {"rows": lambda: tokens(1, 40)[0], "names": lambda: tuple("abcdef")},
    "sources.FiniteCategories": {
        "rows": lambda: tokens(1, 40)[0],
        "names": lambda: tuple("abcdef"),
    },
    "sources.LinearRows": {"weights": lambda: np.array([1.0, 2.0])},
    "sources.MultivariateGaussian": {"mean": lambda: np.zeros(2)},
    "sources.FixedProportions": {"n": lambda: 24},
    "sources.from_csv": {"path": lambda: file("t.csv", "a,b\n1,2\n3,4\n5,6\n")},
    "sources.from_json_lines": {"path": lambda: file("t.jsonl", '{"a": 1}\n{"a": 2}\n')},
    "sources.from_text": {"path": lambda: file("t.txt", "one fish two fish\n")},
    "sources.notebook_prose": {"paths": lambda: [file("t.ipynb", NOTEBOOK)]},
    "sources.BytePairs.learn": {"n_tokens": lambda: 260},
    "provenance.Ledger": {"path": lambda: Path(tempfile.mkdtemp(prefix="odd")) / "l.jsonl"},
    "provenance.verify": {"path": lambda: ledger().path},
    "provenance.check_proof": {
        "root": lambda: merkle_root(np.arange(5.0)),
        "row": lambda: np.float64(1.0),
        "proof": lambda: prove(np.arange(5.0), 1),
    },
    "provenance.Proof": {"path": lambda: ("0" * 64,)},
    "provenance.Verdict": {"head": lambda: Head(1, "0" * 64)},
    "models.Categorical": {"rows": lambda: tokens(1, 40)[0]},
    "models.DirichletCategorical": {
        "rows": lambda: tokens(1, 40)[0],
        "prior": lambda: 1.0,
    },
    "models.Uniform": {"rows": lambda: np.abs(normal(40))},
    "models.LinearClassifier": {"rows": labelled},
    "models.NGram": {"rows": tokens},
    "models.Edited": {"rows": tokens},
    "models.GaussianMixture": {"n_components": lambda: 2},
    "models.Transformer": {
        "rows": tokens,
        "steps": lambda: 2,
        "layers": lambda: 1,
        "heads": lambda: 1,
        "width": lambda: 8,
        "n_tokens": lambda: 6,
    },
    "models.VAE": {"rows": lambda: np.abs(normal(20, 16)) % 1, "epochs": lambda: 1},
    "models.Diffusion": {"steps": lambda: 2, "width": lambda: 8, "layers": lambda: 1},
    "models.ImageJudge": {"rows": lambda: normal(20, 64), "epochs": lambda: 1},
    "watermarks.Watermarked": {"model": lambda: NGram(n_tokens=6), "rows": tokens},
    **{
        f"watermarks.{name}": {"p": lambda: np.array([[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]])}
        for name in ("GreenList", "Gumbel", "Tournament")
    },
    "provenance.origin_shares": {"ledger": run_ledger},
    **PLOTS,
}
