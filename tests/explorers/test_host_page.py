"""The host on a page without a kernel, with a stand-in as the figure it carries."""

import json
import re

import pytest
from webpage import watched

from collapse_lib.explorers import LiveExplorer
from collapse_lib.explorers.host.page import SCRIPT, STYLE

HOSTILE = [
    "<img src=x onerror=\"window.stolen = 'img'\">",
    "</script><script>window.stolen = 'script'</script>",
    "<!--<script>",
    "]]>&lt;b&gt;\u2028${window.stolen = 'template'}`\\",
]


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_figure_is_live_without_kernel_and_network(browser, shown, stand_in, scheme):
    with shown(browser, stand_in().html(), scheme=scheme) as (page, faults):
        page.get_by_role("button", name="add one").click()
        assert page.locator("output").text_content() == "2"
        assert page.locator("#fig-one .cl-drawing").count() == 0
    assert faults == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_figures_of_one_page_share_the_module_and_nothing_else(browser, shown, stand_in, scheme):
    figures = [stand_in(name, number=n).html() for name, n in (("a", 10), ("b", 20), ("c", 30))]
    with shown(browser, *figures, scheme=scheme) as (page, faults):
        assert page.locator("script[src]").count() == 1
        assert page.locator("script:not([src], .cl-payload)").count() == 0
        for name in ("b", "b", "c"):
            page.locator(f"#fig-{name} button").click()
        assert page.locator("output").all_text_contents() == ["10", "22", "31"]
    assert faults == []


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_two_pages_share_one_script_and_one_stylesheet(browser, served, stand_in, scheme):
    folder, address, tags = served
    root = address if scheme == "http" else folder.as_uri()
    texts = {"title": "T", "caption": "C.", "alt": "The share falls.", "n_replicates": 8}
    live = LiveExplorer("urn", counts={"yellow": 90, "blue": 10}, **texts).html()
    for name, figures in {"first": stand_in().html() + live, "second": live}.items():
        text = f'<!DOCTYPE html><link rel="icon" href="data:,">{tags}<body>{figures}'
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    asked = []
    with watched(browser, root) as (page, faults):
        page.on("request", lambda request: asked.append(request.url.removeprefix(f"{root}/")))
        for name, count in (("first", 2), ("second", 1)):
            page.goto(f"{root}/{name}.html")
            page.wait_for_function(
                "n => document.querySelectorAll('[data-cl-host=live]').length === n", arg=count
            )
            assert set(asked) == {f"{name}.html", SCRIPT, STYLE}
            assert len(asked) == 3
            assert page.locator("#fig-urn .cl-plot-box").bounding_box()["height"] > 40
            asked.clear()
    assert faults == []


def test_a_figure_holds_its_data_and_no_code(stand_in):
    html = stand_in().html()
    scripts = re.findall(r"<script\b[^>]*>", html)
    assert scripts == ['<script type="application/json" class="cl-payload">']
    assert 'data-cl-view="StandIn"' in html
    assert "render" not in html


def test_a_figure_that_the_script_does_not_know_stays_still(browser, shown, stand_in):
    html = stand_in().html().replace('data-cl-view="StandIn"', 'data-cl-view="toString"')
    with shown(browser, html) as (page, faults):
        assert page.locator("#fig-one svg").bounding_box()["height"] > 40
    assert faults == ["error: This script has no figure toString."]


def test_the_still_is_drawn_once_for_what_is_shown(stand_in, monkeypatch):
    figure, drawn = stand_in(), []
    still = figure.still

    def counted():
        drawn.append(figure.state["number"])
        return still()

    monkeypatch.setattr(figure, "still", counted)
    first = figure._repr_mimebundle_()[0]["text/html"]
    assert figure._repr_mimebundle_()[0]["text/html"] == figure.html() == first
    assert drawn == [1]
    figure.state = figure.state | {"number": 2}
    assert figure.html() != first
    assert drawn == [1, 2]


def test_figures_of_one_class_are_bundled_once(stand_in):
    assert stand_in("a")._esm is stand_in("b")._esm


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_text_from_data_is_inert(browser, shown, stand_in, scheme):
    figure = stand_in(names=HOSTILE)
    with shown(browser, figure.html(), scheme=scheme) as (page, faults):
        page.get_by_role("button", name="add one").click()
        assert page.locator("#fig-one p").last.text_content() == f"Names: {', '.join(HOSTILE)}"
        assert page.evaluate("window.stolen") is None
        assert page.locator("#fig-one img").count() == 0
    assert faults == []


def test_the_test_of_inert_text_can_fail(browser, shown, stand_in):
    """The same names, put into the page as they are, do run."""
    raw = stand_in(names=HOSTILE).html() + f"<p>{HOSTILE[1]}</p>"
    with shown(browser, raw) as (page, _):
        assert page.evaluate("window.stolen") == "script"


