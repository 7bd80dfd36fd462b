"""A student n-gram fed a share of watermarked text, found out through its own samples."""

from functools import partial

import numpy as np

from collapse_lib.chapters.agree import same_prose
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.models.ngram import NGram
from collapse_lib.sources import docstrings
from collapse_lib.theory import radioactivity_z
from collapse_lib.watermarks.radioactivity import diet
from collapse_lib.watermarks.schemes import GreenList

__all__ = ["EXPERIMENTS"]


def radioactivity(
    *, seed: int, n_keys: int, n_rows: int, length: int, context: int, rhos: list, sizes: list
) -> dict[str, np.ndarray]:
    """Arrays, K keys, R shares of watermarked text, N sizes of the student's sample:

    z (K, R, N)         float32, of all n-grams of the student's samples, each once
    expected (K, R, N)  float32, theory.radioactivity_z at as many n-grams, and at the green share
                        of as much watermarked text: the more of it, the fewer of its different
                        n-grams are green, as those that repeat are green more often
    n_scored (K, R, N)  uint32
    text (32,)          uint8, the SHA-256 of the prose

    The teacher is a pair model of the docstrings of numpy, the watermark a green list; the student
    looks back as far as the watermark. rho = 0 is the null.
    """
    blocks = docstrings("numpy").blocks(length)
    n_words = len(blocks.vocabulary)
    teacher = NGram(2, n_words).fit(blocks.rows)
    shape = n_keys, len(rhos), len(sizes)
    made = {name: np.empty(shape, np.float32) for name in ("z", "expected")}
    made["n_scored"] = np.empty(shape, np.uint32)
    made["text"] = np.frombuffer(bytes.fromhex(blocks.sha256), np.uint8)
    for k in range(n_keys):
        rng = np.random.default_rng([seed, k])
        scheme = GreenList(int(rng.integers(2**62)), context=context)
        marked = teacher.sample(n_rows, rng=rng, scheme=scheme)
        plain = teacher.sample(n_rows, rng=rng)
        shares = [scheme.score_together(marked[:size]).statistic for size in sizes]
        for r, rho in enumerate(rhos):
            student = NGram(context + 1, n_words).fit(diet(marked, plain, rho, n_rows))
            sample = student.sample(max(sizes), rng=rng)
            for n, size in enumerate(sizes):
                found = scheme.score_together(sample[:size])
                made["z"][k, r, n] = found.z
                made["expected"][k, r, n] = radioactivity_z(found.n_scored, rho, shares[n])
                made["n_scored"][k, r, n] = found.n_scored
    return made


EXPERIMENTS = (
    Experiment(
        "radioactivity",
        radioactivity,
        {
            "seed": 0,
            "n_keys": 30,
            "n_rows": 1500,
            "length": 64,
            "context": 2,
            "rhos": [0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0],
            "sizes": [50, 200, 750, 1500],
        },
        {"n_keys": 1},
        partial(same_prose, rtol=1e-4, atol=1e-4),
        {"key rho size": "z expected n_scored", "byte": "text"},
        {"rho": "rhos", "size": "sizes"},
    ),
)
