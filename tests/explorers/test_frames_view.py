"""The frames figure in a page: offline, moved by every control, told in words, inert."""

import base64
from importlib.resources import files

import numpy as np
import pytest
from frames_page import GENERATIONS, HOSTILE, conditions, every_panel, explorer
from live_page import data, digest, put, ready, state
from test_accessibility import PAPER, violations

from collapse_lib.explorers import Curve, Density, Frames, Images, Points

STATUS = "p.cl-hidden[role=status]"
INKED = """([name, i]) => {
  const canvas = document.querySelectorAll(`#fig-${name} canvas`)[i];
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return { width: canvas.width, height: canvas.height, pixels: Array.from(data) };
}"""
REDRAW = """(i) => {
  const el = document.querySelector("#fig-digits .cl-live");
  el.clModel.set("state", { ...el.clModel.get("state"), generation: i % 6 });
  el.clExplorer.redraw();
  document.body.getBoundingClientRect();
}"""


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_what_is_drawn_is_what_python_had(browser, shown, scheme):
    figure = explorer()
    with shown(browser, figure.html(), scheme=scheme) as (page, faults):
        ready(page)
        for name, generations in GENERATIONS.items():
            put(page, {"condition": name})
            frames = figure.conditions[name]
            for i, generation in enumerate(generations):
                put(page, {"generation": generation})
                drawn = data(page)
                assert (drawn["condition"], drawn["generation"]) == (name, generation)
                assert drawn["generations"] == generations
                for held, panel in zip(drawn["panels"], frames.panels, strict=True):
                    assert held["label"] == panel.label
                    if held["kind"] == "text":
                        assert held["text"] == panel.values[i]
                        continue
                    exact = panel.values[i].ravel()
                    part = 1 / 255 if held["kind"] == "images" else 1 / 65535
                    error = np.abs(np.array(held["values"]) - exact).max()
                    assert error < part * np.ptp(exact)
            for curve in frames.curves:
                found = np.array(drawn["curves"][curve.label]["middle"], dtype=float)
                np.testing.assert_allclose(found, curve.values, rtol=1e-6)
        assert faults == []


def test_every_control_moves_what_is_drawn_by_keyboard(browser, shown):
    with shown(browser, explorer().html()) as (page, faults):
        figure = ready(page)
        first = digest(data(page))
        keys = {
            "select": ("ArrowDown", "ArrowUp"),
            "input[type=range]": ("ArrowRight", "ArrowLeft"),
            "button[aria-label='Step forward']": ("Enter", None),
            "button[aria-label='Step back']": ("Enter", None),
        }
        for control, (key, back) in keys.items():
            before = digest(data(page))
            figure.locator(control).press(key)
            assert digest(data(page)) != before, control
            if back:
                figure.locator(control).press(back)
                assert digest(data(page)) == before, control
        figure.locator("select").press("ArrowDown")
        figure.get_by_role("button", name="Play").press("Enter")
        page.wait_for_function(
            "document.querySelector('.cl-live').clExplorer.state().generation === 2"
        )
        figure.get_by_role("button", name="Start again").press("Enter")
        assert digest(data(page)) == first
        enabled = figure.locator("button:visible, select:visible, input:visible").count()
        assert enabled == 7  # the six above and Copy link
        assert faults == []


def test_a_click_and_a_drag_on_a_curve_scrub(browser, shown):
    with shown(browser, explorer().html()) as (page, faults):
        figure = ready(page)
        plot = figure.locator("svg.cl-plot").first
        plot.scroll_into_view_if_needed()
        box = plot.bounding_box()
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + box["width"] - 12, middle)
        page.mouse.down()
        assert data(page)["generation"] == 10
        page.mouse.move(box["x"] + 0.56 * box["width"], middle, steps=3)
        assert data(page)["generation"] == 5
        page.mouse.up()
        page.mouse.move(box["x"] + 5, middle)
        assert data(page)["generation"] == 5
        assert figure.locator("output").inner_text() == "generation 5"
        assert faults == []


