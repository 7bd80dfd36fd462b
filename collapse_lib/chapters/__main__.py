"""python -m collapse_lib.chapters [NAME ...]

Make the named experiments anew and store their results; without a name, list what there is.
"""

import argparse
import sys

from collapse_lib.chapters.experiment import all_experiments
from collapse_lib.chapters.store import FOLDER, load, store

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    known = all_experiments()
    parser = argparse.ArgumentParser(prog="python -m collapse_lib.chapters", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="see the list without a name")
    names = parser.parse_args(arguments).names
    unknown = [name for name in names if name not in known]
    if unknown:
        parser.error(f"no experiment is called {unknown[0]!r}; there are {sorted(known)}")
    for name in names:
        made = store(known[name])
        size = (FOLDER / f"{name}.npz").stat().st_size
        print(f"{name}: {made.about['seconds']:.0f} s, {size / 1024:.0f} KB")
    if not names:
        for name in sorted(known):
            print(f"{name:<24} {_when_stored(name)}")
    return 0


def _when_stored(name: str) -> str:
    try:
        return f"stored; took {load(name).about['seconds']:.0f} s"
    except FileNotFoundError:
        return "not stored"


if __name__ == "__main__":
    sys.exit(main())
