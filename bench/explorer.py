"""The engine of the live explorer in Chromium: a redraw's arithmetic alone.

simulate + measured + band of 200 replicates x 200 generations, another seed each time, so that
nothing can be remembered. The aim leaves 6 of the 16 milliseconds of a redraw to the drawing.
"""

import os
import statistics
import tempfile
from pathlib import Path

from bench.chromium import launched
from collapse_lib import explorers
from collapse_lib.explorers.host.bundle import bundle
from collapse_lib.explorers.live.settings import DEFAULTS

__all__ = ["CASES"]

ENGINE = Path(explorers.__file__).parent / "engine"
POLICIES = ("replace", "accumulate", "subsample", "mix", "fresh", "anchored")
FAMILIES = {
    "urn": {"measure": "share", "counts": [40, 30, 20, 10]},
    "gaussian": {"measure": "variance"},
}
TIMED = """async ([text, settings, rounds]) => {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const { simulate, measured, band } = (await import(address)).default;
  const times = [];
  for (let seed = 0; seed < rounds; seed++) {
    const s = { ...settings, seed };
    const start = performance.now();
    band(measured(simulate(s), s), s.n_replicates, s.n_generations);
    times.push(performance.now() - start);
  }
  return times;
}"""


def engine_text() -> str:
    """The engine joined into one module that exports the functions of chains.mjs."""
    names = "simulate, measured, band"
    with tempfile.TemporaryDirectory() as folder:
        way = Path(os.path.relpath(ENGINE, folder)).as_posix()
        entry = Path(folder, "entry.mjs")
        entry.write_text(
            f'import {{ {names} }} from "./{way}/chains.mjs";\nexport default {{ {names} }};\n'
        )
        return bundle(entry)


def _case(family: str, policy: str, n_samples: int = 100, name: str = ""):
    def engine(n_replicates=200, n_generations=200, rounds=100, browser=None):
        settings = DEFAULTS | {"family": family, "policy": policy, **FAMILIES[family]}
        settings |= {"n_samples": n_samples}
        settings |= {"n_replicates": n_replicates, "n_generations": n_generations}
        with launched(browser) as found:
            page = found.new_page()
            times = page.evaluate(TIMED, [engine_text(), settings, rounds])
            page.close()
        return statistics.median(times), 10

    engine.__name__ = f"engine_{family}_{policy}{name}"
    engine.__doc__ = f"""Runs and band of the {family} under {policy}, n = {n_samples:,}, in
        Chromium: milliseconds by the clock. Aim: at most 10."""
    return engine


CASES = [
    *(_case(family, policy) for family in FAMILIES for policy in POLICIES),
    _case("urn", "replace", n_samples=10**12, name="_large"),
]
