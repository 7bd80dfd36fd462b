"""Every "with your own data" of the book: with a table, a column and a text not written for it."""

import re
from html import unescape

import numpy as np
import pytest
from cells import code_cells, run, said

from collapse_lib import policies, run_loop, sources
from collapse_lib.explorers import LiveExplorer
from collapse_lib.models.categorical import Categorical
from collapse_lib.models.gaussian import Gaussian
from collapse_lib.models.vae import VAE
from collapse_lib.plotting import Axis, Cloud, Panel, scatter_panels
from collapse_lib.policies import Replace
from collapse_lib.verdicts import profile, profile_frame, two_stages

TABLE_CELLS = ("code-03", "code-04", "code-42", "code-43", "code-83", "code-84")
TEXT_CELLS = ("code-03", "code-04", "code-70", "code-18", "code-73", "code-21", "code-22",
              "code-23", "code-24", "code-27", "code-77", "code-78")  # fmt: skip
PENGUINS = 'sources.penguins(columns=("bill_length_mm", "bill_depth_mm"))'
SHORT = "The cat sat on the mat, and the dog on the log, while a bird sang of rain. " * 4


@pytest.fixture
def files(tmp_path):
    """A table of three columns far from any penguin, and a text of a few words."""
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.normal(1e3, 5, 60), rng.normal(-2, 0.01, 60), rng.random(60)])
    table, text = tmp_path / "my.csv", tmp_path / "my.txt"
    np.savetxt(table, rows, delimiter=",", header="weight_kg,b,c", comments="")
    text.write_text(SHORT, encoding="utf-8")
    return table, text


def with_own(chapter, cells, line, own):
    """Run these cells of a chapter with one call replaced; all named outputs, as HTML."""
    sources_of = {name: code_cells(chapter)[name] for name in cells}
    assert sum(source.count(line) for source in sources_of.values()) == 1
    changed = {
        name: source.replace(line, own).replace("n_replicates=8", "n_replicates=2")
        for name, source in sources_of.items()
    }
    return run(changed, {})


@pytest.mark.parametrize(
    "own, axes, called",
    [
        ('sources.from_csv("{table}", columns=("weight_kg", "b"))', ("weight (kg)", "b"), "my.csv"),
        ('sources.from_csv("{table}", columns="b")', ("b", "row"), "my.csv"),
        ('sources.from_csv("{table}")', ("weight (kg)", "b"), "my.csv"),
        ("sources.from_array(np.random.default_rng(1).normal(size=40))", ("column 1", "row"),
         "your array"),
        ("sources.penguins()", ("bill length (mm)", "bill depth (mm)"), "Penguins"),
    ],
    ids=["two columns", "one column", "all columns", "an array", "other columns"],
)  # fmt: skip
def test_a_table_takes_the_place_of_the_penguins(files, own, axes, called):
    table, _ = files
    cells = TABLE_CELLS if called == "my.csv" and len(axes[0]) == 1 else TABLE_CELLS[:4]
    outputs = with_own("recursion", cells, PENGUINS, own.format(table=table))
    picture = outputs["code-43"]
    words = unescape(said(picture))
    assert words.startswith(f"{called} drawn by models")
    for label in axes:
        assert f">{label}<" in picture or label in words
    real = re.findall(r"<td[^>]*>(-?[\d.]+)", picture)
    assert len(real) > 100
    assert "bird" not in said(picture) + said(outputs.get("code-84", ""))
    first = re.search(r"Outside the axes: (\d+) of the (\d+) rows of generation 1\b", words)
    assert first is None or int(first[1]) < 0.1 * int(first[2])  # no panel is empty at the start


def test_a_text_of_a_few_words_takes_the_place_of_the_documentation(files):
    _, text = files
    outputs = with_own(
        "recursion",
        TEXT_CELLS,
        'sources.docstrings("numpy", sha256="277ed56eb47b")',
        f'sources.from_text("{text}")',
    )
    words = {cell: unescape(said(html)) for cell, html in outputs.items() if html}
    assert "14 different words" in words["code-73"]
    assert "Words of my.txt after" in words["code-22"]
    assert words["code-78"].startswith("14 words that were common, and as many that are")
    assert not any("NumPy" in each for each in words.values())


def test_a_text_takes_the_place_of_the_documentation_in_blocks(files):
    _, text = files
    own = text.with_name("longer.txt")
    own.write_text(" ".join(SHORT.split() * 30), encoding="utf-8")
    cells = ("926bd713", "60607dc2", "b90793c3", "8ffac5db", "c0026bcf", "d5c64457-parts",
             "d5c64457", "cfafc086")  # fmt: skip
    line = 'sources.docstrings("numpy", sha256="277ed56eb47b").blocks(64)'
    outputs = with_own("language", cells, line, f'sources.from_text("{own}").blocks(64)')
    assert "14 different words in generation 1" in said(outputs["8ffac5db"])
    assert "Exact, from the word counts of longer.txt" in said(outputs["cfafc086"])


