"""Helpers of the tests of the view: a figure in a page, its data, and its state from outside."""

import json

from collapse_lib.explorers import LiveExplorer

SMALL = {"n": 12, "generations": 20, "replicates": 16}


def explorer(name="urn", **settings):
    """A LiveExplorer of an urn, or of a Gaussian with family="gaussian"."""
    if settings.get("family") != "gaussian":
        settings = {"counts": {"yellow": 90, "blue": 10}} | settings
    texts = {"title": "A title", "caption": "A caption.", "alt": "The loop, run by the page."}
    return LiveExplorer(name, **(texts | settings))


def ready(page, name="urn"):
    """Wait until the figure is live and return its locator."""
    page.wait_for_function(f"document.querySelector('#fig-{name} .cl-live')?.clExplorer")
    return page.locator(f"#fig-{name}")


def data(page, name="urn"):
    """The arrays as drawn."""
    return page.evaluate(f"document.querySelector('#fig-{name} .cl-live').clExplorer.data()")


def state(page, name="urn"):
    return page.evaluate(f"document.querySelector('#fig-{name} .cl-live').clExplorer.state()")


def put(page, change, name="urn"):
    """Change the trait `state`, as Python would."""
    page.evaluate(
        f"""change => {{
            const model = document.querySelector('#fig-{name} .cl-live').clModel;
            model.set('state', {{...model.get('state'), ...change}});
        }}""",
        change,
    )


def digest(drawn):
    return json.dumps(drawn, sort_keys=True)
