"""Marked: the drawing of tokens by a network, each chosen by a watermark."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from collapse_lib.arguments import check_type
from collapse_lib.models.decoding import Sample
from collapse_lib.watermarks.base import ragged

__all__ = ["Marked", "marked"]


@dataclass(frozen=True)
class Marked(Sample):
    """Sample, but `scheme` chooses each token from the law that Sample would draw from."""

    scheme: Any = None

    def write(self, reader, prompts: torch.Tensor, n_new: int, generator) -> torch.Tensor:
        """(n, n_new) tokens that follow the prompts (n, k), of which the first starts a text."""
        n, k = prompts.shape
        uniform = torch.rand(n_new, n, generator=generator, dtype=torch.float64).numpy()
        texts = np.empty((n, k - 1 + n_new), np.int64)
        texts[:, : k - 1] = prompts[:, 1:].cpu().numpy()
        logits = reader(prompts)  # (n, n_tokens)
        n_tokens = logits.shape[1]
        seen = torch.zeros(n, n_tokens, dtype=torch.bool, device=prompts.device)
        seen.scatter_(1, prompts[:, 1:], True)
        for i in range(n_new):
            p = self.probabilities(logits, seen).double().cpu().numpy()  # (n, n_tokens)
            chosen = self.scheme.choose(texts[:, : k - 1 + i], *ragged(p), uniform[i])
            texts[:, k - 1 + i] = chosen
            token = torch.as_tensor(chosen, device=prompts.device)[:, None]
            seen.scatter_(1, token, True)
            if i < n_new - 1:
                logits = reader(token)
        return torch.as_tensor(texts[:, k - 1 :], device=prompts.device)


def marked(decoding, scheme) -> Marked:
    """The decoding with a watermark; TypeError for a search, which draws nothing."""
    check_type("Watermarked.model.decoding", decoding, Sample)
    return Marked(**vars(decoding), scheme=scheme)
