"""The whole test suite: style, tests, chapters, the book and its pages."""

import os
import time
from collections.abc import Callable

from tools.book import build_book
from tools.environment import CELL_TIMEOUT, ROOT, run

OWN_CODE = ("_ext", "bench", "chapters", "collapse_lib", "tests", "tools")
SITE_TESTS = "tests/book"
WORKERS = min(4, os.cpu_count() or 1)  # each may hold a browser and a kernel


def style() -> int:
    """By folder: an environment may lie in the checkout under any name."""
    check = run("-m", "ruff", "check", *OWN_CODE)
    return check or run("-m", "ruff", "format", "--check", *OWN_CODE)


def unit_tests() -> int:
    side_by_side = ("-n", str(WORKERS), "--dist", "loadfile")
    all_but_site = ("tests", f"--ignore={SITE_TESTS}")
    return run("-m", "pytest", *all_but_site, *side_by_side, "--durations=5", OMP_NUM_THREADS="1")


def chapters() -> int:
    if not any(ROOT.glob("chapters/*.ipynb")):
        print("There is no notebook in chapters/.")
        return 1
    return run(
        "-m",
        "pytest",
        "chapters",
        "--nbval",
        "--nbval-current-env",
        f"--nbval-cell-timeout={CELL_TIMEOUT}",
    )


def site_tests() -> int:
    return run("-m", "pytest", SITE_TESTS, "--durations=5", REQUIRE_BOOK="1")


STEPS: dict[str, Callable[[], int]] = {
    "style (ruff)": style,
    "unit and statistical tests": unit_tests,
    "chapters against their stored outputs (nbval)": chapters,
    "build of the book, warnings are errors": build_book,
    "links and pages of the built book": site_tests,
}


def run_suite() -> int:
    """Run every step, also after one has failed, and end with a list of what failed."""
    report = []
    for title, step in STEPS.items():
        print(f"\n== {title}", flush=True)
        start = time.perf_counter()
        ok = step() == 0
        seconds = time.perf_counter() - start
        report.append((ok, f"{'ok    ' if ok else 'FAILED'} {seconds:6.1f} s  {title}"))
    print("\n" + "\n".join(line for _, line in report), flush=True)
    return 0 if all(ok for ok, _ in report) else 1
