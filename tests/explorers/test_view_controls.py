"""Each control moves what is drawn; the data table says what is drawn; names are text."""

import pytest
from live_page import RAN, data, digest, put, ready, state
from view_page import SMALL, explorer

from collapse_lib.explorers.live.settings import MEASURES, PLAIN, SHARED

POLICIES = (*PLAIN, *SHARED)
OTHER_WAY = {"ArrowRight": "ArrowLeft", "ArrowUp": "ArrowDown", "ArrowDown": "ArrowUp"}
HOSTILE = "<img src=x onerror=alert(1)>"


# One call for each step keeps the many presses below quick.
START = """base => {
    const el = document.querySelector('#fig-urn .cl-live');
    el.clModel.set('state', {...el.clModel.get('state'), ...base});
    const drawn = JSON.stringify(el.clExplorer.data());
    const all = [...el.querySelectorAll('[data-cl-key]')].filter(node => node.offsetParent);
    window.clTest = { el, drawn, all };
    return all.map(node => [node.dataset.clKey, node.type]);
}"""
FOCUS = """([base, i]) => {
    const { el, all } = window.clTest;
    el.clModel.set('state', {...el.clModel.get('state'), ...base});
    el.clExplorer.data();
    all[i].focus();
    window.clTest.value = all[i].value;
}"""
MOVED = "i => window.clTest.all[i].value !== window.clTest.value"
CHANGED = "() => JSON.stringify(window.clTest.el.clExplorer.data()) !== window.clTest.drawn"


def key_for(kind):
    return {"select-one": "ArrowDown", "range": "ArrowRight"}.get(kind, "ArrowUp")


@pytest.fixture
def open_figure(browser, shown):
    """A function that opens a page with one figure, More settings open."""
    opened = []

    def start(**settings):
        context = shown(browser, explorer(**SMALL | settings).html())
        page, faults = context.__enter__()
        opened.append((context, faults))
        figure = ready(page)
        figure.locator("summary", has_text="More settings").click()
        return page, figure

    yield start
    for context, faults in opened:
        context.__exit__(None, None, None)
        assert faults == []


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("family", MEASURES)
def test_every_control_that_is_shown_changes_the_data(open_figure, family, policy):
    page, _ = open_figure(family=family)
    for measure in MEASURES[family]:
        base = state(page) | {"policy": policy, "measure": measure}
        controls = page.evaluate(START, base)
        assert len(controls) >= 11
        for i, (key, kind) in enumerate(controls):
            what = f"{family} {policy} {measure}: {key} ({kind})"
            page.evaluate(FOCUS, [base, i])
            page.keyboard.press(key_for(kind))
            if not page.evaluate(MOVED, i):
                page.keyboard.press(OTHER_WAY[key_for(kind)])
            assert page.evaluate(MOVED, i), f"{what} does not move"
            assert page.evaluate(CHANGED), f"{what} changes nothing"


def test_a_control_that_would_change_nothing_is_not_there(open_figure):
    page, figure = open_figure()
    absent = {
        "replace": {"real_fraction", "n_fresh", "sampling_bias", "ddof"},
        "fresh": {"n_fresh", "sampling_bias", "ddof"},
        "subsample": {"real_fraction", "sampling_bias", "ddof"},
    }
    for policy, keys in absent.items():
        put(page, {"policy": policy})
        data(page)
        for key in keys:
            assert not figure.locator(f"[data-cl-key={key}]").first.is_visible()
    put(page, {"measure": "gone"})
    data(page)
    assert not figure.locator("[data-cl-key=runs]").first.is_visible()
    put(page, {"measure": "diversity"})
    data(page)
    assert not figure.locator("[data-cl-key=colour]").first.is_visible()


@pytest.mark.parametrize("n", [10, 15, 36, 100, 250])
def test_one_step_of_the_share_is_at_least_one_real_row(open_figure, n):
    page, figure = open_figure(n_samples=n)
    for control in figure.locator("[data-cl-key=real_fraction]").all():
        put(page, {"policy": "fresh", "real_fraction": 0.1, "n_samples": n})
        before = digest(data(page))
        control.press(key_for(control.get_attribute("type")))
        assert digest(data(page)) != before


def test_a_number_is_taken_while_it_is_typed_and_put_right_after(open_figure):
    page, figure = open_figure()
    field = figure.locator("input[type=number][data-cl-key=n_samples]")
    field.fill("137")
    data(page)
    assert state(page)["n_samples"] == 137
    field.fill("3")
    data(page)
    assert state(page)["n_samples"] == 137
    field.press("Tab")
    assert field.input_value() == "137"
    field.fill("1000000000000")
    assert data(page)["median"] == pytest.approx([10] * 20, abs=0.01)


