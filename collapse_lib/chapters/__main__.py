"""What stands behind the chapters, made anew.

python -m collapse_lib.chapters claims write    compute every claim, put the literals into the
                                                chapters, and write the page of claims
python -m collapse_lib.chapters claims check    compute every claim and compare; name sentences
                                                that drifted and numbers bound to nothing
python -m collapse_lib.chapters store NAME ...  make the named experiments anew and store their
                                                results; without a name, list what there is
"""

import argparse
import sys
from pathlib import Path

__all__ = ["main"]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m collapse_lib.chapters",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    claims = commands.add_parser("claims")
    claims.add_argument("action", choices=("write", "check"))
    claims.add_argument("--chapters", type=Path, default=Path("chapters"))
    stored = commands.add_parser("store")
    stored.add_argument("names", nargs="*", metavar="NAME", help="see the list without a name")
    given = parser.parse_args(arguments)
    if given.command == "claims":
        return _claims(given.action, given.chapters)
    return _store(given.names, stored)


def _claims(action: str, chapters: Path) -> int:
    from collapse_lib.chapters import binding

    if action == "write":
        changed = binding.write(chapters)
        print(f"wrote {', '.join(changed)}" if changed else "nothing to write")
        return 0
    faults = binding.check(chapters)
    print("\n".join(faults) or "every number is bound and agrees")
    return 1 if faults else 0


def _store(names: list[str], parser: argparse.ArgumentParser) -> int:
    from collapse_lib.chapters.experiment import all_experiments
    from collapse_lib.chapters.store import load, store

    known = all_experiments()
    unknown = [name for name in names if name not in known]
    if unknown:
        parser.error(f"no experiment is called {unknown[0]!r}; there are {sorted(known)}")
    for name in names:
        print(f"{name}: {store(known[name]).attrs['seconds']:.0f} s")
    for name in [] if names else sorted(known):
        try:
            print(f"{name:<24} stored; took {load(name).attrs['seconds']:.0f} s")
        except FileNotFoundError:
            print(f"{name:<24} not stored")
    return 0


if __name__ == "__main__":
    sys.exit(main())
