"""The engine's JavaScript as one module in a blank page, called with settings and read as arrays.

`mutant(source, ...)` puts one fault into the text by hand: what a test that compares must reject.
"""

import base64
import contextlib
import os
from pathlib import Path

import numpy as np

import collapse_lib
from collapse_lib.explorers.host.bundle import bundle
from collapse_lib.explorers.live.settings import DEFAULTS
from collapse_lib.policies import (
    Accumulate,
    AccumulateSubsample,
    Anchored,
    FreshReal,
    MixReal,
    Replace,
)

ENGINE = Path(collapse_lib.__file__).parent / "explorers" / "engine"
SHARE = 0.4
POLICIES = {
    "replace": Replace(),
    "accumulate": Accumulate(),
    "subsample": AccumulateSubsample(),
    "mix": MixReal(SHARE),
    "fresh": FreshReal(SHARE),
    "anchored": Anchored(),
}
NAMES = {
    "chains": (
        "simulate", "beginRun", "extendRun", "measured", "band", "luck", "extinctionTimes",
        "unsupported", "realRows",
    ),
    "laws": ("law",),
    "pace": ("runsAtATime",),
    "random": ("newStream", "restart", "drawUniform", "drawNormal"),
    "draws": ("drawGamma", "drawBinomial", "drawHypergeometric"),
}  # fmt: skip

# Calls one of the functions and gives its numbers as bytes: NaN and the last bit survive.
CALL = """async ([name, args]) => {
  const packed = (value) => {
    if (!(value instanceof Float64Array)) return value;
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) {
      text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    }
    return { float64: btoa(text) };
  };
  const result = window.engine[name](...args);
  if (result === null || typeof result !== "object") return result;
  if (result instanceof Float64Array) return packed(result);
  return Object.fromEntries(Object.entries(result).map(([key, value]) => [key, packed(value)]));
}"""
LOAD = """async (text) => {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const found = (await import(address)).default;
  const drawn = (settings) => found.measured(found.simulate(settings), settings);
  const many = (name, args, size, seed) => {
    const stream = found.newStream();
    found.restart(stream, seed, 0);
    return Float64Array.from({ length: size }, () => found[name](stream, ...args));
  };
  const bandOf = (settings) =>
    found.band(drawn(settings), settings.n_replicates, settings.n_generations);
  const inParts = (settings, parts) => {
    const run = found.beginRun(settings);
    const values = parts.map((n_replicates) => {
      found.extendRun(run, settings, n_replicates);
      return found.measured(run, settings);
    });
    return { ...run, values: values.at(-1), first: values[0] };
  };
  const times = (settings) => found.extinctionTimes(found.simulate(settings), settings);
  window.engine = { ...found, drawn, many, inParts, bandOf, times };
}"""


def engine_source(folder: Path) -> str:
    """The engine's files joined as a figure's are, the functions in its default export."""
    way = Path(os.path.relpath(ENGINE, folder)).as_posix()
    lines = [
        f'import {{ {", ".join(names)} }} from "./{way}/{file}.mjs";'
        for file, names in NAMES.items()
    ]
    functions = ", ".join(name for names in NAMES.values() for name in names)
    entry = folder / "entry.mjs"
    entry.write_text("\n".join([*lines, f"export default {{ {functions} }};\n"]))
    return bundle(entry)


def mutant(source: str, right: str, wrong: str) -> str:
    """The source with one fault; the right text must stand in it exactly once."""
    assert source.count(right) == 1, f"{source.count(right)} times in the source: {right!r}"
    return source.replace(right, wrong)


class Engine:
    """One blank page with the module loaded."""

    def __init__(self, browser, source: str):
        self.page = browser.new_page()
        self.page.goto("about:blank")
        self.page.evaluate(LOAD, source)

    def call(self, name: str, *args):
        """The result of a function of the engine; Float64Arrays as NumPy arrays. Settings that are
        not named are at their defaults."""
        args = [DEFAULTS | arg if isinstance(arg, dict) else arg for arg in args]
        result = self.page.evaluate(CALL, [name, args])
        if isinstance(result, dict):
            if set(result) == {"float64"}:
                return _array(result)
            return {key: _array(value) for key, value in result.items()}
        return result

    def paths(self, **settings):
        """simulate(settings): shares (n_replicates, n_generations, K), or (mean, variance),
        each (n_replicates, n_generations)."""
        found = self.call("simulate", settings)
        shape = (found["n_replicates"], found["n_generations"])
        if found["shares"] is not None:
            return found["shares"].reshape(*shape, -1)
        return found["mean"].reshape(shape), found["variance"].reshape(shape)

    def many(self, name: str, *args, size: int, seed: int):
        """`size` draws of one of the random functions."""
        return self.call("many", name, list(args), size, seed)

    def close(self):
        self.page.close()


@contextlib.contextmanager
def faulty(browser, source: str, right: str, wrong: str):
    """Yield an engine with one fault."""
    engine = Engine(browser, mutant(source, right, wrong))
    try:
        yield engine
    finally:
        engine.close()


def _array(value):
    if isinstance(value, dict) and "float64" in value:
        return np.frombuffer(base64.b64decode(value["float64"]), dtype="<f8")
    return value
