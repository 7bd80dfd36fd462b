"""FramesExplorer in Python: its records, its bytes, its still figure, its size, Run in Python."""

import gzip
import json
import zlib

import ipywidgets
import numpy as np
import pytest
from frames_page import GENERATIONS, HOSTILE, TEXTS, conditions, every_panel, explorer

from collapse_lib.explorers import (
    Bars,
    Curve,
    Density,
    Frames,
    FramesExplorer,
    Images,
    Points,
    Text,
)
from collapse_lib.explorers.frames.packing import quantised
from collapse_lib.plotting import Axis, palette

RNG = np.random.default_rng(0)


# --- bytes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [1e-30, 1.0, 1e30])
def test_sixteen_bits_lose_less_than_one_part_in_65535_of_the_range(scale):
    values = scale * (RNG.normal(size=(7, 500)) + 3)
    codes, low, step = quantised(values, 2**16)
    back = low[:, None] + step[:, None] * codes
    span = np.ptp(values, axis=1)
    assert codes.dtype == np.uint16
    assert (np.abs(back - values).max(axis=1) < span / 65535).all()
    eight = quantised(values, 256)
    back = eight[1][:, None] + eight[2][:, None] * eight[0]
    assert eight[0].dtype == np.uint8
    assert (np.abs(back - values).max(axis=1) > span / 65535).all()  # the bound tells them apart


def test_what_does_not_vary_is_kept_as_it_is():
    codes, low, step = quantised(np.full((2, 3), 0.1), 2**16)
    assert (low[:, None] + step[:, None] * codes == 0.1).all()


def test_curves_over_many_powers_of_ten_are_kept():
    values = [1.0, 1e-60, 0.0, np.nan]
    figure = explorer(conditions={"a": Frames([0, 1, 2, 3], (), [Curve("v", values)])})
    (held,) = figure.frames["conditions"][0]["curves"]
    raw = zlib.decompress(figure.data)
    assert held["bits"] == 64
    np.testing.assert_array_equal(np.frombuffer(raw, "<f8", 4, held["at"]), values)


def test_arrays_lie_where_the_layout_says():
    figure, raw = explorer(), None
    raw = zlib.decompress(figure.data)
    for described, frames in zip(
        figure.frames["conditions"], figure.conditions.values(), strict=True
    ):
        for held, panel in zip(described["panels"], frames.panels, strict=True):
            if held["texts"] is not None:
                continue
            size = panel.values.size
            codes = np.frombuffer(raw, f"<u{held['bits'] // 8}", size, held["at"])
            shape = (-1, *[1] * (panel.values.ndim - 1))
            low, step = (np.reshape(held[key], shape) for key in ("low", "step"))
            back = low + step * codes.reshape(panel.values.shape)
            np.testing.assert_allclose(back, panel.values, atol=0.51 * np.max(step))
            assert held["at"] % 8 == 0


def test_the_module_with_its_host_weighs_little():
    figure = explorer()
    weight = len(gzip.compress(str(figure._esm).encode())) + len(
        gzip.compress(str(figure._css).encode())
    )
    assert weight < 40_000
    json.dumps(figure.frames, allow_nan=False)


# --- bad input --------------------------------------------------------------------------------

IMAGES = np.zeros((2, 3, 4, 4))
ONE = Frames([0, 1], [Images("a", IMAGES)])


def with_conditions(**made):
    return lambda: explorer(conditions=made)


