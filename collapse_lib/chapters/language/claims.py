"""The claims of the chapter `language`: what its stored runs measured, and closed forms."""

from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np

from collapse_lib import metrics, sources, theory
from collapse_lib.chapters.claims import Kind, claim
from collapse_lib.chapters.language.reading import repeated_percent
from collapse_lib.chapters.store import load
from collapse_lib.loop.run import generations, run_loop
from collapse_lib.models.ngram import NGram
from collapse_lib.policies import Replace
from collapse_lib.sources.tokens import BytePairs

CHAPTERS = Path(__file__).parents[3] / "chapters"
SURESH = "Suresh et al. 2024"
stored = cache(load)


def ngram(measure, arm, generation):
    """The median over seeds of a measure of the bigram's loops."""
    return stored("ngram-policies")[measure].sel(arm=arm, generation=generation).median()


def small(measure, condition, generation):
    """The median over seeds of a measure of the small transformer's loops."""
    return stored("transformer")[measure].sel(condition=condition, generation=generation).median()


def smol(measure, arm, generation):
    """The mean over seeds of a measure of the pretrained model's loops."""
    return stored("pretrained")[measure].sel(arm=arm, generation=generation).mean()


def forecast_gaps():
    arms = stored("ngram-policies")
    return 100 * np.abs(arms.vocabulary.sel(arm="replace") / arms.predicted - 1)


@claim(Kind.SIMULATED, "{:.0f} %", tolerance=2, seeds=(20,))
def book_repeated_at_last(seed):
    """Of the text of generation 20, where the book as it stands is learned under Replace."""
    prose = sources.notebook_prose(sorted(CHAPTERS.glob("[!i]*.ipynb")))
    pairs = BytePairs.learn(prose, n_tokens=3000)
    book = pairs.blocks(prose, 64, "this book")
    n = len(book.rows) * 4 // 5
    loop = generations(NGram(3, len(pairs)), book, Replace(), n_samples=n, seed=seed)
    return repeated_percent(next(islice(loop, 19, None)).sample)


@claim(Kind.COUNTED, "{:,.0f}")
def words_at_start():
    blocks = sources.docstrings("numpy").blocks(64)
    (first,) = run_loop(
        NGram(2, len(blocks.vocabulary)),
        blocks,
        Replace(),
        n_samples=1000,
        n_generations=1,
        seed=20,
    )
    return metrics.vocabulary_size(first.train.rows)


@claim(Kind.PROVED, "{:.0f} %", source=SURESH)
def once_alive_after_10():
    return 100 * theory.survival_probability(1, 10)


@claim(Kind.PROVED, "{:.0f} %", source=SURESH)
def ten_alive_after_10():
    return 100 * theory.survival_probability(10, 10)


@claim(Kind.STORED, "{:.1f} %", source=SURESH)
def forecast_gap_mean():
    return forecast_gaps().mean()


@claim(Kind.STORED, "{:.1f} %", source=SURESH)
def forecast_gap_most():
    return forecast_gaps().max()


@claim(Kind.STORED, "{:,.0f}")
def words_replaced():
    return ngram("vocabulary", "replace", 10)


@claim(Kind.STORED, "{:,.0f}")
def words_fresh():
    return ngram("vocabulary", "10 % fresh", 10)


@claim(Kind.STORED, "{:,.0f}")
def words_cold():
    return ngram("vocabulary", "replace, temperature 0.9", 10)


@claim(Kind.STORED, "{:.0f}")
def real_at_first():
    return ngram("held_out", "replace", 1)


@claim(Kind.STORED, "{:.0f}")
def real_replaced():
    return ngram("held_out", "replace", 10)


@claim(Kind.STORED, "{:.0f}")
def real_fresh():
    return ngram("held_out", "10 % fresh", 10)


@claim(Kind.STORED, "{:.0f}")
def real_accumulated():
    return ngram("held_out", "accumulate", 10)


@claim(Kind.STORED, "{:.0f}")
def real_cold():
    return ngram("held_out", "replace, temperature 0.9", 10)


@claim(Kind.STORED, "{:.0f}")
def latest_replaced():
    return ngram("under_first", "replace", 10)


@claim(Kind.STORED, "{:.0f}")
def latest_cold_at_first():
    return ngram("under_first", "replace, temperature 0.9", 1)


@claim(Kind.STORED, "{:.0f}")
def latest_cold():
    return ngram("under_first", "replace, temperature 0.9", 10)


@claim(Kind.STORED, "{:.0f}")
def latest_fresh():
    return ngram("under_first", "10 % fresh", 10)


@claim(Kind.STORED, "{:.0f}")
def transformer_blocks():
    return stored("transformer").attrs["settings"]["n_samples"]


@claim(Kind.STORED, "{:.0f}")
def transformer_steps():
    return stored("transformer").attrs["settings"]["steps"]


@claim(Kind.STORED, "{:.0f}")
def transformer_noise():
    return small("generated_perplexity", "replace", 4)


@claim(Kind.STORED, "{:.0f}")
def transformer_warm():
    return small("generated_perplexity", "replace, warm start", 4)


@claim(Kind.STORED, "{:.0f}")
def beam_pieces_at_first():
    return small("types", "replace, 5-beam search", 1)


@claim(Kind.STORED, "{:.0f}")
def beam_pieces():
    return small("types", "replace, 5-beam search", 4)


@claim(Kind.STORED, "{:.0f}")
def smol_untouched():
    settings = stored("pretrained").attrs["settings"]
    return np.exp(-stored("pretrained").base.mean() / settings["length"])


@claim(Kind.STORED, "{:.0f}")
def smol_tuned():
    return smol("perplexity", "replace", 1)


@claim(Kind.STORED, "{:.2f}")
def smol_pairs_drawn():
    return smol("distinct_2", "replace", 1)


@claim(Kind.STORED, "{:.2f}")
def smol_pairs_beam():
    return smol("distinct_2", "replace, beam of 5", 1)


@claim(Kind.STORED, "{:.2f}")
def smol_pairs_beam_at_last():
    return smol("distinct_2", "replace, beam of 5", 5)


@claim(Kind.PROVED, "{:.1f} %", source="Marchi et al. 2024")
def rare_word_cold():
    return 100 * theory.closed_loop_probabilities([0.8, 0.2], 5, 0.8)[1]
