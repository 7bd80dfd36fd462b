"""The ring in Chromium: Python's numbers, motion, keys, links, both themes, no script at all."""

import os
from pathlib import Path

import numpy as np
import pytest
from engine_page import ENGINE, mutant
from live_page import data, put, ready, state
from ring_page import COUNTS, LINKS, ring
from test_accessibility import PAPER, axe, violations  # noqa: F401

from collapse_lib.explorers.host.bundle import bundle
from collapse_lib.explorers.ring.still import fill_of

PLAYING = "document.querySelector('.cl-player button').textContent.trim() === 'Pause'"
VISIBLE = "dots => dots.filter(dot => !dot.hasAttribute('hidden')).length"
MOVING = "svg.cl-ring g:last-of-type circle"
N, T = sum(COUNTS), 9
READ = """async ([text, meta, bytes, settings]) => {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const { createFamilies, plainData } = (await import(address)).default;
  const view = new DataView(Uint8Array.from(bytes).buffer);
  return plainData(createFamilies(meta, view)(settings), 0);
}"""


def agrees(found, family):
    """Whether the page's numbers are Python's."""
    counts = np.array([np.bincount(row, minlength=len(COUNTS)) for row in family.kinds()])
    newest = np.vstack([family.real, family.kinds()[:-1]])
    train = [np.concatenate([row, family.real])[taken]
             for row, taken in zip(newest, family.taken, strict=True)]  # fmt: skip
    return (
        found["counts"][1:] == counts.tolist()
        and found["train"][1:]
        == [np.bincount(row, minlength=len(COUNTS)).tolist() for row in train]
        and found["left"][1:] == family.left().tolist()
        and found["founders"][1:] == family.founders().tolist()
    )


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """ring/family.mjs and what reads it out, in one module."""
    folder = tmp_path_factory.mktemp("ring")
    way = Path(os.path.relpath(ENGINE.parent / "ring", folder)).as_posix()
    lines = [f'import {{ createFamilies }} from "./{way}/family.mjs";',
             f'import {{ plainData }} from "./{way}/words.mjs";',
             "export default { createFamilies, plainData };\n"]  # fmt: skip
    (folder / "entry.mjs").write_text("\n".join(lines), encoding="utf-8")
    return bundle(folder / "entry.mjs")


def read(browser, text, policy, seed):
    figure = ring(n_runs=3)
    page = browser.new_page()
    settings = {"policy": policy, "seed": seed}
    found = page.evaluate(READ, [text, figure.meta, list(figure.runs), settings])
    page.close()
    return agrees(found, figure.family(policy, seed))


@pytest.mark.parametrize("policy, seed", [("replace", 3), ("replace", 5), ("mix", 4)])
def test_the_page_has_the_numbers_of_pythons_run(browser, source, policy, seed):
    assert read(browser, source, policy, seed)


FAULTS = [
    ("kinds[t - 1][i] : real[i - n]", "kinds[t - 1][i] : kinds[t - 1][i - n]"),
    ("2 * (t - 1) + which", "2 * (t - 1) + 1 - which"),
    ("last - first + 1 : 0", "last - first : 0"),
    ("(i < n ? marks[i] : i - n)", "(i < n ? i : i - n)"),
]


@pytest.mark.parametrize("right, wrong", FAULTS)
def test_a_fault_put_in_by_hand_is_noticed(browser, source, right, wrong):
    assert not read(browser, mutant(source, right, wrong), "mix", 4)


def sentence(figure):
    return figure.locator(".cl-answer").inner_text()


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_link_opens_what_it_says_and_a_copied_one_too(browser, shown, scheme):
    html, figure = ring().html(), ring()
    fragment = "#fig=ring&v=2&policy=mix&seed=4&t=5"
    with shown(browser, html, scheme=scheme, fragment=fragment) as (page, faults):
        located, family = ready(page), figure.family("mix", 4)
        assert agrees(data(page), family)
        assert sentence(located).startswith(f"Generation 5: {family.left()[4]} of 5 colours left")
        assert (
            located.locator("svg.cl-ring").get_attribute("aria-label").endswith(sentence(located))
        )
        located.get_by_role("button", name="Another run").press("Enter")
        located.get_by_role("button", name="Step forward").press("Enter")
        located.get_by_role("button", name="Copy link").press("Enter")
        page.wait_for_function("document.querySelector('#fig-ring input[type=url]').value")
        link = located.locator("input[type=url]").input_value().partition("#")[2]
        assert link == "fig=ring&v=2&policy=mix&seed=5&t=6"
        page.evaluate("location.hash = '#fig=ring&v=2&seed=99&t=many&policy=none'")
        page.wait_for_function(
            "document.querySelector('.cl-live').clExplorer.state().policy === 'replace'"
        )
        assert (state(page)["seed"], state(page)["t"]) == (5, T)
    assert faults == []


def test_the_keyboard_reaches_and_moves_everything(browser, shown):
    with shown(browser, ring().html()) as (page, faults):
        figure, seen = ready(page), []
        for _ in range(14):
            page.keyboard.press("Tab")
            focused = figure.locator(":focus")
            if focused.count():
                assert "solid 2px" in focused.evaluate("node => getComputedStyle(node).outline")
                seen.append(focused.get_attribute("data-cl-key") or focused.inner_text())
        assert seen[:5] == list(LINKS)
        assert seen[5:12] == ["Play", "", "", "t", "policy", "Another run", "Copy link"]
        figure.get_by_role("slider", name="Generation shown").press("Home")
        assert state(page)["t"] == 0
        assert sentence(figure) == f"Before the first turn: {N} real objects in 5 colours."
        figure.get_by_role("slider", name="Generation shown").press("ArrowRight")
        figure.get_by_role("checkbox").press("Space")
        data(page)
        assert state(page) == ring().state | {"policy": "mix", "t": 1}
    assert faults == []