def test_generations_ever_further_apart_are_drawn_over_their_logarithm(browser, shown):
    curve = {"far": [1, 2, 5, 10, 100, 1000], "even": [1, 2, 3]}
    held = {name: Frames(t, (), [Curve("v", np.arange(len(t)))]) for name, t in curve.items()}
    with shown(browser, explorer(conditions=held).html()) as (page, faults):
        words = ready(page).locator(".cl-axes").first
        assert "generation, log scale" in words.text_content()
        steps = page.evaluate(
            """() => {
                const path = document.querySelector('#fig-digits .cl-plot .cl-path-own');
                const points = path.getAttribute('d').slice(1).split('L');
                return points.map((point) => Number(point.split(' ')[0]));
            }"""
        )
        assert steps[5] - steps[4] == pytest.approx(steps[4] - steps[3], abs=0.3)  # factors of 10
        page.locator("#fig-digits select").select_option("even")
        assert data(page)["condition"] == "even"  # asked for its data, a figure draws what is due
        assert "log scale" not in words.text_content()
    assert faults == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_copied_link_restores_the_same_data(browser, shown, scheme):
    made = conditions(**{"50 % & more": every_panel([0, 4, 9])})
    html = explorer(conditions=made).html() + explorer("other", title="Other").html()
    with shown(browser, html, scheme=scheme) as (page, _):
        figure = ready(page)
        put(page, {"condition": "50 % & more", "generation": 4})
        before = digest(data(page))
        put(page, {"generation": 5}, "other")
        others = digest(data(page, "other"))
        page.evaluate("location.hash = '#fig=other&v=2&generation=5'")
        figure.get_by_role("button", name="Copy link").press("Enter")
        page.wait_for_function("document.querySelector('#fig-digits input[type=url]').value")
        link = figure.locator("input[type=url]").input_value()
    assert link.endswith("fig=digits&v=2&condition=50%20%25%20%26%20more&generation=4")
    with shown(browser, html, scheme=scheme, fragment=f"#{link.partition('#')[2]}") as opened:
        page, faults = opened
        ready(page)
        assert digest(data(page)) == before
        assert digest(data(page, "other")) == others
        page.evaluate("location.hash = '#fig=digits&generation=1'")
        page.wait_for_function(
            "document.querySelector('.cl-live').clExplorer.state().generation === 1"
        )
        assert data(page)["condition"] == "replace"
        assert faults == []


@pytest.mark.parametrize(
    "fragment", ["generation=many", "v=3&generation=5", "condition=__proto__", "generation=-3"]
)
def test_what_a_link_cannot_mean_is_left_out(browser, shown, fragment):
    with shown(browser, explorer().html(), fragment=f"#fig=digits&{fragment}") as (page, faults):
        ready(page)
        drawn = data(page)
        assert (drawn["condition"], drawn["generation"]) == ("replace", 0)
        assert faults == []


@pytest.mark.parametrize("version", ["", "v=1&", "v=2&"])
def test_links_of_every_version_open_with_the_same_data(browser, shown, version):
    fragment = f"#fig=digits&{version}condition=keep&generation=2"
    with shown(browser, explorer().html(), fragment=fragment) as (page, faults):
        ready(page)
        assert state(page) == {"v": 2, "condition": "keep", "generation": 2, "playing": False}
        drawn = digest(data(page))
        assert faults == []
    with shown(browser, explorer().html()) as (page, faults):
        ready(page)
        put(page, {"condition": "keep", "generation": 2})
        assert digest(data(page)) == drawn
        assert faults == []


def test_a_generation_that_a_condition_lacks_becomes_the_nearest(browser, shown):
    with shown(browser, explorer().html(), fragment="#fig=digits&generation=6") as (page, _):
        figure = ready(page)
        assert data(page)["generation"] == 5
        figure.locator("select").select_option("keep")
        assert data(page)["generation"] == 2


def test_the_table_is_what_is_drawn(browser, shown):
    with shown(browser, explorer(start={"generation": 2}).html()) as (page, _):
        figure = ready(page)
        figure.locator("summary").press("Enter")
        figure.locator(".cl-data tbody tr").first.wait_for()
        read = """table => [...table.rows].map(row => [...row.cells].map(c => c.textContent))"""
        rows = figure.locator(".cl-data table").evaluate(read)
        drawn = data(page)
        columns = {head: [row[i] for row in rows[1:]] for i, head in enumerate(rows[0])}
        curve = drawn["curves"]["variance"]
        bars = {panel["label"]: panel["values"] for panel in drawn["panels"] if panel}
        expected = {
            "generation": drawn["generations"],
            "variance": curve["middle"],
            "variance, lower": curve["lower"],
            "variance, upper": curve["upper"],
            "law": drawn["curves"]["law"]["middle"],
            "entropy": drawn["curves"]["entropy"]["middle"],
            "shares, generation 2": bars["shares"],
            "ranks, generation 2": bars["ranks"],
        }
        for head, values in expected.items():
            cells = columns[head][: len(values)]
            found = [float(cell) if cell else np.nan for cell in cells]
            assert found == pytest.approx(values, rel=6e-4, nan_ok=True), head
        assert columns["shares"][:3] == ["cat", "dog", "hen"]
        assert columns["digits, generation 2"][:2] == ["cat 2, 0", "cat 2, 1"]


