"""The Transformer against GPT2LMHeadModel of transformers: same size, batch, optimiser, threads."""

import numpy as np
import torch

from bench.timing import paired
from collapse_lib.models.torch_tools import threads
from collapse_lib.models.transformer import Transformer

__all__ = ["CASES"]

LENGTH, BATCH = 64, 32


def transformer_training(n_tokens=1000, width=128, steps=10, cores=2, rounds=5):
    """Training 2 layers of width 128 on batches of 32 blocks of 64 tokens (tokens a second, as
    seconds for the same tokens), against GPT2LMHeadModel with the same AdamW. Aim: at most 1."""
    model = Transformer(n_tokens, width=width, steps=steps, batch_size=BATCH, threads=cores)
    rows = np.random.default_rng(0).integers(0, n_tokens, (512, LENGTH))
    peer = _peer(model)
    text = torch.as_tensor(rows)

    def theirs():
        optimiser = torch.optim.AdamW(
            peer.parameters(), model.learning_rate, (0.9, 0.95), weight_decay=0.1, fused=True
        )
        for step in range(steps):
            batch = text[torch.arange(step * BATCH, (step + 1) * BATCH) % len(text)]
            optimiser.zero_grad()
            peer(input_ids=batch, labels=batch).loss.backward()
            torch.nn.utils.clip_grad_norm_(peer.parameters(), 1.0)
            optimiser.step()

    with threads(cores):
        return paired(lambda: model.fit(rows, rng=_rng()), theirs, rounds=rounds), 1


def transformer_sampling(n_tokens=1000, width=128, n=32, cores=2, rounds=5):
    """Sampling 32 blocks of 64 tokens from that network at temperature 1, with its cache, against
    GPT2LMHeadModel.generate with its own. Aim: at most 0.5."""
    model = Transformer(n_tokens, width=width, steps=1, batch_size=BATCH, threads=cores)
    model.fit(np.random.default_rng(0).integers(0, n_tokens, (BATCH, LENGTH)), rng=_rng())
    peer = _peer(model).eval()
    start = torch.full((n, 1), n_tokens)
    law = {"do_sample": True, "top_k": 0, "top_p": 1.0, "temperature": 1.0, "use_cache": True}

    def theirs():
        mask = torch.ones_like(start)
        return peer.generate(start, attention_mask=mask, max_new_tokens=LENGTH, **law)

    with threads(cores):
        rng = _rng()
        return paired(lambda: model.sample(n, rng=rng), theirs, rounds=rounds), 0.5


def _peer(model: Transformer):
    from transformers import GPT2Config, GPT2LMHeadModel

    none = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0}
    config = GPT2Config(
        vocab_size=model.n_tokens + 1,
        n_positions=LENGTH + 1,
        n_embd=model.width,
        n_layer=model.layers,
        n_head=model.heads,
        bos_token_id=model.n_tokens,
        eos_token_id=None,
        pad_token_id=model.n_tokens,
        **none,
    )
    with torch.random.fork_rng(devices=[]):
        return GPT2LMHeadModel(config)


def _rng():
    return np.random.default_rng(1)


CASES = [transformer_training, transformer_sampling]
