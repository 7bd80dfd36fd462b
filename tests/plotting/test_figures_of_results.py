"""One grammar: figures and tables of frames, runs, exact chains and stored experiments."""

import numpy as np
import pandas
import pytest
from sentences import says

from collapse_lib import exact, metrics, run_loop, sweep
from collapse_lib.chapters import load
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.plotting import Axis, Theory, bars, curves, palette, small_multiples, table
from collapse_lib.policies import Anchored, Replace
from collapse_lib.sources import GaussianSource

SIZES = {"n_samples": 20, "n_generations": 8, "n_replicates": 30, "seed": 4}
POLICIES = {"newest": Replace(), "first kept": Anchored()}


@pytest.fixture(scope="module")
def frame():
    grid = {"policy": POLICIES, "sampling_bias": [1.0, 0.8]}
    return sweep(grid, engine=exact.gaussian_chain, **SIZES)


@pytest.fixture(scope="module")
def run():
    return run_loop(
        Gaussian(), GaussianSource(), Replace(), n_samples=20, n_generations=6, seed=1,
        metrics={"variance": lambda g: g.model.variance_, "mean": lambda g: g.model.mean_},
    )  # fmt: skip


# --- frames of exact chains -------------------------------------------------------------------


def test_a_sweep_of_exact_chains_is_those_chains(frame):
    assert list(frame) == ["policy", "sampling_bias", "replicate", "generation", "mean", "variance"]
    assert len(frame) == 4 * 30 * 8
    for label, policy in POLICIES.items():
        for bias in (1.0, 0.8):
            alone = exact.gaussian_chain(policy, sampling_bias=bias, **SIZES)
            part = frame[(frame.policy == label) & (frame.sampling_bias == bias)]
            assert np.array_equal(part.variance.to_numpy().reshape(30, 8), alone.variance)


def test_metrics_of_exact_chains_are_columns():
    own = {"diversity": metrics.heterozygosity, "blue": lambda p: p[..., 1]}
    found = sweep(
        {"temperature": [1.0, 0.9]}, engine=exact.categorical_chain, policy=Replace(),
        p=[0.9, 0.1], metrics=own, **SIZES,
    )  # fmt: skip
    assert list(found) == ["temperature", "replicate", "generation", "diversity", "blue"]
    assert np.allclose(found.diversity, 2 * found.blue * (1 - found.blue))
    paths = exact.gaussian_chain(Replace(), **SIZES)
    risk = paths.to_frame({"risk": lambda mean, variance: mean**2 + (variance**0.5 - 1) ** 2})
    assert np.allclose(risk.risk, risk["mean"] ** 2 + (np.sqrt(risk.variance) - 1) ** 2)
    with says(
        "to_frame: metric 'whole' must give one number a replicate and generation, (30, 8); "
        "got (30,)."
    ):
        paths.to_frame({"whole": lambda mean, variance: mean[:, 0]})


@pytest.mark.parametrize("name", ["generation", "replicate", "mean", "variance", 3])
def test_a_metric_of_an_exact_chain_takes_no_column_that_is_there(name):
    paths = exact.gaussian_chain(Replace(), **SIZES)
    with says(
        "A metric's name must be a text other than generation, replicate, mean, variance; "
        f"got {name!r}."
    ):
        paths.to_frame({name: lambda mean, variance: mean})


# --- curves -----------------------------------------------------------------------------------


def test_a_run_draws_itself(run):
    figure = run.plot("variance")
    assert figure.table["generation"].tolist() == [1, 2, 3, 4, 5, 6]
    assert np.array_equal(figure.table["variance"], run.column("variance"))
    first, last = run.column("variance")[[0, -1]]
    assert figure.title == "Variance by generation" and figure.name == "variance-by-generation"
    assert (
        f"variance: {first:.3g} at generation 1" in figure.alt and f"{last:.3g} at 6" in figure.alt
    )
    assert figure.caption == "One run."
    assert list(run.plot("variance", "mean").table) == ["generation", "variance", "mean"]
    with says("curves: frame must have a column 'speed'; it has 'generation', 'variance', 'mean', "
              "'replicate'."):  # fmt: skip
        run.plot("speed")


def test_stored_experiments_are_drawn_as_they_are():
    chosen = load("mad-digits").sel(k=5, bias=0.5)
    figure = curves(chosen, x="generation", y="recall", by="loop")
    stored = chosen.recall.sel(loop="synthetic").median("seed")
    assert np.allclose(figure.table["synthetic"], stored)
    assert figure.caption == "Median and central 80 % of 10 runs."


def test_means_have_two_standard_errors(frame):
    part = frame[(frame.policy == "newest") & (frame.sampling_bias == 1)]
    table = curves(part, x="generation", y="variance", mean=True).table
    at = part.groupby("generation").variance
    assert np.allclose(table["variance"], at.mean())
    assert np.allclose(table["variance, upper"], at.mean() + 2 * at.sem())
    assert np.allclose(table["variance, lower"], at.mean() - 2 * at.sem())


def test_points_are_dots_with_whiskers(frame):
    part = frame[frame.sampling_bias == 1]
    settings = {"x": "generation", "y": "variance", "by": "policy"}
    lines, dots = (curves(part, points=points, **settings) for points in (False, True))
    assert dots.table.keys() == lines.table.keys()
    assert dots.svg() != lines.svg() and "fill-opacity" not in dots.svg()


def test_numbers_that_tell_settings_apart_are_named(frame):
    part = frame[frame.policy == "newest"]
    found = curves(part, x="generation", y="variance", by="sampling_bias")
    assert {"sampling bias 1", "sampling bias 0.8"} <= set(found.table)


