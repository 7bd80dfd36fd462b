"""Machine text told from human text by its likelihood: an n-gram's, and a pretrained model's."""

from functools import partial

import numpy as np

from collapse_lib.chapters.agree import same_prose
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.chapters.store import load
from collapse_lib.models.ngram import NGram
from collapse_lib.sources import docstrings
from collapse_lib.watermarks.detection import auroc, likelihood_scores

__all__ = ["EXPERIMENTS"]

DETECTED = ("replace", "replace, beam of 5")  # arms of the experiment "pretrained"


def detection(
    *, seed: int, n_splits: int, n_texts: int, order: int, temperatures: list, lengths: list,
    generations: list,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Mean log probability of a token, in nats; S splits, K temperatures, L lengths, N = n_texts:

    The docstrings of numpy are split in three: one n-gram is fitted to the first part and writes,
    one to the second is the detector, the third is the human text.

    human (S, N), machine (S, K, N)   float16, scores of blocks of the longest length
    auroc (S, K, L)   P(a machine text scores above a human one), both cut to the length
    text (32,)        uint8, the SHA-256 of the prose

    Of the stored experiment "pretrained", read by the pretrained model as the detector, with R
    seeds and G = generations (none of them: these are left out):
    lm_human (R, H)   of the held-out real blocks
    lm_machine (2, R, G, M)   of what the fine-tuned models wrote at temperature 1, and by a beam
    of 5.
    """
    blocks = docstrings("numpy").blocks(max(lengths))
    n_words = len(blocks.vocabulary)
    made = {
        "human": np.empty((n_splits, n_texts), np.float16),
        "machine": np.empty((n_splits, len(temperatures), n_texts), np.float16),
        "auroc": np.empty((n_splits, len(temperatures), len(lengths)), np.float32),
        "text": np.frombuffer(bytes.fromhex(blocks.sha256), np.uint8),
    }
    for s in range(n_splits):
        rng = np.random.default_rng([seed, s])
        rows = blocks.rows[rng.permutation(len(blocks.rows))]
        written_from, read_by, human = np.array_split(rows, 3)
        human = human[:n_texts]
        detector = NGram(order, n_words).fit(read_by)
        made["human"][s] = likelihood_scores(detector, human)
        for k, temperature in enumerate(temperatures):
            writer = NGram(order, n_words, temperature=temperature).fit(written_from)
            machine = writer.sample(n_texts, rng=rng)
            made["machine"][s, k] = likelihood_scores(detector, machine)
            made["auroc"][s, k] = [
                auroc(
                    likelihood_scores(detector, machine[:, :length]),
                    likelihood_scores(detector, human[:, :length]),
                )
                for length in lengths
            ]
    return made | (_pretrained(generations) if generations else {})


def _pretrained(generations: list) -> dict[str, np.ndarray]:
    from collapse_lib.models.pretrained import Pretrained

    stored = load("pretrained")
    samples = stored.sample.sel(arm=list(DETECTED), generation=generations)
    samples = samples.values  # (2, R, G, M, length)
    length = samples.shape[-1]
    start = stored.attrs["settings"]["start"]
    detector = Pretrained(start=start, steps=0, bfloat16=True)
    held_out = stored.held_out.sel(seed=0).values.astype(int)
    detector = detector.fit(held_out, rng=np.random.default_rng(0))
    rows = samples.reshape(-1, length).astype(int)
    machine = likelihood_scores(detector, rows).reshape(samples.shape[:-1])
    human = stored.base.values / length  # the pretrained model's own, stored already
    return {"lm_human": human.astype(np.float32), "lm_machine": machine.astype(np.float32)}


_DIMS = {
    "split sample": "human",
    "split temperature sample": "machine",
    "split temperature length": "auroc",
    "byte": "text",
    "seed block": "lm_human",
    "arm seed generation written": "lm_machine",
}


_COORDS = {
    "temperature": "temperatures",
    "length": "lengths",
    "generation": "generations",
    "arm": DETECTED,
}

EXPERIMENTS = (
    Experiment(
        "detection",
        detection,
        {
            "seed": 0,
            "n_splits": 10,
            "n_texts": 1000,
            "order": 2,
            "temperatures": [1.5, 1.2, 1.0, 0.9, 0.8, 0.7, 0.5],
            "lengths": [4, 8, 16, 32, 64],
            "generations": [1, 5],
        },
        {"n_splits": 1, "generations": []},
        partial(same_prose, rtol=2e-3, atol=1e-4),
        _DIMS,
        _COORDS,
    ),
)
