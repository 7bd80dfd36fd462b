"""The engine of the live explorer in Chromium: median time of a redraw's arithmetic.

    python -m bench.explorer

One line for each family and policy: simulate + measured + band of 200 replicates x 200 generations,
another seed each time, so that nothing can be remembered.
"""

import os
import shutil
import tempfile
from pathlib import Path

from collapse_lib.explorers import bundle as joiner

__all__ = ["CASES", "redraw"]

ENGINE = Path(joiner.__file__).parent / "engine"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
CASES = [
    *(
        {"family": "urn", "measure": "share", "counts": [40, 30, 20, 10], "policy": policy}
        for policy in ("replace", "accumulate", "subsample", "mix", "fresh", "anchored")
    ),
    {"family": "urn", "measure": "share", "counts": [40, 30, 20, 10], "n": 10**12},
    {"family": "urn", "measure": "share", "counts": [90, 10]},
    *(
        {"family": "gaussian", "measure": "variance", "policy": policy}
        for policy in ("replace", "accumulate", "subsample", "mix", "fresh", "anchored")
    ),
]
TIMED = """async ([text, settings, rounds]) => {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  const { simulate, measured, band } = (await import(address)).default;
  const times = [];
  for (let seed = 0; seed < rounds; seed++) {
    const s = { ...settings, seed, generations: 200, replicates: 200 };
    const start = performance.now();
    band(measured(simulate(s), s), 200, 200);
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
        return joiner.bundle(entry)


def redraw(page, settings: dict, rounds: int = 100) -> tuple[float, float]:
    """Milliseconds of the first redraw in a page, and the median of `rounds`."""
    times = page.evaluate(TIMED, [engine_text(), settings, rounds])
    return times[0], sorted(times)[rounds // 2]


def main() -> None:
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, BROWSERS)))
    options = {"executable_path": found, "args": ["--no-sandbox", "--disable-gpu"]}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**options)
        for settings in CASES:
            page = browser.new_page()
            first, median = redraw(page, settings)
            page.close()
            what = ", ".join(str(value) for value in settings.values())
            print(f"{what}: median {median:.1f} ms, the first {first:.1f} ms")
        browser.close()


if __name__ == "__main__":
    main()