def test_new_seed_and_start_again(open_figure):
    page, figure = open_figure(seed=7)
    first = digest(data(page))
    figure.get_by_role("button", name="New seed").press("Enter")
    assert digest(data(page)) != first
    assert state(page)["seed"] == 8
    figure.get_by_role("button", name="Start again").press("Enter")
    assert digest(data(page)) == first


@pytest.mark.parametrize(
    "settings",
    [
        {"runs": 2},
        {"measure": "gone", "t": 13},
        {"family": "gaussian", "measure": "risk", "policy": SHARED["mix"](0.5)},
    ],
)
def test_the_table_is_what_is_drawn(open_figure, settings):
    page, figure = open_figure(**settings)
    figure.locator("summary", has_text="Data table").press("Enter")
    drawn = data(page)
    names = ["median", "lower", "upper", "mean", "law"]
    columns = [drawn[name] for name in names if drawn[name] is not None] + drawn["runs"]
    columns.insert(0, drawn["x"] if drawn["law"] else drawn["x"][: drawn["t"]])
    figure.locator(".cl-data tbody tr").first.wait_for()
    rows = figure.locator(".cl-data tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent))"
    )
    assert len(rows) == max(map(len, columns))
    for i, column in enumerate(columns):
        cells = [row[i] for row in rows]
        assert [float(cell) for cell in cells if cell] == pytest.approx(column, rel=6e-4, abs=1e-12)


def test_the_urn_of_run_one_is_shown_as_a_hundred_objects(open_figure):
    page, figure = open_figure(counts={"red": 1, "green": 1, "blue": 1}, n_samples=99, runs=1)
    for t in (1, 4, 20):
        put(page, {"t": t})
        drawn = data(page)
        assert sum(drawn["objects"]) == 100
        assert drawn["objects"][2] == pytest.approx(drawn["runs"][0][t - 1], abs=1)
        assert f"blue {drawn['objects'][2]} %" in figure.locator(".cl-objects").inner_text()
    put(page, {"n_samples": 10**12})
    assert sorted(data(page)["objects"]) == [33, 33, 34]


def test_the_same_settings_give_the_same_picture_on_each_load(browser, shown):
    pictures = []
    for _ in range(2):
        with shown(browser, explorer(runs=3).html()) as (page, faults):
            figure = ready(page)
            pictures.append((digest(data(page)), figure.locator(".cl-plot").inner_html()))
            assert faults == []
    assert pictures[0] == pictures[1]
    with shown(browser, explorer(runs=3, seed=2).html()) as (page, _):
        ready(page)
        assert digest(data(page)) != pictures[0][0]


def test_names_are_text_wherever_they_stand(open_figure):
    page, figure = open_figure(
        counts={HOSTILE: 90, f"</script>{HOSTILE}": 10}, measure="share", title=HOSTILE, runs=1
    )
    for measure in MEASURES["urn"]:
        put(page, {"measure": measure})
        data(page)
        assert figure.locator("img").count() == 0
    figure.locator("summary", has_text="Data table").press("Enter")
    assert figure.locator("img").count() == 0
    assert figure.locator("option", has_text="<img src=x").count() == 2
    assert "<img src=x" in figure.locator(".cl-plot").get_attribute("aria-label")


def test_what_has_no_live_form_says_so_and_stays_usable(open_figure):
    page, figure = open_figure(family="gaussian")
    put(page, {"policy": "mix", "n_samples": 10**6})
    assert data(page)["mean"] is None
    assert "set n to 10000 or less" in figure.locator(".cl-problem").inner_text()
    figure.locator("select[data-cl-key=policy]").select_option("replace")
    assert len(data(page)["mean"]) == SMALL["n_generations"]
    assert not figure.locator(".cl-problem").is_visible()


def test_results_of_python_lie_over_the_drawing_they_belong_to(open_figure):
    page, _ = open_figure()
    page.evaluate(RAN, [[1, 0.1], [2, None], [3, 0.3]])
    frames = data(page)["frames"]
    assert [frame[0] for frame in frames] == [1, 2, 3]
    assert frames[2][1] == pytest.approx(30)
    put(page, {"measure": "diversity"})
    assert data(page)["frames"] == []
