"""Transformer: a small decoder of GPT-2's architecture, trained on blocks of token ids."""

from dataclasses import dataclass, field

import numpy as np
import torch
from torch.nn import functional as F

from collapse_lib.arguments import check_count, check_number, check_type
from collapse_lib.models import torch_tools as tools
from collapse_lib.models.base import Learned, check_blocks, check_fields, dealt
from collapse_lib.models.decoding import Beam, Sample
from collapse_lib.models.transformer.folder import read_folder, write_folder
from collapse_lib.models.transformer.network import Network, Reader, nothing

__all__ = ["Transformer"]

ROWS_AT_ONCE = 256  # in sampling and scoring


@dataclass
class Transformer(tools.WarmStart):
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
    the training rows, for Beam alone.
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
    n_tokens_ = length_ = prompts_ = Learned()

    def fit(self, rows, *, rng):
        self._check_parameters()
        tokens = check_blocks(self, "fit", rows, self.n_tokens)  # (n, length)
        n_tokens = self.n_tokens or int(tokens.max()) + 1
        generator = tools.torch_generator(rng)  # of the CPU: alike for a GPU
        with tools.threads(self.threads):
            network = self._empty_network(n_tokens, tokens.shape[1])
            network.draw_weights(generator)
            self.network_ = self._warm(network).to(self._device())
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
        dropout = tools.dropping(self.dropout, generator) if self.dropout else nothing
        started = F.pad(tokens, (1, 0), value=self.n_tokens_)  # (n, 1 + length)
        losses, warmup = [], max(1, self.steps // 10)
        chosen = tools.batches(len(tokens), self.batch_size, generator)
        for step in range(self.steps):
            rate = min((step + 1) / warmup, (self.steps - step) / (self.steps - warmup + 1))
            batch = started[next(chosen)].to(device)  # (b, 1 + length)
            logits = network(batch[:, :-1], dropout)  # (b, length, n_tokens)
            loss = F.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
            tools.descend(optimiser, loss, self.learning_rate * rate, list(network.parameters()))
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
        n = check_count("Transformer.sample.n", n)
        if self.prompts_ is None:
            return self._written(np.empty((n, 0), np.int64), self.length_, rng)
        prompts = self.prompts_[dealt(len(self.prompts_), n, rng)]
        return self._written(prompts, self.length_, rng)

    def continue_prompts(self, prompts, n_new: int, *, rng):
        """(n, n_new) tokens that follow the prompts (n, k), in their order. Where both together are
        longer than a training row, the text is read and written half a row at a time.

        Raises ValueError for prompts without a token, unknown tokens, and n_new below 1.
        """
        prompts = check_blocks(self, "continue_prompts", prompts, self.n_tokens_, least=0)
        check_count("Transformer.continue_prompts: n_new", n_new, least=1)
        return self._written(prompts, n_new, rng)

    @torch.inference_mode()
    def _written(self, prompts: np.ndarray, n_new: int, rng) -> np.ndarray:
        rows = np.empty((len(prompts), n_new), np.int64)
        generator, half = tools.torch_generator(rng), self.length_ // 2
        with tools.threads(self.threads):
            for first in range(0, len(prompts), ROWS_AT_ONCE):
                part = slice(first, first + ROWS_AT_ONCE)
                text = torch.as_tensor(prompts[part], device=self._device())  # grows
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
        sizes = {"least": 0, "shortest": 0, "longest": self.length_}
        blocks = check_blocks(self, "score_samples", rows, self.n_tokens_, **sizes)
        with tools.threads(self.threads):
            parts = [self._scores(part) for part in torch.as_tensor(blocks).split(ROWS_AT_ONCE)]
        return torch.cat(parts).cpu().numpy()

    def _scores(self, text):
        text = text.to(self._device())  # (n, k)
        started = F.pad(text, (1, 0), value=self.n_tokens_)
        law = self.network_(started[:, :-1]).log_softmax(dim=-1)  # (n, k, n_tokens)
        return law.gather(2, text[:, :, None]).double().sum(dim=(1, 2))

    def save(self, folder) -> None:
        """Write the fitted model to a folder: its weights as safetensors, the rest as JSON."""
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
        tools.put_weights(network, weights, f"The model in {folder}")
        model.network_ = network.to(model._device())
        model.n_tokens_, model.length_ = sizes["n_tokens_"], sizes["length_"]
        model.losses_, model.prompts_ = arrays.get("losses"), arrays.get("prompts")
        return model

    def _empty_network(self, n_tokens_: int, length_: int) -> Network:
        sizes = n_tokens_, length_, self.layers, self.heads, self.width
        return tools.empty_network(lambda: Network(*sizes))

    def _check_parameters(self):
        counts = "n_tokens", "layers", "heads", "width", "steps", "batch_size", "threads"
        check_fields(self, check_count, *counts, least=1)
        check_count("Transformer.width / heads", self.width / self.heads)
        check_fields(self, check_number, "learning_rate", above=0)
        check_fields(self, check_number, "weight_decay", least=0)
        check_fields(self, check_number, "dropout", least=0, below=1)
        check_fields(self, check_type, "decoding", kind=(Sample, Beam))
