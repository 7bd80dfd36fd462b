"""Watermarked texts: how surely they are found, what attacks leave, which words are green."""

import numpy as np

from collapse_lib import metrics
from collapse_lib.models.ngram import NGram
from collapse_lib.plotting import BookFigure, palette
from collapse_lib.plotting.drawing import canvas
from collapse_lib.plotting.drawing.canvas import Canvas, Key
from collapse_lib.plotting.drawing.svg import drawing
from collapse_lib.watermarks.schemes import GreenList, Gumbel, Tournament
from collapse_lib.watermarks.watermarked import Watermarked

__all__ = ["after_attacks", "by_length", "by_strength", "found_table", "green_words",
           "marked_models"]  # fmt: skip

FALSE_ALARM = 1e-5
N_PLAIN = 1000  # so that what a mark costs is not the luck of the texts without one
GREEN = palette.CATEGORICAL[0]


def by_length(schemes, texts, lengths):
    """A tidy frame: z of the first words of each text, by scheme, number of words and text.

    schemes: label -> scheme; texts: label -> (n, length) tokens.
    """
    return _frame(
        {"scheme": label, "words": words, "text": text, "z": z}
        for label, scheme in schemes.items()
        for words in lengths
        for text, z in enumerate(scheme.score(texts[label][:, :words]).z)
    )


def found_table(schemes, texts, plain, model, stored):
    """A frame of what a mark shows and costs, by model and scheme; `perplexity` is that of the
    marked texts over that of plain ones.

    texts, plain: (n, length) texts of the n-gram `model`, marked and not. stored: the experiment
    "marked-transformer".
    """
    rows = []
    for label, scheme in schemes.items():
        found, null = scheme.score(texts[label]), scheme.score(plain)
        cost = metrics.perplexity(model, texts[label]) / metrics.perplexity(model, plain)
        rows.append(_row("bigram", label, found.z, null.z, found.p_value < FALSE_ALARM, cost))
    for label in stored.scheme.values.tolist():
        kept = stored.sel(scheme=label)
        z, cost = kept.z.values.ravel(), float((kept.perplexity / kept.plain).mean())
        rows.append(_row("transformer", label, z, kept.null.values, z > 4.265, cost))
    return _frame(rows).set_index(["model", "scheme"])


def _row(model, scheme, z, null, found, cost):
    return {
        "model": model,
        "scheme": scheme,
        "median z": float(np.median(z)),
        "found (%)": 100 * float(np.mean(found)),
        "z without": round(float(np.mean(null)), 2) + 0.0,  # no minus zero
        "perplexity": cost,
    }


def by_strength(schemes, model, *, n_texts, rng):
    """A tidy frame of n_texts marked texts for each scheme: perplexity of them all over that of
    plain texts, and the z of each; `kind` is the label up to its comma. Its attrs["said"] says the
    same in words.

    schemes: label -> scheme.
    """
    plain = metrics.perplexity(model, model.sample(N_PLAIN, rng=rng))
    rows, said = [], []
    for label, scheme in schemes.items():
        texts = model.sample(n_texts, rng=rng, scheme=scheme)
        cost, found = metrics.perplexity(model, texts) / plain, scheme.score(texts)
        rows += [
            {"kind": label.split(",")[0], "scheme": label, "perplexity": cost, "text": k, "z": z}
            for k, z in enumerate(found.z)
        ]
        said.append(
            f"{label}: median z {np.median(found.z):.1f} at {cost:.2f} times the perplexity."
        )
    frame = _frame(rows)
    frame.attrs["said"] = " ".join(said)
    return frame


