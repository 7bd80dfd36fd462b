"""A small Transformer in the loop, on the docstrings of NumPy: three policies, four decodings."""

from functools import cache

import numpy as np

from collapse_lib.chapters.experiment import Experiment
from collapse_lib.loop import run_loop
from collapse_lib.metrics import distinct_n, perplexity, vocabulary_size
from collapse_lib.policies import Accumulate, FreshReal, Replace
from collapse_lib.sources.prose import read_docstrings
from collapse_lib.sources.tokens import BytePairs

__all__ = ["CONDITIONS", "EXPERIMENTS", "encoding_of"]

CONDITIONS = (
    "replace",
    "10 % fresh real",
    "accumulate",
    "replace, warm start",
    "replace, temperature 0.8",
    "replace, top-p 0.9",
    "replace, 5-beam search",
)
SHOWN = 4  # blocks of text that are stored for each generation of the first seed


def make(
    *,
    conditions,
    seeds,
    n_samples,
    n_generations,
    n_tokens,
    length,
    characters,
    width,
    heads,
    steps,
    batch_size,
    learning_rate,
):
    """Arrays (conditions, seeds, generations) of four measures, and some of the text.

    held_out_perplexity: of real text that was never trained on, under the model of the generation.
    generated_perplexity: of the text that the generation wrote, under the model of generation 1.
    types, distinct_2: different tokens, and share of different pairs, in that text.
    text (conditions, generations, SHOWN, length): its first blocks, for the first seed, and
    real_text (SHOWN, length): real ones; encoding: the bytes of the settings of their BytePairs.
    """
    from collapse_lib.models.transformer import Transformer

    pairs, source = _blocks(characters, n_tokens, length)
    sizes = {"n_tokens": n_tokens, "width": width, "heads": heads}
    training = {"steps": steps, "batch_size": batch_size, "learning_rate": learning_rate}
    shape = len(conditions), len(seeds), n_generations
    measures = {name: np.zeros(shape, np.float32) for name in MEASURES}
    text = np.zeros((shape[0], n_generations, SHOWN, length), np.uint16)
    for i, condition in enumerate(conditions):
        policy, decoding, warm = _parts(condition)
        model = Transformer(**sizes, **training, decoding=decoding)
        for j, seed in enumerate(seeds):
            trajectory = run_loop(
                model,
                source,
                policy,
                n_samples=n_samples,
                n_generations=n_generations,
                n_reference=n_samples // 2,
                seed=seed,
                warm_start=warm,
            )
            for k, generation in enumerate(trajectory):
                for name, measure in MEASURES.items():
                    measures[name][i, j, k] = measure(generation, trajectory[0])
                if j == 0:
                    text[i, k] = generation.sample[:SHOWN]
    return {
        **measures,
        "text": text,
        "real_text": source.rows[:SHOWN].astype(np.uint16),
        "encoding": np.frombuffer(pairs.settings.encode(), np.uint8),
    }


MEASURES = {
    "held_out_perplexity": lambda now, first: perplexity(now.model, now.reference),
    "generated_perplexity": lambda now, first: perplexity(first.model, now.sample),
    "types": lambda now, first: vocabulary_size(now.sample),
    "distinct_2": lambda now, first: distinct_n(now.sample, 2),
}


def encoding_of(stored) -> BytePairs:
    """The encoding of the stored text: encoding_of(stored).decode(stored.text.values[0, 3, 0])."""
    return BytePairs(stored["encoding"].values.tobytes().decode())


@cache
def _blocks(characters: int, n_tokens: int, length: int):
    text = ""
    for docstring in read_docstrings("numpy"):  # parsed one file after the other
        text += docstring + "\n"
        if len(text) >= characters:
            break
    text = text[:characters]
    pairs = BytePairs.learn(text, n_tokens)
    return pairs, pairs.blocks(text, length, "docstrings of numpy")


def _parts(condition: str):
    """(policy, decoding, warm start) of a condition."""
    from collapse_lib.models.decoding import Beam, Sample

    parts = {
        "replace": (Replace(), Sample(), False),
        "10 % fresh real": (FreshReal(0.1), Sample(), False),
        "accumulate": (Accumulate(), Sample(), False),
        "replace, warm start": (Replace(), Sample(), True),
        "replace, temperature 0.8": (Replace(), Sample(temperature=0.8), False),
        "replace, top-p 0.9": (Replace(), Sample(top_p=0.9), False),
        "replace, 5-beam search": (Replace(), Beam(width=5), False),
    }
    return parts[condition]


def agrees(stored, part):
    """The tokens are the same; each measure is the stored one of the same seed to within four
    times the spread over seeds, which is what another order of rounding can do at most."""
    for name in ("encoding", "real_text"):
        same = np.array_equal(stored[name], part[name])
        assert same, f"{name} is not the stored one; is it another version of NumPy?"
    for name in MEASURES:
        now = part[name]
        was = np.log(stored[name].sel(condition=now.condition, generation=now.generation))
        gap = np.abs(np.log(now) - was.sel(seed=now.seed))
        assert (gap < 4 * was.std("seed", ddof=1)).all(), f"{name} is off by {gap.values}"


_DIMS = {
    "condition seed generation": list(MEASURES),
    "condition generation block token": "text",
    "block token": "real_text",
    "byte": "encoding",
}


EXPERIMENTS = (
    Experiment(
        name="transformer",
        make=make,
        settings={
            "conditions": list(CONDITIONS),
            "seeds": [1, 2, 3],
            "n_samples": 512,
            "n_generations": 4,
            "n_tokens": 512,
            "length": 64,
            "characters": 400_000,
            "width": 64,
            "heads": 2,
            "steps": 150,
            "batch_size": 16,
            "learning_rate": 7e-3,
        },
        part={"conditions": ["replace"], "seeds": [1], "n_generations": 1},
        agrees=agrees,
        dims=_DIMS,
        coords={"condition": "conditions", "seed": "seeds"},
    ),
)
