"""A ledger that somebody has tampered with, drawn as linked blocks as far as `verify` vouches."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from collapse_lib.plotting import BookFigure, palette
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.provenance import verify
from collapse_lib.provenance.record import GENESIS, line_of, parse

__all__ = ["altered", "ledger_chains", "rechained"]

MOST = 200
BLOCK, TALLEST = 0.68, 13  # share of a step that a block takes, and its largest side


def altered(lines, number, **about):
    """The lines of a ledger, with other values in the content of one record and its fingerprint
    left as it was: altered(lines, 2, rows=0)."""
    record = json.loads(lines[number])["record"]
    content = {**record["content"], **about}
    written = line_of(number, record["kind"], content, record["previous"])
    digest = slice(len(b'{"digest":"'), len(b'{"digest":"') + 64)
    old = lines[number][digest]
    return [*lines[:number], written[: digest.start] + old + written[digest.stop :] + b"\n",
            *lines[number + 1 :]]  # fmt: skip


def rechained(lines):
    """The lines of a ledger with all fingerprints computed anew, so that the chain fits."""
    previous, made = GENESIS, []
    for number, line in enumerate(lines):
        record = json.loads(line)["record"]
        written = line_of(number, record["kind"], record["content"], previous)
        previous = parse(written).digest
        made.append(written + b"\n")
    return made


@dataclass(frozen=True)
class _Read:
    label: str
    changed: np.ndarray  # (n,) bool: is the record another than was written?
    n_lost: int
    sound: int  # how many records from the first on verify vouches for
    verdict: str
    fault: int | None


def ledger_chains(lines, attempts, *, name, title, caption=""):
    """Draw what `verify` makes of ledgers: a chain of blocks for each, one block a record.

    lines: of the ledger as it was written. attempts: label -> (lines, head kept elsewhere or None).
    A block is REAL where the record is as it was written, SYNTHETIC where it is not, and empty
    where it is gone; the line between blocks goes as far as `verify` vouches for the chain, and a
    cross stands at the record that it names. The words are those of `verify`. Returns a BookFigure.
    """
    read = [_read(label, lines, *attempt) for label, attempt in attempts.items()]
    n_blocks = max(len(each.changed) + each.n_lost for each in read)
    if n_blocks > MOST:
        raise ValueError(f"ledger_chains: at most {MOST} records can be seen; got {n_blocks}.")
    keys = [
        Key("record as written", palette.REAL, "box"),
        Key("record changed", palette.SYNTHETIC, "box"),
        Key("vouched for so far", palette.THEORY, "line"),
    ]
    step = (canvas.WIDTH - 8) / n_blocks
    with drawing():
        legend = canvas.flow(keys)
        said = [canvas.wrapped(each.verdict, canvas.WIDTH) for each in read]
        top = len(legend) * canvas.LINE + 8
        tall = [canvas.LINE + 24 + canvas.LINE * len(texts) + 12 for texts in said]
        page = Canvas(top + sum(tall))
        page.legend(legend)
        for each, texts, height in zip(read, said, tall, strict=True):
            page.write(0, top + canvas.LINE / 2, each.label, bold=True)
            _chain(page, top + canvas.LINE + 13, each, step)
            for number, text in enumerate(texts):
                page.write(0, top + canvas.LINE + 24 + (number + 0.5) * canvas.LINE, text)
            top += height
    table = {
        "ledger": np.array([each.label for each in read]),
        "records": np.array([len(each.changed) for each in read]),
        "changed": np.array([int(each.changed.sum()) for each in read]),
        "lost": np.array([each.n_lost for each in read]),
        "verdict": np.array([each.verdict for each in read]),
    }
    alt = " ".join(_told(each) for each in read)
    return BookFigure(name, title, caption, alt, table, page.figure)


def _read(label, written, lines, head):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.jsonl"
        path.write_bytes(b"".join(lines))
        verdict = verify(path, head=head)
    was = dict(enumerate(written))
    changed = np.array([line != was.get(number) for number, line in enumerate(lines)])
    fault = verdict.record
    sound = len(lines) if fault is None else min(fault, verdict.n_records)
    words = str(verdict).replace(" of ledger.jsonl", "")
    return _Read(label, changed, max(len(written) - len(lines), 0), sound, words, fault)


def _chain(page, y, each, step):
    n = len(each.changed)
    middles = 4 + (np.arange(n + each.n_lost) + 0.5) * step
    side = min(BLOCK * step, TALLEST)
    if each.sound > 1:
        page.paper.plot([middles[0], middles[each.sound - 1]], [y, y], color=palette.INK, lw=2,
                        zorder=0.5)  # fmt: skip
    for role, chosen in ((palette.REAL, ~each.changed), (palette.SYNTHETIC, each.changed)):
        if chosen.any():
            at = middles[:n][chosen]
            canvas.dots(page.paper, at, np.full(len(at), y), role.drawn, size=side, square=True)
    half = side / 2
    for x in middles[n:]:
        page.paper.plot(
            [x - half, x + half, x + half, x - half, x - half],
            [y - half, y - half, y + half, y + half, y - half],
            color=palette.INK, lw=0.8, alpha=0.6,
        )  # fmt: skip
    if each.fault is not None:
        x, arm = middles[min(each.fault, len(middles) - 1)], side / 2 + 4
        for way in (1, -1):
            page.paper.plot([x - arm, x + arm], [y - way * arm, y + way * arm],
                            color=palette.INK, lw=2)  # fmt: skip


def _told(each):
    changed, n = int(each.changed.sum()), len(each.changed)
    parts = [f"{changed} of {n} records changed" if changed else f"{n} records as written"]
    parts += [f"{each.n_lost} lost"] if each.n_lost else []
    return f"{each.label.capitalize()}, {', '.join(parts)}: {each.verdict}"
