"""`python -m tools COMMAND`: every step of the project by one name each."""

import argparse
import errno
import importlib.util
import shutil
import sys
from collections.abc import Callable

from tools.environment import ROOT, run

# What the system says where nothing can be written: no right, a disk that is read only or full, a
# file where a folder should be.
UNWRITABLE = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.ENOTDIR,
    errno.EEXIST,
}


def book(arguments: list[str]) -> int:
    """execute the chapters and build the static book into _build/html"""
    from tools.book import build_book

    return build_book()


def test(arguments: list[str]) -> int:
    """check style, run every test, every chapter and the built book"""
    from tools.suite import run_suite

    return run_suite()


def notebooks(arguments: list[str]) -> int:
    """execute the chapters in place and store their text outputs [chapter ...]"""
    from tools.notebooks import refresh

    return refresh(arguments)


def citations(arguments: list[str]) -> int:
    """put links that JupyterLab shows in place of the roles {cite} in the chapters"""
    from tools.notebooks import write_citations

    return write_citations()


def lab(arguments: list[str]) -> int:
    """open JupyterLab on the chapters"""
    quiet = (
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    )  # nothing is fetched from elsewhere
    return run("-m", "jupyterlab", "chapters", *quiet, *arguments)


def serve(arguments: list[str]) -> int:
    """serve the built book on http://localhost:8000 [port]"""
    from tools.serve import serve_book

    return serve_book(*arguments)


def bench(arguments: list[str]) -> int:
    """run the benchmarks"""
    return run("-m", "bench", *arguments)


def odd(arguments: list[str]) -> int:
    """call every public function with odd arguments, or valid ones at their ends [--valid]"""
    from tools.odd.command import main

    return main(arguments)


def readme(arguments: list[str]) -> int:
    """draw the picture of the README anew"""
    from tools.readme import write_readme_figure

    return write_readme_figure()


def lock(arguments: list[str]) -> int:
    """write constraints.txt from what is installed here"""
    from tools.lock import write_constraints

    return write_constraints()


def clean(arguments: list[str]) -> int:
    """remove everything that was built"""
    build = ROOT / "_build"
    if build.is_dir() and not build.is_symlink():
        shutil.rmtree(build)
    else:
        build.unlink(missing_ok=True)
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    step.__name__: step
    for step in (
        book,
        test,
        notebooks,
        citations,
        lab,
        serve,
        bench,
        odd,
        readme,
        lock,
        clean,
    )
}


def main() -> int:
    width = max(map(len, COMMANDS))
    steps = "\n".join(f"  {name:{width}}  {step.__doc__}" for name, step in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m tools",
        epilog=f"commands:\n{steps}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=COMMANDS, metavar="command")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    chosen = parser.parse_args()
    if chosen.command != "clean" and importlib.util.find_spec("jupyter_book") is None:
        print("First run `python -m pip install -r requirements.txt -e .` in this environment.")
        return 1
    try:
        return COMMANDS[chosen.command](chosen.arguments)
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        build = ROOT / "_build"
        print(
            f"{build / (error.filename or '')} cannot be written ({error.strerror}). Work in a "
            "copy of the project in a folder of your own; for what another build left in "
            f"{build}, run `make clean` or `python -m tools clean`.",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