def test_what_is_shown_is_said_in_words_once_it_has_settled(browser, shown):
    figure = explorer()
    with shown(browser, figure.html()) as (page, _):
        located = ready(page)
        status = located.locator(STATUS)
        page.wait_for_timeout(800)
        assert status.inner_text() == ""
        located.locator("input[type=range]").press("ArrowRight")
        page.wait_for_timeout(900)
        words = status.inner_text()
        value = figure.conditions["replace"].curves[0].values[1]
        assert words.startswith("replace, generation 1. variance ")
        assert float(words.split()[4]) == pytest.approx(value, rel=6e-3)
        assert "12 images of 5 by 6 pixels" in words
        assert "15 real, 15 cat" in words
        label = located.locator("canvas").first.get_attribute("aria-label")
        assert label == "digits, generation 1: 12 images of 5 by 6 pixels"


def test_names_tags_and_texts_from_data_are_text(browser, shown):
    hostile = every_panel([0, 1], name=HOSTILE)
    html = explorer(
        conditions={HOSTILE: hostile, "b": every_panel([0], name=HOSTILE)},
        title=HOSTILE, caption=HOSTILE, try_this=HOSTILE, choose=HOSTILE,
    ).html()  # fmt: skip
    with shown(browser, html) as (page, faults):
        figure = ready(page)
        figure.locator("summary").press("Enter")
        figure.locator("input[type=range]").press("ArrowRight")
        figure.get_by_text("word 1").first.wait_for()
        assert figure.locator("img").count() == 0
        assert page.evaluate("window.stolen") is None
        text = figure.inner_text()
        for where in ("select option", ".cl-tags span", ".cl-bar-name", ".cl-text", ".cl-legend"):
            assert figure.locator(where, has_text="<img src=x").count() >= 1, where
        assert text.count("<img src=x") > 20
        assert faults == []


def test_without_javascript_the_still_figure_stands(browser, shown):
    with shown(browser, explorer().html(), java_script_enabled=False) as (page, faults):
        figure = page.locator("#fig-digits")
        assert figure.locator("svg").bounding_box()["height"] > 40
        assert figure.get_by_text("A caption.").is_visible()
        assert figure.locator("details table").count() == 1
        assert figure.get_by_role("button").count() == 0
        assert faults == []


def test_it_plays_by_itself_in_sight_and_not_where_motion_is_reduced(browser, shown):
    html = explorer(start={"playing": True}).html()
    moved = "document.querySelector('.cl-live').clExplorer.state().generation > 0"
    with shown(browser, html, viewport={"width": 1280, "height": 2400}) as (page, _):
        ready(page)
        page.wait_for_function(moved, timeout=3000)
    with shown(
        browser, html, viewport={"width": 1280, "height": 2400}, reduced_motion="reduce"
    ) as (page, _):
        ready(page)
        page.wait_for_timeout(1200)
        assert not page.evaluate(moved)
        assert page.evaluate("document.getAnimations().length") == 0


def test_a_plane_beside_its_curves_is_whole_and_begins_where_they_do(browser, shown):
    spread = np.linspace(-5, 5, 40).reshape(1, 20, 2)
    points = Points("cloud", spread, x=(-6, 6), y=(-6, 6))
    frames = Frames([0], [points], [Curve("one", [1.0]), Curve("two", [2.0])])
    tops = "[...document.querySelectorAll('.cl-axis-name')].map(n => n.getBoundingClientRect().top)"
    lefts = """[...document.querySelectorAll('.cl-axes text')].map(
        n => n.getBoundingClientRect().left - n.closest('svg').getBoundingClientRect().left)"""
    for width in (1280, 400):
        viewport = {"width": width, "height": 900}
        html = explorer(conditions={"a": frames}).html()
        with shown(browser, html, viewport=viewport) as (page, faults):
            ready(page)
            cloud, one, two = page.evaluate(tops)
            assert (abs(cloud - one) < 1) == (width == 1280)
            assert one < two
            assert min(page.evaluate(lefts)) >= 0
            assert faults == []


@pytest.fixture(scope="session")
def axe():
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


