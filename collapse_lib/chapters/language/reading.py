"""Texts to look at: what is marked in them, how much of them repeats, and a temperature at work."""

import numpy as np

from collapse_lib import metrics, theory
from collapse_lib.arguments import check_count

__all__ = ["frames_of", "marked", "page", "repeated", "repeated_percent", "tempered"]

RUN = 8  # pieces: some five words, too many to meet again by chance
PASSAGES = 4
ELSEWHERE = "text that stands elsewhere in it too, %"


def repeated(rows, run=RUN):
    """(n, length) bool: the pieces in a run of `run` pieces that occurs more than once in the rows.

    rows: tokens (n, length); runs do not cross from one block to the next.
    Raises ValueError for a run below 1 or longer than a block.
    """
    rows = np.asarray(rows)
    run = check_count("repeated: run", run, least=1, most=rows.shape[1])
    windows = np.lib.stride_tricks.sliding_window_view(rows, run, axis=1)  # (n, m, run)
    m = windows.shape[1]
    _, which, counts = np.unique(
        windows.reshape(-1, run), axis=0, return_inverse=True, return_counts=True
    )
    again = (counts > 1)[which.ravel()].reshape(-1, m)
    found = np.zeros(rows.shape, bool)
    for i in range(run):
        found[:, i : i + m] |= again
    return found


def repeated_percent(rows, run=RUN):
    """The share of the pieces that `repeated` marks, in per cent."""
    return 100 * float(repeated(rows, run).mean())


def marked(passages, flags):
    """[(word, flag), ...] for an explorer's Text; a word is marked where one of its pieces is.

    passages: texts of pieces, one list a passage; a piece that begins with a space begins a word.
    flags: as many booleans as pieces, in the same shape. Passages are parted by a pilcrow.
    """
    words = []
    for pieces, marks in zip(passages, flags, strict=True):
        words += [["¶", False]] if words else []
        fresh = True
        for piece, mark in zip(pieces, marks, strict=True):
            if fresh or piece[:1].isspace():
                words.append(["", False])
            words[-1][0] += piece.strip()
            words[-1][1] |= bool(mark)
            fresh = piece[-1:].isspace()
    return [(word, flag) for word, flag in words if word]


def page(pairs, generation):
    """label -> what a generation shows: passages with what repeats marked, and three measures.

    pairs: the BytePairs of its rows; generation: a Generation with model and reference.
    """
    rows, flags = generation.sample, repeated(generation.sample)
    passages = [[pairs.piece(token) for token in row] for row in rows[:PASSAGES]]
    return {
        "four passages": marked(passages, flags[:PASSAGES]),
        ELSEWHERE: 100 * float(flags.mean()),
        "different pieces": metrics.vocabulary_size(rows),
        "perplexity of real sentences": metrics.perplexity(generation.model, generation.reference),
    }


def frames_of(pages):
    """Frames of pages, one a generation from 1 on, as `page` gives them: a text, then numbers."""
    from collapse_lib.explorers import Curve, Frames, Text

    text, *numbers = pages[0]
    return Frames(
        np.arange(1, len(pages) + 1),
        [Text(text, [each[text] for each in pages])],
        [Curve(label, [each[label] for each in pages]) for label in numbers],
    )


def tempered(shares, temperatures, turns):
    """A pandas.DataFrame: the entropy in nats after each turn of an endless loop, by temperature.

    Source: `theory.closed_loop_probabilities`.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {"temperature": tau, "turn": t, "entropy": metrics.entropy(law), "replicate": 0}
            for tau in temperatures
            for t, law in zip(
                turns, theory.closed_loop_probabilities(shares, turns, tau), strict=True
            )
        ]
    )
