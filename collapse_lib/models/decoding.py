"""Decoding: how a language model's probabilities become text, by drawing or by searching.

A decoding is an object with write(reader, prompts, n_new, generator). The reader takes tokens
(n, k) that go on from those it has read, and returns the logits (n, n_tokens) of the token that
follows; reader.reorder(rows) makes it go on from the histories of those rows.
"""

from dataclasses import dataclass

import torch

from collapse_lib.arguments import check_count, check_number
from collapse_lib.models.base import check_fields

__all__ = ["Beam", "Sample", "nucleus", "penalised"]


@dataclass(frozen=True)
class Sample:
    """Draw each token in turn from softmax(logits / temperature).

    temperature: above 0; 1 draws from the model's own law; below 1 its tails are cut, above 1
        raised. (Beam(width=1) is the limit of 0.)
    top_p: in (0, 1]; of the tempered law only the nucleus is drawn from, see `nucleus`; 1 is all.
    repetition_penalty: at least 1, which is none; see `penalised`. It acts first, then the
        temperature, then the nucleus.
    """

    temperature: float = 1.0
    top_p: float = 1.0
    repetition_penalty: float = 1.0

    def __post_init__(self):
        check_fields(self, check_number, "temperature", above=0)
        check_fields(self, check_number, "top_p", above=0, most=1)
        check_fields(self, check_number, "repetition_penalty", least=1)

    def probabilities(self, logits: torch.Tensor, seen: torch.Tensor | None = None):
        """(n, n_tokens) the law of the next token. seen: (n, n_tokens) tokens written already."""
        logits = penalised(logits, seen, self.repetition_penalty)
        if self.temperature != 1:
            logits = logits / self.temperature
        p = torch.softmax(logits, dim=-1)
        return p if self.top_p == 1 else nucleus(p, self.top_p)

    def write(self, reader, prompts: torch.Tensor, n_new: int, generator) -> torch.Tensor:
        """(n, n_new) tokens that follow the prompts (n, k)."""
        n = len(prompts)
        uniform = torch.rand(n_new, n, 1, generator=generator, dtype=torch.float64)
        uniform = uniform.to(prompts.device)  # drawn on the CPU: alike on every device
        written = torch.empty(n, n_new, dtype=torch.int64, device=prompts.device)
        logits = reader(prompts)  # (n, n_tokens)
        seen = _seen(prompts, logits) if self.repetition_penalty > 1 else None
        for i in range(n_new):
            token = draw(self.probabilities(logits, seen), uniform[i])  # (n, 1)
            written[:, i : i + 1] = token
            if seen is not None:
                seen.scatter_(1, token, True)
            if i < n_new - 1:
                logits = reader(token)
        return written


@dataclass(frozen=True)
class Beam:
    """Search for the likeliest continuation, with the `width` best beginnings kept at each token.

    width: at least 1, which is greedy; as many as there are continuations finds the likeliest.
    repetition_penalty: at least 1, which is none; see `penalised`.

    Nothing is drawn: the same prompt is always continued alike. All continuations have one length,
    so no length is preferred.
    """

    width: int = 5
    repetition_penalty: float = 1.0

    def __post_init__(self):
        check_fields(self, check_count, "width", least=1)
        check_fields(self, check_number, "repetition_penalty", least=1)

    def write(self, reader, prompts: torch.Tensor, n_new: int, generator=None) -> torch.Tensor:
        """(n, n_new) tokens that follow the prompts (n, k)."""
        n = len(prompts)
        first = torch.arange(n, device=prompts.device)[:, None]  # (n, 1)
        logits = reader(prompts)  # (n, n_tokens)
        n_tokens = logits.shape[1]
        score = logits.new_zeros(n, 1)  # (n, beams) log probability so far
        seen = _seen(prompts, logits) if self.repetition_penalty > 1 else None
        written = torch.empty(n, 1, 0, dtype=torch.int64, device=prompts.device)  # (n, beams, i)
        for i in range(n_new):
            step = torch.log_softmax(penalised(logits, seen, self.repetition_penalty), dim=-1)
            beams = score.shape[1]
            paths = (score[:, :, None] + step.view(n, beams, n_tokens)).flatten(1)
            score, best = paths.topk(min(self.width, paths.shape[1]), dim=1)  # (n, beams)
            parent, token = best // n_tokens, best % n_tokens
            written = torch.cat([written[first, parent], token[:, :, None]], dim=2)
            if i < n_new - 1:
                rows = (first * beams + parent).flatten()  # (n * beams,)
                reader.reorder(rows)
                logits = reader(token.view(-1, 1))
                if seen is not None:
                    seen = seen[rows].scatter_(1, token.view(-1, 1), True)
        return written[:, 0]  # topk is sorted: the best comes first


def penalised(logits: torch.Tensor, seen: torch.Tensor | None, penalty: float) -> torch.Tensor:
    """Logits (n, n_tokens) with those of tokens in seen (n, n_tokens) made smaller: divided by the
    penalty where positive, multiplied where negative (Keskar et al. 2019, arXiv:1909.05858)."""
    if seen is None or penalty == 1:
        return logits
    lower = torch.where(logits > 0, logits / penalty, logits * penalty)
    return torch.where(seen, lower, logits)


def nucleus(p: torch.Tensor, top_p: float) -> torch.Tensor:
    """Probabilities (n, n_tokens) kept on the fewest tokens that hold at least top_p, and made to
    sum to one (Holtzman et al. 2020, arXiv:1904.09751)."""
    falling, order = p.sort(dim=-1, descending=True, stable=True)
    before = falling.cumsum(dim=-1) - falling  # what the likelier tokens hold
    falling = falling.masked_fill(before >= top_p, 0.0)
    kept = torch.zeros_like(p).scatter_(-1, order, falling)
    return kept / kept.sum(dim=-1, keepdim=True)


def draw(p: torch.Tensor, uniform: torch.Tensor) -> torch.Tensor:
    """(n, 1) one token a row of p (n, n_tokens), by inverting its cumulative sum at uniform (n, 1).

    Not torch.multinomial, which draws a number for every token of the vocabulary.
    """
    cumulative = p.cumsum(dim=-1, dtype=torch.float64)
    at = uniform * cumulative[:, -1:]
    return torch.searchsorted(cumulative, at, right=True).clamp_(max=p.shape[-1] - 1)


def _seen(prompts: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """(n, n_tokens) which tokens the prompts hold; the start token, beyond n_tokens, is none."""
    n, n_tokens = logits.shape
    seen = torch.zeros(n, n_tokens + 1, dtype=torch.bool, device=prompts.device)
    return seen.scatter_(1, prompts.clamp(max=n_tokens), True)[:, :n_tokens]
