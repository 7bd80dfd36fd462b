"""Watermarked: a language model whose samples carry a watermark."""

import copy
import inspect
from dataclasses import dataclass
from typing import Any

from collapse_lib.arguments import check_type
from collapse_lib.models.base import Learned, check_learner
from collapse_lib.watermarks.base import Watermark

__all__ = ["Watermarked"]


@dataclass
class Watermarked:
    """Another model, whose tokens are chosen by a watermark. Rows: (n, length) ints, token ids.

    model: NGram, Transformer or Pretrained, or any other whose sample takes `scheme` or that has a
        `decoding`; a copy of it is fitted. Its temperature and nucleus act first, then the scheme.
    scheme: GreenList(key), Gumbel(key) or Tournament(key).

    The first scheme.context tokens of each row are not marked; where a model goes on from a prompt
    the prompt is their context, and they are. A search (Beam) cannot be marked.

    Learned: model_, the fitted copy.
    """

    model: Any
    scheme: Watermark
    model_ = Learned()

    def fit(self, rows, *, rng):
        check_type("Watermarked.scheme", self.scheme, Watermark, "GreenList(key=1) is one.")
        model = copy.deepcopy(check_learner("Watermarked.model", self.model))
        if hasattr(model, "decoding"):
            from collapse_lib.watermarks.decoding import marked

            model.decoding = marked(model.decoding, self.scheme)
        elif "scheme" not in inspect.signature(model.sample).parameters:
            raise TypeError(
                "Watermarked.model must be a language model that writes token by token, such as "
                f"NGram() or Transformer(); got {type(model).__name__}."
            )
        self.model_ = model.fit(rows, rng=rng)
        return self

    def sample(self, n, *, rng):
        """(n, length) rows with the watermark."""
        if hasattr(self.model_, "decoding"):
            return self.model_.sample(n, rng=rng)
        return self.model_.sample(n, rng=rng, scheme=self.scheme)

    def score_samples(self, rows):
        """(n,) natural log probabilities of rows under the model without the watermark."""
        return self.model_.score_samples(rows)
