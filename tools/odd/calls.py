"""What can be called: the public functions and classes of the library, found by looking.

A class is called as it is used: a model is fitted and sampled, a source draws rows, a policy makes
a training set, a watermark samples and scores.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

import numpy as np

from collapse_lib.policies.base import Policy
from collapse_lib.sources import GaussianSource
from collapse_lib.sources.tokens import BytePairs
from collapse_lib.watermarks.base import Watermark
from tools.odd.examples import BY_CALL, BY_NAME

__all__ = ["HELD", "UNTRIED", "Call", "calls_of", "every_call"]

ROOMS = (
    "", "data", "checks", "exact", "loop", "metrics", "models", "plotting", "policies",
    "policies.detectors", "provenance", "provenance.credentials", "provenance.pictures",
    "provenance.prov_export", "sources", "theory", "verdicts", "verdicts.definitions",
    "watermarks", "watermarks.attacks", "watermarks.detection", "watermarks.radioactivity",
)  # fmt: skip

UNTRIED = {
    "models.Pretrained": "needs a folder of a network; its fields are tested in tests/models",
    **dict.fromkeys(
        [
            "loop.Band",
            "loop.Comparison",
            "loop.SweepError",
            "models.Continuations",
            "theory.Bounds",
            "theory.FreshFixedPoint",
            "theory.Moments",
            "theory.NormalPath",
            "verdicts.definitions.Score",
            "watermarks.detection.Rates",
        ],
        "a record that a function returns",
    ),
    "plotting.descent": "takes a drawing's arrays; tests/plotting",
    "plotting.mosaic": "takes a drawing's arrays; tests/plotting",
    "plotting.spans": "takes a frame of its own; tests/plotting",
    **dict.fromkeys(["sources.labelled_mnist", "sources.mnist"], "takes 10 s to load"),
    "models.WarmStart": "a base class",
    "models.Learned": "a base class",
    "plotting.BookFigure": "made by the figures",
    "provenance.credentials.Credentials": "made by read",
    "provenance.credentials.sign": "needs certificates; tests/provenance makes them",
    "provenance.credentials.read": "needs c2pa",
    "provenance.credentials.report": "needs c2pa",
    "provenance.Record": "made by a Ledger",
    "provenance.Lineage": "made by lineage",
    "provenance.pictures.media_type": "asks for the name of its caller's argument",
    "sources.digits": "keeps what it gave, by its argument: Python refuses what cannot be a key",
    "sources.docstrings": "reads thousands of docstrings at each call",
    "sources.python_topics": "has no arguments",
}


HELD = {"history"}  # parameters that the loop fills, and nobody else


@dataclass(frozen=True)
class Call:
    """name: as a user writes it, after collapse_lib. required, optional: names of parameters."""

    name: str
    function: Callable[..., Any]
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    spread: str = ""  # the parameter that is given as **

    def __call__(self, arguments: dict) -> Any:
        """What the call returns; a generator is asked for its first three."""
        given = dict(arguments)
        more = given.pop(self.spread, {})
        found = self.function(**given, **more) if isinstance(more, dict) else None
        return (
            [each for each, _ in zip(found, range(3), strict=False)]
            if isinstance(found, Iterator)
            else found
        )

    def base(self) -> dict:
        """Fresh valid arguments: all that are required."""
        made = {**BY_NAME, **BY_CALL.get(self.name, {})}
        own = BY_CALL.get(self.name, {})
        names = [*self.required, *(name for name in self.optional if name in own)]
        return {name: made[name]() for name in names}

    def lacking(self) -> list[str]:
        """Names of required parameters without an example."""
        return [n for n in self.required if n not in {**BY_NAME, **BY_CALL.get(self.name, {})}]


def every_call() -> list[Call]:
    """One Call for each public thing that is not UNTRIED, in the order of the rooms."""
    found = {}
    for room in ROOMS:
        module = import_module(f"collapse_lib.{room}".rstrip("."))
        for call in calls_of(module, f"{room}.".lstrip(".")):
            if call.name not in UNTRIED:
                found.setdefault(getattr(call.function, "odd_target", call.function), call)
    found["learn"] = _call("sources.BytePairs.learn", BytePairs.learn)
    return list(found.values())


def calls_of(module, prefix: str = "") -> Iterator[Call]:
    """The Calls of a module's public functions and classes that were made in the library, or in
    the module itself."""
    for name in getattr(module, "__all__", None) or dir(module):
        thing = getattr(module, name)
        home = getattr(thing, "__module__", "")
        if (
            name.startswith("_")
            or not callable(thing)
            or not inspect.isroutine(thing) | (inspect.isclass(thing))
        ):
            continue
        if not (home.startswith("collapse_lib") or home == module.__name__):
            continue
        if inspect.isclass(thing):
            if (
                issubclass(thing, Exception)
                or Protocol in thing.__mro__[:2]
                or (inspect.isabstract(thing))
            ):
                continue
            thing = used(thing)
        yield _call(f"{prefix}{name}", thing)


def _call(name: str, function) -> Call:
    parameters = inspect.signature(function).parameters.values()
    spread = next((p.name for p in parameters if p.kind is p.VAR_KEYWORD), "")
    plain = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    if name == "theory.compose_inbreeding":
        return Call(name, lambda shares: function(shares, 0.5), ("shares",))
    required = tuple(p.name for p in plain if p.default is p.empty)
    if spread and spread in BY_CALL.get(name, {}):
        required += (spread,)
    optional = tuple(p.name for p in plain if p.default is not p.empty)
    return Call(name, function, required, optional, spread)


def used(cls) -> Callable:
    """A function that makes an object of a class and uses it; its signature is the constructor's
    and what the uses need."""
    uses = _uses(cls)
    if uses is None:
        return cls
    use, more = uses
    own = list(inspect.signature(cls).parameters.values())
    taken = {p.name for p in own}
    more = [name for name in more if name not in taken]

    def function(**given):
        rest = {name: given.pop(name) for name in more}
        return use(cls(**given), **rest)

    extra = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in more]
    function.__signature__ = inspect.Signature(
        [p.replace(kind=p.KEYWORD_ONLY) for p in own if p.kind is not p.VAR_KEYWORD] + extra
    )
    function.odd_target, function.__doc__ = cls, cls.__doc__
    return function


def _uses(cls):
    """(use(object, ...), names of what it takes more) of a class, or None for its making alone."""
    rng = np.random.default_rng
    if hasattr(cls, "fit") and hasattr(cls, "sample"):

        def learn(model, rows, n):
            model = model.fit(rows, rng=rng(1))
            scores = model.score_samples(rows) if hasattr(model, "score_samples") else None
            return model.sample(n, rng=rng(2)), scores

        return learn, ("rows", "n")
    if issubclass(cls, Policy):
        draw = GaussianSource()  # the loop hands it over, as it does the history
        return lambda policy, history: policy(history, draw, rng(1)), ("history",)
    if issubclass(cls, Watermark):

        def mark(scheme, p, contexts, texts):
            return scheme.sample(p, contexts, rng=rng(1)), scheme.score(texts)

        return mark, ("p", "contexts", "texts")
    call = inspect.signature(cls.__call__).parameters if "__call__" in vars(cls) else {}
    if list(call) == ["self", "n", "rng"]:
        return lambda source, n: source(n, rng(1)), ("n",)
    if list(call) == ["self", "dataset", "rng"]:
        return lambda keep, history: keep(history[1], rng(1)), ("history",)
    return None