def test_state_is_json_that_a_browser_reads_back(browser, shown, stand_in):
    state = {"names": HOSTILE, "number": 1e-300, "deep": [None, True, {"x": -0.5}]}
    with shown(browser, stand_in(**state).html()) as (page, faults):
        read = page.evaluate("document.querySelector('.cl-live').clModel.get('state')")
    assert read == state
    assert faults == []


def test_bytes_arrive_as_a_dataview(browser, shown, stand_in):
    sent = bytes(range(256))
    with shown(browser, stand_in(data=sent).html()) as (page, faults):
        read = page.evaluate(
            """() => {
              const view = document.querySelector(".cl-live").clModel.get("data");
              return view instanceof DataView
                ? Array.from({ length: view.byteLength }, (_, i) => view.getUint8(i)) : null;
            }"""
        )
    assert bytes(read) == sent
    assert faults == []


def test_the_shim_is_a_model(browser, shown, stand_in):
    """get, set, on, off and their events, as an anywidget front end knows them."""
    with shown(browser, stand_in().html()) as (page, faults):
        heard = page.evaluate(
            """() => {
              const model = document.querySelector(".cl-live").clModel;
              const heard = [];
              const one = () => heard.push("one " + model.get("state").number);
              const any = () => heard.push("any");
              model.on("change:state", one);
              model.on("change", any);
              model.set("state", { ...model.get("state"), number: 5 });
              model.set("state", { ...model.get("state"), number: 5 });
              model.save_changes();
              model.send({ hello: 1 });
              model.off("change:state", one);
              model.set("state", { ...model.get("state"), number: 6 });
              model.off();
              model.set("state", { ...model.get("state"), number: 7 });
              return heard;
            }"""
        )
        assert heard == ["one 5", "any", "any"]
        assert page.locator("output").text_content() == "6"
    assert faults == []


def test_without_javascript_the_still_figure_stands(browser, shown, stand_in):
    with shown(browser, stand_in().html(), java_script_enabled=False) as (page, faults):
        figure = page.locator("#fig-one")
        assert figure.locator("svg").bounding_box()["height"] > 40
        assert figure.get_by_text("What stands without a script.").is_visible()
        assert figure.locator(".cl-title").text_content() == "A stand-in"
        assert figure.locator("details table").count() == 1
        assert figure.get_by_role("button").count() == 0
    assert faults == []


def test_a_view_that_fails_leaves_the_still_figure(browser, shown, stand_in):
    with shown(browser, stand_in(fails=True).html(), stand_in("two").html()) as (page, faults):
        assert page.locator(".cl-live").count() == 1
        assert page.locator("#fig-one svg").bounding_box()["height"] > 40
        page.locator("#fig-two button").click()
        assert page.locator("#fig-two output").text_content() == "2"
    assert faults == ["error: the view failed"]


def test_print_holds_a_figure_with_and_without_javascript(browser, shown, stand_in):
    for scripts in (True, False):
        with shown(browser, stand_in().html(), java_script_enabled=scripts) as (page, _):
            page.emulate_media(media="print")
            assert page.locator("#fig-one").bounding_box()["height"] > 20
            assert len(page.pdf()) > 1000
            assert page.locator("#fig-one svg").count() == (0 if scripts else 1)


def test_the_mimebundle_carries_both_homes_and_a_steady_text(stand_in):
    one, two = stand_in(), stand_in()
    data, metadata = one._repr_mimebundle_()
    assert set(data) == {
        "text/plain",
        "text/html",
        "application/vnd.jupyter.widget-view+json",
    }
    assert metadata == {}
    assert data["text/plain"] == repr(one) == repr(two) == "Explorer one: A line that rises."
    assert data["text/html"] == two.html()


def test_the_html_has_no_random_names_and_no_outside_address(stand_in):
    html = stand_in().html()
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", html)
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", html))
    assert addresses <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"\b(src|href)=[\"']?(?!#)", html)


@pytest.mark.parametrize("name", ["One", "two words", 'x"><script>', "", "a--b"])
def test_a_name_that_is_no_id_is_refused(stand_in, name):
    with pytest.raises(ValueError) as caught:
        stand_in(name)
    assert str(caught.value) == (
        f"StandIn.name must be lower-case words joined by dashes; got {name!r}; try 'urn-share'."
    )


def test_what_is_not_json_is_not_carried(stand_in):
    with pytest.raises(ValueError, match="not JSON compliant"):
        stand_in(number=float("nan")).html()


def test_payload_escapes_are_json(stand_in):
    html = stand_in(names=HOSTILE).html()
    text = re.search(r'class="cl-payload">(.*?)</script>', html, re.DOTALL)[1]
    assert not set("<>&") & set(text)
    assert json.loads(text)["traits"]["state"]["names"] == HOSTILE