def test_images_of_ones_own_make_a_loop_of_an_autoencoder():
    images = np.random.default_rng(0).integers(0, 256, (40, 6, 5)).astype(float)
    model = VAE(pixel_max=255, epochs=1)
    loop = run_loop(model, sources.from_array(images), Replace(), n_samples=30, n_generations=2,
                    seed=1)  # fmt: skip
    assert loop[-1].sample.shape == (30, 6, 5)


def test_measures_of_ones_own_have_stages_and_a_profile():
    rng = np.random.default_rng(0)
    early = 0.9 ** np.arange(40) * rng.uniform(0.9, 1.1, (6, 40))
    late = 0.99 ** np.arange(40) * rng.uniform(0.9, 1.1, (6, 40))
    assert np.median(two_stages(early, late).early) < 20
    shares = {name: np.clip(early, 0, 1) for name in ("variance", "tail", "overlap")}
    scores = profile(risk=1 / late, outside=1 - np.clip(early, 0, 1), **shares)
    assert len(profile_frame({"mine": scores})) == 8


OWN_PARTS = {
    "a table": {"source": sources.from_array(np.random.default_rng(0).normal(3, 2, (200, 2))),
                "measure": lambda g: g.sample.mean(), "model": None},
    "a column": {"source": sources.from_array(np.random.default_rng(0).normal(3, 2, 200))},
    "a policy": {"policy": policies.AccumulateSubsample(budget=20)},
    "a model": {"model": Gaussian(ddof=1)},
}  # fmt: skip


@pytest.mark.parametrize("own", OWN_PARTS.values(), ids=OWN_PARTS.keys())
def test_the_figures_of_the_front_page_run_parts_of_ones_own(own):
    if "model" in own and own["model"] is None:
        from collapse_lib.models.mixture import GaussianMixture

        own = own | {"model": GaussianMixture(n_components=1)}
    figure = LiveExplorer("bell", title="T", caption="C.", alt="It falls away.", n_samples=50,
                          n_generations=3)  # fmt: skip
    panel = figure.with_python(**own)
    panel.start()
    assert panel.wait(20)
    assert panel.said.value == "Done: 3 generations on rows."


def test_a_text_of_ones_own_runs_in_the_urn(files):
    _, text = files
    words = sources.from_text(text)
    figure = LiveExplorer("urn", title="T", caption="C.", alt="It falls away.", n_samples=40,
                          counts={"a": 1, "b": 1}, n_generations=3)  # fmt: skip
    panel = figure.with_python(
        source=words, model=Categorical(len(words.names)), measure=lambda g: len(set(g.sample))
    )
    panel.start()
    assert panel.wait(20)
    assert panel.said.value == "Done: 3 generations on rows."


# --- what a figure leaves out -------------------------------------------------------------------


def panels_of(rows):
    return [Panel(f"panel {k}", [Cloud("a", each)]) for k, each in enumerate(rows)]


def caption_of(rows, **limits):
    axes = {"x": Axis("x", **limits.get("x", {})), "y": Axis("y", **limits.get("y", {}))}
    figure = scatter_panels(panels_of(rows), name="s", title="T", caption="C.", alt="A is seen.",
                            **axes)  # fmt: skip
    return figure.caption


@pytest.mark.parametrize(
    "limits, sentence",
    [
        ({}, ""),
        ({"x": {"lower": 0, "upper": 1}}, ""),
        ({"x": {"lower": 0.5}}, " Outside the axes: 2 of the 3 rows of panel 0."),
        ({"y": {"upper": 5}}, " Outside the axes: 3 of the 3 rows of panel 1."),
        ({"x": {"lower": 2, "upper": 3}},
         " Outside the axes: 3 of the 3 rows of panel 0 and 3 of the 3 rows of panel 1."),
    ],
)  # fmt: skip
def test_a_scatter_says_how_many_rows_lie_outside_its_axes(limits, sentence):
    rows = [[[0, 0], [0.4, 2], [1, 5]], [[0.5, 6], [0.6, 7], [0.7, 8]]]
    assert caption_of(rows, **limits) == f"C.{sentence}"


def test_all_rows_are_counted_and_not_the_drawn_ones_alone():
    rows = np.zeros((1000, 2))
    rows[::2, 0] = 9
    caption = caption_of([rows], x={"lower": -1, "upper": 1})
    assert "Outside the axes: 500 of the 1,000 rows of panel 0." in caption
