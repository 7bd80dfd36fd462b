"""LiveExplorer: the loop of an urn or of a Gaussian, run by the page itself.

The arithmetic is in engine/*.mjs, the drawing in view/*.mjs and live/*.mjs. This class
holds the state that a chapter starts from and the still figure for where no script runs. How to
add another figure stands in `host`.
"""

from pathlib import Path

import traitlets

from collapse_lib.arguments import check_choice, got
from collapse_lib.explorers.host import StaticWidget
from collapse_lib.explorers.live.run_panel import RunPanel
from collapse_lib.explorers.live.settings import LIVE, checked, state_of
from collapse_lib.explorers.live.still import still_figure
from collapse_lib.plotting.figure import BookFigure

__all__ = ["LiveExplorer"]

HERE = Path(__file__).parent
PREDICT = {"question", "unit", "lower", "upper", "t", "answer"}
ANSWERS = ("median", "mean")


class LiveExplorer(StaticWidget):
    """An interactive figure of the loop: policy, rows, generations and more can be moved.

        LiveExplorer("urn", title="...", try_this="...", caption="...", alt="...",
                     counts={"yellow": 90, "blue": 10}, policy=Replace(), n_samples=100)

    name: lower-case words with dashes, unique in its chapter; links say
        `#fig=<name>&v=2&n_samples=1000`.
    title, try_this, caption: shown with it; try_this is one sentence. alt: a sentence that says
        what the still figure shows.
    predict: a question that is answered before the curve is shown: {"question": ..., "unit": "%",
        "lower": 0, "upper": 100, "t": 200, "answer": "median" or "mean"}.
    settings: family, counts, policy, n_samples, n_fresh, sampling_bias, temperature, ddof,
        n_generations, n_replicates, seed, measure, colour, runs, t, autoplay: see
        `settings.state_of`.

    Traits, the same in Python and in JupyterLab: `state`, a dict that may be set to another;
    `frames`, a list of [generation, value] that Python has run; `meta`, the texts, the limits and
    the defaults.

    Raises ValueError or TypeError with one sentence for what cannot be shown.
    """

    module = HERE / "live.mjs"
    style = (HERE.parent / "view" / "figure.css", HERE / "live.css")

    state = traitlets.Dict().tag(sync=True)
    frames = traitlets.List().tag(sync=True)
    meta = traitlets.Dict().tag(sync=True)

    def __init__(self, name, *, title, caption, alt, try_this="", predict=None, **settings):
        if predict is not None:
            if set(predict) != PREDICT:
                wanted = ", ".join(sorted(PREDICT))
                raise ValueError(f"LiveExplorer.predict must have {wanted}; {got(predict)}.")
            check_choice("LiveExplorer.predict.answer", predict["answer"], ANSWERS)
        meta = {"name": name, "title": title, "tryThis": try_this, "caption": caption}
        meta |= {"predict": predict, "settings": LIVE}
        super().__init__(name, alt=alt, state=state_of(**settings), meta=meta)

    def still(self) -> BookFigure:
        return still_figure(
            self.state,
            name=self.name,
            title=self.meta["title"],
            caption=self.meta["caption"],
            alt=self.alt,
        )

    def with_python(self, *, model=None, source=None, policy=None, measure=None) -> RunPanel:
        """Return the figure with a panel that runs the loop on rows in this kernel.

        model, source, policy: the learner's own, as for `run_loop`; without them those of the
            figure. measure: a function of a Generation that returns a float, in the unit of the
            figure's axis but for per cent, which are given as shares.
        """
        return RunPanel(self, model=model, source=source, policy=policy, measure=measure)

    @traitlets.validate("state")
    def _check_state(self, proposal):
        return checked(proposal["value"])
