"""Helpers of the tests of the planner: a small figure, and its arithmetic as one module."""

import os
from pathlib import Path

from engine_page import ENGINE

from collapse_lib.explorers import Planner
from collapse_lib.explorers.host.bundle import bundle

SMALL = {"n_samples": 20, "n_generations": 12, "n_replicates": 40}
TEXTS = {"title": "A title", "caption": "A caption.", "alt": "What is left is drawn."}


def planner(name="plan", **given):
    return Planner(name, **(TEXTS | SMALL | given))


def forecast_source(folder: Path) -> str:
    """planner/forecast.mjs joined with the engine, in one module with what tests ask of it."""
    way = Path(os.path.relpath(ENGINE.parent, folder)).as_posix()
    entry = folder / "entry.mjs"
    entry.write_text(ENTRY % {"way": way}, encoding="utf-8")
    return bundle(entry)


ENTRY = """\
import { simulate } from "./%(way)s/engine/chains.mjs";
import {
  chainOf, keptShares, lawOf, problemOf, remainderOf,
} from "./%(way)s/planner/forecast.mjs";

function settingsOf(s, counts, isBare) {
  return chainOf(s, counts, isBare ? null : remainderOf(s));
}

function runsOf(s, counts, isBare) {
  return keptShares(simulate(settingsOf(s, counts, isBare)), counts, s.measure);
}

function meanOf(s, counts) {
  return lawOf(settingsOf(s, counts, false), s.measure);
}

export default { remainderOf, problemOf, runsOf, meanOf };
"""