@pytest.mark.parametrize("width", [1280, 400])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(browser, shown, axe, theme, width):
    frames = every_panel([0, 1])
    plain = {"a": Frames([0, 1], frames.panels[1:2], frames.curves), "b": frames}
    html = explorer().html() + explorer("plain", conditions=plain, title="Beside").html()
    context = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    with shown(browser, html, **context) as (page, faults):
        page.add_style_tag(content=PAPER[theme])
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        ready(page)
        page.evaluate("for (const node of document.querySelectorAll('details')) node.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert violations(page, axe) == []
        assert faults == []


def test_images_are_drawn_in_the_ink_of_the_paper(browser, shown):
    frames = Frames([0], every_panel([0]).panels[:1])
    with shown(browser, explorer(conditions={"a": frames}).html()) as (page, _):
        ready(page)
        page.add_style_tag(content=PAPER["light"])
        page.evaluate("document.documentElement.dataset.theme = 'light'")
        page.wait_for_timeout(100)
        light = page.evaluate(INKED, ["digits", 0])
        page.add_style_tag(content=PAPER["dark"])
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        page.wait_for_timeout(100)
        dark = page.evaluate(INKED, ["digits", 0])
    shape = (light["height"], light["width"], 4)
    light, dark = (np.reshape(each["pixels"], shape) for each in (light, dark))
    exact = frames.panels[0].values[0, 0]  # the first image, at the top left
    scale = int(np.argmax(light[0, :, 3] == 0)) / 5
    assert scale == int(scale) > 1
    tile = light[: int(6 * scale) : int(scale), : int(5 * scale) : int(scale), 3]
    assert np.abs(tile / 255 - exact).max() < 2 / 255
    inked = light[..., 3] > 200
    assert light[inked][:, :3].max() < 60 and dark[inked][:, :3].min() > 180


def test_frames_of_a_run_appear_as_they_come_and_missed_ones_are_asked_for(browser, shown):
    figure, heard = explorer(), []
    figure.begin_run()
    figure.send = lambda content, buffers=None: heard.append(
        [content, base64.b64encode(buffers[0]).decode()]
    )
    for t in range(22):
        frames = every_panel([t, t + 1], seed=t)
        values = {panel.label: panel.values[0] for panel in frames.panels}
        figure.add_frame(t, values | {"entropy": 0.1 * t})
    hear = """([content, text]) => {
      const { clModel } = document.querySelector("#fig-digits .cl-live");
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      clModel.emit("msg:custom", content, [new DataView(bytes.buffer)]);
    }"""
    with shown(browser, figure.html()) as (page, faults):
        located = ready(page)
        page.evaluate(
            """() => {
              window.asked = 0;
              document.querySelector(".cl-live").clModel.send = () => { window.asked += 1; };
            }"""
        )
        for message in heard[:20]:
            page.evaluate(hear, message)
            drawn = data(page)
            index = message[0]["index"]
            assert (drawn["condition"], drawn["generation"]) == ("your run", index)
            assert drawn["curves"]["entropy"]["middle"] == pytest.approx(
                [0.1 * t for t in range(index + 1)], abs=1e-6
            )
            assert drawn["curves"]["variance"] is None
        exact = every_panel([19, 20], seed=19).panels[0].values[0].ravel()
        assert np.abs(np.array(drawn["panels"][0]["values"]) - exact).max() < 1 / 255
        page.evaluate(hear, heard[21])
        assert page.evaluate("window.asked") == 1
        page.evaluate(hear, heard[3])
        assert len(data(page)["generations"]) == 20
        located.locator("input[type=range]").press("ArrowLeft")
        for message in heard[20:]:
            page.evaluate(hear, message)
        assert len(data(page)["generations"]) == 22
        assert data(page)["generation"] == 18  # the reader looks at another generation
        located.locator("select").select_option("replace")
        assert data(page)["condition"] == "replace"
        located.locator("select").select_option("your run")
        page.evaluate(hear, [{"kind": "begin", "run": 1}, ""])  # known: these frames are of it
        assert data(page)["condition"] == "your run"
        page.evaluate(hear, [{"kind": "begin", "run": 2}, ""])  # the frames of the run before go
        assert data(page)["condition"] == "replace"
        assert located.locator("option").all_inner_texts() == list(GENERATIONS)
        page.evaluate(hear, [heard[0][0] | {"run": 2}, heard[0][1]])
        assert (data(page)["condition"], data(page)["generations"]) == ("your run", [0])
        assert faults == []


@pytest.mark.parametrize("kind", ["images", "densities"])
def test_a_redraw_takes_less_than_a_frame(browser, shown, kind):
    """Time of the page's own thread, as in bench/explorer_view.py: the machine may be busy."""
    rng = np.random.default_rng(0)
    if kind == "images":
        panels = [Images("digits", rng.random((6, 100, 28, 28)))]
    else:
        panels = [
            Density(f"density {k}", rng.random((6, 40, 40)), x=(0, 1), y=(0, 1)) for k in range(10)
        ]
    frames = Frames(range(6), panels, [Curve("variance", rng.random(6))])
    with shown(browser, explorer(conditions={"a": frames}).html()) as (page, _):
        ready(page)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})

        def spent():
            metrics = session.send("Performance.getMetrics")["metrics"]
            return next(each["value"] for each in metrics if each["name"] == "TaskDuration")

        times = []
        for i in range(60):
            begun = spent()
            page.evaluate(REDRAW, i)
            times.append(1000 * (spent() - begun))
    assert 0 < np.median(times) < 16