# --- several panels, bars ---------------------------------------------------------------------


def test_a_panel_a_value_or_a_panel_a_measure(frame):
    x, y = "generation", Axis("variance left", column="variance")
    law = Theory("law", [1, 8], [1.0, 0.7], "derived here")
    split = small_multiples(
        frame, x=x, y=y, split="sampling_bias", by="policy", theory={"sampling bias 1": [law]}
    )
    part = frame[(frame.policy == "newest") & (frame.sampling_bias == 0.8)]
    median = part.groupby("generation").variance.median()
    assert np.allclose(split.table["sampling bias 0.8, newest"], median)
    assert "sampling bias 1, law" in split.table and "sampling bias 0.8, law" not in split.table
    both = Axis("of the fit", column=["mean", "variance"])
    measures = small_multiples(frame[frame.policy == "newest"], x=x, y=both, by="sampling_bias")
    assert np.allclose(measures.table["variance, sampling bias 0.8"], median)
    assert "mean, sampling bias 1" in measures.table


def test_bars_of_a_frame(frame):
    last = frame[frame.generation == 8]
    figure = bars(last, category="policy", by="sampling_bias", value="variance")
    at = last.groupby(["sampling_bias", "policy"], sort=False).variance.median()
    assert figure.table["category"].tolist() == list(POLICIES)
    assert np.allclose(figure.table["sampling bias 0.8"], at[0.8])
    alone = bars(last[last.sampling_bias == 1], category="policy", value="variance", mean=True)
    assert "30 runs, and two standard errors" in alone.caption
    assert palette.SYNTHETIC.css in alone.svg()


# --- tables -----------------------------------------------------------------------------------


def levels():
    columns = pandas.MultiIndex.from_product([[1.0, 0.8], [10, 1000]], names=["bias", "generation"])
    values = [[0.81, 0.001, np.nan, -0.5], [1234.5, 1.0, 2.0, 3.0]]
    return pandas.DataFrame(values, pandas.Index(["a <b>", "c, d"], name="policy"), columns)


def test_a_table_is_read_by_eye_ear_and_machine():
    found = table(levels(), caption="What is left", formats="{:.2f}")
    assert repr(found) == (
        "Table: What is left\n"
        "bias, 1, 1, 0.8, 0.8\n"
        "policy, 10, 1000, 10, 1000\n"
        "a <b>, 0.81, 0.00, , \N{MINUS SIGN}0.50\n"
        "c, d, 1234.50, 1.00, 2.00, 3.00"
    )
    html = found.html()
    assert (
        "<caption><span>What is left</span></caption>" in html and 'id="table-what-is-left"' in html
    )
    assert '<th colspan="2" scope="colgroup">0.8</th>' in html
    assert '<th scope="row">a &lt;b&gt;</th>' in html and 'scope="col">1000<' in html
    assert found.csv().splitlines()[2:] == [
        "a <b>,0.81,0.00,,-0.50",
        '"c, d",1234.50,1.00,2.00,3.00',
    ]
    assert "script" not in html and "http" not in html
    assert found._repr_mimebundle_() == {"text/html": html, "text/plain": repr(found)}


def test_formats_by_column_and_whole_numbers():
    plain = pandas.DataFrame(
        {"n_rows": [10_000, 2026], "share": [0.12345, 1.0], "kind": ["x", None]}
    )
    found = table(plain, caption="Rows", formats={"share": "{:.1f} s"})
    assert found.heads == (("n rows", "share", "kind"),)
    assert found.rows == (("10,000", "0.1 s", "x"), ("2026", "1.0 s", ""))
    series = plain.set_index("n_rows").share
    assert table(series, caption="One").rows == (("10,000", "0.123"), ("2026", "1"))


def test_what_a_table_refuses():
    with says("table: frame must be of type DataFrame or Series; got [1, 2].", TypeError):
        table([1, 2], caption="x")
    with says("table: frame must have at least one row; got none."):
        table(levels().iloc[:0], caption="x")
    with says("table: column of formats must be one of 'a'; got 'b'."):
        table(pandas.DataFrame({"a": [1]}), caption="x", formats={"b": "{}"})


def test_bars_stand_at_their_own_categories():
    unordered = pandas.DataFrame(
        {"by": [*"AABB"], "k": ["cat", "dog", "dog", "cat"], "replicate": 0, "v": [1, 2, 20, 10]}
    )
    found = bars(unordered, category="k", by="by", value="v").table
    assert found["category"].tolist() == ["cat", "dog"]
    assert found["A"].tolist() == [1, 2] and found["B"].tolist() == [10, 20]
    with says("bars: B has no row of k 'cat'; give all bars."):
        bars(unordered.iloc[:3], category="k", by="by", value="v")


def test_captions_name_the_level_and_equal_labels_are_refused(frame):
    last = frame[(frame.generation == 8) & (frame.sampling_bias == 1)]
    assert "central 50 %" in bars(last, category="policy", value="variance", level=0.5).caption
    many = last.assign(n=[10**6 + k % 2 for k in range(len(last))])
    with says("n: two of its values have one label; name them by texts of your own."):
        curves(many, x="generation", y="variance", by="n")


def test_an_axis_of_a_sweep_hides_no_measure():
    with says("The chain measures 'mean' itself: it cannot be an axis."):
        sweep({"mean": [0.0, 5.0]}, engine=exact.gaussian_chain, policy=Replace(), **SIZES)


def test_large_values_close_together_have_ticks():
    far = pandas.DataFrame({"generation": [1, 2], "m": [1e6, 1e6 + 3], "replicate": 0})
    assert "1,000,003" in curves(far, x="generation", y="m").svg()
