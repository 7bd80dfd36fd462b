"""The command `collapse`: a check-up of files from a shell."""

import argparse
import json
import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path

import collapse_lib

__all__ = ["main"]

EPILOG = """
examples:
  collapse checkup real.csv synthetic.csv
  collapse checkup real.parquet gen1.parquet gen2.parquet --groups sex --groups region
  collapse checkup all.csv --source written_by --html report.html --json report.json
  collapse checkup real.txt synthetic.txt --fail-below 0.9

exit codes:
  0  nothing is lost beyond the stated level
  1  something is
  2  it could not be told, or the input could not be read

files: .csv .tsv (also .gz) .parquet .jsonl .txt .npy, or a folder of images. The first is real,
the others are batches or generations that a model made, the oldest first.
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    typed = sys.argv[1:] if arguments is None else arguments
    options = _parser().parse_args(typed)
    try:
        return _checkup(options, typed)
    except (ValueError, TypeError, OSError, ModuleNotFoundError) as error:
        message = str(error) if str(error) else type(error).__name__
        print(f"collapse: {message}", file=sys.stderr)
        return 2


def _checkup(options, typed) -> int:
    from collapse_lib.checkup import checkup

    report = checkup(
        options.real,
        *options.synthetic,
        groups=options.groups,
        text=options.text,
        source=options.source,
        generation=options.generation,
        seed=options.seed,
        level=options.level,
        delimiter=options.delimiter,
        encoding=options.encoding,
        decimal=options.decimal,
    )
    report = replace(report, command=f"collapse {shlex.join(typed)}")
    code = report.exit_code(options.fail_below)
    if options.json:
        text = json.dumps(report.to_dict(), indent=1, ensure_ascii=False, allow_nan=False)
        Path(options.json).write_text(text + "\n", encoding="utf-8")
    if options.html:
        report.to_html(options.html)
    if not options.quiet:
        _print(repr(report))
    return code


def _print(text: str) -> None:
    """To a terminal, a file, or a reader that may stop reading."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="collapse", description="What data that models made has lost of the real data."
    )
    parser.add_argument(
        "--version", action="version", version=f"collapse-lib {collapse_lib.__version__}"
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    checkup = commands.add_parser(
        "checkup",
        help="compare synthetic rows with real ones",
        description="Compare rows that a model made with real ones: what is lost, with an interval "
        "and the smallest loss that could have been seen; chance or bias; one false-alarm rate.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = checkup.add_argument
    add("real", metavar="REAL", help="the real rows, or one file of all rows with --source")
    add("synthetic", metavar="SYNTHETIC", nargs="*", help="rows that a model made, oldest first")
    add("--groups", metavar="COLUMN", action="append", help="a column of groups; may be repeated")
    add("--text", metavar="COLUMN", action="append", help="a column of texts; may be repeated")
    add("--source", metavar="COLUMN", help="who wrote each row: real, human or original, or others")
    add("--generation", metavar="COLUMN", help="the generation of each row; 0 is real")
    add("--fail-below", metavar="SHARE", type=float, help="how much kept is enough, such as 0.9")
    add("--json", metavar="FILE", help="write the report for machines")
    add("--html", metavar="FILE", help="write the report as one page")
    add("--quiet", action="store_true", help="print nothing; the exit code tells")
    add("--seed", type=int, default=0, help="of the random deals (default 0)")
    add("--level", type=float, default=0.05, help="false-alarm rate of all measures (default 0.05)")
    add("--delimiter", help="between the values of a CSV, where it is not found by itself")
    add("--decimal", help="the decimal sign of a CSV, such as ','")
    add("--encoding", help="utf-8 (default, or by the mark of the file), utf-16 or latin-1")
    return parser


if __name__ == "__main__":
    sys.exit(main())