def test_objects_travel_a_pause_holds_them_and_play_goes_on(browser, shown):
    with shown(browser, ring(autoplay=True).html()) as (page, faults):
        figure = ready(page)
        page.wait_for_function(PLAYING, timeout=2000)
        page.wait_for_function(f"({VISIBLE})([...document.querySelectorAll('{MOVING}')]) > 0")
        assert sentence(figure) == f"Mix: the {N} real objects are the first training set."
        figure.get_by_role("button", name="Pause").press("Enter")
        where = "dots => dots.map(dot => dot.getAttribute('transform')).join()"
        held = figure.locator(MOVING).evaluate_all(where)
        page.wait_for_timeout(100)
        assert figure.locator(MOVING).evaluate_all(where) == held
        assert state(page)["t"] == 0
        figure.get_by_role("button", name="Play").press("Enter")
        page.wait_for_function(
            f"({where})([...document.querySelectorAll('{MOVING}')]) !== '{held}'"
        )
        assert state(page)["t"] == 0
    assert faults == []


def test_where_motion_is_reduced_it_steps_and_nothing_travels(browser, shown):
    with shown(browser, ring(autoplay=True).html(), reduced_motion="reduce") as (page, faults):
        figure = ready(page)
        assert not page.evaluate(PLAYING)
        assert state(page)["t"] == T
        figure.get_by_role("button", name="Play").press("Enter")
        page.wait_for_function("document.querySelector('.cl-answer').innerText.includes('n 1:')")
        assert figure.locator(MOVING).evaluate_all(VISIBLE) == 0
        figure.get_by_role("button", name="Pause").press("Enter")
    assert faults == []


def test_what_was_not_copied_is_hollow_and_what_is_real_has_an_edge(browser, shown):
    family = ring().family("mix")
    with shown(browser, ring().html()) as (page, _):
        figure = ready(page)
        put(page, {"policy": "mix", "t": 4})
        data(page)
        mix = figure.locator("svg.cl-ring g").nth(1)
        assert mix.locator(".cl-lost").count() == N - len(set(family.parents[3].tolist()))
        assert mix.locator(".cl-real-dot").count() == (family.taken[3] >= N).sum() == N // 2


def test_the_table_is_pythons_and_each_station_is_a_link(browser, shown):
    family = ring().family()
    with shown(browser, ring().html()) as (page, faults):
        figure = ready(page)
        figure.locator("summary").press("Enter")
        rows = figure.locator(".cl-data tbody tr")
        rows.last.wait_for()
        cells = np.array([row.split("\t") for row in rows.all_inner_texts()], int)
        assert cells[:, 0].tolist() == list(range(1, T + 1))
        assert cells[:, 2].tolist() == family.left().tolist()
        assert cells[:, 3].tolist() == family.founders().tolist()
        assert (cells[:, 4:].sum(axis=1) == N).all()
        hrefs = figure.get_by_role("navigation", name="Stations").get_by_role("link")
        assert [link.get_attribute("href") for link in hrefs.all()] == [
            link.replace("#", ".html#") for link in LINKS.values()
        ]
    assert faults == []


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_targets_are_large(browser, shown, axe, theme, width):  # noqa: F811
    context = {"viewport": {"width": width, "height": 900}, "color_scheme": theme}
    context |= {"has_touch": True, "is_mobile": True} if width < 400 else {}
    with shown(browser, ring(try_this="Try this.").html(), **context) as (page, faults):
        page.add_style_tag(content=PAPER[theme])
        page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
        figure = ready(page)
        figure.locator("summary").press("Enter")
        assert violations(page, axe) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = figure.locator(".cl-ring-box")
        assert box.get_attribute("data-cl-form") == ("narrow" if width < 400 else "wide")
        if width < 400:
            for target in figure.locator("a, button:visible, summary, label.cl-keep").all():
                assert target.bounding_box()["height"] >= 44
    assert faults == []


@pytest.mark.parametrize("width, form", [(1280, "wide"), (390, "narrow")])
def test_without_a_script_a_still_ring_says_the_same(browser, shown, width, form):
    html = ring().html()
    context = {"java_script_enabled": False, "viewport": {"width": width, "height": 900}}
    with shown(browser, html, **context) as (page, faults):
        drawn = page.locator("#fig-ring .cl-drawing svg:visible")
        assert drawn.count() == 1
        assert drawn.get_attribute("class") == f"cl-ring-{form}"
        assert drawn.get_attribute("aria-label") == ring().alt
        ways = page.locator("#fig-ring figcaption a")
        assert [way.inner_text() for way in ways.all()] == list(LINKS)
    assert faults == []


def test_the_colours_of_the_still_ring_are_those_of_the_live_one(browser, shown):
    with shown(browser, ring().html()) as (page, _):
        figure = ready(page)
        drawn = (
            figure.locator("svg.cl-ring g")
            .first.locator("circle")
            .evaluate_all("dots => [...new Set(dots.map(dot => getComputedStyle(dot).fill))]")
        )
        still = page.evaluate(
            """fills => fills.map(fill => {
              const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
              dot.setAttribute("fill", fill);
              document.querySelector("svg.cl-ring").append(dot);
              return getComputedStyle(dot).fill;
            })""",
            [fill_of(k, len(COUNTS)) for k in range(len(COUNTS))],
        )
        assert drawn == still
        assert len(set(drawn)) == len(COUNTS)
