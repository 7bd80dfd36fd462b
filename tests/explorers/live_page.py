"""Helpers of the tests of figures in a page: what is drawn, and the state from outside.

name: of the figure, else the first on the page.
"""

import json

RAN = """(frames) => {  // as Python tells of a run with the settings on show
    const { clModel } = document.querySelector('.cl-explorer .cl-live');
    clModel.set('ran', clModel.get('state'));
    clModel.set('frames', frames);
}"""


def ready(page, name=None):
    """Wait until the figure is live and return its locator."""
    page.wait_for_function(f"{_live(name)}?.clExplorer")
    return page.locator(_figure(name)).first


def data(page, name=None):
    """The arrays as drawn."""
    return page.evaluate(f"{_live(name)}.clExplorer.data()")


def state(page, name=None):
    return page.evaluate(f"{_live(name)}.clExplorer.state()")


def wait_for_state(page, key, value):
    """Wait until a key of the state has this value."""
    page.wait_for_function(f"{_live(None)}.clExplorer.state().{key} === {value}")


def put(page, change, name=None):
    """Change the trait `state`, as Python would."""
    page.evaluate(
        f"""change => {{
            const model = {_live(name)}.clModel;
            model.set('state', {{...model.get('state'), ...change}});
        }}""",
        change,
    )


def digest(drawn):
    return json.dumps(drawn, sort_keys=True)


def _figure(name):
    return f"#fig-{name}" if name else ".cl-explorer"


def _live(name):
    return f"document.querySelector('{_figure(name)} .cl-live')"