REFUSED = {
    "length": (
        lambda: Frames([0, 1, 2], [Images("a", IMAGES)]),
        "Frames: Images 'a' must have one entry a generation along its first axis, 3; got 2.",
    ),
    "curve length": (
        lambda: Frames([0, 1, 2], [], [Curve("v", [1.0, 2.0])]),
        "Frames: Curve 'v' must have one entry a generation along its first axis, 3; got 2.",
    ),
    "generations": (
        lambda: Frames([0, 2, 1], [Images("a", IMAGES)]),
        "Frames.generations must be whole numbers that rise, from 0 on; got [0, 2, 1].",
    ),
    "nothing": (
        lambda: Frames([0, 1]),
        "Frames must have a panel or a curve; got neither.",
    ),
    "twice": (
        lambda: Frames([0, 1], [Images("a", IMAGES), Images("a", IMAGES)]),
        "Frames: labels must differ; got 'a' more than once.",
    ),
    "no panel": (
        lambda: Frames([0, 1], [Curve("v", [1.0, 2.0])]),
        "Frames.panels must be of type Images or Density or Points or Bars or Text; got "
        "Curve(label='v', values=array([1., 2.]), lower=None, uppe....",
    ),
    "nan": (
        lambda: Images("a", np.where(np.arange(4) == 1, np.nan, IMAGES)),
        "Images 'a': values must be finite; 24 of 96 are not (the first is nan).",
    ),
    "shape": (
        lambda: Images("a", IMAGES[0]),
        "Images 'a': values must have 4 axes; got shape (3, 4, 4).",
    ),
    "tags": (
        lambda: Images("a", IMAGES, tags=[["x"], ["y"]]),
        "Images 'a': tags must have the shape (2, 3); got (2, 1).",
    ),
    "levels": (
        lambda: Images("a", IMAGES, levels=1000),
        "Images 'a': levels must be at most 256; got 1000.",
    ),
    "ink": (
        lambda: Images("a", np.array([0, 9, 255, 17], np.uint8) + IMAGES.astype(np.uint8)),
        "Images 'a': values must lie near ink, (0, 1); got 0 to 255. Give ink=(0, 255), or scale "
        "the values.",
    ),
    "ink below": (
        lambda: Images("a", IMAGES - 12, ink=(-1, 1)),
        "Images 'a': values must lie near ink, (-1, 1); got -12 to -12. Give ink=(-12, 1), or "
        "scale the values.",
    ),
    "crossed band": (
        lambda: Curve("v", [1.0, 3.0], [0.0, 2.0], [2.0, 1.0]),
        "Curve 'v' must have lower <= value <= upper; got value 3, lower 2, upper 1. Three "
        "replicates are given as (median, lower, upper), not as they are.",
    ),
    "band beside": (
        lambda: Curve("v", [np.nan, 1.0, 3.0], [np.nan, 0.0, 1.0], [np.nan, 2.0, 2.0]),
        "Curve 'v' must have lower <= value <= upper; got value 3, lower 1, upper 2. Three "
        "replicates are given as (median, lower, upper), not as they are.",
    ),
    "generations in words": (
        lambda: Frames(["0", "1"], [Images("a", IMAGES)]),
        "Frames.generations must be whole numbers that rise, from 0 on; got ['0', '1'].",
    ),
    "no end": (
        lambda: Frames([0, np.inf], [Images("a", IMAGES)]),
        "Frames.generations must be whole numbers that rise, from 0 on; got [0, inf].",
    ),
    "words": (
        lambda: Images("a", np.full((2, 3, 4, 4), "x")),
        "Images 'a': values must be a number or an array of numbers; got an array of <U1 "
        "of shape (2, 3, 4, 4).",
    ),
    "negative": (
        lambda: Density("d", -np.ones((2, 4, 4)), x=(0, 1), y=(0, 1)),
        ("Density 'd': values must be finite and at least 0; 32 of 32 are not (the first is -1)."),
    ),
    "ends": (
        lambda: Density("d", np.ones((2, 4, 4)), x=(1, 0), y=(0, 1)),
        "Density 'd': x must be (lower, upper) with lower < upper; got (1, 0).",
    ),
    "plane": (
        lambda: Points("p", np.zeros((2, 5, 3))),
        "Points 'p': values must have the shape (T, m, 2); got (2, 5, 3).",
    ),
    "names": (
        lambda: Bars("b", np.ones((2, 3)), ["x", "y"]),
        "Bars 'b' needs arrays of one shape; got names (2,), values (3,).",
    ),
    "text": (
        lambda: Text("t", ["a", 3]),
        "Text 't': a text must be a str or a list of (word, flag); got 3.",
    ),
    "source": (
        lambda: Curve("law", [1.0], role=palette.THEORY),
        "Curve 'law': source must name where the formula stands; got nothing.",
    ),
    "empty": (
        with_conditions(),
        "FramesExplorer.conditions must not be empty; got none.",
    ),
    "reserved": (
        with_conditions(**{"your run": ONE}),
        "FramesExplorer.conditions must have different names, none of them empty or 'your run'; "
        "got 'your run'.",
    ),
    "no frames": (
        with_conditions(a=IMAGES),
        "FramesExplorer.conditions 'a' must be of type Frames; got an array of float64 of"
        " shape (2, 3, 4, 4).",
    ),
    "sizes": (
        with_conditions(a=ONE, b=Frames([0, 1], [Images("a", np.zeros((2, 3, 5, 5)))])),
        "Images 'a' must have one size of an image in every condition; got (4, 4) in 'a' and "
        "(5, 5) in 'b'.",
    ),
    "kinds": (
        with_conditions(a=ONE, b=Frames([0, 1], [Text("a", ["x", "y"])])),
        "Panel 'a' must be of one kind in every condition; got Images in 'a' and Text in 'b'.",
    ),
    "axes": (
        with_conditions(
            a=Frames([0], (), [Curve("v", [1.0])]),
            b=Frames([0], (), [Curve("v", [1.0], axis=Axis("v", log=True))]),
        ),
        "Curve 'v' must have one axis, role and source in every condition; got another in 'b'.",
    ),
    "ends of an axis": (
        with_conditions(
            a=Frames([0], (), [Curve("v", [1.0]), Curve("w", [1.0], axis=Axis("v", log=True))]),
        ),
        "Curve 'w' must have the ends and the kind of the axis 'v' that Curve 'v' has.",
    ),
    "panel and curve": (
        with_conditions(a=ONE, b=Frames([0, 1], (), [Curve("a", [1.0, 2.0])])),
        "Frames: labels must differ; got 'a' for a panel and a curve.",
    ),
    "groups": (
        with_conditions(a=Frames([0], [Points("p", np.zeros((1, 7, 2)), groups=list("abcdefg"))])),
        "Points 'p': groups must be at most 6 without roles; got 7.",
    ),
    "roles": (
        with_conditions(
            a=Frames(
                [0],
                [Points("p", np.zeros((1, 2, 2)), groups=["a", "b"], roles={"a": palette.REAL})],
            )
        ),
        "Points 'p': group with a role must be one of 'a'; got 'b'.",
    ),
    "start": (
        lambda: explorer(start={"condition": "other"}),
        "FramesExplorer.start: condition must be one of 'replace', 'keep'; got 'other'.",
    ),
    "start generation": (
        lambda: explorer(start={"generation": 3}),
        "FramesExplorer.start: generation must be one of those of 'replace'; got 3.",
    ),
    "start key": (
        lambda: explorer(start={"t": 3}),
        "FramesExplorer.start: key must be one of 'condition', 'generation', 'playing'; got 't'.",
    ),
    "name": (
        lambda: explorer("Two Words"),
        "FramesExplorer.name must be lower-case words joined by dashes; got 'Two Words'; try "
        "'urn-share'.",
    ),
    "no still": (
        lambda: explorer(conditions={"a": Frames([0], [Text("t", ["x"])])}).still(),
        "FramesExplorer 'digits' must have a curve, or a panel that is no Text, for its still "
        "figure; got neither.",
    ),
    "settings": (
        lambda: explorer().with_python(lambda settings: [], {"n": 5}),
        "with_python: settings must be (lower, upper, start) or a widget; got 5 for 'n'.",
    ),
    "settings order": (
        lambda: explorer().with_python(lambda settings: [], {"n": (5, 10, 20)}),
        "with_python: settings must be (lower, upper, start) with the start between; got "
        "(5, 10, 20) for 'n'.",
    ),
    "settings in words": (
        lambda: explorer().with_python(lambda settings: [], {"n": ("1", "3", "2")}),
        "with_python: settings must be (lower, upper, start) or a widget; got ('1', '3', '2') "
        "for 'n'.",
    ),
    "button": (
        lambda: explorer().with_python(lambda settings: [], {"n": ipywidgets.Button()}),
        "with_python: a widget of settings must have a value, such as a Checkbox; got Button "
        "for 'n'.",
    ),
    "box": (
        lambda: explorer().with_python(
            lambda settings: [], {"n": ipywidgets.HBox([ipywidgets.IntSlider()])}
        ),
        "with_python: a widget of settings must have a value, such as a Checkbox; got HBox "
        "for 'n'.",
    ),
    "run": (
        lambda: explorer().with_python([1]),
        "with_python: run must be callable as run(settings); got [1].",
    ),
}


