"""What plotting refuses, in whole sentences."""

import numpy as np
from figures import MARKS, WORDS
from sentences import refusals

from collapse_lib.plotting import (
    Axis,
    Bars,
    BookFigure,
    Cloud,
    Histogram,
    Panel,
    Series,
    Strip,
    Theory,
    bars,
    curves,
    image_strip,
    mosaic,
    palette,
    scatter_panels,
    small_multiples,
)


def figure_of(**changes):
    parts = {"name": "one", "caption": "", "table": {}, "figure": None} | WORDS | changes
    return BookFigure(**parts)


PLAIN = {"x": Axis("x"), "y": Axis("y"), "name": "one", **WORDS}
NAN = float("nan")
REFUSED = [
    (
        lambda: figure_of(name="Bad name"),
        "BookFigure.name must be lower-case words joined by dashes; got 'Bad name'; "
        "try 'variance-by-generation'.",
    ),
    (lambda: figure_of(title=" "), "BookFigure.title must not be empty; got none for 'one'."),
    (
        lambda: figure_of(alt=""),
        "BookFigure.alt must be a sentence that says what the figure shows; got '' for 'one'; "
        "end it with a full stop.",
    ),
    (
        lambda: figure_of(alt="a plot"),
        "BookFigure.alt must be a sentence that says what the figure shows; got 'a plot' for "
        "'one'; end it with a full stop.",
    ),
    (
        lambda: figure_of(table={"a": [[1, 2]]}),
        "BookFigure.table: axes of 'a' must be at most 1; got 2.",
    ),
    (
        lambda: Series("a", [1, 2, 3], [1, 2]),
        "Series 'a' needs arrays of one shape; got x (3,), median (2,).",
    ),
    (
        lambda: Series("a", [1, 2], [1, 2], [0, 0]),
        "Series 'a': lower and upper must come together; got only one of them.",
    ),
    (
        lambda: Series("a", [1, 2], [1, 2], runs=np.ones((3, 4))),
        "Series 'a' needs arrays of one shape; got x (2,), each run (4,).",
    ),
    (
        lambda: Series("a", [1, NAN], [1, 2]),
        "Series 'a': x must be finite; 1 of 2 are not (the first is nan).",
    ),
    (
        lambda: Series("a", [], []),
        "Series 'a': x must have 1 axis; got shape (0,).",
    ),
    (lambda: Series(" ", [1], [1]), "Series ' ': label must not be empty; got ' '."),
    (
        lambda: Theory("a", [1], [1], " "),
        "Theory 'a': source must name where the formula stands; got nothing.",
    ),
    (
        lambda: Histogram("a", [0, 1], [1, 2]),
        "Histogram 'a': number of edges must be at least 3; got 2.",
    ),
    (
        lambda: Histogram("a", [0, 0, 1], [1, 2]),
        (
            "Histogram 'a': width of a bin must be finite and above 0; 1 of 2 are not (the "
            "first is 0)."
        ),
    ),
    (
        lambda: Bars("a", [1, 2], [1], [2, 3]),
        "Bars 'a' needs arrays of one shape; got values (2,), lower (1,).",
    ),
    (
        lambda: Cloud("a", [1, 2]),
        "Cloud 'a' needs rows of shape (n, d); got shape (2,).",
    ),
    (
        lambda: Cloud("a", [[1, NAN], [1, 2]]),
        "Cloud 'a': 1 of 2 rows hold NaN or infinity (the first is row 0); drop or repair them.",
    ),
    (
        lambda: Strip("a", [[1.0]]),
        "Strip 'a': images must have 3 axes; got shape (1, 1).",
    ),
    (
        lambda: Strip("a", [[[1.0, NAN]]]),
        "Strip 'a': images must be a number; 1 of 2 are not (the first is nan).",
    ),
    (lambda: Panel("a", []), "Panel 'a': marks must not be empty; got none."),
    (
        lambda: Axis("a", log=True, lower=0.0),
        "Axis.lower of a log axis must be finite and above 0; got 0.",
    ),
    (lambda: curves([], **PLAIN), "curves.series must not be empty; got nothing to draw."),
    (
        lambda: curves([Series("a", [1], [1]), Series("a", [1], [2])], **PLAIN),
        "curves.series must have different labels; got 'a' more than once.",
    ),
    (
        lambda: curves([Series("x", [1], [1])], **PLAIN),
        "curves.series must have different labels; got 'x' more than once.",
    ),
    (
        lambda: curves([Series("a", [1], [NAN])], **PLAIN),
        "Axis 'y' needs a value to show, finite; got none.",
    ),
    (
        lambda: curves([Series("a", [1], [-1])], **(PLAIN | {"y": Axis("y", log=True)})),
        "Axis 'y' needs a value to show, positive and finite, as the axis is logarithmic; "
        "got none.",
    ),
    (
        lambda: bars(["a"], [Bars("b", [1, 2])], value=Axis("v"), name="one", **WORDS),
        "Bars 'b' needs arrays of one shape; got categories (1,), values (2,).",
    ),
    (
        lambda: bars(["a"], [Bars("b", [NAN])], value=Axis("v"), name="one", **WORDS),
        "Bars 'b': values must be finite; got nan.",
    ),
    (
        lambda: bars(["a"], [Bars("b", [1])], value=Axis("v", log=True), name="one", **WORDS),
        "bars.value must be a linear Axis: a bar has no foot on a log axis.",
    ),
    (
        lambda: image_strip(
            [Strip("a", np.ones((1, 2, 2))), Strip("b", np.ones((2, 2, 2)))], name="one", **WORDS
        ),
        "image_strip needs arrays of one shape; got a (1, 2, 2), b (2, 2, 2).",
    ),
    (
        lambda: image_strip([Strip("a", np.ones((21, 2, 2)))], name="one", **WORDS),
        "image_strip.strips: number of images must be at most 20; got 21.",
    ),
    (
        lambda: image_strip([Strip("a", np.ones((1, 2, 2)))], full_ink=0, name="one", **WORDS),
        "image_strip.full_ink must be finite and above 0; got 0.",
    ),
    (
        lambda: scatter_panels([Panel("p", [Cloud("a", [[1, 2]])])], max_points=0, **PLAIN),
        "scatter_panels.max_points must be at least 1; got 0.",
    ),
    (
        lambda: small_multiples(
            [
                Panel("p", [Series("a", [1, 2], [1, 2])]),
                Panel("q", [Series("a", [1, 2], [1, 2], role=palette.SYNTHETIC)]),
            ],
            **PLAIN,
        ),
        "Panel 'q': a label must keep its role in every panel; got two roles for 'a'.",
    ),
]


