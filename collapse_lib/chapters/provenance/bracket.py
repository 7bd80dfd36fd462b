"""One tournament of words, played out under a key: who meets whom, whose coin is up, who wins."""

import numpy as np

from collapse_lib.plotting import BookFigure, palette
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.svg import drawing

__all__ = ["bracket"]

ROW, COIN = 24, 14
HEADS, TAILS = palette.CATEGORICAL[0], palette.BAND


def bracket(scheme, context, law, vocabulary, *, rng, name, title, caption=""):
    """Draw one tournament of 2^layers candidates, drawn from the law (V,) of the next word.

    scheme: a Tournament of 1 to 4 layers; context: (m,) the tokens before. Bits and winners are
    those of the scheme. Returns a BookFigure.
    """
    candidates = rng.choice(len(law), 2**scheme.layers, p=law)
    rounds = scheme.play(context, candidates, rng=rng)
    coins = [scheme.bits(context, words)[:, layer] for layer, words in enumerate(rounds[:-1])]
    with drawing():
        legend = canvas.flow([Key("coin shows one", HEADS, "dot"), Key("zero", TAILS, "dot")])
        top = len(legend) * canvas.LINE + 2 * ROW
        page = Canvas(top + ROW * len(candidates))
        page.legend(legend)
        step = canvas.WIDTH / len(rounds)
        for column, words in enumerate(rounds):
            label = "wins" if column == scheme.layers else f"round {column + 1}"
            page.write(column * step, top - 1.1 * ROW, label, quiet=True)
            heights = top + ROW * _middles(len(words), len(candidates))
            for place, (token, y) in enumerate(zip(words, heights, strict=True)):
                last = column == scheme.layers
                plays_on = last or rounds[column + 1][place // 2] == token
                x = column * step + (0 if last else COIN)
                word = canvas.fitted(str(vocabulary[token]), step - COIN - 14, bold=plays_on)
                page.write(x, y, word, bold=plays_on, quiet=not plays_on)
                if last:
                    continue
                role, size = (HEADS, 8) if coins[column][place] else (TAILS, 5)
                canvas.dots(page.paper, [x - 7], [y], role.drawn, size=size)
                end, right = x + canvas.text_width(word, plays_on) + 4, (column + 1) * step - 8
                middle = (y + heights[place ^ 1]) / 2
                page.paper.plot([end, right, right, right + 4], [y, y, middle, middle],
                                color=palette.INK, lw=0.8, alpha=0.5, zorder=0.5)  # fmt: skip
    matches = [pair for each in coins for pair in each.reshape(-1, 2)]
    tossed = sum(int(a == b) for a, b in matches)
    winner = rounds[-1][0]
    own = scheme.bits(context, rounds[-1])[0]
    alt = (
        f"{len(candidates)} words drawn from the model meet in pairs, {scheme.layers} rounds. The "
        f"winner is {vocabulary[winner]!s}, with {own.sum()} of {scheme.layers} coins at one; all "
        f"candidates have {scheme.bits(context, candidates).sum(axis=1).mean():.1f} on average. Of "
        f"{len(matches)} matches the key decided {len(matches) - tossed}, chance {tossed}."
    )
    table = {
        "round": np.concatenate([np.full(len(each), r + 1) for r, each in enumerate(coins)]),
        "word": np.array([str(vocabulary[token]) for words in rounds[:-1] for token in words]),
        "coin": np.concatenate(coins),
    }
    return BookFigure(name, title, caption, alt, table, page.figure)


def _middles(n, rows):
    """(n,) the middles of n equal parts of so many rows, in rows."""
    return (np.arange(n) + 0.5) * rows / n - 0.5