def after_attacks(schemes, texts, attacks):
    """A tidy frame of the mean z after each attack: `left` is its share of the untouched text's,
    `z` the mean itself, and `whole` the share of the scored word groups that no edit touched.

    attacks: label -> function of (n, length) texts.
    """
    rows = []
    for label, scheme in schemes.items():
        before = scheme.score(texts[label]).z.mean()
        for attack, change in attacks.items():
            changed = change(texts[label])
            z = scheme.score(changed).z.mean()
            kept = np.lib.stride_tricks.sliding_window_view(
                changed == texts[label], scheme.context + 1, axis=1
            )
            rows.append({"attack": attack, "scheme": label, "z": z, "left": z / before,
                         "whole": kept.all(axis=2).mean()})  # fmt: skip
    return _frame(rows)


def marked_models(key, n_words):
    """label -> bigram model that writes with a watermark of this key, or with none."""
    schemes = {
        "green list": GreenList(key, context=4),
        "Gumbel": Gumbel(key, context=4),
        "tournament, 10 rounds": Tournament(key, layers=10, context=4),
        "tournament, 30 rounds": Tournament(key, layers=30, context=4),
    }
    marked = {label: Watermarked(NGram(2, n_words), each) for label, each in schemes.items()}
    return {"no mark": NGram(2, n_words), **marked}


def green_words(texts, scheme, vocabulary, *, name, title, caption="", n_words=40):
    """Draw the first words of texts, those on a green list underlaid; the first scheme.context
    words, which are not tested, are pale.

    texts: label -> (length,) tokens. The counts and the z are of the words that are drawn. Returns
    a BookFigure.
    """
    tests = {label: _tested(row[:n_words], scheme) for label, row in texts.items()}
    expected = 100 * scheme.green_share
    with drawing():
        legend = canvas.flow([Key("on the green list", GREEN, "shade")])
        laid = {}
        for label, row in texts.items():
            laid[label] = _laid([str(vocabulary[token]) for token in row[:n_words]])
        head = len(legend) * canvas.LINE + 6
        line = canvas.LINE + 5
        page = Canvas(head + sum((lines + 1) * line + 12 for _, lines in laid.values()))
        page.legend(legend)
        top = head
        for label, (words, lines) in laid.items():
            green, z = tests[label]
            n_tested = len(words) - scheme.context
            told = f"{label}: {np.nansum(green):.0f} of {n_tested} green, z = {z:.1f}"
            page.write(0, top + canvas.LINE / 2, told.replace("-", "\N{MINUS SIGN}"), bold=True)
            for (x, number, word, width), is_green in zip(words, green, strict=True):
                y = top + (number + 1.5) * line
                if is_green == 1:
                    page.paper.fill_between([x - 2, x + width + 2], y - 9, y + 9,
                                            color=GREEN.drawn, alpha=0.4, lw=0)  # fmt: skip
                page.write(x, y, word, quiet=np.isnan(is_green))
            top += (lines + 1) * line + 12
    table = {}
    for label, (words, _) in laid.items():
        table[f"{label}: word"] = np.array([word for _, _, word, _ in words])
        table[f"{label}: green"] = tests[label][0]
    alt = " ".join(
        f"{label.capitalize()}: {np.nansum(green):.0f} of {np.isfinite(green).sum()} tested words "
        f"are green, z = {z:.1f}."
        for label, (green, z) in tests.items()
    )
    alt += f" By chance {expected:.0f} % would be."
    return BookFigure(name, title, caption, alt, table, page.figure)


def _tested(row, scheme):
    """Whether each word is green, NaN for those without enough words before; and the z of all."""
    windows = np.lib.stride_tricks.sliding_window_view(row, scheme.context + 1)
    green = np.append(np.full(scheme.context, np.nan), scheme.score(windows).statistic)
    return green, scheme.score(row).z


def _laid(words):
    """(x, line, word, width) of each word, and how many lines they take."""
    placed, x, line = [], 2.0, 0
    for word in words:
        word = canvas.fitted(word, canvas.WIDTH - 4)
        width = canvas.text_width(word)
        if x + width > canvas.WIDTH - 2:
            x, line = 2.0, line + 1
        placed.append((x, line, word, width))
        x += width + 7
    return placed, line + 1


def _frame(rows):
    import pandas as pd

    return pd.DataFrame.from_records(list(rows))