def one_tile(**changes):
    parts = {"rows": ["a"], "columns": ["b"], "words": [["falls"]], "marks": MARKS} | changes
    return mosaic(**parts, name="one", **WORDS)


REFUSED += [
    (
        lambda: one_tile(words=[["falls", "stays"]]),
        "mosaic needs arrays of one shape; got labels (1, 1), words (1, 2).",
    ),
    (
        lambda: one_tile(details=[["a"], ["b"]]),
        "mosaic needs arrays of one shape; got labels (1, 1), details (2, 1).",
    ),
    (
        lambda: one_tile(words=[["rises"]]),
        "mosaic: word with a mark must be one of 'falls', 'stays'; got 'rises'.",
    ),
    (
        lambda: one_tile(marks=MARKS | {"rises": ("=", palette.REAL)}),
        "mosaic.marks must have a sign of one character, another for each word; "
        "got '=' for 'stays'.",
    ),
    (
        lambda: one_tile(columns=["b", "b"], words=[["falls"] * 2]),
        "mosaic.columns must have different labels; got 'b' more than once.",
    ),
]
REFUSED_TYPES = [
    (
        lambda: Series("a", [1], [1], role="real"),
        "Series 'a': role must be of type Role; got 'real'.",
    ),
    (
        lambda: scatter_panels([Panel("p", [Series("a", [1], [1])])], **PLAIN),
        "scatter_panels.panels 'p': mark must be of type Cloud; got Series(label='a', "
        "x=array([1.]), median=array([1.]), lowe....",
    ),
]


test_refusals_are_sentences = refusals(*REFUSED)
test_wrong_types_are_sentences = refusals(
    *((call, TypeError, sentence) for call, sentence in REFUSED_TYPES)
)
