"""Pretrained: a language model that others trained, fine-tuned on rows of text."""

import copy
from dataclasses import dataclass, field
from inspect import signature

import numpy as np
import torch
from torch.nn import functional as F

from collapse_lib.arguments import check_count, check_number, check_rows, check_type
from collapse_lib.models.base import Learned, check_blocks, check_fields, dealt
from collapse_lib.models.decoding import Beam, Sample
from collapse_lib.models.pretrained.files import read_network, read_tokenizer
from collapse_lib.models.torch_tools import WarmStart, batches, descend, threads, torch_generator

__all__ = ["Pretrained"]

ROWS_AT_ONCE = 32  # in sampling and scoring: the logits of a long vocabulary are large


@dataclass
class Pretrained(WarmStart):
    """Any causal language model of Hugging Face, fine-tuned. Rows: (n, length) ints, token ids.

    path: a folder with a model in safetensors or GGUF, or a .gguf file; None for the packaged
        SmolLM2-135M-Instruct (Apache-2.0), which was tuned to instructions and rounded to 4 bits.
        Nothing is downloaded, nothing unpickled.
    prompts: (m, k) token ids that samples go on from, such as the original blocks of text: a
        sample is what follows a prompt and does not hold it. None: samples begin a text.
    start: the token before every row and prompt; None for the model's own beginning of a text.
    steps, batch_size: a fit takes that many optimiser steps on that many rows each, so it goes
        over n rows steps * batch_size / n times, whatever the policy. 0 steps leave the model be.
    learning_rate: of AdamW, falls in a line to zero; 2e-5 is that of Shumailov et al.'s released
        code. Gradients are clipped to norm 1; there is no dropout.
    decoding: Sample(...) or Beam(...), how samples are written; Beam needs prompts.
    bfloat16: matrices are multiplied in bfloat16, about twice as fast where the processor knows
        it. The weights are float32 all the same, or small steps would be rounded away.
    threads: of the CPU; results repeat for the same number.

    Every fit begins at the pretrained weights, as each training cycle of the experiment does
    (Shumailov et al. 2024, doi:10.1038/s41586-024-07566-y; there the base of the next generation
    is chosen on real validation data). With warm_start=True in the loop it begins at the weights of
    the generation before.

    Learned: network_, n_tokens_, length_, losses_ (steps,) nats a token at each step.
    """

    path: str | None = None
    prompts: np.ndarray | None = None
    start: int | None = None
    steps: int = 50
    batch_size: int = 16
    learning_rate: float = 2e-5
    decoding: Sample | Beam = field(default_factory=Sample)
    bfloat16: bool = False
    threads: int = 1
    n_tokens_ = prompts_ = Learned()

    def fit(self, rows, *, rng):
        check_fields(self, check_count, "steps")
        check_fields(self, check_count, "batch_size", "threads", least=1)
        check_fields(self, check_number, "learning_rate", above=0, below=1)
        check_fields(self, check_type, "decoding", kind=(Sample, Beam))
        if self.prompts is None and isinstance(self.decoding, Beam):
            raise ValueError(
                f"Pretrained.decoding is {self.decoding!r}, which finds the one likeliest text; "
                "give Pretrained.prompts to go on from, or sample with Sample()."
            )
        rows = check_rows("Pretrained.fit", rows, ndim=(2,))  # before a network is read
        network = copy.deepcopy(read_network(self.path))
        n_tokens = network.get_input_embeddings().weight.shape[0]
        tokens = check_blocks(self, "fit", rows, n_tokens)
        self.prompts_ = np.empty((1, 0), np.int64)  # the start token is prompt enough
        if self.prompts is not None:
            self.prompts_ = check_blocks(self, "prompts", self.prompts, n_tokens)
        self.network_, self.n_tokens_ = self._warm(network), n_tokens
        self.length_ = tokens.shape[1]
        with threads(self.threads):
            self.losses_ = self._train(torch.as_tensor(tokens), torch_generator(rng))
        return self

    def _train(self, tokens: torch.Tensor, generator) -> np.ndarray:
        optimiser = torch.optim.AdamW(self.network_.parameters(), self.learning_rate, fused=True)
        losses = np.empty(self.steps, np.float32)
        chosen = batches(len(tokens), self.batch_size, generator)
        for step in range(self.steps):
            loss = self._surprise(tokens[next(chosen)]).mean()
            rate = self.learning_rate * (1 - step / self.steps)
            descend(optimiser, loss, rate, list(self.network_.parameters()))
            losses[step] = loss.item()
        optimiser.zero_grad()
        return losses

    def _surprise(self, tokens: torch.Tensor) -> torch.Tensor:
        """(n, length) nats of each token, given the start and those before it in its row."""
        read = F.pad(tokens, (1, 0), value=self._start)[:, :-1]
        with self._precision():
            logits = self.network_(input_ids=read, use_cache=False).logits  # (n, length, V)
        return F.cross_entropy(logits.float().transpose(1, 2), tokens, reduction="none")

    @torch.inference_mode()
    def score_samples(self, rows):
        """(n,) natural log probabilities of whole blocks, of any length, after the start token."""
        blocks = check_blocks(self, "score_samples", rows, self.n_tokens_, least=0, shortest=0)
        with threads(self.threads), self._precision():
            parts = torch.as_tensor(blocks).split(ROWS_AT_ONCE)
            parts = [self._surprise(part).sum(dim=1) for part in parts]
        return -torch.cat(parts).double().numpy()

    def sample(self, n, *, rng):
        """(n, length) rows of the length of the training rows.

        Each goes on from a prompt, see prompts_of_sample.
        """
        return self._written(self.prompts_[self.prompts_of_sample(n, rng=rng)], rng)

    def prompts_of_sample(self, n, *, rng) -> np.ndarray:
        """(n,) numbers of the prompts that the rows of sample(n, rng=rng) go on from, rng alike:
        drawn without repeats or, of fewer prompts than n, all about equally often."""
        return dealt(len(self.prompts_), n, rng)

    def continue_prompts(self, prompts, *, rng):
        """(n, length) tokens that follow the prompts (n, k), in their order.

        Raises ValueError for empty prompts and unknown tokens.
        """
        prompts = check_blocks(self, "continue_prompts", prompts, self.n_tokens_)
        return self._written(prompts, rng)

    @torch.inference_mode()
    def _written(self, prompts: np.ndarray, rng) -> np.ndarray:
        read = F.pad(torch.as_tensor(prompts), (1, 0), value=self._start)
        # Around all of it: on leaving, autocast drops the weights that it has rounded.
        with threads(self.threads), self._precision():
            generator = torch_generator(rng)
            parts = [
                self.decoding.write(_Reader(self.network_), part, self.length_, generator)
                for part in read.split(ROWS_AT_ONCE)
            ]
        return torch.cat(parts).numpy()

    def encode(self, text: str) -> np.ndarray:
        """(n,) token ids of a text. Raises ValueError for a text without tokens."""
        check_type("Pretrained.encode: text", text, str)
        tokenizer = read_tokenizer(self.path)
        ids = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        check_count("Pretrained.encode: tokens of text", len(ids), least=1)
        return np.array(ids)

    def blocks(self, text: str, length: int = 64) -> np.ndarray:
        """(n, length) the tokens of a text, cut into blocks; what is left at its end is dropped.

        Raises ValueError for a text that is shorter than one block, length tokens.
        """
        ids = self.encode(text)
        check_count("Pretrained.blocks: length", length, least=1, most=len(ids))
        return ids[: len(ids) // length * length].reshape(-1, length)

    def decode(self, tokens) -> str:
        """Token ids (k,) as a text."""
        ids = [int(token) for token in np.asarray(tokens).ravel()]
        return read_tokenizer(self.path).decode(ids, clean_up_tokenization_spaces=False)

    @property
    def _start(self) -> int:
        config = self.network_.config
        given = (self.start, config.bos_token_id, config.eos_token_id, 0)
        return next(token for token in given if isinstance(token, int))

    def _precision(self):
        return torch.autocast("cpu", torch.bfloat16, enabled=self.bfloat16)


class _Reader:
    """Reads n texts side by side with the network's own cache, for collapse_lib.models.decoding."""

    def __init__(self, network):
        self.network, self.cache = network, None
        knows = "logits_to_keep" in signature(network.forward).parameters
        self.last_only = {"logits_to_keep": 1} if knows else {}

    def __call__(self, tokens):
        """Tokens (n, k) after those read before -> logits (n, V) of the one that follows."""
        read = self.network(
            input_ids=tokens, past_key_values=self.cache, use_cache=True, **self.last_only
        )
        self.cache = read.past_key_values
        return read.logits[:, -1].float()

    def reorder(self, rows):
        """Go on from the texts of these rows (m,), which may repeat."""
        self.cache.reorder_cache(rows)
