"""The small Transformer of the experiment `transformer`, writing with and without a watermark."""

import numpy as np

from collapse_lib.chapters.agree import matching
from collapse_lib.chapters.experiment import Experiment
from collapse_lib.chapters.language.transformer import EXPERIMENTS as PLAIN
from collapse_lib.metrics import perplexity
from collapse_lib.sources.prose import read_docstrings
from collapse_lib.sources.tokens import BytePairs
from collapse_lib.watermarks.schemes import GreenList, Gumbel, Tournament
from collapse_lib.watermarks.watermarked import Watermarked

__all__ = ["EXPERIMENTS", "SCHEMES"]

SHARED = ("characters", "n_tokens", "length", "width", "heads", "steps", "batch_size",
          "learning_rate")  # fmt: skip
SCHEMES = {
    "green list": lambda key: GreenList(key, context=4),
    "Gumbel": lambda key: Gumbel(key, context=4),
    "tournament": lambda key: Tournament(key, layers=10, context=4),
}


def marked_texts(*, schemes, keys, n_texts, characters, n_tokens, length, width, heads, steps,
                 batch_size, learning_rate) -> dict[str, np.ndarray]:  # fmt: skip
    """One Transformer a key, fitted to docstrings of numpy; it writes plainly and with each scheme.

    z, null (schemes, keys, n_texts)   of its marked texts, and of its plain ones under that key
    perplexity (schemes, keys), plain (keys,)   of the marked and of the plain texts, a token, under
        the same model without a mark
    """
    from collapse_lib.models.transformer import Transformer

    text = "\n".join(read_docstrings("numpy"))[:characters]
    pairs = BytePairs.learn(text, n_tokens)
    rows = pairs.blocks(text, length, "docstrings of numpy").rows
    model = Transformer(len(pairs), width=width, heads=heads, steps=steps, batch_size=batch_size,
                        learning_rate=learning_rate)  # fmt: skip
    found = {name: np.empty((len(schemes), len(keys), n_texts), "f4") for name in ("z", "null")}
    found["perplexity"] = np.empty((len(schemes), len(keys)), np.float32)
    found["plain"] = np.empty(len(keys), np.float32)
    for k, key in enumerate(keys):
        fitted = model.fit(rows, rng=np.random.default_rng([key, 0]))
        plain = fitted.sample(n_texts, rng=np.random.default_rng([key, 1]))
        found["plain"][k] = perplexity(fitted, plain)
        for s, name in enumerate(schemes):
            scheme = SCHEMES[name](key)
            writer = Watermarked(model, scheme).fit(rows, rng=np.random.default_rng([key, 0]))
            texts = writer.sample(n_texts, rng=np.random.default_rng([key, 1]))
            found["z"][s, k] = scheme.score(texts).z
            found["null"][s, k] = scheme.score(plain).z
            found["perplexity"][s, k] = perplexity(writer, texts)
    return found


def same_marks(stored, part) -> None:
    """The part is the first key and scheme. Processors round torch's sums otherwise, and training
    magnifies that: the median z is within a fifth, the perplexities within a tenth; the null is as
    far from 0 as that of as many texts may be."""
    stored = matching(stored, part)
    z, again = (float(each.z.median()) for each in (stored, part))
    assert abs(again / z - 1) < 0.2, f"the median z is {again:.1f}, not {z:.1f}"
    for name in ("plain", "perplexity"):
        was, now = stored[name].item(), part[name].item()
        assert abs(now / was - 1) < 0.1, f"{name} is {now:.1f}, not {was:.1f}"
    mean = float(part.null.mean())
    assert abs(mean) < 5 / np.sqrt(part.null.size), f"plain texts have a mean z of {mean}"


EXPERIMENTS = (
    Experiment(
        "marked-transformer",
        marked_texts,
        {
            "schemes": list(SCHEMES),
            "keys": [1, 2, 3],
            "n_texts": 200,
            **{name: PLAIN[0].settings[name] for name in SHARED},
        },
        {"schemes": ["green list"], "keys": [1], "n_texts": 100},
        same_marks,
        {"scheme key sample": "z null", "scheme key": "perplexity", "key": "plain"},
        {"scheme": "schemes", "key": "keys"},
    ),
)
