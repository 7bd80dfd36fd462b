"""Pretrained: a language model that others trained, fine-tuned on rows of text."""

import copy
from dataclasses import dataclass, field
from inspect import signature

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from collapse_lib.models.base import check_fitted, check_rows
from collapse_lib.models.decoding import Beam, Sample
from collapse_lib.models.pretrained.files import read_network, read_tokenizer
from collapse_lib.models.torch_tools import batches, threads, torch_generator

__all__ = ["Pretrained"]

ROWS_AT_ONCE = 32  # in sampling and scoring: the logits of a long vocabulary are large


@dataclass
class Pretrained:
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

    Learned: network_, length_, losses_ (steps,) nats a token at each step.
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

    def fit(self, rows, *, rng):
        self._check_parameters()
        rows = check_rows(self, rows, ndim=(2,))
        if not rows.shape[1]:
            raise ValueError("Pretrained.fit needs blocks of at least one token; got blocks of 0.")
        network = copy.deepcopy(read_network(self.path))
        tokens = _tokens("Pretrained.fit", rows, network)
        prompts = self._checked_prompts(network)
        with torch.no_grad():
            for name, weights in self.__dict__.pop("_warm", {}).items():
                network.get_parameter(name).copy_(torch.as_tensor(weights))
        self.network_, self.length_, self.prompts_ = network, tokens.shape[1], prompts
        with threads(self.threads):
            self.losses_ = self._train(torch.as_tensor(tokens), torch_generator(rng))
        return self

    def _train(self, tokens: torch.Tensor, generator) -> np.ndarray:
        optimiser = torch.optim.AdamW(self.network_.parameters(), self.learning_rate, fused=True)
        losses = np.empty(self.steps, np.float32)
        chosen = batches(len(tokens), self.batch_size, generator)
        for step in range(self.steps):
            optimiser.param_groups[0]["lr"] = self.learning_rate * (1 - step / self.steps)
            loss = self._surprise(tokens[next(chosen)]).mean()
            loss.backward()
            nn.utils.clip_grad_norm_(self.network_.parameters(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            losses[step] = loss.item()
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
        check_fitted(self, "network_")
        rows = check_rows(self, rows, least=0, ndim=(2,))
        tokens = torch.as_tensor(_tokens("Pretrained.score_samples", rows, self.network_))
        with threads(self.threads), self._precision():
            parts = [self._surprise(part).sum(dim=1) for part in tokens.split(ROWS_AT_ONCE)]
        return -torch.cat(parts).double().numpy()

    def sample(self, n, *, rng):
        """(n, length) rows of the length of the training rows.

        Each goes on from a prompt, see prompts_of_sample.
        """
        check_fitted(self, "network_")
        return self._written(self.prompts_[self.prompts_of_sample(n, rng=rng)], rng)

    def prompts_of_sample(self, n, *, rng) -> np.ndarray:
        """(n,) numbers of the prompts that the rows of sample(n, rng=rng) go on from, rng alike:
        drawn without repeats or, of fewer prompts than n, all about equally often."""
        check_fitted(self, "network_")
        m = len(self.prompts_)
        return np.concatenate([rng.permutation(m) for _ in range(max(1, -(-n // m)))])[:n]

    def continue_prompts(self, prompts, *, rng):
        """(n, length) tokens that follow the prompts (n, k), in their order.

        Raises ValueError for empty prompts and unknown tokens.
        """
        check_fitted(self, "network_")
        return self._written(_prompts("Pretrained.continue_prompts", prompts, self.network_), rng)

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

    def get_state(self) -> dict[str, np.ndarray]:
        """The weights, from which another fit can start warm."""
        check_fitted(self, "network_")
        parameters = self.network_.named_parameters()
        return {name: weights.detach().numpy().copy() for name, weights in parameters}

    def set_state(self, state) -> None:
        """Let the next fit start from these weights."""
        self._warm = dict(state)

    def encode(self, text: str) -> np.ndarray:
        """(n,) token ids of a text. Raises ValueError for a text without tokens."""
        if not isinstance(text, str):
            raise TypeError(f"Pretrained.encode needs a text; got {type(text).__name__}.")
        tokenizer = read_tokenizer(self.path)
        ids = tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        if not ids:
            raise ValueError(f"Pretrained.encode needs a text of at least one token; got {text!r}.")
        return np.array(ids)

    def blocks(self, text: str, length: int = 64) -> np.ndarray:
        """(n, length) the tokens of a text, cut into blocks; what is left at its end is dropped.

        Raises ValueError for a text that is shorter than one block.
        """
        ids = self.encode(text)
        if not 1 <= length <= len(ids):
            raise ValueError(
                f"Pretrained.blocks was given a text of {len(ids)} tokens, so its blocks may be "
                f"from 1 to {len(ids)} tokens long; got {length}."
            )
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

    def _checked_prompts(self, network) -> np.ndarray:
        if self.prompts is not None:
            return _prompts("Pretrained.prompts", self.prompts, network)
        if isinstance(self.decoding, Beam):
            raise ValueError(
                f"Pretrained.decoding is {self.decoding!r}, which finds the one likeliest text; "
                "give Pretrained.prompts to go on from, or sample with Sample()."
            )
        return np.empty((1, 0), np.int64)  # the start token is prompt enough

    def _check_parameters(self) -> None:
        for name, least in (("steps", 0), ("batch_size", 1), ("threads", 1)):
            value = getattr(self, name)
            if not (isinstance(value, int) and value >= least):
                raise ValueError(
                    f"Pretrained.{name} must be a whole number of {least} or more; got {value!r}."
                )
        if not 0 < self.learning_rate < 1:
            raise ValueError(
                f"Pretrained.learning_rate must be between 0 and 1; got {self.learning_rate!r}."
            )
        if not isinstance(self.decoding, Sample | Beam):
            raise TypeError(
                f"Pretrained.decoding must be Sample(...) or Beam(...); got {self.decoding!r}."
            )


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


def _tokens(whose: str, rows, network) -> np.ndarray:
    """(n, k) int64 ids that the network knows."""
    known = network.get_input_embeddings().weight.shape[0]
    ids = np.asarray(rows)
    bad = (ids != np.floor(ids)) | (ids < 0) | (ids >= known)
    if bad.any():
        raise ValueError(
            f"{whose} needs token ids, whole numbers from 0 to {known - 1}; {bad.sum()} of "
            f"{bad.size} are none (the first is {ids[bad][0]:g})."
        )
    return ids.astype(np.int64)


def _prompts(whose: str, prompts, network) -> np.ndarray:
    prompts = np.asarray(prompts)
    if prompts.ndim != 2 or not prompts.size or prompts.dtype.kind not in "iu":
        raise ValueError(
            f"{whose} must hold token ids, shape (m, k) with at least one prompt of at least one "
            f"token; got shape {prompts.shape}. Pretrained.encode turns a text into them."
        )
    return _tokens(whose, prompts, network)
