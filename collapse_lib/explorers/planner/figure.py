"""Planner: what a remedy is worth, as a live figure that the page itself runs.

The arithmetic is in planner/forecast.mjs on the engine of the live figure (engine/*.mjs), the
same in Python in `forecast`; the drawing is that of view/*.mjs.
"""

from pathlib import Path

import numpy as np
import traitlets

from collapse_lib.explorers.host import StaticWidget
from collapse_lib.explorers.planner.forecast import Forecast, forecast
from collapse_lib.explorers.planner.settings import PLANNER, WORLDS, checked_plan, plan_of
from collapse_lib.plotting import Axis, BookFigure, Series, Theory, curves, palette

__all__ = ["Planner"]

HERE = Path(__file__).parents[1]
AXES = {
    "diversity": Axis("diversity kept (% of the real one)", lower=0),
    "kinds": Axis("kinds still alive (%)", lower=0, upper=100),
}


class Planner(StaticWidget):
    """A live figure that forecasts what is left of the diversity under a remedy.

        Planner("planner", title="...", caption="...", alt="...", try_this="...",
                world="words", policy=FreshReal(0.2), n_samples=1000, hit_rate=0.8,
                false_alarm_rate=0.05)

    name: lower-case words with dashes, unique in its chapter; links say
        `#fig=<name>&v=2&n_samples=1000`.
    title, try_this, caption: shown with it. alt: a sentence that says what the still figure shows.
    settings: world, policy, n_samples, n_fresh, hit_rate, false_alarm_rate, temperature,
        n_generations, n_replicates, seed, measure, adoption: see `settings.plan_of`.

    Traits, the same in Python and in JupyterLab: `state`, a dict that may be set to another;
    `meta`, the texts, the worlds, the limits and the defaults.

    Raises ValueError or TypeError with one sentence for what cannot be shown.
    """

    module = HERE / "planner" / "planner.mjs"
    style = (HERE / "view" / "figure.css", HERE / "planner" / "planner.css")

    state = traitlets.Dict().tag(sync=True)
    meta = traitlets.Dict().tag(sync=True)

    def __init__(self, name, *, title, caption, alt, try_this="", **settings):
        state = plan_of(**settings)
        self._first = forecast(state)  # complain now, not where the figure is shown
        self._first_state = state
        meta = {"name": name, "title": title, "tryThis": try_this, "caption": caption}
        meta |= {"worlds": WORLDS, "settings": PLANNER}
        super().__init__(name, alt=alt, state=state, meta=meta)

    def forecast(self) -> Forecast:
        """What the exact engine says of the state that the figure is in.

        Raises ValueError where nothing is left to train on, or for MixReal above 10^9 rows.
        """
        return forecast(self.state)

    def still(self) -> BookFigure:
        """The plan that the figure was made with, drawn by the exact engine and theory."""
        found, state = self._first, self._first_state
        t = np.arange(1, state["n_generations"] + 1)
        kept, bare = found.bands()
        remedy = Series(
            "with the remedy", t, *(100 * line for line in kept), role=palette.SYNTHETIC
        )
        without = Series("no remedy", t, 100 * bare.median, role=palette.BAND)
        dashed = []
        if found.law is not None:
            dashed = [Theory("mean in law", t, 100 * found.law.values, found.law.source)]
        note = f"Median and central 80 % of {state['n_replicates']:,} runs. {found.sentence}"
        return curves(
            [without, remedy],
            theory=dashed,
            name=self.name,
            title=self.meta["title"],
            caption=f"{self.meta['caption']} {note}".strip(),
            alt=self.alt,
            x=Axis("generation"),
            y=AXES[state["measure"]],
        )

    @traitlets.validate("state")
    def _check_state(self, proposal):
        state = checked_plan(proposal["value"])
        if ("adoption" in state) != ("adoption" in self._first_state):
            raise ValueError(
                "Planner.state must have adoption if the figure was made with it, and else not; "
                f"got adoption {state.get('adoption')}; make another Planner."
            )
        return state