@pytest.mark.parametrize("make, sentence", REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_shown_is_refused_in_a_sentence(make, sentence):
    with pytest.raises((ValueError, TypeError)) as caught:
        make()
    assert str(caught.value) == sentence


# --- still ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", range(7))
def test_each_kind_of_panel_has_a_still_figure_with_the_curves_as_its_table(kind):
    made = {
        name: Frames(frames.generations, frames.panels[kind : kind + 1], frames.curves)
        for name, frames in conditions().items()
    }
    figure = explorer(conditions=made).still()
    assert figure.title == TEXTS["title"]
    assert figure.caption.startswith(TEXTS["caption"])
    for name, generations in GENERATIONS.items():
        np.testing.assert_array_equal(figure.table[f"{name}: generation"], generations)
        for curve in made[name].curves:
            np.testing.assert_array_equal(figure.table[f"{name}: {curve.label}"], curve.values)
    assert figure.html().count("<svg") == 1


def test_a_still_figure_without_curves_tells_what_is_drawn():
    bare = {"only": Frames([0, 3], [Images("a", RNG.random((2, 5, 28, 28)))])}
    table = explorer(conditions=bare).still().table
    assert len(table["mean of its values"]) == 10
    assert explorer(conditions=bare).html().count("<table") == 1


def test_only_words_are_compared():
    assert repr(explorer()) == "Explorer digits: The digits lose their edge."
    assert "With Run in Python." in repr(explorer().with_python(lambda settings: []))


# --- run in Python ----------------------------------------------------------------------------


def streamed(figure):
    """The messages that a view would hear."""
    heard = []
    figure.send = lambda content, buffers=None: heard.append((content, buffers))
    return heard


def one_frame(t):
    frames = every_panel([t, t + 1], seed=t)
    values = {panel.label: panel.values[0] for panel in frames.panels}
    values |= {label: values[label] / 2 for label in ("rows", "shares", "ranks")}  # on the scales
    values["digits"] = (values["digits"], 12 * [HOSTILE])
    values["rows"] = (values["rows"], 15 * ["real"] + 15 * ["cat"])
    return values | {"variance": (0.1 * t, 0.0, 3.0), "entropy": float("nan")}


def ran(panel):
    panel.start()
    assert panel.wait(20)
    return panel.explorer.run_generations


def test_a_run_streams_its_frames_with_the_settings_of_the_sliders():
    figure, seen = explorer(), []

    def run(settings):
        seen.append(settings)
        for t in range(settings["n_generations"] + 1):
            yield t, one_frame(t)

    wanted = {"n_generations": (5, 100, 24), "share": (0.0, 1.0, 0.25)}
    panel = figure.with_python(run, wanted | {"kept": ipywidgets.Checkbox(True)})
    heard = streamed(figure)
    panel.controls["share"].value = 0.5
    assert ran(panel) == list(range(25))
    assert seen == [{"n_generations": 24, "share": 0.5, "kept": True}]
    assert heard.pop(0) == ({"kind": "begin", "run": 1}, None)
    assert [content["index"] for content, _ in heard] == list(range(25))
    assert {content["condition"]["name"] for content, _ in heard} == {"your run"}
    assert panel.said.value == "Done: 25 frames in the figure."
    assert panel.progress.value == panel.progress.max == 24
    json.dumps([content for content, _ in heard], allow_nan=False)
    for content, (raw,) in heard:
        held = content["condition"]["panels"][0]
        codes = np.frombuffer(raw, np.uint8, 12 * 6 * 5, held["at"])
        wanted = one_frame(content["index"])["digits"][0].ravel()
        np.testing.assert_allclose(held["low"][0] + held["step"][0] * codes, wanted, atol=0.003)


def test_stop_ends_the_run_and_closes_the_learners_generator():
    figure, closed = explorer(), []

    def endless(settings):
        try:
            for t in range(10**6):
                yield t, {"entropy": float(t)}
                if t == 21:
                    panel.stop_button.click()
        finally:
            closed.append(True)

    panel = figure.with_python(endless)
    streamed(figure)
    assert ran(panel) == list(range(23))
    assert closed == [True]
    assert panel.said.value == "Stopped: 23 frames in the figure."
    assert not panel.run_button.disabled


def test_a_view_that_is_opened_late_gets_all_frames():
    figure = explorer()
    heard = streamed(figure)
    figure.begin_run()
    for t in (0, 2, 5):
        figure.add_frame(t, {"entropy": 0.5})
    heard.clear()
    figure._handle_custom_msg({"kind": "frames?"}, [])
    assert [content["index"] for content, _ in heard] == [0, 1, 2]


WRONG_RUNS = {
    "its own error": (
        lambda settings: 1 / 0,
        "ZeroDivisionError: division by zero",
    ),
    "no pair": (
        lambda settings: [np.zeros(3)],
        "TypeError: A run must yield (generation, {label: value}) for each generation; got "
        "ndarray.",
    ),
    "label": (
        lambda settings: [(0, {"other": 1.0})],
        "ValueError: A run: label of a value must be one of 'digits', 'density', "
        "'rows', 'shares', 'ranks', 'said', 'variance', 'law', 'entropy'; got 'other'.",
    ),
    "size": (
        lambda settings: [(0, {"digits": np.zeros((3, 9, 9))})],
        "ValueError: Images 'digits' must have one size of an image in every condition; got "
        "(6, 5) in 'the figure' and (9, 9) in 'your run'.",
    ),
    "order": (
        lambda settings: [(1, {"entropy": 1.0}), (1, {"entropy": 1.0})],
        "ValueError: A run must yield generations that rise; got 1 after 1.",
    ),
    "group": (
        lambda settings: [(0, {"rows": (np.zeros((2, 2)), ["real", "owl"])})],
        "ValueError: Points 'rows': group of a run must be one of 'real', 'cat'; got 'owl'.",
    ),
    "no yield": (
        lambda settings: None,
        "TypeError: A run must yield (generation, {label: value}) for each generation; it returned "
        "None. Write yield where a generation is made.",
    ),
    "return for yield": (
        lambda settings: (0, {"entropy": 1.0}),
        "TypeError: A run must yield (generation, {label: value}) for each generation; it returned "
        "a single pair. Write yield where a generation is made.",
    ),
    "generation in words": (
        lambda settings: [("0", {"entropy": 1.0})],
        "ValueError: A run must yield generations that are whole numbers, from 0 on; got '0'.",
    ),
    "no generation": (
        lambda settings: [(None, {"entropy": 1.0})],
        "ValueError: A run must yield generations that are whole numbers, from 0 on; got None.",
    ),
    "half a generation": (
        lambda settings: [(0.5, {"entropy": 1.0})],
        "ValueError: A run must yield generations that are whole numbers, from 0 on; got 0.5.",
    ),
    "replicates": (
        lambda settings: [(0, {"entropy": (3.0, 2.0, 1.0)})],
        "ValueError: Curve 'entropy' must have lower <= value <= upper; got value 3, lower 2, "
        "upper 1. Three replicates are given as (median, lower, upper), not as they are.",
    ),
    "ink": (
        lambda settings: [(0, {"digits": np.arange(30.0).reshape(1, 6, 5) * 8})],
        "ValueError: Images 'digits': values must lie near ink, (0, 1); got 0 to 232. Give "
        "ink=(0, 232), or scale the values.",
    ),
    "band": (
        lambda settings: [(0, {"entropy": (1.0, 2.0)})],
        "ValueError: Curve 'entropy' must be given a number or (median, lower, upper) a "
        "generation; got 2 numbers.",
    ),
}


@pytest.mark.parametrize("run, sentence", WRONG_RUNS.values(), ids=WRONG_RUNS.keys())
def test_what_goes_wrong_in_a_run_is_said_in_the_panel(run, sentence):
    panel = explorer().with_python(run)
    ran(panel)
    assert panel.said.value == sentence
    assert not panel.run_button.disabled and panel.stop_button.disabled


@pytest.mark.parametrize("written", ["", "abc", "2.5", "-1", "inf"])
def test_a_wrong_number_of_generations_is_said_and_run_can_be_pressed_again(written):
    def run(settings):
        for t in range(int(settings["n_generations"])):
            yield t, {"entropy": 1.0}

    wanted = ipywidgets.Text(written)
    panel = explorer().with_python(run, {"n_generations": wanted})
    assert ran(panel) == []
    assert panel.said.value == (
        "ValueError: with_python: n_generations must be a whole number, from 0 on; "
        f"got {written!r}."
    )
    assert not panel.run_button.disabled and panel.stop_button.disabled
    wanted.value = "3"
    assert ran(panel) == [0, 1, 2]
    assert panel.progress.max == 3


def test_what_the_figure_cuts_is_said_in_the_panel():
    stored = {
        "a": Frames(
            [0],
            [
                Bars("shares", [[0.5, 0.25]], ["x", "y"]),
                Points("rows", [[[0.0, 0.0], [1.0, 2.0]]], x=(-1, 1), y=(-2, 2)),
            ],
        )
    }
    inside = {"shares": [0.5, 0.5], "rows": [[1.0, -2.0]]}
    above, beside = {"shares": [0.5, 0.75]}, {"shares": [0.1, 0.2], "rows": [[0.0, 0.0], [-3, 0]]}
    words = []

    def run(settings):
        for t, values in enumerate(settings["frames"]):
            yield t, values
            words.append(panel.said.value)

    given = ipywidgets.SelectionSlider(options=[("inside", [inside]), ("all", [inside, above])])
    panel = explorer(conditions=stored).with_python(run, {"frames": given})
    ran(panel)
    assert panel.said.value == "Done: 1 frame in the figure."
    given.options = [("all", [inside, above, beside])]
    ran(panel)
    cut = "Bars 'shares' are cut at 0.5; give them a larger upper."
    lost = "Points 'rows' outside x from -1 to 1, y from -2 to 2 are not seen; give wider ends."
    assert words[1:] == ["Generation 0.", f"Generation 1. {cut}", f"Generation 2. {lost}"]
    assert panel.said.value == f"Done: 3 frames in the figure. {cut} {lost}"


def test_values_a_little_outside_ink_and_bands_of_no_width_are_drawn():
    noisy = RNG.normal(0.5, 1.0, (1, 4, 9, 9))
    assert Images("a", noisy).values.max() > 1
    third = np.float32(1) / np.float32(3)  # the mean of equal replicates may lie beside them
    Curve("v", [third, 1.0], [1 / 3, 1.0], [1 / 3, 1.0])
    Curve("v", [np.inf, 0.0], [np.inf, -np.inf], [np.inf, np.inf])


def test_the_weight_of_images_is_that_of_their_levels():
    """6 generations, 100 images of 28 x 28, 2 conditions: noise, the worst case."""
    noise = RNG.random((6, 100, 28, 28))
    weights = []
    for levels in (256, 16):
        frames = Frames(range(6), [Images("a", noise, levels=levels)])
        figure = FramesExplorer("a", **TEXTS, conditions={"x": frames, "y": frames})
        weights.append(len(figure.data))
    assert weights[0] < 1.01 * 2 * noise.size
    assert weights[1] < 0.6 * weights[0]
