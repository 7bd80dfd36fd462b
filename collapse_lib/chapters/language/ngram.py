"""The n-gram's loop on real prose: held-out perplexity and what is left of the words, by policy."""

from functools import partial

import numpy as np

from collapse_lib.chapters.agree import same_prose
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.loop import run_loop
from collapse_lib.metrics import (
    hapax_share,
    ngram_types,
    of_model,
    of_sample,
    perplexity,
    self_bleu,
    vocabulary_size,
    zipf_exponent,
)
from collapse_lib.models.ngram import NGram
from collapse_lib.policies import Accumulate, FreshReal, Replace
from collapse_lib.sources import docstrings
from collapse_lib.theory import survival_exponents

__all__ = ["ARMS", "EXPERIMENTS"]

# temperature and policy of each entry of the first axis
ARMS = {
    "replace": (1.0, Replace()),
    "10 % fresh": (1.0, FreshReal(0.1)),
    "accumulate": (1.0, Accumulate()),
    "replace, temperature 0.9": (0.9, Replace()),
}
METRICS = {
    "held_out": of_model(perplexity),
    "vocabulary": of_sample(vocabulary_size),
    "bigrams": of_sample(ngram_types),
    "self_bleu": of_sample(self_bleu),
    "hapax": of_sample(hapax_share),
    "zipf": of_sample(zipf_exponent),
}


def policies(*, seed, n_seeds, n_generations, n_samples, length, order):
    """Arrays (arm, seed, generation), float32:

    held_out    perplexity of the model on real blocks never trained on
    under_first perplexity of the model's sample under the model of generation 1
    vocabulary, bigrams, self_bleu, hapax, zipf    of its sample, as in collapse_lib.metrics
    predicted   (seed, generation) words left under replace, from the counts of the original rows
    text        (32,) uint8, the SHA-256 of the prose
    """
    blocks = docstrings("numpy").blocks(length)
    n_words = len(blocks.vocabulary)
    shape = (len(ARMS), n_seeds, n_generations)
    made = {name: np.empty(shape, np.float32) for name in [*METRICS, "under_first"]}
    made["predicted"] = np.empty(shape[1:], np.float32)
    for s in range(n_seeds):
        for a, (temperature, policy) in enumerate(ARMS.values()):
            run = run_loop(
                NGram(order, n_words, temperature=temperature),
                blocks,
                policy,
                n_samples=n_samples,
                n_generations=n_generations,
                seed=seed + s,
                metrics=METRICS,
            )
            for name in METRICS:
                made[name][a, s] = run.column(name)
            made["under_first"][a, s] = [perplexity(run[0].model, each.sample) for each in run]
        made["predicted"][s] = survivors(run[0].train.rows, n_generations)
    made["text"] = np.frombuffer(bytes.fromhex(blocks.sha256), np.uint8)
    return made


def survivors(rows, n_generations):
    """(n_generations,) expected different words in the sample of each generation under Replace:
    sum over words of 1 - exp(-c g_t), c their counts in the original rows (CF5;
    Suresh et al., arXiv:2412.17646)."""
    counts = np.unique(rows, return_counts=True)[1]
    return -np.expm1(-np.multiply.outer(survival_exponents(n_generations), counts)).sum(axis=1)


_DIMS = {
    "arm seed generation": [*METRICS, "under_first"],
    "seed generation": "predicted",
    "byte": "text",
}


EXPERIMENTS = (
    Experiment(
        "ngram-policies",
        policies,
        {
            "seed": 0,
            "n_seeds": 10,
            "n_generations": 10,
            "n_samples": 1000,
            "length": 64,
            "order": 2,
        },
        {"n_seeds": 1, "n_generations": 3},
        partial(same_prose, rtol=1e-4, atol=1e-8),
        _DIMS,
        {"arm": list(ARMS)},
    ),
)
