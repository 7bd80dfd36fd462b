"""Timelines: two events, and arrows where runs ended before."""

from xml.etree import ElementTree

import numpy as np
import pandas
import pytest
from figures import SVG, WORDS, texts
from sentences import refusals

from collapse_lib.plotting import Axis, palette, spans

NEVER = np.inf
RUNS = pandas.DataFrame(
    {
        "loop": ["bell"] * 5 + ["digits"] * 5,
        "early": [10, 20, 30, 40, 50, 2, 2, 2, 3, NEVER],
        "late": [200, 300, 400, 500, NEVER, *[NEVER] * 5],
        "last": [1000] * 5 + [5] * 5,
    }
)


def drawn(frame=RUNS, **more):
    how = {"category": "loop", "start": "early", "end": "late", "last": "last"}
    return spans(frame, **(how | {"value": Axis("generation", log=True)} | more))


def test_medians_quantiles_and_how_many_came_to_the_end():
    figure = drawn()
    assert figure.table["early"].tolist() == [30, 2]
    assert figure.table["early, upper"].tolist() == [40, 3]
    assert figure.table["late"].tolist() == [400, NEVER]
    assert figure.table["end of the runs"].tolist() == [1000, 5]
    said = [text for *_, text in texts(figure.svg())]
    assert "4 of 5" in said and "0 of 5" in said and "runs that came to late" in said
    assert figure.alt == ("bell: early at 30, late at 400. digits: early at 2, late not within 5.")


def strokes(figure):
    """How many paths are drawn in the colour of the second event."""
    return sum(
        palette.CATEGORICAL[1].css in path.get("style", "")
        for path in ElementTree.fromstring(figure.svg()).iter(f"{SVG}path")
    )


def test_an_arrow_stands_only_where_a_quantile_was_not_reached():
    ended = RUNS.assign(early=1, late=4)
    never = RUNS.assign(early=1, late=NEVER)
    sign = 1  # in the legend
    assert strokes(drawn(ended)) == sign + 2 * 2  # a line and a dot for each category
    assert strokes(drawn(never)) == sign + 2 * 2  # the two strokes of an arrow
    some = ended.assign(late=[*[4] * 4, NEVER] * 2)
    assert strokes(drawn(some)) == sign + 2 * 2  # four of five are the 90 % quantile
    most = ended.assign(late=[*[4] * 3, NEVER, NEVER] * 2)
    assert strokes(drawn(most)) == sign + 2 * 4
    assert np.isfinite(drawn(most).table["late"]).all()


def test_a_linear_axis_will_do_and_words_may_be_given():
    figure = drawn(value=Axis("year"), **WORDS, name="one")
    assert (figure.title, figure.alt) == (WORDS["title"], WORDS["alt"])


test_refusals_are_sentences = refusals(
    (
        lambda: drawn(RUNS.assign(early=0.0)),
        "spans: times of 'bell' must be above 0; 5 of 15 are not (the first is 0).",
    ),
    (
        lambda: drawn(RUNS.assign(late=np.nan)),
        "spans: times of 'bell' must be above 0; 5 of 15 are not (the first is nan).",
    ),
)


def test_a_missing_column_is_named():
    with pytest.raises((KeyError, ValueError), match="when"):
        drawn(start="when")
