"""Transformer: a small decoder of GPT-2's architecture, trained on blocks of token ids."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from collapse_lib.arguments import check_count
from collapse_lib.models.base import check_fitted, check_number, check_rows
from collapse_lib.models.decoding import Beam, Sample
from collapse_lib.models.torch_tools import (
    Dropout,
    WarmStart,
    batches,
    empty_network,
    threads,
    torch_generator,
)
from collapse_lib.models.transformer.folder import read_folder, write_folder
from collapse_lib.models.transformer.network import Network, Reader, nothing

__all__ = ["Transformer"]

ROWS_AT_ONCE = 256  # in sampling and scoring


@dataclass
class Transformer(WarmStart):
    """Language model of blocks of text. Rows: (n, length) ints, n blocks of token ids.

    n_tokens: size of the vocabulary, or None for one more than the largest id in the rows.
    layers, heads, width: of the network; width is a multiple of heads.
    steps, batch_size: a fit takes that many optimiser steps on that many rows each, so it goes over
        n rows steps * batch_size / n times, whatever the policy.
    learning_rate, weight_decay: of AdamW; the rate rises over the first tenth of the steps, then
        falls in a line towards zero. Gradients are clipped to norm 1.
    dropout: share of the embedded tokens, and of what each half of a block adds, that training
        sets to zero.
    decoding: how rows are sampled. Sample(...) draws each row from nothing. Beam(...) searches for
        what follows a text, so it goes on from training rows: see `sample`.
    threads: of the CPU; results repeat for one number of them, another rounds otherwise.
    device: a torch.device; None for the GPU where torch finds one, else the CPU.

    Learned: network_; n_tokens_; length_; losses_ (steps,), nats a token at each step; prompts_,
    the training rows, for Beam alone. All is float32: its last digits differ between processors,
    and training magnifies them.
    """

    n_tokens: int | None = None
    layers: int = 2
    heads: int = 4
    width: int = 128
    steps: int = 200
    batch_size: int = 32
    learning_rate: float = 3e-3
    weight_decay: float = 0.1
    dropout: float = 0.0
    decoding: Sample | Beam = field(default_factory=Sample)
    threads: int = 1
    device: torch.device | None = None

    def fit(self, rows, *, rng):
        self._check_parameters()
        rows = check_rows(self, rows, ndim=(2,))
        if not rows.shape[1]:
            raise ValueError("Transformer.fit needs blocks of at least one token; got blocks of 0.")
        n_tokens = max(int(rows.max()) + 1, 1) if self.n_tokens is None else self.n_tokens
        tokens = _checked_tokens("fit", rows, n_tokens)  # (n, length)
        generator = torch_generator(rng)  # of the CPU: a GPU gets the same weights and batches
        with threads(self.threads):
            network = self._empty_network(n_tokens, tokens.shape[1])
            network.draw_weights(generator)
            if hasattr(self, "_start"):
                network.put(self.__dict__.pop("_start"), "The state given to Transformer.set_state")
            self.network_ = network.to(self._device())
            self.n_tokens_, self.length_ = n_tokens, tokens.shape[1]
            self.losses_ = self._train(torch.as_tensor(tokens), generator)
        self.prompts_ = tokens if isinstance(self.decoding, Beam) else None
        return self

    @torch.enable_grad()
    def _train(self, tokens, generator) -> np.ndarray:
        network, device = self.network_, self._device()
        matrices = [p for p in network.parameters() if p.ndim == 2]
        vectors = [p for p in network.parameters() if p.ndim == 1]
        groups = [{"params": matrices}, {"params": vectors, "weight_decay": 0.0}]
        optimiser = torch.optim.AdamW(
            groups, self.learning_rate, (0.9, 0.95), weight_decay=self.weight_decay, fused=True
        )
        dropout = Dropout(self.dropout, generator) if self.dropout else nothing
        started = F.pad(tokens, (1, 0), value=self.n_tokens_)  # (n, 1 + length)
        losses, warmup = [], max(1, self.steps // 10)
        chosen = batches(len(tokens), self.batch_size, generator)
        for step in range(self.steps):
            rate = min((step + 1) / warmup, (self.steps - step) / (self.steps - warmup + 1))
            for group in optimiser.param_groups:
                group["lr"] = self.learning_rate * rate
            batch = started[next(chosen)].to(device)  # (b, 1 + length)
            logits = network(batch[:, :-1], dropout)  # (b, length, n_tokens)
            loss = F.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            losses.append(loss.detach())
        optimiser.zero_grad()  # a copy of the model has no use for gradients
        return torch.stack(losses).cpu().numpy()  # (steps,)

    def sample(self, n, *, rng):
        """(n, length) rows.

        With Beam each row goes on from the last half of a training row; these are drawn without
        repeats while there are enough. The search adds half a row, then goes on from that half
        alone, until a whole new row is written: so it never reads further than a training row is
        long. (Shumailov et al. 2024 search for the 64 tokens after each training block of 64.)
        """
        check_fitted(self, "network_")
        if self.prompts_ is None:
            return self._written(np.empty((n, 0), np.int64), self.length_, rng)
        m = len(self.prompts_)
        order = [rng.permutation(m) for _ in range(max(1, -(-n // m)))]
        return self._written(self.prompts_[np.concatenate(order)[:n]], self.length_, rng)

    def continue_prompts(self, prompts, n_new: int, *, rng):
        """(n, n_new) tokens that follow the prompts (n, k), in their order. Where both together are
        longer than a training row, the text is read and written half a row at a time.

        Raises ValueError for prompts without a token, unknown tokens, and n_new below 1.
        """
        check_fitted(self, "network_")
        prompts = _checked_tokens("continue_prompts", _blocks(self, prompts), self.n_tokens_)
        if not prompts.shape[1]:
            raise ValueError(
                "Transformer.continue_prompts needs prompts of at least one token; got none. "
                "Transformer.sample begins from nothing."
            )
        check_count("Transformer.continue_prompts: n_new", n_new, least=1)
        return self._written(prompts, n_new, rng)

    @torch.inference_mode()
    def _written(self, prompts: np.ndarray, n_new: int, rng) -> np.ndarray:
        rows = np.empty((len(prompts), n_new), np.int64)
        generator, half = torch_generator(rng), self.length_ // 2
        with threads(self.threads):
            for first in range(0, len(prompts), ROWS_AT_ONCE):
                part = slice(first, first + ROWS_AT_ONCE)
                text = torch.as_tensor(prompts[part], device=self._device())  # (n, k), grows
                end = text.shape[1] + n_new
                while text.shape[1] < end:
                    known = text if end <= self.length_ else text[:, text.shape[1] - half :]
                    new = min(end - text.shape[1], self.length_ - known.shape[1])
                    reader = Reader(self.network_, len(text), self.length_)
                    started = F.pad(known, (1, 0), value=self.n_tokens_)
                    written = self.decoding.write(reader, started, new, generator)
                    text = torch.cat([text, written], dim=1)
                rows[part] = text[:, end - n_new :].cpu().numpy()
        return rows

    @torch.inference_mode()
    def score_samples(self, rows):
        """(n,) natural log probabilities of blocks as long as the training rows, or shorter: of
        the first token after the start of a text, then of each token after those before it."""
        check_fitted(self, "network_")
        tokens = _checked_tokens("score_samples", _blocks(self, rows), self.n_tokens_)
        if tokens.shape[1] > self.length_:
            raise ValueError(
                f"Transformer.score_samples reads blocks of at most {self.length_} tokens, as long "
                f"as those it was fitted to; got {tokens.shape[1]}."
            )
        scores = np.empty(len(tokens))
        with threads(self.threads):
            for first in range(0, len(tokens), ROWS_AT_ONCE):
                part = slice(first, first + ROWS_AT_ONCE)
                text = torch.as_tensor(tokens[part], device=self._device())  # (n, k)
                started = F.pad(text, (1, 0), value=self.n_tokens_)
                law = self.network_(started[:, :-1]).log_softmax(dim=-1)  # (n, k, n_tokens)
                each = law.gather(2, text[:, :, None]).double()
                scores[part] = each.sum(dim=(1, 2)).cpu().numpy()
        return scores

    def save(self, folder) -> None:
        """Write the fitted model to a folder: its weights as safetensors, the rest as JSON."""
        check_fitted(self, "network_")
        write_folder(self, folder)

    @classmethod
    def load(cls, folder) -> "Transformer":
        """Read a model from a folder that `save` wrote; nothing is unpickled.

        Raises FileNotFoundError or ValueError, and names the file, where one is missing, cut short
        or from another model.
        """
        settings, sizes, arrays = read_folder(folder)
        model = cls(**settings)
        model._check_parameters()
        network = model._empty_network(**sizes)
        prefix = "network."
        weights = {k.removeprefix(prefix): a for k, a in arrays.items() if k.startswith(prefix)}
        network.put(weights, f"The model in {folder}")
        model.network_ = network.to(model._device())
        model.n_tokens_, model.length_ = sizes["n_tokens_"], sizes["length_"]
        model.losses_, model.prompts_ = arrays.get("losses"), arrays.get("prompts")
        return model

    def _empty_network(self, n_tokens_: int, length_: int) -> Network:
        sizes = n_tokens_, length_, self.layers, self.heads, self.width
        return empty_network(lambda: Network(*sizes))

    def _device(self) -> torch.device:
        if self.device is not None:
            return self.device
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def _check_parameters(self):
        whole = ["layers", "heads", "width", "steps", "batch_size", "threads"]
        for name in whole + ["n_tokens"] * (self.n_tokens is not None):
            check_count(f"Transformer.{name}", getattr(self, name), least=1)
        if self.width % self.heads:
            raise ValueError(
                f"Transformer.width must be a multiple of heads; got {self.width} and {self.heads}."
            )
        check_number("Transformer.learning_rate", self.learning_rate, above=0)
        check_number("Transformer.weight_decay", self.weight_decay, least=0)
        if not 0 <= check_number("Transformer.dropout", self.dropout) < 1:
            raise ValueError(f"Transformer.dropout must be in [0, 1); got {self.dropout!r}.")
        if not isinstance(self.decoding, Sample | Beam):
            raise TypeError(
                f"Transformer.decoding must be Sample(...) or Beam(...); got {self.decoding!r}."
            )


def _blocks(model, rows) -> np.ndarray:
    return check_rows(model, rows, least=0, ndim=(2,))


def _checked_tokens(method: str, rows: np.ndarray, n_tokens: int) -> np.ndarray:
    """Rows of floats as ints, or one sentence that counts what is no token of the vocabulary."""
    tokens = rows.astype(np.int64)
    bad = (tokens != rows) | (tokens < 0) | (tokens >= n_tokens)
    if bad.any():
        raise ValueError(
            f"Transformer.{method} needs token ids, whole numbers from 0 to {n_tokens - 1}; "
            f"{bad.sum()} of {bad.size} tokens are not (the first is {rows[bad][0]:g}). Set "
            "Transformer.n_tokens to the size of the vocabulary."
        )
    return tokens
